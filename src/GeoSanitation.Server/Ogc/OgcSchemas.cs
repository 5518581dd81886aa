using System.Text.Json.Nodes;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.Ogc;

/// <summary>Attributes as JSON Schema: what filters may name (Part 3), what features may be sorted by (Part 8), what a feature has (Part 5).</summary>
internal static class OgcSchemas
{
    /// <summary>What filters may name.</summary>
    internal static JsonObject Queryables(Collection collection, string address) => Of(collection, address, collection.Queryables, ShapeOf(collection.Layer.Shape));

    /// <summary>What features may be sorted by; what a method makes has one order.</summary>
    internal static JsonObject Sortables(Collection collection, string address)
        => Of(collection, address, collection.Method is null ? collection.Layer.Columns.Where(c => c.IsSortable) : [], null);

    /// <summary>What a feature has.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="address">Address of the schema.</param>
    /// <param name="columns">The attributes of its features.</param>
    internal static JsonObject Schema(Collection collection, string address, IEnumerable<LayerColumn> columns)
    {
        var schema = Of(collection, address, columns, ShapeOf(collection.Method is null ? collection.Layer.Shape : LayerShape.Any));
        var properties = schema["properties"]!.AsObject();
        properties["geometry"]!["x-ogc-role"] = "primary-geometry";
        if (collection.Method is null)
        {
            Role(collection.Layer.Id, "id");
            Role(collection.Layer.Time, collection.Layer.EndTime is null ? "primary-instant" : "primary-interval-start");
            Role(collection.Layer.EndTime, "primary-interval-end");
        }
        return schema;

        void Role(LayerColumn? column, string role)
        {
            if (column is not null && properties[column.Name] is { } property)
            {
                property["x-ogc-role"] = role;
            }
        }
    }

    /// <summary>The same as a schema of the whole GeoJSON feature: GDAL takes the types of fields from one of this form, where those of a first page would have to be guessed.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="address">Address of the schema.</param>
    /// <param name="columns">The attributes of its features.</param>
    internal static JsonObject Feature(Collection collection, string address, IEnumerable<LayerColumn> columns)
    {
        // GDAL adds the id of features by itself.
        var schema = Of(collection, address, [], null);
        var attributes = Of(collection, address, columns.Where(c => c.Name != "id"), null)["properties"]!.DeepClone();
        schema["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("Feature") },
            ["geometry"] = new JsonObject { ["type"] = "object" },
            ["properties"] = new JsonObject { ["type"] = "object", ["properties"] = attributes },
        };
        schema["required"] = new JsonArray("type", "geometry", "properties");
        schema["additionalProperties"] = true;
        return schema;
    }

    private static JsonObject Of(Collection collection, string address, IEnumerable<LayerColumn> columns, string? shape)
    {
        var properties = new JsonObject();
        if (shape is not null)
        {
            properties["geometry"] = new JsonObject { ["title"] = "geometry", ["format"] = shape };
        }
        foreach (var column in columns)
        {
            properties[column.Name] = ColumnSchema.Of(column);
        }
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = address,
            ["title"] = collection.Title,
            ["description"] = collection.Description,
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static string ShapeOf(LayerShape shape) => shape switch
    {
        LayerShape.Point => "geometry-point",
        LayerShape.MultiPolygon => "geometry-multipolygon",
        _ => "geometry-any",
    };
}
