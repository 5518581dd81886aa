using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Grids;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Clustering;

public class EpsRuleTests
{
    [Fact]
    public void The_knee_parts_tight_clusters_from_scattered_points()
    {
        // 4 clusters of 200 points within 50 m, and 60 points scattered over 10 km.
        var random = new Random(11);
        var places = Enumerable.Range(0, 860).Select(i => i < 800
            ? (X: i / 200 * 2000 + random.NextDouble() * 50, Y: i / 200 * 1500 + random.NextDouble() * 50)
            : (X: random.NextDouble() * 10_000, Y: random.NextDouble() * 10_000)).ToList();
        var points = DbscanTests.Of(places);
        var choice = EpsRule.ChooseEps(points, 5, 1);
        Assert.Equal("k-distance-knee", choice.Rule);
        Assert.InRange(choice.Meters, 3, 60);
        var labels = new int[860];
        Assert.Equal(4, Dbscan.Label(points, choice.Meters, 5, labels));
    }

    [Fact]
    public void Identical_or_too_few_points_get_the_floor()
    {
        Assert.Equal(("floor", 25.0), Short(EpsRule.ChooseEps(new Points([1, 1, 1], [1, 1, 1]), 2, 25)));
        Assert.Equal(("floor", 25.0), Short(EpsRule.ChooseEps(new Points([], []), 5, 25)));
        Assert.Equal(("floor", 25.0), Short(EpsRule.ChooseEps(new Points([1, 500], [1, 1]), 5, 25)));
        Assert.Throws<ArgumentOutOfRangeException>(() => EpsRule.ChooseEps(new Points([], []), 0, 25));
        Assert.Throws<ArgumentOutOfRangeException>(() => EpsRule.ChooseEps(new Points([], []), 5, 0));
    }

    private static (string, double) Short(Choice choice) => (choice.Rule, choice.Meters);
}
