using System.Text.Json;
using System.Text.Json.Serialization;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Reference;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Reference;

/// <summary>An inspection round as a caller sends it, as a GeoJSON Feature.</summary>
/// <param name="Type">Always Feature.</param>
/// <param name="Geometry">Where inspectors looked: a Polygon or a MultiPolygon; null for everywhere or unknown.</param>
/// <param name="Properties">What is to be known of it.</param>
internal sealed record RoundBody(string Type, AnyGeometry? Geometry, RoundBodyProperties Properties)
{
    private const int LongestCode = 100;
    private const int LongestText = 200;
    private const int LongestBody = 8 << 20;
    private const int MostVisits = 1_000_000;

    private static readonly string[] Members = ["code", "name", "name_en", "kind", "starts_at", "ends_at", "visits"];

    /// <summary>System of the coordinates, such as GCJ02 or EPSG:4547; longitude and latitude when left out.</summary>
    [JsonPropertyName("coordRefSys")]
    public string? CoordRefSys { get; init; }

    /// <summary>Reads and checks a round.</summary>
    /// <param name="request">The request.</param>
    /// <param name="code">Its code, from the path; null for a new one, whose body says it.</param>
    /// <param name="given">System that the caller named; null for the body's own.</param>
    /// <returns>The round, and the system that the caller speaks.</returns>
    /// <exception cref="BadParameterException">A member is missing, unknown or not what it must be.</exception>
    internal static async Task<(Round Round, Crs Crs)> ReadAsync(HttpRequest request, string? code, Crs? given)
    {
        var feature = await JsonBody.ReadAsync(request, LongestBody, FeatureWriter.MediaType, "application/json");
        JsonBody.RefuseUnknown(feature, "", "type", "geometry", "properties", "coordRefSys");
        JsonBody.RequireFeature(feature);
        var crs = PointBody.CrsOf(feature, given);
        var area = feature.TryGetProperty("geometry", out var geometry) && geometry.ValueKind != JsonValueKind.Null ? PolygonBody.Read(geometry, crs) : null;
        var properties = JsonBody.RequiredProperties(feature, Members);
        string? Text(string name, int longest = LongestText) => properties.TryGetProperty(name, out var value) ? JsonBody.Text(value, $"properties.{name}", longest) : null;
        string Needed(string name, int longest = LongestText) => Text(name, longest) ?? throw new BadParameterException($"properties.{name}", null, "a text that is not empty");
        DateTime Moment(string name) => JsonBody.Time(JsonBody.Required(properties, name, "properties."), $"properties.{name}") ?? throw new BadParameterException($"properties.{name}", "null", "an RFC 3339 time with its zone");

        var own = code is null ? Needed("code", LongestCode) : Text("code", LongestCode) ?? code;
        if (code is not null && own != code)
        {
            throw new BadParameterException("properties.code", own, $"left out, or the code of the path, {code}");
        }
        var (starts, ends) = (Moment("starts_at"), Moment("ends_at"));
        if (ends <= starts)
        {
            throw new BadParameterException("properties.ends_at", JsonBody.Shown(properties.GetProperty("ends_at")), "later than starts_at");
        }
        var visits = properties.TryGetProperty("visits", out var member) ? JsonBody.Whole(member, "properties.visits", 0, MostVisits) : null;
        return (new Round(own, Needed("name"), Text("name_en"), Needed("kind"), starts, ends, area, visits), crs);
    }
}

/// <summary>What can be said of an inspection round.</summary>
/// <param name="Code">Its code; of one that is there it stands in the path.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Kind">covert, campaign, routine or another word.</param>
/// <param name="StartsAt">Start, with its zone.</param>
/// <param name="EndsAt">End, with its zone.</param>
/// <param name="Visits">How often inspectors looked, where known.</param>
internal sealed record RoundBodyProperties(string? Code, string Name, string? NameEn, string Kind, DateTime StartsAt, DateTime EndsAt, int? Visits);
