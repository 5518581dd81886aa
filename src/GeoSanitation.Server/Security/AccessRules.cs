using System.Security.Claims;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Security;

/// <summary>What an endpoint asks of the caller's key.</summary>
/// <param name="Roles">A key of one of these, or of an administrator.</param>
internal sealed record RequiredRole(IReadOnlyList<string> Roles);

/// <summary>Marks an endpoint that answers everybody even where reading takes a key: health, documents.</summary>
internal sealed record OpenToAll;

/// <summary>Marks an endpoint that only reads, whatever its method: some protocols send long questions by POST.</summary>
internal sealed record OnlyReads;

/// <summary>Marks an endpoint whose protocol shows keys as a parameter of the query, or as a field of the form that is sent.</summary>
/// <param name="Name">Name of the parameter and of the field.</param>
internal sealed record KeyParameter(string Name);

/// <summary>
/// Who may do what. An endpoint says so in one line of its route: <see cref="RequireRole"/>, or <see cref="OpenToAll{T}"/>. One that says nothing is read by all
/// (by any key where <see cref="AccessSettings.OpenReads"/> is false), and written to by administrators only. <see cref="AccessMiddleware"/> sees to it.
/// </summary>
internal static class AccessRules
{
    /// <summary>Asks for a key of one of some roles; an administrator's always does.</summary>
    internal static T RequireRole<T>(this T routes, params string[] roles)
        where T : IEndpointConventionBuilder
        => routes.WithMetadata(
            new RequiredRole(roles), new ProducesResponseTypeMetadata(401, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]),
            new ProducesResponseTypeMetadata(403, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));

    /// <summary>Leaves an endpoint open where reading takes a key.</summary>
    internal static T OpenToAll<T>(this T routes)
        where T : IEndpointConventionBuilder
        => routes.WithMetadata(new OpenToAll());

    /// <summary>Also takes the key as a parameter, where a protocol says so: headers are better, addresses stand in logs.</summary>
    internal static T TakesKeyAs<T>(this T routes, string name)
        where T : IEndpointConventionBuilder
        => routes.WithMetadata(new KeyParameter(name));

    /// <summary>True for a request that only reads, by its method or because its endpoint says so.</summary>
    internal static bool OnlyReads(this HttpContext context)
        => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method)
            || context.GetEndpoint()?.Metadata.GetMetadata<OnlyReads>() is not null;

    /// <summary>Whose key the caller showed; "anonymous" for none.</summary>
    internal static string Name(this ClaimsPrincipal caller) => caller.Identity?.Name ?? "anonymous";

    /// <summary>True for a key of one of some roles, or of an administrator.</summary>
    internal static bool Is(this ClaimsPrincipal caller, params IReadOnlyList<string> roles) => caller.IsInRole(Roles.Administrator) || roles.Any(caller.IsInRole);

    /// <summary>True when the caller may see who reported an issue.</summary>
    internal static bool MaySeeReporters(this ClaimsPrincipal caller) => caller.Is(Roles.Inspector, Roles.Handler);

    /// <summary>Refuses a caller who has none of some roles.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="action">What was to be done: "resolving an issue".</param>
    /// <param name="roles">Who may.</param>
    /// <exception cref="NoKeyException">There is no key.</exception>
    /// <exception cref="WrongRoleException">It is of another role.</exception>
    internal static void Demand(this ClaimsPrincipal caller, string action, params IReadOnlyList<string> roles)
    {
        if (caller.Identity?.IsAuthenticated != true)
        {
            throw new NoKeyException($"{action} takes an API key: Authorization: Bearer gs_..., or X-Api-Key");
        }
        if (!caller.Is(roles))
        {
            var role = caller.FindFirstValue(ClaimTypes.Role);
            throw new WrongRoleException($"{action} takes a key of {string.Join(" or ", roles.Append(Roles.Administrator).Distinct().Select(r => $"role {r}"))}; this one is of role {role}");
        }
    }

    /// <summary>Tells caches that the answer depends on who asks, and is for that caller only.</summary>
    internal static void DependsOnCaller(this HttpResponse response)
    {
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.Authorization, AccessMiddleware.KeyHeader);
    }
}
