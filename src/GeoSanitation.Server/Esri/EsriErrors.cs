using System.Text.Json.Nodes;
using GeoSanitation.Server.Security;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Esri;

/// <summary>What went wrong, as Esri's clients read it: always status 200, the code in the body.</summary>
internal static class EsriErrors
{
    private const int InvalidToken = 498;
    private const int TokenRequired = 499;

    /// <summary>Writes a whole answer.</summary>
    internal static async Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        // A key that does not work, and none where one is needed, have codes of their own.
        var code = problem.Status != StatusCodes.Status401Unauthorized ? problem.Status!.Value
            : context.Features.Get<IExceptionHandlerFeature>()!.Endpoint is RouteEndpoint endpoint && await AccessMiddleware.ShowsKeyAsync(context.Request, endpoint) ? InvalidToken : TokenRequired;
        context.Response.StatusCode = StatusCodes.Status200OK;
        await EsriJson.WriteAsync(context, "json", new JsonObject { ["error"] = Describe(problem, code) });
    }

    /// <summary>The member <c>error</c>.</summary>
    internal static JsonObject Describe(ProblemDetails problem, int code) => new()
    {
        ["code"] = code,
        ["message"] = problem.Detail ?? problem.Title,
        ["details"] = new JsonArray([.. problem.Extensions.Where(e => e.Value is string).Select(e => (JsonNode)$"{e.Key}: {e.Value}")]),
    };
}
