using System.Data.Common;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Http;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
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
        NotFoundException missing => new() { Status = StatusCodes.Status404NotFound, Type = missing.Type, Title = "Not found", Detail = missing.Message },
        NoKeyException => new() { Status = StatusCodes.Status401Unauthorized, Title = "No key", Detail = exception.Message },
        WrongRoleException => new() { Status = StatusCodes.Status403Forbidden, Title = "Not allowed", Detail = exception.Message },
        ConflictException conflict => new()
        {
            Status = StatusCodes.Status409Conflict,
            Title = "Conflict",
            Detail = conflict.Message,
            Extensions = conflict.Allowed is { } allowed ? new Dictionary<string, object?> { ["allowed"] = allowed } : [],
        },
        // A data exception (class 22 of SQLSTATE): every value was checked but what a condition makes of numbers.
        DbException { SqlState: ['2', '2', ..] } => Describe(new BadParameterException("filter", "a condition whose numbers cannot be reckoned with", "a condition of numbers that stay within double precision")),
        StaleException => new() { Status = StatusCodes.Status412PreconditionFailed, Title = "Changed meanwhile", Detail = exception.Message },
        NoVersionException => new() { Status = StatusCodes.Status428PreconditionRequired, Title = "No version", Detail = exception.Message },
        BusyException => new() { Status = StatusCodes.Status503ServiceUnavailable, Title = "Busy", Detail = exception.Message },
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
        var failure = context.Features.Get<IExceptionHandlerFeature>()!;
        var exception = failure.Error;
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        var problem = Describe(exception);
        if (problem.Status >= 500 && exception is not BusyException)
        {
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("GeoSanitation")
                .LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
        }
        if (exception is BusyException)
        {
            context.Response.Headers.RetryAfter = $"{BusyException.RetryAfterSeconds}";
        }
        await (failure.Endpoint?.Metadata.GetMetadata<ErrorForm>()?.WriteAsync ?? WriteAsync)(context, problem);
    }

    /// <summary>Says in words what the server refused with a bare status: an address that is not there, a method that is not possible. Who asks which are possible is told.</summary>
    internal static Task HandleStatusAsync(StatusCodeContext refused)
    {
        var context = refused.HttpContext;
        var status = context.Response.StatusCode;
        string[] methods = context.Response.Headers.Allow is { Count: > 0 } allow ? allow.ToString().Split(", ") : [];
        if (status == StatusCodes.Status405MethodNotAllowed && HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = string.Join(", ", methods.Append(HttpMethods.Options));
            return Task.CompletedTask;
        }
        return (ErrorForm.At(context)?.WriteAsync ?? WriteAsync)(context, new ProblemDetails
        {
            Status = status,
            Title = status == StatusCodes.Status404NotFound ? "Not found" : ReasonPhrases.GetReasonPhrase(status),
            Detail = status switch
            {
                StatusCodes.Status404NotFound => "there is nothing at this address; /api names what there is",
                StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not possible here; {string.Join(", ", methods)} is",
                StatusCodes.Status415UnsupportedMediaType => $"Content-Type was {context.Request.ContentType ?? "missing"}; /openapi/v1.json says what it must be",
                _ => null,
            },
            Extensions = methods.Length > 0 ? new Dictionary<string, object?> { ["allowed"] = methods } : [],
        });
    }

    /// <summary>Writes problem details, the status included.</summary>
    internal static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"GeoSanitation\"";
        }
        problem.Instance = context.Request.Path;
        context.Response.StatusCode = problem.Status!.Value;
        return context.Response.WriteAsJsonAsync(problem, JsonForm.Options, "application/problem+json", context.RequestAborted);
    }
}
