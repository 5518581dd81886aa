using Xunit;

namespace GeoSanitation.Coordinates;

public class CrsRegistryTests
{
    [Theory]
    [InlineData("EPSG:4547", "EPSG:4547")]
    [InlineData("epsg:4547", "EPSG:4547")]
    [InlineData(" 4547 ", "EPSG:4547")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4490", "EPSG:4490")]
    [InlineData("https://www.opengis.net/def/crs/EPSG/9.9.1/4490", "EPSG:4490")]
    [InlineData("urn:ogc:def:crs:EPSG::4547", "EPSG:4547")]
    [InlineData("urn:ogc:def:crs:EPSG:6.9:4326", "EPSG:4326")]
    [InlineData("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "CRS84")]
    [InlineData("urn:ogc:def:crs:OGC:1.3:CRS84", "CRS84")]
    [InlineData("urn:ogc:def:crs:OGC::CRS84", "CRS84")]
    [InlineData("CRS:84", "CRS84")]
    [InlineData("OGC:CRS84", "CRS84")]
    [InlineData("crs84", "CRS84")]
    [InlineData("gcj-02", "GCJ02")]
    [InlineData("GCJ02", "GCJ02")]
    [InlineData("BD-09", "BD09")]
    [InlineData("bd09", "BD09")]
    public void A_system_is_found_by_any_of_its_names(string name, string expected)
        => Assert.Equal(expected, CrsRegistry.Find(name).Name);

    [Theory]
    [InlineData("")]
    [InlineData("EPSG:")]
    [InlineData("EPSG:4214")]
    [InlineData("EPSG:04326")]
    [InlineData("EPSG:4490x")]
    [InlineData("EPSG:99999999999999999999")]
    [InlineData("ESRI:4326")]
    [InlineData("GCJ09")]
    [InlineData("BD02")]
    [InlineData("WGS84")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/")]
    public void A_system_that_is_not_there_is_refused_naming_what_is_allowed(string name)
    {
        var refusal = Assert.Throws<UnknownCrsException>(() => CrsRegistry.Find(name));
        Assert.Equal(name, refusal.Given);
        Assert.Contains($"'{name}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("EPSG:4491 to EPSG:4554", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_system_is_found_again_by_its_own_name_and_by_its_URI()
    {
        Assert.Equal(4 + 1 + 2 + 64 + 120 + 2, CrsRegistry.All.Count);
        Assert.All(CrsRegistry.All, crs =>
        {
            Assert.Same(crs, CrsRegistry.Find(crs.Name));
            Assert.Same(crs, CrsRegistry.Find(crs.Uri));
        });
    }

    [Theory]
    [InlineData("EPSG:4326", AxisOrder.NorthEast)]
    [InlineData("EPSG:4490", AxisOrder.NorthEast)]
    [InlineData("EPSG:4269", AxisOrder.NorthEast)]
    [InlineData("EPSG:4547", AxisOrder.NorthEast)]
    [InlineData("EPSG:4526", AxisOrder.NorthEast)]
    [InlineData("EPSG:32650", AxisOrder.EastNorth)]
    [InlineData("EPSG:3857", AxisOrder.EastNorth)]
    [InlineData("EPSG:2249", AxisOrder.EastNorth)]
    [InlineData("EPSG:3435", AxisOrder.EastNorth)]
    [InlineData("CRS84", AxisOrder.EastNorth)]
    [InlineData("GCJ02", AxisOrder.EastNorth)]
    public void The_wire_order_is_the_one_of_the_definition(string name, AxisOrder expected)
        => Assert.Equal(expected, CrsRegistry.Find(name).AxisOrder);

    [Fact]
    public void In_memory_x_is_east_even_where_the_wire_says_north_first()
    {
        var crs = CrsRegistry.Find("EPSG:4547");
        var (x, y) = crs.FromLonLat(new LonLat(113.9, 22.55));
        // cs2cs EPSG:4490 EPSG:4547, which prints the northing first.
        Assert.Equal(489_714.0733, x, 4);
        Assert.Equal(2_494_707.6246, y, 4);
        Assert.Equal((y, x), crs.AxisOrder.ToWire(x, y));
        Assert.Equal((x, y), crs.AxisOrder.FromWire(y, x));
    }

    [Fact]
    public void A_zone_prefix_stands_before_the_easting_and_changes_nothing_else()
    {
        var place = new LonLat(113.9, 22.55);
        var plain = CrsRegistry.Find("EPSG:4547").FromLonLat(place);
        var prefixed = CrsRegistry.Find("EPSG:4526").FromLonLat(place);
        Assert.Equal("CGCS2000 / 3-degree Gauss-Kruger zone 38", CrsRegistry.Find("EPSG:4526").Title);
        Assert.Equal(plain.X + 38_000_000, prefixed.X, 6);
        Assert.Equal(plain.Y, prefixed.Y, 9);
    }

    [Fact]
    public void An_easting_with_a_prefix_read_without_one_is_no_place()
        => Assert.False(CrsRegistry.Find("EPSG:4547").ToLonLat(38_489_714, 2_494_708).IsValid);

    [Theory]
    [InlineData("EPSG:2249", 1200.0 / 3937)]
    [InlineData("EPSG:3435", 1200.0 / 3937)]
    [InlineData("EPSG:4547", 1)]
    [InlineData("EPSG:3857", 1)]
    [InlineData("EPSG:4326", double.NaN)]
    public void Feet_are_US_survey_feet(string name, double expectedUnitMeters)
    {
        Assert.Equal(expectedUnitMeters, CrsRegistry.Find(name).UnitMeters);
        Assert.Equal(double.IsNaN(expectedUnitMeters), CrsRegistry.Find(name).IsGeographic);
    }

    [Theory]
    [InlineData(116.4, 39.9, "EPSG:32650")]
    [InlineData(-87.6, 41.8, "EPSG:32616")]
    [InlineData(151.2, -33.9, "EPSG:32756")]
    [InlineData(-180, 10, "EPSG:32601")]
    [InlineData(180, 10, "EPSG:32601")]
    [InlineData(179.999, 10, "EPSG:32660")]
    [InlineData(114, 0, "EPSG:32650")]
    public void The_UTM_zone_of_a_place(double lon, double lat, string expected)
        => Assert.Equal(expected, CrsRegistry.UtmZone(new LonLat(lon, lat)).Name);

    [Fact]
    public void No_place_has_no_UTM_zone()
        => Assert.Throws<ArgumentOutOfRangeException>(() => CrsRegistry.UtmZone(new LonLat(double.NaN, 3)));
}
