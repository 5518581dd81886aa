namespace GeoSanitation.Coordinates;

/// <summary>
/// The order in which a coordinate system's own definition lists its axes, which is the order on the wire wherever
/// a standard asks for it (OGC API <c>crs=</c>, WMS 1.3.0). In memory it is always east first.
/// </summary>
public enum AxisOrder
{
    /// <summary>Easting, northing or longitude, latitude: the order in memory.</summary>
    EastNorth,

    /// <summary>Northing, easting or latitude, longitude: EPSG:4326, EPSG:4490 and the CGCS2000 Gauss-Krueger zones.</summary>
    NorthEast,
}

/// <summary>The one place where coordinates are swapped between memory (east, north) and the wire.</summary>
public static class AxisOrders
{
    /// <summary>East, north in memory to first, second on the wire.</summary>
    public static (double First, double Second) ToWire(this AxisOrder order, double east, double north)
        => order == AxisOrder.EastNorth ? (east, north) : (north, east);

    /// <summary>First, second on the wire to east, north in memory.</summary>
    public static (double East, double North) FromWire(this AxisOrder order, double first, double second)
        => order == AxisOrder.EastNorth ? (first, second) : (second, first);
}
