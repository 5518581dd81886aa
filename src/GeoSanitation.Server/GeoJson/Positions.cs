using System.Text.Json;
using GeoSanitation.Coordinates;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.GeoJson;

/// <summary>Writes coordinates: in the system asked for, in its axis order, rounded to what a reader can use.</summary>
internal static class Positions
{
    // A centimeter in degrees, a millimeter on a plane.
    private const int DegreeDecimals = 7;
    private const int PlaneDecimals = 3;

    /// <summary>Writes the geometry of longitude and latitude as a GeoJSON object; null where it cannot be drawn in the system.</summary>
    internal static void WritePoint(Utf8JsonWriter json, Crs crs, LonLat place)
    {
        var (x, y) = crs.FromLonLat(place);
        if (!double.IsFinite(x))
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        json.WriteString("type", "Point");
        json.WritePropertyName("coordinates");
        Write(json, crs, x, y);
        json.WriteEndObject();
    }

    /// <summary>Writes a point, a polygon or polygons of longitude and latitude as a GeoJSON object: shells counterclockwise, holes clockwise.</summary>
    internal static void WriteGeometry(Utf8JsonWriter json, Crs crs, Geometry geometry)
    {
        switch (geometry)
        {
            case Point point:
                WritePoint(json, crs, new LonLat(point.X, point.Y));
                break;
            case Polygon polygon:
                json.WriteStartObject();
                json.WriteString("type", "Polygon");
                json.WritePropertyName("coordinates");
                WritePolygon(json, crs, polygon);
                json.WriteEndObject();
                break;
            case MultiPolygon polygons:
                json.WriteStartObject();
                json.WriteString("type", "MultiPolygon");
                json.WriteStartArray("coordinates");
                foreach (var polygon in polygons.Geometries.Cast<Polygon>())
                {
                    WritePolygon(json, crs, polygon);
                }
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            default:
                throw new ArgumentException($"no layer has a {geometry.GeometryType}", nameof(geometry));
        }
    }

    /// <summary>Writes one position.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="crs">System of x and y.</param>
    /// <param name="x">East.</param>
    /// <param name="y">North.</param>
    internal static void Write(Utf8JsonWriter json, Crs crs, double x, double y)
    {
        var decimals = crs.IsGeographic ? DegreeDecimals : PlaneDecimals;
        var (first, second) = crs.AxisOrder.ToWire(Math.Round(x, decimals), Math.Round(y, decimals));
        json.WriteStartArray();
        json.WriteNumberValue(first);
        json.WriteNumberValue(second);
        json.WriteEndArray();
    }

    private static void WritePolygon(Utf8JsonWriter json, Crs crs, Polygon polygon)
    {
        json.WriteStartArray();
        WriteRing(json, crs, polygon.Shell.CoordinateSequence, counterclockwise: true);
        foreach (var hole in polygon.Holes)
        {
            WriteRing(json, crs, hole.CoordinateSequence, counterclockwise: false);
        }
        json.WriteEndArray();
    }

    private static void WriteRing(Utf8JsonWriter json, Crs crs, CoordinateSequence ring, bool counterclockwise)
    {
        var (x, y) = (new double[ring.Count], new double[ring.Count]);
        var forward = NetTopologySuite.Algorithm.Orientation.IsCCW(ring) == counterclockwise;
        for (var i = 0; i < x.Length; i++)
        {
            var from = forward ? i : x.Length - 1 - i;
            (x[i], y[i]) = (ring.GetX(from), ring.GetY(from));
        }
        crs.FromLonLat(x, y, x, y);
        json.WriteStartArray();
        for (var i = 0; i < x.Length; i++)
        {
            Write(json, crs, x[i], y[i]);
        }
        json.WriteEndArray();
    }
}
