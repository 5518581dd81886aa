using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Scorecards;

/// <summary>How wards stand, over HTTP, beside SQL.</summary>
public sealed class ScorecardEndpointsTests(ScorecardServer shared) : IClassFixture<ScorecardServer>
{
    private const string OfSql = """
        SELECT json_build_object(
            'total', count(*), 'open', count(*) FILTER (WHERE status NOT IN ('closed', 'rejected')), 'closed', count(*) FILTER (WHERE status = 'closed'),
            'rejected', count(*) FILTER (WHERE status = 'rejected'), 'overdue', count(*) FILTER (WHERE late), 'relapses', count(relapse_of),
            'relapse_rate', round(count(relapse_of)::numeric / nullif(count(*), 0), 4), 'relapse_rate_of', count(*),
            'on_time', count(*) FILTER (WHERE done <= due_at), 'on_time_rate', round(count(*) FILTER (WHERE done <= due_at)::numeric / nullif(count(*) FILTER (WHERE judged), 0), 4),
            'on_time_rate_of', count(*) FILTER (WHERE judged),
            'median_days_to_close', round((extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - reported_at) FILTER (WHERE status = 'closed')) / 86400)::numeric, 2),
            'median_days_to_close_of', count(*) FILTER (WHERE status = 'closed'),
            'per_km2', (SELECT round((count(i.id) / (ST_Area(w.geom::geography) / 1e6))::numeric, 2) FROM geosan.ward AS w WHERE w.code = '{1}' AND w.valid_to IS NULL))::text
        FROM (SELECT *, late OR (due_at IS NOT NULL AND done IS NOT NULL) AS judged FROM (
            SELECT *, coalesce(due_at < now() AND status IN ('reported', 'accepted', 'dispatched'), false) AS late,
                CASE WHEN status IN ('resolved', 'closed') THEN coalesce(resolved_at, closed_at) END AS done
            FROM geosan.issue WHERE {0}) AS a) AS i
        """;

    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("", "true", null)]
    [InlineData("category=sewage&severity=2..5", "category_code = 'sewage' AND severity >= 2", null)]
    [InlineData("from=2024-06-01&to=2024-10-31", "reported_at >= '2024-06-01 00:00+08' AND reported_at < '2024-11-01 00:00+08'", "reported_at >= '2024-01-01 00:00+08' AND reported_at < '2024-06-01 00:00+08'")]
    [InlineData("datetime=2024-06-01/2024-06-30", "reported_at >= '2024-06-01Z' AND reported_at < '2024-07-01Z'", "reported_at >= '2024-05-02Z' AND reported_at < '2024-06-01Z'")]
    [InlineData("from=2025-01-01", "reported_at >= '2025-01-01 00:00+08'", null)]
    [InlineData("q=x1", "external_id LIKE '%x1%'", null)]
    public async Task Figures_are_those_of_SQL(string query, string where, string? before)
    {
        var answer = await GetAsync($"/api/scorecards?{query}");
        Assert.Equal(["c11", "c12", "t1", "t2", "t3"], Codes(answer.GetProperty("wards")));
        foreach (var ward in answer.GetProperty("wards").EnumerateArray())
        {
            var code = ward.GetProperty("code").GetString()!;
            var within = $"ward_id IN (SELECT id FROM geosan.ward WHERE code IN ('{code}'{(code == "t1" ? ", 'c11', 'c12'" : "")}))";
            await SameAsync($"({where}) AND {within}", code, ward);
            Assert.Equal(ward.GetProperty("total").GetInt32(), ward.GetProperty("trend").EnumerateArray().Sum(n => n.GetInt32()));
            var previous = ward.GetProperty("previous");
            Assert.Equal(before is null, previous.ValueKind == JsonValueKind.Null);
            if (before is not null)
            {
                await SameAsync($"({before}) AND {within}", code, previous);
            }
        }
        await SameAsync(where, "no ward", answer.GetProperty("all"));
        Assert.Equal(await _server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue WHERE ({where}) AND ward_id IS NULL"), answer.GetProperty("without_ward").GetInt32());
    }

    [Fact]
    public async Task What_is_planted_can_be_counted_by_hand()
    {
        // c12 has the issues 41 to 60, one in four of each status; those that are closed took their number times 7 hours: 44, 48, 52, 56, 60.
        var ward = (await GetAsync("/api/wards/c12/scorecard")).GetProperty("ward");
        Assert.Equal((20, 15, 5, 5, "Ward c12", "t1"), (Int(ward, "total"), Int(ward, "open") + Int(ward, "rejected"), Int(ward, "closed"), Int(ward, "rejected"),
            ward.GetProperty("name_en").GetString(), ward.GetProperty("parent").GetString()));
        Assert.Equal(Math.Round(52 * 7 / 24.0, 2), ward.GetProperty("median_days_to_close").GetDouble());
        Assert.Equal(5, Int(ward, "median_days_to_close_of"));
    }

    [Fact]
    public async Task A_level_and_a_ward_narrow_the_list()
    {
        var answer = await GetAsync("/api/scorecards?level=community&ward=t1");
        Assert.Equal(["c11", "c12"], Codes(answer.GetProperty("wards")));
        Assert.Equal([("town", 3), ("community", 2)], answer.GetProperty("levels").EnumerateArray().Select(l => (l.GetProperty("level").GetString()!, Int(l, "wards"))));
        Assert.Equal((60, 0), (Int(answer.GetProperty("all"), "total"), Int(answer, "without_ward")));
        Assert.Equal(["t1", "t2", "t3"], Codes((await GetAsync("/api/scorecards?level=town")).GetProperty("wards")));
    }

    [Fact]
    public async Task A_ward_without_issues_has_zeros_and_no_rates()
    {
        var ward = (await GetAsync("/api/wards/t3/scorecard")).GetProperty("ward");
        Assert.Equal((0, 0, 0.0), (Int(ward, "total"), Int(ward, "on_time_rate_of"), ward.GetProperty("per_km2").GetDouble()));
        foreach (var name in (string[])["relapse_rate", "on_time_rate", "median_days_to_close", "previous"])
        {
            Assert.Equal(JsonValueKind.Null, ward.GetProperty(name).ValueKind);
        }
        Assert.Empty((await GetAsync("/api/scorecards?q=nothing-has-this")).GetProperty("wards")[0].GetProperty("trend").EnumerateArray());
    }

    [Fact]
    public async Task A_ward_s_scorecard_lists_the_wards_right_below_it()
    {
        var answer = await GetAsync("/api/wards/t1/scorecard?from=2024-06-01&to=2024-10-31");
        Assert.Equal(["c11", "c12"], Codes(answer.GetProperty("children")));
        var basis = answer.GetProperty("basis");
        Assert.Equal(("2024-05-31T16:00:00Z", "2024-10-31T16:00:00Z", "2023-12-30T16:00:00Z"),
            (basis.GetProperty("from").GetString(), basis.GetProperty("before").GetString(), basis.GetProperty("previous_from").GetString()));
        var steps = basis.GetProperty("steps");
        Assert.Equal("week", steps.GetProperty("step").GetString());
        Assert.Equal(("2024-05-27", 23), (steps.GetProperty("starts")[0].GetString(), steps.GetProperty("starts").GetArrayLength()));
        // The 15th of October is in the week from the 14th.
        var trend = answer.GetProperty("ward").GetProperty("trend");
        Assert.Equal(await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE reported_at = '2024-10-15T02:00:00Z' AND id <= 60"), trend[20].GetInt32());
        Assert.True(trend[20].GetInt32() > 0);
    }

    [Fact]
    public async Task CSV_says_the_same()
    {
        using var response = await _server.Client.GetAsync("/api/scorecards?level=town&f=csv&from=2024-06-01&to=2024-10-31");
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("scorecards.csv", response.Content.Headers.ContentDisposition!.FileName);
        string[][] lines = [.. (await response.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n").Select(line => line.Split(','))];
        var wards = (await GetAsync("/api/scorecards?level=town&from=2024-06-01&to=2024-10-31")).GetProperty("wards").EnumerateArray().ToList();
        Assert.Equal(wards.Count, lines.Length - 1);
        Assert.Contains("median_days_to_close_of", lines[0]);
        foreach (var (ward, line) in wards.Zip(lines.Skip(1)))
        {
            Assert.Equal(lines[0].Length, line.Length);
            foreach (var (name, text) in lines[0].Zip(line))
            {
                var value = name.StartsWith("previous_", StringComparison.Ordinal) ? ward.GetProperty("previous").GetProperty(name["previous_".Length..]) : ward.GetProperty(name);
                Assert.Equal(value.ToString(), text);
            }
        }
    }

    [Theory]
    [InlineData("level=street", "level", "town, community")]
    [InlineData("from=2024-06-02&to=2024-06-01", "to", "not before from")]
    [InlineData("from=2024-13-01", "from", "a day such as")]
    [InlineData("from=2024-06-01&datetime=2024-06-01", "datetime", "left out beside from and to")]
    [InlineData("f=xml", "f", "json, csv")]
    public async Task What_cannot_be_is_refused(string query, string parameter, string allowed)
    {
        using var response = await _server.Client.GetAsync("/api/scorecards?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        Assert.Contains(allowed, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ward_that_is_not_there_is_not_found()
    {
        using var response = await _server.Client.GetAsync("/api/wards/t9/scorecard");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task The_answer_says_its_version_and_is_not_sent_twice()
    {
        using var first = await _server.Client.GetAsync("/api/scorecards");
        Assert.Equal(first.Headers.GetValues("X-Data-Version").Single(), (await first.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("basis").GetProperty("data_version").GetString());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/scorecards");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    private static string[] Codes(JsonElement wards) => [.. wards.EnumerateArray().Select(w => w.GetProperty("code").GetString()!)];

    private static int Int(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    private async Task SameAsync(string where, string code, JsonElement actual)
    {
        using var expected = JsonDocument.Parse((await _server.Data.ScalarAsync<string>(OfSql.Replace("{0}", where, StringComparison.Ordinal).Replace("{1}", code, StringComparison.Ordinal)))!);
        foreach (var figure in expected.RootElement.EnumerateObject())
        {
            var value = actual.GetProperty(figure.Name);
            Assert.True(figure.Value.ValueKind == value.ValueKind, $"{code} {figure.Name}: {figure.Value} in SQL, {value} in the answer, where {where}");
            if (value.ValueKind == JsonValueKind.Number)
            {
                Assert.True(Math.Abs(figure.Value.GetDouble() - value.GetDouble()) < (figure.Name is "per_km2" or "median_days_to_close" ? 0.0101 : 0.000101), $"{code} {figure.Name}: {figure.Value} in SQL, {value} in the answer, where {where}");
            }
        }
    }

    private Task<JsonElement> GetAsync(string path) => _server.Client.GetFromJsonAsync<JsonElement>(path);
}

/// <summary>A server with three towns, the first of two communities, one of which was redrawn, the last without an issue; and issues that took their time.</summary>
public sealed class ScorecardServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        await Server.Data.PlantWardAsync("t1", "town", PlantedIssues.Box(120, 30, 120.1, 30.1));
        await Server.Data.PlantWardAsync("c11", "community", PlantedIssues.Box(120, 30, 120.05, 30.1), "t1");
        await Server.Data.PlantWardAsync("c12", "community", PlantedIssues.Box(120.05, 30, 120.1, 30.1), "t1");
        await Server.Data.PlantWardAsync("t2", "town", PlantedIssues.Box(120.1, 30, 120.2, 30.1));
        await Server.Data.PlantWardAsync("t3", "town", PlantedIssues.Box(120.2, 30, 120.3, 30.1));
        await Server.Data.PlantAsync(Enumerable.Range(1, 80).Select(i => new PlantedIssue(
            120 + i * 0.002, 30.05, i % 3 == 0 ? "sewage" : "litter", 1 + i % 5, (i % 4) switch { 0 => "closed", 1 => "dispatched", 2 => "rejected", _ => "resolved" },
            i <= 10 ? "2025-03-31T16:30:00Z" : $"2024-{1 + i % 12:00}-15T02:00:00Z", (i % 8) switch { 1 => "2024-12-31T00:00:00Z", 3 or 4 => "2024-09-20T00:00:00Z", 5 => "2999-01-01T00:00:00Z", _ => null },
            i <= 40 ? "c11" : i <= 60 ? "c12" : i <= 70 ? "t2" : null, DefaultPoint: i % 20 == 0, RelapseOf: i is 5 or 6 or 9 ? 4 : null)));
        await Server.Data.ExecuteAsync("""
            UPDATE geosan.issue SET closed_at = reported_at + id * interval '7 hours' WHERE status = 'closed';
            UPDATE geosan.issue SET resolved_at = reported_at + id * interval '5 hours' WHERE status = 'resolved' OR (status = 'closed' AND id % 8 = 0)
            """);
        // The outline of before, with ten of the issues, stays a boundary of the same ward.
        await Server.Data.ExecuteAsync("""
            INSERT INTO geosan.ward (code, name, level, parent_id, path, geom, valid_from, valid_to)
            SELECT code, name, level, parent_id, path, geom, '2020-01-01', valid_from FROM geosan.ward WHERE code = 'c11';
            UPDATE geosan.issue SET ward_id = (SELECT id FROM geosan.ward WHERE code = 'c11' AND valid_to IS NOT NULL) WHERE id BETWEEN 11 AND 20
            """);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
