using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Weights;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.LocalStatistics;

public class BandRuleTests
{
    [Fact]
    public void Z_equals_the_textbook_sums_over_the_whole_matrix()
    {
        var (centers, values) = Lattice(12, (x, y) => Math.Sin(x * 0.7) + (x * 7 + y * 13) % 5);
        var z = BandRule.MoranZ(centers, values, 10, 3);
        for (var step = 1; step <= 3; step++)
        {
            Golden.AssertClose(ByDefinition(values, DistanceBand.Build(centers, 10 * step)), z[step - 1], 1e-10, 0, $"step {step}");
        }
    }

    [Fact]
    public void Patches_of_some_width_give_a_peak_near_it()
    {
        // Blocks of 5 x 5 cells of 100 m, high and low in turn: likeness grows to about half a block and turns beyond.
        var (centers, values) = Lattice(30, (x, y) => (x / 5 + y / 5) % 2 * 10 + (x * 31 + y * 17) % 7 * 0.1, 100);
        var choice = BandRule.ChooseBand(centers, values, 100);
        Assert.Equal("autocorrelation-peak", choice.Rule);
        Assert.InRange(choice.Meters, 200, 400);
    }

    [Fact]
    public void A_trend_across_the_whole_area_gives_two_rings()
    {
        var (centers, values) = Lattice(40, (x, y) => x + (x * 31 + y * 17) % 7 * 0.1, 100);
        var choice = BandRule.ChooseBand(centers, values, 100, steps: 5);
        Assert.Equal(("two-rings", 250.0), (choice.Rule, choice.Meters));
        Assert.Equal(20, DistanceBand.Build(centers, choice.Meters).NeighborsOf(20 * 40 + 20).Length);
    }

    [Fact]
    public void Values_without_pattern_or_spread_get_the_nearest_ring()
    {
        var (centers, values) = Lattice(8, (_, _) => 4);
        Assert.Equal(("nearest-ring", 15.0), (BandRule.ChooseBand(centers, values, 10).Rule, BandRule.ChooseBand(centers, values, 10).Meters));
        Assert.Equal("nearest-ring", BandRule.ChooseBand(new Points([], []), [], 10).Rule);
        Assert.Throws<ArgumentOutOfRangeException>(() => BandRule.ChooseBand(centers, values, 0));
        Assert.Throws<ArgumentException>(() => BandRule.ChooseBand(centers, [1], 10));
    }

    private static (Points Centers, double[] Values) Lattice(int side, Func<int, int, double> value, double spacing = 10)
    {
        var places = Enumerable.Range(0, side * side).Select(i => (X: i % side, Y: i / side)).ToArray();
        return (new Points([.. places.Select(p => p.X * spacing)], [.. places.Select(p => p.Y * spacing)]), [.. places.Select(p => value(p.X, p.Y))]);
    }

    private static double ByDefinition(double[] x, SpatialWeights weights)
    {
        var n = (double)x.Length;
        var w = new double[x.Length, x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            foreach (var j in weights.NeighborsOf(i))
            {
                w[i, j] = 1;
            }
        }
        var mean = x.Average();
        double m2 = x.Sum(v => Math.Pow(v - mean, 2)) / n, m4 = x.Sum(v => Math.Pow(v - mean, 4)) / n, product = 0, s0 = 0, s1 = 0, s2 = 0;
        for (var i = 0; i < x.Length; i++)
        {
            double row = 0, column = 0;
            for (var j = 0; j < x.Length; j++)
            {
                product += w[i, j] * (x[i] - mean) * (x[j] - mean);
                s0 += w[i, j];
                s1 += Math.Pow(w[i, j] + w[j, i], 2) / 2;
                row += w[i, j];
                column += w[j, i];
            }
            s2 += Math.Pow(row + column, 2);
        }
        var index = product / s0 / m2;
        var b2 = m4 / (m2 * m2);
        var variance = (n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0) - b2 * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0))
            / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - 1 / ((n - 1) * (n - 1));
        return (index + 1 / (n - 1)) / Math.Sqrt(variance);
    }
}
