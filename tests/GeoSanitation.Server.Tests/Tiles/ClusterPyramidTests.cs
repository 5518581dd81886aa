using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using Xunit;
using static GeoSanitation.Server.Tests.Tiles.PlacedIssues;

namespace GeoSanitation.Server.Tests.Tiles;

public sealed class ClusterPyramidTests
{
    [Fact]
    public void Two_issues_are_one_cluster_up_to_the_zoom_at_which_40_pixels_part_them()
    {
        // 0.01 degrees of longitude are 512 * 2^z / 36000 pixels: 29.1 at zoom 11, 58.3 at zoom 12.
        var points = At([10, 10.01], [0, 0]);
        var pyramid = new ClusterPyramid(points.Chosen);
        Assert.Equal([1, 1, 2, 2], ((int[])[0, 11, 12, 16]).Select(pyramid.CountAt));
        var layer = MvtReader.Read(ClusterTile.Encode(points, pyramid, new TileAddress(0, 0, 0))).Single();
        var cluster = Assert.Single(layer.Features);
        Assert.Equal(("clusters", 2L, "2", 12L), (layer.Name, (long)cluster.Tags["point_count"], (string)cluster.Tags["point_count_abbreviated"], (long)cluster.Tags["expansion_zoom"]));
        Assert.Equal((2L, 1L, 0L, 1.5), ((long)cluster.Tags["open"], (long)cluster.Tags["overdue"], (long)cluster.Tags["relapses"], (double)cluster.Tags["severity"]));
        // In the middle between them: 10.005 degrees east.
        Assert.Equal(((int)Math.Round((10.005 / 360 + 0.5) * 4096), 2048), cluster.Point);
    }

    [Theory]
    [InlineData(5000, 120, 30.2, 0.2)]
    [InlineData(3000, -150, -60, 110)]
    public void The_nodes_of_every_zoom_are_those_of_the_rule_taken_literally(int count, double west, double south, double degrees)
    {
        var points = Scattered(count, west, south, degrees);
        var pyramid = new ClusterPyramid(points.Chosen);
        var nodes = points.AlongTheCurve().Select(p => (X: (long)((p.X - 0.5) * (1 << 30)), Y: (long)((p.Y - 0.5) * (1 << 30)), Count: 1)).ToList();
        for (var zoom = ClusterPyramid.LastZoom; zoom >= 0; zoom--)
        {
            nodes = Literally(nodes, (40L << 30 >> 9) >> zoom);
            Assert.Equal(nodes.Count, pyramid.CountAt(zoom));
            var found = Enumerable.Range(0, 1 << Math.Min(zoom, 2)).SelectMany(x => Enumerable.Range(0, 1 << Math.Min(zoom, 2)).Select(y => (x, y)));
            if (zoom <= 2)
            {
                var counts = found.SelectMany(t => MvtReader.Read(ClusterTile.Encode(points, pyramid, new TileAddress(zoom, t.x, t.y)))).SelectMany(l => l.Features)
                    .Select(f => (int)(long)f.Tags[f.Tags.ContainsKey("count") ? "count" : "point_count"]);
                Assert.Equal(nodes.Select(n => n.Count).Order(), counts.Order());
            }
        }
    }

    [Fact]
    public void Nothing_is_no_node_and_many_in_one_place_are_one()
    {
        Assert.Equal(0, new ClusterPyramid(At([], []).Chosen).CountAt(16));
        Assert.Equal(1, new ClusterPyramid(At([.. Enumerable.Repeat(179.9999, 500)], [.. Enumerable.Repeat(-85.0, 500)]).Chosen).CountAt(16));
    }

    [Theory]
    [InlineData(2, "2")]
    [InlineData(999, "999")]
    [InlineData(1000, "1k")]
    [InlineData(1250, "1.3k")]
    [InlineData(9949, "9.9k")]
    [InlineData(34_499, "34k")]
    public void A_count_is_written_short(int count, string expected) => Assert.Equal(expected, ClusterTile.Abbreviated(count));

    /// <summary>The rule with a look at every other node.</summary>
    private static List<(long X, long Y, int Count)> Literally(List<(long X, long Y, int Count)> nodes, long radius)
    {
        var taken = new bool[nodes.Count];
        var next = new List<(long, long, int)>();
        for (var i = 0; i < nodes.Count; i++)
        {
            if (taken[i])
            {
                continue;
            }
            taken[i] = true;
            var (x, y, count) = (nodes[i].X * nodes[i].Count, nodes[i].Y * nodes[i].Count, nodes[i].Count);
            for (var j = 0; j < nodes.Count; j++)
            {
                var (dx, dy) = (nodes[j].X - nodes[i].X, nodes[j].Y - nodes[i].Y);
                if (!taken[j] && dx * dx + dy * dy <= radius * radius)
                {
                    taken[j] = true;
                    (x, y, count) = (x + nodes[j].X * nodes[j].Count, y + nodes[j].Y * nodes[j].Count, count + nodes[j].Count);
                }
            }
            next.Add(count == nodes[i].Count ? nodes[i] : (x / count, y / count, count));
        }
        return next;
    }
}
