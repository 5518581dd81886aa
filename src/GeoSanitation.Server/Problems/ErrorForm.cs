using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Problems;

/// <summary>How a face refuses, where its protocol has a form for that: what was wrong is the same as everywhere (<see cref="Problem.Describe"/>), the writing its own.</summary>
/// <param name="Root">Address that all of the face's begin with.</param>
/// <param name="WriteAsync">Writes the refusal, its status included.</param>
internal sealed record ErrorForm(string Root, Func<HttpContext, ProblemDetails, Task> WriteAsync)
{
    /// <summary>The form of the face that an address belongs to, whether there is anything at it or not; null where it belongs to none.</summary>
    internal static ErrorForm? At(HttpContext context) => context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<ErrorForm>()).OfType<ErrorForm>()
        .Where(form => context.Request.Path.StartsWithSegments(form.Root, StringComparison.OrdinalIgnoreCase)).MaxBy(form => form.Root.Length);
}

/// <summary>The line by which a face says so.</summary>
internal static class ErrorForms
{
    /// <summary>Refuses in a form of its own, also what is asked for below its root and is not there.</summary>
    internal static T RefusesBy<T>(this T routes, string root, Func<HttpContext, ProblemDetails, Task> write)
        where T : IEndpointConventionBuilder
        => routes.WithMetadata(new ErrorForm(root, write));
}
