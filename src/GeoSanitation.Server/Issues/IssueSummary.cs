using System.Runtime.InteropServices;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Issues;

/// <summary>The numbers of the issues of a filter.</summary>
/// <param name="DataVersion">What they were counted from.</param>
/// <param name="TimeZone">IANA name of the city's time zone, in which days begin.</param>
/// <param name="Total">All of them.</param>
/// <param name="Open">Neither closed nor rejected.</param>
/// <param name="Overdue">Past the deadline and not yet resolved.</param>
/// <param name="Relapses">Linked to an earlier closed one.</param>
/// <param name="DefaultPoints">On a geocoder's default point: counted here, left out of heatmaps and hotspots.</param>
/// <param name="FirstReported">First report; null when there is none.</param>
/// <param name="LastReported">Last report; null when there is none.</param>
/// <param name="Bounds">West, south, east, north, degrees; null when there is none.</param>
/// <param name="ByStatus">All statuses.</param>
/// <param name="BySeverity">1 to 5.</param>
/// <param name="ByCategory">Categories with issues, most first.</param>
/// <param name="ByWard">Wards with issues, by code; each with those of the wards within it.</param>
/// <param name="BySource">Sources with issues, most first.</param>
/// <param name="ByDepartment">Departments with issues, most first.</param>
/// <param name="ByResponsible">Who answers for issues, most first; at most <see cref="IssueTallies.MostNames"/> of them.</param>
/// <param name="ByRound">Inspection rounds with issues, latest round first.</param>
/// <param name="Trend">Over the filter's period, or the time from the first report to the last.</param>
internal sealed record IssueSummary(
    string DataVersion, string TimeZone, int Total, int Open, int Overdue, int Relapses, int DefaultPoints, DateTime? FirstReported, DateTime? LastReported,
    IReadOnlyList<double>? Bounds, IReadOnlyDictionary<string, int> ByStatus, IReadOnlyDictionary<string, int> BySeverity,
    IReadOnlyList<IssueSummary.NamedCount> ByCategory, IReadOnlyList<IssueSummary.NamedCount> ByWard,
    IReadOnlyList<IssueSummary.WordCount> BySource, IReadOnlyList<IssueSummary.WordCount> ByDepartment, IReadOnlyList<IssueSummary.WordCount> ByResponsible,
    IReadOnlyList<IssueSummary.NamedCount> ByRound, Trend? Trend)
{
    private static readonly string[] Ended = ["closed", "rejected"];

    /// <summary>Counts the points of a filter.</summary>
    /// <param name="points">The points.</param>
    /// <param name="wards">The wards.</param>
    /// <param name="view">The data, as of the moment when the points were chosen or a later one.</param>
    /// <param name="filter">The filter; its period is the trend's.</param>
    /// <param name="zone">The city's time zone.</param>
    internal static IssueSummary Of(PointSnapshot points, WardSnapshot wards, DataView view, IssueFilter filter, TimeZoneInfo zone)
    {
        var issues = points.Chosen;
        var (byStatus, bySeverity, byCategory) = (new int[IssuePoints.Statuses.Count], new int[6], new int[issues.CategoryCodes.Length]);
        var byRow = new Dictionary<int, int>();
        var (overdue, relapses, defaultPoints) = (0, 0, 0);
        var (reportedAt, n) = (new long[issues.Count], 0);
        foreach (var (chunk, rows) in issues.Parts)
        {
            foreach (var i in rows.Span)
            {
                byStatus[chunk.Status(i)]++;
                bySeverity[chunk.Severity(i)]++;
                byCategory[chunk.Category[i]]++;
                CollectionsMarshal.GetValueRefOrAddDefault(byRow, chunk.Ward[i], out _)++;
                var traits = chunk.TraitsAt(i, issues.LastDeadline);
                overdue += (traits & IssueTraits.Overdue) != 0 ? 1 : 0;
                relapses += (traits & IssueTraits.Relapse) != 0 ? 1 : 0;
                defaultPoints += (traits & IssueTraits.DefaultPoint) != 0 ? 1 : 0;
                reportedAt[n++] = DataView.Seconds(chunk.ReportedAt[i]);
            }
        }
        var tallies = IssueTallies.Of(points.ArePointsAlone && points.Count > 0 ? view.Choose(new IssueFilter { Ids = points.Gather().Ids })! : issues, view);
        var some = issues.Count > 0;
        var counts = issues.CategoryCodes.Zip(byCategory).Where(c => c.First is not null).ToDictionary(c => c.First!, c => c.Second);
        var categories = issues.Categories.Select(c => new NamedCount(c.Code, c.Name, c.NameEn, counts.GetValueOrDefault(c.Code))).Where(c => c.Count > 0);
        return new IssueSummary(
            issues.DataVersion, zone.Id, issues.Count, issues.Count - Ended.Sum(status => byStatus[IssuePoints.Statuses.ToList().IndexOf(status)]), overdue, relapses, defaultPoints,
            some ? Time(reportedAt.Min()) : null, some ? Time(reportedAt.Max()) : null,
            some ? [points.Bounds.MinX, points.Bounds.MinY, points.Bounds.MaxX, points.Bounds.MaxY] : null,
            IssuePoints.Statuses.Select((status, i) => (status, byStatus[i])).ToDictionary(), Enumerable.Range(1, 5).ToDictionary(s => $"{s}", s => bySeverity[s]),
            [.. categories.OrderByDescending(c => c.Count).ThenBy(c => c.Code, StringComparer.Ordinal)], CountWards(byRow, wards),
            tallies.Sources, tallies.Departments, tallies.Responsibles, tallies.Rounds,
            Trend.Of(reportedAt, filter.ReportedFrom, filter.ReportedBefore, zone));
    }

    private static DateTime Time(long seconds) => DateTime.UnixEpoch.AddSeconds(seconds);

    /// <summary>Adds what was counted at each ward to the wards around it. One that has had several boundaries is one ward.</summary>
    private static NamedCount[] CountWards(Dictionary<int, int> byRow, WardSnapshot wards)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (row, count) in byRow)
        {
            foreach (var code in wards.Chain(row).Select(w => w.Code).Distinct())
            {
                counts[code] = counts.GetValueOrDefault(code) + count;
            }
        }
        var names = wards.Outlines.Wards.GroupBy(w => w.Code).ToDictionary(g => g.Key, g => g.FirstOrDefault(w => w.Geometry is not null) ?? g.Last());
        return [.. counts.Select(c => new NamedCount(c.Key, names[c.Key].Name, names[c.Key].NameEn, c.Value))];
    }

    /// <summary>How many issues something has.</summary>
    /// <param name="Code">Its code.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="NameEn">Its English name, where known.</param>
    /// <param name="Count">Issues.</param>
    internal sealed record NamedCount(string Code, string Name, string? NameEn, int Count);

    /// <summary>How many issues have a word.</summary>
    /// <param name="Value">The word, as the issue filter takes it.</param>
    /// <param name="Count">Issues.</param>
    internal sealed record WordCount(string Value, int Count);
}
