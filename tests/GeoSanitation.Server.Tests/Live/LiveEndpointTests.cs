using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Changes;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Live;

public sealed class LiveEndpointTests : IAsyncLifetime
{
    private TestServer _one = null!, _other = null!;

    public async Task InitializeAsync()
    {
        _one = await TestServer.StartAsync();
        await _one.Data.PlantWardAsync("town", "town", PlantedIssues.Box(120, 30, 122, 31));
        await _one.Data.PlantWardAsync("west", "community", PlantedIssues.Box(120, 30, 121, 31), "town");
        await _one.Data.PlantWardAsync("east", "community", PlantedIssues.Box(121, 30, 122, 31), "town");
        await _one.Data.PlantAsync([new(120.5, 30.5, Ward: "west"), new(121.5, 30.5, Ward: "east", Severity: 5)]);
        _other = await _one.StartBesideAsync();
    }

    public async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Fact]
    public async Task Every_server_of_a_database_tells_what_becomes_of_an_issue()
    {
        using var administrator = await _one.ClientAsync(Roles.Administrator);
        using var here = await LiveStream.StartAsync(_one.Client);
        using var there = await LiveStream.StartAsync(_other.Client);
        await _one.Data.ExecuteAsync("SELECT setval(pg_get_serial_sequence('geosan.issue', 'id'), 16)");
        using var posted = await administrator.PostAsync("/api/issues", Json("""{"type":"Feature","geometry":{"type":"Point","coordinates":[120.25,30.5]},"properties":{"category":"sewage","source":"patrol","severity":2}}"""));
        Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
        await SameAsync("issue", """{"id":17,"change":"created","matches":true,"ward":"west","category":"sewage","status":"reported","severity":2,"lon":120.25,"lat":30.5}""");

        using var moved = await administrator.PostAsync("/api/issues/17/transitions", Json("""{"to":"accepted"}"""));
        await SameAsync("issue", """
            {"id":17,"change":"updated","matches":true,"ward":"west","category":"sewage","status":"accepted","severity":2,"lon":120.25,"lat":30.5,
             "before":{"ward":"west","category":"sewage","status":"reported","severity":2,"lon":120.25,"lat":30.5}}
            """);
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET title = 'x' WHERE id = 17");
        await SameAsync("issue", """{"id":17,"change":"updated","matches":true,"ward":"west","category":"sewage","status":"accepted","severity":2,"lon":120.25,"lat":30.5}""");

        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/api/issues/17") { Headers = { { "If-Match", "*" } } };
        using var deleted = await administrator.SendAsync(delete);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await SameAsync("issue", """{"id":17,"change":"deleted","matches":false,"ward":"west","category":"sewage","status":"accepted","severity":2,"lon":120.25,"lat":30.5}""");
        await _one.Data.ExecuteAsync("UPDATE geosan.ward SET name = 'West' WHERE code = 'west'");
        await SameAsync("table", """{"table":"ward"}""");

        async Task SameAsync(string name, string data)
        {
            foreach (var stream in (LiveStream[])[here, there])
            {
                AssertIs(await stream.NextAsync(), name, data);
            }
        }
    }

    [Fact]
    public async Task Who_listens_to_some_is_told_of_those_that_come_and_those_that_leave()
    {
        using var west = await LiveStream.StartAsync(_one.Client, "?ward=west");
        using var grave = await LiveStream.StartAsync(_other.Client, "?bbox=121,30,122,31&severity=4..5&category=litter&status=open");
        // In the ward, then out of it, then something in the other one, then back.
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 4 WHERE id = 1");
        Assert.Equal((1, true, 4), Said(await west.NextAsync()));
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET ward_id = (SELECT id FROM geosan.ward WHERE code = 'east'), geom = ST_SetSRID(ST_MakePoint(121.25, 30.25), 4326) WHERE id = 1");
        Assert.Equal((1, false, 4), Said(await west.NextAsync()));
        AssertIs(await grave.NextAsync(), "issue", """
            {"id":1,"change":"updated","matches":true,"ward":"east","category":"litter","status":"dispatched","severity":4,"lon":121.25,"lat":30.25,
             "before":{"ward":"west","category":"litter","status":"dispatched","severity":4,"lon":120.5,"lat":30.5}}
            """);
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 3 WHERE id = 2");
        Assert.Equal((2, false, 3), Said(await grave.NextAsync()));
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET ward_id = (SELECT id FROM geosan.ward WHERE code = 'west') WHERE id = 2");
        // Neither is told of what is none of its own: the next each hears is about something else.
        Assert.Equal((2, true, 3), Said(await west.NextAsync()));
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET status = 'resolved' WHERE id = 1");
        Assert.Equal((1, true, 4), Said(await grave.NextAsync()));
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET status = 'closed', closed_at = now() WHERE id = 1");
        Assert.Equal((1, false, 4), Said(await grave.NextAsync()));
    }

    [Fact]
    public async Task Who_was_cut_off_goes_on_at_another_server_after_the_last_event_that_came()
    {
        const int many = 7;
        var ids = new List<string>();
        using (var stream = await LiveStream.StartAsync(_one.Client))
        {
            ids.Add(stream.LastId);
            await InsertAsync(101, many);
            for (var n = 0; n < many; n++)
            {
                var sent = await stream.NextAsync();
                Assert.Equal((101 + n, true, 3), Said(sent));
                ids.Add(sent.Id);
            }
        }
        Assert.Equal(many + 1, ids.Distinct().Count());
        await InsertAsync(201, 2);
        await _one.Data.ExecuteAsync("DELETE FROM geosan.issue WHERE id = 201; UPDATE geosan.issue SET severity = 1 WHERE id = 101; UPDATE geosan.issue SET severity = 1 WHERE id = 2");
        for (var told = 0; told <= many; told++)
        {
            using var again = await LiveStream.OpenAsync(_other.Client, lastEventId: ids[told]);
            var heard = new List<(int Id, string Change)>();
            do
            {
                var sent = await again.NextAsync();
                Assert.Equal("issue", sent.Name);
                heard.Add((sent.Data.GetProperty("id").GetInt32(), sent.Data.GetProperty("change").GetString()!));
            }
            while (heard[^1].Id != 2);
            var rest = Enumerable.Range(101 + told, many - told).Select(id => (id, "created"));
            // Who stands before all of it hears of each once, as it is now; who stands within it hears the rest, and then what came later.
            Assert.Equal(told == 0 ? [.. rest, (202, "created"), (2, "updated")] : [.. rest, (202, "created"), (101, "updated"), (2, "updated")], heard);
        }
    }

    [Fact]
    public async Task A_transaction_that_commits_late_is_told_late_also_to_who_was_away()
    {
        await using var source = _one.Data.OpenSource();
        await using var early = await source.OpenConnectionAsync();
        await using var transaction = await early.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("UPDATE geosan.issue SET severity = 2 WHERE id = 1", early))
        {
            await command.ExecuteNonQueryAsync();
        }
        string lastId;
        using (var stream = await LiveStream.StartAsync(_one.Client))
        {
            await _one.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 WHERE id = 2");
            Assert.Equal((2, true, 1), Said(await stream.NextAsync()));
            lastId = stream.LastId;
        }
        await transaction.CommitAsync();
        foreach (var server in (TestServer[])[_one, _other])
        {
            using var again = await LiveStream.OpenAsync(server.Client, lastEventId: lastId);
            Assert.Equal((1, true, 2), Said(await again.NextAsync()));
            await _one.Data.ExecuteAsync("INSERT INTO geosan.calendar_day (day, working) VALUES ('2031-01-01', false) ON CONFLICT (day) DO UPDATE SET working = excluded.working");
            Assert.Equal("table", (await again.NextAsync()).Name);
        }
    }

    [Theory]
    [InlineData("INSERT INTO geosan.issue (id, source, external_id, category_code, severity, status, reported_at, geom) SELECT n, 'many', n::text, 'litter', 3, 'reported', '2025-01-01', ST_SetSRID(ST_MakePoint(120.5, 30.5), 4326) FROM generate_series(1000, 101000) AS n")]
    [InlineData("BEGIN; SET LOCAL geosan.bulk = 'on'; SELECT geosan.note_bulk_change(); UPDATE geosan.issue SET severity = 1; COMMIT")]
    public async Task After_very_many_changes_one_event_says_to_read_again(string sql)
    {
        using var stream = await LiveStream.StartAsync(_one.Client);
        await _one.Data.ExecuteAsync(sql);
        var sent = await stream.NextAsync();
        Assert.Equal(("reset", "many_changes"), (sent.Name, sent.Data.GetProperty("reason").GetString()));
        using var seen = await _one.Client.GetAsync("/api/issues/summary");
        Assert.Equal(seen.Headers.GetValues("X-Data-Version").Single(), sent.Data.GetProperty("data_version").GetString());
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 4 WHERE id = 1");
        Assert.Equal((1, true, 4), Said(await stream.NextAsync()));
        // From the event before it on, it is one event again.
        using var again = await LiveStream.OpenAsync(_other.Client, lastEventId: sent.Id);
        Assert.Equal((1, true, 4), Said(await again.NextAsync()));
    }

    [Fact]
    public async Task Who_was_away_too_long_or_comes_from_elsewhere_is_told_to_read_again()
    {
        string lastId;
        using (var stream = await LiveStream.StartAsync(_one.Client))
        {
            lastId = stream.LastId;
        }
        var snapshot = lastId.Split('~')[1].Split(';')[0];
        foreach (var id in (string[])[
            "nonsense", "1", lastId.Replace(snapshot, "9:3:"), lastId.Replace(snapshot, "0:0:"), lastId.Replace(snapshot, "3:9:4,4"), lastId.Replace(snapshot, "99999999999:99999999999:"), "99999999" + lastId[8..],
            lastId + ";99999999999:99999999999:;3", lastId + ";1:2:3:4;3", new string('x', 5_000)])
        {
            using var strange = await LiveStream.OpenAsync(_one.Client, lastEventId: id);
            var sent = await strange.NextAsync();
            Assert.Equal(("reset", "too_old"), (sent.Name, sent.Data.GetProperty("reason").GetString()));
            Assert.StartsWith(lastId[..8], sent.Id, StringComparison.Ordinal);
        }
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 4 WHERE id = 1");
        await ForgetAllAsync();
        using var late = await LiveStream.OpenAsync(_one.Client, lastEventId: lastId);
        var reset = await late.NextAsync();
        Assert.Equal(("reset", "too_old"), (reset.Name, reset.Data.GetProperty("reason").GetString()));
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 2 WHERE id = 1");
        Assert.Equal((1, true, 2), Said(await late.NextAsync()));
    }

    [Fact]
    public async Task Who_begins_after_something_was_forgotten_that_a_long_transaction_had_kept_hears_what_comes_next()
    {
        await using var source = _one.Data.OpenSource();
        await using (var connection = await source.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var command = new Npgsql.NpgsqlCommand("SELECT pg_current_xact_id()", connection))
            {
                await command.ExecuteScalarAsync();
            }
            using var stream = await LiveStream.StartAsync(_one.Client);
            await _one.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 4 WHERE id = 1");
            Assert.Equal((1, true, 4), Said(await stream.NextAsync()));
            await transaction.CommitAsync();
        }
        await ForgetAllAsync();
        using var late = await LiveStream.StartAsync(_one.Client);
        await _one.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 2 WHERE id = 1");
        Assert.Equal((1, true, 2), Said(await late.NextAsync()));
    }

    [Fact]
    public async Task It_is_a_stream_of_events_that_nobody_keeps_or_packs_with_signs_of_life()
    {
        await using var eager = await _one.StartBesideAsync(new Settings { Live = new LiveSettings { HeartbeatSeconds = 0.05 } });
        using var stream = await LiveStream.StartAsync(eager.Client);
        Assert.Equal("text/event-stream", stream.Answer.Content.Headers.ContentType!.ToString());
        Assert.Empty(stream.Answer.Content.Headers.ContentEncoding);
        Assert.Equal("no-store", stream.Answer.Headers.CacheControl!.ToString());
        Assert.Equal("no", stream.Answer.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal("0.05", stream.Answer.Headers.GetValues("Heartbeat-Seconds").Single());
        Assert.Equal("retry: 3000", stream.Lines[0]);
        var id = stream.LastId;
        while (!stream.Lines.Contains(": here"))
        {
            await stream.LineAsync();
        }
        Assert.Equal("id: " + id, await stream.LineAsync());

        using var head = await _one.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/live"));
        Assert.Equal((HttpStatusCode.OK, "text/event-stream", 0), (head.StatusCode, head.Content.Headers.ContentType!.ToString(), (await head.Content.ReadAsByteArrayAsync()).Length));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/live") { Headers = { { "Origin", "https://elsewhere.example" }, { "Access-Control-Request-Method", "GET" }, { "Access-Control-Request-Headers", "last-event-id" } } };
        using var allowed = await _one.Client.SendAsync(preflight);
        Assert.Contains("Last-Event-ID", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task So_many_may_listen_and_whoever_leaves_makes_room()
    {
        await using var small = await _one.StartBesideAsync(new Settings { Live = new LiveSettings { MaxListeners = 1 } });
        using (var stream = await LiveStream.StartAsync(small.Client))
        {
            using var refused = await small.Client.GetAsync("/api/live");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "30"), (refused.StatusCode, refused.Headers.GetValues("Retry-After").Single()));
            Assert.Equal("1 clients are listening already; try again in a while", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
        }
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            using var answer = await small.Client.GetAsync("/api/live", HttpCompletionOption.ResponseHeadersRead);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }
            Assert.True(DateTime.UtcNow < deadline, "the place of one who left was not given to the next");
        }
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams()
    {
        await using var ending = await _one.StartBesideAsync();
        using var stream = await LiveStream.StartAsync(ending.Client);
        var watch = Stopwatch.StartNew();
        await ending.StopAsync();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 4);
        await Assert.ThrowsAsync<EndOfStreamException>(stream.NextAsync);
    }

    [Fact]
    public async Task Where_reading_takes_a_key_listening_does_too()
    {
        await using var closed = await _one.StartBesideAsync(new Settings { Access = new AccessSettings { OpenReads = false } });
        using var anonymous = await closed.Client.GetAsync("/api/live", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        using var reader = await closed.ClientAsync(Roles.Reader);
        using var stream = await LiveStream.StartAsync(reader);
        Assert.Equal("no-store", stream.Answer.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("?q=x", "q")]
    [InlineData("?near=120,30&radius=5", "near")]
    [InlineData("?filter=severity>3", "filter")]
    [InlineData("?severity=9", "severity")]
    [InlineData("?bbox=1,2,3", "bbox")]
    public async Task What_the_memory_does_not_hold_is_refused(string query, string parameter)
    {
        using var answer = await _one.Client.GetAsync("/api/live" + query);
        Assert.Equal(parameter, (await PlantedCity.ProblemOfAsync(answer, HttpStatusCode.BadRequest)).GetProperty("parameter").GetString());
    }

    /// <summary>What a transaction that is still open might not have seen is kept; those of other tests end at some time.</summary>
    private async Task ForgetAllAsync()
    {
        await _one.Data.ExecuteAsync("UPDATE geosan.change SET at = now() - interval '8 days'");
        var deadline = DateTime.UtcNow.AddMinutes(1);
        while (await _one.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.change") > 0)
        {
            Assert.True(DateTime.UtcNow < deadline, "the changes were not forgotten");
            await new ChangeFeed(_one.Data.Database).ForgetAsync(default);
        }
    }

    private Task InsertAsync(int first, int count) => _one.Data.ExecuteAsync($"""
        INSERT INTO geosan.issue (id, source, external_id, category_code, severity, status, reported_at, geom)
        SELECT n, 'test', n::text, 'litter', 3, 'reported', '2025-01-01', ST_SetSRID(ST_MakePoint(120.5, 30.5), 4326) FROM generate_series({first}, {first + count - 1}) AS n
        """);

    private static (int Id, bool Matches, int Severity) Said(SentEvent sent)
    {
        Assert.Equal("issue", sent.Name);
        return (sent.Data.GetProperty("id").GetInt32(), sent.Data.GetProperty("matches").GetBoolean(), sent.Data.GetProperty("severity").GetInt32());
    }

    private static void AssertIs(SentEvent sent, string name, string data)
    {
        Assert.Equal(name, sent.Name);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(data).RootElement, sent.Data), sent.Data.GetRawText());
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
