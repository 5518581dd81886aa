using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Benchmarks;

/// <summary>The synthetic issues in memory as the server holds them.</summary>
internal static class CityColumns
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>The columns alone.</summary>
    public static Task<IssueColumns> OfAsync(IssuePoints issues) => IssueColumns.Empty().ReplaceAsync([IdRange.All], Rows(issues));

    /// <summary>The columns as one version of the data, without categories, wards and rounds.</summary>
    public static async Task<DataView> ViewOfAsync(IssuePoints issues)
        => new DataSnapshot(new FeedPosition("city", 1, ""), await OfAsync(issues), new FilterTables([], [], []), []).At(DateTime.UnixEpoch);

    private static async IAsyncEnumerable<IssueRow> Rows(IssuePoints issues)
    {
        await Task.CompletedTask;
        for (var i = 0; i < issues.Count; i++)
        {
            yield return new IssueRow(
                issues.Ids[i], issues.LonDegrees[i], issues.LatDegrees[i], issues.ReportedAt[i] * MicrosecondsPerSecond, null, 0, issues.Categories[issues.Category[i]].Code, "synthetic", null, 0,
                issues.Status[i], issues.Severity[i], issues.Traits[i], null, null, null);
        }
    }
}
