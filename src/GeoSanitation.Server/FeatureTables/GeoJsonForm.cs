using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.FeatureTables;

/// <summary>A table as GeoJSON (RFC 7946).</summary>
internal static class GeoJsonForm
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JsonForm.Options.Encoder, SkipValidation = true };

    /// <summary>Writes it.</summary>
    /// <param name="table">The features.</param>
    /// <param name="output">System of the coordinates.</param>
    /// <param name="explain">How they came about, a member beside the features.</param>
    internal static byte[] Write(FeatureTable table, Crs output, JsonObject explain)
    {
        var bytes = new ArrayBufferWriter<byte>(1 << 16);
        using var json = new Utf8JsonWriter(bytes, Options);
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        if (output != CrsRegistry.Crs84)
        {
            json.WriteString("coordRefSys", output.Uri);
        }
        json.WriteStartArray("features");
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            json.WriteString("type", "Feature");
            json.WritePropertyName("id");
            table.Id.Write(json, row);
            json.WritePropertyName("geometry");
            WriteGeometry(json, table, output, row);
            json.WriteStartObject("properties");
            foreach (var column in table.Columns)
            {
                json.WritePropertyName(column.Name);
                column.Write(json, row);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("explain");
        explain.WriteTo(json);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteGeometry(Utf8JsonWriter json, FeatureTable table, Crs output, int row)
    {
        json.WriteStartObject();
        if (table.Places is not null)
        {
            var (x, y) = table.PlaceIn(output, row);
            json.WriteString("type", "Point");
            json.WritePropertyName("coordinates");
            Positions.Write(json, output, x, y);
        }
        else
        {
            WritePolygons(json, [.. table.OutlineIn(output, row)], output);
        }
        json.WriteEndObject();
    }

    private static void WritePolygons(Utf8JsonWriter json, IReadOnlyList<IEnumerable<(double[] X, double[] Y)>> polygons, Crs output)
    {
        json.WriteString("type", polygons.Count == 1 ? "Polygon" : "MultiPolygon");
        json.WritePropertyName("coordinates");
        if (polygons.Count != 1)
        {
            json.WriteStartArray();
        }
        foreach (var polygon in polygons)
        {
            json.WriteStartArray();
            foreach (var (x, y) in polygon)
            {
                json.WriteStartArray();
                for (var i = 0; i < x.Length; i++)
                {
                    Positions.Write(json, output, x[i], y[i]);
                }
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        if (polygons.Count != 1)
        {
            json.WriteEndArray();
        }
    }
}
