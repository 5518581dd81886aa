using System.Net;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using GeoSanitation.Testing;
using NetTopologySuite.Geometries;
using Xunit;

namespace GeoSanitation.Server.Tests.Filters;

/// <summary>Conditions in CQL2 choose what the same condition in SQL does, on the sample county.</summary>
public sealed class Cql2Tests : IClassFixture<Cql2Tests.County>
{
    private const string Issue = "geosan.issue AS i JOIN geosan.category AS c ON c.code = i.category_code LEFT JOIN geosan.ward AS w ON w.id = i.ward_id LEFT JOIN geosan.round AS r ON r.id = i.round_id";
    private const string Box = "POLYGON((112.62 32.42,112.68 32.42,112.68 32.48,112.62 32.48,112.62 32.42))";
    private const string BoxSql = $"ST_GeomFromText('{Box}', 4326)";

    private readonly County _county;

    public Cql2Tests(County county) => _county = county;

    [Theory]
    [InlineData("severity = 5", "i.severity = 5")]
    [InlineData("severity <> 3 AND severity < 5", "i.severity <> 3 AND i.severity < 5")]
    [InlineData("3.5 <= severity", "3.5 <= i.severity")]
    [InlineData("\"status\" = 'closed' OR status = 'rejected'", "i.status = 'closed' OR i.status = 'rejected'")]
    [InlineData("NOT (status IN ('closed','rejected'))", "i.status NOT IN ('closed', 'rejected')")]
    [InlineData("status NOT IN ('closed')", "i.status <> 'closed'")]
    [InlineData("category LIKE '%rubbish%'", "i.category_code LIKE '%rubbish%'")]
    [InlineData("category NOT LIKE 'e_posed%'", "i.category_code NOT LIKE 'e_posed%'")]
    [InlineData("CASEI(category_name_en) LIKE CASEI('%RUBBISH%')", "lower(c.name_en) LIKE '%rubbish%'")]
    [InlineData("casei(status) = casei('CLOSED')", "i.status = 'closed'")]
    [InlineData("severity BETWEEN 2 AND 3", "i.severity BETWEEN 2 AND 3")]
    [InlineData("severity not between 2 and 3", "i.severity NOT BETWEEN 2 AND 3")]
    [InlineData("round IS NULL", "i.round_id IS NULL")]
    [InlineData("closed_at IS NOT NULL AND geometry IS NOT NULL", "i.closed_at IS NOT NULL")]
    [InlineData("overdue", "i.due_at <= now() AND i.status IN ('reported', 'accepted', 'dispatched')")]
    [InlineData("relapse = true AND NOT overdue", "i.relapse_of IS NOT NULL AND (i.due_at <= now() AND i.status IN ('reported', 'accepted', 'dispatched')) IS NOT TRUE")]
    [InlineData("reported_at >= TIMESTAMP('2025-06-01T00:00:00Z')", "i.reported_at >= '2025-06-01T00:00:00Z'")]
    [InlineData("reported_at < DATE('2025-06-01')", "i.reported_at < '2025-06-01T00:00:00Z'")]
    [InlineData("reported_at >= '2025-06-01T08:00:00+08:00'", "i.reported_at >= '2025-06-01T00:00:00Z'")]
    // A plus in a query, where it was not percent-encoded, arrives as a blank.
    [InlineData("reported_at >= '2025-06-01T08:00:00 08:00'", "i.reported_at >= '2025-06-01T00:00:00Z'")]
    [InlineData("reported_at >= TIMESTAMP('2025-06-01T08:00:00 08:00')", "i.reported_at >= '2025-06-01T00:00:00Z'")]
    [InlineData("T_DURING(reported_at, INTERVAL('2025-03-01T08:00:00 08:00', '2025-04-01T00:00:00.5 08:00'))", "i.reported_at > '2025-03-01T00:00:00Z' AND i.reported_at < '2025-03-31T16:00:00.5Z'")]
    [InlineData("severity * 2 + 1 > 7", "i.severity * 2 + 1 > 7")]
    [InlineData("(severity - 1) / 2 = 2", "i.severity = 5")]
    [InlineData("severity % 2 = 1", "i.severity % 2 = 1")]
    [InlineData("severity div 2 = 1", "i.severity / 2 = 1")]
    [InlineData("-severity < -4", "i.severity > 4")]
    [InlineData("severity ^ 2 = 16", "i.severity = 4")]
    [InlineData("ward_name LIKE '%社区%' AND category_group = 'street_order'", "w.name LIKE '%社区%' AND coalesce(c.parent_code, c.code) = 'street_order'")]
    [InlineData($"S_INTERSECTS(geometry, {Box})", $"ST_Intersects(i.geom, {BoxSql})")]
    [InlineData("S_WITHIN(geometry, BBOX(112.62,32.42,112.68,32.48))", $"ST_Within(i.geom, {BoxSql})")]
    [InlineData($"S_DISJOINT(geom,{Box}) AND severity=5", $"ST_Disjoint(i.geom, {BoxSql}) AND i.severity = 5")]
    [InlineData($"S_CONTAINS({Box}, geometry)", $"ST_Contains({BoxSql}, i.geom)")]
    [InlineData("T_AFTER(reported_at, DATE('2025-06-01'))", "i.reported_at >= '2025-06-02T00:00:00Z'")]
    [InlineData("T_DURING(reported_at, INTERVAL('2025-03-01', '2025-03-31'))", "i.reported_at > '2025-03-01T00:00:00Z' AND i.reported_at < '2025-03-31T23:59:59.999999Z'")]
    [InlineData("T_INTERSECTS(INTERVAL(reported_at, closed_at), INTERVAL('2025-03-01T00:00:00Z', '..'))", "i.closed_at >= '2025-03-01T00:00:00Z'")]
    [InlineData("A_CONTAINS(ward_path, ('990121'))", "geosan.ward_codes(w.path) @> ARRAY['990121']")]
    [InlineData("A_OVERLAPS(ward_path, ('990121001','990121002'))", "geosan.ward_codes(w.path) && ARRAY['990121001', '990121002']")]
    public async Task A_text_means_what_its_SQL_does(string cql, string sql)
    {
        var expected = await _county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM {Issue} WHERE {sql}");
        Assert.True(expected > 0, $"no issue of the county shows what {sql} means");
        Assert.Equal(expected, await CountAsync("filter=" + Uri.EscapeDataString(cql)));
        Assert.Equal(expected, await CountInMemoryAsync(new Cql2Text(cql, Build).Parse()));
    }

    [Theory]
    [InlineData("""{"op":"and","args":[{"op":">=","args":[{"property":"severity"},4]},{"op":"=","args":[{"property":"status"},"closed"]}]}""", "i.severity >= 4 AND i.status = 'closed'")]
    [InlineData("""{"op":"or","args":[{"op":"not","args":[{"op":"in","args":[{"property":"status"},["closed"]]}]},{"property":"relapse"}]}""", "i.status <> 'closed' OR i.relapse_of IS NOT NULL")]
    [InlineData("""{"op":"between","args":[{"property":"severity"},2,3]}""", "i.severity BETWEEN 2 AND 3")]
    [InlineData("""{"op":"like","args":[{"op":"casei","args":[{"property":"category_name_en"}]},{"op":"casei","args":["%RUBBISH%"]}]}""", "lower(c.name_en) LIKE '%rubbish%'")]
    [InlineData("""{"op":"isNull","args":[{"property":"round"}]}""", "i.round_id IS NULL")]
    [InlineData("""{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[112.62,32.42],[112.68,32.42],[112.68,32.48],[112.62,32.48],[112.62,32.42]]]}]}""", $"ST_Within(i.geom, {BoxSql})")]
    [InlineData("""{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[112.62,32.42,112.68,32.48]}]}""", $"ST_Intersects(i.geom, {BoxSql})")]
    [InlineData("""{"op":"t_during","args":[{"property":"reported_at"},{"interval":["2025-03-01T00:00:00Z",".."]}]}""", "i.reported_at > '2025-03-01T00:00:00Z'")]
    [InlineData("""{"op":"t_after","args":[{"property":"reported_at"},{"timestamp":"2025-03-01T08:00:00 08:00"}]}""", "i.reported_at > '2025-03-01T00:00:00Z'")]
    [InlineData("""{"op":"t_before","args":[{"property":"reported_at"},{"date":"2025-03-01"}]}""", "i.reported_at < '2025-03-01T00:00:00Z'")]
    [InlineData("""{"op":"a_contains","args":[{"property":"ward_path"},["990121"]]}""", "geosan.ward_codes(w.path) @> ARRAY['990121']")]
    [InlineData("""{"op":">","args":[{"op":"*","args":[{"property":"severity"},2]},7.5]}""", "i.severity * 2 > 7.5")]
    public async Task JSON_means_what_its_SQL_does(string cql, string sql)
    {
        var expected = await _county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM {Issue} WHERE {sql}");
        Assert.True(expected > 0, $"no issue of the county shows what {sql} means");
        Assert.Equal(expected, await CountAsync("filter-lang=cql2-json&filter=" + Uri.EscapeDataString(cql)));
        Assert.Equal(expected, await CountInMemoryAsync(new Cql2Json(Build).Parse(cql)));
    }

    [Fact]
    public async Task Shapes_come_in_the_axis_order_of_their_system()
    {
        var lonFirst = await CountAsync("filter=" + Uri.EscapeDataString($"S_WITHIN(geometry,{Box})"));
        var latFirst = await CountAsync("filter-crs=http://www.opengis.net/def/crs/EPSG/0/4490&filter="
            + Uri.EscapeDataString("S_WITHIN(geometry,POLYGON((32.42 112.62,32.42 112.68,32.48 112.68,32.48 112.62,32.42 112.62)))"));
        Assert.Equal(lonFirst, latFirst);
        Assert.True(lonFirst > 0);
    }

    [Theory]
    [InlineData("clusters")]
    [InlineData("gi-star")]
    public async Task Analyses_see_only_what_the_condition_takes(string method)
    {
        var own = await JsonAsync($"/api/hotspots/{method}?severity=4..5");
        var cql = await JsonAsync($"/api/hotspots/{method}?filter=severity%20%3E=%204");
        Assert.NotEmpty(own["features"]!.AsArray());
        Assert.Equal(own["features"]!.ToJsonString(), cql["features"]!.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("severity")]
    [InlineData("severity =")]
    [InlineData("severity = 'high'")]
    [InlineData("nothing = 1")]
    [InlineData("reporter_name = 'x'")]
    [InlineData("severity = 5 AND")]
    [InlineData("severity = 5)")]
    [InlineData("(severity = 5")]
    [InlineData("status LIKE 'a\\'")]
    [InlineData("status LIKE 3")]
    [InlineData("overdue < true")]
    [InlineData("reported_at > 'yesterday'")]
    [InlineData("reported_at > TIMESTAMP('2025-06-01 08:00:00Z')")]
    [InlineData("S_INTERSECTS(geometry, POINT(181 0))")]
    [InlineData("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))")]
    [InlineData("S_INTERSECTS(geometry, POLYGON((0 0,1 1")]
    [InlineData("S_INTERSECTS(severity, POINT(1 1))")]
    [InlineData("S_SMELLS(geometry, POINT(1 1))")]
    [InlineData("T_DURING(severity, INTERVAL('2025-01-01','..'))")]
    [InlineData("T_DURING(reported_at, INTERVAL('2025-02-01','2025-01-01'))")]
    [InlineData("A_CONTAINS(status, ('a'))")]
    [InlineData("ward_path = 'a'")]
    [InlineData("pg_sleep(10) = 1")]
    [InlineData("status = 'x'; DROP TABLE geosan.issue")]
    [InlineData("{\"op\":\"=\"}")]
    [InlineData("{\"op\":\"=\",\"args\":[1]}")]
    [InlineData("{\"op\":\"boil\",\"args\":[1]}")]
    [InlineData("{")]
    public async Task What_is_no_condition_is_refused(string cql)
    {
        using var answer = await _county.Server.Client.GetAsync("/api/issues?limit=1&filter=" + Uri.EscapeDataString(cql));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("filter", (string?)JsonNode.Parse(body)!["parameter"]);
    }

    [Theory]
    [InlineData("1e308 * 1e308 > severity")]
    [InlineData("severity / 0 = 1")]
    [InlineData("severity ^ 1e300 > 1")]
    public async Task Arithmetic_out_of_all_bounds_is_refused_or_true_of_nothing(string cql)
    {
        using var answer = await _county.Server.Client.GetAsync("/api/issues?count=true&limit=1&filter=" + Uri.EscapeDataString(cql));
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{answer.StatusCode}");
    }

    [Fact]
    public void Brackets_without_end_are_refused_before_the_stack_is()
    {
        foreach (var text in new[] { new string('(', 20_000), string.Concat(Enumerable.Repeat("NOT ", 5_000)) + "overdue", string.Concat(Enumerable.Repeat("- ", 9_000)) + "1 = 1", "1" + string.Concat(Enumerable.Repeat("^1", 9_000)) + " = 1" })
        {
            Assert.Throws<FilterException>(() => new Cql2Text(text, new PredicateBuilder(LayerCatalog.Issues, CrsRegistry.Crs84)).Parse());
        }
    }

    [Theory]
    [InlineData("round = 'none' OR NOT (round = 'none')", false)]
    [InlineData("round IS NULL OR round = 'none'", true)]
    [InlineData("NOT (round = 'none' AND severity = 9)", true)]
    [InlineData("NOT (round = 'none' AND severity = 3)", false)]
    [InlineData("severity / 0 = 1 OR severity = 3", true)]
    [InlineData("NOT (severity / 0 = 1)", false)]
    [InlineData("S_INTERSECTS(geometry, POINT(1 1)) OR NOT S_INTERSECTS(geometry, POINT(1 1))", false)]
    [InlineData("geometry IS NULL", true)]
    [InlineData("A_CONTAINS(ward_path, ('a')) OR NOT A_CONTAINS(ward_path, ('a'))", false)]
    [InlineData("T_BEFORE(closed_at, DATE('2025-01-01')) OR T_AFTER(closed_at, DATE('2025-01-01'))", false)]
    [InlineData("status LIKE 'a.c\\%_'", true)]
    [InlineData("status LIKE 'a.%d'", false)]
    public void What_has_no_value_is_neither_true_nor_false_in_memory_either(string cql, bool expected)
        => Assert.Equal(expected, new PredicateMatch(name => name switch { "severity" => 3L, "status" => "a.c%\n", _ => null }, null).Holds(new Cql2Text(cql, Build).Parse()));

    private static PredicateBuilder Build => new(LayerCatalog.Issues, CrsRegistry.Crs84);

    /// <summary>How many issues a condition takes, judged on their attributes as a client reads them.</summary>
    private async Task<long> CountInMemoryAsync(Predicate condition)
    {
        var issues = await _county.IssuesAsync();
        return issues.Count(issue => new PredicateMatch(
            name => issue["properties"]![name] is { } value ? ValueOf(value, LayerCatalog.Issues.Find(name)!.Kind) : null,
            new Point((double)issue["geometry"]!["coordinates"]![0]!, (double)issue["geometry"]!["coordinates"]![1]!)).Holds(condition));

        static object ValueOf(JsonNode value, ColumnKind kind) => kind switch
        {
            ColumnKind.Whole => (long)value,
            ColumnKind.Number => (double)value,
            ColumnKind.Flag => (bool)value,
            ColumnKind.Time => DateTimeOffset.Parse((string)value!, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime,
            ColumnKind.Texts => value.AsArray().Select(text => (string)text!).ToList(),
            _ => (string)value!,
        };
    }

    private async Task<long> CountAsync(string query) => (long)(await JsonAsync("/api/issues?count=true&limit=1&" + query))["numberMatched"]!;

    private async Task<JsonNode> JsonAsync(string path)
    {
        using var answer = await _county.Server.Client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    public sealed class County : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        private IReadOnlyList<JsonNode>? _issues;

        public async Task<IReadOnlyList<JsonNode>> IssuesAsync()
            => _issues ??= [.. (await Server.Client.GetStringAsync("/api/exports/issues.geojsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line.Trim('\x1e'))!)];

        public async Task InitializeAsync() => Server = await TestServer.StartWithSampleCountyAsync();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
