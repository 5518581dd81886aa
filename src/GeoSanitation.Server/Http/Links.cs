using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace GeoSanitation.Server.Http;

/// <summary>A link of an answer.</summary>
/// <param name="Rel">What it is to this answer: "self", "next".</param>
/// <param name="Href">Path and query, from the server's root.</param>
/// <param name="Type">Media type of what is there.</param>
internal sealed record Link(string Rel, string Href, string Type);

/// <summary>Links of a page of a list, in the body and in the Link header; and the address that absolute links begin with.</summary>
internal static class Links
{
    /// <summary>
    /// Scheme, host and base path as the client sees them, behind a proxy too (X-Forwarded-Proto, -Host, -Prefix; proto and host of Forwarded, RFC 7239); without a slash at its end.
    /// What no address can have for a host is passed over; where nothing is left, as in a request of HTTP/1.0, it is the address that was called.
    /// </summary>
    internal static string Root(HttpRequest request)
    {
        var scheme = (First("X-Forwarded-Proto") ?? Forwarded("proto")) is ("https" or "http") and var given ? given : request.Scheme;
        var host = ((string?[])[First("X-Forwarded-Host"), Forwarded("host"), request.Host.Value]).FirstOrDefault(IsHost) ?? CalledAddress(request.HttpContext.Connection);
        var prefix = First("X-Forwarded-Prefix") is { } path && path.StartsWith('/') ? path.TrimEnd('/') : "";
        return $"{scheme}://{host}{prefix}{request.PathBase.ToUriComponent()}";

        string? First(string header) => request.Headers[header].FirstOrDefault()?.Split(',')[0].Trim();

        // The first proxy that was passed: for=192.0.2.1;proto=https;host="city.example:8443"
        string? Forwarded(string name) => First("Forwarded")?.Split(';').Select(pair => pair.Split('=', 2))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim().Trim('"');
    }

    private static bool IsHost(string? text) => !text.AsSpan().ContainsAny("/\\?#@") && Uri.TryCreate($"http://{text}", UriKind.Absolute, out _);

    private static string CalledAddress(ConnectionInfo connection) => new IPEndPoint(connection.LocalIpAddress ?? IPAddress.Loopback, connection.LocalPort).ToString();

    /// <summary>A link as the OGC's documents have it.</summary>
    /// <param name="rel">What it is to the document.</param>
    /// <param name="href">Its address.</param>
    /// <param name="type">Media type of what is there.</param>
    /// <param name="title">What is there.</param>
    internal static JsonObject Of(string rel, string href, string type, string title) => new() { ["rel"] = rel, ["type"] = type, ["title"] = title, ["href"] = href };

    /// <summary>Itself and, when there is more, the next page; also written to the response's Link header.</summary>
    /// <param name="context">The request and its response.</param>
    /// <param name="cursor">Where this page ends, or null when it is the last.</param>
    /// <param name="type">Media type of the list.</param>
    internal static IReadOnlyList<Link> OfPage(HttpContext context, string? cursor, string type)
    {
        var request = context.Request;
        var links = new List<Link> { new("self", request.PathBase.Add(request.Path).ToUriComponent() + request.QueryString.ToUriComponent(), type) };
        if (cursor is not null)
        {
            var query = new QueryBuilder(request.Query.Where(p => p.Key != PageCursor.Parameter.Name)) { { PageCursor.Parameter.Name, cursor } };
            links.Add(new("next", request.PathBase.Add(request.Path).ToUriComponent() + query, type));
        }
        context.Response.Headers.Link = string.Join(", ", links.Select(l => $"<{l.Href}>; rel=\"{l.Rel}\"; type=\"{l.Type}\""));
        return links;
    }
}
