using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace GeoSanitation.Server.Runs;

/// <summary>What is asked of a run, as JSON: <c>{"method": "gi-star", "parameters": {"size": 300}, "filter": {"ward": ["S1"]}, "name": "..."}</c>.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Parameters">Its parameters, by their names in a query.</param>
/// <param name="Filter">The issue filter, by its names in a query.</param>
/// <param name="Name">What people call it.</param>
internal sealed record RunBody(string? Method, JsonObject? Parameters, JsonObject? Filter, string? Name)
{
    internal const int LongestName = 200;

    private const int LongestBody = 1 << 18;

    /// <summary>Reads it.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="BadParameterException">It is no such object, or holds something else.</exception>
    internal static async Task<RunBody> ReadAsync(HttpRequest request)
    {
        var body = await JsonBody.ReadAsync(request, LongestBody, "application/json");
        JsonBody.RefuseUnknown(body, "", "method", "parameters", "filter", "name");
        return new RunBody(Text("method"), Members("parameters"), Members("filter"), Text("name"));

        // An empty text is not the same as none.
        string? Text(string name) => body.TryGetProperty(name, out var member) ? JsonBody.Text(member, name, LongestName) ?? (member.ValueKind == JsonValueKind.Null ? null : "") : null;

        JsonObject? Members(string name) => !body.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null ? null
            : member.ValueKind == JsonValueKind.Object ? JsonObject.Create(member) : throw new BadParameterException(name, JsonBody.Shown(member), "an object");
    }

    /// <summary>The request that it means.</summary>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    internal AnalysisRequest ToRequest()
    {
        if (Name is { } name && (name.Trim().Length == 0 || name.Length > LongestName || name.Contains('\0')))
        {
            throw new BadParameterException("name", name, $"left out, or a text of 1 to {LongestName} characters");
        }
        var method = HotspotMethod.Find("method", Method);
        var values = new Dictionary<string, StringValues>();
        Add(values, "parameters", Parameters, [.. method.Parameters, .. AnalysisRequest.CommonParameters]);
        Add(values, "filter", Filter, IssueFilterQuery.Parameters);
        return AnalysisRequest.Parse(method, new QueryCollection(values));
    }

    /// <summary>The parameters of a request but its filter, as they were given.</summary>
    internal static string ParametersOf(AnalysisRequest request) => JsonOf(request, ofFilter: false);

    /// <summary>The filter of a request, as it was given.</summary>
    internal static string FilterOf(AnalysisRequest request) => JsonOf(request, ofFilter: true);

    private static void Add(Dictionary<string, StringValues> values, string member, JsonObject? given, IReadOnlyList<Parameter> taken)
    {
        foreach (var (name, node) in given ?? [])
        {
            var parameter = taken.FirstOrDefault(p => p.Name == name)
                ?? throw new BadParameterException($"{member}.{name}", node?.ToJsonString(), $"left out: {member} takes {string.Join(", ", taken.Select(p => p.Name))}");
            if (node is JsonArray several)
            {
                string[] texts = [.. several.Select(item => TextOf(name, item))];
                values[name] = parameter.Repeats ? new StringValues(texts) : new StringValues(string.Join(',', texts));
            }
            else if (node is not null)
            {
                values[name] = TextOf(name, node);
            }
        }
    }

    private static string TextOf(string name, JsonNode? node)
    {
        try
        {
            return node?.GetValueKind() switch
            {
                JsonValueKind.String when !node.GetValue<string>().Contains('\0') => node.GetValue<string>(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node.ToJsonString(),
                _ => throw new BadParameterException(name, node?.ToJsonString(), "a text, a number, true or false, or a list of them"),
            };
        }
        catch (InvalidOperationException)
        {
            throw new BadParameterException(name, "not Unicode", "a text in Unicode: it holds half of a surrogate pair");
        }
    }

    private static string JsonOf(AnalysisRequest request, bool ofFilter)
    {
        var json = new JsonObject();
        foreach (var (name, values) in request.Given)
        {
            if (IssueFilterQuery.Parameters.Any(p => p.Name == name) == ofFilter)
            {
                json[name] = values.Length == 1 ? values[0] : new JsonArray([.. values.Select(v => JsonValue.Create(v))]);
            }
        }
        return json.ToJsonString(JsonForm.Options);
    }
}
