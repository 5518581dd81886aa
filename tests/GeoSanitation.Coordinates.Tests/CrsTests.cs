using CsCheck;
using Xunit;

namespace GeoSanitation.Coordinates;

public class CrsTests
{
    private static readonly Gen<double> AnyDouble = Gen.OneOf(
        Gen.Double, Gen.Double[-1e8, 1e8], Gen.Double[-200, 200],
        Gen.OneOf(0, -0.0, 90, -90, 180, -180, 1e308, double.NaN, double.PositiveInfinity, double.NegativeInfinity));

    [Fact]
    public void There_and_back_is_the_same_place_in_every_system()
        => Gen.Select(Gen.OneOf([.. CrsRegistry.All]), Gen.Double[73.6, 134.7], Gen.Double[-5, 53], Gen.Double[-3, 3])
            .Sample((crs, lon, lat, offAxis) =>
            {
                var place = crs.IsGeographic || crs == CrsRegistry.WebMercator ? new LonLat(lon, lat)
                    : crs.EpsgCode == 2249 ? new LonLat(-71.5 + offAxis, 42)
                    : crs.EpsgCode == 3435 ? new LonLat(-88.3 + offAxis, 41)
                    : new LonLat(Math.IEEERemainder(Places.Meridian(crs) + offAxis, 360), lat);
                if (Places.IsAtTheEdgeOfChina(place))
                {
                    return;
                }

                var (x, y) = crs.FromLonLat(place);
                var back = crs.ToLonLat(x, y);
                Assert.True(Places.Meters(place, back) < 1e-4, $"{crs}: {place} came back as {back}");
            }, iter: 20_000);

    [Fact]
    public void Many_points_at_once_are_each_point_alone()
        => Gen.Select(Gen.OneOf([.. CrsRegistry.All]), Gen.Select(AnyDouble, AnyDouble).Array[0, 40]).Sample((crs, points) =>
        {
            double[] x = [.. points.Select(point => point.Item1)], y = [.. points.Select(point => point.Item2)];
            double[] lon = new double[x.Length], lat = new double[x.Length], east = new double[x.Length], north = new double[x.Length];
            crs.ToLonLat(x, y, lon, lat);
            crs.FromLonLat(x, y, east, north);
            for (int i = 0; i < x.Length; i++)
            {
                Assert.Equal(crs.ToLonLat(x[i], y[i]), new LonLat(lon[i], lat[i]));
                Assert.Equal(crs.FromLonLat(new LonLat(x[i], y[i])), (east[i], north[i]));
            }
        }, iter: 2_000);

    [Fact]
    public void Any_number_gives_a_place_or_NaN_and_never_an_exception()
        => Gen.Select(Gen.OneOf([.. CrsRegistry.All]), AnyDouble, AnyDouble).Sample((crs, x, y) =>
        {
            var place = crs.ToLonLat(x, y);
            Assert.True(place.IsValid || (double.IsNaN(place.LonDegrees) && double.IsNaN(place.LatDegrees)), $"{crs} {x} {y}: {place}");
            var (east, north) = crs.FromLonLat(new LonLat(x, y));
            Assert.Equal(double.IsFinite(east), double.IsFinite(north));
            Assert.True(double.IsFinite(east) || double.IsNaN(east), $"{crs} {x} {y}: {east} {north}");
            Assert.True(new LonLat(x, y).IsValid || double.IsNaN(east), $"{crs} {x} {y}: {east} {north}");
        }, iter: 20_000);

    [Theory]
    [InlineData("EPSG:3857", 180, 10)]
    [InlineData("EPSG:3857", -180, 10)]
    [InlineData("EPSG:32660", 180, 10)]
    [InlineData("EPSG:32650", 117, 90)]
    [InlineData("EPSG:32650", 117, -90)]
    public void The_antimeridian_and_the_poles_come_back(string name, double lon, double lat)
    {
        var crs = CrsRegistry.Find(name);
        var (x, y) = crs.FromLonLat(new LonLat(lon, lat));
        var back = crs.ToLonLat(x, y);
        Assert.Equal(lat, back.LatDegrees, 9);
        Assert.Equal(Math.Abs(lon), Math.Abs(back.LonDegrees), 9);
    }

    [Theory]
    [InlineData("EPSG:3857", 10, 90)]
    [InlineData("EPSG:2249", 10, -90)]
    [InlineData("EPSG:32650", -60, 20)]
    public void A_place_the_plane_cannot_show_is_NaN(string name, double lon, double lat)
        => Assert.Equal((double.NaN, double.NaN), CrsRegistry.Find(name).FromLonLat(new LonLat(lon, lat)));

    [Fact]
    public void Input_and_output_may_share_memory()
    {
        double[] x = [113.9, 114.1], y = [22.55, 30];
        var crs = CrsRegistry.Find("EPSG:4547");
        var expected = (crs.FromLonLat(new LonLat(x[0], y[0])), crs.FromLonLat(new LonLat(x[1], y[1])));
        crs.FromLonLat(x, y, x, y);
        Assert.Equal(expected, ((x[0], y[0]), (x[1], y[1])));
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
        => Assert.Throws<ArgumentException>(() => CrsRegistry.Wgs84.ToLonLat(new double[2], new double[2], new double[2], new double[1]));

    [Fact]
    public void One_system_serves_many_threads()
    {
        var crs = CrsRegistry.Find("EPSG:2249");
        var expected = crs.FromLonLat(new LonLat(-71.06, 42.36));
        Parallel.For(0, 10_000, i =>
        {
            Assert.Equal(expected, crs.FromLonLat(new LonLat(-71.06, 42.36)));
            Assert.Equal(42.36, crs.ToLonLat(expected.X, expected.Y).LatDegrees, 9);
        });
    }
}
