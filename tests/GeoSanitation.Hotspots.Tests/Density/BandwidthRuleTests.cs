using GeoSanitation.Hotspots.Density;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Density;

public class BandwidthRuleTests
{
    [GoldenFact("kde/bandwidth_rules")]
    public void Rules_equal_the_golden_numbers()
    {
        var table = Golden.Table("kde/bandwidth_rules", "points.csv");
        var (x, y) = (table.Numbers("x"), table.Numbers("y"));
        foreach (var expected in Golden.Case("kde/bandwidth_rules").GetProperty("expected").EnumerateArray())
        {
            var data = expected.GetProperty("data").GetString();
            var points = data switch
            {
                "unweighted" => new Points(x, y),
                "weighted" => new Points(x, y, table.Numbers("weight")),
                "collinear" => new Points([.. Enumerable.Range(0, 20).Select(i => 430_000.0 + 10 * i)], [.. Enumerable.Repeat(4_580_000.0, 20)]),
                _ => new Points([.. Enumerable.Repeat(430_000.0, 12)], [.. Enumerable.Repeat(4_580_000.0, 12)]),
            };
            Golden.AssertClose(expected.GetProperty("esri_default_radius").GetDouble(), BandwidthRule.EsriRadiusMeters(points), 1e-10, 0, data);
            var (standard, median) = BandwidthRule.Spread(points);
            Golden.AssertClose(expected.GetProperty("standard_distance").GetDouble(), standard, 1e-10, 0, data);
            Golden.AssertClose(expected.GetProperty("median_distance").GetDouble(), median, 1e-10, 0, data);
            if (expected.TryGetProperty("silverman_hx", out var sd))
            {
                var (sdX, sdY) = BandwidthRule.Silverman(points);
                Golden.AssertClose(sd.GetDouble(), sdX, 1e-10, 0, data);
                Golden.AssertClose(expected.GetProperty("silverman_hy").GetDouble(), sdY, 1e-10, 0, data);
            }
        }
    }

    [Fact]
    public void Identical_points_get_the_floor_and_the_reason_says_so()
    {
        var choice = BandwidthRule.ChooseRadius(new Points([1, 1], [1, 1]), 30);
        Assert.Equal((30, "floor"), (choice.Meters, choice.Rule));
        Assert.Equal("floor", BandwidthRule.ChooseDeviation(new Points([], []), 10).Rule);
        Assert.Equal(10, BandwidthRule.ChooseDeviation(new Points([], []), 10).Meters, 1e-12);
    }

    [Fact]
    public void The_gaussian_deviation_is_the_quartic_radius_over_the_root_of_eight()
    {
        var points = KernelDensityTests.Clumps(500, 5);
        var radius = BandwidthRule.ChooseRadius(points, 1);
        Assert.Equal("esri-default-radius", radius.Rule);
        Assert.Equal(radius.Meters / Math.Sqrt(8), BandwidthRule.ChooseDeviation(points, 1).Meters, 1e-9);
        Assert.Equal((0, 0), BandwidthRule.Silverman(new Points([1], [1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => BandwidthRule.ChooseRadius(points, 0));
    }
}
