using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Ogc.Tiles;

/// <summary>What OGC API Tiles says of tiles (OGC 20-057): the grid, and the tilesets of collections.</summary>
internal static class TileDocuments
{
    internal const string Mvt = "application/vnd.mapbox-vector-tile";
    internal const string Grid = "WebMercatorQuad";
    internal const string TilesetsVector = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";

    /// <summary>Collections that the tiles of all hold: the others are made of the first of them.</summary>
    internal static readonly string[] Collections = ["issues", "wards", "hotspots"];

    /// <summary>Form of a tile: there is one.</summary>
    internal static readonly Parameter<string> Form = Parameter.Word("f", "Form of the tile", "mvt");

    /// <summary>Which collections the tiles of all are to hold, in this order; all of them when left out.</summary>
    internal static readonly Parameter<IReadOnlyList<string>> Selection = new(
        "collections", $"Collections that the tiles hold, the first of them first, with commas between: ids or addresses of {string.Join(", ", Collections)}; all when left out",
        new() { Type = JsonSchemaType.Array, MinItems = 1, Items = new OpenApiSchema { Type = JsonSchemaType.String } }, new JsonArray("issues", "wards"), SelectedBy);

    /// <summary>Where a tile lies: the row comes before the column.</summary>
    internal static IReadOnlyList<Parameter> PathParameters { get; } =
    [
        Number("tileMatrix", "Zoom, 0 to 22", 12), Number("tileRow", "Row, counted from the north", 1657), Number("tileCol", "Column, counted from the west", 3330),
    ];

    private const string GridUri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
    private const string TilingScheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
    private const int LastZoom = 22;

    /// <summary>Half the side of the map square, meters, and the scale of its first tile (OGC 17-083r4, annex D.1).</summary>
    private const double HalfSideMeters = 20037508.342789244;
    private const double FirstScaleDenominator = 559082264.028717;

    /// <summary>The list of grids.</summary>
    internal static JsonObject Grids(string root) => new()
    {
        ["tileMatrixSets"] = new JsonArray(new JsonObject
        {
            ["id"] = Grid,
            ["title"] = "Google Maps Compatible for the World",
            ["uri"] = GridUri,
            ["crs"] = CrsRegistry.WebMercator.Uri,
            ["links"] = new JsonArray(Links.Of("self", $"{root}/tileMatrixSets/{Grid}", OgcAnswer.Json, Grid)),
        }),
    };

    /// <summary>The grid of web maps.</summary>
    internal static JsonObject WebMercatorQuad() => new()
    {
        ["id"] = Grid,
        ["title"] = "Google Maps Compatible for the World",
        ["uri"] = GridUri,
        ["crs"] = CrsRegistry.WebMercator.Uri,
        ["orderedAxes"] = new JsonArray("X", "Y"),
        ["wellKnownScaleSet"] = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        ["tileMatrices"] = new JsonArray([.. Enumerable.Range(0, LastZoom + 1).Select(zoom => (JsonNode)new JsonObject
        {
            ["id"] = zoom.ToString(CultureInfo.InvariantCulture),
            ["scaleDenominator"] = FirstScaleDenominator / (1 << zoom),
            ["cellSize"] = 2 * HalfSideMeters / 256 / (1 << zoom),
            ["cornerOfOrigin"] = "topLeft",
            ["pointOfOrigin"] = new JsonArray(-HalfSideMeters, HalfSideMeters),
            ["tileWidth"] = 256,
            ["tileHeight"] = 256,
            ["matrixWidth"] = 1 << zoom,
            ["matrixHeight"] = 1 << zoom,
        })]),
    };

    /// <summary>The tilesets of something: one.</summary>
    /// <param name="address">Address of this list.</param>
    /// <param name="title">What it is of.</param>
    /// <param name="tileset">The tileset.</param>
    internal static JsonObject Tilesets(string address, string title, JsonObject tileset) => new()
    {
        ["links"] = new JsonArray(Links.Of("self", address, OgcAnswer.Json, $"Tilesets of {title}")),
        ["tilesets"] = new JsonArray(tileset),
    };

    /// <summary>The tileset of collections.</summary>
    /// <param name="tiles">Address of the list of tilesets that it is in.</param>
    /// <param name="root">Address of the landing page.</param>
    /// <param name="title">What it is of.</param>
    /// <param name="layers">The collections, in the order of their layers.</param>
    /// <param name="extent">What is known of their features.</param>
    /// <param name="query">What the addresses of the tileset and its tiles carry, with its question mark; or empty.</param>
    internal static JsonObject Tileset(string tiles, string root, string title, IReadOnlyList<Collection> layers, Extent extent, string query = "")
    {
        var address = $"{tiles}/{Grid}";
        var tileset = new JsonObject
        {
            ["title"] = title,
            ["dataType"] = "vector",
            ["crs"] = CrsRegistry.WebMercator.Uri,
            ["tileMatrixSetURI"] = GridUri,
            ["links"] = new JsonArray(
                Links.Of("self", address + query, OgcAnswer.Json, $"Vector tiles of {title}"),
                Links.Of(TilingScheme, $"{root}/tileMatrixSets/{Grid}", OgcAnswer.Json, Grid),
                Templated(Links.Of("item", $"{address}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{query}", Mvt, "A tile"))),
            ["layers"] = new JsonArray([.. layers.Select(layer => new JsonObject { ["id"] = LayerOf(layer), ["title"] = layer.Title, ["dataType"] = "vector", ["geometryDimension"] = layer.Name == "issues" ? 0 : 2 })]),
        };
        if (!extent.Box.IsNull)
        {
            tileset["boundingBox"] = new JsonObject
            {
                ["lowerLeft"] = new JsonArray(extent.Box.MinX, extent.Box.MinY),
                ["upperRight"] = new JsonArray(extent.Box.MaxX, extent.Box.MaxY),
                ["crs"] = CrsRegistry.Crs84.Uri,
            };
            tileset["tileMatrixSetLimits"] = new JsonArray([.. Enumerable.Range(0, LastZoom + 1).Select(zoom => (JsonNode)Limits(extent, zoom))]);
        }
        return tileset;
    }

    /// <summary>Name of the layer of tiles that holds a collection.</summary>
    internal static string LayerOf(Collection collection) => collection.Method is null ? collection.Name : "hotspots";

    private static string[] SelectedBy(string? text)
    {
        if (text is null)
        {
            return Collections;
        }
        // An address of a collection ends in its id.
        string[] names = [.. text.Split(',').Select(part => part.Contains("/collections/", StringComparison.Ordinal) ? part[(part.LastIndexOf('/') + 1)..] : part)];
        return names.All(Collections.Contains) && names.Distinct().Count() == names.Length
            ? names
            : throw new BadParameterException("collections", text, $"some of {string.Join(", ", Collections)}, each once");
    }

    private static JsonObject Limits(Extent extent, int zoom)
    {
        var (firstColumn, lastRow) = TileOf(extent.Box.MinX, extent.Box.MinY, zoom);
        var (lastColumn, firstRow) = TileOf(extent.Box.MaxX, extent.Box.MaxY, zoom);
        return new JsonObject
        {
            ["tileMatrix"] = zoom.ToString(CultureInfo.InvariantCulture),
            ["minTileRow"] = firstRow,
            ["maxTileRow"] = lastRow,
            ["minTileCol"] = firstColumn,
            ["maxTileCol"] = lastColumn,
        };
    }

    private static (int Column, int Row) TileOf(double lon, double lat, int zoom)
    {
        // The square ends where its height is its width.
        var (x, y) = CrsRegistry.WebMercator.FromLonLat(new LonLat(lon, Math.Clamp(lat, -85.0511, 85.0511)));
        var (size, last) = (2 * HalfSideMeters / (1 << zoom), (1 << zoom) - 1);
        return (Math.Clamp((int)Math.Floor((x + HalfSideMeters) / size), 0, last), Math.Clamp((int)Math.Floor((HalfSideMeters - y) / size), 0, last));
    }

    private static Parameter Number(string name, string description, int example)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" }, example);

    private static JsonObject Templated(JsonObject link)
    {
        link["templated"] = true;
        return link;
    }
}
