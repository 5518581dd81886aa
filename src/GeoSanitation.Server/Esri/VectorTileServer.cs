using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Styles;
using GeoSanitation.Server.Tiles;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>What an Esri VectorTileServer says of its tiles. Its addresses are relative, as in Esri's own: some of its clients put them together by hand.</summary>
internal static class VectorTileServer
{
    /// <summary>Half the side of the map square, and the side of a pixel of the first tile, of 512 pixels, meters.</summary>
    private const double HalfSideMeters = 20037508.342789244;
    private const double FirstPixelMeters = 2 * HalfSideMeters / TilePixels;
    private const int TilePixels = 512;
    private const int Dpi = 96;

    /// <summary>As Esri rounds it: its own grids come out so.</summary>
    private const double InchesPerMeter = 39.37;

    /// <summary>What the tiles hold, from the bottom up.</summary>
    internal static IReadOnlyList<string> Layers { get; } = ["hotspots", "wards", "issues"];

    /// <summary>How the tiles are drawn. Esri's clients look for a source of this name.</summary>
    internal static JsonNode Style => JsonSerializer.SerializeToNode(
        StyleDocument.OfOneSource("Hotspots, wards and issues", Layers, "esri", "../../", "../sprites/sprite", "../fonts/{fontstack}/{range}.pbf"), JsonForm.Options)!;

    /// <summary>The service.</summary>
    /// <param name="lonLat">Box of the data, degrees.</param>
    internal static JsonObject Document(Envelope lonLat)
    {
        JsonObject Extent() => LayerDocument.ExtentOf(lonLat, new OutputShapes(CrsRegistry.WebMercator, 0, 3, null)) ?? new JsonObject
        {
            ["xmin"] = -HalfSideMeters,
            ["ymin"] = -HalfSideMeters,
            ["xmax"] = HalfSideMeters,
            ["ymax"] = HalfSideMeters,
            ["spatialReference"] = SpatialReferences.Write(CrsRegistry.WebMercator),
        };
        return new JsonObject
        {
            ["currentVersion"] = ServiceDocuments.Version,
            ["name"] = FeatureServer.Name,
            ["copyrightText"] = "",
            ["capabilities"] = "TilesOnly",
            ["type"] = "indexedVector",
            ["defaultStyles"] = "resources/styles",
            ["tiles"] = new JsonArray("tile/{z}/{y}/{x}.pbf"),
            ["exportTilesAllowed"] = false,
            ["maxExportTilesCount"] = 0,
            ["initialExtent"] = Extent(),
            ["fullExtent"] = Extent(),
            // Drawn at every scale: a client would hide the layer beyond these.
            ["minScale"] = 0,
            ["maxScale"] = 0,
            ["tileInfo"] = new JsonObject
            {
                ["rows"] = TilePixels,
                ["cols"] = TilePixels,
                ["dpi"] = Dpi,
                ["format"] = "pbf",
                ["origin"] = new JsonObject { ["x"] = -HalfSideMeters, ["y"] = HalfSideMeters },
                ["spatialReference"] = SpatialReferences.Write(CrsRegistry.WebMercator),
                ["lods"] = new JsonArray([.. Enumerable.Range(0, TileAddress.MaxZoom + 1).Select(level => (JsonNode)new JsonObject
                {
                    ["level"] = level,
                    ["resolution"] = Math.ScaleB(FirstPixelMeters, -level),
                    ["scale"] = Math.ScaleB(FirstPixelMeters * Dpi * InchesPerMeter, -level),
                })]),
            },
            ["maxzoom"] = TileContent.IssueMaxzoom,
            ["minLOD"] = 0,
            ["maxLOD"] = TileContent.IssueMaxzoom,
            ["resourceInfo"] = new JsonObject
            {
                ["styleVersion"] = 8,
                ["tileCompression"] = "gzip",
                ["cacheInfo"] = new JsonObject { ["storageInfo"] = new JsonObject { ["packetSize"] = 128, ["storageFormat"] = "compactV2" } },
            },
        };
    }
}
