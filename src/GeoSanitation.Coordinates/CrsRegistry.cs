using System.Collections.Frozen;
using System.Text.RegularExpressions;
using ProjNet.CoordinateSystems;

namespace GeoSanitation.Coordinates;

/// <summary>Every coordinate system the program knows, by name. The EPSG numbers are facts of the EPSG registry.</summary>
public static partial class CrsRegistry
{
    private const double UsSurveyFootMeters = 1200.0 / 3937.0;

    private static readonly FrozenDictionary<string, Crs> ByName;
    private static readonly List<(Crs Crs, PlaneProjection Projection)> Projected = [];

    static CrsRegistry()
    {
        Crs84 = new Crs(
            "CRS84", "WGS 84 longitude, latitude", "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            AxisOrder.EastNorth, unitMeters: null, Degrees, Degrees);
        Wgs84 = Geographic(4326, "WGS 84");
        Gcj02 = new Crs(
            "GCJ02", "GCJ-02 (mainland China map coordinates)", "urn:x-geosan:crs:GCJ02",
            AxisOrder.EastNorth, unitMeters: null, Coordinates.Gcj02.ToWgs84, Coordinates.Gcj02.FromWgs84);
        Bd09 = new Crs(
            "BD09", "BD-09 (Baidu map coordinates)", "urn:x-geosan:crs:BD09",
            AxisOrder.EastNorth, unitMeters: null, Coordinates.Bd09.ToWgs84, Coordinates.Bd09.FromWgs84);
        WebMercator = Plane(3857, "WGS 84 / Pseudo-Mercator", AxisOrder.EastNorth, new(
            PlaneProjection.PseudoMercator, "WGS_1984", Ellipsoid.WGS84, 0, 0, 1, 0, 0, 1));
        All =
        [
            Crs84, Wgs84, Geographic(4269, "NAD83"), Geographic(4490, "CGCS2000"), WebMercator, Gcj02, Bd09,
            .. GaussKruger(), .. Utm(), .. StatePlanes(),
        ];
        ByName = All.ToFrozenDictionary(crs => crs.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All systems, in a fixed order.</summary>
    public static IReadOnlyList<Crs> All { get; }

    /// <summary>WGS 84, longitude first on the wire too: the default everywhere.</summary>
    public static Crs Crs84 { get; }

    /// <summary>EPSG:4326, latitude first on the wire.</summary>
    public static Crs Wgs84 { get; }

    /// <summary>EPSG:3857, the plane of web map tiles.</summary>
    public static Crs WebMercator { get; }

    /// <summary>The shifted coordinates of mainland China's public maps.</summary>
    public static Crs Gcj02 { get; }

    /// <summary>Baidu's coordinates.</summary>
    public static Crs Bd09 { get; }

    /// <summary>The system of a name, upper or lower case.</summary>
    /// <param name="name"><c>EPSG:4547</c>, <c>4547</c>, <c>http://www.opengis.net/def/crs/EPSG/0/4547</c>, <c>urn:ogc:def:crs:EPSG::4547</c>;
    /// <c>CRS84</c>, <c>CRS:84</c>, <c>OGC:CRS84</c> or their URI and URN; <c>GCJ02</c>, <c>GCJ-02</c>, <c>BD09</c>, <c>BD-09</c>.</param>
    /// <exception cref="UnknownCrsException">The registry does not have it.</exception>
    public static Crs Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var epsg = EpsgName().Match(name.Trim());
        string key = epsg.Success ? "EPSG:" + epsg.Groups["code"].Value
            : Crs84Name().IsMatch(name.Trim()) ? Crs84.Name
            : ShiftedName().Match(name.Trim()) is { Success: true } shifted ? shifted.Groups["letters"].Value + shifted.Groups["digits"].Value
            : name;
        return ByName.TryGetValue(key, out var crs) ? crs : throw new UnknownCrsException(name);
    }

    /// <summary>The UTM zone (WGS 84) of a place: plain 6-degree zones, without the exceptions for Norway and Svalbard.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place is not valid.</exception>
    public static Crs UtmZone(LonLat place)
    {
        if (!place.IsValid)
        {
            throw new ArgumentOutOfRangeException(nameof(place), place, "not a longitude and latitude in degrees");
        }

        int zone = (int)Math.Floor((place.LonDegrees + 180) / 6) % 60 + 1;
        return ByName[$"EPSG:{(place.LatDegrees < 0 ? 32700 : 32600) + zone}"];
    }

    /// <summary>The system that a WKT 1 text describes, as in the .prj file of a Shapefile (Esri's or OGC's dialect).</summary>
    /// <param name="wkt">The whole text. It is compared by datum, unit, method and parameters, not by name or code.</param>
    /// <returns>The system; its coordinates are x, y as the file holds them, whatever AXIS says. Where EPSG has one plane
    /// under two codes (a central meridian that the 6-degree and the 3-degree zones share) the name in the text decides.</returns>
    /// <exception cref="UnknownCrsException">The text is no WKT 1, or the registry has no such system.</exception>
    public static Crs FromWkt(string wkt)
    {
        ArgumentNullException.ThrowIfNull(wkt);
        switch (Parse(wkt))
        {
            case GeographicCoordinateSystem system when WktMatcher.Datum(system) is { } datum:
                return datum switch
                {
                    "China_2000" => ByName["EPSG:4490"],
                    "North_American_Datum_1983" => ByName["EPSG:4269"],
                    _ => Wgs84,
                };
            case ProjectedCoordinateSystem system:
                bool threeDegrees = ThreeDegrees().IsMatch(system.Name);
                var matches = Projected.Where(known => WktMatcher.Matches(system, wkt, known.Projection)).Select(known => known.Crs);
                return matches.OrderBy(crs => ThreeDegrees().IsMatch(crs.Title) != threeDegrees).FirstOrDefault()
                    ?? throw new UnknownCrsException(system.Name);
            case { } other:
                throw new UnknownCrsException(other.Name);
            default:
                throw new UnknownCrsException(wkt.Length <= 60 ? wkt : wkt[..60] + "...");
        }
    }

    /// <summary>Describes a system as the .prj file of a Shapefile does (Esri's WKT 1); x is east in such files.</summary>
    /// <returns>Null for GCJ02 and BD09, which no reader of such files knows.</returns>
    public static string? ToWkt(Crs crs)
    {
        ArgumentNullException.ThrowIfNull(crs);
        return Projected.FirstOrDefault(known => known.Crs == crs) is { Projection: { } plane } ? EsriWkt.OfPlane(crs.Title, plane) : EsriWkt.OfDegrees(crs == Crs84 ? 4326 : crs.EpsgCode);
    }

    private static CoordinateSystem? Parse(string wkt)
    {
        try
        {
            return new CoordinateSystemFactory().CreateFromWkt(wkt);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static IEnumerable<Crs> GaussKruger()
    {
        // EPSG gives the 64 systems in four runs: 6-degree zones 13-23 with the zone number before the easting, the same by
        // central meridian; then 3-degree zones 25-45 likewise.
        for (int zone = 13; zone <= 23; zone++)
        {
            yield return GaussKruger(4491 + zone - 13, $"Gauss-Kruger zone {zone}", 6 * zone - 3, zone * 1e6 + 500_000);
        }

        for (int meridian = 75; meridian <= 135; meridian += 6)
        {
            yield return GaussKruger(4502 + (meridian - 75) / 6, $"Gauss-Kruger CM {meridian}E", meridian, 500_000);
        }

        for (int zone = 25; zone <= 45; zone++)
        {
            yield return GaussKruger(4513 + zone - 25, $"3-degree Gauss-Kruger zone {zone}", 3 * zone, zone * 1e6 + 500_000);
        }

        for (int meridian = 75; meridian <= 135; meridian += 3)
        {
            yield return GaussKruger(4534 + (meridian - 75) / 3, $"3-degree Gauss-Kruger CM {meridian}E", meridian, 500_000);
        }
    }

    private static Crs GaussKruger(int code, string name, double meridian, double falseEasting)
        => Plane(code, "CGCS2000 / " + name, AxisOrder.NorthEast, new(
            PlaneProjection.TransverseMercator, "China_2000", Ellipsoid.GRS80, 0, meridian, 1, falseEasting, 0, 1));

    private static IEnumerable<Crs> Utm()
    {
        for (int code = 32601; code <= 32760; code = code == 32660 ? 32701 : code + 1)
        {
            int zone = code % 100;
            bool south = code > 32700;
            yield return Plane(code, $"WGS 84 / UTM zone {zone}{(south ? 'S' : 'N')}", AxisOrder.EastNorth, new(
                PlaneProjection.TransverseMercator, "WGS_1984", Ellipsoid.WGS84,
                0, 6 * zone - 183, 0.9996, 500_000, south ? 10_000_000 : 0, 1));
        }
    }

    private static Crs[] StatePlanes() =>
    [
        Plane(2249, "NAD83 / Massachusetts Mainland (ftUS)", AxisOrder.EastNorth, new(
            PlaneProjection.LambertConic, "North_American_Datum_1983", Ellipsoid.GRS80,
            41, -71.5, 1, 656_166.667, 2_460_625, UsSurveyFootMeters, 42 + 41 / 60.0, 41 + 43 / 60.0)),
        Plane(3435, "NAD83 / Illinois East (ftUS)", AxisOrder.EastNorth, new(
            PlaneProjection.TransverseMercator, "North_American_Datum_1983", Ellipsoid.GRS80,
            36 + 40 / 60.0, -(88 + 20 / 60.0), 0.999975, 984_250, 0, UsSurveyFootMeters)),
    ];

    private static Crs Geographic(int code, string title)
        => new($"EPSG:{code}", title, EpsgUri(code), AxisOrder.NorthEast, unitMeters: null, Degrees, Degrees);

    private static Crs Plane(int code, string title, AxisOrder axisOrder, PlaneProjection projection)
    {
        var crs = new Crs(
            $"EPSG:{code}", title, EpsgUri(code), axisOrder, projection.UnitMeters, projection.Unproject, projection.Project);
        Projected.Add((crs, projection));
        return crs;
    }

    private static string EpsgUri(int code) => $"http://www.opengis.net/def/crs/EPSG/0/{code}";

    private static void Degrees(Span<double> lon, Span<double> lat)
    {
    }

    [GeneratedRegex(@"^(?:epsg:|urn:ogc:def:crs:epsg:[^:]*:|https?://www\.opengis\.net/def/crs/epsg/[^/]+/)?(?<code>[1-9]\d{3,5})$", RegexOptions.IgnoreCase)]
    private static partial Regex EpsgName();

    [GeneratedRegex("3[-_ ]degree", RegexOptions.IgnoreCase)]
    private static partial Regex ThreeDegrees();

    [GeneratedRegex(@"^(?:(?:ogc:)?crs:?84|urn:ogc:def:crs:ogc:[^:]*:crs84|https?://www\.opengis\.net/def/crs/ogc/[^/]+/crs84)$", RegexOptions.IgnoreCase)]
    private static partial Regex Crs84Name();

    [GeneratedRegex(@"^(?:urn:x-geosan:crs:)?(?<letters>gcj|bd)-?(?<digits>0[29])$", RegexOptions.IgnoreCase)]
    private static partial Regex ShiftedName();
}
