using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Hotspots;
using GeoSanitation.Store.Access;
using Xunit;

namespace GeoSanitation.Server.Tests.Esri;

/// <summary>Layer 2 is the run that was published last.</summary>
public sealed class EsriHotspotsTests(HotspotServer shared) : IClassFixture<HotspotServer>
{
    [Fact]
    public async Task It_shows_the_features_of_the_published_run_with_their_look()
    {
        Assert.Empty((await JsonAsync("/2/query?f=json&where=1=1"))["features"]!.AsArray());
        var id = await PublishedAsync("""{"method":"gi-star","parameters":{"cell":"square","size":800,"distance":1200}}""");
        var layer = await JsonAsync("/2?f=json");
        Assert.Equal("esriGeometryPolygon", (string?)layer["geometryType"]);
        Assert.Equal(("uniqueValue", "class"), ((string?)layer["drawingInfo"]!["renderer"]!["type"], (string?)layer["drawingInfo"]!["renderer"]!["field1"]));
        Assert.Equal([0x99, 0x10, 0x1f, 199], layer["drawingInfo"]!["renderer"]!["uniqueValueInfos"]![0]!["symbol"]!["color"]!.AsArray().Select(c => (int)c!));
        // What is neither hot nor cold is not drawn, here as in tiles and pictures.
        Assert.Equal(("Not significant", "esriSFSNull", "esriSLSNull"), ((string?)layer["drawingInfo"]!["renderer"]!["defaultLabel"], (string?)layer["drawingInfo"]!["renderer"]!["defaultSymbol"]!["style"],
            (string?)layer["drawingInfo"]!["renderer"]!["defaultSymbol"]!["outline"]!["style"]));
        var published = await shared.Server.Data.ScalarAsync<DateTime>($"SELECT published_at FROM geosan.run WHERE id = {id}");
        Assert.Equal(new DateTimeOffset(published).ToUnixTimeMilliseconds(), (long)layer["editingInfo"]!["lastEditDate"]!);
        var all = await JsonAsync("/2/query?f=json&where=1=1&outFields=*");
        Assert.Equal(await shared.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.run_feature WHERE run_id = {id}"), all["features"]!.AsArray().Count);
        Assert.All(all["features"]!.AsArray(), f => Assert.NotEmpty(f!["geometry"]!["rings"]!.AsArray()));
        var hot = await shared.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.run_feature WHERE run_id = {id} AND (properties ->> 'class')::int >= 2");
        Assert.True(hot > 0);
        Assert.Equal(hot, (long)(await JsonAsync("/2/query?f=json&returnCountOnly=true&where=CLASS>=2"))["count"]!);

        await PublishedAsync("""{"method":"dbscan","parameters":{"eps":80,"min_points":10,"output":"points"}}""");
        Assert.Equal("esriGeometryPoint", (string?)(await JsonAsync("/2?f=json"))["geometryType"]);
        Assert.NotNull((await JsonAsync("/2/query?f=json&where=1=1"))["features"]![0]!["geometry"]!["x"]);
    }

    private async Task<long> PublishedAsync(string body)
    {
        using var inspector = await shared.Server.ClientAsync(Roles.Inspector);
        using var administrator = await shared.Server.ClientAsync(Roles.Administrator);
        using var asked = await inspector.PostAsync("/api/runs", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var run = await asked.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(asked.IsSuccessStatusCode, run.GetRawText());
        var id = run.GetProperty("id").GetInt64();
        while (run.GetProperty("state").GetString() is "queued" or "running")
        {
            run = await inspector.GetFromJsonAsync<JsonElement>($"/api/runs/{id}");
        }
        Assert.Equal("done", run.GetProperty("state").GetString());
        using var published = await administrator.PostAsync($"/api/runs/{id}/publish", null);
        Assert.True(published.IsSuccessStatusCode, await published.Content.ReadAsStringAsync());
        return id;
    }

    private async Task<JsonObject> JsonAsync(string path) => JsonNode.Parse(await shared.Server.Client.GetStringAsync(EsriCounty.Service + path))!.AsObject();
}
