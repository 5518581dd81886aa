using System.Globalization;

namespace GeoSanitation.Coordinates;

/// <summary>Describes a system as a Shapefile's .prj does: WKT 1 in Esri's words, which <see cref="CrsRegistry.FromWkt"/> reads back.</summary>
internal static class EsriWkt
{
    private const string Wgs84 = """GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]""";
    private const string Nad83 = """GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]""";
    private const string Cgcs2000 = """GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]""";

    /// <summary>Of a system of degrees.</summary>
    /// <param name="code">Its EPSG code, or null for CRS84.</param>
    /// <returns>Null for one whose datum nobody else would know.</returns>
    internal static string? OfDegrees(int? code) => code switch
    {
        4490 => Cgcs2000,
        4269 => Nad83,
        4326 => Wgs84,
        _ => null,
    };

    /// <summary>Of a plane.</summary>
    internal static string OfPlane(string title, PlaneProjection plane)
    {
        var name = string.Concat(title.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')).Replace("__", "_", StringComparison.Ordinal).Trim('_');
        var datum = plane.Datum switch { "China_2000" => Cgcs2000, "North_American_Datum_1983" => Nad83, _ => Wgs84 };
        (string, double)[] parameters = [("False_Easting", plane.FalseEasting), ("False_Northing", plane.FalseNorthing), ("Central_Meridian", plane.LonOriginDegrees)];
        (string Method, (string, double)[] Own) method = plane.Method switch
        {
            PlaneProjection.PseudoMercator => ("Mercator_Auxiliary_Sphere", [("Standard_Parallel_1", 0), ("Auxiliary_Sphere_Type", 0)]),
            PlaneProjection.LambertConic => ("Lambert_Conformal_Conic", [("Standard_Parallel_1", plane.Parallel1Degrees), ("Standard_Parallel_2", plane.Parallel2Degrees), ("Latitude_Of_Origin", plane.LatOriginDegrees)]),
            _ => (plane.Datum == "China_2000" ? "Gauss_Kruger" : "Transverse_Mercator", [("Scale_Factor", plane.Scale), ("Latitude_Of_Origin", plane.LatOriginDegrees)]),
        };
        var numbers = string.Concat(parameters.Concat(method.Own).Select(p => $",PARAMETER[\"{p.Item1}\",{Number(p.Item2)}]"));
        var unit = plane.UnitMeters == 1 ? "Meter" : "Foot_US";
        return $"PROJCS[\"{name}\",{datum},PROJECTION[\"{method.Method}\"]{numbers},UNIT[\"{unit}\",{Number(plane.UnitMeters)}]]";
    }

    private static string Number(double value) => value.ToString("0.0##############", CultureInfo.InvariantCulture);
}
