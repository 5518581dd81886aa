using GeoSanitation.Hotspots.Significance;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Significance;

public class MonteCarloTests
{
    [GoldenFact("edge_cases", "Monte Carlo")]
    public void Edge_cases_are_as_defined()
    {
        foreach (var edge in Golden.EdgeCases("Monte Carlo", 1))
        {
            double[] simulated = [.. Golden.Numbers(edge.GetProperty("simulated")).Order()];
            Assert.Equal(edge.GetProperty("p").GetDouble(), MonteCarlo.P(simulated, edge.GetProperty("observed").GetDouble()));
        }
    }

    [Fact]
    public void A_tie_counts_against_and_p_is_never_0()
    {
        Assert.Equal(1.0 / 4, MonteCarlo.P([1, 2, 3], 4));
        Assert.Equal(2.0 / 4, MonteCarlo.P([1, 2, 3], 3));
        Assert.Equal(2.0 / 4, MonteCarlo.P([1, 2, 3 * (1 - 1e-12)], 3));
        Assert.Equal(1, MonteCarlo.P([1, 2, 3], 0));
        Assert.True(double.IsNaN(MonteCarlo.P([], 3)));
    }
}
