using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.LocalStatistics;

public class LocalMoranTests
{
    [SharedTheory("golden/localmoran")]
    [GoldenCases("localmoran/")]
    public void I_moments_z_p_and_quadrants_equal_spdep(string name)
    {
        var parameters = Golden.Case(name);
        var expected = Golden.Table(name, "expected.csv");
        var (values, _, _) = GiStarTests.Units(name, parameters);
        var pairs = Golden.Table(name, "neighbours.csv");
        var result = LocalMoran.Compute(values, GiStarTests.FromPairs(values.Length, pairs.Whole("i"), pairs.Whole("j")));
        Golden.AssertClose(parameters.GetProperty("mean").GetDouble(), result.Mean, 1e-9);
        Golden.AssertClose(parameters.GetProperty("m2").GetDouble(), result.Deviation * result.Deviation, 1e-9);
        foreach (var (column, actual) in new[] { ("Ii", result.I), ("E_cond", result.Expected), ("Var_cond", result.Variance), ("z_cond", result.Z), ("p_cond", result.P) })
        {
            var numbers = expected.Numbers(column);
            for (var i = 0; i < values.Length; i++)
            {
                Golden.AssertClose(numbers[i], actual[i], 1e-9, 1e-12, $"{column} of {i}");
            }
        }
        Assert.Equal(expected.Text("quadrant"), result.Quadrants.Select(Short));
    }

    [GoldenFact("edge_cases", "Local Moran")]
    public void Without_spread_or_neighbors_it_is_undefined()
    {
        var edge = Golden.EdgeCases("Local Moran", 2)[0];
        var constant = LocalMoran.Compute(Golden.Numbers(edge.GetProperty("values")), Path(3));
        Assert.All(constant.I, i => Assert.True(double.IsNaN(i)));
        Assert.All(constant.Undefined, reason => Assert.Equal(UndefinedReason.NoSpread, reason));

        var island = LocalMoran.Compute([1, 5, 2, 7], SpatialWeights.FromNeighborLists([[1], [0, 2], [1], []]));
        Assert.Equal((0.0, Quadrant.None, UndefinedReason.NoNeighbor), (island.I[3], island.Quadrants[3], island.Undefined[3]));
        Assert.True(double.IsNaN(island.P[3]));
    }

    [Fact]
    public void Four_units_in_a_row_worked_by_hand()
    {
        // Values 1 2 4 5: mean 3, deviations -2 -1 1 2, m2 = 2.5. Unit 0: lag -1, I = -2 / 2.5 * -1. Unit 1: lag (-2 + 1) / 2, I = -1 / 2.5 * -0.5.
        var result = LocalMoran.Compute([1, 2, 4, 5], Path(4));
        Assert.Equal([0.8, 0.2, 0.2, 0.8], result.I, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([Quadrant.LowLow, Quadrant.LowLow, Quadrant.HighHigh, Quadrant.HighHigh], result.Quadrants);
        Assert.Equal(Quadrant.None, result.SignificantQuadrant(0, 0.05));
        Assert.Equal(Quadrant.LowLow, result.SignificantQuadrant(0, 1));
        Assert.Equal(UndefinedReason.ValueIsMean, LocalMoran.Compute([1, 2, 3], Path(3)).Undefined[1]);
        Assert.Throws<ArgumentException>(() => LocalMoran.Compute([1, 2], Path(3)));
    }

    private static SpatialWeights Path(int n)
        => SpatialWeights.FromNeighborLists([.. Enumerable.Range(0, n).Select(i => new[] { i - 1, i + 1 }.Where(j => j >= 0 && j < n).ToArray())]);

    private static string Short(Quadrant quadrant) => quadrant switch
    {
        Quadrant.HighHigh => "HH",
        Quadrant.LowLow => "LL",
        Quadrant.HighLow => "HL",
        Quadrant.LowHigh => "LH",
        _ => "",
    };
}
