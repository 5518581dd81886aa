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
        report.Note("The columns that every filter, analysis, tile and scorecard reads, measured after the issues of a tile were found and all were gathered for an analysis: with their orders by place and by id. "
            + "What is chosen by a filter takes 4 bytes more of each, for the filters asked for last.");
        await MeasureAsync(report, 1_000_000);
        await MeasureAsync(report, 10_000_000);
    }

    private static async Task MeasureAsync(Report report, int count)
    {
        var issues = SyntheticIssues.Of(SyntheticCity.Make(count));
        var tile = TileOf(issues);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var view = await CityColumns.ViewOfAsync(issues);
        var points = new PointSnapshot(view.Choose(IssueFilter.All)!);
        var found = points.Chosen.InSquare(Zoom, tile.X, tile.Y).Sum(stretch => stretch.Count);
        report.Note($"{count:N0}: {found:N0} issues found in tile {tile}, {points.Gather().Count:N0} points gathered.");
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(issues);
        report.Check($"{count:N0} issues are there", view.Columns.Count == count && points.Count == count);
        report.AtMost($"{count:N0} issues, bytes of each", (double)bytes / count, 64, "bytes");
        report.AtMost($"{count:N0} issues", bytes / Gigabyte, 1, "GB");
        GC.KeepAlive(points);
    }

    private static TileAddress TileOf(IssuePoints issues)
    {
        var (x, y) = WebMercator.FromLonLat(issues.LonDegrees[0], issues.LatDegrees[0]);
        return new TileAddress(Zoom, (int)Math.ScaleB(x, Zoom), (int)Math.ScaleB(y, Zoom));
    }
}
