using GeoSanitation.Hotspots.Significance;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Significance;

public class HotspotClassTests
{
    [Theory]
    [InlineData(4, 0.001, 3)]
    [InlineData(4, 0.01, 3)]
    [InlineData(2, 0.05, 2)]
    [InlineData(1.7, 0.1, 1)]
    [InlineData(1.6, 0.1000001, 0)]
    [InlineData(-3, 0.002, -3)]
    [InlineData(-2, 0.04, -2)]
    [InlineData(-1.7, 0.09, -1)]
    [InlineData(double.NaN, double.NaN, 0)]
    public void The_class_follows_p_and_the_sign_of_z(double z, double p, int expected) => Assert.Equal(expected, HotspotClass.Of(z, p));
}
