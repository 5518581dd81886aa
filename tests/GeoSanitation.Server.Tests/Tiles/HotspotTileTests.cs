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

    [Theory]
    [InlineData("severity=4..5", "gi-star", "cell")]
    [InlineData("method=local-moran&severity=4..5", "local-moran", "cell")]
    [InlineData("filter=severity%3E2&method=dbscan", "clusters", "cluster")]
    public async Task With_the_issue_filter_the_tiles_show_what_a_method_makes_of_its_issues(string query, string method, string key)
    {
        var filter = string.Join('&', query.Split('&').Where(p => !p.StartsWith("method=", StringComparison.Ordinal)));
        var expected = await _server.Client.GetFromJsonAsync<JsonElement>($"/api/hotspots/{method}?{filter}");
        var described = await _server.Client.GetFromJsonAsync<JsonElement>("/tiles/hotspots.json?" + query);
        Assert.True(described.GetProperty("vector_layers")[0].GetProperty("fields").TryGetProperty(key, out _));
        Assert.False(described.GetProperty("vector_layers")[0].GetProperty("fields").TryGetProperty("run", out _));
        var box = (await _server.Client.GetFromJsonAsync<JsonElement>("/tiles/wards.json")).GetProperty("bounds").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var found = (await FeaturesAsync(box, 12, "?" + query)).Values.ToDictionary(f => $"{f.Tags[key]}");
        var features = expected.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties")).ToDictionary(p => $"{p.GetProperty(key)}");
        Assert.NotEmpty(features);
        Assert.Equal(features.Keys.Order(), found.Keys.Order());
        Assert.All(found, f => Assert.Equal(features[f.Key].GetProperty("count").GetInt64(), f.Value.Tags["count"]));
        Assert.All(found.Values, f => Assert.False(f.Tags.ContainsKey("run")));
    }

    [Fact]
    public async Task A_run_has_issues_of_its_own_whatever_the_filter()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        var run = await PublishAsync(inspector, """{"method":"dbscan","parameters":{"eps":80,"min_points":10}}""");
        var box = (await _server.Client.GetFromJsonAsync<JsonElement>($"/tiles/hotspots.json?run={run}")).GetProperty("bounds").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var (all, filtered) = (await FeaturesAsync(box, 12, $"?run={run}"), await FeaturesAsync(box, 12, $"?run={run}&severity=5"));
        Assert.NotEmpty(all);
        Assert.Equal(all.Keys.Order(), filtered.Keys.Order());
    }

    [Theory]
    [InlineData("severity=4..5")]
    [InlineData("status=open&filter=severity%3E2")]
    public async Task With_the_issue_filter_wards_tell_their_figures(string query)
    {
        var expected = (await _server.Client.GetFromJsonAsync<JsonElement>("/api/scorecards?" + query)).GetProperty("wards").EnumerateArray().ToDictionary(w => w.GetProperty("code").GetString()!);
        var described = await _server.Client.GetFromJsonAsync<JsonElement>("/tiles/wards.json?" + query);
        Assert.True(described.GetProperty("vector_layers")[0].GetProperty("fields").TryGetProperty("overdue", out _));
        var wards = MvtReader.Read(await _server.Client.GetByteArrayAsync("/tiles/wards/0/0/0.mvt?" + query)).Single(l => l.Name == "ward_labels").Features;
        Assert.Equal(expected.Keys.Order(), wards.Select(w => (string)w.Tags["code"]).Order());
        Assert.Contains(wards, w => (double)w.Tags["total"] > 0);
        foreach (var ward in wards)
        {
            var card = expected[(string)ward.Tags["code"]];
            foreach (var name in (string[])["total", "open", "overdue", "relapses", "per_km2", "median_days_to_close"])
            {
                Assert.Equal(card.GetProperty(name).ValueKind == JsonValueKind.Null ? (double?)null : card.GetProperty(name).GetDouble(), ward.Tags.TryGetValue(name, out var value) ? (double)value : (double?)null);
            }
        }

        var code = expected.Keys.Order().First();
        var within = MvtReader.Read(await _server.Client.GetByteArrayAsync($"/tiles/wards/0/0/0.mvt?{query}&ward={code}")).Single(l => l.Name == "ward_labels").Features;
        Assert.Contains(within, w => (string)w.Tags["code"] == code);
        Assert.True(within.Count < wards.Count || expected.Count == 1);
        var plain = MvtReader.Read(await _server.Client.GetByteArrayAsync("/tiles/wards/0/0/0.mvt")).Single(l => l.Name == "ward_labels").Features;
        Assert.All(plain, w => Assert.False(w.Tags.ContainsKey("total")));
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
