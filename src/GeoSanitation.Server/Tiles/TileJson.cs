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

    /// <summary>Describes a tile layer.</summary>
    /// <param name="layer">issues, wards, hotspots or heatmap.</param>
    /// <param name="content">What is in its tiles.</param>
    /// <param name="address">Scheme, host and base path of this server.</param>
    /// <param name="query">The query that its tiles are to carry, with its question mark; or empty.</param>
    /// <param name="bounds">Lon/lat box of the data.</param>
    internal static TileJson Of(string layer, TileContent content, string address, string query, Envelope bounds) => new(
        "3.0.0", layer, [$"{address}/tiles/{layer}/{{z}}/{{x}}/{{y}}.{content.Extension}{query}"], 0, content.Maxzoom, "xyz")
    {
        VectorLayers = content.Layers,
        Bounds = bounds.IsNull ? null : [bounds.MinX, bounds.MinY, bounds.MaxX, bounds.MaxY],
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
