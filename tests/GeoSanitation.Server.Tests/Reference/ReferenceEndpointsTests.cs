using System.Net.Http.Json;
using System.Text.Json;
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
        Assert.Equal(JsonValueKind.Null, tree[0].GetProperty("deadline").ValueKind);
        var children = tree[1].GetProperty("children");
        Assert.Equal(["b1", "b2"], children.EnumerateArray().Select(c => c.GetProperty("code").GetString()));
        Assert.Equal("""{"code":"b1","name":"乱停车","name_en":null,"clause":null,"department":"交警","deadline":{"amount":4,"unit":"hours"},"default_severity":4,"children":[]}""", children[0].GetRawText());
        Assert.Equal("""{"code":"b2","name":"流动摊贩","name_en":"Vendors","clause":"4.2","department":"城管","deadline":{"amount":24,"unit":"working_hours"},"default_severity":2,"children":[]}""", children[1].GetRawText());
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
}
