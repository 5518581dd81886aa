using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Tests.Hotspots;
using GeoSanitation.Server.Tests.Runs;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Live;

public sealed class LiveHotspotsTests(HotspotServer shared) : IClassFixture<HotspotServer>
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Publishing_tells_which_hotspots_appeared_and_which_vanished()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        await using var other = await _server.StartBesideAsync();
        var first = await RunAsync(inspector, """{"method":"gi-star","name":"before","parameters":{"cell":"square","size":800,"distance":1200},"filter":{"category":"sewage"}}""");
        var second = await RunAsync(inspector, """{"method":"gi-star","name":"after","parameters":{"cell":"square","size":800,"distance":1200},"filter":{"bbox":"120.12,30.2,120.2,30.4"}}""");
        var clusters = await RunAsync(inspector, """{"method":"dbscan","parameters":{"eps":80,"min_points":10}}""");
        using var here = await LiveStream.StartAsync(_server.Client, "?severity=5");
        using var there = await LiveStream.StartAsync(other.Client);

        await PublishAsync(inspector, first);
        var begun = await BothAsync();
        Assert.Equal(("gi-star", first, "before", true), (begun.GetProperty("method").GetString(), begun.GetProperty("run").GetInt64(), begun.GetProperty("name").GetString(), begun.GetProperty("shown_by_portals").GetBoolean()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (begun.GetProperty("previous").ValueKind, begun.GetProperty("appeared").ValueKind));
        var cut = here.LastId;

        await PublishAsync(inspector, second);
        var changed = await BothAsync();
        Assert.Equal((first, second), (changed.GetProperty("previous").GetInt64(), changed.GetProperty("run").GetInt64()));
        var comparison = Features(await _server.Client.GetFromJsonAsync<JsonElement>(changed.GetProperty("comparison").GetString())).Select(f => f.GetProperty("properties")).ToList();
        foreach (var (word, side) in ((string, string)[])[("appeared", "after"), ("vanished", "before")])
        {
            var expected = comparison.Where(p => p.GetProperty("change").GetString() == word).SelectMany(p => p.GetProperty(side).EnumerateArray().Select(k => k.GetString())).ToList();
            Assert.NotEmpty(expected);
            Assert.Equal(expected, changed.GetProperty(word).GetProperty("ids").EnumerateArray().Select(k => k.GetString()));
            Assert.Equal(expected.Count, changed.GetProperty(word).GetProperty("count").GetInt32());
        }

        await PublishAsync(inspector, clusters);
        var others = await BothAsync();
        Assert.Equal(("dbscan", true, JsonValueKind.Null), (others.GetProperty("method").GetString(), others.GetProperty("shown_by_portals").GetBoolean(), others.GetProperty("previous").ValueKind));

        // Taken back: the one before it is the last published again.
        await PublishAsync(inspector, second, "unpublish");
        var back = await BothAsync();
        Assert.Equal(("gi-star", first, second, false), (back.GetProperty("method").GetString(), back.GetProperty("run").GetInt64(), back.GetProperty("previous").GetInt64(), back.GetProperty("shown_by_portals").GetBoolean()));
        await PublishAsync(inspector, first, "unpublish");
        var gone = await BothAsync();
        Assert.Equal(("gi-star", JsonValueKind.Null, first), (gone.GetProperty("method").GetString(), gone.GetProperty("run").ValueKind, gone.GetProperty("previous").GetInt64()));

        // Who was away since the first hears what is different now, each once.
        using var again = await LiveStream.OpenAsync(other.Client, lastEventId: cut);
        var missed = new[] { await again.NextAsync(), await again.NextAsync() };
        Assert.Equal(["dbscan", "gi-star"], missed.Select(m => m.Data.GetProperty("method").GetString()));
        Assert.Equal(JsonValueKind.Null, missed[1].Data.GetProperty("run").ValueKind);
        Assert.Equal(there.LastId.Split(';')[1], again.LastId.Split(';')[1]);

        async Task<JsonElement> BothAsync()
        {
            var (mine, theirs) = (await here.NextAsync(), await there.NextAsync());
            Assert.Equal(("hotspots", "hotspots"), (mine.Name, theirs.Name));
            Assert.True(JsonElement.DeepEquals(mine.Data, theirs.Data));
            return mine.Data;
        }
    }

    private async Task<long> RunAsync(HttpClient inspector, string body)
    {
        using var answer = await inspector.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, "application/json"));
        var run = await RunEndpointsTests.EndOfAsync(await answer.Content.ReadFromJsonAsync<JsonElement>(), _server.Client);
        Assert.Equal("done", run.GetProperty("state").GetString());
        return run.GetProperty("id").GetInt64();
    }

    private static async Task PublishAsync(HttpClient inspector, long run, string act = "publish")
    {
        using var answer = await inspector.PostAsync($"/api/runs/{run}/{act}", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
