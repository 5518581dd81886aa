using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Reference;

public sealed class ReferenceEndpointsTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Categories_are_a_tree_and_take_from_above_what_they_leave_open()
    {
        await _server.Data.ExecuteAsync("""
            INSERT INTO geosan.category (code, parent_code, name, name_en, clause, department, deadline_amount, deadline_unit, default_severity) VALUES
                ('b', NULL, '市容', 'Appearance', NULL, '城管', 24, 'working_hours', 3),
                ('b2', 'b', '流动摊贩', 'Vendors', '4.2', NULL, NULL, NULL, 2),
                ('b1', 'b', '乱停车', NULL, NULL, '交警', 4, 'hours', 4),
                ('a', NULL, '其他', NULL, NULL, NULL, NULL, NULL, 1)
            """);

        var tree = (await _server.Client.GetFromJsonAsync<JsonElement>("/api/categories")).GetProperty("categories");

        Assert.Equal(["a", "b"], tree.EnumerateArray().Select(c => c.GetProperty("code").GetString()));
        Assert.All((string[])["parent_code", "deadline_amount", "deadline_unit"], name => Assert.Equal(JsonValueKind.Null, tree[0].GetProperty(name).ValueKind));
        var children = tree[1].GetProperty("children");
        Assert.Equal(["b1", "b2"], children.EnumerateArray().Select(c => c.GetProperty("code").GetString()));
        Assert.Equal("""{"code":"b1","parent_code":"b","name":"乱停车","name_en":null,"clause":null,"department":"交警","deadline_amount":4,"deadline_unit":"hours","default_severity":4,"children":[]}""", children[0].GetRawText());
        Assert.Equal("""{"code":"b2","parent_code":"b","name":"流动摊贩","name_en":"Vendors","clause":"4.2","department":"城管","deadline_amount":24,"deadline_unit":"working_hours","default_severity":2,"children":[]}""", children[1].GetRawText());
    }

    [Fact]
    public async Task Rounds_come_latest_first_with_their_areas()
    {
        await _server.Data.ExecuteAsync("""
            INSERT INTO geosan.round (code, name, kind, starts_at, ends_at, area, visits) VALUES
                ('1', '一', 'covert', '2025-01-01', '2025-01-10', NULL, NULL),
                ('2', '二', 'campaign', '2025-02-01', '2025-02-10', ST_Multi(ST_MakeEnvelope(10, 50, 11, 51, 4326)), 7)
            """);

        var list = await _server.Client.GetFromJsonAsync<JsonElement>("/api/rounds");
        var covert = await _server.Client.GetFromJsonAsync<JsonElement>("/api/rounds?kind=covert");
        var second = await _server.Client.GetFromJsonAsync<JsonElement>("/api/rounds/2");

        Assert.Equal(["2", "1"], list.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()));
        Assert.Equal(["1"], covert.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()));
        Assert.Equal(JsonValueKind.Null, covert.GetProperty("features")[0].GetProperty("geometry").ValueKind);
        Assert.Equal("""{"type":"MultiPolygon","coordinates":[[[[10,50],[11,50],[11,51],[10,51],[10,50]]]]}""", second.GetProperty("geometry").GetRawText());
        Assert.Equal("""{"code":"2","name":"二","name_en":null,"kind":"campaign","starts_at":"2025-02-01T00:00:00Z","ends_at":"2025-02-10T00:00:00Z","visits":7}""", second.GetProperty("properties").GetRawText());
    }

    [Fact]
    public async Task A_round_is_added_once_and_changed_as_a_whole()
    {
        using var inspector = await _server.ClientAsync("inspector");
        const string area = """{"type":"Polygon","coordinates":[[[10,50],[11,50],[11,51],[10,51],[10,50]]]}""";
        const string properties = """{"code":"暗访/1","name":"第一次暗访","kind":"covert","starts_at":"2025-03-01T00:00:00+08:00","ends_at":"2025-03-08T00:00:00+08:00","visits":12}""";

        using var added = await SendAsync(inspector, HttpMethod.Post, "/api/rounds", area, properties);
        using var again = await SendAsync(inspector, HttpMethod.Post, "/api/rounds", area, properties);
        var path = added.Headers.Location!.OriginalString;
        var read = await _server.Client.GetFromJsonAsync<JsonElement>(path);
        using var changed = await SendAsync(inspector, HttpMethod.Put, path, "null", """{"name":"暗访","kind":"covert","starts_at":"2025-03-01T00:00:00Z","ends_at":"2025-03-09T00:00:00Z"}""");
        using var missing = await SendAsync(inspector, HttpMethod.Put, "/api/rounds/none", "null", """{"name":"暗访","kind":"covert","starts_at":"2025-03-01T00:00:00Z","ends_at":"2025-03-09T00:00:00Z"}""");

        Assert.Equal((HttpStatusCode.Created, "/api/rounds/%E6%9A%97%E8%AE%BF%2F1"), (added.StatusCode, path));
        await PlantedCity.ProblemOfAsync(again, HttpStatusCode.Conflict);
        await PlantedCity.ProblemOfAsync(missing, HttpStatusCode.NotFound);
        Assert.Equal("""{"code":"暗访/1","name":"第一次暗访","name_en":null,"kind":"covert","starts_at":"2025-02-28T16:00:00Z","ends_at":"2025-03-07T16:00:00Z","visits":12}""", read.GetProperty("properties").GetRawText());
        Assert.Equal("MultiPolygon", read.GetProperty("geometry").GetProperty("type").GetString());
        var after = await changed.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Null, after.GetProperty("geometry").ValueKind);
        Assert.Equal(JsonValueKind.Null, after.GetProperty("properties").GetProperty("visits").ValueKind);
        Assert.Equal(["add round", "change round"], (await _server.Data.ScalarAsync<string>("SELECT string_agg(action, ',' ORDER BY id) FROM geosan.audit WHERE target LIKE 'rounds/%'")).Split(','));
    }

    [Theory]
    [InlineData("""{"code":"1","name":"a","kind":"covert","starts_at":"2025-03-02T00:00:00Z","ends_at":"2025-03-01T00:00:00Z"}""", "properties.ends_at")]
    [InlineData("""{"code":"1","name":"a","kind":"covert","starts_at":"2025-03-02","ends_at":"2025-03-03T00:00:00Z"}""", "properties.starts_at")]
    [InlineData("""{"code":"1","name":"a","kind":"covert","ends_at":"2025-03-03T00:00:00Z"}""", "properties.starts_at")]
    [InlineData("""{"name":"a","kind":"covert","starts_at":"2025-03-02T00:00:00Z","ends_at":"2025-03-03T00:00:00Z"}""", "properties.code")]
    [InlineData("""{"code":"1","name":"a","kind":"covert","starts_at":"2025-03-02T00:00:00Z","ends_at":"2025-03-03T00:00:00Z","visits":-1}""", "properties.visits")]
    public async Task A_bad_round_is_refused_by_name(string properties, string parameter)
    {
        using var inspector = await _server.ClientAsync("inspector");
        using var answer = await SendAsync(inspector, HttpMethod.Post, "/api/rounds", "null", properties);

        Assert.Equal(parameter, (await PlantedCity.ProblemOfAsync(answer, HttpStatusCode.BadRequest)).GetProperty("parameter").GetString());
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string address, string area, string properties)
    {
        using var request = new HttpRequestMessage(method, address)
        {
            Content = new StringContent($$"""{"type":"Feature","geometry":{{area}},"properties":{{properties}}}""", Encoding.UTF8, "application/geo+json"),
        };
        return await client.SendAsync(request);
    }
}
