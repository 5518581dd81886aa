using System.Globalization;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;
using NetTopologySuite.Geometries;
using SkiaSharp;

namespace GeoSanitation.Server.Wms;

/// <summary>What a map shows, and how large: a box of a coordinate system on so many pixels.</summary>
/// <param name="Crs">The system; x is east.</param>
/// <param name="Box">The box in units of the system.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
internal sealed record MapView(Crs Crs, Envelope Box, int Width, int Height)
{
    internal const int MostPixels = 4096;

    // More than that is no map but a slip of the pen.
    private const double MostDistortion = 100;

    private const double MercatorEdgeMeters = 20037508.342789244;

    /// <summary>The systems that there are, as version 1.3.0 names them; 1.1.1 has none of the last.</summary>
    internal static IReadOnlyList<Crs> Systems { get; } = [CrsRegistry.WebMercator, CrsRegistry.Wgs84, CrsRegistry.Find("EPSG:4490"), CrsRegistry.Crs84];

    /// <summary>As it was called before it had its number; clients of that time, and Esri's, still do.</summary>
    private static readonly string[] OldNamesOfWebMercator = ["EPSG:900913", "EPSG:102100", "EPSG:102113", "EPSG:3785"];

    /// <summary>Longitude and latitude around it.</summary>
    internal Envelope Degrees
    {
        get
        {
            var (xEdge, yEdge) = Crs.IsGeographic ? (180.0, 90.0) : (MercatorEdgeMeters, MercatorEdgeMeters);
            var low = Crs.ToLonLat(Math.Clamp(Box.MinX, -xEdge, xEdge), Math.Clamp(Box.MinY, -yEdge, yEdge));
            var high = Crs.ToLonLat(Math.Clamp(Box.MaxX, -xEdge, xEdge), Math.Clamp(Box.MaxY, -yEdge, yEdge));
            return new Envelope(low.LonDegrees, high.LonDegrees, low.LatDegrees, high.LatDegrees);
        }
    }

    /// <summary>How a protocol's version names a system.</summary>
    internal static string NameOf(Crs crs) => crs == CrsRegistry.Crs84 ? "CRS:84" : crs.Name;

    /// <summary>Reads it. Version 1.3.0 has the axes in the order of the system, 1.1.1 always east first.</summary>
    /// <exception cref="BadParameterException">Something is missing, or not what it must be.</exception>
    internal static MapView Read(WmsQuery query)
    {
        var key = query.IsNewer ? "crs" : "srs";
        var systems = Systems.Where(s => query.IsNewer || s != CrsRegistry.Crs84).ToList();
        var allowed = "one of " + string.Join(", ", systems.Select(NameOf));
        var name = query.Required(key, allowed);
        var crs = OldNamesOfWebMercator.Contains(name, StringComparer.OrdinalIgnoreCase) ? CrsRegistry.WebMercator : systems.Find(s => NameOf(s).Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new BadParameterException(key, name, allowed);
        var sizes = $"a whole number from 1 to {MostPixels}";
        var (width, height) = (query.Whole("width", 1, MostPixels) ?? throw new BadParameterException("width", null, sizes), query.Whole("height", 1, MostPixels) ?? throw new BadParameterException("height", null, sizes));
        var order = query.IsNewer ? crs.AxisOrder : AxisOrder.EastNorth;
        var form = $"four numbers with commas between, {(order == AxisOrder.EastNorth ? "least x, least y, greatest x, greatest y" : "least latitude, least longitude, greatest latitude, greatest longitude")} in {NameOf(crs)}";
        var text = query.Required("bbox", form);
        var numbers = text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e9 ? number : (double?)null).ToArray();
        if (numbers is not [{ } a, { } b, { } c, { } d])
        {
            throw new BadParameterException("bbox", text, form);
        }
        var ((west, south), (east, north)) = (order.FromWire(a, b), order.FromWire(c, d));
        if (!(west < east && south < north))
        {
            throw new BadParameterException("bbox", text, form + ", the least below the greatest");
        }
        var distortion = (east - west) / width / ((north - south) / height);
        return distortion is > 1 / MostDistortion and < MostDistortion
            ? new MapView(crs, new Envelope(west, east, south, north), width, height)
            : throw new BadParameterException("bbox", text, "a box whose pixels, width and height considered, are not a hundred times as long as wide");
    }

    /// <summary>The pixel of a place; outside the picture for one outside the box.</summary>
    internal SKPoint At(double lonDegrees, double latDegrees)
    {
        var (x, y) = Crs.FromLonLat(new LonLat(lonDegrees, latDegrees));
        return new SKPoint((float)((x - Box.MinX) / Box.Width * Width), (float)((Box.MaxY - y) / Box.Height * Height));
    }

    /// <summary>The place of a pixel's middle.</summary>
    internal LonLat PlaceOf(double column, double row)
        => Crs.ToLonLat(Box.MinX + (column + 0.5) / Width * Box.Width, Box.MaxY - (row + 0.5) / Height * Box.Height);

    /// <summary>Polygons as one path, holes left out of it.</summary>
    internal SKPath PathOf(Geometry shape)
    {
        using var path = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        for (var i = 0; i < shape.NumGeometries; i++)
        {
            if (shape.GetGeometryN(i) is Polygon polygon)
            {
                foreach (var ring in polygon.InteriorRings.Prepend(polygon.ExteriorRing))
                {
                    Add(path, ring.Coordinates);
                }
            }
        }
        return path.Detach();
    }

    private void Add(SKPathBuilder path, Coordinate[] ring)
    {
        for (var i = 0; i < ring.Length - 1; i++)
        {
            var at = At(ring[i].X, ring[i].Y);
            if (i == 0)
            {
                path.MoveTo(at);
            }
            else
            {
                path.LineTo(at);
            }
        }
        path.Close();
    }
}
