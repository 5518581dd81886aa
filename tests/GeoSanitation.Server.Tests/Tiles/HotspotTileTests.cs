using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tests.Hotspots;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Tiles;

/// <summary>Tiles of kept analyses.</summary>
public sealed class HotspotTileTests(HotspotServer shared) : IClassFixture<HotspotServer>
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task The_last_published_run_of_each_method_is_in_the_tiles_with_its_attributes()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        var old = await PublishAsync(inspector, """{"method":"gi-star","parameters":{"cell":"square","size":1000,"distance":1500}}""");
        var cells = await PublishAsync(inspector, """{"method":"gi-star","parameters":{"cell":"square","size":800,"distance":1200}}""");
        var clusters = await PublishAsync(inspector, """{"method":"dbscan","parameters":{"eps":80,"min_points":10}}""");

        var described = await _server.Client.GetFromJsonAsync<JsonElement>("/tiles/hotspots.json");
        var fields = described.GetProperty("vector_layers")[0].GetProperty("fields");
        Assert.All((string[])["method", "run", "z", "class", "cluster", "area_m2"], name => Assert.True(fields.TryGetProperty(name, out _), name));
        var box = described.GetProperty("bounds").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var found = await FeaturesAsync(box, 12, "");
        Assert.Equal([cells, clusters], found.Values.Select(f => (long)f.Tags["run"]).Distinct().Order());

        var kept = await _server.Client.GetFromJsonAsync<JsonElement>($"/api/runs/{cells}/result");
        var ofCells = found.Values.Where(f => (long)f.Tags["run"] == cells).ToDictionary(f => (string)f.Tags["cell"]);
        Assert.Equal(kept.GetProperty("features").GetArrayLength(), ofCells.Count);
        foreach (var feature in kept.GetProperty("features").EnumerateArray())
        {
            var properties = feature.GetProperty("properties");
            var tile = ofCells[properties.GetProperty("cell").GetString()!];
            Assert.Equal("gi-star", tile.Tags["method"]);
            Assert.Equal(properties.GetProperty("count").GetInt64(), tile.Tags["count"]);
            Assert.Equal(properties.GetProperty("z").GetDouble(), Convert.ToDouble(tile.Tags["z"], System.Globalization.CultureInfo.InvariantCulture));
        }
        Assert.Equal([old], (await FeaturesAsync(box, 12, $"?run={old}")).Values.Select(f => (long)f.Tags["run"]).Distinct());
        Assert.Equal([clusters], (await FeaturesAsync(box, 12, "?method=dbscan")).Values.Select(f => (long)f.Tags["run"]).Distinct());

        // Another run is another tile; data that have changed are not.
        var (x, y) = WebMercator.FromLonLat((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
        var path = $"/tiles/hotspots/9/{(int)(x * 512)}/{(int)(y * 512)}.mvt";
        using var before = await _server.Client.GetAsync(path);
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 WHERE id = (SELECT min(id) FROM geosan.issue)");
        using var same = new HttpRequestMessage(HttpMethod.Get, path);
        same.Headers.IfNoneMatch.Add(before.Headers.ETag!);
        using var known = await _server.Client.SendAsync(same);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        await inspector.PostAsync($"/api/runs/{cells}/unpublish", null);
        using var after = await _server.Client.GetAsync(path);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        Assert.Contains(old, (await FeaturesAsync(box, 12, "")).Values.Select(f => (long)f.Tags["run"]));
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_not_found()
    {
        foreach (var path in (string[])["hotspots.json?run=999999", "hotspots/3/6/3.mvt?run=999999"])
        {
            using var answer = await _server.Client.GetAsync("/tiles/" + path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    private async Task<Dictionary<long, MvtFeature>> FeaturesAsync(double[] box, int zoom, string query)
    {
        var found = new Dictionary<long, MvtFeature>();
        var (west, north) = WebMercator.FromLonLat(box[0], box[3]);
        var (east, south) = WebMercator.FromLonLat(box[2], box[1]);
        for (var x = (int)(west * (1 << zoom)); x <= (int)(east * (1 << zoom)); x++)
        {
            for (var y = (int)(north * (1 << zoom)); y <= (int)(south * (1 << zoom)); y++)
            {
                foreach (var feature in MvtReader.Read(await _server.Client.GetByteArrayAsync($"/tiles/hotspots/{zoom}/{x}/{y}.mvt{query}")).SelectMany(l => l.Features))
                {
                    Assert.Equal(3, feature.Type);
                    found[feature.Id] = feature;
                }
            }
        }
        return found;
    }

    private async Task<long> PublishAsync(HttpClient inspector, string body)
    {
        using var asked = await inspector.PostAsync("/api/runs", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var id = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        while ((await _server.Client.GetFromJsonAsync<JsonElement>($"/api/runs/{id}")).GetProperty("state").GetString() is "queued" or "running")
        {
            await Task.Delay(20);
        }
        using var published = await inspector.PostAsync($"/api/runs/{id}/publish", null);
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        return id;
    }
}
