namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare snapshot</c>: what issues take in memory as columns.</summary>
internal static class SnapshotComparison
{
    private const double Gigabyte = 1e9;

    public static async Task RunAsync(Report report, string folder)
    {
        report.Note("The columns that every filter, analysis and scorecard reads. What is chosen for a filter comes on top, once for each of the last filters: 5 bytes an issue, 43 more where it is analysed, and 48 where vector tiles are asked for.");
        foreach (var count in (int[])[1_000_000, 10_000_000])
        {
            var issues = SyntheticIssues.Of(SyntheticCity.Make(count));
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var columns = await CityColumns.OfAsync(issues);
            var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            report.Check($"{count:N0} issues are there", columns.Count == count);
            report.AtMost($"{count:N0} issues, bytes of each", (double)bytes / count, 64, "bytes");
            report.AtMost($"{count:N0} issues", bytes / Gigabyte, 1, "GB");
        }
    }
}
