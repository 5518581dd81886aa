using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Issues;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Issues;

public sealed class IssueWriteTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _inspector = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Data.PlantCityAsync();
        _inspector = await _server.ClientAsync(Roles.Inspector);
    }

    public async Task DisposeAsync()
    {
        _inspector.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_report_is_completed_by_the_rules_of_the_city()
    {
        using var answer = await _inspector.PostAsync("/api/issues", PlantedCity.Feature(112.25, 32.5, """
            {"category": "litter", "source": "covert", "external_id": "C-7", "title": "菜市场西门", "reported_at": "2025-01-10T16:30:00.5+08:00", "round": "r1",
             "reporter_name": "张三", "reporter_phone": "13800000000", "reporter_email": "z@example.org", "accuracy_meters": 7.5}
            """));

        var feature = await PlantedCity.FeatureOfAsync(answer, HttpStatusCode.Created);
        var id = feature.IdOf();
        Assert.Equal($"/api/issues/{id}", answer.Headers.Location!.ToString());
        // By the rule for waste in the county, which is nearer than the ward's own body; the department and the deadline are the parent category's, the severity its own.
        string[] expected = ["reported", "县环卫公司", "环卫局", "west", "西镇", "2", "r1", "2025-01-10T08:30:00.5Z", "张三", "7.5", "CRS84", "1", "", "False"];
        string[] names = ["status", "responsible", "department", "ward", "ward_name", "severity", "round", "reported_at", "reporter_name", "accuracy_meters", "input_crs", "version", "due_at", "overdue"];
        Assert.Equal(expected, names.Select(name => feature.Property(name).ToString()));
        Assert.Equal("POINT(112.25 32.5) litter covert C-7 13800000000 z@example.org", await _server.Data.ScalarAsync<string>($"""
            SELECT concat_ws(' ', ST_AsText(geom), category_code, source, external_id, reporter_phone, reporter_email) FROM geosan.issue WHERE id = {id}
            """));
        Assert.Equal("the inspector created reported", await _server.Data.ScalarAsync<string>($"SELECT concat_ws(' ', actor, kind, from_status, to_status) FROM geosan.issue_event WHERE issue_id = {id}"));
        Assert.Equal($"the inspector create issue issues/{id}", await _server.Data.ScalarAsync<string>("SELECT concat_ws(' ', actor, action, target) FROM geosan.audit"));

        using var read = await _inspector.GetAsync(answer.Headers.Location);
        Assert.Equal(feature.ToString(), (await PlantedCity.FeatureOfAsync(read)).ToString());
        Assert.Equal(answer.ETagOf(), read.ETagOf());
        Assert.StartsWith("\"1-", read.ETagOf());
    }

    [Fact]
    public async Task Where_an_issue_can_go_depends_on_its_status_and_on_who_asks()
    {
        using var answer = await _inspector.PostAsync("/api/issues", PlantedCity.Feature(112.25, 32.5, """{"category": "litter", "source": "covert"}"""));
        var path = $"/api/issues/{(await PlantedCity.FeatureOfAsync(answer, HttpStatusCode.Created)).IdOf()}/transitions";
        using var handler = await _server.ClientAsync(Roles.Handler);
        Assert.Equal("reported the inspector: accepted inspector True False, rejected inspector True True", await MovesAsync(_inspector));
        Assert.Equal("reported anonymous: accepted inspector False False, rejected inspector False True", await MovesAsync(_server.Client));
        foreach (var to in (string[])["accepted", "dispatched"])
        {
            using var moved = await _inspector.PostAsJsonAsync(path, new { to });
            Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        }
        Assert.Equal("dispatched the inspector: resolved handler False False", await MovesAsync(_inspector));
        Assert.Equal("dispatched the handler: resolved handler True False", await MovesAsync(handler));
        using var unknown = await _server.Client.GetAsync("/api/issues/987654321/transitions");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        async Task<string> MovesAsync(HttpClient client)
        {
            var life = await client.GetFromJsonAsync<JsonElement>(path);
            var moves = life.GetProperty("moves").EnumerateArray().Select(m => $"{m.GetProperty("to")} {m.GetProperty("role")} {m.GetProperty("allowed")} {m.GetProperty("needs_note")}");
            return $"{life.GetProperty("status")} {life.GetProperty("caller")}: {string.Join(", ", moves)}";
        }
    }

    [Theory]
    [InlineData(112.75, 32.5, "sewage", "东镇物业", "水务局", "east")]
    [InlineData(112.25, 32.5, "sewage", "西镇城管所", "水务局", "west")]
    [InlineData(112.5, 32.5, "odd", "东镇物业", "", "east")]
    [InlineData(114, 32.5, "odd", "", "", "")]
    public async Task The_ward_and_who_answers_follow_from_place_and_category(double lon, double lat, string category, string responsible, string department, string ward)
    {
        var feature = await _inspector.ReportAsync(lon, lat, $$"""{"category": "{{category}}", "source": "patrol"}""");
        Assert.Equal([responsible, department, ward], new[] { "responsible", "department", "ward" }.Select(name => feature.Property(name).ToString()));
        Assert.Equal(32, feature.Property("external_id").GetString()!.Length);
        Assert.InRange(feature.Property("reported_at").GetDateTime(), DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow);
    }

    [Fact]
    public async Task The_same_source_and_id_again_is_a_conflict_and_adds_nothing()
    {
        const string properties = """{"category": "odd", "source": "hotline", "external_id": "12345-1"}""";
        await _inspector.ReportAsync(properties: properties);
        using var again = await _inspector.PostAsync("/api/issues", PlantedCity.Feature(112.9, 32.9, properties));
        var problem = await PlantedCity.ProblemOfAsync(again, HttpStatusCode.Conflict);
        Assert.Equal("source hotline has an issue 12345-1 already", problem.GetProperty("detail").GetString());
        Assert.Equal("1 1 1", await _server.Data.ScalarAsync<string>("SELECT concat_ws(' ', (SELECT count(*) FROM geosan.issue), (SELECT count(*) FROM geosan.issue_event), (SELECT count(*) FROM geosan.audit))"));
    }

    [Fact]
    public async Task A_report_near_a_closed_one_of_its_category_is_its_relapse()
    {
        var closed = await _server.Data.ScalarAsync<long>("""
            INSERT INTO geosan.issue (source, external_id, category_code, severity, status, reported_at, closed_at, geom)
            VALUES ('s', '1', 'litter', 3, 'closed', now() - interval '20 days', now() - interval '10 days', ST_SetSRID(ST_MakePoint(112.25, 32.5), 4326)) RETURNING id
            """);
        var near = await _inspector.ReportAsync(112.2501, 32.5001);
        var far = await _inspector.ReportAsync(112.26, 32.5);
        Assert.Equal(closed, near.Property("relapse_of").GetInt64());
        Assert.Equal(JsonValueKind.Null, far.Property("relapse_of").ValueKind);

        // Brought to the place, it is one too; refiled under another category, no longer.
        await PlantedCity.FeatureOfAsync(await _inspector.PatchAsync($"/api/issues/{far.IdOf()}", """{"geometry": {"type": "Point", "coordinates": [112.25, 32.5]}}""", "*"));
        Assert.Equal(closed, await _server.Data.ScalarAsync<long>($"SELECT relapse_of FROM geosan.issue WHERE id = {far.IdOf()}"));
        await PlantedCity.FeatureOfAsync(await _inspector.PatchAsync($"/api/issues/{near.IdOf()}", """{"properties": {"category": "odd"}}""", "*"));
        Assert.True(await _server.Data.ScalarAsync<bool>($"SELECT relapse_of IS NULL FROM geosan.issue WHERE id = {near.IdOf()}"));
    }

    [Fact]
    public async Task A_default_point_is_marked()
    {
        await _server.Data.ExecuteAsync("INSERT INTO geosan.default_point (lon, lat) VALUES (112.3, 32.4)");
        Assert.Equal("default_point", (await _inspector.ReportAsync(112.3, 32.4)).Property("location_quality").GetString());
    }

    [Theory]
    [InlineData("GCJ02")]
    [InlineData("BD09")]
    [InlineData("EPSG:4547")]
    [InlineData("EPSG:4326")]
    public async Task A_point_comes_in_the_system_that_is_declared_and_goes_out_the_same(string name)
    {
        var crs = CrsRegistry.Find(name);
        var (x, y) = crs.FromLonLat(new LonLat(112.25, 32.5));
        var (first, second) = crs.AxisOrder.ToWire(x, y);
        foreach (var byParameter in (bool[])[true, false])
        {
            using var answer = await _inspector.PostAsync(
                byParameter ? $"/api/issues?crs={name}" : "/api/issues", PlantedCity.Feature(first, second, """{"category": "odd", "source": "s"}""", byParameter ? null : crs.Uri));
            var feature = await PlantedCity.FeatureOfAsync(answer, HttpStatusCode.Created);
            Assert.Equal(0, await _server.Data.ScalarAsync<double>($"SELECT ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint(112.25, 32.5), 4326)::geography) FROM geosan.issue WHERE id = {feature.IdOf()}"), 0.001);
            Assert.Equal(name, feature.Property("input_crs").GetString());
            Assert.Equal(crs.Uri, feature.GetProperty("coordRefSys").GetString());
            var position = feature.GetProperty("geometry").GetProperty("coordinates");
            Assert.Equal(first, position[0].GetDouble(), 0.001);
            Assert.Equal(second, position[1].GetDouble(), 0.001);
        }
    }

    [Theory]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"source": "s"}}""", "properties.category")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd"}}""", "properties.source")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": ""}}""", "properties.source")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "nonsense", "source": "s"}}""", "properties.category")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "severity": 6}}""", "properties.severity")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "severity": "3"}}""", "properties.severity")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "severity": 2.5}}""", "properties.severity")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "reported_at": "2099-01-01T00:00:00Z"}}""", "properties.reported_at")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "reported_at": "2025-01-01T00:00:00"}}""", "properties.reported_at")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "reported_at": "1066-10-14T00:00:00Z"}}""", "properties.reported_at")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "reported_at": "2025-01-02T00:00:00Z", "due_at": "2025-01-01T00:00:00Z"}}""", "properties.due_at")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "round": "r9"}}""", "properties.round")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "title": "a\u0000b"}}""", "properties.title")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "title": "\ud800"}}""", "properties.title")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "title": ["x"]}}""", "properties.title")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "accuracy_meters": -1}}""", "properties.accuracy_meters")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s", "status": "closed"}}""", "properties.status")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": null}""", "properties")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}}""", "properties")]
    [InlineData("""{"type": "Feature", "properties": {"category": "odd", "source": "s"}}""", "geometry")]
    [InlineData("""{"type": "Feature", "geometry": null, "properties": {"category": "odd", "source": "s"}}""", "geometry")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, "properties": {"category": "odd", "source": "s"}}""", "geometry.type")]
    [InlineData("""{"type": "Feature", "geometry": {"coordinates": [1, 2]}, "properties": {"category": "odd", "source": "s"}}""", "geometry.type")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point"}, "properties": {"category": "odd", "source": "s"}}""", "geometry.coordinates")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}, "properties": {"category": "odd", "source": "s"}}""", "geometry.coordinates")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [32, 112]}, "properties": {"category": "odd", "source": "s"}}""", "geometry.coordinates")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1e999, 1]}, "properties": {"category": "odd", "source": "s"}}""", "geometry.coordinates")]
    [InlineData("""{"type": "Feature", "geometry": {"type": "Point", "coordinates": ["112", 32]}, "properties": {"category": "odd", "source": "s"}}""", "geometry.coordinates")]
    [InlineData("""{"type": "Feature", "coordRefSys": "EPSG:1", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s"}}""", "coordRefSys")]
    [InlineData("""{"type": "Feature", "id": 7, "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s"}}""", "id")]
    [InlineData("""{"type": "Feature", "type": "Feature", "geometry": {"type": "Point", "coordinates": [112, 32]}, "properties": {"category": "odd", "source": "s"}}""", "body")]
    [InlineData("""{"type": "FeatureCollection"}""", "type")]
    [InlineData("{}", "type")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    [InlineData("", "body")]
    public async Task A_bad_report_is_refused_by_the_name_of_what_is_wrong(string body, string parameter)
    {
        using var answer = await _inspector.PostAsync("/api/issues", PlantedCity.Json(body));
        var problem = await PlantedCity.ProblemOfAsync(answer, HttpStatusCode.BadRequest);
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        Assert.Equal(0, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
    }

    [Fact]
    public async Task Other_media_types_and_bodies_too_long_are_refused()
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _inspector.PostAsync("/api/issues", PlantedCity.Json("{}", "text/plain"))).StatusCode);
        await PlantedCity.ProblemOfAsync(await _inspector.PostAsync("/api/issues", PlantedCity.Json(new string(' ', 300_000) + "{}")), HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_tells_the_history()
    {
        var feature = await _inspector.ReportAsync(properties: """{"category": "litter", "source": "s", "title": "old", "description": "d", "reporter_name": "张三"}""");
        var path = $"/api/issues/{feature.IdOf()}";
        using var read = await _inspector.GetAsync(path);

        using var answer = await _inspector.PatchAsync(path, """{"properties": {"title": "new", "description": null, "severity": 5, "reporter_name": "李四"}}""", read.ETagOf());

        var patched = await PlantedCity.FeatureOfAsync(answer);
        Assert.Equal(["new", "", "5", "李四", "2", "环卫局"], new[] { "title", "description", "severity", "reporter_name", "version", "department" }.Select(n => patched.Property(n).ToString()));
        Assert.StartsWith("\"2-", answer.ETagOf());
        var change = (await _server.Client.GetFromJsonAsync<JsonElement>(path + "/events")).GetProperty("events")[1];
        Assert.Equal("edited the inspector", $"{change.GetProperty("kind")} {change.GetProperty("actor")}");
        Assert.Equal("""{"severity":[2,5],"title":["old","new"],"description":["d",null],"reporter":"changed"}""",
            JsonSerializer.Serialize(change.GetProperty("payload").EnumerateObject().OrderBy(p => Array.IndexOf(["severity", "title", "description", "reporter"], p.Name)).ToDictionary(p => p.Name, p => p.Value)));
        // What changes nothing is no change.
        var same = await PlantedCity.FeatureOfAsync(await _inspector.PatchAsync(path, """{"properties": {"title": "new"}}""", answer.ETagOf()));
        Assert.Equal(2, same.Property("version").GetInt32());
    }

    [Fact]
    public async Task A_moved_point_gets_the_ward_and_the_body_of_its_new_place()
    {
        var feature = await _inspector.ReportAsync(112.25, 32.5, """{"category": "sewage", "source": "s"}""");
        var gcj = CrsRegistry.Gcj02.FromLonLat(new LonLat(112.75, 32.5));
        var patch = JsonSerializer.Serialize(new { geometry = new { type = "Point", coordinates = new[] { gcj.X, gcj.Y } } });
        var moved = await PlantedCity.FeatureOfAsync(await _inspector.PatchAsync($"/api/issues/{feature.IdOf()}?crs=GCJ02", patch, "*"));
        Assert.Equal(["east", "东镇", "东镇物业", "GCJ02"], new[] { "ward", "ward_name", "responsible", "input_crs" }.Select(n => moved.Property(n).ToString()));
        Assert.Equal("moved [\"west\", \"east\"]", await _server.Data.ScalarAsync<string>($"SELECT kind || ' ' || (payload -> 'ward')::text FROM geosan.issue_event WHERE issue_id = {feature.IdOf()} ORDER BY id DESC LIMIT 1"));
    }

    [Fact]
    public async Task A_refiled_issue_gets_the_department_and_the_clock_of_its_new_category()
    {
        using var administrator = await _server.ClientAsync(Roles.Administrator);
        var id = (await _inspector.ReportAsync()).IdOf();
        await PlantedCity.FeatureOfAsync(await administrator.MoveAsync(id, "accepted"));
        await PlantedCity.FeatureOfAsync(await administrator.MoveAsync(id, "dispatched"));
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET dispatched_at = '2025-03-07T08:00:00Z', reported_at = '2025-03-07T00:00:00Z', accepted_at = '2025-03-07T01:00:00Z'");
        var refiled = await PlantedCity.FeatureOfAsync(await administrator.PatchAsync($"/api/issues/{id}", """{"properties": {"category": "sewage"}}""", "*"));
        // Friday 16:00 in Shanghai and 12 office hours of 9 to 17: one on Friday, eight on Monday, three on Tuesday.
        Assert.Equal(["水务局", "西镇城管所", "2025-03-11T04:00:00Z", "True"], new[] { "department", "responsible", "due_at", "overdue" }.Select(n => refiled.Property(n).ToString()));
    }

    [Fact]
    public async Task A_write_without_a_version_or_with_a_stale_one_is_refused()
    {
        using var administrator = await _server.ClientAsync(Roles.Administrator);
        using var reported = await _inspector.PostAsync("/api/issues", PlantedCity.Feature(112.2, 32.2, """{"category": "odd", "source": "s"}"""));
        var path = reported.Headers.Location!.ToString();
        await PlantedCity.ProblemOfAsync(await _inspector.PatchAsync(path, """{"properties": {"severity": 4}}""", null), HttpStatusCode.PreconditionRequired);
        await PlantedCity.ProblemOfAsync(await administrator.DeleteAsync(path), HttpStatusCode.PreconditionRequired);
        using var first = await _inspector.PatchAsync(path, """{"properties": {"severity": 4}}""", reported.ETagOf());
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await PlantedCity.ProblemOfAsync(await _inspector.PatchAsync(path, """{"properties": {"severity": 5}}""", reported.ETagOf()), HttpStatusCode.PreconditionFailed);
        await PlantedCity.ProblemOfAsync(await _inspector.PatchAsync(path, """{"properties": {"severity": 5}}""", "nonsense"), HttpStatusCode.BadRequest);
        await PlantedCity.ProblemOfAsync(await _inspector.PatchAsync("/api/issues/999999", """{"properties": {"severity": 5}}""", "*"), HttpStatusCode.NotFound);
        using var stale = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { { "If-Match", reported.ETagOf() } } };
        await PlantedCity.ProblemOfAsync(await administrator.SendAsync(stale), HttpStatusCode.PreconditionFailed);
        using var fresh = new HttpRequestMessage(HttpMethod.Delete, path) { Headers = { { "If-Match", first.ETagOf() } } };
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.SendAsync(fresh)).StatusCode);
        await PlantedCity.ProblemOfAsync(await _inspector.GetAsync(path), HttpStatusCode.NotFound);
        Assert.Equal("delete issue odd", await _server.Data.ScalarAsync<string>("SELECT action || ' ' || (payload ->> 'category') FROM geosan.audit ORDER BY id DESC LIMIT 1"));
    }

    [Theory]
    [InlineData("""{"properties": {"status": "closed"}}""", "properties.status")]
    [InlineData("""{"properties": {"source": "x"}}""", "properties.source")]
    [InlineData("""{"properties": {"ward": "east"}}""", "properties.ward")]
    [InlineData("""{"properties": {"category": null}}""", "properties.category")]
    [InlineData("""{"properties": {"severity": null}}""", "properties.severity")]
    [InlineData("""{"geometry": null}""", "geometry")]
    [InlineData("""{"severity": 3}""", "severity")]
    public async Task What_cannot_be_edited_is_refused_by_name(string patch, string parameter)
    {
        var id = (await _inspector.ReportAsync()).IdOf();
        var problem = await PlantedCity.ProblemOfAsync(await _inspector.PatchAsync($"/api/issues/{id}", patch, "*"), HttpStatusCode.BadRequest);
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task Of_two_who_edit_at_the_same_time_one_is_told()
    {
        for (var round = 0; round < 5; round++)
        {
            using var reported = await _inspector.PostAsync("/api/issues", PlantedCity.Feature(112.2, 32.2, """{"category": "odd", "source": "s"}"""));
            var path = reported.Headers.Location!.ToString();
            var answers = await Task.WhenAll(
                _inspector.PatchAsync(path, """{"properties": {"title": "one"}}""", reported.ETagOf()), _inspector.PatchAsync(path, """{"properties": {"title": "two"}}""", reported.ETagOf()));
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed], answers.Select(a => a.StatusCode).Order());
        }
    }

    [Fact]
    public async Task An_edit_waits_for_an_import_and_does_not_stand_in_its_way()
    {
        var id = (await _inspector.ReportAsync()).IdOf();
        await using var source = _server.Data.OpenSource();
        await using var import = await source.OpenConnectionAsync();
        await using var transaction = await import.BeginTransactionAsync();
        await ExecuteAsync("LOCK TABLE geosan.issue IN SHARE ROW EXCLUSIVE MODE");
        var edit = _inspector.PatchAsync($"/api/issues/{id}", """{"properties": {"title": "edited"}}""", "\"1\"");
        await _server.Data.ExecuteAsync("""
            DO $$ BEGIN
                FOR i IN 1..1200 LOOP
                    EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));
                    PERFORM pg_sleep(0.05);
                END LOOP;
            END $$
            """);
        await ExecuteAsync($"SET LOCAL lock_timeout = '10s'; UPDATE geosan.issue SET title = 'imported', version = version + 1 WHERE id = {id}");
        await transaction.CommitAsync();
        await PlantedCity.ProblemOfAsync(await edit, HttpStatusCode.PreconditionFailed);
        Assert.Equal("imported", await _server.Data.ScalarAsync<string>($"SELECT title FROM geosan.issue WHERE id = {id}"));

        async Task ExecuteAsync(string sql)
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, import);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Who_reported_is_shown_to_those_who_handle_it_and_to_nobody_else()
    {
        var id = (await _inspector.ReportAsync(properties: """{"category": "odd", "source": "citizen", "reporter_name": "王小明", "reporter_phone": "13911112222", "reporter_email": "wang@example.org"}""")).IdOf();
        await PlantedCity.FeatureOfAsync(await _inspector.PatchAsync($"/api/issues/{id}", """{"properties": {"reporter_phone": "13933334444"}}""", "*"));
        string[] secrets = ["王小明", "13911112222", "13933334444", "wang@example.org"];
        string[] paths = [$"/api/issues/{id}", "/api/issues", $"/api/issues/{id}/events", "/api/issues?q=王小明"];
        using var reader = await _server.ClientAsync(Roles.Reader);
        foreach (var client in (HttpClient[])[_server.Client, reader])
        {
            foreach (var path in paths)
            {
                var text = await client.GetStringAsync(path);
                Assert.All(secrets, secret => Assert.DoesNotContain(secret, text.Replace("%E7%8E%8B%E5%B0%8F%E6%98%8E", "", StringComparison.Ordinal)));
                Assert.DoesNotContain("reporter_", text);
            }
        }
        foreach (var secret in secrets)
        {
            Assert.False(await _server.Data.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM geosan.audit WHERE payload::text LIKE '%{secret}%')"));
        }
        foreach (var role in (string[])[Roles.Inspector, Roles.Handler, Roles.Administrator])
        {
            using var client = await _server.ClientAsync(role);
            Assert.Contains("wang@example.org", await client.GetStringAsync("/api/issues"));
            Assert.Contains("13933334444", await client.GetStringAsync($"/api/issues/{id}"));
        }
        // A cache that holds one caller's answer is told not to give it to another.
        using var anonymous = await _server.Client.GetAsync($"/api/issues/{id}");
        using var own = await _inspector.GetAsync($"/api/issues/{id}");
        Assert.NotEqual(anonymous.ETagOf(), own.ETagOf());
        Assert.Contains("Authorization", own.Headers.Vary);
        Assert.True(own.Headers.CacheControl!.Private);
    }

    [Fact]
    public async Task An_issue_that_the_caller_has_is_not_sent_again()
    {
        var path = $"/api/issues/{(await _inspector.ReportAsync()).IdOf()}";
        using var first = await _server.Client.GetAsync(path);
        using var again = await _server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "If-None-Match", first.ETagOf() } } });
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        using var head = await _server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(first.ETagOf(), head.ETagOf());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        foreach (var missing in (string[])["/api/issues/0", "/api/issues/x", "/api/issues/99999999999999999999", "/api/issues/5/events"])
        {
            await PlantedCity.ProblemOfAsync(await _server.Client.GetAsync(missing), HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public void The_documents_of_bodies_name_what_the_bodies_may_hold()
    {
        static IEnumerable<string> Names(Type type) => type.GetProperties().Select(p => JsonForm.Options.PropertyNamingPolicy!.ConvertName(p.Name)).Order();
        Assert.Equal(IssueBody.EditableNames.Order(), Names(typeof(IssuePatchProperties)));
        Assert.Equal(IssueBody.NewNames.Order(), Names(typeof(NewIssueProperties)));
    }
}
