using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace GeoSanitation.Server.Problems;

/// <summary>How a face refuses, where its protocol has a form for that: what was wrong is the same as everywhere (<see cref="Problem.Describe"/>), the writing its own.</summary>
/// <param name="WriteAsync">Writes the refusal, its status included.</param>
internal sealed record ErrorForm(Func<HttpContext, ProblemDetails, Task> WriteAsync);

/// <summary>The line by which a route says so.</summary>
internal static class ErrorForms
{
    /// <summary>Refuses in a form of its own.</summary>
    internal static T RefusesBy<T>(this T routes, Func<HttpContext, ProblemDetails, Task> write)
        where T : IEndpointConventionBuilder
        => routes.WithMetadata(new ErrorForm(write));
}
