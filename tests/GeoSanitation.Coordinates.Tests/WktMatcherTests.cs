using Xunit;

namespace GeoSanitation.Coordinates;

public class WktMatcherTests
{
    private const string EsriWgs84 =
        """GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]""";

    private const string EsriChina2000 =
        """GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]""";

    private const string EsriNad83 =
        """GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]""";

    public static TheoryData<string, string> Texts() => new()
    {
        { EsriWgs84, "EPSG:4326" },
        { EsriChina2000, "EPSG:4490" },
        { EsriNad83, "EPSG:4269" },
        { EsriPlane("WGS_1984_UTM_Zone_50N", EsriWgs84, "Transverse_Mercator", 500_000, 0, 117, 0.9996, "Meter", "1.0"), "EPSG:32650" },
        { EsriPlane("WGS_1984_UTM_Zone_56S", EsriWgs84, "Transverse_Mercator", 500_000, 10_000_000, 153, 0.9996, "Meter", "1.0"), "EPSG:32756" },
        { EsriPlane("CGCS2000_3_Degree_GK_CM_114E", EsriChina2000, "Gauss_Kruger", 500_000, 0, 114, 1, "Meter", "1.0"), "EPSG:4547" },
        { EsriPlane("CGCS2000_3_Degree_GK_Zone_38", EsriChina2000, "Gauss_Kruger", 38_500_000, 0, 114, 1, "Meter", "1.0"), "EPSG:4526" },
        { EsriPlane("CGCS2000_GK_Zone_20", EsriChina2000, "Gauss_Kruger", 20_500_000, 0, 117, 1, "Meter", "1.0"), "EPSG:4498" },
        { EsriPlane("CGCS2000_GK_CM_117E", EsriChina2000, "Gauss_Kruger", 500_000, 0, 117, 1, "Meter", "1.0"), "EPSG:4509" },
        { EsriPlane("CGCS2000_3_Degree_GK_CM_117E", EsriChina2000, "Gauss_Kruger", 500_000, 0, 117, 1, "Meter", "1.0"), "EPSG:4548" },
        {
            "PROJCS[\"NAD_1983_StatePlane_Massachusetts_Mainland_FIPS_2001_Feet\"," + EsriNad83 + ",PROJECTION[\"Lambert_Conformal_Conic\"],"
            + "PARAMETER[\"False_Easting\",656166.6666666665],PARAMETER[\"False_Northing\",2460625.0],PARAMETER[\"Central_Meridian\",-71.5],"
            + "PARAMETER[\"Standard_Parallel_1\",41.71666666666667],PARAMETER[\"Standard_Parallel_2\",42.68333333333333],"
            + "PARAMETER[\"Latitude_Of_Origin\",41.0],UNIT[\"Foot_US\",0.3048006096012192]]",
            "EPSG:2249"
        },
        {
            "PROJCS[\"WGS_1984_Web_Mercator_Auxiliary_Sphere\"," + EsriWgs84 + ",PROJECTION[\"Mercator_Auxiliary_Sphere\"],"
            + "PARAMETER[\"False_Easting\",0.0],PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",0.0],"
            + "PARAMETER[\"Standard_Parallel_1\",0.0],PARAMETER[\"Auxiliary_Sphere_Type\",0.0],UNIT[\"Meter\",1.0]]",
            "EPSG:3857"
        },
        {
            "PROJCS[\"WGS 84 / Pseudo-Mercator\"," + EsriWgs84 + ",PROJECTION[\"Mercator_1SP\"],PARAMETER[\"central_meridian\",0],"
            + "PARAMETER[\"scale_factor\",1],PARAMETER[\"false_easting\",0],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1],"
            + "EXTENSION[\"PROJ4\",\"+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs\"]]",
            "EPSG:3857"
        },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_recognised_by_its_numbers(string wkt, string expected)
        => Assert.Equal(expected, CrsRegistry.FromWkt(wkt).Name);

    [Fact]
    public void International_feet_are_not_US_survey_feet()
        => Assert.Throws<UnknownCrsException>(() => CrsRegistry.FromWkt(
            EsriPlane("NAD_1983_StatePlane_Illinois_East_FIPS_1201_Feet_Intl", EsriNad83, "Transverse_Mercator",
                984_250, 0, -88.33333333333333, 0.999975, "Foot", "0.3048", 36.66666666666666)));

    [Theory]
    [InlineData("")]
    [InlineData("EPSG:4326")]
    [InlineData("PROJCS[")]
    [InlineData("GEOGCS[\"x\"]")]
    [InlineData("PROJCRS[\"WGS 84 / UTM zone 50N\",BASEGEOGCRS[\"WGS 84\"]]")]
    [InlineData("GEOGCS[\"GCS_Beijing_1954\",DATUM[\"D_Beijing_1954\",SPHEROID[\"Krasovsky_1940\",6378245.0,298.3]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]")]
    [InlineData("GEOGCS[\"x\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Paris\",2.337],UNIT[\"Degree\",0.0174532925199433]]")]
    public void Anything_else_is_refused_and_never_guessed(string wkt)
        => Assert.Throws<UnknownCrsException>(() => CrsRegistry.FromWkt(wkt));

    private static string EsriPlane(
        string name, string geographic, string method, double falseEasting, double falseNorthing, double meridian, double scale,
        string unit, string unitMeters, double latOrigin = 0)
        => $"""PROJCS["{name}",{geographic},PROJECTION["{method}"],PARAMETER["False_Easting",{falseEasting:R}],PARAMETER["False_Northing",{falseNorthing:R}],PARAMETER["Central_Meridian",{meridian:R}],PARAMETER["Scale_Factor",{scale:R}],PARAMETER["Latitude_Of_Origin",{latOrigin:R}],UNIT["{unit}",{unitMeters}]]""";
}
