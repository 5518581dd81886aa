using GeoSanitation.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace GeoSanitation.Server.Problems;

/// <summary>How the faces of OGC API refuse: problem details, with the members that readers of its version 1.0 look for.</summary>
internal static class OgcProblem
{
    /// <summary>Writes a refusal (see <see cref="ErrorForm"/>).</summary>
    internal static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        problem.Extensions["code"] = problem.Title;
        problem.Extensions["description"] = problem.Detail;
        return Problem.WriteAsync(context, problem);
    }
}
