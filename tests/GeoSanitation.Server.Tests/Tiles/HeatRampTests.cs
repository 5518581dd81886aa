using GeoSanitation.Server.Tiles;
using Xunit;

namespace GeoSanitation.Server.Tests.Tiles;

public class HeatRampTests
{
    [Fact]
    public void Many_densities_have_the_positions_of_each_by_itself()
    {
        var random = new Random(3);
        for (var n = 0; n <= 1024; n++)
        {
            var densities = Enumerable.Range(0, n).Select(i => i % 9 == 0 ? -1e-18 : i % 9 == 1 ? 5e6 : 4e6 * random.NextDouble()).ToArray();
            var positions = new byte[n];
            HeatRamp.IndexesOf(densities, 0.25e-6, positions);
            Assert.Equal(densities.Select(d => HeatRamp.IndexOf(d * 0.25e-6)), positions);
        }
    }
}
