using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Http;

/// <summary>
/// Where a page ended, as an opaque text: the order of the list, and the sort keys of the last row. The next page begins behind them, whatever
/// was added or removed meanwhile.
/// </summary>
internal static class PageCursor
{
    private const int LongestText = 8_000;

    /// <summary>The parameter that carries it.</summary>
    internal static readonly Parameter<string?> Parameter = Parameters.Parameter.OfText(
        "cursor", "Where the page begins; taken as it is from a next link, with the same other parameters", "WyJpZCIsMTIzXQ", LongestText);

    /// <summary>Writes a cursor.</summary>
    /// <param name="order">Text of the order: "-reported_at".</param>
    /// <param name="keys">Sort keys: long, double, string or UTC DateTime.</param>
    internal static string Write(string order, IEnumerable<object> keys)
    {
        var array = new JsonArray(order);
        foreach (var key in keys)
        {
            array.Add(key switch { DateTime time => time.Ticks, string text => JsonValue.Create(text), double number => JsonValue.Create(number.ToString("R", CultureInfo.InvariantCulture)), var whole => JsonValue.Create(Convert.ToInt64(whole, CultureInfo.InvariantCulture)) });
        }
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(array));
    }

    /// <summary>The keys of a request's cursor, or null when it asks for the first page.</summary>
    /// <param name="query">The request's parameters.</param>
    /// <param name="order">Text of the order asked for.</param>
    /// <param name="types">Types of its keys.</param>
    /// <exception cref="BadParameterException">It is no cursor of this order.</exception>
    internal static IReadOnlyList<object>? Read(IQueryCollection query, string order, IReadOnlyList<Type> types)
    {
        if (Parameter.Read(query) is not { } text)
        {
            return null;
        }
        try
        {
            if (JsonNode.Parse(Base64Url.DecodeFromChars(text)) is JsonArray array && array.Count == types.Count + 1 && (string?)array[0] == order)
            {
                return [.. types.Select((type, i) => KeyOf(array[i + 1]!, type))];
            }
        }
        catch (Exception problem) when (problem is FormatException or JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
        }
        throw new BadParameterException(Parameter.Name, text, "left out, or taken as it is from a next link, with the same sortby");
    }

    private static object KeyOf(JsonNode node, Type type)
        => type == typeof(DateTime) ? new DateTime(node.GetValue<long>(), DateTimeKind.Utc)
            : type == typeof(long) ? node.GetValue<long>()
            : type == typeof(double) ? double.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture)
            : node.GetValue<string>() is var text && !text.Contains('\0') ? text : throw new FormatException();
}
