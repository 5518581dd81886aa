using ProjNet.CoordinateSystems;

namespace GeoSanitation.Coordinates;

/// <summary>Recognises a system of the registry in WKT 1 text, as Shapefiles carry it (.prj), by its numbers and not by its name.</summary>
internal static class WktMatcher
{
    private static readonly Dictionary<string, string> DatumByWord = new()
    {
        ["wgs1984"] = "WGS_1984",
        ["wgs84"] = "WGS_1984",
        ["worldgeodeticsystem1984"] = "WGS_1984",
        ["northamerican1983"] = "North_American_Datum_1983",
        ["northamericandatum1983"] = "North_American_Datum_1983",
        ["china2000"] = "China_2000",
        ["china2000geodetic"] = "China_2000",
    };

    private static readonly Dictionary<string, string> MethodByWord = new()
    {
        ["transversemercator"] = PlaneProjection.TransverseMercator,
        ["gausskruger"] = PlaneProjection.TransverseMercator,
        ["lambertconformalconic"] = PlaneProjection.LambertConic,
        ["lambertconformalconic2sp"] = PlaneProjection.LambertConic,
        ["mercatorauxiliarysphere"] = PlaneProjection.PseudoMercator,
        ["popularvisualisationpseudomercator"] = PlaneProjection.PseudoMercator,
    };

    /// <summary>The datum (WKT 1 name) of a system in plain degrees east of Greenwich, or null when it is another.</summary>
    public static string? Datum(GeographicCoordinateSystem system)
        => system.PrimeMeridian.Longitude == 0
           && Near(system.AngularUnit.RadiansPerUnit, Math.PI / 180, 1e-12)
           && DatumByWord.TryGetValue(Word(system.HorizontalDatum.Name, "D_"), out var datum)
            ? datum
            : null;

    /// <summary>True when a parsed system has the numbers of a projection of ours.</summary>
    /// <param name="system">The parsed system.</param>
    /// <param name="wkt">Its text.</param>
    /// <param name="ours">The projection to compare with.</param>
    public static bool Matches(ProjectedCoordinateSystem system, string wkt, PlaneProjection ours)
    {
        if (Method(system, wkt) != ours.Method
            || Datum(system.GeographicCoordinateSystem) != ours.Datum
            || !Near(system.LinearUnit.MetersPerUnit, ours.UnitMeters, 1e-9))
        {
            return false;
        }

        var given = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < system.Projection.NumParameters; i++)
        {
            var parameter = system.Projection.GetParameter(i);
            given[parameter.Name] = parameter.Value;
        }

        // A cone has no first parallel: Esri writes the southern one first, EPSG the northern one.
        var (parallel1, parallel2) = (given.GetValueOrDefault("standard_parallel_1"), given.GetValueOrDefault("standard_parallel_2"));
        if (parallel1 < parallel2)
        {
            (parallel1, parallel2) = (parallel2, parallel1);
        }

        // Published texts round: degrees to 1e-10 or so, false eastings in feet to 0.001.
        const double degrees = 1e-9, lengths = 1e-3;
        return Near(given.GetValueOrDefault("false_easting"), ours.FalseEasting, lengths)
            && Near(given.GetValueOrDefault("false_northing"), ours.FalseNorthing, lengths)
            && Near(given.GetValueOrDefault("central_meridian"), ours.LonOriginDegrees, degrees)
            && Near(given.GetValueOrDefault("latitude_of_origin"), ours.LatOriginDegrees, degrees)
            && Near(given.GetValueOrDefault("scale_factor", 1), ours.Scale, 1e-10)
            && Near(parallel1, ours.Parallel1Degrees, degrees)
            && Near(parallel2, ours.Parallel2Degrees, degrees);
    }

    private static string? Method(ProjectedCoordinateSystem system, string wkt)
    {
        string word = Word(system.Projection.ClassName, "");

        // GDAL and PROJ write the web mercator plane as an ordinary Mercator with a remark that overrides it.
        if (word == "mercator1sp" && wkt.Contains("+a=6378137 +b=6378137", StringComparison.Ordinal))
        {
            return PlaneProjection.PseudoMercator;
        }

        return MethodByWord.GetValueOrDefault(word);
    }

    private static string Word(string name, string prefix)
        => string.Concat((name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? name[prefix.Length..] : name)
            .Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private static bool Near(double a, double b, double tolerance) => Math.Abs(a - b) <= tolerance;
}
