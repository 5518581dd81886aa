using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Http;

/// <summary>Answers whose whole body is at hand. Their tag is of its bytes, so that it is equal as long as they are, whatever they were made of.</summary>
internal static class SmallAnswers
{
    /// <summary>Sends a body with its tag, or says that the client has it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="contentType">Media type, with the charset where it has one.</param>
    /// <param name="body">The body.</param>
    internal static Task SendAsync(HttpContext context, string contentType, byte[] body)
    {
        var (request, response) = (context.Request, context.Response);
        var isHead = HttpMethods.IsHead(request.Method);
        if ((isHead || HttpMethods.IsGet(request.Method)) && response.StatusCode == StatusCodes.Status200OK)
        {
            if (response.Headers.CacheControl.Count == 0)
            {
                response.Headers.CacheControl = "no-cache";
            }
            if (EntityTags.IsNotModified(context, EntityTags.Of(body)))
            {
                return Task.CompletedTask;
            }
        }
        (response.ContentType, response.ContentLength) = (contentType, body.Length);
        return isHead ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>Sends what an endpoint returns as JSON in this way.</summary>
    internal static RouteHandlerBuilder HasTag(this RouteHandlerBuilder route) => route.Produces(StatusCodes.Status304NotModified).AddEndpointFilter(async (invocation, next) =>
    {
        var result = await next(invocation);
        if (result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK } and IValueHttpResult { Value: { } value })
        {
            await SendAsync(invocation.HttpContext, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), JsonForm.Options));
            return Results.Empty;
        }
        return result;
    });
}
