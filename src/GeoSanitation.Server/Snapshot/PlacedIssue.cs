using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Snapshot;

/// <summary>What a tile says of an issue, in 48 bytes: whole tiles are read from the first to the last.</summary>
/// <param name="X">Fraction of the web map's square, from the west.</param>
/// <param name="Y">Fraction of the web map's square, from the north.</param>
/// <param name="Id">Id.</param>
/// <param name="ReportedAt">Seconds since 1970-01-01T00:00Z.</param>
/// <param name="Category">Position in <see cref="IssuePoints.Categories"/>.</param>
/// <param name="Severity">1 to 5.</param>
/// <param name="Status">Position in <see cref="IssuePoints.Statuses"/>.</param>
/// <param name="Traits">What is so of it.</param>
internal readonly record struct PlacedIssue(double X, double Y, long Id, long ReportedAt, int Category, byte Severity, byte Status, IssueTraits Traits)
{
    /// <summary>Last of the statuses that are open: reported, accepted, dispatched, resolved.</summary>
    internal const byte LastOpen = 3;

    internal bool Has(IssueTraits trait) => (Traits & trait) != 0;

    /// <summary>An issue of the columns, at its place.</summary>
    internal static PlacedIssue Of(IssuePoints issues, int i)
    {
        var (x, y) = WebMercator.FromLonLat(issues.LonDegrees[i], issues.LatDegrees[i]);
        return new PlacedIssue(x, y, issues.Ids[i], issues.ReportedAt[i], issues.Category[i], issues.Severity[i], issues.Status[i], issues.Traits[i]);
    }
}
