using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Scorecards;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Tiles;

namespace GeoSanitation.Server.WardReports;

/// <summary>What a report of a ward is drawn from.</summary>
/// <param name="Ward">The ward, with its polygons.</param>
/// <param name="Around">The wards around it, from the outermost, itself last.</param>
/// <param name="Basis">What was counted, and when.</param>
/// <param name="Card">Its figures.</param>
/// <param name="Children">The wards right below it, with their figures.</param>
/// <param name="Numbers">Categories and trend.</param>
/// <param name="Points">Its issues on the map.</param>
/// <param name="Overdue">The first overdue issues by deadline.</param>
/// <param name="OverdueInAll">How many are overdue.</param>
/// <param name="Zone">The city's time zone.</param>
internal sealed record WardReport(
    WardOutline Ward, IReadOnlyList<WardOutline> Around, ScorecardBasis Basis, WardScorecard Card, IReadOnlyList<WardScorecard> Children, IssueSummary Numbers, PointSnapshot Points,
    IReadOnlyList<Issue> Overdue, long OverdueInAll, TimeZoneInfo Zone)
{
    internal string Day(DateTime utc) => $"{TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Zone):yyyy-MM-dd}";
}
