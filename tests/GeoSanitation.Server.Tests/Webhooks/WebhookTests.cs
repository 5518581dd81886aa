using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Webhooks;

public sealed class WebhookTests : IAsyncLifetime
{
    private TestServer _silent = null!;
    private CallbackReceiver _receiver = null!;
    private HttpClient _administrator = null!;

    public async Task InitializeAsync()
    {
        // It owns the database, and calls nobody.
        _silent = await TestServer.StartAsync();
        await _silent.Data.PlantWardAsync("town", "town", PlantedIssues.Box(120, 30, 122, 31));
        await _silent.Data.PlantWardAsync("west", "community", PlantedIssues.Box(120, 30, 121, 31), "town");
        await _silent.Data.PlantWardAsync("east", "community", PlantedIssues.Box(121, 30, 122, 31), "town");
        await _silent.Data.PlantAsync([new(120.5, 30.5, Ward: "west"), new(121.5, 30.5, Ward: "east", Severity: 5)]);
        _receiver = await CallbackReceiver.StartAsync();
        _administrator = await _silent.ClientAsync(Roles.Administrator);
    }

    public async Task DisposeAsync()
    {
        _administrator.Dispose();
        await _receiver.DisposeAsync();
        await _silent.DisposeAsync();
    }

    [Fact]
    public async Task What_becomes_of_an_issue_comes_as_signed_CloudEvents_in_order()
    {
        await using var server = await _silent.StartBesideAsync(_receiver.Allowed());
        using var administrator = Of(server);
        var hook = await AddAsync(administrator, """{"url":"{at}/hook?x=1"}""");
        Assert.Equal(("active", "issues", 3), ((string?)hook["state"], (string?)Assert.Single(hook["collections"]!.AsArray()), hook["events"]!.AsArray().Count));
        var secret = (string)hook["secret"]!;
        Assert.Null((await JsonAsync(administrator, $"/api/webhooks/{hook["id"]}"))["secret"]);

        await _silent.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 4, ward_id = (SELECT id FROM geosan.ward WHERE code = 'east'), geom = ST_SetSRID(ST_MakePoint(121.25, 30.25), 4326) WHERE id = 1");
        var received = await _receiver.NextAsync();
        Assert.Equal("/hook", received.Path);
        Assert.Equal("application/cloudevents+json; charset=utf-8", received.Headers["content-type"]);
        var told = JsonNode.Parse(received.Body)!;
        Assert.Equal(("1.0", "org.ogc.api.collection.item.update", "collections/issues/items/1", "application/json"),
            ((string?)told["specversion"], (string?)told["type"], (string?)told["subject"], (string?)told["datacontenttype"]));
        Assert.Equal(server.Address.ToString().TrimEnd('/'), (string?)told["source"]);
        Assert.Equal(received.Headers["webhook-id"], (string?)told["id"]);
        Assert.InRange(DateTime.UtcNow - told["time"]!.GetValue<DateTime>(), TimeSpan.Zero, TimeSpan.FromMinutes(10));
        var data = told["data"]!;
        Assert.Equal(("issues", "1", "update"), ((string?)data["collection"], (string?)data["id"], (string?)data["op"]));
        Assert.Equal(["east", "west"], data["wards"]!.AsArray().Select(w => (string)w!));
        // 17 zooms; the two places share the tiles of the first ones.
        var tiles = data["tiles"]!.AsArray().Select(t => (string)t!).ToList();
        Assert.Equal("0/0/0", tiles[0]);
        Assert.Contains("10/856/421", tiles);
        Assert.Contains("10/854/420", tiles);
        Assert.InRange(tiles.Count, 18, 33);
        Assert.Equal(4, (int)data["issue"]!["severity"]!);
        Assert.Equal((await _silent.Client.GetAsync("/api/issues?limit=1")).Headers.GetValues("X-Data-Version").Single(), (string?)data["version"]);

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{received.Headers["webhook-id"]}.{received.Headers["webhook-timestamp"]}."), .. received.Body];
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed)), received.Headers["webhook-signature"]);

        await _silent.Data.ExecuteAsync("SELECT setval(pg_get_serial_sequence('geosan.issue', 'id'), 16)");
        var id = (await administrator.ReportAsync(120.25, 30.5, """{"category":"sewage","source":"patrol"}""")).GetProperty("id").GetInt64();
        Assert.Equal(("org.ogc.api.collection.item.create", $"{id}"), await TypeAndIdAsync());
        await _silent.Data.ExecuteAsync("DELETE FROM geosan.issue WHERE id = 2");
        Assert.Equal(("org.ogc.api.collection.item.delete", "2"), await TypeAndIdAsync());
        await UntilAsync(administrator, hook, h => (long)h["delivered"]! == 3);
        Assert.Equal(0, _receiver.Waiting);
    }

    [Fact]
    public async Task Each_is_told_of_what_it_asked_for()
    {
        await using var server = await _silent.StartBesideAsync(_receiver.Allowed());
        using var administrator = Of(server);
        await AddAsync(administrator, """{"url":"{at}/west","wards":["west"],"events":["deleted"]}""");
        await AddAsync(administrator, """{"url":"{at}/tables","collections":["wards","rounds"]}""");
        await AddAsync(administrator, """{"url":"{at}/town","wards":["town"]}""");
        await _silent.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 WHERE id = 1");
        Assert.Equal("/town", (await _receiver.NextAsync()).Path);
        await _silent.Data.ExecuteAsync("UPDATE geosan.ward SET name = 'West' WHERE code = 'west'");
        var table = await _receiver.NextAsync();
        Assert.Equal(("/tables", "org.geosanitation.collection.replace", "wards"), (table.Path, (string?)JsonNode.Parse(table.Body)!["type"], (string?)JsonNode.Parse(table.Body)!["data"]!["collection"]));
        await _silent.Data.ExecuteAsync("DELETE FROM geosan.issue WHERE id = 1");
        Assert.Equal(["/town", "/west"], new[] { (await _receiver.NextAsync()).Path, (await _receiver.NextAsync()).Path }.Order());
        Assert.Equal(0, _receiver.Waiting);
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_until_it_is_given_up_and_goes_on_when_it_is_resumed()
    {
        await using var server = await _silent.StartBesideAsync(_receiver.Allowed(maxFailures: 3));
        using var administrator = Of(server);
        var hook = await AddAsync(administrator, """{"url":"{at}/hook"}""");
        _receiver.Status = 500;
        await _silent.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 WHERE id = 1");
        var first = await _receiver.NextAsync();
        for (var i = 1; i < 3; i++)
        {
            Assert.Equal(first.Headers["webhook-id"], (await _receiver.NextAsync()).Headers["webhook-id"]);
        }
        var dead = await UntilAsync(administrator, hook, h => (string?)h["state"] == "dead");
        Assert.Equal((3, "it answered with status 500", 0L), ((int)dead["failures"]!, (string?)dead["error"], (long)dead["delivered"]!));
        Assert.NotNull(dead["dead_at"]);
        await _silent.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 2 WHERE id = 2");

        _receiver.Status = 200;
        using var resumed = await administrator.PostAsync($"/api/webhooks/{hook["id"]}/resume", null);
        Assert.Equal("active", (string?)JsonNode.Parse(await resumed.Content.ReadAsStringAsync())!["state"]);
        Assert.Equal("1", (await TypeAndIdAsync()).Id);
        Assert.Equal("2", (await TypeAndIdAsync()).Id);
        await UntilAsync(administrator, hook, h => (long)h["delivered"]! == 2 && (int)h["failures"]! == 0 && h["error"] is null);
        Assert.Equal(0, _receiver.Waiting);
        Assert.Equal("add webhook 1, resume webhook 1", await _silent.Data.ScalarAsync<string>("SELECT string_agg(action || ' ' || count, ', ') FROM (SELECT action, count(*) FROM geosan.audit WHERE target LIKE 'webhooks/%' GROUP BY action ORDER BY action) AS a"));
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_where_it_was_whichever_server_comes_next()
    {
        await using (var server = await _silent.StartBesideAsync(_receiver.Allowed()))
        {
            using var administrator = Of(server);
            var hook = await AddAsync(administrator, """{"url":"{at}/hook"}""");
            await _silent.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 WHERE id = 1");
            Assert.Equal("1", (await TypeAndIdAsync()).Id);
            await UntilAsync(administrator, hook, h => (long)h["delivered"]! == 1);
        }
        await _silent.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 2 WHERE id = 2");
        // Servers have long forgotten it.
        await _silent.Data.ExecuteAsync("UPDATE geosan.change SET at = now() - interval '1 day'");
        await using var one = await _silent.StartBesideAsync(_receiver.Allowed());
        await using var other = await _silent.StartBesideAsync(_receiver.Allowed());
        Assert.Equal("2", (await TypeAndIdAsync()).Id);
        // Two servers tell it once.
        for (var i = 3; i <= 5; i++)
        {
            await _silent.Data.ExecuteAsync($"UPDATE geosan.issue SET severity = {i} WHERE id = 1");
            Assert.Equal("1", (await TypeAndIdAsync()).Id);
        }
        using var client = Of(one);
        await UntilAsync(client, (await JsonAsync(client, "/api/webhooks"))["webhooks"]![0]!, h => (long)h["delivered"]! == 5);
        Assert.Equal(0, _receiver.Waiting);
    }

    [Fact]
    public async Task After_very_many_changes_it_is_told_once_to_read_again()
    {
        await using var server = await _silent.StartBesideAsync(_receiver.Allowed());
        using var administrator = Of(server);
        await AddAsync(administrator, """{"url":"{at}/hook","collections":["wards"]}""");
        await _silent.Data.ExecuteAsync("""
            INSERT INTO geosan.issue (id, source, external_id, category_code, severity, status, reported_at, geom)
            SELECT n, 'test', n::text, 'litter', 3, 'reported', '2025-01-01', ST_SetSRID(ST_MakePoint(120.5, 30.5), 4326) FROM generate_series(100, 1200) AS n
            """);
        var told = JsonNode.Parse((await _receiver.NextAsync()).Body)!;
        Assert.Equal(("org.geosanitation.stream.reset", "many_changes"), ((string?)told["type"], (string?)told["data"]!["reason"]));
        await _silent.Data.ExecuteAsync("UPDATE geosan.ward SET name = 'West' WHERE code = 'west'");
        Assert.Equal("collections/wards", (string?)JsonNode.Parse((await _receiver.NextAsync()).Body)!["subject"]);
        Assert.Equal(0, _receiver.Waiting);
    }

    [Fact]
    public async Task A_job_that_ended_and_a_run_that_was_published_are_told()
    {
        await using var server = await _silent.StartBesideAsync(_receiver.Allowed());
        using var administrator = Of(server);
        await AddAsync(administrator, """{"url":"{at}/hook","collections":["jobs","hotspots"]}""");
        using var posted = await administrator.PostAsJsonAsync("/api/runs", new { method = "dbscan", name = "weekly", parameters = new { eps = 100, min_points = 1 } });
        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        var run = (await posted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        var job = JsonNode.Parse((await _receiver.NextAsync()).Body)!;
        Assert.Equal(("org.ogc.api.job.result", $"job-{run}-done", "done", "weekly", 2), ((string?)job["type"], (string?)job["id"], (string?)job["data"]!["state"], (string?)job["data"]!["name"], (int)job["data"]!["features"]!));
        Assert.Equal(HttpStatusCode.OK, (await administrator.GetAsync((string)job["data"]!["href"]!)).StatusCode);
        using var published = await administrator.PostAsync($"/api/runs/{run}/publish", null);
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        var hotspots = JsonNode.Parse((await _receiver.NextAsync()).Body)!["data"]!;
        Assert.Equal(("hotspots", $"{run}", "replace", "dbscan"), ((string?)hotspots["collection"], (string?)hotspots["id"], (string?)hotspots["op"], (string?)hotspots["hotspots"]!["method"]));
    }

    [Fact]
    public async Task Redirections_are_not_followed_and_hosts_only_as_long_as_the_settings_name_them()
    {
        await using var elsewhere = await CallbackReceiver.StartAsync();
        await using (var server = await _silent.StartBesideAsync(_receiver.Allowed(maxFailures: 1)))
        {
            using var administrator = Of(server);
            var hook = await AddAsync(administrator, """{"url":"{at}/hook"}""");
            (_receiver.Status, _receiver.Location) = (307, $"{elsewhere.Address}");
            await _silent.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 WHERE id = 1");
            var dead = await UntilAsync(administrator, hook, h => (string?)h["state"] == "dead");
            Assert.Equal("it answered with status 307; redirections are not followed", (string?)dead["error"]);
            Assert.Equal(0, elsewhere.Waiting);
        }
        await using (var gone = await CallbackReceiver.StartAsync())
        {
            await using var server = await _silent.StartBesideAsync(gone.Allowed(maxFailures: 1));
            using var administrator = Of(server);
            using var added = await administrator.PostAsync("/api/webhooks", PlantedCity.Json($$"""{"url":"{{gone.Address}}"}"""));
            await gone.DisposeAsync();
            await _silent.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 2 WHERE id = 1");
            var hook = JsonNode.Parse(await added.Content.ReadAsStringAsync())!;
            Assert.Contains("Connection refused", (string?)(await UntilAsync(administrator, hook, h => (string?)h["state"] == "dead"))["error"]);
            using var forgotten = await administrator.DeleteAsync($"/api/webhooks/{hook["id"]}");
        }
        await using var other = await _silent.StartBesideAsync(elsewhere.Allowed(maxFailures: 1));
        using var client = Of(other);
        var known = (await JsonAsync(client, "/api/webhooks"))["webhooks"]![0]!;
        using var resumed = await client.PostAsync($"/api/webhooks/{known["id"]}/resume", null);
        Assert.Contains("is none of the hosts", (string?)(await UntilAsync(client, known, h => (string?)h["state"] == "dead"))["error"]);
        Assert.Equal(1, _receiver.Waiting);
        using var removed = await client.DeleteAsync($"/api/webhooks/{known["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"/api/webhooks/{known["id"]}")).StatusCode);
        Assert.Empty((await JsonAsync(client, "/api/webhooks"))["webhooks"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"url":"http://127.0.0.1:1/x"}""", "url")]
    [InlineData("""{"url":"http://localhost/x"}""", "url")]
    [InlineData("""{"url":"ftp://127.0.0.1/x"}""", "url")]
    [InlineData("""{"url":"{at}@evil.example/"}""", "url")]
    [InlineData("""{"url":"http://user@{host}/"}""", "url")]
    [InlineData("""{"url":"{at}/#part"}""", "url")]
    [InlineData("""{"url":"/hook"}""", "url")]
    [InlineData("""{"url":7}""", "url")]
    [InlineData("""{}""", "url")]
    [InlineData("""{"url":"{at}/","collections":["streets"]}""", "collections")]
    [InlineData("""{"url":"{at}/","collections":[]}""", "collections")]
    [InlineData("""{"url":"{at}/","events":"created"}""", "events")]
    [InlineData("""{"url":"{at}/","wards":["nowhere"]}""", "wards")]
    [InlineData("""{"url":"{at}/","secret":"short"}""", "secret")]
    [InlineData("""{"url":"{at}/","more":1}""", "more")]
    public async Task What_cannot_be_is_refused_by_name(string body, string parameter)
    {
        await using var server = await _silent.StartBesideAsync(_receiver.Allowed());
        using var administrator = Of(server);
        using var answer = await PostAsync(administrator, body);
        Assert.Equal(parameter, (await PlantedCity.ProblemOfAsync(answer, HttpStatusCode.BadRequest)).GetProperty("parameter").GetString());
        Assert.Empty((await JsonAsync(administrator, "/api/webhooks"))["webhooks"]!.AsArray());
    }

    [Fact]
    public async Task Without_a_host_in_the_settings_nobody_is_called_and_only_administrators_may_ask()
    {
        using var refused = await PostAsync(_administrator, """{"url":"{at}/"}""");
        Assert.Contains("callbacks.hosts names no host", (await PlantedCity.ProblemOfAsync(refused, HttpStatusCode.BadRequest)).GetProperty("detail").GetString());
        Assert.False((bool)(await JsonAsync(_administrator, "/api/webhooks"))["hosts"]!);
        using var inspector = await _silent.ClientAsync(Roles.Inspector);
        Assert.Equal(HttpStatusCode.Forbidden, (await inspector.GetAsync("/api/webhooks")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _silent.Client.GetAsync("/api/webhooks")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _administrator.GetAsync("/api/webhooks/7")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _administrator.PostAsync("/api/webhooks/x/resume", null)).StatusCode);
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => _silent.StartBesideAsync(new Settings { Callbacks = new CallbackSettings { Hosts = ["http://hooks.example"] } }));
        Assert.Contains("callbacks.hosts was \"http://hooks.example\"", wrong.Message);
    }

    private HttpClient Of(TestServer server)
    {
        var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = _administrator.DefaultRequestHeaders.Authorization;
        return client;
    }

    private async Task<(string? Type, string? Id)> TypeAndIdAsync()
    {
        var told = JsonNode.Parse((await _receiver.NextAsync()).Body)!;
        return ((string?)told["type"], (string?)told["data"]!["id"]);
    }

    private async Task<JsonNode> AddAsync(HttpClient client, string body)
    {
        using var answer = await PostAsync(client, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        var hook = JsonNode.Parse(text)!;
        Assert.Equal($"/api/webhooks/{hook["id"]}", answer.Headers.Location!.ToString());
        return hook;
    }

    private Task<HttpResponseMessage> PostAsync(HttpClient client, string body) => client.PostAsync(
        "/api/webhooks", new StringContent(body.Replace("{at}", _receiver.Address.ToString().TrimEnd('/')).Replace("{host}", _receiver.Address.Authority), Encoding.UTF8, "application/json"));

    private static async Task<JsonNode> JsonAsync(HttpClient client, string path) => JsonNode.Parse(await client.GetStringAsync(path))!;

    /// <summary>The webhook once something is true of it.</summary>
    private static async Task<JsonNode> UntilAsync(HttpClient client, JsonNode hook, Func<JsonNode, bool> holds)
    {
        var deadline = DateTime.UtcNow.AddMinutes(2);
        while (true)
        {
            var now = await JsonAsync(client, $"/api/webhooks/{hook["id"]}");
            if (holds(now))
            {
                return now;
            }
            Assert.True(DateTime.UtcNow < deadline, now.ToJsonString());
        }
    }
}
