using CsCheck;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.LocalStatistics;

public class GiStarTests
{
    [SharedTheory("golden/gistar")]
    [GoldenCases("gistar/")]
    public void Z_p_q_and_classes_equal_spdep(string name)
    {
        var parameters = Golden.Case(name);
        var expected = Golden.Table(name, "expected.csv");
        var (values, x, y) = Units(name, parameters);
        var neighbors = Golden.Table(name, "neighbours.csv");
        var weights = FromPairs(values.Length, neighbors.Whole("i"), neighbors.Whole("j"));
        if (parameters.TryGetProperty("band_m", out var band))
        {
            AssertSameNeighbors(weights, DistanceBand.Build(new Points(x, y), band.GetDouble()));
        }
        var result = GiStar.Compute(values, weights);
        Golden.AssertClose(parameters.GetProperty("mean").GetDouble(), result.Mean, 1e-9);
        Golden.AssertClose(parameters.GetProperty("S_population").GetDouble(), result.Deviation, 1e-9);
        Assert.Equal(expected.Whole("n_neighbours_incl_self"), result.NeighborCounts);
        var (z, p, q) = (expected.Numbers("gi_star_z"), expected.Numbers("p_two_sided"), expected.Numbers("p_bh"));
        for (var i = 0; i < values.Length; i++)
        {
            Golden.AssertClose(z[i], result.Z[i], 1e-9, 1e-12, $"z of {i}");
            Golden.AssertClose(p[i], result.P[i], 1e-9, 0, $"p of {i}");
            Golden.AssertClose(q[i], result.Q[i], 1e-9, 0, $"q of {i}");
        }
        Assert.Equal(expected.Whole("bin_no_fdr"), Enumerable.Range(0, values.Length).Select(i => result.ClassOf(i, corrected: false)));
        Assert.Equal(expected.Whole("bin_fdr"), Enumerable.Range(0, values.Length).Select(i => result.ClassOf(i)));
    }

    [GoldenFact("edge_cases", "Gi*")]
    public void Edge_cases_are_as_defined()
    {
        var cases = Golden.EdgeCases("Gi*", 4);

        var constant = GiStar.Compute(Golden.Numbers(cases[0].GetProperty("values")), Ring(4));
        Assert.All(constant.Z, z => Assert.True(double.IsNaN(z)));
        Assert.All(constant.Undefined, reason => Assert.Equal(UndefinedReason.NoSpread, reason));

        var everyone = GiStar.Compute(Golden.Numbers(cases[1].GetProperty("values")), FromPairs(3, [0, 0, 1, 1, 2, 2], [1, 2, 0, 2, 0, 1]));
        Assert.All(everyone.Undefined, reason => Assert.Equal(UndefinedReason.EveryoneIsNeighbor, reason));
        Assert.All(everyone.P, p => Assert.True(double.IsNaN(p)));

        var alone = GiStar.Compute(Golden.Numbers(cases[2].GetProperty("values")), FromPairs(4, [0, 1], [1, 0]));
        Golden.AssertClose(cases[2].GetProperty("z").GetDouble(), alone.Z[3], 1e-12);

        var single = GiStar.Compute(Golden.Numbers(cases[3].GetProperty("values")), FromPairs(1, [], []));
        Assert.Equal(UndefinedReason.TooFewUnits, single.Undefined[0]);
        Assert.Equal(0, single.ClassOf(0));
    }

    [Fact]
    public void Five_units_in_a_row_worked_by_hand()
    {
        // x = 1 2 3 4 5: mean 3, S^2 = 2. Unit 4 and its neighbor: sum of deviations 1 + 2 = 3, W = W2 = 2, so
        // z = 3 / (sqrt 2 sqrt((5 * 2 - 4) / 4)) = 3 / sqrt 3.
        var result = GiStar.Compute([1, 2, 3, 4, 5], FromPairs(5, [0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3]));
        Assert.Equal(Math.Sqrt(3), result.Z[4], 1e-14);
        Assert.Equal(0.083264516663550402, result.P[4], 1e-15);
        Assert.Equal(0, result.Z[2], 1e-14);
        Assert.Equal(2, result.NeighborCounts[4]);
    }

    [Fact]
    public void No_units_give_no_results() => Assert.Empty(GiStar.Compute([], FromPairs(0, [], [])).Z);

    [Fact]
    public void Values_that_are_not_finite_and_unequal_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => GiStar.Compute([1, double.NaN, 2], FromPairs(3, [], [])));
        Assert.Throws<ArgumentException>(() => GiStar.Compute([1, 2], FromPairs(3, [], [])));
    }

    [Fact]
    public void Adding_and_multiplying_the_values_leaves_z_and_negating_turns_it()
    {
        Gen.Int[0, 20].Array[3, 40].Where(v => v.Distinct().Count() > 1).Sample(counts =>
        {
            var values = counts.Select(c => (double)c).ToArray();
            var weights = Ring(values.Length);
            var z = GiStar.Compute(values, weights).Z;
            var scaled = GiStar.Compute([.. values.Select(v => 3 * v + 1000)], weights).Z;
            var negated = GiStar.Compute([.. values.Select(v => -v)], weights).Z;
            for (var i = 0; i < z.Length; i++)
            {
                Golden.AssertClose(z[i], scaled[i], 1e-9, 1e-9);
                Golden.AssertClose(z[i], -negated[i], 1e-12, 1e-12);
            }
        });
    }

    [Fact]
    public void Weights_of_one_given_explicitly_change_nothing()
    {
        var binary = GiStar.Compute([1, 5, 2, 8, 3, 3], Ring(6));
        var weighted = GiStar.Compute([1, 5, 2, 8, 3, 3], new SpatialWeights([0, 2, 4, 6, 8, 10, 12], [1, 5, 0, 2, 1, 3, 2, 4, 3, 5, 0, 4], [.. Enumerable.Repeat(1.0, 12)]));
        Assert.Equal(binary.Z, weighted.Z);
    }

    internal static SpatialWeights FromPairs(int n, int[] i, int[] j)
    {
        var lists = Enumerable.Range(0, n).Select(_ => new List<int>()).ToArray();
        for (var k = 0; k < i.Length; k++)
        {
            lists[i[k]].Add(j[k]);
        }
        return SpatialWeights.FromNeighborLists(lists);
    }

    internal static void AssertSameNeighbors(SpatialWeights expected, SpatialWeights actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected.NeighborsOf(i).ToArray(), actual.NeighborsOf(i).ToArray());
        }
    }

    internal static (double[] Values, double[] X, double[] Y) Units(string name, System.Text.Json.JsonElement parameters)
    {
        if (parameters.TryGetProperty("value_column", out var column))
        {
            var units = Golden.Table("polygons/nc_sids", "units.csv");
            return (units.Numbers(column.GetString()!), units.Numbers("cx"), units.Numbers("cy"));
        }
        var cells = Golden.Table(name, "cells.csv");
        return (cells.Numbers("value"), cells.Numbers("x"), cells.Numbers("y"));
    }

    private static SpatialWeights Ring(int n)
        => SpatialWeights.FromNeighborLists([.. Enumerable.Range(0, n).Select(i => new[] { (i + 1) % n, (i + n - 1) % n })]);
}
