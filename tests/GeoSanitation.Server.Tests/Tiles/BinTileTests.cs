using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using Xunit;
using static GeoSanitation.Server.Tests.Tiles.PlacedIssues;

namespace GeoSanitation.Server.Tests.Tiles;

public sealed class BinTileTests
{
    private static readonly PointSnapshot Issues = Scattered(4000, 120, 30.2, 0.2);

    [Theory]
    [InlineData("hex", 3)]
    [InlineData("hex", 9)]
    [InlineData("hex", 12)]
    [InlineData("hex", 15)]
    [InlineData("square", 3)]
    [InlineData("square", 9)]
    [InlineData("square", 12)]
    public void The_bins_of_all_tiles_count_every_issue_once_and_one_that_comes_twice_is_the_same(string shape, int zoom)
    {
        var bins = new Dictionary<long, (string Place, string Numbers, long Count)>();
        var twice = 0;
        foreach (var tile in TilesAround(Issues, zoom))
        {
            foreach (var bin in MvtReader.Read(BinTile.Encode(Issues, CellsOf(shape), tile)).SelectMany(l => l.Features))
            {
                var place = string.Join(' ', bin.Parts.Single().Select(p => $"{p.X + 4096L * tile.X},{p.Y + 4096L * tile.Y}"));
                var found = (place, string.Join(' ', bin.Tags.OrderBy(t => t.Key)), (long)bin.Tags["count"]);
                twice += bins.ContainsKey(bin.Id) ? 1 : 0;
                Assert.Equal(bins.GetValueOrDefault(bin.Id, found), found);
                bins[bin.Id] = found;
            }
        }
        Assert.Equal(Issues.Gather().Count, bins.Values.Sum(b => b.Count));
        Assert.Equal(bins.Count, bins.Values.Select(b => b.Place).Distinct().Count());
        if (shape == "square")
        {
            Assert.Equal(0, twice);
        }
        else if (zoom >= 12)
        {
            Assert.True(twice > 10, $"{twice} hexagons on borders");
        }
    }

    [Theory]
    [InlineData("hex", 13)]
    [InlineData("square", 13)]
    public void An_issue_lies_in_the_outline_of_its_cell(string shape, int zoom)
    {
        var cells = CellsOf(shape);
        var compared = 0;
        foreach (var issue in Issues.AlongTheCurve())
        {
            var (column, row) = cells.CellOf(Math.ScaleB(issue.X, zoom), Math.ScaleB(issue.Y, zoom));
            var ring = cells.RingOf(column, row);
            var (x, y) = (Math.ScaleB(issue.X, zoom + 12), Math.ScaleB(issue.Y, zoom + 12));
            for (var i = 0; i < ring.Length; i += 2)
            {
                var (ax, ay) = (ring[i], ring[i + 1]);
                var (bx, by) = (ring[(i + 2) % ring.Length], ring[(i + 3) % ring.Length]);
                // To the right of every side, but for the rounding of corners to whole units.
                var distance = ((bx - (double)ax) * (y - ay) - (by - (double)ay) * (x - ax)) / Math.Sqrt(Math.Pow(bx - ax, 2) + Math.Pow(by - ay, 2));
                Assert.True(distance > -1, $"{distance} units outside");
                compared++;
            }
        }
        Assert.True(compared > 4 * 4000 - 1);
    }

    [Fact]
    public void Density_is_issues_over_the_area_on_the_ground()
    {
        var bin = TilesAround(Issues, 12).SelectMany(t => MvtReader.Read(BinTile.Encode(Issues, BinCells.Squares, t))).SelectMany(l => l.Features).First();
        // A tile of zoom 12 is 40075.017 km / 4096 wide on the equator; a square a sixteenth of it.
        var side = 40075.017 / 4096 / 16 * Math.Cos(30.3 * Math.PI / 180);
        Assert.Equal((long)bin.Tags["count"] / (side * side), (double)bin.Tags["density"], 0.01 * (double)bin.Tags["density"]);
    }

    [Fact]
    public void Deeper_than_the_smallest_cells_a_tile_shows_the_same_bins_larger()
    {
        var issue = Issues.AlongTheCurve()[1000];
        var (at16, at19) = (TileOf(issue, 16), TileOf(issue, 19));
        var whole = MvtReader.Read(BinTile.Encode(Issues, BinCells.Hexagons, at16)).Single().Features;
        var parts = MvtReader.Read(BinTile.Encode(Issues, BinCells.Hexagons, at19)).Single().Features;
        Assert.NotEmpty(parts);
        foreach (var part in parts)
        {
            var same = whole.Single(f => f.Id == part.Id);
            Assert.Equal(same.Tags, part.Tags);
            Assert.Equal(same.Parts.Single().Select(p => (8 * (p.X + 4096L * at16.X), 8 * (p.Y + 4096L * at16.Y))), part.Parts.Single().Select(p => (p.X + 4096L * at19.X, p.Y + 4096L * at19.Y)));
        }
    }

    private static BinCells CellsOf(string shape) => shape == "hex" ? BinCells.Hexagons : BinCells.Squares;
}
