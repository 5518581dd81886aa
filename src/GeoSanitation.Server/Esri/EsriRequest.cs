using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace GeoSanitation.Server.Esri;

/// <summary>What a request says, in its query or in its form, and who sends it.</summary>
internal sealed class EsriRequest
{
    private EsriRequest(HttpContext context, IQueryCollection given) => (Context, Given) = (context, given);

    /// <summary>The request and its response.</summary>
    internal HttpContext Context { get; }

    /// <summary>Parameters by name, in capitals or not; empty ones are not there.</summary>
    internal IQueryCollection Given { get; }

    /// <summary>Whether the caller may see who reported issues.</summary>
    internal bool SeesReporters => Context.User.MaySeeReporters();

    /// <exception cref="BadHttpRequestException">There is a body that is no form, or a form that cannot be read.</exception>
    internal static async Task<EsriRequest> ReadAsync(HttpContext context)
    {
        var given = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        IEnumerable<KeyValuePair<string, StringValues>> form = HasBody(context) ? await FormBody.ReadAsync(context.Request) : [];
        foreach (var (name, values) in context.Request.Query.Concat(form))
        {
            string?[] texts = [.. values.Where(v => !string.IsNullOrWhiteSpace(v))];
            if (texts.Length > 0)
            {
                given[name] = given.TryGetValue(name, out var before) ? StringValues.Concat(before, texts) : texts;
            }
        }
        return new EsriRequest(context, new QueryCollection(given));
    }

    // Whoever asks for something in a body that is not read would be answered all.
    private static bool HasBody(HttpContext context) => context.Request.ContentLength is { } length ? length > 0 : context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    /// <summary>The value of a parameter.</summary>
    /// <exception cref="BadParameterException">It is not what it may be.</exception>
    internal T Get<T>(Parameter<T> parameter) => parameter.Read(Given);

    /// <summary>Refuses what narrows a question and is not offered: whoever asks for less would take more for that.</summary>
    /// <param name="names">Names of parameters.</param>
    /// <param name="why">Why they are to be left out.</param>
    /// <exception cref="BadParameterException">One of them is there.</exception>
    internal void RefuseNarrowing(IEnumerable<string> names, string why)
    {
        if (names.FirstOrDefault(Given.ContainsKey) is { } name)
        {
            throw new BadParameterException(name, Given[name].ToString(), $"left out: {why}");
        }
    }

    /// <summary>The form of the answer: what is asked for, else HTML for a browser and JSON for all others.</summary>
    internal string FormatOf(Parameter<string?> parameter) => Get(parameter) ?? (Context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) ? "html" : "json");

    /// <summary>Answers with a document.</summary>
    internal Task WriteAsync(System.Text.Json.Nodes.JsonNode document, Parameter<string?>? format = null)
    {
        var asked = FormatOf(format ?? QueryParameters.DocumentFormat);
        // What has no form of its own in the others is JSON.
        return EsriJson.WriteAsync(Context, asked is "geojson" or "pbf" ? "json" : asked, document);
    }
}
