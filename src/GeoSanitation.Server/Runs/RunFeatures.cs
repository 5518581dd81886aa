using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Runs;

/// <summary>A table as the rows that are kept of it.</summary>
internal static class RunFeatures
{
    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    /// <summary>Names and types of the columns, in their order.</summary>
    internal static string ColumnsOf(FeatureTable table)
        => new JsonArray([.. table.Columns.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Type.ToString()) })]).ToJsonString();

    /// <summary>Key, attributes and shape of each feature.</summary>
    internal static IEnumerable<(string Key, string PropertiesJson, Geometry Geometry)> Of(FeatureTable table)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JsonForm.Options.Encoder });
        foreach (var row in table.Rows)
        {
            bytes.ResetWrittenCount();
            json.Reset();
            json.WriteStartObject();
            foreach (var column in table.Columns)
            {
                json.WritePropertyName(column.Name);
                column.Write(json, row);
            }
            json.WriteEndObject();
            json.Flush();
            var key = table.Id.Type == ColumnType.Whole ? $"{table.Id.WholeOf(row)}" : table.Id.TextOf(row)!;
            yield return (key, Encoding.UTF8.GetString(bytes.WrittenSpan), ShapeOf(table, row));
        }
    }

    /// <summary>The shape of a row, longitude and latitude.</summary>
    internal static Geometry ShapeOf(FeatureTable table, int row)
    {
        if (table.Places is not null)
        {
            var (x, y) = table.PlaceIn(CrsRegistry.Crs84, row);
            return Factory.CreatePoint(new Coordinate(x, y));
        }
        var polygons = table.OutlineIn(CrsRegistry.Crs84, row).Select(PolygonOf).ToArray();
        return polygons.Length == 1 ? polygons[0] : Factory.CreateMultiPolygon(polygons);
    }

    private static Polygon PolygonOf(IEnumerable<(double[] X, double[] Y)> rings)
    {
        var all = rings.Select(ring => Factory.CreateLinearRing([.. ring.X.Zip(ring.Y, (x, y) => new Coordinate(x, y))])).ToArray();
        return Factory.CreatePolygon(all[0], all[1..]);
    }
}
