using Xunit;

namespace GeoSanitation.Coordinates;

public class BboxTests
{
    private static readonly Bbox Fiji = new(176, -20, -178, -15);

    [Theory]
    [InlineData(178, -17, true)]
    [InlineData(-179, -17, true)]
    [InlineData(180, -17, true)]
    [InlineData(-180, -20, true)]
    [InlineData(0, -17, false)]
    [InlineData(178, -21, false)]
    [InlineData(double.NaN, -17, false)]
    public void A_box_over_the_antimeridian_contains(double lon, double lat, bool expected)
        => Assert.Equal(expected, Fiji.Contains(new LonLat(lon, lat)));

    [Theory]
    [InlineData(10, 20, true)]
    [InlineData(12, 21, true)]
    [InlineData(12.1, 21, false)]
    [InlineData(11, 19.9, false)]
    public void Edges_belong_to_a_box(double lon, double lat, bool expected)
        => Assert.Equal(expected, new Bbox(10, 20, 12, 21).Contains(new LonLat(lon, lat)));

    [Theory]
    [InlineData(-180, -20, -179, -15, true)]
    [InlineData(170, -20, 176, -15, true)]
    [InlineData(170, -20, 175, -15, false)]
    [InlineData(-170, -20, 170, -15, false)]
    [InlineData(-180, -90, 180, 90, true)]
    [InlineData(179, -16, -175, 0, true)]
    [InlineData(177, -10, 178, 0, false)]
    public void Boxes_intersect_over_the_antimeridian_too(double west, double south, double east, double north, bool expected)
    {
        var other = new Bbox(west, south, east, north);
        Assert.Equal(expected, Fiji.Intersects(other));
        Assert.Equal(expected, other.Intersects(Fiji));
    }

    [Fact]
    public void The_center_of_a_box_over_the_antimeridian_is_in_it()
    {
        Assert.Equal(new LonLat(179, -17.5), Fiji.Center);
        Assert.Equal(new LonLat(-178.5, 0.5), new Bbox(179, 0, -176, 1).Center);
        Assert.Equal(new LonLat(0, 0), Bbox.World.Center);
    }
}
