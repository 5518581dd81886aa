using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Wards;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Wards;

/// <summary>A ward as a caller sends it, as a GeoJSON Feature.</summary>
/// <param name="Type">Always Feature.</param>
/// <param name="Geometry">Its outline: a Polygon or a MultiPolygon.</param>
/// <param name="Properties">What is to be known of it.</param>
internal sealed record WardBody(string Type, AnyGeometry Geometry, WardBodyProperties Properties)
{
    private const int LongestCodeBytes = 100;
    private const int LongestText = 200;
    private const int LongestBody = 8 << 20;

    private static readonly string[] Members = ["name", "name_en", "level", "parent", "responsible", "population"];

    /// <summary>System of the coordinates, such as GCJ02 or EPSG:4547; longitude and latitude when left out.</summary>
    [JsonPropertyName("coordRefSys")]
    public string? CoordRefSys { get; init; }

    /// <summary>Reads and checks a ward, against the wards there are.</summary>
    /// <param name="request">The request.</param>
    /// <param name="code">Its code, from the path.</param>
    /// <param name="given">System that the caller named; null for the body's own.</param>
    /// <param name="existing">All wards in force.</param>
    /// <exception cref="BadParameterException">A member is missing, unknown or not what it must be.</exception>
    internal static async Task<StagedWard> ReadAsync(HttpRequest request, string code, Crs? given, IReadOnlyList<WardShape> existing)
    {
        if (Encoding.UTF8.GetByteCount(code) > LongestCodeBytes || code.Contains('\0', StringComparison.Ordinal))
        {
            throw new BadParameterException("code", code, $"a text of at most {LongestCodeBytes} bytes");
        }
        var feature = await JsonBody.ReadAsync(request, LongestBody, FeatureWriter.MediaType, "application/json");
        JsonBody.RefuseUnknown(feature, "", "type", "geometry", "properties", "coordRefSys");
        JsonBody.RequireFeature(feature);
        var geometry = PolygonBody.Read(JsonBody.Required(feature, "geometry"), PointBody.CrsOf(feature, given));
        var properties = JsonBody.RequiredProperties(feature, Members);
        string? Text(string name) => properties.TryGetProperty(name, out var value) ? JsonBody.Text(value, $"properties.{name}", LongestText) : null;
        string Needed(string name) => Text(name) ?? throw new BadParameterException($"properties.{name}", null, "a text that is not empty");
        var population = properties.TryGetProperty("population", out var people) ? JsonBody.Whole(people, "properties.population", 0, int.MaxValue) : null;
        var ward = new StagedWard(1, code, Needed("name"), Text("name_en"), Needed("level"), Text("parent"), Text("responsible"), population, geometry);
        if (ward.ParentCode is null)
        {
            return existing.Any(w => w.Code == code) ? ward : ward with { ParentCode = Nesting.ParentsOf([ward], existing)[0] };
        }
        return ward.ParentCode != code && existing.Any(w => w.Code == ward.ParentCode)
            ? ward
            : throw new BadParameterException("properties.parent", ward.ParentCode, "the code of another ward that is in force");
    }
}

/// <summary>What can be said of a ward. What is left out of one that is there stays as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Level">Its level, such as county, community or grid.</param>
/// <param name="Parent">Code of the ward around it; of a new one the smallest ward of a level above that holds it, when left out.</param>
/// <param name="Responsible">Who answers for it.</param>
/// <param name="Population">People who live in it.</param>
internal sealed record WardBodyProperties(string Name, string? NameEn, string Level, string? Parent, string? Responsible, int? Population);
