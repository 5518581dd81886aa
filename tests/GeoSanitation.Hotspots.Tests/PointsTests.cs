using Xunit;

namespace GeoSanitation.Hotspots.Tests;

public class PointsTests
{
    [Fact]
    public void Points_without_weights_weigh_one_each()
    {
        var points = new Points([1, 2], [3, 4]);
        Assert.Equal((2, 2.0, 1.0, false, false), (points.Count, points.TotalWeight, points.WeightOf(1), points.HasWeight, points.HasTime));
        Assert.Equal(5, new Points([1, 2], [3, 4], [2, 3], [0, 1]).TotalWeight);
    }

    [Fact]
    public void Columns_that_differ_in_length_or_hold_no_numbers_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Points([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => new Points([1], [double.NaN]));
        Assert.Throws<ArgumentException>(() => new Points([double.PositiveInfinity], [1]));
        Assert.Throws<ArgumentException>(() => new Points([1], [1], weight: [-1]));
        Assert.Throws<ArgumentException>(() => new Points([1], [1], weight: []));
        Assert.Throws<ArgumentException>(() => new Points([1], [1], timeDays: [double.NaN]));
    }
}
