using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Http;

/// <summary>HEAD wherever GET is. The server sends no body to it; an endpoint may look at the method and save the work.</summary>
internal static class HeadRequests
{
    /// <summary>Lets every endpoint that answers GET answer HEAD too.</summary>
    internal static RouteGroupBuilder AnswersHead(this RouteGroupBuilder routes)
    {
        ((IEndpointConventionBuilder)routes).Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { } methods && methods.HttpMethods.Contains(HttpMethods.Get) && !methods.HttpMethods.Contains(HttpMethods.Head))
            {
                endpoint.Metadata.Add(new HttpMethodMetadata([.. methods.HttpMethods, HttpMethods.Head], methods.AcceptCorsPreflight));
            }
        });
        return routes;
    }
}
