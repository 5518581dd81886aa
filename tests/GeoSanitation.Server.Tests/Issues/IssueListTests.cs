using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Npgsql;
using Xunit;

namespace GeoSanitation.Server.Tests.Issues;

public sealed class IssueListTests : IClassFixture<IssueListTests.City>
{
    private const int Issues = 900;

    private readonly TestServer _server;

    public IssueListTests(City city) => _server = city.Server;

    /// <summary>One server for all tests that only read.</summary>
    public sealed class City : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = await TestServer.StartAsync();
            await Server.Data.PlantCityAsync();
            await Server.Data.PlantManyAsync(Issues);
        }

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }

    [Fact]
    public async Task A_feature_says_what_its_row_says()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        var rows = JsonDocument.Parse(await _server.Data.ScalarAsync<string>("""
            SELECT jsonb_agg(to_jsonb(i) || jsonb_build_object('category', c.code, 'category_name', c.name, 'category_name_en', c.name_en, 'ward', w.code, 'ward_name', w.name, 'ward_name_en', w.name_en,
                'round', r.code, 'round_name', r.name, 'overdue', coalesce(i.due_at <= now() AND i.status IN ('reported', 'accepted', 'dispatched'), false), 'lon', ST_X(i.geom), 'lat', ST_Y(i.geom)) ORDER BY i.id)::text
            FROM geosan.issue AS i JOIN geosan.category AS c ON c.code = i.category_code LEFT JOIN geosan.ward AS w ON w.id = i.ward_id LEFT JOIN geosan.round AS r ON r.id = i.round_id
            """)).RootElement.EnumerateArray().ToList();
        var features = (await inspector.GetFromJsonAsync<JsonElement>("/api/issues?sortby=id&limit=10000")).GetProperty("features").EnumerateArray().ToList();
        Assert.Equal(rows.Count, features.Count);
        string[] times = ["reported_at", "accepted_at", "dispatched_at", "resolved_at", "closed_at", "due_at", "created_at", "updated_at"];
        string[] others =
        [
            "id", "source", "external_id", "category", "category_name", "category_name_en", "severity", "status", "title", "description", "address", "ward", "ward_name", "ward_name_en",
            "responsible", "department", "round", "round_name", "relapse_of", "reopen_count", "rejection_reason", "input_crs", "accuracy_meters", "location_quality", "version", "overdue", "reporter_name",
        ];
        foreach (var (row, feature) in rows.Zip(features))
        {
            Assert.All(others, name => Assert.Equal(row.GetProperty(name).ToString(), feature.Property(name).ToString()));
            Assert.All(times, name => Assert.Equal(TimeOf(row.GetProperty(name)), TimeOf(feature.Property(name))));
            var position = feature.GetProperty("geometry").GetProperty("coordinates");
            Assert.Equal(row.GetProperty("lon").GetDouble(), position[0].GetDouble(), 5e-8);
            Assert.Equal(row.GetProperty("lat").GetDouble(), position[1].GetDouble(), 5e-8);
        }
    }

    [Theory]
    [InlineData("", "TRUE")]
    [InlineData("bbox=112.2,32.2,112.6,32.7", "ST_X(i.geom) BETWEEN 112.2 AND 112.6 AND ST_Y(i.geom) BETWEEN 32.2 AND 32.7")]
    [InlineData("datetime=2025-02-01/2025-03-15", "i.reported_at >= '2025-02-01Z' AND i.reported_at < '2025-03-16Z'")]
    [InlineData("datetime=../2025-02-01T12:00:00Z", "i.reported_at <= '2025-02-01T12:00:00Z'")]
    [InlineData("ward=west", "i.ward_id = (SELECT id FROM geosan.ward WHERE code = 'west')")]
    [InlineData("ward=county", "i.ward_id IS NOT NULL")]
    [InlineData("ward=west&ward=east", "i.ward_id IN (SELECT id FROM geosan.ward WHERE code IN ('west', 'east'))")]
    [InlineData("category=waste", "i.category_code IN ('waste', 'litter')")]
    [InlineData("category=litter&category=odd", "i.category_code IN ('litter', 'odd')")]
    [InlineData("status=open", "i.status IN ('reported', 'accepted', 'dispatched', 'resolved')")]
    [InlineData("status=closed&status=rejected", "i.status IN ('closed', 'rejected')")]
    [InlineData("severity=4", "i.severity = 4")]
    [InlineData("severity=2..4", "i.severity BETWEEN 2 AND 4")]
    [InlineData("overdue=true", "i.due_at <= now() AND i.status IN ('reported', 'accepted', 'dispatched')")]
    [InlineData("overdue=false", "(i.due_at <= now() AND i.status IN ('reported', 'accepted', 'dispatched')) IS NOT TRUE")]
    [InlineData("relapse=true", "i.relapse_of IS NOT NULL")]
    [InlineData("relapse=false", "i.relapse_of IS NULL")]
    [InlineData("round=r1", "i.round_id IS NOT NULL")]
    [InlineData("source=covert&source=hotline", "i.source IN ('covert', 'hotline')")]
    [InlineData("department=环卫局", "i.department = '环卫局'")]
    [InlineData("near=112.5,32.5&radius=20000", "ST_Distance(i.geom::geography, ST_SetSRID(ST_MakePoint(112.5, 32.5), 4326)::geography) <= 20000")]
    [InlineData("q=market street 1", "i.address ~* 'market street 1'")]
    [InlineData("q=100%25_", "position('100%_' in i.title) > 0")]
    [InlineData("category=sewage&ward=east&status=open&severity=3..5&source=patrol", "i.category_code = 'sewage' AND i.ward_id = (SELECT id FROM geosan.ward WHERE code = 'east') AND i.status NOT IN ('closed', 'rejected') AND i.severity >= 3 AND i.source = 'patrol'")]
    public async Task A_filter_means_what_its_SQL_means(string query, string where)
    {
        var expected = await ListAsync($"SELECT i.id FROM geosan.issue AS i WHERE {where} ORDER BY i.reported_at DESC, i.id DESC");
        Assert.NotEmpty(expected);
        Assert.True(query == "" || expected.Count < Issues);
        var all = await _server.Client.GetFromJsonAsync<JsonElement>($"/api/issues?limit=10000&{query}");
        Assert.Equal(expected, all.IdsOf());
        Assert.Equal(expected.Count, all.GetProperty("numberMatched").GetInt64());
        var first = await _server.Client.GetFromJsonAsync<JsonElement>($"/api/issues?limit=1&count=true&{query}");
        Assert.Equal(expected.Count, first.GetProperty("numberMatched").GetInt64());
        Assert.Equal(expected, await _server.Client.AllIdsAsync($"/api/issues?limit=97&{query}"));
    }

    [Theory]
    [InlineData("id", "i.id")]
    [InlineData("-id", "i.id DESC")]
    [InlineData("reported_at", "i.reported_at, i.id")]
    [InlineData("-due_at", "i.due_at DESC NULLS FIRST, i.id DESC")]
    [InlineData("due_at", "i.due_at NULLS LAST, i.id")]
    [InlineData("accepted_at", "i.accepted_at NULLS LAST, i.id")]
    [InlineData("dispatched_at", "i.dispatched_at NULLS LAST, i.id")]
    [InlineData("resolved_at", "i.resolved_at NULLS LAST, i.id")]
    [InlineData("closed_at", "i.closed_at NULLS LAST, i.id")]
    [InlineData("created_at", "i.created_at, i.id")]
    [InlineData("-updated_at", "i.updated_at DESC, i.id DESC")]
    [InlineData("reopen_count", "i.reopen_count, i.id")]
    [InlineData("-severity", "i.severity DESC, i.id DESC")]
    [InlineData("status", "array_position(ARRAY['reported', 'accepted', 'dispatched', 'resolved', 'closed', 'rejected'], i.status), i.id")]
    [InlineData("category", "i.category_code COLLATE \"C\", i.id")]
    [InlineData("source,-external_id", "i.source COLLATE \"C\", i.external_id COLLATE \"C\" DESC")]
    [InlineData("department", "i.department COLLATE \"C\" NULLS LAST, i.id")]
    [InlineData("-responsible,severity,-reported_at", "i.responsible COLLATE \"C\" DESC NULLS FIRST, i.severity, i.reported_at DESC, i.id DESC")]
    [InlineData("+severity,-id", "i.severity, i.id DESC")]
    public async Task Pages_follow_each_other_in_every_order(string sortby, string order)
    {
        var expected = await ListAsync($"SELECT i.id FROM geosan.issue AS i ORDER BY {order}");
        Assert.Equal(expected, await _server.Client.AllIdsAsync($"/api/issues?limit=113&sortby={sortby}"));
    }

    [Fact]
    public async Task Nothing_is_shown_twice_or_left_out_while_issues_are_added()
    {
        await using var server = await TestServer.StartAsync();
        await server.Data.PlantCityAsync();
        await server.Data.PlantManyAsync(300);
        foreach (var sortby in new[] { "-reported_at", "id", "-severity,reported_at" })
        {
            var before = await server.Client.AllIdsAsync($"/api/issues?limit=10000&sortby={sortby}");
            var seen = await server.Client.AllIdsAsync($"/api/issues?limit=20&sortby={sortby}", page => page > 12 ? Task.CompletedTask : server.Data.ExecuteAsync($"""
                INSERT INTO geosan.issue (source, external_id, category_code, severity, status, reported_at, geom)
                SELECT 'late {sortby}', '{page}-' || n, 'odd', 1 + n % 5, 'reported', '2025-01-01'::timestamptz + n * interval '20 days', ST_SetSRID(ST_MakePoint(112.3, 32.3), 4326) FROM generate_series(0, 8) AS n
                """));
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Equal(before, seen.Where(before.ToHashSet().Contains));
        }
    }

    [Fact]
    public async Task Links_stand_in_the_body_and_in_the_header()
    {
        using var answer = await _server.Client.GetAsync("/api/issues?ward=west&limit=2&ward=east");
        var body = await PlantedCity.FeatureOfAsync(answer);
        var next = body.GetProperty("links").EnumerateArray().Single(l => l.GetProperty("rel").GetString() == "next").GetProperty("href").GetString()!;
        Assert.StartsWith("/api/issues?ward=west&ward=east&limit=2&cursor=", next);
        Assert.Contains($"<{next}>; rel=\"next\"; type=\"application/geo+json\"", answer.Headers.GetValues("Link").Single());
        Assert.False(body.TryGetProperty("numberMatched", out _));
        Assert.Equal(2, body.GetProperty("numberReturned").GetInt32());
    }

    [Fact]
    public async Task The_same_request_is_not_sent_twice_until_something_changes()
    {
        await using var server = await TestServer.StartAsync();
        await server.Data.PlantCityAsync();
        await server.Data.PlantManyAsync(10);
        using var first = await server.Client.GetAsync("/api/issues");
        Assert.NotEmpty(first.Headers.GetValues("X-Data-Version").Single());
        Assert.Contains("no-cache", first.Headers.CacheControl!.ToString());
        Assert.Contains("private", first.Headers.CacheControl!.ToString());
        Assert.Equal(["Accept-Encoding", "Authorization", "X-Api-Key"], first.Headers.Vary.Order());

        // The version may move on without a change here, when another database of the cluster is written to; not every time.
        for (var attempt = 1; ; attempt++)
        {
            using var known = await server.Client.GetAsync("/api/issues");
            using var again = await ConditionalAsync("/api/issues", known.ETagOf());
            if (again.StatusCode == HttpStatusCode.NotModified)
            {
                Assert.Equal(known.ETagOf(), again.ETagOf());
                Assert.Empty(await again.Content.ReadAsByteArrayAsync());
                break;
            }
            Assert.InRange(attempt, 1, 50);
        }
        using var other = await ConditionalAsync("/api/issues?limit=3", first.ETagOf());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        await server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 6 - severity");
        using var changed = await ConditionalAsync("/api/issues", first.ETagOf());
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(first.ETagOf(), changed.ETagOf());

        Task<HttpResponseMessage> ConditionalAsync(string path, string tag) => server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "If-None-Match", tag } } });
    }

    [Fact]
    public async Task A_head_says_what_a_get_says_but_the_body()
    {
        using var get = await _server.Client.GetAsync("/api/issues?limit=5");
        using var head = await _server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/issues?limit=5"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal(get.Headers.GetValues("Link"), head.Headers.GetValues("Link"));
        Assert.Equal("application/geo+json", head.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task A_list_comes_packed_to_those_who_take_it(string encoding)
    {
        using var answer = await _server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/issues?limit=500") { Headers = { { "Accept-Encoding", encoding } } });
        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        await using var packed = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        Assert.Equal(500, (await JsonDocument.ParseAsync(plain)).RootElement.GetProperty("features").GetArrayLength());
    }

    [Theory]
    [InlineData("EPSG:4547", 4547, true, 0.002)]
    [InlineData("EPSG:32649", 32649, false, 0.002)]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/3857", 3857, false, 0.002)]
    [InlineData("EPSG:4326", 4326, true, 1e-7)]
    [InlineData("CRS84", 4326, false, 1e-7)]
    public async Task Coordinates_come_in_the_system_asked_for_in_its_own_axis_order(string crs, int srid, bool northFirst, double tolerance)
    {
        using var answer = await _server.Client.GetAsync($"/api/issues?sortby=id&limit=10000&crs={Uri.EscapeDataString(crs)}");
        var body = await PlantedCity.FeatureOfAsync(answer);
        var expected = await ListAsync($"SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT id, ST_Transform(geom, {srid}) AS p FROM geosan.issue) AS i ORDER BY id", r => r.GetFieldValue<double[]>(0));
        foreach (var (xy, feature) in expected.Zip(body.GetProperty("features").EnumerateArray()))
        {
            var position = feature.GetProperty("geometry").GetProperty("coordinates");
            Assert.Equal(xy[0], position[northFirst ? 1 : 0].GetDouble(), tolerance);
            Assert.Equal(xy[1], position[northFirst ? 0 : 1].GetDouble(), tolerance);
        }
        var uri = answer.Headers.GetValues("Content-Crs").Single().Trim('<', '>');
        Assert.Equal(crs == "CRS84" ? null : uri, body.TryGetProperty("coordRefSys", out var own) ? own.GetString() : null);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=10001", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("sortby=colour", "sortby")]
    [InlineData("sortby=id,id", "sortby")]
    [InlineData("sortby=", "sortby")]
    [InlineData("sortby=id;drop table geosan.issue", "sortby")]
    [InlineData("f=shp", "f")]
    [InlineData("crs=EPSG:99999", "crs")]
    [InlineData("count=maybe", "count")]
    [InlineData("colour=red", "colour")]
    [InlineData("Ward=west", "Ward")]
    [InlineData("bbox=1,2,3", "bbox")]
    [InlineData("severity=6", "severity")]
    [InlineData("near=112,32", "radius")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("cursor=bnVsbA", "cursor")]
    [InlineData("cursor=WyItcmVwb3J0ZWRfYXQsLWlkIiwiYSIsMV0", "cursor")]
    [InlineData("cursor=WyItcmVwb3J0ZWRfYXQsLWlkIiw5MjIzMzcyMDM2ODU0Nzc1ODA3LDFd", "cursor")]
    [InlineData("cursor=WyItcmVwb3J0ZWRfYXQsLWlkIixudWxsLDFd", "cursor")]
    public async Task What_means_nothing_is_refused_by_name(string query, string parameter)
    {
        var problem = await PlantedCity.ProblemOfAsync(await _server.Client.GetAsync("/api/issues?" + query), HttpStatusCode.BadRequest);
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_cursor_serves_only_the_order_it_was_made_for()
    {
        var first = await _server.Client.GetFromJsonAsync<JsonElement>("/api/issues?limit=1&sortby=id");
        var next = first.GetProperty("links")[1].GetProperty("href").GetString()!;
        var problem = await PlantedCity.ProblemOfAsync(await _server.Client.GetAsync(next.Replace("sortby=id", "sortby=-id", StringComparison.Ordinal)), HttpStatusCode.BadRequest);
        Assert.Equal("cursor", problem.GetProperty("parameter").GetString());
    }

    private static DateTimeOffset? TimeOf(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetDateTimeOffset();

    private Task<List<long>> ListAsync(string sql) => ListAsync(sql, r => r.GetInt64(0));

    private async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        var list = new List<T>();
        await using var source = _server.Data.OpenSource();
        await using var command = source.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"{sql}"));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            list.Add(read(reader));
        }
        return list;
    }
}
