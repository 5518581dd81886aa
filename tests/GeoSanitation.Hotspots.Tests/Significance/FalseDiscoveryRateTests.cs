using CsCheck;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Significance;

public class FalseDiscoveryRateTests
{
    [GoldenFact("fdr/fdr_bh")]
    public void Families_equal_statsmodels_and_R()
    {
        var families = Golden.Case("fdr/fdr_bh").GetProperty("families").EnumerateObject().ToList();
        Assert.Equal(6, families.Count);
        foreach (var family in families)
        {
            var p = Golden.Numbers(family.Value.GetProperty("p"));
            var q = FalseDiscoveryRate.Adjust(p);
            var expected = Golden.Numbers(family.Value.GetProperty("bh_adjusted"));
            for (var i = 0; i < p.Length; i++)
            {
                Golden.AssertClose(expected[i], q[i], 0, 1e-12, $"{family.Name} {i}");
            }
            foreach (var alpha in new[] { "0.1", "0.05", "0.01" })
            {
                var critical = family.Value.GetProperty($"critical_p_{alpha}");
                var rate = double.Parse(alpha);
                Assert.Equal(critical.ValueKind == System.Text.Json.JsonValueKind.Null ? null : critical.GetDouble(), FalseDiscoveryRate.CriticalP(p, rate));
                Assert.Equal(family.Value.GetProperty($"rejected_{alpha}").GetInt32(), q.Count(v => v <= rate));
            }
        }
    }

    [GoldenFact("edge_cases", "FDR")]
    public void Edge_cases_are_as_defined()
    {
        foreach (var edge in Golden.EdgeCases("FDR", 3))
        {
            Assert.Equal(Golden.Numbers(edge.GetProperty("adjusted")), FalseDiscoveryRate.Adjust(Golden.Numbers(edge.GetProperty("p"))));
        }
    }

    [Fact]
    public void The_step_goes_up_past_a_failure_worked_by_hand()
    {
        // m = 4: thresholds at 0.05 are 0.0125, 0.025, 0.0375, 0.05. The second p fails its own, the third meets its own: all three stand.
        double[] p = [0.01, 0.03, 0.035, 0.5];
        Assert.Equal(0.035, FalseDiscoveryRate.CriticalP(p, 0.05));
        Assert.Equal([0.04, 0.14 / 3, 0.14 / 3, 0.5], FalseDiscoveryRate.Adjust(p), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Q_is_never_below_p_and_keeps_its_order()
    {
        Gen.Double[0, 1].Array[0, 50].Sample(p =>
        {
            var q = FalseDiscoveryRate.Adjust(p);
            for (var i = 0; i < p.Length; i++)
            {
                Assert.InRange(q[i], p[i] * (1 - 1e-15), 1);
                Assert.All(Enumerable.Range(0, p.Length), j => Assert.True(p[i] > p[j] || q[i] <= q[j]));
            }
        }, iter: 30);
    }

    [Fact]
    public void The_critical_z_parts_what_q_parts()
    {
        Gen.Select(Gen.OneOf(Gen.Double[-3, 3], Gen.Double[-9, 60], Gen.Int[-4, 4].Select(k => (double)k), Gen.Const(double.NaN)).Array[0, 400], Gen.Double[0.001, 0.5]).Sample((z, alpha) =>
        {
            var q = FalseDiscoveryRate.Adjust(Array.ConvertAll(z, Normal.TwoSidedP));
            var critical = FalseDiscoveryRate.CriticalZ(z, alpha);
            for (var i = 0; i < z.Length; i++)
            {
                Assert.Equal(q[i] <= alpha, Math.Abs(z[i]) >= critical);
            }
        });
    }

    [Fact]
    public void Values_outside_zero_to_one_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FalseDiscoveryRate.Adjust([1.1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FalseDiscoveryRate.CriticalP([0.1], 0));
    }
}
