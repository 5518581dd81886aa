using System.Data.Common;
using GeoSanitation.Coordinates;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace GeoSanitation.Server.Problems;

/// <summary>The one table from exception to status and wording (RFC 9457); a face with error forms of its own reads it too.</summary>
internal static class Problem
{
    /// <summary>What went wrong, for the caller to read; an unknown exception shows nothing of itself.</summary>
    internal static ProblemDetails Describe(Exception exception) => exception switch
    {
        BadParameterException bad => new()
        {
            Status = StatusCodes.Status400BadRequest,
            Title = "Bad parameter",
            Detail = bad.Message,
            Extensions = { ["parameter"] = bad.Parameter, ["value"] = bad.Value, ["allowed"] = bad.Allowed },
        },
        UnknownCrsException unknown => Describe(new BadParameterException("crs", unknown.Given, $"one of {UnknownCrsException.Allowed}")),
        NotFoundException => new() { Status = StatusCodes.Status404NotFound, Title = "Not found", Detail = exception.Message },
        NoKeyException => new() { Status = StatusCodes.Status401Unauthorized, Title = "No key", Detail = exception.Message },
        WrongRoleException => new() { Status = StatusCodes.Status403Forbidden, Title = "Not allowed", Detail = exception.Message },
        ConflictException conflict => new()
        {
            Status = StatusCodes.Status409Conflict,
            Title = "Conflict",
            Detail = conflict.Message,
            Extensions = conflict.Allowed is { } allowed ? new Dictionary<string, object?> { ["allowed"] = allowed } : [],
        },
        StaleException => new() { Status = StatusCodes.Status412PreconditionFailed, Title = "Changed meanwhile", Detail = exception.Message },
        NoVersionException => new() { Status = StatusCodes.Status428PreconditionRequired, Title = "No version", Detail = exception.Message },
        BadHttpRequestException bad => new() { Status = bad.StatusCode, Title = "Bad request", Detail = bad.Message },
        DbException { IsTransient: true } => new()
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Title = "Database unavailable",
            Detail = "the database cannot be reached at the moment; try again",
        },
        _ => new() { Status = StatusCodes.Status500InternalServerError, Title = "Internal error", Detail = "the server failed; its log says why" },
    };

    /// <summary>Last resort of every request: writes the problem, and logs what is our own fault.</summary>
    internal static async Task HandleAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()!.Error;
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        var problem = Describe(exception);
        problem.Instance = context.Request.Path;
        if (problem.Status >= 500)
        {
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("GeoSanitation")
                .LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
        }
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"GeoSanitation\"";
        }
        context.Response.StatusCode = problem.Status!.Value;
        await context.Response.WriteAsJsonAsync(problem, (System.Text.Json.JsonSerializerOptions?)null, "application/problem+json", context.RequestAborted);
    }
}
