using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Backdrop;

/// <summary>All layers of the background in one collection, each feature with the name of its layer: a map draws one source sooner than seven.</summary>
/// <param name="Json">GeoJSON, UTF-8.</param>
/// <param name="Tag">Of these bytes; weak, as they may be packed on their way.</param>
internal sealed record WholeBackdrop(byte[] Json, EntityTagHeaderValue Tag)
{
    /// <param name="files">The files of the layers that there are, from the lowest layer.</param>
    internal static WholeBackdrop Of(IEnumerable<FileInfo> files)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = "FeatureCollection", ["features"] = new JsonArray([.. files.SelectMany(Features)]) });
        return new WholeBackdrop(json, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..16]}\"", isWeak: true));
    }

    private static IEnumerable<JsonNode> Features(FileInfo file)
    {
        using var content = file.OpenRead();
        foreach (var feature in JsonNode.Parse(content)!["features"]!.AsArray())
        {
            var copy = feature!.DeepClone();
            copy["properties"]!["layer"] = Path.GetFileNameWithoutExtension(file.Name);
            yield return copy;
        }
    }
}
