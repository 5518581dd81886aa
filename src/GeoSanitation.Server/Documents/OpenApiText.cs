using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Documents;

/// <summary>
/// An OpenAPI document as JSON, built when it is first asked for and kept: it says what the routes say, and they do not change while the server runs.
/// Only the address of the server is that of its caller.
/// </summary>
/// <param name="documents">Builds the document.</param>
/// <param name="version">Version of OpenAPI that it is written in.</param>
internal sealed class OpenApiText(IOpenApiDocumentProvider documents, OpenApiSpecVersion version)
{
    /// <summary>Stands where the address of the server goes; no host has this name (RFC 6761).</summary>
    private const string Address = "http://address.invalid";

    private string? _text;

    /// <summary>The document for a caller.</summary>
    /// <param name="root">Address of the server, as the caller sees it.</param>
    /// <param name="cancellation">Cancels.</param>
    internal async Task<string> ForAsync(string root, CancellationToken cancellation)
    {
        // Two that come first at the same time build the same.
        _text ??= await BuildAsync(cancellation);
        return _text.Replace(Address, JsonEncodedText.Encode(root, JsonForm.Options.Encoder).Value, StringComparison.Ordinal);
    }

    private async Task<string> BuildAsync(CancellationToken cancellation)
    {
        var document = await documents.GetOpenApiDocumentAsync(cancellation);
        document.Servers = [new OpenApiServer { Url = Address }];
        var json = JsonNode.Parse(await document.SerializeAsync(version, OpenApiConstants.Json, cancellation))!;
        SayStyles(json);
        return json.ToJsonString(JsonForm.Options);
    }

    /// <summary>Says of parameters in the query how they are written, where that is the usual way and was left out: QGIS offers filters of attributes only where it is said.</summary>
    private static void SayStyles(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray items:
                items.ToList().ForEach(SayStyles);
                break;
            case JsonObject parameter when parameter["in"] is JsonValue place && place.TryGetValue(out string? where) && where == "query":
                parameter.TryAdd("style", "form");
                break;
            case JsonObject members:
                members.ToList().ForEach(member => SayStyles(member.Value));
                break;
        }
    }
}

/// <summary>OpenAPI documents of this server, each by its name.</summary>
internal static class OpenApiTexts
{
    /// <summary>Keeps a document that <c>AddOpenApi</c> has named.</summary>
    internal static void AddOpenApiText(this IServiceCollection services, string name, OpenApiSpecVersion version)
        => services.AddKeyedSingleton(name, (provider, _) => new OpenApiText(provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(name), version));
}
