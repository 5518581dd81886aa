using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoSanitation.Server.Http;

/// <summary>How JSON is written everywhere: snake_case names, Chinese text readable.</summary>
internal static class JsonForm
{
    /// <summary>For what is written outside an endpoint's own answer.</summary>
    internal static JsonSerializerOptions Options { get; } = Configured();

    /// <summary>A UTC time as it is written everywhere.</summary>
    internal static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    internal static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower;
        // A number is a number: "3" is refused where 3 is meant, and the document says so.
        json.NumberHandling = JsonNumberHandling.Strict;
        // Chinese text and the & of links as they are: the answers say their type and forbid guessing another, so none is ever read as HTML.
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    }

    private static JsonSerializerOptions Configured()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(json);
        return json;
    }
}
