using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Issues;

/// <summary>An issue as a caller sends it: a GeoJSON Feature, whole for a new one, or a merge patch (RFC 7396) of one. Every value is checked; what is not there is not changed.</summary>
internal sealed class IssueBody
{
    internal const string MergePatch = "application/merge-patch+json";

    /// <summary>Most bytes that a body may have.</summary>
    internal const int LongestBody = 1 << 18;

    private static readonly Dictionary<string, Func<JsonElement, string, object?>> Editable = new()
    {
        ["category"] = Text(IssueLimits.Word),
        ["severity"] = (value, name) => JsonBody.Whole(value, name, 1, 5),
        ["title"] = Text(IssueLimits.Title),
        ["description"] = Text(IssueLimits.Description),
        ["address"] = Text(IssueLimits.Address),
        ["due_at"] = (value, name) => JsonBody.Time(value, name),
        ["responsible"] = Text(IssueLimits.Word),
        ["department"] = Text(IssueLimits.Word),
        ["round"] = Text(IssueLimits.Word),
        ["reporter_name"] = Text(IssueLimits.Word),
        ["reporter_phone"] = Text(IssueLimits.Word),
        ["reporter_email"] = Text(IssueLimits.Word),
        ["accuracy_meters"] = (value, name) => JsonBody.Number(value, name, 0, IssueLimits.AccuracyMeters, "meters"),
    };

    private static readonly Dictionary<string, Func<JsonElement, string, object?>> New = new(Editable)
    {
        ["source"] = Text(IssueLimits.Word),
        ["external_id"] = Text(IssueLimits.Id),
        ["reported_at"] = (value, name) => JsonBody.Time(value, name),
    };

    private readonly Dictionary<string, object?> _values = [];

    /// <summary>Properties that a change may name.</summary>
    internal static IEnumerable<string> EditableNames => Editable.Keys;

    /// <summary>Properties that a new issue may name.</summary>
    internal static IEnumerable<string> NewNames => New.Keys;

    private IssueBody(Crs crs) => Crs = crs;

    /// <summary>System of the coordinates.</summary>
    internal Crs Crs { get; }

    /// <summary>Where it is, when the body says so.</summary>
    internal LonLat? Place { get; private init; }

    /// <summary>Reads a new issue.</summary>
    /// <exception cref="BadParameterException">A member is missing, unknown or not what it must be.</exception>
    internal static async Task<IssueBody> ReadNewAsync(HttpRequest request, Crs? crs)
        => ReadNew(await JsonBody.ReadAsync(request, LongestBody, FeatureWriter.MediaType, "application/json"), crs);

    /// <summary>Reads a new issue of a feature.</summary>
    /// <exception cref="BadParameterException">A member is missing, unknown or not what it must be.</exception>
    internal static IssueBody ReadNew(JsonElement feature, Crs? crs)
    {
        JsonBody.RequireFeature(feature);
        if (!feature.TryGetProperty("geometry", out _))
        {
            throw new BadParameterException("geometry", null, "a GeoJSON Point");
        }
        if (!feature.TryGetProperty("properties", out _))
        {
            throw new BadParameterException("properties", null, "an object with at least category and source");
        }
        var body = Read(feature, crs, New);
        foreach (var name in (string[])["category", "source"])
        {
            _ = body.Get<string?>(name, null) ?? throw new BadParameterException($"properties.{name}", null, "a text that is not empty");
        }
        return body;
    }

    /// <summary>Reads a change of an issue.</summary>
    /// <exception cref="BadParameterException">A member is unknown, not what it must be, or cannot be changed.</exception>
    internal static async Task<IssueBody> ReadPatchAsync(HttpRequest request, Crs? crs)
        => ReadPatch(await JsonBody.ReadAsync(request, LongestBody, MergePatch, FeatureWriter.MediaType, "application/json"), crs);

    /// <summary>Reads a change of an issue from a merge patch of its feature.</summary>
    /// <exception cref="BadParameterException">A member is unknown, not what it must be, or cannot be changed.</exception>
    internal static IssueBody ReadPatch(JsonElement patch, Crs? crs)
    {
        var body = Read(patch, crs, Editable);
        foreach (var name in (string[])["category", "severity"])
        {
            if (body.Has(name) && body.Get<object?>(name, null) is null)
            {
                throw new BadParameterException($"properties.{name}", "null", "a value: every issue has one");
            }
        }
        return body;
    }

    /// <summary>Whether the body speaks of a property.</summary>
    internal bool Has(string name) => _values.ContainsKey(name);

    /// <summary>A property of the body, or what it is otherwise.</summary>
    internal T Get<T>(string name, T otherwise) => _values.TryGetValue(name, out var value) ? (T)value! : otherwise;

    private static IssueBody Read(JsonElement feature, Crs? given, Dictionary<string, Func<JsonElement, string, object?>> members)
    {
        JsonBody.RefuseUnknown(feature, "", "type", "geometry", "properties", "coordRefSys");
        var crs = PointBody.CrsOf(feature, given);
        var body = new IssueBody(crs) { Place = feature.TryGetProperty("geometry", out var geometry) ? PointBody.Read(geometry, crs) : null };
        if (feature.TryGetProperty("properties", out var properties))
        {
            if (properties.ValueKind != JsonValueKind.Object)
            {
                throw new BadParameterException("properties", JsonBody.Shown(properties), "an object");
            }
            JsonBody.RefuseUnknown(properties, "properties.", members.Keys);
            foreach (var member in properties.EnumerateObject())
            {
                body._values[member.Name] = members[member.Name](member.Value, $"properties.{member.Name}");
            }
        }
        return body;
    }

    private static Func<JsonElement, string, object?> Text(int longest) => (value, name) => JsonBody.Text(value, name, longest);
}
