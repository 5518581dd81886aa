using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace GeoSanitation.Server.Catalog;

/// <summary>Which addresses this server answers: a catalog must not name what is not there.</summary>
internal sealed class OwnAddresses(EndpointDataSource endpoints)
{
    private readonly Lazy<IReadOnlyList<TemplateMatcher>> _routes = new(() =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true)
            .Select(e => new TemplateMatcher(TemplateParser.Parse(e.RoutePattern.RawText!.Trim('/')), [])),
    ]);

    /// <summary>Whether a path, from the server's root, is answered; a query behind it says nothing.</summary>
    internal bool Has(string path) => _routes.Value.Any(route => route.TryMatch(new PathString(path.Split('?')[0]), []));
}
