using CsCheck;
using Xunit;

namespace GeoSanitation.Coordinates;

public class Bd09Tests
{
    [Fact]
    public void The_formula_gives_the_value_that_others_publish()
    {
        // wandergis/coordtransform, test of gcj02tobd09.
        var bd = Bd09.FromGcj02(new LonLat(116.404, 39.915));
        Assert.Equal(116.41036949371029, bd.LonDegrees, 1e-12);
        Assert.Equal(39.92133699351021, bd.LatDegrees, 1e-12);
    }

    [Fact]
    public void The_inverse_of_the_formula_is_exact()
        => Places.InChina.Sample(gcj => Assert.True(Places.Meters(gcj, Bd09.ToGcj02(Bd09.FromGcj02(gcj))) < 1e-4), iter: 20_000);

    [Fact]
    public void Every_place_in_the_polygon_makes_the_round_trip_to_a_tenth_of_a_millimeter()
        => Places.InChina.Sample(place => Assert.True(Places.Meters(place, Bd09.ToWgs84(Bd09.FromWgs84(place))) < 1e-4), iter: 20_000);

    [Fact]
    public void It_is_GCJ_02_moved_once_more()
    {
        var place = new LonLat(116.4074, 39.9042);
        Assert.Equal(Bd09.FromGcj02(Gcj02.FromWgs84(place)), Bd09.FromWgs84(place));
        Assert.InRange(Places.Meters(Gcj02.FromWgs84(place), Bd09.FromWgs84(place)), 600, 1200);
    }
}
