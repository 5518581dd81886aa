using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace GeoSanitation.Server.Tests.Ogc;

/// <summary>What the JSON schemas that OGC publishes demand of documents (schemas.opengis.net: ogcapi/features/part1/1.0, tms/2.0, ogcapi/processes/part1/1.0) and RFC 7946 of features.</summary>
internal static class PublishedRules
{
    internal static void LandingPage(JsonNode document)
    {
        Text(document, "title", "description");
        Links(document);
    }

    internal static void Conformance(JsonNode document)
        => Assert.All(document["conformsTo"]!.AsArray(), c => Assert.StartsWith("http", (string)c!, StringComparison.Ordinal));

    internal static void Collection(JsonNode document)
    {
        Assert.NotEqual("", (string)document["id"]!);
        Text(document, "title", "description", "itemType", "storageCrs");
        Links(document);
        Assert.All(document["crs"]!.AsArray(), c => Assert.StartsWith("http", (string)c!, StringComparison.Ordinal));
        var spatial = document["extent"]!["spatial"]!;
        Assert.All(spatial["bbox"]!.AsArray(), box => Assert.Contains(box!.AsArray().Count(n => n!.GetValueKind() == JsonValueKind.Number), (int[])[4, 6]));
        Assert.Equal("http://www.opengis.net/def/crs/OGC/1.3/CRS84", (string?)spatial["crs"]);
        if (document["extent"]!["temporal"] is { } temporal)
        {
            Assert.All(temporal["interval"]!.AsArray(), interval => Assert.Equal(2, interval!.AsArray().Count(t => t is null || IsTime((string)t!))));
        }
    }

    internal static void FeatureCollection(JsonNode document)
    {
        Assert.Equal("FeatureCollection", (string?)document["type"]);
        Links(document);
        Assert.True(IsTime((string)document["timeStamp"]!));
        Assert.Equal(document["features"]!.AsArray().Count, (int)document["numberReturned"]!);
        Assert.True(document["numberMatched"] is not { } matched || (int)matched >= (int)document["numberReturned"]!);
        Assert.All(document["features"]!.AsArray(), f => Feature(f!));
    }

    internal static void Feature(JsonNode feature)
    {
        Assert.Equal("Feature", (string?)feature["type"]);
        Assert.Contains(feature["id"]!.GetValueKind(), (JsonValueKind[])[JsonValueKind.String, JsonValueKind.Number]);
        Assert.True(feature.AsObject().ContainsKey("geometry") && feature["properties"] is JsonObject);
        if (feature["geometry"] is { } geometry)
        {
            var depth = Array.IndexOf(["Point", "LineString", "Polygon", "MultiPolygon"], (string?)geometry["type"]);
            Assert.True(depth >= 0, (string?)geometry["type"]);
            Positions(geometry["coordinates"]!, depth, isRing: depth >= 2);
        }
    }

    internal static void Exception(JsonNode document)
    {
        Assert.NotEqual("", (string)document["code"]!);
        Assert.NotEqual("", (string)document["description"]!);
    }

    internal static void TileSet(JsonNode document)
    {
        Assert.Equal("vector", (string?)document["dataType"]);
        Assert.StartsWith("http", (string)document["crs"]!, StringComparison.Ordinal);
        Text(document, "title", "tileMatrixSetURI");
        Links(document);
        foreach (var limit in document["tileMatrixSetLimits"]?.AsArray() ?? [])
        {
            Assert.NotEqual("", (string)limit!["tileMatrix"]!);
            Assert.InRange((int)limit["minTileRow"]!, 0, (int)limit["maxTileRow"]!);
            Assert.InRange((int)limit["minTileCol"]!, 0, (int)limit["maxTileCol"]!);
        }
        Assert.All(document["layers"]?.AsArray() ?? [], layer => Assert.True((string?)layer!["id"] is { Length: > 0 } && (string?)layer["dataType"] == "vector"));
    }

    internal static void TileMatrixSet(JsonNode document)
    {
        Assert.StartsWith("http", (string)document["crs"]!, StringComparison.Ordinal);
        foreach (var matrix in document["tileMatrices"]!.AsArray())
        {
            Assert.NotEqual("", (string)matrix!["id"]!);
            Assert.All(new[] { "scaleDenominator", "cellSize", "tileWidth", "tileHeight", "matrixWidth", "matrixHeight" }, name => Assert.True((double)matrix[name]! > 0));
            Assert.Equal(2, matrix["pointOfOrigin"]!.AsArray().Count);
        }
    }

    internal static void Process(JsonNode document)
    {
        Text(document, "id", "version", "title", "description");
        Assert.All(document["jobControlOptions"]!.AsArray(), o => Assert.Contains((string?)o, (string[])["sync-execute", "async-execute", "dismiss"]));
        Assert.All(document["outputTransmission"]!.AsArray(), o => Assert.Contains((string?)o, (string[])["value", "reference"]));
        Links(document);
        Assert.All((document["inputs"]?.AsObject() ?? []).Concat(document["outputs"]?.AsObject() ?? []), member => Assert.IsType<JsonObject>(member.Value!["schema"]));
    }

    /// <summary>A link has an address, and here always a relation; where it is not a profile's, a type too.</summary>
    internal static void Links(JsonNode document)
    {
        foreach (var link in document["links"]!.AsArray())
        {
            Assert.StartsWith("http", (string)link!["href"]!, StringComparison.Ordinal);
            Assert.NotEqual("", (string)link["rel"]!);
            Assert.True((string)link["rel"]! == "profile" || (string?)link["type"] is { Length: > 0 }, link.ToJsonString());
        }
    }

    private static void Text(JsonNode document, params string[] names) => Assert.All(names, name => Assert.NotEqual("", (string)document[name]!));

    private static bool IsTime(string text) => DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static void Positions(JsonNode coordinates, int depth, bool isRing)
    {
        if (depth == 0)
        {
            Assert.InRange(coordinates.AsArray().Count(n => n!.GetValueKind() == JsonValueKind.Number), 2, 3);
            return;
        }
        Assert.All(coordinates.AsArray(), part => Positions(part!, depth - 1, isRing));
        if (depth == 1 && isRing)
        {
            Assert.True(coordinates.AsArray().Count >= 4 && JsonNode.DeepEquals(coordinates[0], coordinates.AsArray()[^1]), "a ring is closed");
        }
    }
}
