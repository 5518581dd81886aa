using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Tests.Hotspots;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Runs;
using GeoSanitation.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Runs;

public sealed class RunEndpointsTests(HotspotServer shared) : IClassFixture<HotspotServer>, IAsyncLifetime
{
    private readonly TestServer _server = shared.Server;
    private HttpClient _inspector = null!;

    public async Task InitializeAsync() => _inspector = await _server.ClientAsync(Roles.Inspector);

    public Task DisposeAsync()
    {
        _inspector.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_run_is_kept_with_what_was_asked_and_gives_what_the_method_gives()
    {
        var asked = await PostAsync("""{"method":"gi-star","parameters":{"cell":"square","size":800,"distance":1200},"filter":{"ward":["c11","c12"],"severity":"3..5","bbox":[120,30.2,120.2,30.4]},"name":"March"}""");
        Assert.Contains(asked.GetProperty("state").GetString(), (string[])["queued", "running", "done"]);

        var done = await EndOfAsync(asked);

        Assert.Equal("done", done.GetProperty("state").GetString());
        Assert.Equal(("March", "gi-star", 1), (done.GetProperty("name").GetString(), done.GetProperty("method").GetString(), done.GetProperty("progress").GetInt32()));
        Assert.Equal("800", done.GetProperty("parameters").GetProperty("size").GetString());
        Assert.Equal(["c11", "c12"], done.GetProperty("filter").GetProperty("ward").EnumerateArray().Select(w => w.GetString()));
        Assert.Equal("120,30.2,120.2,30.4", done.GetProperty("filter").GetProperty("bbox").GetString());
        Assert.NotEqual("", done.GetProperty("data_version").GetString());
        var live = await _server.AnalyzeAsync("gi-star?cell=square&size=800&distance=1200&ward=c11&ward=c12&severity=3..5&bbox=120,30.2,120.2,30.4");
        var kept = await _server.Client.GetFromJsonAsync<JsonElement>(done.GetProperty("result").GetString());
        Assert.Equal(Features(live).Select(f => f.GetProperty("properties").GetRawText()), Features(kept).Select(f => f.GetProperty("properties").GetRawText()));
        Assert.Equal(Features(live).Select(f => f.GetProperty("geometry").GetRawText()), Features(kept).Select(f => f.GetProperty("geometry").GetRawText()));
        Assert.Equal(Features(live).Select(f => f.GetProperty("id").GetString()), Features(kept).Select(f => f.GetProperty("id").GetString()));
        Assert.Equal(Features(kept).Count, done.GetProperty("features").GetInt32());
        Assert.Equal("EPSG:32651", kept.GetProperty("explain").GetProperty("crs").GetString());
        Assert.True(JsonElement.DeepEquals(kept.GetProperty("explain"), done.GetProperty("explain")));
    }

    [Fact]
    public async Task The_result_comes_in_the_system_asked_for_and_only_once()
    {
        var run = await EndOfAsync(await PostAsync("""{"method":"dbscan","parameters":{"eps":80,"min_points":10}}"""));
        var path = run.GetProperty("result").GetString()!;
        using var first = await _server.Client.GetAsync(path + "?crs=EPSG:32651");
        var ring = Ring(Features(await first.Content.ReadFromJsonAsync<JsonElement>())[0]);
        Assert.All(ring, p => Assert.True(p.X is > 200_000 and < 230_000, $"{p}"));
        using var again = new HttpRequestMessage(HttpMethod.Get, path + "?crs=EPSG:32651");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var known = await _server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(3, Features(await _server.Client.GetFromJsonAsync<JsonElement>(path)).Count);
    }

    [Fact]
    public async Task A_run_is_published_taken_back_and_removed()
    {
        var id = (await EndOfAsync(await PostAsync("""{"method":"density"}"""))).GetProperty("id").GetInt64();
        Assert.NotEqual(JsonValueKind.Null, (await SendAsync(HttpMethod.Post, $"{id}/publish", HttpStatusCode.OK)).GetProperty("published_at").ValueKind);
        Assert.Contains(id, await ListAsync("?published=true"));
        Assert.DoesNotContain(id, await ListAsync("?published=false"));
        await SendAsync(HttpMethod.Delete, $"{id}", HttpStatusCode.Conflict);
        Assert.Equal(JsonValueKind.Null, (await SendAsync(HttpMethod.Post, $"{id}/unpublish", HttpStatusCode.OK)).GetProperty("published_at").ValueKind);
        Assert.Contains(id, await ListAsync("?method=density&state=done&published=false"));
        await SendAsync(HttpMethod.Delete, $"{id}", HttpStatusCode.NoContent);
        await SendAsync(HttpMethod.Get, $"{id}", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/api/exports/hotspots.csv")]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer/2/query?where=1=1&f=json")]
    public async Task What_is_published_anew_is_sent_anew_though_the_data_are_the_same(string path)
    {
        var tags = new List<string>();
        foreach (var method in (string[])["density", "dbscan"])
        {
            var id = (await EndOfAsync(await PostAsync($$"""{"method":"{{method}}"}"""))).GetProperty("id").GetInt64();
            await SendAsync(HttpMethod.Post, $"{id}/publish", HttpStatusCode.OK);
            using var answer = await _server.Client.GetAsync(path);
            tags.Add(answer.Headers.ETag!.ToString());
            using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { answer.Headers.ETag } } };
            using var known = await _server.Client.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
            await SendAsync(HttpMethod.Post, $"{id}/unpublish", HttpStatusCode.OK);
        }
        Assert.NotEqual(tags[0], tags[1]);
    }

    [Fact]
    public async Task The_list_pages_from_the_latest()
    {
        for (var i = 0; i < 3; i++)
        {
            await EndOfAsync(await PostAsync("""{"method":"st-dbscan"}"""));
        }
        var first = await SendAsync(HttpMethod.Get, "?limit=2&method=st-dbscan", HttpStatusCode.OK);
        var ids = first.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("id").GetInt64()).ToList();
        var second = await _server.Client.GetFromJsonAsync<JsonElement>(first.GetProperty("next").GetString());
        ids.AddRange(second.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("id").GetInt64()));
        Assert.Equal(3, ids.Count);
        Assert.Equal(ids.OrderDescending(), ids);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("""{"method":"magic"}""", "method")]
    [InlineData("""{}""", "method")]
    [InlineData("""{"method":"gi-star","parameters":{"eps":3}}""", "parameters.eps")]
    [InlineData("""{"method":"gi-star","parameters":{"ward":"x"}}""", "parameters.ward")]
    [InlineData("""{"method":"gi-star","filter":{"size":3}}""", "filter.size")]
    [InlineData("""{"method":"gi-star","parameters":{"size":-3}}""", "size")]
    [InlineData("""{"method":"gi-star","parameters":{"size":{"a":1}}}""", "size")]
    [InlineData("""{"method":"gi-star","filter":{"severity":9}}""", "severity")]
    [InlineData("""{"method":"gi-star","name":""}""", "name")]
    [InlineData("""{"method":"gi-star","parameters":{"crs":"EPSG:1"}}""", "crs")]
    [InlineData("""{"method":"gi-star","filter":{"q":"a\u0000"}}""", "q")]
    [InlineData("""{"method":"gi-star","filter":{"q":"\ud800"}}""", "q")]
    [InlineData("""{"method":"gi-star","name":"\ud800"}""", "name")]
    [InlineData("""{"method":"gi-star","filter":{"\ud800":"x"}}""", "body")]
    [InlineData("""{"method":"gi-star","parameters":[3]}""", "parameters")]
    [InlineData("""{"method":"gi-star","params":{"size":300}}""", "params")]
    [InlineData("""{"method":7}""", "method")]
    [InlineData("nonsense", "body")]
    [InlineData("[]", "body")]
    public async Task A_bad_request_is_a_problem_that_names_the_member(string body, string parameter)
    {
        using var answer = await _inspector.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(parameter, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task What_shows_only_in_the_data_fails_the_run_with_the_words_of_a_problem()
    {
        var run = await EndOfAsync(await PostAsync("""{"method":"gi-star","parameters":{"size":1}}"""));
        Assert.Equal("failed", run.GetProperty("state").GetString());
        Assert.Contains("at most 250000 are allowed", run.GetProperty("error").GetString());
        await SendAsync(HttpMethod.Get, $"{run.GetProperty("id")}/result", HttpStatusCode.Conflict);
        await SendAsync(HttpMethod.Post, $"{run.GetProperty("id")}/publish", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Only_inspectors_keep_runs()
    {
        using var body = new StringContent("""{"method":"density"}""", Encoding.UTF8, "application/json");
        using var nobody = await _server.Client.PostAsync("/api/runs", body);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        using var reader = await _server.ClientAsync(Roles.Reader);
        using var refused = await reader.PostAsync("/api/runs", body);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_request_that_is_not_waited_for_becomes_a_run()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/hotspots/clusters?eps=81&min_points=10") { Headers = { { "Prefer", "respond-async" } } };
        using var answer = await _server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("respond-async", answer.Headers.GetValues("Preference-Applied").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var asked = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal($"/api/runs/{asked.GetProperty("id")}", answer.Headers.Location!.ToString());
        var done = await EndOfAsync(asked);
        Assert.Equal(3, Features(await _server.Client.GetFromJsonAsync<JsonElement>(done.GetProperty("result").GetString())).Count);
        // One that is waited for is answered at once.
        using var patient = new HttpRequestMessage(HttpMethod.Get, "/api/hotspots/clusters?eps=82&min_points=10") { Headers = { { "Prefer", "wait=60" } } };
        using var waited = await _server.Client.SendAsync(patient);
        Assert.Equal(HttpStatusCode.OK, waited.StatusCode);
    }

    [Fact]
    public async Task A_request_that_the_client_drops_is_cancelled_and_a_run_in_line_can_be()
    {
        await using var server = await TestServer.StartAsync();
        await server.Data.PlantAsync(HotspotServer.Issues.Select(i => i with { Ward = null, RelapseOf = null }));
        var (gate, jobs) = (server.Services.GetRequiredService<AnalysisGate>(), server.Services.GetRequiredService<AnalysisJobs>());
        // Every place is taken, so whatever is asked for waits in line.
        var places = new List<AnalysisGate.Place>();
        for (var i = 0; i < Math.Max(1, Environment.ProcessorCount - 1); i++)
        {
            places.Add(await gate.EnterAsync(asLong: false, CancellationToken.None));
            places.Add(await gate.EnterAsync(asLong: true, CancellationToken.None));
        }
        using (var drop = new CancellationTokenSource())
        {
            var request = server.Client.GetAsync("/api/hotspots/gi-star?size=500", drop.Token);
            await UntilAsync(() => jobs.SharedCount == 1);
            await drop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
            await UntilAsync(() => jobs.SharedCount == 0);
        }
        using var inspector = await server.ClientAsync(Roles.Inspector);
        using var posted = await inspector.PostAsJsonAsync("/api/runs", new { method = "density" });
        var run = await posted.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("queued", run.GetProperty("state").GetString());
        using var cancelled = await inspector.PostAsync($"/api/runs/{run.GetProperty("id")}/cancel", null);
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        Assert.Equal("cancelled", (await EndOfAsync(run, inspector)).GetProperty("state").GetString());
        places.ForEach(p => p.Dispose());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/hotspots/gi-star?size=500")).StatusCode);
    }

    [Fact]
    public async Task A_run_that_its_server_did_not_survive_is_failed_by_the_next_one_and_others_are_left_alone()
    {
        await using var data = await TestDatabase.CreateAsync();
        var store = new RunStore(data.Database);
        await using var alive = new RunOwner(data.Database);
        var run = new NewRun(null, "density", 1, "{}", "{}", "v", "test", Kept: true);
        var (dead, living) = (await store.AddAsync(run, owner: 4711, CancellationToken.None), await store.AddAsync(run, await alive.NumberAsync(CancellationToken.None), CancellationToken.None));
        await store.ProgressAsync(dead, 0.5, CancellationToken.None);
        await using var database = Database.Open(data.ConnectionString);

        await using var server = ServerHost.Build(database, new Settings(), "http://127.0.0.1:0");
        await server.StartAsync();

        while (await store.FindAsync(dead, CancellationToken.None) is { State: "running" })
        {
            await Task.Delay(20);
        }
        Assert.Equal(("failed", "the server ended before the run did"), await store.FindAsync(dead, CancellationToken.None) is { } failed ? (failed.State, failed.Error) : default);
        Assert.Equal("queued", (await store.FindAsync(living, CancellationToken.None))!.State);
    }

    private async Task<JsonElement> PostAsync(string body)
    {
        using var answer = await _inspector.PostAsync("/api/runs", new StringContent(body, Encoding.UTF8, "application/json"));
        var state = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, state.GetRawText());
        Assert.Equal($"/api/runs/{state.GetProperty("id")}", answer.Headers.Location!.ToString());
        return state;
    }

    private Task<JsonElement> EndOfAsync(JsonElement run) => EndOfAsync(run, _server.Client);

    internal static async Task<JsonElement> EndOfAsync(JsonElement run, HttpClient client)
    {
        while (true)
        {
            var state = await client.GetFromJsonAsync<JsonElement>($"/api/runs/{run.GetProperty("id")}");
            if (state.GetProperty("state").GetString() is not ("queued" or "running"))
            {
                return state;
            }
            await Task.Delay(20);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(10);
        }
    }

    private async Task<List<long>> ListAsync(string query)
        => [.. (await SendAsync(HttpMethod.Get, query, HttpStatusCode.OK)).GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("id").GetInt64())];

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, "/api/runs" + (path.StartsWith('?') ? "" : "/") + path);
        using var answer = await _inspector.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode} {text}");
        return text.Length > 0 ? JsonDocument.Parse(text).RootElement : default;
    }
}
