using CsCheck;
using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Hotspots.Tests.LocalStatistics;
using GeoSanitation.Hotspots.Weights;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Grids;

public class StudyCellsTests
{
    private static readonly PolygonLocator Square30 = new([new PolygonRings([[0, 0, 30, 0, 30, 30, 0, 30]])]);

    [Fact]
    public void Empty_cells_inside_count_as_zeros_and_points_outside_do_not_count()
    {
        var points = new Points([5, 5, 25, 35], [5, 6, 25, 5], weight: [1, 2, 4, 8]);
        var cells = StudyCells.Cover(new SquareGrid(10), Square30, points, 100);
        Assert.Equal(9, cells.Count);
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 1], cells.PointCounts.ToArray());
        Assert.Equal([3, 0, 0, 0, 0, 0, 0, 0, 4.0], cells.WeightSums.ToArray());
        Assert.Equal([0, 0, 8, -1], cells.CellOfPoint.ToArray());
        Assert.Equal(new GridCell(0, 0), cells.Cells[0]);
        Assert.Equal(new GridCell(2, 2), cells.Cells[8]);
    }

    [Fact]
    public void A_cell_whose_center_is_outside_enters_when_it_holds_a_point_of_the_area()
    {
        // The area ends at 33: the cells of column 3 have their centers at 35, outside.
        var area = new PolygonLocator([new PolygonRings([[0, 0, 33, 0, 33, 10, 0, 10]])]);
        Assert.Equal(3, StudyCells.Cover(new SquareGrid(10), area, new Points([], []), 100).Count);
        var cells = StudyCells.Cover(new SquareGrid(10), area, new Points([32, 34], [5, 5]), 100);
        Assert.Equal(4, cells.Count);
        Assert.Equal([3, -1], cells.CellOfPoint.ToArray());
    }

    [Fact]
    public void Too_many_cells_are_refused_before_any_is_made()
        => Assert.Throws<ArgumentOutOfRangeException>(
            () => StudyCells.Cover(new SquareGrid(0.1), new PolygonLocator([new PolygonRings([[0, 0, 1e6, 0, 1e6, 1e6]])]), new Points([], []), 1_000_000));

    [Fact]
    public void Overlapping_and_nested_polygons_count_each_cell_once()
    {
        var area = new PolygonLocator([new PolygonRings([[0, 0, 30, 0, 30, 30, 0, 30]]), new PolygonRings([[10, 10, 20, 10, 20, 20, 10, 20]])]);
        Assert.Equal(9, StudyCells.Cover(new SquareGrid(10), area, new Points([15], [15]), 100).Count);
    }

    [Fact]
    public void All_points_of_the_area_are_counted_and_every_cell_is_where_the_rule_puts_it()
    {
        Gen.Select(Gen.Double[0, 300].Array[12], Gen.Select(Gen.Double[-50, 350], Gen.Double[-50, 350]).Array[0, 60], Gen.Bool, Gen.Int[20, 80])
            .Sample((ring, places, hex, size) =>
            {
                CellGrid grid = hex ? new HexGrid(size) : new SquareGrid(size);
                var area = new PolygonLocator([new PolygonRings([ring])]);
                var points = new Points([.. places.Select(p => p.Item1)], [.. places.Select(p => p.Item2)]);
                var cells = StudyCells.Cover(grid, area, points, 10_000);
                var occupied = places.Where(p => area.Locate(p.Item1, p.Item2) >= 0).Select(p => grid.CellAt(p.Item1, p.Item2)).ToList();
                var expected = new HashSet<GridCell>(occupied);
                for (var row = -20; row <= 25; row++)
                {
                    for (var column = -20; column <= 25; column++)
                    {
                        var (x, y) = grid.Center(new GridCell(column, row));
                        if (area.Locate(x, y) >= 0)
                        {
                            expected.Add(new GridCell(column, row));
                        }
                    }
                }
                Assert.Equal(expected.OrderBy(c => c.Row).ThenBy(c => c.Column), cells.Cells.ToArray());
                Assert.Equal(cells.Cells.ToArray().Select(c => occupied.Count(o => o == c)), cells.PointCounts.ToArray());
            }, iter: 200);
    }

    [Fact]
    public void Contiguity_equals_the_distance_band_that_reaches_the_same_neighbors()
    {
        var points = new Points([5, 25], [5, 25]);
        var squares = StudyCells.Cover(new SquareGrid(3), Square30, points, 1000);
        GiStarTests.AssertSameNeighbors(DistanceBand.Build(squares.Centers(), 3 * Math.Sqrt(2)), squares.Contiguity());
        GiStarTests.AssertSameNeighbors(DistanceBand.Build(squares.Centers(), 3), squares.Contiguity(corners: false));
        var hexagons = StudyCells.Cover(new HexGrid(4), Square30, points, 1000);
        GiStarTests.AssertSameNeighbors(DistanceBand.Build(hexagons.Centers(), 4), hexagons.Contiguity());
    }
}
