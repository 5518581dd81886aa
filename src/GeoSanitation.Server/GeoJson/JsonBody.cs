using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.GeoJson;

/// <summary>Reads a JSON object that a caller sent, member by member; what is wrong with one is said with its name.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
    ];

    // Beyond these a date is a slip of the pen; PostgreSQL and .NET both hold them.
    private static readonly DateTime Earliest = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Latest = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The object in a request's body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="longest">Most bytes it may have.</param>
    /// <param name="mediaTypes">What it may say it is.</param>
    /// <exception cref="BadHttpRequestException">It is too long (413), or something else (415).</exception>
    /// <exception cref="BadParameterException">It is no JSON object.</exception>
    internal static async Task<JsonElement> ReadAsync(HttpRequest request, int longest, params IReadOnlyList<string> mediaTypes)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !mediaTypes.Contains(type.MediaType.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException($"Content-Type was {request.ContentType ?? "missing"}; it must be {string.Join(" or ", mediaTypes)}", StatusCodes.Status415UnsupportedMediaType);
        }
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = longest;
        }
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }
        if (!Utf8.IsValid(bytes.Span))
        {
            throw new BadParameterException("body", "not UTF-8", "a JSON object in UTF-8");
        }
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new BadParameterException("body", Shown(document.RootElement), "a JSON object");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // The latter for a name with half of a surrogate pair.
            throw new BadParameterException("body", "not JSON", $"a JSON object in UTF-8 that names nothing twice ({problem.Message})");
        }
    }

    /// <summary>Refuses members that mean nothing here.</summary>
    /// <param name="parent">An object.</param>
    /// <param name="path">Where it is: "" or "properties.".</param>
    /// <param name="known">What it may hold.</param>
    /// <exception cref="BadParameterException">There is another.</exception>
    internal static void RefuseUnknown(JsonElement parent, string path, params IEnumerable<string> known)
    {
        foreach (var member in parent.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                throw new BadParameterException(path + member.Name, Shown(member.Value), $"left out; what can be given here is {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>A member that must be there.</summary>
    /// <param name="parent">An object.</param>
    /// <param name="name">The member.</param>
    /// <param name="path">Where the object is: "" or "properties.".</param>
    /// <exception cref="BadParameterException">It is not.</exception>
    internal static JsonElement Required(JsonElement parent, string name, string path = "")
        => parent.TryGetProperty(name, out var member) ? member : throw new BadParameterException(path + name, null, "given");

    /// <summary>Refuses what is no GeoJSON Feature.</summary>
    /// <exception cref="BadParameterException">Its <c>type</c> says something else.</exception>
    internal static void RequireFeature(JsonElement body)
    {
        if (!body.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("Feature"))
        {
            throw new BadParameterException("type", type.ValueKind == JsonValueKind.Undefined ? null : Shown(type), "\"Feature\"");
        }
    }

    /// <summary>The properties of a feature, which must be there.</summary>
    /// <param name="feature">A feature.</param>
    /// <param name="known">What they may hold.</param>
    /// <exception cref="BadParameterException">They are missing, no object, or hold something else.</exception>
    internal static JsonElement RequiredProperties(JsonElement feature, params IEnumerable<string> known)
    {
        var properties = Required(feature, "properties");
        if (properties.ValueKind != JsonValueKind.Object)
        {
            throw new BadParameterException("properties", Shown(properties), "an object");
        }
        RefuseUnknown(properties, "properties.", known);
        return properties;
    }

    /// <summary>A text; null for null and for an empty one.</summary>
    /// <exception cref="BadParameterException">It is something else, or longer.</exception>
    internal static string? Text(JsonElement value, string name, int longest)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        try
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length <= longest && !text.Contains('\0', StringComparison.Ordinal))
            {
                return text.Length > 0 ? text : null;
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
        }
        throw new BadParameterException(name, Shown(value), $"a text of at most {longest} characters without NUL, or null");
    }

    /// <summary>A number within limits; null for null.</summary>
    /// <exception cref="BadParameterException">It is something else.</exception>
    internal static double? Number(JsonElement value, string name, double least, double most, string unit) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetDouble(out var number) && number >= least && number <= most => number,
        _ => throw new BadParameterException(name, Shown(value), string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most} ({unit}), or null")),
    };

    /// <summary>A whole number within limits; null for null.</summary>
    /// <exception cref="BadParameterException">It is something else.</exception>
    internal static int? Whole(JsonElement value, string name, int least, int most) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetInt32(out var number) && number >= least && number <= most => number,
        _ => throw new BadParameterException(name, Shown(value), $"a whole number from {least} to {most}"),
    };

    /// <summary>An RFC 3339 time as UTC, to the microsecond; null for null.</summary>
    /// <exception cref="BadParameterException">It is something else.</exception>
    internal static DateTime? Time(JsonElement value, string name)
    {
        if (Text(value, name, 40) is not { } text)
        {
            return null;
        }
        return DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.UtcDateTime >= Earliest && time.UtcDateTime < Latest
                ? new DateTime(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc)
                : throw new BadParameterException(name, text, "an RFC 3339 time with its zone, between 1900 and 2099, such as 2025-03-01T08:15:00+08:00");
    }

    /// <summary>A value, for a message.</summary>
    internal static string Shown(JsonElement value) => value.GetRawText() is { Length: <= 200 } text ? text : value.GetRawText()[..200] + "…";
}
