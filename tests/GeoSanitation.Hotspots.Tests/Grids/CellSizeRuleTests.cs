using GeoSanitation.Hotspots.Grids;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Grids;

public class CellSizeRuleTests
{
    [Theory]
    [InlineData(20_000, 1e9, 400, "quadrat")] // sqrt(2e9 / 20,000) = 316 m, rounded up
    [InlineData(5_000, 1e8, 200, "quadrat")] // exactly 200 m
    [InlineData(1_000_000, 1e8, 50, "floor")] // 14 m is below the smallest
    [InlineData(0, 1e8, 15_000, "quadrat")]
    public void Two_points_a_cell_rounded_up(int points, double area, double expected, string rule)
    {
        var choice = CellSizeRule.ChooseSize(points, area);
        Assert.Equal(expected, choice.Meters, 1e-9);
        Assert.Equal(rule, choice.Rule);
    }

    [Fact]
    public void The_number_of_cells_is_bounded()
    {
        Assert.Equal(1000, CellSizeRule.ChooseSize(1_000_000, 1e8, maxCells: 100).Meters, 1e-9);
        Assert.Throws<ArgumentOutOfRangeException>(() => CellSizeRule.ChooseSize(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CellSizeRule.ChooseSize(-1, 1));
    }
}
