using System.Text.Json.Nodes;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>Attributes as JSON Schema.</summary>
internal static class ColumnSchema
{
    /// <summary>The schema of an attribute.</summary>
    internal static JsonObject Of(LayerColumn column)
    {
        var schema = new JsonObject { ["title"] = column.Name };
        if (column.Description.Length > 0)
        {
            schema["description"] = column.Description;
        }
        switch (column.Kind)
        {
            case ColumnKind.Text:
                schema["type"] = "string";
                break;
            case ColumnKind.Whole:
                schema["type"] = "integer";
                break;
            case ColumnKind.Number:
                schema["type"] = "number";
                break;
            case ColumnKind.Flag:
                schema["type"] = "boolean";
                break;
            case ColumnKind.Time:
                (schema["type"], schema["format"]) = ("string", "date-time");
                break;
            case ColumnKind.Texts:
                (schema["type"], schema["items"]) = ("array", new JsonObject { ["type"] = "string" });
                break;
        }
        if (column.Values.Count > 0)
        {
            schema["enum"] = new JsonArray([.. column.Values.Select(v => (JsonNode)v)]);
        }
        if (column.Unit is { } unit)
        {
            schema["x-ogc-unit"] = unit;
        }
        return schema;
    }
}
