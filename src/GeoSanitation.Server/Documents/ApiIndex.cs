using GeoSanitation.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Documents;

/// <summary>Where everything is.</summary>
/// <param name="Title">Name of the program.</param>
/// <param name="Version">Its version.</param>
/// <param name="Links">The documents about it.</param>
/// <param name="Resources">What can be read, by address.</param>
internal sealed record ApiIndex(string Title, string Version, IReadOnlyList<Link> Links, IReadOnlyList<ApiIndex.Resource> Resources)
{
    /// <summary>Made of the routes as they are, so that it names what exists and nothing else.</summary>
    internal static Ok<ApiIndex> Of(HttpContext context, EndpointDataSource endpoints)
    {
        var root = context.Request.PathBase.ToUriComponent();
        var resources =
            from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
            let name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
            let summary = endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary
            where summary is not null && name is not null && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true
            let href = root + endpoint.RoutePattern.RawText!.TrimEnd('/')
            orderby href
            select new Resource(name, href, endpoint.RoutePattern.Parameters.Count > 0, summary, endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags is [var tag, ..] ? tag : null);
        return TypedResults.Ok(new ApiIndex("GeoSanitation", DocumentEndpoints.Version,
        [
            new("self", root + "/api", "application/json"),
            new("service-desc", root + "/openapi/v1.json", "application/vnd.oai.openapi+json;version=3.1"),
            new("service-doc", root + "/docs", "text/html"),
            new("status", root + "/health/ready", "application/json"),
        ], [.. resources]));
    }

    /// <summary>Something that can be read.</summary>
    /// <param name="Name">Its name, the same as in the OpenAPI document (<c>operationId</c>).</param>
    /// <param name="Href">Its address, from the server's root; a name in braces stands for a value.</param>
    /// <param name="Templated">True when there is such a name in it.</param>
    /// <param name="Title">What it is.</param>
    /// <param name="Group">What it belongs to.</param>
    internal sealed record Resource(string Name, string Href, bool Templated, string Title, string? Group);
}
