using Xunit;

namespace GeoSanitation.Coordinates;

public class GeodesicTests
{
    // From PROJ's geod.
    [Theory]
    [InlineData(0, 0, 1, 0, 111319.4908)]
    [InlineData(0, 0, 0, 1, 110574.3886)]
    [InlineData(112.68, 32.43, 112.69, 32.44, 1454.0257)]
    [InlineData(-71.06, 42.36, 113.9, 30.9, 11876623.7372)]
    public void A_distance_is_that_of_PROJ(double lon1, double lat1, double lon2, double lat2, double meters)
        => Assert.Equal(meters, Geodesic.Meters(new LonLat(lon1, lat1), new LonLat(lon2, lat2)), 0.001);

    [Fact]
    public void A_place_is_no_distance_from_itself() => Assert.Equal(0, Geodesic.Meters(new LonLat(112.68, 32.43), new LonLat(112.68, 32.43)));

    [Fact]
    public void Opposite_sides_of_the_earth_are_far_apart() => Assert.InRange(Geodesic.Meters(new LonLat(0, 0), new LonLat(179.9, 0.1)), 19_900_000, 20_100_000);
}
