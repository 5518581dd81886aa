using GeoSanitation.Hotspots.Significance;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Significance;

public class NormalTests
{
    // Values of erfc computed with 50 digits.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.1, 0.88753708398171510159)]
    [InlineData(0.46875, 0.507386526782062)]
    [InlineData(0.5, 0.47950012218695346232)]
    [InlineData(1, 0.15729920705028513066)]
    [InlineData(2, 0.0046777349810472658379)]
    [InlineData(4, 1.5417257900280018852e-8)]
    [InlineData(5, 1.5374597944280348502e-12)]
    [InlineData(10, 2.0884875837625447570e-45)]
    [InlineData(26, 5.6631924088561428464e-296)]
    [InlineData(-1, 1.8427007929497148693)]
    [InlineData(-0.1, 1.1124629160182848984)]
    [InlineData(40, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(double.NegativeInfinity, 2)]
    public void Erfc_is_accurate_far_into_the_tail(double x, double expected) => Golden.AssertClose(expected, Normal.Erfc(x), 4e-15, 0, $"erfc({x})");

    [Fact]
    public void P_counts_both_tails()
    {
        Golden.AssertClose(0.05, Normal.TwoSidedP(1.959963984540054), 1e-14);
        Golden.AssertClose(0.05, Normal.TwoSidedP(-1.959963984540054), 1e-14);
        Assert.Equal(1, Normal.TwoSidedP(0));
        Assert.True(Normal.TwoSidedP(20) > 0);
        Assert.True(double.IsNaN(Normal.TwoSidedP(double.NaN)));
    }
}
