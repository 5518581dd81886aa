using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace GeoSanitation.Server.Open311;

/// <summary>One of the two forms of every answer, named at the end of its address: XML, which the protocol demands, and JSON.</summary>
internal sealed class AnswerForm
{
    private const int SentAtOnce = 1 << 15;

    private readonly bool _isXml;

    private AnswerForm(string name, string mediaType, bool isXml) => (Name, MediaType, _isXml) = (name, mediaType, isXml);

    /// <summary>Both.</summary>
    internal static IReadOnlyList<AnswerForm> All { get; } = [new("xml", "text/xml", true), new("json", "application/json", false)];

    /// <summary>What stands behind the last dot of an address.</summary>
    internal string Name { get; }

    /// <summary>Without its charset.</summary>
    internal string MediaType { get; }

    private string ContentType => $"{MediaType}; charset=utf-8";

    /// <summary>Answers with something small; a client that has it is told so.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Name of the root in XML.</param>
    /// <param name="content">What there is to say.</param>
    /// <param name="status">Status of the answer.</param>
    internal async Task RespondAsync(HttpContext context, string name, JsonNode content, int status = StatusCodes.Status200OK)
    {
        using var writer = new AnswerWriter(_isXml);
        writer.Write(name, content);
        var body = writer.Take();
        context.Response.StatusCode = status;
        await SmallAnswers.SendAsync(context, ContentType, body);
    }

    /// <summary>Answers with a list, written while its items come.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Name of the root in XML.</param>
    /// <param name="items">The items.</param>
    internal async Task RespondAsync(HttpContext context, string name, IAsyncEnumerable<JsonObject> items)
    {
        context.Response.ContentType = ContentType;
        using var writer = new AnswerWriter(_isXml);
        writer.BeginList(name);
        await foreach (var item in items)
        {
            writer.WriteItem(name, item);
            if (writer.Length >= SentAtOnce)
            {
                await context.Response.Body.WriteAsync(writer.Take(), context.RequestAborted);
            }
        }
        writer.EndList();
        await context.Response.Body.WriteAsync(writer.Take(), context.RequestAborted);
    }

    /// <summary>Refuses in the protocol's own words: 400, 403 or 404, and what was wrong. What the address does not say to be JSON is XML.</summary>
    internal static Task RefuseAsync(HttpContext context, ProblemDetails problem)
    {
        var form = All.FirstOrDefault(f => context.Request.Path.Value!.EndsWith('.' + f.Name, StringComparison.OrdinalIgnoreCase)) ?? All[0];
        var status = problem.Status switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => StatusCodes.Status403Forbidden,
            StatusCodes.Status404NotFound or >= 500 => problem.Status.Value,
            _ => StatusCodes.Status400BadRequest,
        };
        using var writer = new AnswerWriter(form._isXml);
        writer.Write("errors", new JsonArray(new JsonObject { ["code"] = status, ["description"] = problem.Detail }));
        context.Response.StatusCode = status;
        return SmallAnswers.SendAsync(context, form.ContentType, writer.Take());
    }
}
