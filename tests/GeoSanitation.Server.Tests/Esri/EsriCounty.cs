using System.Text.Json.Nodes;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Esri;

/// <summary>The sample county on a server, asked as Esri's clients ask.</summary>
public sealed class EsriCounty : IAsyncLifetime
{
    internal const string Service = "/arcgis/rest/services/GeoSanitation/FeatureServer";

    /// <summary>Issues with the tables of their attributes.</summary>
    internal const string Issue = "geosan.issue AS i JOIN geosan.category AS c ON c.code = i.category_code LEFT JOIN geosan.ward AS w ON w.id = i.ward_id LEFT JOIN geosan.round AS r ON r.id = i.round_id";

    internal TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await TestServer.StartWithSampleCountyAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>The JSON of an address below the service; what is refused is refused by status 200 and a member <c>error</c>.</summary>
    internal async Task<JsonObject> GetAsync(string path, HttpClient? client = null)
    {
        using var answer = await (client ?? Server.Client).GetAsync(Service + path);
        return await ReadAsync(answer);
    }

    internal async Task<JsonObject> PostAsync(string path, Dictionary<string, string> form, HttpClient? client = null)
    {
        using var answer = await (client ?? Server.Client).PostAsync(Service + path, new FormUrlEncodedContent(form));
        return await ReadAsync(answer);
    }

    /// <summary>What a query of issues answers.</summary>
    internal Task<JsonObject> QueryAsync(string parameters, int layer = 0) => GetAsync($"/{layer}/query?f=json&{parameters}");

    /// <summary>Numbers of the features of a query, in their order.</summary>
    internal async Task<List<long>> IdsAsync(string parameters, int layer = 0)
    {
        var answer = await QueryAsync("returnIdsOnly=true&" + parameters, layer);
        Assert.True(answer["objectIds"] is JsonArray, answer.ToJsonString());
        return [.. answer["objectIds"]!.AsArray().Select(id => (long)id!)];
    }

    /// <summary>What a query counts.</summary>
    internal async Task<long> CountAsync(string parameters, int layer = 0)
    {
        var answer = await QueryAsync("returnCountOnly=true&" + parameters, layer);
        Assert.True(answer["count"] is not null, answer.ToJsonString());
        return (long)answer["count"]!;
    }

    internal Task<long> SqlAsync(string where) => Server.Data.ScalarAsync<long>($"SELECT count(*) FROM {Issue} WHERE {where}");

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 200, $"{answer.StatusCode}: {body}");
        return JsonNode.Parse(body)!.AsObject();
    }
}
