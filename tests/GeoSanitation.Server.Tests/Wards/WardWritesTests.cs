using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Wards;

/// <summary>A town between 10 and 11 degrees east with an issue at 10.2, 50.5.</summary>
public sealed class WardWritesTests : IAsyncLifetime
{
    private const string WestHalf = """{"type":"Polygon","coordinates":[[[10,50],[10.5,50],[10.5,51],[10,51],[10,50]]]}""";
    private const string EastHalf = """{"type":"Polygon","coordinates":[[[10.5,50],[11,50],[11,51],[10.5,51],[10.5,50]]]}""";

    private TestServer _server = null!;
    private HttpClient _administrator = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _administrator = await _server.ClientAsync("administrator");
        await _server.Data.PlantWardAsync("town", "town", PlantedIssues.Box(10, 50, 11, 51));
        await _server.Data.ExecuteAsync("""
            INSERT INTO geosan.category (code, name) VALUES ('c', 'C');
            INSERT INTO geosan.issue (external_id, source, category_code, severity, status, reported_at, ward_id, geom)
            SELECT '1', 's', 'c', 3, 'reported', '2025-01-01', id, ST_SetSRID(ST_MakePoint(10.2, 50.5), 4326) FROM geosan.ward
            """);
    }

    public async Task DisposeAsync()
    {
        _administrator.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_new_ward_finds_its_place_in_the_tree_and_a_changed_one_keeps_what_is_not_said()
    {
        using var added = await PutAsync("west", WestHalf, """{"name":"西社区","level":"community","responsible":"西街道"}""");
        var first = await added.Content.ReadFromJsonAsync<JsonElement>();
        using var changed = await PutAsync("west", WestHalf, """{"name":"西一社区","level":"community"}""");
        var second = (await changed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("properties");

        Assert.Equal((HttpStatusCode.Created, "/api/wards/west"), (added.StatusCode, added.Headers.Location!.OriginalString));
        Assert.Equal(["town", "west"], first.GetProperty("properties").GetProperty("path").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(("西一社区", "西街道", "town"), (second.GetProperty("name").GetString(), second.GetProperty("responsible").GetString(), second.GetProperty("parent").GetString()));
        Assert.Equal(1, second.GetProperty("periods").GetArrayLength());
        Assert.Equal(2, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.audit WHERE action = 'import wards'"));
    }

    [Fact]
    public async Task Another_outline_closes_the_old_one_and_moves_issues_only_when_asked()
    {
        await PutAsync("west", WestHalf, """{"name":"西","level":"community"}""");
        Assert.Equal("town", await WardOfIssueAsync());
        await PutAsync("west", WestHalf, """{"name":"西","level":"community"}""", "?reassign=true");
        Assert.Equal("west", await WardOfIssueAsync());

        using var moved = await PutAsync("west", EastHalf, """{"name":"西","level":"community"}""");
        var periods = (await moved.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("properties").GetProperty("periods");

        Assert.Equal(2, periods.GetArrayLength());
        Assert.Equal(periods[0].GetProperty("to").GetDateTime(), periods[1].GetProperty("from").GetDateTime());
        Assert.Equal("west", await WardOfIssueAsync());
        await PutAsync("west", EastHalf, """{"name":"西","level":"community"}""", "?reassign=true");
        Assert.Equal("town", await WardOfIssueAsync());
    }

    [Fact]
    public async Task Coordinates_are_taken_in_the_system_that_is_named()
    {
        const string LatFirst = """{"type":"MultiPolygon","coordinates":[[[[50,10],[50,10.5],[51,10.5],[51,10],[50,10]]]]}""";
        using var answer = await PutAsync("west", LatFirst, """{"name":"西","level":"community"}""", "?crs=EPSG:4326");

        Assert.Contains("[50,10.5]", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(10.5, await _server.Data.ScalarAsync<double>("SELECT ST_XMax(geom) FROM geosan.ward WHERE code = 'west'"));
    }

    [Fact]
    public async Task Parents_that_go_round_in_a_circle_are_refused_and_nothing_is_changed()
    {
        await PutAsync("west", WestHalf, """{"name":"西","level":"community"}""");
        using var answer = await PutAsync("town", """{"type":"Polygon","coordinates":[[[10,50],[11,50],[11,51],[10,51],[10,50]]]}""", """{"name":"镇","level":"town","parent":"west"}""");

        Assert.Contains("circle", (await PlantedCity.ProblemOfAsync(answer, HttpStatusCode.Conflict)).GetProperty("detail").GetString());
        Assert.Equal("Ward town", (await _server.Client.GetFromJsonAsync<JsonElement>("/api/wards/town")).GetProperty("properties").GetProperty("name_en").GetString());
    }

    [Theory]
    [InlineData("""{"type":"Point","coordinates":[10,50]}""", """{"name":"a","level":"b"}""", "geometry.type")]
    [InlineData("""{"type":"Polygon","coordinates":[[[10,50],[11,51],[11,50],[10,51],[10,50]]]}""", """{"name":"a","level":"b"}""", "geometry.coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[[10,50],[11,50],[11,51],[10,51]]]}""", """{"name":"a","level":"b"}""", "geometry.coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[[10,50],[11,50],[11,99],[10,50]]]}""", """{"name":"a","level":"b"}""", "geometry.coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[]}""", """{"name":"a","level":"b"}""", "geometry.coordinates")]
    [InlineData(WestHalf, """{"level":"b"}""", "properties.name")]
    [InlineData(WestHalf, """{"name":"a","level":"b","parent":"nobody"}""", "properties.parent")]
    [InlineData(WestHalf, """{"name":"a","level":"b","parent":"x"}""", "properties.parent")]
    [InlineData(WestHalf, """{"name":"a","level":"b","code":"y"}""", "properties.code")]
    public async Task A_bad_ward_is_refused_by_name(string geometry, string properties, string parameter)
    {
        using var answer = await PutAsync("x", geometry, properties);

        Assert.Equal(parameter, (await PlantedCity.ProblemOfAsync(answer, HttpStatusCode.BadRequest)).GetProperty("parameter").GetString());
        Assert.Equal(1, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward"));
    }

    [Fact]
    public async Task Only_administrators_change_wards()
    {
        using var inspector = await _server.ClientAsync("inspector");
        using var body = Body(WestHalf, """{"name":"a","level":"b"}""");
        using var answer = await inspector.PutAsync("/api/wards/x", body);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> PutAsync(string code, string geometry, string properties, string query = "")
    {
        using var body = Body(geometry, properties);
        return await _administrator.PutAsync($"/api/wards/{code}{query}", body);
    }

    private static StringContent Body(string geometry, string properties)
        => new($$"""{"type":"Feature","geometry":{{geometry}},"properties":{{properties}}}""", Encoding.UTF8, "application/geo+json");

    private Task<string> WardOfIssueAsync() => _server.Data.ScalarAsync<string>("SELECT w.code FROM geosan.issue AS i JOIN geosan.ward AS w ON w.id = i.ward_id");
}
