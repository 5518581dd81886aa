using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Issues;

/// <summary>The numbers of a filter over HTTP, beside SQL.</summary>
public sealed class IssueSummaryEndpointTests(SummaryServer shared) : IClassFixture<SummaryServer>
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("", "true")]
    [InlineData("?status=open", "status NOT IN ('closed', 'rejected')")]
    [InlineData("?category=sewage&severity=3..5", "category_code = 'sewage' AND severity BETWEEN 3 AND 5")]
    [InlineData("?ward=t1", "ward_id IN (SELECT id FROM geosan.ward WHERE code IN ('t1', 'c11', 'c12'))")]
    [InlineData("?relapse=true", "relapse_of IS NOT NULL")]
    [InlineData("?overdue=true", "due_at < now() AND status IN ('reported', 'accepted', 'dispatched')")]
    public async Task Counts_are_those_of_SQL(string query, string where)
    {
        var summary = await SummaryAsync(query);
        async Task<long> Count(string and) => await _server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue WHERE {where} AND {and}");
        Assert.True(await Count("true") > 0);
        Assert.Equal(await Count("true"), summary.GetProperty("total").GetInt32());
        Assert.Equal(await Count("status NOT IN ('closed', 'rejected')"), summary.GetProperty("open").GetInt32());
        Assert.Equal(await Count("due_at < now() AND status IN ('reported', 'accepted', 'dispatched')"), summary.GetProperty("overdue").GetInt32());
        Assert.Equal(await Count("relapse_of IS NOT NULL"), summary.GetProperty("relapses").GetInt32());
        Assert.Equal(await Count("location_quality = 'default_point'"), summary.GetProperty("default_points").GetInt32());
        foreach (var status in summary.GetProperty("by_status").EnumerateObject())
        {
            Assert.Equal(await Count($"status = '{status.Name}'"), status.Value.GetInt32());
        }
        foreach (var severity in summary.GetProperty("by_severity").EnumerateObject())
        {
            Assert.Equal(await Count($"severity = {severity.Name}"), severity.Value.GetInt32());
        }
        foreach (var category in summary.GetProperty("by_category").EnumerateArray())
        {
            Assert.Equal(await Count($"category_code = '{category.GetProperty("code").GetString()}'"), category.GetProperty("count").GetInt32());
        }
        Assert.Equal(summary.GetProperty("total").GetInt32(), summary.GetProperty("trend").GetProperty("steps").EnumerateArray().Sum(s => s.GetProperty("issues").GetInt32()));
    }

    [Fact]
    public async Task A_ward_counts_what_lies_in_the_wards_within_it()
    {
        var summary = await SummaryAsync("");
        Assert.Equal([("c11", "一社区", 40), ("c12", "二社区", 20), ("t1", "东镇", 60), ("t2", "西镇", 10)], summary.GetProperty("by_ward").EnumerateArray()
            .Select(w => (w.GetProperty("code").GetString()!, w.GetProperty("name").GetString()!, w.GetProperty("count").GetInt32())));
        Assert.Equal("Ward c11", summary.GetProperty("by_ward")[0].GetProperty("name_en").GetString());
    }

    [Theory]
    [InlineData("", "true")]
    [InlineData("?status=open", "status NOT IN ('closed', 'rejected')")]
    [InlineData("?filter=S_INTERSECTS(geometry,POLYGON((120 30,120.05 30,120.05 30.1,120 30.1,120 30)))", "ST_X(geom) <= 120.05")]
    public async Task Sources_departments_rounds_and_who_answers_are_those_of_SQL(string query, string where)
    {
        await _server.Data.ExecuteAsync("""
            INSERT INTO geosan.round (code, name, name_en, kind, starts_at, ends_at)
            VALUES ('r1', '第一轮', 'Round 1', 'covert', '2024-01-01', '2024-03-01'), ('r2', '第二轮', NULL, 'covert', '2024-05-01', '2024-06-01')
            ON CONFLICT DO NOTHING;
            UPDATE geosan.issue SET source = (ARRAY['covert', 'citizen', 'hotline'])[1 + id % 3], department = CASE WHEN id % 2 = 0 THEN '环卫局' WHEN id % 5 = 0 THEN '水务局' END,
                responsible = 'body ' || id % 60, round_id = (SELECT r.id FROM geosan.round AS r WHERE r.code = CASE issue.id % 4 WHEN 0 THEN 'r1' WHEN 1 THEN 'r2' END);
            """);
        var summary = await SummaryAsync(query);
        await CompareAsync("by_source", "value", $"SELECT source, count(*) FROM geosan.issue WHERE {where} GROUP BY 1 ORDER BY 2 DESC, source COLLATE \"C\"");
        await CompareAsync("by_department", "value", $"SELECT department, count(*) FROM geosan.issue WHERE {where} AND department IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, department COLLATE \"C\"");
        await CompareAsync("by_responsible", "value", $"SELECT responsible, count(*) FROM geosan.issue WHERE {where} GROUP BY 1 ORDER BY 2 DESC, responsible COLLATE \"C\" LIMIT 50");
        await CompareAsync("by_round", "code", $"SELECT r.code, count(*) FROM geosan.issue JOIN geosan.round AS r ON r.id = round_id WHERE {where} GROUP BY r.code, r.starts_at ORDER BY r.starts_at DESC");
        Assert.Contains("第二轮", summary.GetProperty("by_round").EnumerateArray().Select(r => r.GetProperty("name").GetString()));

        async Task CompareAsync(string member, string name, string sql)
        {
            var expected = await _server.Data.ScalarAsync<string>($"SELECT string_agg(concat_ws('=', v, n), ' ') FROM ({sql}) AS t (v, n)");
            Assert.NotEmpty(expected);
            Assert.Equal(expected, string.Join(' ', summary.GetProperty(member).EnumerateArray().Select(c => $"{c.GetProperty(name)}={c.GetProperty("count")}")));
        }
    }

    [Fact]
    public async Task The_trend_follows_the_city_s_days_over_the_period_asked_for()
    {
        // 16:30 UTC on 31 March is half past midnight on 1 April in the city.
        var summary = await SummaryAsync("?datetime=2025-03-30T16:00:00Z/2025-04-02T15:59:59.999999Z");
        Assert.Equal("Asia/Shanghai", summary.GetProperty("time_zone").GetString());
        var trend = summary.GetProperty("trend");
        Assert.Equal("day", trend.GetProperty("step").GetString());
        Assert.Equal([("2025-03-31", 0), ("2025-04-01", 10), ("2025-04-02", 0)], trend.GetProperty("steps").EnumerateArray()
            .Select(s => (s.GetProperty("start").GetString()!, s.GetProperty("issues").GetInt32())));
        Assert.Equal("2025-03-31T16:30:00Z", summary.GetProperty("first_reported").GetString());
    }

    [Fact]
    public async Task Nothing_is_all_zeros()
    {
        var summary = await SummaryAsync("?q=nothing-has-this");
        Assert.Equal(0, summary.GetProperty("total").GetInt32());
        Assert.Empty(summary.GetProperty("by_category").EnumerateArray());
        foreach (var name in (string[])["first_reported", "last_reported", "bounds", "trend"])
        {
            Assert.Equal(JsonValueKind.Null, summary.GetProperty(name).ValueKind);
        }
    }

    [Fact]
    public async Task The_answer_says_its_version_and_is_not_sent_twice()
    {
        using var first = await _server.Client.GetAsync("/api/issues/summary");
        Assert.Equal("application/json", first.Content.Headers.ContentType!.MediaType);
        Assert.Equal(first.Headers.GetValues("X-Data-Version").Single(), (await first.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data_version").GetString());
        // The version counts transactions of the whole test cluster, so it may move between two requests; not for ever.
        for (var (attempt, status) = (0, HttpStatusCode.OK); status != HttpStatusCode.NotModified; attempt++)
        {
            Assert.InRange(attempt, 0, 50);
            using var known = await _server.Client.GetAsync("/api/issues/summary");
            using var again = new HttpRequestMessage(HttpMethod.Get, "/api/issues/summary");
            again.Headers.IfNoneMatch.Add(known.Headers.ETag!);
            using var second = await _server.Client.SendAsync(again);
            status = second.StatusCode;
        }
        using var bad = await _server.Client.GetAsync("/api/issues/summary?severity=9");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
    }

    private Task<JsonElement> SummaryAsync(string query) => _server.Client.GetFromJsonAsync<JsonElement>("/api/issues/summary" + query);
}

/// <summary>A server with two towns, the first of two communities, and a few issues in each.</summary>
public sealed class SummaryServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        await Server.Data.PlantWardAsync("t1", "town", PlantedIssues.Box(120, 30, 120.1, 30.1), name: "东镇");
        await Server.Data.PlantWardAsync("c11", "community", PlantedIssues.Box(120, 30, 120.05, 30.1), "t1", "一社区");
        await Server.Data.PlantWardAsync("c12", "community", PlantedIssues.Box(120.05, 30, 120.1, 30.1), "t1", "二社区");
        await Server.Data.PlantWardAsync("t2", "town", PlantedIssues.Box(120.1, 30, 120.2, 30.1), name: "西镇");
        await Server.Data.PlantAsync(Enumerable.Range(1, 80).Select(i => new PlantedIssue(
            120 + i * 0.002, 30.05, i % 3 == 0 ? "sewage" : "litter", 1 + i % 5, (i % 4) switch { 0 => "closed", 1 => "dispatched", 2 => "rejected", _ => "resolved" },
            i <= 10 ? "2025-03-31T16:30:00Z" : $"2024-{1 + i % 12:00}-15T02:00:00Z", i % 8 == 1 ? "2024-12-31T00:00:00Z" : null,
            i <= 40 ? "c11" : i <= 60 ? "c12" : i <= 70 ? "t2" : null, DefaultPoint: i % 20 == 0, RelapseOf: i is 5 or 6 or 9 ? 4 : null)));
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
