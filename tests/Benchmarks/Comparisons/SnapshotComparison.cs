using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare snapshot</c>: what issues take in memory, with all by which they are found.</summary>
internal static class SnapshotComparison
{
    private const double Gigabyte = 1e9;
    private const int Zoom = 12;

    public static async Task RunAsync(Report report, string folder)
    {
        report.Note("The columns that every filter, analysis, tile and scorecard reads, measured after a tile of all issues was written and all were gathered for an analysis: with their orders by place and by id. "
            + "What is chosen by a filter takes 4 bytes more of each, for the filters asked for last.");
        foreach (var count in (int[])[1_000_000, 10_000_000])
        {
            var issues = SyntheticIssues.Of(SyntheticCity.Make(count));
            // What is rented for a tile and given back is kept for the next; that is not the issues'.
            IssueTile.Encode(new PointSnapshot(issues), TileOf(issues));
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var view = await CityColumns.ViewOfAsync(issues);
            var points = new PointSnapshot(view.Choose(IssueFilter.All)!);
            report.Note($"{count:N0}: a tile of {IssueTile.Encode(points, TileOf(issues)).Length / 1e6:0.0} MB written, {points.Gather().Count:N0} points gathered.");
            var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            GC.KeepAlive(issues);
            report.Check($"{count:N0} issues are there", view.Columns.Count == count && points.Count == count);
            report.AtMost($"{count:N0} issues, bytes of each", (double)bytes / count, 64, "bytes");
            report.AtMost($"{count:N0} issues", bytes / Gigabyte, 1, "GB");
            GC.KeepAlive(points);
        }
    }

    private static TileAddress TileOf(IssuePoints issues)
    {
        var (x, y) = WebMercator.FromLonLat(issues.LonDegrees[0], issues.LatDegrees[0]);
        return new TileAddress(Zoom, (int)Math.ScaleB(x, Zoom), (int)Math.ScaleB(y, Zoom));
    }
}
