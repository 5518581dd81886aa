using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Ogc;

/// <summary>Answers of OGC API: JSON for programs, a page for people, by <c>f</c> or by what the client accepts.</summary>
internal static class OgcAnswer
{
    internal const string Json = "application/json";
    internal const string Html = "text/html";
    internal const string SchemaJson = "application/schema+json";

    /// <summary>The form of a document.</summary>
    internal static readonly Parameter<string?> Form = Parameter.Choice("f", "Form of the answer; what the client accepts when left out", "json", "html");

    /// <summary>Whether a page is wanted.</summary>
    /// <param name="request">The request.</param>
    /// <param name="form">What <c>f</c> says.</param>
    internal static bool WantsHtml(HttpRequest request, string? form) => form == "html" || (form is null && Prefers(request, Html, Json, "application/geo+json", "application/*", "*/*"));

    /// <summary>Answers with a document.</summary>
    internal static Task WriteAsync(HttpContext context, JsonObject document, string title, string mediaType = Json)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return WantsHtml(context.Request, Form.Read(context.Request.Query))
            ? WriteHtmlAsync(context, document, title)
            : SmallAnswers.SendAsync(context, mediaType, JsonSerializer.SerializeToUtf8Bytes(document, JsonForm.Options));
    }

    /// <summary>Answers with a document as a page.</summary>
    internal static Task WriteHtmlAsync(HttpContext context, JsonObject document, string title)
    {
        var isLonLat = context.Response.Headers["Content-Crs"] is not [{ } crs] || crs == $"<{CrsRegistry.Crs84.Uri}>";
        return SmallAnswers.SendAsync(context, Html + "; charset=utf-8", Encoding.UTF8.GetBytes(HtmlPage.Of(title, document, isLonLat, context.Request)));
    }

    /// <summary>Refuses (see <see cref="ErrorForm"/>): in problem details, or where people asked for a page what cannot be or is not there, on one where they can ask otherwise.</summary>
    internal static Task RefuseAsync(HttpContext context, ProblemDetails problem)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (!HttpMethods.IsGet(context.Request.Method) || problem.Status is not (StatusCodes.Status400BadRequest or StatusCodes.Status404NotFound) || !WantsHtml(context.Request, context.Request.Query[Form.Name]))
        {
            return OgcProblem.WriteAsync(context, problem);
        }
        context.Response.StatusCode = problem.Status.Value;
        return WriteHtmlAsync(context, JsonSerializer.SerializeToNode(problem, JsonForm.Options)!.AsObject(), problem.Title!);
    }

    /// <summary>The request as its caller sees it, in another form.</summary>
    internal static string SelfAs(HttpRequest request, string? form)
    {
        var query = new QueryBuilder(request.Query.Where(p => p.Key != Form.Name));
        if (form is not null)
        {
            query.Add(Form.Name, form);
        }
        return Links.Root(request) + request.Path.ToUriComponent() + query;
    }

    /// <summary>Links from a document to itself and to its page.</summary>
    internal static IEnumerable<JsonNode> SelfAndPage(HttpRequest request, string mediaType = Json)
    {
        var isHtml = WantsHtml(request, request.Query[Form.Name]);
        yield return Links.Of("self", SelfAs(request, isHtml ? "html" : request.Query[Form.Name]), isHtml ? Html : mediaType, "This document");
        yield return isHtml ? Links.Of("alternate", SelfAs(request, "json"), mediaType, "This document as JSON") : Links.Of("alternate", SelfAs(request, "html"), Html, "This document as a page");
    }

    /// <summary>Refuses parameters that an address does not take.</summary>
    /// <exception cref="BadParameterException">There is one.</exception>
    internal static void RefuseUnknown(HttpRequest request, IEnumerable<string> taken)
    {
        var names = taken.ToHashSet();
        foreach (var (name, value) in request.Query)
        {
            if (!names.Contains(name))
            {
                throw new BadParameterException(name, value.ToString(), $"left out: this address takes only {string.Join(", ", names)}");
            }
        }
    }

    /// <summary>Whether the client would rather have the first of some types than all others.</summary>
    private static bool Prefers(HttpRequest request, string first, params string[] others)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return false;
        }
        var quality = accepted.FirstOrDefault(a => a.MediaType.Equals(first, StringComparison.OrdinalIgnoreCase)) is { } wanted ? wanted.Quality ?? 1 : 0;
        // A browser names HTML and, less wanted or later, everything.
        return quality > 0 && accepted.Where(a => others.Contains(a.MediaType.ToString())).All(a => a.MediaType == "*/*" || (a.Quality ?? 1) < quality);
    }
}
