using CsCheck;
using GeoSanitation.Hotspots.Emerging;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Emerging;

public class MannKendallTests
{
    [GoldenFact("mannkendall/mk_series")]
    public void Series_equal_scipy_and_R()
    {
        var series = Golden.Case("mannkendall/mk_series").GetProperty("series").EnumerateObject().ToList();
        Assert.Equal(16, series.Count);
        foreach (var one in series)
        {
            var x = Golden.Numbers(one.Value.GetProperty("x"));
            var result = MannKendall.Test(x);
            Assert.Equal(one.Value.GetProperty("S").GetDouble(), result.S);
            Golden.AssertClose(one.Value.GetProperty("var_S").GetDouble(), result.Variance, 1e-10, 0, one.Name);
            Golden.AssertClose(one.Value.GetProperty("z").GetDouble(), result.Z, 1e-10, 0, one.Name);
            // For one value this case says 1 and the edge cases say undefined; both mean not significant, and undefined it is here.
            Golden.AssertClose(x.Length < 2 ? double.NaN : one.Value.GetProperty("p_two_sided").GetDouble(), result.P, 0, 1e-12, one.Name);
            Assert.Equal(0, x.Length < 2 ? result.Trend(1) : 0);
            if (one.Value.TryGetProperty("sen_slope", out var slope))
            {
                Golden.AssertClose(slope.GetDouble(), MannKendall.SenSlope(x), 1e-10, 1e-15, one.Name);
                Golden.AssertClose(one.Value.GetProperty("tau_b_scipy").GetDouble(), result.TauB, 1e-10, 0, one.Name);
            }
        }
    }

    [GoldenFact("mannkendall/mk_panel")]
    public void A_panel_of_series_equals_scipy_and_R()
    {
        var table = Golden.Table("mannkendall/mk_panel", "series.csv");
        var expected = Golden.Table("mannkendall/mk_panel", "expected.csv");
        var columns = table.Names.Skip(1).Select(table.Numbers).ToArray();
        for (var i = 0; i < expected.Count; i++)
        {
            var result = MannKendall.Test([.. columns.Select(c => c[i])]);
            Assert.Equal(expected.Numbers("S")[i], result.S);
            Golden.AssertClose(expected.Numbers("var_S")[i], result.Variance, 1e-10);
            Golden.AssertClose(expected.Numbers("z")[i], result.Z, 1e-10);
            Golden.AssertClose(expected.Numbers("p_two_sided")[i], result.P, 0, 1e-12);
            Golden.AssertClose(expected.Numbers("tau_b_scipy")[i], result.TauB, 1e-12);
        }
    }

    [GoldenFact("edge_cases", "Mann-Kendall")]
    public void Edge_cases_are_as_defined()
    {
        foreach (var edge in Golden.EdgeCases("Mann-Kendall", 3))
        {
            var result = MannKendall.Test(Golden.Numbers(edge.GetProperty("x")));
            Assert.Equal(edge.GetProperty("S").GetDouble(), result.S);
            Golden.AssertClose(Optional(edge, "p"), result.P, 0);
        }
    }

    [Fact]
    public void Four_rising_values_worked_by_hand()
    {
        // S = 6, variance 4 * 3 * 13 / 18 = 26 / 3, z = 5 / sqrt(26 / 3).
        var result = MannKendall.Test([1, 2, 3, 4]);
        Assert.Equal((6L, 26.0 / 3, 1.0), (result.S, result.Variance, result.TauB));
        Assert.Equal(5 / Math.Sqrt(26.0 / 3), result.Z, 1e-15);
        Assert.Equal(1, result.Trend(0.10));
        Assert.Equal(0, MannKendall.Test([1, 2, 3]).Trend(0.99));
        Assert.Equal(1, MannKendall.SenSlope([1, 2, 3, 4]));
        Assert.True(double.IsNaN(MannKendall.SenSlope([1])));
        Assert.Throws<ArgumentException>(() => MannKendall.Test([1, double.NaN]));
    }

    [Fact]
    public void Backwards_the_trend_turns()
    {
        Gen.Int[0, 5].Array[2, 30].Sample(counts =>
        {
            var forwards = MannKendall.Test([.. counts.Select(c => (double)c)]);
            var backwards = MannKendall.Test([.. counts.Reverse().Select(c => (double)c)]);
            Assert.Equal((forwards.S, forwards.Variance, forwards.Z, forwards.P), (-backwards.S, backwards.Variance, -backwards.Z, backwards.P));
        });
    }

    [Fact]
    public void Many_series_at_a_time_give_what_each_gives_alone()
    {
        // Values of 15, 31 and more bits, and series up to a length that no longer fits the narrowest sums.
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 40], Gen.OneOf(Gen.Const(0), Gen.Const(12), Gen.Const(28), Gen.Const(50)), Gen.Int[-4, 4].Array[60 * 40]).Sample((steps, count, shift, values) =>
        {
            var all = values.Take(steps * count).Select(v => (long)v << shift).ToArray();
            var results = new MannKendallResult[count];
            MannKendall.TestEach(all, steps, results);
            for (var i = 0; i < count; i++)
            {
                Assert.Equal(MannKendall.Test([.. all.Skip(i * steps).Take(steps).Select(v => (double)v)]), results[i]);
            }
        });
    }

    private static double Optional(System.Text.Json.JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.Number ? value.GetDouble() : double.NaN;
}
