using System.Text.Json.Nodes;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.Esri;

/// <summary>How layers look where they are added to a map: in the colors of the planners' map (src/planner-map/src/colors.ts) and of printed pictures.</summary>
internal static class Renderers
{
    private const string Open = "#0072b2", Done = "#7b828d", White = "#ffffff", WardLine = "#6b7280", Cluster = "#0f5c57", Contour = "#6a1b70";
    private const int CellAlpha = 199;

    private static readonly string[] DoneStatuses = ["closed", "rejected"];

    private static readonly (string Value, string Label, string Color)[] Classes =
    [
        ("3", "Hot spot, 99 %", "#99101f"), ("2", "Hot spot, 95 %", "#d6513f"), ("1", "Hot spot, 90 %", "#f3a27f"),
        ("-1", "Cold spot, 90 %", "#9cc4e0"), ("-2", "Cold spot, 95 %", "#4f93c8"), ("-3", "Cold spot, 99 %", "#1d5a9e"),
    ];

    private static readonly (string Value, string Label, string Color)[] Quadrants =
        [("HH", "High among high", "#99101f"), ("HL", "High among low", "#f3a27f"), ("LH", "Low among high", "#9cc4e0"), ("LL", "Low among low", "#1d5a9e")];

    /// <summary>The member <c>drawingInfo</c> of a layer.</summary>
    internal static JsonObject Of(EsriLayer layer) => new()
    {
        ["renderer"] = layer.Number switch
        {
            0 => ByValue("status", Marker(Open), "Other", IssuePoints.Statuses.Select(s => (s, char.ToUpperInvariant(s[0]) + s[1..], Marker(DoneStatuses.Contains(s) ? Done : Open)))),
            1 => Simple(Area(null, 0, WardLine, 1)),
            _ => OfHotspots(layer),
        },
        ["transparency"] = 0,
        ["labelingInfo"] = null,
    };

    private static JsonObject OfHotspots(EsriLayer layer)
    {
        if (layer.HasPoints)
        {
            return Simple(Marker(Cluster));
        }
        // Of cells that are neither hot nor cold there are many: outlines of them would hide the map at small scales.
        var (nothing, label) = (Area(null, 0, null, 0), "Not significant");
        return layer.Layer.Find("class") is { Kind: ColumnKind.Whole } ? ByValue("class", nothing, label, Classes.Select(c => (c.Value, c.Label, Area(c.Color, CellAlpha, null, 0))))
            : layer.Layer.Find("quadrant") is not null ? ByValue("quadrant", nothing, label, Quadrants.Select(c => (c.Value, c.Label, Area(c.Color, CellAlpha, null, 0))))
            : layer.Layer.Find("lower") is not null ? Simple(Area(Contour, 60, Contour, 1))
            : Simple(Area(Cluster, 40, Cluster, 1.8));
    }

    private static JsonObject Simple(JsonObject symbol) => new() { ["type"] = "simple", ["symbol"] = symbol, ["label"] = "", ["description"] = "" };

    private static JsonObject ByValue(string field, JsonObject otherwise, string otherwiseLabel, IEnumerable<(string Value, string Label, JsonObject Symbol)> values) => new()
    {
        ["type"] = "uniqueValue",
        ["field1"] = field,
        ["field2"] = null,
        ["field3"] = null,
        ["fieldDelimiter"] = ",",
        ["defaultSymbol"] = otherwise,
        ["defaultLabel"] = otherwiseLabel,
        ["uniqueValueInfos"] = new JsonArray([.. values.Select(v => new JsonObject { ["value"] = v.Value, ["label"] = v.Label, ["description"] = "", ["symbol"] = v.Symbol })]),
    };

    private static JsonObject Marker(string color) => new()
    {
        ["type"] = "esriSMS",
        ["style"] = "esriSMSCircle",
        ["color"] = Color(color, 255),
        ["size"] = 6,
        ["angle"] = 0,
        ["xoffset"] = 0,
        ["yoffset"] = 0,
        ["outline"] = new JsonObject { ["color"] = Color(White, 255), ["width"] = 0.75 },
    };

    private static JsonObject Area(string? fill, int alpha, string? line, double width) => new()
    {
        ["type"] = "esriSFS",
        ["style"] = fill is null ? "esriSFSNull" : "esriSFSSolid",
        ["color"] = Color(fill ?? White, fill is null ? 0 : alpha),
        ["outline"] = new JsonObject { ["type"] = "esriSLS", ["style"] = line is null ? "esriSLSNull" : "esriSLSSolid", ["color"] = Color(line ?? White, line is null ? 0 : 255), ["width"] = width },
    };

    private static JsonArray Color(string hex, int alpha)
        => [.. Convert.FromHexString(hex.AsSpan(1)).Select(part => (JsonNode)(int)part), alpha];
}
