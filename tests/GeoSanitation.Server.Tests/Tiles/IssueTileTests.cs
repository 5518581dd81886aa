using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store.Issues;
using Xunit;

namespace GeoSanitation.Server.Tests.Tiles;

public class IssueTileTests
{
    private const int Extent = 4096;

    [Theory]
    [InlineData(0, 0.02)]
    [InlineData(9, 0.02)]
    [InlineData(14, 0.02)]
    [InlineData(16, 0.004)]
    [InlineData(22, 0.0002)]
    public void Every_issue_is_once_in_the_tiles_of_a_zoom_at_its_rounded_place(int zoom, double degrees)
        => AssertWhole(PlacedIssues.Scattered(zoom == 22 ? 300 : 5_000, 112.68, 32.41, degrees), zoom);

    [Fact]
    public void A_place_half_a_unit_before_the_next_tile_is_rounded_into_it()
    {
        // On the corner of four tiles of zoom 10, and less than half a unit to each side of it.
        var (column, row) = (833, 416);
        var offsets = (double[])[-0.51, -0.49, 0, 0.49];
        var places = (from dx in offsets from dy in offsets select WebMercator.ToLonLat(At(column, dx), At(row, dy))).ToArray();
        var points = PlacedIssues.At([.. places.Select(p => p.LonDegrees)], [.. places.Select(p => p.LatDegrees)]);
        AssertWhole(points, 10);
        Assert.Equal(9, Read(points, new TileAddress(10, column, row)).Count);
        Assert.Single(Read(points, new TileAddress(10, column - 1, row - 1)));

        static double At(int tile, double units) => (tile * Extent + units) / (1024.0 * Extent);
    }

    [Fact]
    public void A_heap_just_outside_of_an_empty_tile_is_rounded_into_it_as_a_whole()
    {
        // In two places, so that the heap is not the first that is written.
        var (column, row) = (833, 416);
        var places = Enumerable.Range(0, 600).Select(i => WebMercator.ToLonLat((column * Extent - 0.4) / (1024.0 * Extent), (row * Extent + (i < 20 ? 100.0 : 3000.0)) / (1024.0 * Extent))).ToArray();
        var points = PlacedIssues.At([.. places.Select(p => p.LonDegrees)], [.. places.Select(p => p.LatDegrees)]);
        Assert.Empty(points.Chosen.InSquare(10, column, row));
        Assert.Equal(600, Read(points, new TileAddress(10, column, row)).Count);
        AssertWhole(points, 10);
    }

    [Fact]
    public void What_would_be_rounded_out_of_the_world_stays_in_its_last_tile()
    {
        var points = PlacedIssues.At([180, -180, 180], [0, 85.0511287798, -85.0511287798]);
        AssertWhole(points, 0);
        AssertWhole(points, 3);
        Assert.Contains(Read(points, new TileAddress(3, 7, 7)), f => f.Point == (Extent - 1, Extent - 1));
    }

    [Fact]
    public void Times_before_1978_and_ids_of_any_length_are_written_in_full()
    {
        long[] ids = [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 1L << 40];
        long[] times = [0, 127, 268_435_455, 268_435_456, 1_700_000_000, 34_359_738_367, 34_359_738_368, 1_700_000_000];
        var scattered = PlacedIssues.Scattered(ids.Length, 112.68, 32.41, 0.001).Gather();
        var issues = new IssuePoints
        {
            DataVersion = "1",
            Categories = scattered.Categories,
            Ids = ids,
            LonDegrees = scattered.LonDegrees,
            LatDegrees = scattered.LatDegrees,
            Category = scattered.Category,
            Severity = scattered.Severity,
            Status = scattered.Status,
            ReportedAt = times,
            Ward = scattered.Ward,
            Traits = scattered.Traits,
        };
        var read = Read(new PointSnapshot(issues), new TileAddress(0, 0, 0)).OrderBy(f => f.Id).ToList();
        Assert.Equal(ids, read.Select(f => f.Id));
        Assert.Equal(times.Select(t => (object)(ulong)t), read.Select(f => (object)Convert.ToUInt64(f.Tags["reported_at"], null)));
    }

    private static void AssertWhole(PointSnapshot points, int zoom)
    {
        var found = new Dictionary<long, (TileAddress Tile, MvtFeature Feature)>();
        foreach (var tile in PlacedIssues.TilesAround(points, zoom))
        {
            foreach (var feature in Read(points, tile))
            {
                found.Add(feature.Id, (tile, feature));
            }
        }
        Assert.Equal(points.Count, found.Count);
        var world = Math.ScaleB(Extent, zoom);
        foreach (var issue in points.AlongTheCurve())
        {
            var (tile, feature) = found[issue.Id];
            Assert.Equal(
                (Math.Min(Math.Round(issue.X * world), world - 1), Math.Min(Math.Round(issue.Y * world), world - 1)),
                ((double)tile.X * Extent + feature.Point.X, (double)tile.Y * Extent + feature.Point.Y));
            Assert.Equal(issue.Category, feature.Tags["category"]);
            Assert.Equal(IssuePoints.Statuses[issue.Status], feature.Tags["status"]);
            Assert.Equal((ulong)issue.Severity, Convert.ToUInt64(feature.Tags["severity"], null));
            Assert.Equal(issue.Has(IssueTraits.Overdue), feature.Tags["overdue"]);
            Assert.Equal((ulong)issue.ReportedAt, Convert.ToUInt64(feature.Tags["reported_at"], null));
        }
    }

    private static IReadOnlyList<MvtFeature> Read(PointSnapshot points, TileAddress tile)
    {
        using var bytes = IssueTile.Encode(points, tile);
        return bytes.Written.Length > 0 ? MvtReader.Read(bytes.Written.ToArray()).Single().Features : [];
    }
}
