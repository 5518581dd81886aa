using System.Text.Json.Nodes;
using GeoSanitation.Server.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Styles;

/// <summary>A map style (maplibre.org/maplibre-style-spec): what MapLibre and Mapbox GL, and programs that read their styles, need to draw a map.</summary>
/// <param name="Version">Version of the specification.</param>
/// <param name="Name">For people.</param>
/// <param name="Sources">Where the tiles are.</param>
/// <param name="Sprite">Where the markers are, without the end of the address.</param>
/// <param name="Glyphs">Where the letters are.</param>
/// <param name="Layers">What is drawn, from the bottom up.</param>
internal sealed record StyleDocument(int Version, string Name, IReadOnlyDictionary<string, JsonObject> Sources, string Sprite, string Glyphs, JsonArray Layers)
{
    private const int Specification = 8;
    private const int HeatmapTilePixels = 256;

    /// <summary>Names of the styles, with their titles and what they are made of.</summary>
    internal static IReadOnlyList<(string Name, string Title, string[] Sources)> All { get; } =
    [
        ("planner", "Heatmap, hotspots, wards and issues", ["heatmap", "hotspots", "wards", "issues"]),
        ("issues", "Issues and their clusters", ["issues"]),
        ("wards", "Wards and their names", ["wards"]),
        ("hotspots", "Published hotspots", ["hotspots"]),
        ("heatmap", "Density of issues", ["heatmap"]),
    ];

    private static readonly Dictionary<string, string> LayersOf = new()
    {
        ["heatmap"] = StyleLayers.Heatmap,
        ["hotspots"] = StyleLayers.Hotspots,
        ["wards"] = StyleLayers.Wards,
        ["issues"] = StyleLayers.Issues,
    };

    /// <summary>A style.</summary>
    /// <param name="title">For people.</param>
    /// <param name="sources">What it is made of, from the bottom up.</param>
    /// <param name="address">Scheme, host and base path of this server.</param>
    /// <param name="query">Parameters, of which each source gets those that it takes.</param>
    internal static StyleDocument Of(string title, IReadOnlyList<string> sources, string address, IQueryCollection query)
    {
        return new StyleDocument(
            Specification, "GeoSanitation: " + title, sources.ToDictionary(s => s, s => SourceOf(s, address, query)), $"{address}/styles/sprite", $"{address}/styles/fonts/{{fontstack}}/{{range}}.pbf", [Land, .. DrawnOf(sources)]);
    }

    /// <summary>A style that draws one source, whose tiles hold all layers. It has no ground: it is laid over a map.</summary>
    /// <param name="title">For people.</param>
    /// <param name="sources">What it is made of, from the bottom up; not the heatmap, which is a picture.</param>
    /// <param name="name">Name of the source.</param>
    /// <param name="address">Where its description is.</param>
    /// <param name="sprite">Where the markers are, without the end of the address.</param>
    /// <param name="glyphs">Where the letters are.</param>
    internal static StyleDocument OfOneSource(string title, IReadOnlyList<string> sources, string name, string address, string sprite, string glyphs)
    {
        var layers = DrawnOf(sources);
        foreach (var layer in layers)
        {
            layer!["source"] = name;
        }
        return new StyleDocument(Specification, "GeoSanitation: " + title, new Dictionary<string, JsonObject> { [name] = new() { ["type"] = "vector", ["url"] = address } }, sprite, glyphs, [.. layers]);
    }

    private static JsonNode Land => JsonNode.Parse(StyleLayers.Land)!;

    private static JsonNode[] DrawnOf(IEnumerable<string> sources)
        => [.. sources.SelectMany(source => JsonNode.Parse($"[{LayersOf[source]}]")!.AsArray()).Select(layer => layer!.DeepClone())];

    private static JsonObject SourceOf(string name, string address, IQueryCollection query)
    {
        var taken = TileEndpoints.ParametersOf(name).Select(p => p.Name).ToHashSet();
        var carried = QueryString.Create(query.Where(q => taken.Contains(q.Key))).ToUriComponent();
        return name == "heatmap"
            ? new JsonObject
            {
                ["type"] = "raster",
                // The map puts in @2x on a sharp screen; a TileJSON cannot ask for that.
                ["tiles"] = new JsonArray($"{address}/tiles/heatmap/{{z}}/{{x}}/{{y}}{{ratio}}.png{carried}"),
                ["tileSize"] = HeatmapTilePixels,
                ["maxzoom"] = TileContent.Heatmap.Maxzoom,
            }
            : new JsonObject { ["type"] = "vector", ["url"] = $"{address}/tiles/{name}.json{carried}" };
    }
}

/// <summary>The styles that there are.</summary>
/// <param name="Styles">Each with its address.</param>
internal sealed record StyleIndex(IReadOnlyList<StyleIndex.Style> Styles)
{
    /// <summary>A style.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Title">For people.</param>
    /// <param name="Url">Where it is.</param>
    internal sealed record Style(string Name, string Title, string Url);
}

/// <summary>Where a marker is in the picture of markers.</summary>
/// <param name="X">Pixels from the left.</param>
/// <param name="Y">Pixels from the top.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="PixelRatio">Pixels of the picture to a pixel of the map.</param>
internal sealed record SpriteMarker(int X, int Y, int Width, int Height, [property: System.Text.Json.Serialization.JsonPropertyName("pixelRatio")] int PixelRatio);
