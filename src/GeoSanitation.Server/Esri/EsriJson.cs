using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Esri;

/// <summary>JSON in Esri's form: names exactly as they are written, values of parameters read leniently, refused by name.</summary>
internal static class EsriJson
{
    internal const string MediaType = "application/json";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Pretty = new(Plain) { WriteIndented = true };
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 32 };

    /// <summary>The value of a parameter that is a JSON object.</summary>
    /// <exception cref="BadParameterException">It is none.</exception>
    internal static JsonElement Object(string name, string text) => Parse(name, text, JsonValueKind.Object, "a JSON object");

    /// <summary>The value of a parameter that is a JSON array.</summary>
    /// <exception cref="BadParameterException">It is none.</exception>
    internal static IReadOnlyList<JsonElement> Array(string name, string text) => [.. Parse(name, text, JsonValueKind.Array, "a JSON array").EnumerateArray()];

    /// <summary>A text within JSON.</summary>
    /// <exception cref="BadParameterException">It is none, or holds NUL.</exception>
    internal static string Text(string name, JsonElement value)
        => value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new BadParameterException(name, value.GetRawText(), "a text");

    /// <summary>A member of an object that is a number.</summary>
    /// <exception cref="BadParameterException">It is none.</exception>
    internal static double Number(string name, JsonElement parent, string member)
        => parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number
            : throw new BadParameterException(name, parent.GetRawText(), $"an object whose {member} is a number");

    /// <summary>Answers with a document: JSON, indented JSON, or a page that shows it.</summary>
    internal static Task WriteAsync(HttpContext context, string format, JsonNode document)
    {
        var text = document.ToJsonString(format == "json" ? Plain : Pretty);
        if (format == "html")
        {
            return SmallAnswers.SendAsync(context, "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>GeoSanitation</title><pre>{HtmlEncoder.Default.Encode(text)}</pre></html>"));
        }
        return SmallAnswers.SendAsync(context, MediaType + "; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }

    private static JsonElement Parse(string name, string text, JsonValueKind kind, string allowed)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Reading);
            ReadTexts(document.RootElement);
            return document.RootElement.ValueKind == kind ? document.RootElement.Clone() : throw new BadParameterException(name, text, allowed);
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new BadParameterException(name, text, allowed + ", in Unicode");
        }
    }

    /// <summary>Reads every name and text once, so that who asks for them later is not the first to find that one is none.</summary>
    /// <exception cref="InvalidOperationException">One holds half of a surrogate pair.</exception>
    private static void ReadTexts(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    ReadTexts(member.Value);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    ReadTexts(item);
                }
                break;
            case JsonValueKind.String:
                _ = json.GetString();
                break;
        }
    }
}
