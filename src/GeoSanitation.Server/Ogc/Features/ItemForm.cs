using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>A form that features are written in.</summary>
/// <param name="Name">Its name in <c>f</c>.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Profile">Its profile of GeoJSON; null where it is none.</param>
internal sealed record ItemForm(string Name, string MediaType, string? Profile = null)
{
    internal static readonly ItemForm GeoJson = new("json", OgcDocuments.GeoJson, Rfc7946);
    internal static readonly ItemForm JsonFg = new("jsonfg", "application/vnd.ogc.fg+json", PlainJsonFg);
    internal static readonly ItemForm Csv = new("csv", "text/csv; charset=utf-8; header=present");
    internal static readonly ItemForm FlatGeobuf = new("fgb", "application/flatgeobuf");
    internal static readonly ItemForm Page = new("html", OgcAnswer.Html + "; charset=utf-8");

    private const string Rfc7946 = "rfc7946";
    private const string PlainJsonFg = "jsonfg";
    private const string JsonFgPlus = "jsonfg-plus";

    /// <summary>What the address of a profile begins with, before its name.</summary>
    private const string ProfileSpace = "http://www.opengis.net/def/profile/OGC/0/";

    private static readonly ItemForm[] Choices = [GeoJson, JsonFg, Csv, FlatGeobuf];

    /// <summary>The profiles that there are.</summary>
    internal static IReadOnlyList<string> ProfileNames { get; } = [Rfc7946, PlainJsonFg, JsonFgPlus];

    /// <summary>The media types, without their parameters, beside that of GeoJSON.</summary>
    /// <param name="one">Whether it is about one feature.</param>
    internal static string[] MediaTypes(bool one) => [.. (one ? (ItemForm[])[JsonFg, Page] : [JsonFg, Csv, FlatGeobuf, Page]).Select(form => form.MediaType.Split(';')[0])];

    /// <summary>Whether the members of JSON-FG are there.</summary>
    internal bool IsJsonFg => Name == JsonFg.Name;

    /// <summary>Whether the geometry stays in WGS 84 beside a place in another system.</summary>
    internal bool IsPlus => Profile == JsonFgPlus;

    /// <summary>Addresses of the profiles that a document of this form follows: JSON-FG with more for readers of GeoJSON is JSON-FG too.</summary>
    internal IEnumerable<string> Profiles => Profile is null ? [] : IsPlus ? [ProfileSpace + PlainJsonFg, ProfileSpace + JsonFgPlus] : [ProfileSpace + Profile];

    /// <summary>A text that is equal for equal forms only.</summary>
    internal string Key => $"{Name} {MediaType} {Profile}";

    /// <summary>The form of a request: what <c>f</c> and <c>profile</c> say, or what the client accepts, whose media type may name a profile.</summary>
    /// <param name="request">The request.</param>
    /// <param name="one">Whether it is about one feature, which has the forms of JSON and the page only: what else is accepted counts for nothing then.</param>
    internal static ItemForm Of(HttpRequest request, bool one = false)
    {
        var (form, profile) = (ItemParameters.Form.Read(request.Query), ItemParameters.Profile.Read(request.Query));
        return form switch
        {
            "html" => Page,
            "csv" => Csv,
            "fgb" => FlatGeobuf,
            "jsonfg" => JsonFg with { Profile = profile == JsonFgPlus ? profile : PlainJsonFg },
            "json" or "geojson" => OfProfile(profile ?? Accepted(request).FirstOrDefault(f => f.MediaType == OgcDocuments.GeoJson)?.Profile ?? Rfc7946),
            _ => profile is not null ? OfProfile(profile) : OgcAnswer.WantsHtml(request, null) ? Page : Accepted(request).FirstOrDefault(f => !one || f.Profile is not null) ?? GeoJson,
        };
    }

    /// <summary>A profile by its name, its address, or its name in brackets as a safe CURIE; null for none that is known.</summary>
    internal static string? ProfileOf(string word)
        => ProfileNames.FirstOrDefault(name => word == name || word == ProfileSpace + name || word == $"[ogc-profile:{name}]");

    /// <summary>The forms that a client accepts, the best first.</summary>
    private static IEnumerable<ItemForm> Accepted(HttpRequest request)
        => MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
            ? accepted.Where(a => a.Quality is not 0).OrderByDescending(a => a.Quality ?? 1).Select(Of).OfType<ItemForm>()
            : [];

    /// <summary>The form of a media type; of several profiles it is the first that is known.</summary>
    private static ItemForm? Of(MediaTypeHeaderValue type)
    {
        var form = Choices.FirstOrDefault(c => type.MediaType.Equals(c.MediaType.Split(';')[0], StringComparison.OrdinalIgnoreCase));
        if (form != GeoJson || type.Parameters.FirstOrDefault(p => p.Name.Equals("profile", StringComparison.OrdinalIgnoreCase)) is not { } given)
        {
            return form;
        }
        return HeaderUtilities.RemoveQuotes(given.Value).ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ProfileOf).FirstOrDefault(p => p is not null) is { } profile ? OfProfile(profile) : null;
    }

    private static ItemForm OfProfile(string profile) => profile == Rfc7946 ? GeoJson : JsonFg with { MediaType = OgcDocuments.GeoJson, Profile = profile };
}
