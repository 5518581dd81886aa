using System.IO.Pipelines;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>Features as GeoJSON, as Esri's servers write it: times in milliseconds, x before y in every system.</summary>
/// <param name="output">Where it goes.</param>
/// <param name="fields">The fields of each feature.</param>
/// <param name="hasPoints">Whether shapes are points; null where there are no shapes.</param>
/// <param name="shapes">How shapes are written; a grid is left aside.</param>
internal sealed class GeoJsonFeatureForm(PipeWriter output, IReadOnlyList<EsriField> fields, bool? hasPoints, OutputShapes shapes) : JsonFeatureForm(output, fields, hasPoints, shapes)
{
    internal override string MediaType => "application/geo+json; charset=utf-8";

    internal override void Begin()
    {
        Json.WriteStartObject();
        Json.WriteString("type", "FeatureCollection");
        if (HasPoints is not null)
        {
            Json.WriteStartObject("crs");
            Json.WriteString("type", "name");
            Json.WriteStartObject("properties");
            Json.WriteString("name", Crs.Name);
            Json.WriteEndObject();
            Json.WriteEndObject();
        }
        Json.WriteStartArray("features");
    }

    internal override void Write(IReadOnlyList<object?> values, Geometry? shape)
    {
        Json.WriteStartObject();
        Json.WriteString("type", "Feature");
        if (Fields is [{ Type: EsriFields.OidType }, ..])
        {
            Json.WriteNumber("id", (long)values[0]!);
        }
        Json.WritePropertyName("geometry");
        WriteShape(HasPoints is null ? null : shape);
        WriteValues("properties", values);
        Json.WriteEndObject();
    }

    protected override void WriteCut(bool isCut)
    {
        Json.WriteBoolean("exceededTransferLimit", isCut);
        Json.WriteStartObject("properties");
        Json.WriteBoolean("exceededTransferLimit", isCut);
        Json.WriteEndObject();
    }

    private void WriteShape(Geometry? shape)
    {
        if (shape is null)
        {
            Json.WriteNullValue();
            return;
        }
        Json.WriteStartObject();
        if (shape is Point point)
        {
            Json.WriteString("type", "Point");
            Json.WritePropertyName("coordinates");
            WritePosition(point.Coordinate);
        }
        else
        {
            var polygons = PolygonsOf(shape, outsidesClockwise: false).ToList();
            Json.WriteString("type", polygons.Count == 1 ? "Polygon" : "MultiPolygon");
            Json.WriteStartArray("coordinates");
            foreach (var rings in polygons)
            {
                if (polygons.Count > 1)
                {
                    Json.WriteStartArray();
                }
                foreach (var ring in rings)
                {
                    Json.WriteStartArray();
                    foreach (var corner in ring)
                    {
                        WritePosition(corner);
                    }
                    Json.WriteEndArray();
                }
                if (polygons.Count > 1)
                {
                    Json.WriteEndArray();
                }
            }
            Json.WriteEndArray();
        }
        Json.WriteEndObject();
    }

    private void WritePosition(Coordinate place)
    {
        Json.WriteStartArray();
        Json.WriteNumberValue(Rounded(place.X));
        Json.WriteNumberValue(Rounded(place.Y));
        Json.WriteEndArray();
    }
}
