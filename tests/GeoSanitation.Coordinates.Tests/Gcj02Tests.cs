using CsCheck;
using Xunit;

namespace GeoSanitation.Coordinates;

public class Gcj02Tests
{
    // The first three are in the tests of googollee/eviltransform, which takes another earth radius (hence 1e-7), the last in those of
    // wandergis/coordtransform.
    [Theory]
    [InlineData(121.5272106, 31.1774276, 121.531541859215, 31.17530398364597, 1e-7)]
    [InlineData(113.912316, 22.543847, 113.9171764808363, 22.540796131694766, 1e-7)]
    [InlineData(116.377817, 39.911954, 116.38404722455657, 39.91334545536069, 1e-7)]
    [InlineData(116.404, 39.915, 116.41024449916938, 39.91640428150164, 1e-13)]
    public void Shanghai_Shenzhen_and_Beijing_are_where_others_put_them(double lon, double lat, double gcjLon, double gcjLat, double degrees)
    {
        var gcj = Gcj02.FromWgs84(new LonLat(lon, lat));
        Assert.Equal(gcjLon, gcj.LonDegrees, degrees);
        Assert.Equal(gcjLat, gcj.LatDegrees, degrees);
    }

    [Theory]
    [InlineData("Beijing", 116.4074, 39.9042)]
    [InlineData("Shanghai", 121.4737, 31.2304)]
    [InlineData("Guangzhou", 113.2644, 23.1291)]
    [InlineData("Chengdu", 104.0668, 30.5728)]
    [InlineData("Hangzhou", 120.1551, 30.2741)]
    [InlineData("Renshou", 104.1340, 29.9955)]
    [InlineData("Harbin", 126.6424, 45.7567)]
    public void The_shift_of_a_city_is_some_hundreds_of_meters(string city, double lon, double lat)
    {
        var place = new LonLat(lon, lat);
        double meters = Places.Meters(place, Gcj02.FromWgs84(place));
        Assert.True(meters is > 250 and < 750, $"{city}: {meters} m");
    }

    [Fact]
    public void Every_place_in_the_polygon_makes_the_round_trip_to_a_tenth_of_a_millimeter()
        => Places.InChina.Sample(place => Assert.True(Places.Meters(place, Gcj02.ToWgs84(Gcj02.FromWgs84(place))) < 1e-4), iter: 20_000);

    [Fact]
    public void Every_GCJ_02_coordinate_away_from_the_edge_makes_the_round_trip_the_other_way()
        => Places.InChina.Where(gcj => !Places.IsAtTheEdgeOfChina(gcj))
            .Sample(gcj => Assert.True(Places.Meters(gcj, Gcj02.FromWgs84(Gcj02.ToWgs84(gcj))) < 1e-4), iter: 5_000);

    [Fact]
    public void Every_place_outside_farther_than_one_shift_from_the_edge_is_left_alone_both_ways()
        => Gen.Select(Gen.Double[-180, 180], Gen.Double[-90, 90], (lon, lat) => new LonLat(lon, lat))
            .Where(place => !MainlandChina.Contains(place) && !Places.IsAtTheEdgeOfChina(place))
            .Sample(place =>
            {
                Assert.Equal(place, Gcj02.FromWgs84(place));
                Assert.Equal(place, Gcj02.ToWgs84(place));
                Assert.Equal(place, Bd09.FromWgs84(place));
                Assert.Equal(place, Bd09.ToWgs84(place));
            }, iter: 20_000);

    [Fact]
    public void Beyond_the_coast_the_place_inside_wins_where_a_coordinate_has_two_places()
    {
        // The shift goes east here: a place just outside the eastern edge shares its coordinate with one inside.
        var outside = new LonLat(EdgesAt(latDegrees: 30).East + 0.001, 30);
        Assert.Equal(outside, Gcj02.FromWgs84(outside));

        var inside = Gcj02.ToWgs84(outside);
        Assert.True(MainlandChina.Contains(inside));
        Assert.InRange(Places.Meters(outside, inside), 100, 1000);
        Assert.InRange(Places.Meters(outside, Gcj02.FromWgs84(inside)), 0, 1e-4);
    }

    [Fact]
    public void A_coordinate_that_no_place_has_is_left_alone()
    {
        // Just inside a western edge: the shift moved every place inside away from it.
        var nobody = new LonLat(EdgesAt(latDegrees: 38).West + 0.0005, 38);
        Assert.True(MainlandChina.Contains(nobody));
        Assert.Equal(nobody, Gcj02.ToWgs84(nobody));
    }

    [Fact]
    public void Neighbors_stay_neighbors()
        => Gen.Select(Places.InChina, Gen.Double[-1e-4, 1e-4], Gen.Double[-1e-4, 1e-4])
            .Where((place, east, north) => MainlandChina.Contains(new LonLat(place.LonDegrees + east, place.LatDegrees + north)))
            .Sample((place, east, north) =>
            {
                var other = new LonLat(place.LonDegrees + east, place.LatDegrees + north);
                double before = Places.Meters(place, other);
                double after = Places.Meters(Gcj02.FromWgs84(place), Gcj02.FromWgs84(other));
                // At 105 degrees east the shift has the kink of a square root, of 0.1 m to the east and 0.2 m to the north for the root of a degree.
                double kink = 1e-6 + Math.Sqrt(0.05 * Math.Abs(east));
                Assert.InRange(after, before * 0.98 - kink, before * 1.02 + kink);
            }, iter: 5_000);

    private static (double West, double East) EdgesAt(double latDegrees)
    {
        double[] inside = [.. Enumerable.Range(0, 700_000).Select(i => 73 + i * 1e-4).Where(lon => MainlandChina.Contains(new LonLat(lon, latDegrees)))];
        return (inside[0], inside[^1]);
    }
}
