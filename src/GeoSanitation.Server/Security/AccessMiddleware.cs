using System.Security.Claims;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Security;

/// <summary>Turns the key of a request into its user, and stops what that user may not do; see <see cref="AccessRules"/>.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, Database database, Settings settings)
{
    internal const string KeyHeader = "X-Api-Key";

    private const string Bearer = "Bearer ";

    private readonly KeyStore _keys = new(database);

    /// <exception cref="NoKeyException">A key is needed and there is none, or it is not a working one.</exception>
    /// <exception cref="WrongRoleException">The key is of another role.</exception>
    public async Task InvokeAsync(HttpContext context)
    {
        // What is no route of ours only says so: a method or media type that is not taken.
        if (context.GetEndpoint() is RouteEndpoint endpoint)
        {
            if ((KeyOf(context.Request) ?? await ParameterOfAsync(context.Request, endpoint)) is { } text)
            {
                // A key that does not work is refused even where none is needed: its owner should know.
                var key = await _keys.FindAsync(text, context.RequestAborted) ?? throw new NoKeyException("the API key is not known, or was revoked");
                context.User = UserOf(key);
            }
            if (endpoint.Metadata.GetMetadata<RequiredRole>() is { } required)
            {
                context.User.Demand("this", required.Roles);
                context.Response.DependsOnCaller();
            }
            else if (!context.OnlyReads())
            {
                context.User.Demand("this", Roles.Administrator);
            }
            else if (!settings.Access.OpenReads && endpoint.Metadata.GetMetadata<OpenToAll>() is null)
            {
                context.User.Demand("reading", Roles.All);
                context.Response.DependsOnCaller();
            }
        }
        await next(context);
    }

    /// <summary>The key as it was sent, or null. A header of another scheme (a proxy's, say) is none.</summary>
    private static string? KeyOf(HttpRequest request)
        => request.Headers[KeyHeader] is [{ } own, ..] ? own
            : request.Headers.Authorization is [{ } text, ..] && (text + " ").StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? text[(Bearer.Length - 1)..].Trim()
            : null;

    /// <summary>The key as a parameter, where the endpoint takes it so.</summary>
    private static async Task<string?> ParameterOfAsync(HttpRequest request, RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<KeyParameter>() is not { } parameter)
        {
            return null;
        }
        // Clients write out what they do not have: an empty one is none.
        return request.Query[parameter.Name] is [{ Length: > 0 } inQuery, ..] ? inQuery
            : request.HasFormContentType && (await FormBody.ReadAsync(request))[parameter.Name] is [{ Length: > 0 } inForm, ..] ? inForm
            : null;
    }

    /// <summary>Whether a request shows a key, working or not, in whatever way its endpoint takes it.</summary>
    internal static async Task<bool> ShowsKeyAsync(HttpRequest request, RouteEndpoint endpoint) => (KeyOf(request) ?? await ParameterOfAsync(request, endpoint)) is not null;

    private static ClaimsPrincipal UserOf(ApiKey key) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, key.Name), new Claim(ClaimTypes.Role, key.Role)], authenticationType: "API key"));
}
