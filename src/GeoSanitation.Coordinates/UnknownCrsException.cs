namespace GeoSanitation.Coordinates;

/// <summary>A coordinate system was asked for that the registry does not have; it is never guessed.</summary>
/// <param name="given">What the caller gave: a name, a URI, or the name inside a WKT.</param>
public sealed class UnknownCrsException(string given)
    : Exception($"the coordinate system '{given}' is not known; allowed are {Allowed}")
{
    /// <summary>What the registry knows, in words for a message.</summary>
    public const string Allowed =
        "CRS84, EPSG:4326, EPSG:4269, EPSG:4490, EPSG:3857, EPSG:4491 to EPSG:4554 (CGCS2000 Gauss-Kruger), "
        + "EPSG:32601 to EPSG:32660 and EPSG:32701 to EPSG:32760 (UTM), EPSG:2249, EPSG:3435, GCJ02, BD09";

    /// <summary>What the caller gave.</summary>
    public string Given { get; } = given;
}
