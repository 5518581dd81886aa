namespace GeoSanitation.Server.Http;

/// <summary>Names in paths.</summary>
internal static class PathText
{
    /// <summary>A name as the caller means it: routing decodes all of a path but the slash, which separates there and is a letter like others in a code.</summary>
    internal static string Decoded(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
