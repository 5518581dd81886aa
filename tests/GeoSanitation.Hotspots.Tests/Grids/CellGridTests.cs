using CsCheck;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Grids;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Grids;

public class CellGridTests
{
    private static readonly Gen<(double X, double Y)> Place = Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[-5e6, 5e6]);

    private static readonly Gen<CellGrid> Grid = Gen.Select(Gen.Bool, Gen.Int[1, 2000], (hex, size) => hex ? (CellGrid)new HexGrid(size) : new SquareGrid(size));

    [Fact]
    public void Ids_name_grid_column_and_row()
    {
        var hex = new HexGrid(250);
        Assert.Equal("h250:0:0", hex.Id(hex.CellAt(0, 0)));
        Assert.Equal("h250:12:-7", hex.Id(new GridCell(12, -7)));
        var square = new SquareGrid(62.5);
        Assert.Equal("s62.5:3:4", square.Id(square.CellAt(3 * 62.5, 4.5 * 62.5)));
        Assert.Equal("s62.5:-1:-1", square.Id(square.CellAt(-1, -1)));
    }

    [Fact]
    public void Centers_and_corners_of_a_hexagon_worked_by_hand()
    {
        // Width 2: side 2 / sqrt 3, rows sqrt 3 apart, odd rows shifted by 1.
        var grid = new HexGrid(2);
        var (x, y) = grid.Center(new GridCell(1, 1));
        Assert.Equal(3, x);
        Assert.Equal(Math.Sqrt(3), y, 1e-15);
        var ring = grid.Ring(new GridCell(0, 0));
        Assert.Equal([0, -2 / Math.Sqrt(3), 1, -1 / Math.Sqrt(3), 1, 1 / Math.Sqrt(3), 0, 2 / Math.Sqrt(3), -1, 1 / Math.Sqrt(3), -1, -1 / Math.Sqrt(3), 0, -2 / Math.Sqrt(3)],
            ring, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(2 * Math.Sqrt(3), grid.CellAreaSquareMeters, 1e-14);
    }

    [Fact]
    public void A_point_belongs_to_the_cell_with_the_nearest_center()
    {
        Gen.Select(Grid, Place).Sample((grid, place) =>
        {
            var cell = grid.CellAt(place.X, place.Y);
            var own = Distance(grid, cell, place);
            Assert.All(grid.Neighbors(cell), neighbor => Assert.True(own <= Distance(grid, neighbor, place) + 1e-7));
        });
    }

    [Fact]
    public void A_ring_is_closed_counterclockwise_has_the_cells_area_and_shares_its_corners_with_the_neighbors()
    {
        Gen.Select(Grid, Place).Sample((grid, place) =>
        {
            var cell = grid.CellAt(place.X, place.Y);
            var ring = grid.Ring(cell);
            Assert.Equal(ring[..2], ring[^2..]);
            Golden.AssertClose(grid.CellAreaSquareMeters, ConvexHull.SignedArea(ring), 1e-6);
            foreach (var neighbor in grid.Neighbors(cell, corners: false))
            {
                var others = Corners(grid.Ring(neighbor));
                Assert.Equal(2, Corners(ring).Count(others.Contains));
            }
        });
    }

    [Fact]
    public void Neighbors_are_mutual_and_one_size_away_across_an_edge()
    {
        Gen.Select(Grid, Place).Sample((grid, place) =>
        {
            var cell = grid.CellAt(place.X, place.Y);
            Assert.Equal(grid is HexGrid ? 6 : 8, grid.Neighbors(cell).Distinct().Count());
            Assert.All(grid.Neighbors(cell), neighbor => Assert.Contains(cell, grid.Neighbors(neighbor)));
            Assert.All(grid.Neighbors(cell, corners: false), neighbor => Golden.AssertClose(grid.SizeMeters, Distance(grid, neighbor, grid.Center(cell)), 1e-6));
        });
    }

    [Fact]
    public void The_center_lies_in_its_own_cell()
    {
        Gen.Select(Grid, Gen.Int[-1000, 1000], Gen.Int[-1000, 1000]).Sample((grid, column, row) =>
        {
            var (x, y) = grid.Center(new GridCell(column, row));
            Assert.Equal(new GridCell(column, row), grid.CellAt(x, y));
        });
    }

    [Fact]
    public void Bad_sizes_and_places_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HexGrid(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SquareGrid(-5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SquareGrid(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HexGrid(0.1).CellAt(1e12, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SquareGrid(1).CellAt(double.NaN, 0));
    }

    private static double Distance(CellGrid grid, GridCell cell, (double X, double Y) place)
    {
        var (x, y) = grid.Center(cell);
        return double.Hypot(x - place.X, y - place.Y);
    }

    private static HashSet<(double, double)> Corners(double[] ring)
        => [.. Enumerable.Range(0, ring.Length / 2).Select(i => (ring[2 * i], ring[2 * i + 1]))];
}
