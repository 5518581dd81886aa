using System.Text.Json.Serialization;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Tiles;

/// <summary>Describes a tile layer to map programs (github.com/mapbox/tilejson-spec, 3.0.0).</summary>
/// <param name="Version">Version of the specification.</param>
/// <param name="Name">Name of the layer.</param>
/// <param name="Tiles">One template of the tiles' addresses.</param>
/// <param name="Minzoom">First zoom.</param>
/// <param name="Maxzoom">Last zoom; a map draws deeper ones from these.</param>
/// <param name="Scheme">Rows are counted from the north.</param>
internal sealed record TileJson(
    [property: JsonPropertyName("tilejson")] string Version,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("tiles")] IReadOnlyList<string> Tiles,
    [property: JsonPropertyName("minzoom")] int Minzoom,
    [property: JsonPropertyName("maxzoom")] int Maxzoom,
    [property: JsonPropertyName("scheme")] string Scheme)
{
    /// <summary>What is in the vector tiles; for pictures, left out.</summary>
    [JsonPropertyName("vector_layers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VectorLayer>? VectorLayers { get; init; }

    /// <summary>West, south, east, north of the data, degrees; left out when there are none.</summary>
    [JsonPropertyName("bounds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Bounds { get; init; }

    private const int IssueMaxZoom = 16;
    private const int WardMaxZoom = 15;
    private const int HeatmapMaxZoom = 18;

    private static readonly Dictionary<string, string> IssueFields = new()
    {
        ["count"] = "Issues that the feature stands for: 1, or more for an aggregate.",
        ["category"] = "Category code; not on aggregates.",
        ["severity"] = "1 to 5; the highest on aggregates.",
        ["status"] = "Status; not on aggregates.",
        ["overdue"] = "Whether it is past its deadline; not on aggregates.",
        ["relapse"] = "Whether it came back after an earlier one was closed; not on aggregates.",
        ["default_point"] = "Whether it stands on a geocoder's default point; not on aggregates.",
        ["reported_at"] = "Seconds since 1970-01-01T00:00Z; not on aggregates.",
        ["overdue_count"] = "Overdue issues of an aggregate.",
        ["relapse_count"] = "Relapses of an aggregate.",
    };

    private static readonly Dictionary<string, string> WardFields = new()
    {
        ["code"] = "Code.",
        ["name"] = "Name.",
        ["name_en"] = "English name, where there is one.",
        ["level"] = "Level.",
    };

    /// <summary>Describes a layer.</summary>
    /// <param name="layer">issues, wards or heatmap.</param>
    /// <param name="address">Scheme, host and base path of this server.</param>
    /// <param name="query">The query that its tiles are to carry, with its question mark; or empty.</param>
    /// <param name="bounds">Lon/lat box of the data.</param>
    internal static TileJson Of(string layer, string address, string query, Envelope bounds)
    {
        var (extension, maxZoom, fields) = layer switch
        {
            "issues" => ("mvt", IssueMaxZoom, IssueFields),
            "wards" => ("mvt", WardMaxZoom, WardFields),
            _ => ("png", HeatmapMaxZoom, null),
        };
        return new TileJson(
            "3.0.0", layer, [$"{address}/tiles/{layer}/{{z}}/{{x}}/{{y}}.{extension}{query}"], 0, maxZoom, "xyz")
        {
            VectorLayers = VectorLayersOf(layer, fields, maxZoom),
            Bounds = bounds.IsNull ? null : [bounds.MinX, bounds.MinY, bounds.MaxX, bounds.MaxY],
        };
    }

    private static VectorLayer[]? VectorLayersOf(string layer, Dictionary<string, string>? fields, int maxZoom) => (layer, fields) switch
    {
        (_, null) => null,
        // Outlines, and the places of their names.
        ("wards", _) => [new(layer, fields, 0, maxZoom), new("ward_labels", fields, 0, maxZoom)],
        _ => [new(layer, fields, 0, maxZoom)],
    };

    /// <summary>A layer of vector tiles.</summary>
    /// <param name="Id">Its name in the tiles.</param>
    /// <param name="Fields">Attributes, with what they mean.</param>
    /// <param name="Minzoom">First zoom.</param>
    /// <param name="Maxzoom">Last zoom.</param>
    internal sealed record VectorLayer(
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("fields")] IReadOnlyDictionary<string, string> Fields,
        [property: JsonPropertyName("minzoom")] int Minzoom,
        [property: JsonPropertyName("maxzoom")] int Maxzoom);
}
