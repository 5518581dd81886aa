namespace GeoSanitation.Server.Issues;

/// <summary>How long the texts of an issue may be, in characters, and how vague its point; the same for files and for single issues.</summary>
internal static class IssueLimits
{
    internal const int Id = 200;
    internal const int Word = 200;
    internal const int Title = 500;
    internal const int Address = 500;
    internal const int Description = 10_000;
    internal const double AccuracyMeters = 1e6;
}
