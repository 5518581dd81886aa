using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>A form that features are written in.</summary>
/// <param name="Name">Its name in <c>f</c>.</param>
/// <param name="MediaType">Its media type.</param>
internal sealed record ItemForm(string Name, string MediaType)
{
    internal static readonly ItemForm GeoJson = new("json", OgcDocuments.GeoJson);
    internal static readonly ItemForm JsonFg = new("jsonfg", "application/vnd.ogc.fg+json");
    internal static readonly ItemForm Csv = new("csv", "text/csv; charset=utf-8; header=present");
    internal static readonly ItemForm FlatGeobuf = new("fgb", "application/flatgeobuf");
    internal static readonly ItemForm Page = new("html", OgcAnswer.Html + "; charset=utf-8");

    private static readonly ItemForm[] Choices = [GeoJson, JsonFg, Csv, FlatGeobuf];

    /// <summary>The form of a request: what <c>f</c> says, or what the client accepts.</summary>
    internal static ItemForm Of(HttpRequest request)
    {
        var form = ItemParameters.Form.Read(request.Query);
        var hasProfile = ItemParameters.Profile.Read(request.Query) is "jsonfg" or "jsonfg-plus";
        return form switch
        {
            "html" => Page,
            "csv" => Csv,
            "fgb" => FlatGeobuf,
            "jsonfg" => JsonFg,
            "json" or "geojson" => hasProfile ? JsonFg with { MediaType = OgcDocuments.GeoJson } : GeoJson,
            _ => hasProfile ? JsonFg with { MediaType = OgcDocuments.GeoJson } : OgcAnswer.WantsHtml(request, null) ? Page : Accepted(request),
        };
    }

    private static ItemForm Accepted(HttpRequest request)
        => MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
            ? accepted.OrderByDescending(a => a.Quality ?? 1).Select(a => Choices.FirstOrDefault(c => c.MediaType.Split(';')[0] == a.MediaType)).FirstOrDefault(c => c is not null) ?? GeoJson
            : GeoJson;
}
