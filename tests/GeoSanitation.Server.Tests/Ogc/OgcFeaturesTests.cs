using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Filters;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Ogc;

/// <summary>What the abstract test suites of OGC API Features Parts 1 to 3 (OGC 17-069r4, 18-058r1, 19-079r2) check of a server, and Part 4 and the sorting of Part 8, each test named after its requirement.</summary>
public sealed class OgcFeaturesTests : IClassFixture<Cql2Tests.County>
{
    private static readonly string[] Layers = ["issues", "wards", "hotspots"];

    private readonly TestServer _server;

    public OgcFeaturesTests(Cql2Tests.County county) => _server = county.Server;

    [Theory]
    [InlineData("category,status,reported_at", "")]
    [InlineData("ward,round,due_at,overdue,relapse,location_quality", "&severity=3..5")]
    [InlineData("id,source,department,severity", "&status=open&overdue=true")]
    [InlineData("reported_at", "&datetime=2025-03-01T00:00:00Z/..&category=chaotic_parking")]
    [InlineData("category", "&bbox=-180,-90,180,90&offset=7")]
    [InlineData("status", "&status=rejected&severity=1&overdue=true")]
    public async Task A_page_from_memory_is_the_page_that_the_database_gives(string properties, string filter)
    {
        // An order is the database's business.
        var memory = await JsonAsync($"/ogc/collections/issues/items?limit=300&properties={properties}{filter}");
        var database = await JsonAsync($"/ogc/collections/issues/items?limit=300&properties={properties}{filter}&sortby=id");
        for (var page = 0; ; page++)
        {
            Assert.Equal(database["features"]!.ToJsonString(), memory["features"]!.ToJsonString());
            Assert.Equal(((int?)database["numberMatched"], (int)database["numberReturned"]!), ((int?)memory["numberMatched"], (int)memory["numberReturned"]!));
            var (next, expected) = (Next(memory), Next(database));
            Assert.Equal(expected is null, next is null);
            if (next is null || page == 2)
            {
                break;
            }
            (memory, database) = (await JsonAsync(next), await JsonAsync(expected!));
        }

        static string? Next(JsonNode page) => page["links"]!.AsArray().SingleOrDefault(l => (string?)l!["rel"] == "next") is { } link ? new Uri((string)link["href"]!).PathAndQuery : null;
    }

    [Fact]
    public async Task Req_core_root_success()
    {
        var landing = await JsonAsync("/ogc");
        var links = landing["links"]!.AsArray();
        // Clients that know one description only take the first.
        Assert.Equal(["application/vnd.oai.openapi+json;version=3.0", "application/asyncapi+json"], links.Where(l => (string?)l!["rel"] == "service-desc").Select(l => (string?)l!["type"]));
        Assert.EndsWith("/api/live?f=cloudevents", (string?)links.Single(l => (string?)l!["rel"] == "hub")!["href"]);
        Assert.Equal("text/html", TypeOf("service-doc"));
        Assert.Equal("application/json", TypeOf("conformance"));
        Assert.Equal("application/json", TypeOf("data"));
        Assert.Contains(links, l => (string?)l!["rel"] == "self");
        foreach (var rel in (string[])["processes", "job-list", "tiling-schemes"])
        {
            await JsonAsync((string)links.Single(l => (string?)l!["rel"] == "http://www.opengis.net/def/rel/ogc/1.0/" + rel)!["href"]!);
        }
        // QGIS appends to it what it looks for.
        Assert.EndsWith("/ogc/collections", (string?)links.Single(l => (string?)l!["rel"] == "data")!["href"]);

        string? TypeOf(string rel) => (string?)links.Single(l => (string?)l!["rel"] == rel)!["type"];
    }

    [Fact]
    public async Task Req_core_api_definition_success()
    {
        using var answer = await _server.Client.GetAsync("/ogc/api");
        Assert.Equal("application/vnd.oai.openapi+json", answer.Content.Headers.ContentType!.MediaType);
        var api = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.StartsWith("3.0", (string?)api["openapi"], StringComparison.Ordinal);
        Assert.Equal(10_000, (int)api["components"]!["parameters"]!["limit"]!["schema"]!["maximum"]!);
        foreach (var layer in Layers)
        {
            var parameters = api["paths"]![$"/collections/{layer}/items"]!["get"]!["parameters"]!.AsArray();
            var bbox = parameters.Single(p => (string?)p!["name"] == "bbox")!;
            Assert.Equal(("array", 4, 6, "number"), ((string?)bbox["schema"]!["type"], (int)bbox["schema"]!["minItems"]!, (int)bbox["schema"]!["maxItems"]!, (string?)bbox["schema"]!["items"]!["type"]));
            // QGIS offers filters of attributes by parameters that say all of this; what may be repeated says so.
            Assert.All(parameters.Where(p => (string?)p!["in"] == "query"), p => Assert.Equal(
                ("form", (string?)p!["name"] is "ward" or "category" or "status" or "round" or "source" or "department"), ((string?)p["style"], (bool?)p["explode"] ?? true)));
            Assert.Equal(("form", false), ((string?)api["components"]!["parameters"]!["limit"]!["style"], (bool)api["components"]!["parameters"]!["limit"]!["explode"]!));
            Assert.Contains(parameters, p => (string?)p!["name"] == "datetime");
            Assert.Equal(1, (int)parameters.Single(p => (string?)p!["name"] == "limit")!["schema"]!["minimum"]!);
        }
    }

    [Theory]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson")]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html")]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30")]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs")]
    // The four without which QGIS filters by itself.
    [InlineData("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter")]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter")]
    [InlineData("http://www.opengis.net/spec/cql2/1.0/conf/cql2-text")]
    [InlineData("http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2")]
    // With these it pushes down more; the operators by their draft name before 3.44.
    [InlineData("http://www.opengis.net/spec/cql2/1.0/conf/", "advanced-comparison-operators", "case-insensitive-comparison", "basic-spatial-functions", "basic-spatial-operators")]
    [InlineData("http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/", "core")]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/", "queryables", "queryables-query-parameters")]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/", "create-replace-delete", "update", "features")]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/", "schemas", "profile-parameter")]
    [InlineData("http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/", "sortables", "sorting", "features-sorting")]
    [InlineData("http://www.opengis.net/spec/json-fg-1/1.0/conf/", "core", "types-schemas", "profiles", "api")]
    [InlineData("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/", "core", "tileset", "tilesets-list", "geodata-tilesets", "dataset-tilesets", "collections-selection", "mvt", "datetime")]
    [InlineData("http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/", "core", "ogc-process-description", "json", "html", "oas30", "job-list", "dismiss")]
    public async Task Req_core_conformance_success(string name, params string[] ends)
    {
        var declared = (await JsonAsync("/ogc/conformance"))["conformsTo"]!.AsArray().Select(c => (string?)c).ToList();
        Assert.All(ends.DefaultIfEmpty(""), end => Assert.Contains(name + end, declared));
    }

    [Fact]
    public async Task Req_core_fc_md_success()
    {
        var list = await JsonAsync("/ogc/collections");
        var names = list["collections"]!.AsArray().Select(c => (string)c!["id"]!).ToList();
        Assert.Equal(["issues", "wards", "hotspots", "clusters", "hdbscan", "st-dbscan", "gi-star", "local-moran", "emerging", "scan", "density"], names);
        foreach (var collection in list["collections"]!.AsArray())
        {
            var alone = await JsonAsync($"/ogc/collections/{collection!["id"]}");
            Assert.True(JsonNode.DeepEquals(collection, alone), $"{collection["id"]} is told in two ways");
            Assert.Equal("feature", (string?)collection["itemType"]);
            Assert.Contains(collection["links"]!.AsArray(), l => (string?)l!["rel"] == "items" && (string?)l["type"] == "application/geo+json");
            Assert.Contains(collection["links"]!.AsArray(), l => (string?)l!["rel"] == "describedby" && (string?)l["type"] == "application/schema+json");
            Assert.Contains(collection["links"]!.AsArray(), l => (string?)l!["rel"] == "http://www.opengis.net/def/rel/ogc/1.0/queryables");
            Assert.Equal("http://www.opengis.net/def/crs/OGC/1.3/CRS84", (string?)collection["crs"]![0]);
            Assert.Contains((string?)collection["storageCrs"], collection["crs"]!.AsArray().Select(c => (string?)c));
            Assert.Equal(4, collection["extent"]!["spatial"]!["bbox"]![0]!.AsArray().Count);
        }
        Assert.Equal(await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"), (long)list["collections"]![0]!["itemCount"]!);
    }

    [Theory]
    [InlineData("issues")]
    [InlineData("wards")]
    public async Task Req_core_fc_response(string layer)
    {
        using var answer = await _server.Client.GetAsync($"/ogc/collections/{layer}/items?limit=7");
        Assert.Equal("application/geo+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("<http://www.opengis.net/def/crs/OGC/1.3/CRS84>", Assert.Single(answer.Headers.GetValues("Content-Crs")));
        var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(("FeatureCollection", 7, 7), ((string?)page["type"], page["features"]!.AsArray().Count, (int)page["numberReturned"]!));
        Assert.Equal(await _server.Data.ScalarAsync<long>(layer == "issues" ? "SELECT count(*) FROM geosan.issue" : "SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL"), (long)page["numberMatched"]!);
        Assert.True(DateTimeOffset.UtcNow - DateTimeOffset.Parse((string)page["timeStamp"]!, CultureInfo.InvariantCulture) < TimeSpan.FromMinutes(5));
        foreach (var rel in (string[])["self", "alternate", "next"])
        {
            Assert.Contains(page["links"]!.AsArray(), l => (string?)l!["rel"] == rel);
        }
        Assert.All(page["features"]!.AsArray(), f => Assert.Equal(layer == "issues" ? (string?)f!["properties"]!["id"]!.ToJsonString() : f!["properties"]!["code"]!.ToJsonString(), f!["id"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("issues", "", 5_000)]
    [InlineData("issues", "&sortby=-due_at,severity", 5_000)]
    [InlineData("issues", "&sortby=-overdue,title&filter=severity=5", 300)]
    [InlineData("wards", "&sortby=-area_m2", 100)]
    [InlineData("gi-star", "", 4_000)]
    public async Task Req_core_fc_links_next_leads_through_all_features_once(string layer, string query, int limit)
    {
        var ids = new List<string>();
        var matched = 0L;
        for (var next = $"/ogc/collections/{layer}/items?limit={limit}{query}"; next is not null;)
        {
            var page = await JsonAsync(next);
            matched = (long?)page["numberMatched"] ?? matched;
            ids.AddRange(page["features"]!.AsArray().Select(f => f!["id"]!.ToJsonString()));
            var link = page["links"]!.AsArray().SingleOrDefault(l => (string?)l!["rel"] == "next");
            Assert.True(link is null || (string?)link["type"] == "application/geo+json");
            next = (string?)link?["href"];
        }
        Assert.Equal(matched, ids.Count);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.True(ids.Count > limit);
    }

    [Fact]
    public async Task Offset_passes_over_what_a_client_has()
    {
        var all = await IdsAsync("/ogc/collections/issues/items?limit=30");
        var second = await IdsAsync("/ogc/collections/issues/items?limit=10&offset=15");
        Assert.Equal(all[15..25], second);
        // ArcGIS counts so, from the second page on.
        Assert.Equal(all[20..30], await IdsAsync("/ogc/collections/issues/items?limit=10&startindex=20"));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=many")]
    [InlineData("offset=-1")]
    [InlineData("startindex=last")]
    [InlineData("bbox=1,2,3")]
    [InlineData("bbox=1,2,3,x")]
    [InlineData("bbox=1,5,3,4")]
    [InlineData("bbox=1,2,3,4&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/99")]
    [InlineData("datetime=yesterday")]
    [InlineData("crs=http://www.opengis.net/def/crs/EPSG/0/99")]
    [InlineData("unknown=1")]
    [InlineData("reporter_name=x")]
    [InlineData("f=shapefile")]
    [InlineData("sortby=ward_path")]
    [InlineData("sortby=reporter_name")]
    [InlineData("properties=reporter_phone")]
    [InlineData("filter=reporter_email%20=%20'a'")]
    [InlineData("filter=severity&filter-lang=ecql")]
    [InlineData("cursor=abc")]
    [InlineData("reopen_count=often")]
    public async Task Req_core_query_param_invalid_and_unknown(string query)
    {
        using var answer = await _server.Client.GetAsync("/ogc/collections/issues/items?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.NotNull((string?)problem["code"]);
        Assert.Equal((string?)problem["detail"], (string?)problem["description"]);
    }

    [Fact]
    public async Task Req_core_fc_limit_response_clamps()
        => Assert.Equal(10_000, (int)(await JsonAsync("/ogc/collections/issues/items?limit=123456789012&properties=version"))["numberReturned"]!);

    [Theory]
    [InlineData("bbox=112.62,32.42,112.68,32.48", "ST_X(geom) BETWEEN 112.62 AND 112.68 AND ST_Y(geom) BETWEEN 32.42 AND 32.48")]
    [InlineData("bbox=112.650535,32.350672,112.650535,32.350672", "ST_X(geom) = 112.650535 AND ST_Y(geom) = 32.350672")]
    [InlineData("bbox=32.350672,112.62,32.350672,112.68&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326", "ST_X(geom) BETWEEN 112.62 AND 112.68 AND ST_Y(geom) = 32.350672")]
    [InlineData("filter=S_INTERSECTS(geometry,BBOX(112.650535,32.350672,112.650535,32.350672))", "ST_X(geom) = 112.650535 AND ST_Y(geom) = 32.350672")]
    [InlineData("bbox=112.62,32.42,0,112.68,32.48,100", "ST_X(geom) BETWEEN 112.62 AND 112.68 AND ST_Y(geom) BETWEEN 32.42 AND 32.48")]
    [InlineData("bbox=32.42,112.62,32.48,112.68&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4490", "ST_X(geom) BETWEEN 112.62 AND 112.68 AND ST_Y(geom) BETWEEN 32.42 AND 32.48")]
    [InlineData("bbox=12536800,3817500,12543500,3825400&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857", "ST_X(ST_Transform(geom, 3857)) BETWEEN 12536800 AND 12543500 AND ST_Y(ST_Transform(geom, 3857)) BETWEEN 3817500 AND 3825400")]
    [InlineData("datetime=2025-03-01/2025-03-31", "reported_at >= '2025-03-01Z' AND reported_at < '2025-04-01Z'")]
    [InlineData("datetime=../2025-03-01T00:00:00Z", "reported_at <= '2025-03-01Z'")]
    [InlineData("location_quality=ok&version=1", "location_quality = 'ok' AND version = 1")]
    [InlineData("ward_name=城关镇&severity=5", "false")]
    [InlineData("status=closed&category_group=market", "status = 'closed' AND category_code IN (SELECT code FROM geosan.category WHERE parent_code = 'market')")]
    [InlineData("filter=severity%20%3E%204", "severity > 4")]
    public async Task Req_core_fc_bbox_datetime_and_attributes(string query, string sql)
    {
        var expected = await _server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue WHERE {sql}");
        Assert.True(expected > 0 || sql == "false");
        Assert.Equal(expected, (long)(await JsonAsync("/ogc/collections/issues/items?limit=1&" + query))["numberMatched"]!);
    }

    [Theory]
    [InlineData("wards", "112.68,32.42,112.68,32.42", "ST_MakePoint(112.68, 32.42)")]
    [InlineData("wards", "112.66,32.42,112.68,32.42", "ST_MakeLine(ST_MakePoint(112.66, 32.42), ST_MakePoint(112.68, 32.42))")]
    public async Task Req_core_fc_bbox_may_be_a_point_or_a_line(string collection, string bbox, string shape)
        => Assert.Equal(
            await _server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL AND ST_Intersects(geom, ST_SetSRID({shape}, 4326))"),
            (long)(await JsonAsync($"/ogc/collections/{collection}/items?bbox={bbox}"))["numberMatched"]!);

    [Theory]
    [InlineData("gi-star", "/api/hotspots/gi-star", "severity=4..5&status=open")]
    [InlineData("clusters", "/api/hotspots/clusters", "category=street_order&ward=990121001")]
    [InlineData("density", "/api/hotspots/density", "source=covert&overdue=false&q=%E6%B1%A1")]
    public async Task What_a_method_makes_is_of_the_issues_of_the_whole_filter(string collection, string analysis, string filter)
    {
        var items = (await JsonAsync($"/ogc/collections/{collection}/items?limit=10000&{filter}"))["features"]!.AsArray();
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"{analysis}?{filter}") { Headers = { { "Prefer", "wait" } } };
        using var answer = await _server.Client.SendAsync(asked);
        var expected = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["features"]!.AsArray();
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(f => f!["properties"]!.ToJsonString()), items.Select(f => f!["properties"]!.ToJsonString()));
    }

    [Fact]
    public async Task Req_core_fc_bbox_crosses_the_antimeridian()
        => Assert.Equal(0, (int)(await JsonAsync("/ogc/collections/issues/items?bbox=170,-90,-170,90"))["numberMatched"]!);

    [Theory]
    [InlineData("level%20=%20'community'", "w.level = 'community'")]
    [InlineData("A_CONTAINS(path,('990121001'))", "geosan.ward_codes(w.path) @> ARRAY['990121001']")]
    [InlineData("area_m2%20%3E%201e6%20AND%20population%20IS%20NULL", "ST_Area(w.geom::geography) > 1e6 AND w.population IS NULL")]
    [InlineData("S_CONTAINS(geometry,POINT(112.65%2032.42))", "ST_Contains(w.geom, ST_SetSRID(ST_MakePoint(112.65, 32.42), 4326))")]
    [InlineData("NOT%20S_INTERSECTS(geometry,BBOX(112.5,32.3,112.7,32.4))", "NOT ST_Intersects(w.geom, ST_MakeEnvelope(112.5, 32.3, 112.7, 32.4, 4326))")]
    public async Task Req_filter_wards(string filter, string sql)
    {
        var expected = await _server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.ward AS w WHERE w.valid_to IS NULL AND {sql}");
        Assert.Equal(expected, (long)(await JsonAsync("/ogc/collections/wards/items?limit=1&filter=" + filter))["numberMatched"]!);
    }

    [Fact]
    public async Task Req_crs_transforms_and_orders_axes_by_the_definition()
    {
        var degrees = (await JsonAsync("/ogc/collections/issues/items?limit=1"))["features"]![0]!["geometry"]!["coordinates"]!.AsArray();
        foreach (var epsg in (int[])[4326, 4490])
        {
            using var answer = await _server.Client.GetAsync($"/ogc/collections/issues/items?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/{epsg}");
            Assert.Equal($"<http://www.opengis.net/def/crs/EPSG/0/{epsg}>", Assert.Single(answer.Headers.GetValues("Content-Crs")));
            var place = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["features"]![0]!["geometry"]!["coordinates"]!.AsArray();
            Assert.Equal(((double)degrees[0]!, (double)degrees[1]!), ((double)place[1]!, (double)place[0]!));
        }
        var expected = await _server.Data.ScalarAsync<double[]>("SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform(geom, 3857) AS p FROM geosan.issue ORDER BY id LIMIT 1) AS q");
        var meters = (await JsonAsync("/ogc/collections/issues/items?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/3857"))["features"]![0]!["geometry"]!["coordinates"]!.AsArray();
        Assert.Equal(expected[0], (double)meters[0]!, 2e-3);
        Assert.Equal(expected[1], (double)meters[1]!, 2e-3);
    }

    [Theory]
    [InlineData("issues", "")]
    [InlineData("issues", "&f=csv")]
    [InlineData("issues", "&f=fgb")]
    [InlineData("issues", "&f=jsonfg")]
    [InlineData("issues", "&f=html")]
    [InlineData("wards", "")]
    public async Task Every_form_of_a_list_names_its_system_and_its_count_where_other_sites_may_read_them(string layer, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/ogc/collections/{layer}/items?limit=2&crs=http://www.opengis.net/def/crs/EPSG/0/4490{form}") { Headers = { { "Origin", "https://city.example" } } };
        using var answer = await _server.Client.SendAsync(request);
        Assert.Equal("<http://www.opengis.net/def/crs/EPSG/0/4490>", Assert.Single(answer.Headers.GetValues("Content-Crs")));
        Assert.Equal((long)(await JsonAsync($"/ogc/collections/{layer}/items?limit=1"))["numberMatched"]!, long.Parse(Assert.Single(answer.Headers.GetValues("OGC-NumberMatched")), CultureInfo.InvariantCulture));
        var exposed = string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers")).Split(',', StringSplitOptions.TrimEntries);
        Assert.Empty(new[] { "ETag", "Link", "Content-Crs", "OGC-NumberMatched" }.Except(exposed));
    }

    [Fact]
    public async Task Req_core_f_success()
    {
        var feature = (await JsonAsync("/ogc/collections/issues/items?limit=1&sortby=-severity"))["features"]![0]!;
        using var answer = await _server.Client.GetAsync($"/ogc/collections/issues/items/{feature["id"]}");
        var alone = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.True(JsonNode.DeepEquals(feature["properties"], alone["properties"]));
        Assert.True(JsonNode.DeepEquals(feature["geometry"], alone["geometry"]));
        Assert.Contains(alone["links"]!.AsArray(), l => (string?)l!["rel"] == "collection");
        Assert.False(answer.Headers.ETag!.IsWeak);
        using var again = new HttpRequestMessage(HttpMethod.Get, answer.RequestMessage!.RequestUri) { Headers = { IfNoneMatch = { answer.Headers.ETag } } };
        using var unchanged = await _server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        foreach (var path in (string[])["/ogc/collections/issues/items/0", "/ogc/collections/issues/items/none", "/ogc/collections/wards/items/none", "/ogc/collections/gi-star/items/none"])
        {
            using var none = await _server.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Theory]
    [InlineData("issues", "geometry-point")]
    [InlineData("wards", "geometry-multipolygon")]
    public async Task Req_queryables_and_schema_say_what_features_have(string layer, string shape)
    {
        var feature = (await JsonAsync($"/ogc/collections/{layer}/items?limit=1"))["features"]![0]!;
        var queryables = await JsonAsync($"/ogc/collections/{layer}/queryables");
        var schema = await JsonAsync($"/ogc/collections/{layer}/schema");
        Assert.Equal(shape, (string?)queryables["properties"]!["geometry"]!["format"]);
        Assert.False((bool)queryables["additionalProperties"]!);
        Assert.EndsWith($"/{layer}/queryables", (string?)queryables["$id"]);
        Assert.Equal(["geometry", .. feature["properties"]!.AsObject().Select(p => p.Key)], schema["properties"]!.AsObject().Select(p => p.Key));
        Assert.DoesNotContain("reporter_name", queryables["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal("primary-geometry", (string?)schema["properties"]!["geometry"]!["x-ogc-role"]);
    }

    [Theory]
    [InlineData("issues")]
    [InlineData("wards")]
    [InlineData("clusters")]
    [InlineData("hdbscan")]
    [InlineData("gi-star")]
    [InlineData("local-moran")]
    [InlineData("emerging")]
    [InlineData("density")]
    [InlineData("st-dbscan")]
    [InlineData("scan")]
    public async Task Req_schema_tells_what_every_attribute_means(string collection)
    {
        var properties = (await JsonAsync($"/ogc/collections/{collection}/schema"))["properties"]!.AsObject().Where(p => p.Key != "geometry").ToList();
        Assert.NotEmpty(properties);
        Assert.All(properties, p => Assert.True(((string?)p.Value!["description"])?.Length > 3 && (string?)p.Value["title"] == p.Key, p.Key));
    }

    [Fact]
    public async Task Req_sorting()
    {
        var page = await JsonAsync("/ogc/collections/issues/items?limit=500&sortby=-severity,reported_at");
        var keys = page["features"]!.AsArray().Select(f => (Severity: -(int)f!["properties"]!["severity"]!, At: (string)f["properties"]!["reported_at"]!)).ToList();
        Assert.Equal(keys.OrderBy(k => k.Severity).ThenBy(k => k.At, StringComparer.Ordinal), keys);
    }

    [Fact]
    public async Task One_filter_changes_points_and_hotspots_alike()
    {
        const string filter = "filter=severity%20%3E=%204%20AND%20status%20%3C%3E%20'closed'";
        var clusters = await JsonAsync("/ogc/collections/clusters/items?" + filter);
        var own = await JsonAsync("/api/hotspots/clusters?severity=4..5&status=open&status=rejected");
        Assert.NotEmpty(clusters["features"]!.AsArray());
        Assert.Equal(own["features"]!.AsArray().Select(f => (int)f!["properties"]!["count"]!), clusters["features"]!.AsArray().Select(f => (int)f!["properties"]!["count"]!));
        var all = await JsonAsync("/ogc/collections/gi-star/items?limit=1");
        var part = await JsonAsync("/ogc/collections/gi-star/items?limit=10000&bbox=112.62,32.42,112.68,32.48");
        Assert.InRange((int)part["numberMatched"]!, 1, (int)all["numberMatched"]! - 1);
    }

    [Fact]
    public async Task JSON_FG_keeps_another_system_and_the_time_of_a_case()
    {
        using var answer = await _server.Client.GetAsync("/ogc/collections/issues/items?f=jsonfg&limit=3&filter=status%20=%20'closed'&crs=http://www.opengis.net/def/crs/EPSG/0/4547");
        Assert.Contains(answer.Headers.GetValues("Link"), l => l.Contains("http://www.opengis.net/def/profile/OGC/0/jsonfg", StringComparison.Ordinal));
        var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var feature = page["features"]![0]!;
        Assert.Equal("http://www.opengis.net/def/crs/EPSG/0/4547", (string?)page["coordRefSys"]);
        Assert.Equal(["http://www.opengis.net/spec/json-fg-1/1.0/conf/core", "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas"], page["conformsTo"]!.AsArray().Select(c => (string?)c));
        Assert.Equal("issues", (string?)page["featureType"]);
        Assert.NotNull((await JsonAsync((string)page["featureSchema"]!))["properties"]!["severity"]);
        Assert.Null(feature["geometry"]);
        Assert.InRange((double)feature["place"]!["coordinates"]![0]!, 3_500_000, 3_650_000);
        Assert.Equal([(string?)feature["properties"]!["reported_at"], (string?)feature["properties"]!["closed_at"]], feature["time"]!["interval"]!.AsArray().Select(t => (string?)t));
        var plus = await JsonAsync("/ogc/collections/issues/items?profile=jsonfg-plus&limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4547");
        Assert.InRange((double)plus["features"]![0]!["geometry"]!["coordinates"]![0]!, 112, 113);
    }

    [Theory]
    [InlineData("text/csv", "application/geo+json")]
    [InlineData("application/flatgeobuf, application/vnd.ogc.fg+json;q=0.5", "application/vnd.ogc.fg+json")]
    [InlineData("application/gml+xml", "application/geo+json")]
    public async Task A_feature_alone_comes_in_a_form_that_it_has_whatever_else_is_accepted(string accept, string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc/collections/issues/items/1");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _server.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, mediaType), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        using var refused = await _server.Client.GetAsync("/ogc/collections/issues/items/1?f=csv");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("application/geo+json", "", "rfc7946")]
    [InlineData("application/geo+json;profile=rfc7946", "", "rfc7946")]
    [InlineData("application/geo+json;profile=jsonfg", "", "jsonfg")]
    [InlineData("application/geo+json; profile=\"jsonfg-plus\"", "", "jsonfg jsonfg-plus")]
    [InlineData("application/geo+json;profile=\"http://www.opengis.net/def/profile/OGC/0/jsonfg\"", "", "jsonfg")]
    [InlineData("application/geo+json;profile=\"http://www.opengis.net/def/profile/OGC/0/rfc7946\"", "", "rfc7946")]
    [InlineData("application/geo+json;profile=\"http://example.org/unknown http://www.opengis.net/def/profile/OGC/0/jsonfg-plus\"", "", "jsonfg jsonfg-plus")]
    [InlineData("application/geo+json;profile=jsonfg;q=0.5, application/geo+json;q=0.9", "", "rfc7946")]
    [InlineData("application/geo+json;q=0.4, Application/Geo+JSON;Profile=jsonfg", "", "jsonfg")]
    [InlineData("application/geo+json;profile=\"http://example.org/unknown\", application/geo+json;profile=jsonfg;q=0.2", "", "jsonfg")]
    [InlineData("application/geo+json;profile=unknown", "", "rfc7946")]
    [InlineData("application/geo+json;profile=jsonfg", "f=json", "jsonfg")]
    [InlineData("application/geo+json;profile=jsonfg", "profile=rfc7946", "rfc7946")]
    [InlineData("text/html", "profile=jsonfg", "jsonfg")]
    [InlineData("*/*", "profile=http://www.opengis.net/def/profile/OGC/0/jsonfg-plus", "jsonfg jsonfg-plus")]
    [InlineData("*/*", "f=jsonfg&profile=jsonfg-plus", "jsonfg jsonfg-plus")]
    [InlineData("*/*", "profile=val-as-key,%5Bogc-profile:jsonfg%5D", "jsonfg")]
    [InlineData("*/*", "profile=gml", "rfc7946")]
    [InlineData("text/csv, application/geo+json;profile=jsonfg;q=0.5", "", "")]
    public async Task Req_profile_comes_by_parameter_or_by_what_the_client_accepts(string accept, string query, string profiles)
    {
        foreach (var path in (string[])["items?limit=2&", "items/3?"])
        {
            if (profiles.Length == 0 && path.StartsWith("items/", StringComparison.Ordinal))
            {
                // A single feature has no CSV.
                continue;
            }
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/ogc/collections/issues/{path}crs=http://www.opengis.net/def/crs/EPSG/0/4547&{query}");
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await _server.Client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, body);
            Assert.Contains("Accept", answer.Headers.Vary);
            var links = answer.Headers.TryGetValues("Link", out var given) ? given.SelectMany(l => l.Split(", ")).Where(l => l.EndsWith("rel=\"profile\"", StringComparison.Ordinal)) : [];
            Assert.Equal(profiles.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => $"<http://www.opengis.net/def/profile/OGC/0/{p}>; rel=\"profile\""), links);
            if (profiles.Length == 0)
            {
                Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
                continue;
            }
            Assert.Equal(query.StartsWith("f=jsonfg", StringComparison.Ordinal) ? "application/vnd.ogc.fg+json" : "application/geo+json", answer.Content.Headers.ContentType!.MediaType);
            var document = JsonNode.Parse(body)!;
            var feature = document["features"]?[0] ?? document;
            Assert.Equal(profiles.Split(' ').Select(p => "http://www.opengis.net/def/profile/OGC/0/" + p), document["links"]!.AsArray().Where(l => (string?)l!["rel"] == "profile").Select(l => (string?)l!["href"]));
            var (isJsonFg, isPlus) = (profiles.StartsWith("jsonfg", StringComparison.Ordinal), profiles.EndsWith("plus", StringComparison.Ordinal));
            Assert.Equal((isJsonFg, isJsonFg), (document["conformsTo"] is not null, feature["place"] is not null));
            var first = (double?)feature["geometry"]?["coordinates"]![0];
            Assert.Equal(isPlus ? "degrees" : isJsonFg ? "nothing" : "meters", first switch { null => "nothing", > 180 => "meters", _ => "degrees" });
        }
    }

    [Fact]
    public async Task Req_profile_has_a_tag_of_its_own_and_is_known_again()
    {
        var tags = new HashSet<string>();
        foreach (var profile in (string[])["rfc7946", "jsonfg", "jsonfg-plus"])
        {
            foreach (var path in (string[])["/ogc/collections/issues/items?limit=1", "/ogc/collections/issues/items/3"])
            {
                using var answer = await AskAsync(path, profile, null);
                Assert.True(tags.Add(answer.Headers.ETag!.ToString()), profile);
                using var again = await AskAsync(path, profile, answer.Headers.ETag!.ToString());
                Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            }
        }

        async Task<HttpResponseMessage> AskAsync(string path, string profile, string? known)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept", $"application/geo+json;profile={profile}");
            if (known is not null)
            {
                request.Headers.TryAddWithoutValidation("If-None-Match", known);
            }
            return await _server.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Pages_are_for_people_and_CSV_for_spreadsheets()
    {
        using var browser = new HttpRequestMessage(HttpMethod.Get, "/ogc/collections/wards/items?limit=3");
        browser.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        using var page = await _server.Client.SendAsync(browser);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("990121", await page.Content.ReadAsStringAsync());
        foreach (var path in (string[])["", "/conformance", "/api", "/collections", "/collections/issues", "/collections/issues/queryables", "/collections/issues/schema", "/collections/issues/items/3"])
        {
            using var html = await _server.Client.GetAsync($"/ogc{path}?f=html");
            Assert.True(html.IsSuccessStatusCode && html.Content.Headers.ContentType!.MediaType == "text/html", path);
        }
        var csv = (await _server.Client.GetStringAsync("/ogc/collections/issues/items?f=csv&limit=2&properties=severity,status")).Split("\r\n");
        Assert.Equal("severity,status,longitude,latitude", csv[0]);
        Assert.Equal(4, csv.Length);
    }

    [Theory]
    [InlineData("/collections/issues/items?filter=sever%3E3", 400, "sever is no attribute of issues", "value=\"sever&gt;3\"")]
    [InlineData("/collections/issues/items?limit=none&status=open", 400, "a whole number from 1", "<input type=\"hidden\" name=\"status\" value=\"open\">")]
    [InlineData("/collections/streets", 404, "streets", "<h1>Not found</h1>")]
    [InlineData("/nowhere?a=%22%3E%3Cscript%3E", 404, "there is nothing at this address", "/ogc/nowhere")]
    public async Task People_are_refused_on_a_page_where_they_can_ask_otherwise(string path, int status, params string[] said)
    {
        const string browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        foreach (var (accept, mediaType) in ((string, string)[])[(browser, "text/html"), ("*/*", "application/problem+json"), ("application/geo+json", "application/problem+json")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc" + path);
            request.Headers.Accept.ParseAdd(accept);
            using var answer = await _server.Client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.Equal((status, mediaType), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.Contains("Accept", answer.Headers.Vary);
            Assert.DoesNotContain("<script", body);
            Assert.True(accept != browser || said.All(body.Contains), body);
        }
        var described = (await JsonAsync("/ogc/api"))["paths"]!["/collections/issues/items"]!;
        Assert.Equal(["application/problem+json", "text/html"], described["get"]!["responses"]!["400"]!["content"]!.AsObject().Select(type => type.Key));
        Assert.Equal(["application/problem+json"], described["post"]!["responses"]!["400"]!["content"]!.AsObject().Select(type => type.Key));
    }

    [Fact]
    public async Task Req_create_replace_update_delete()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        using var administrator = await _server.ClientAsync(Roles.Administrator);
        const string items = "/ogc/collections/issues/items";
        var (first, _) = await AllowAsync(_server.Client, items);
        Assert.DoesNotContain("POST", first);
        Assert.Contains("POST", (await AllowAsync(inspector, items)).Allow);
        foreach (var (client, path, allowed) in ((HttpClient, string, string)[])[
            (_server.Client, items + "/3", "GET, HEAD, OPTIONS"), (inspector, items + "/3", "GET, HEAD, OPTIONS, PUT, PATCH"),
            (administrator, items + "/3", "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"), (administrator, "/ogc/collections/wards/items", "GET, HEAD, OPTIONS")])
        {
            Assert.Equal(allowed, (await AllowAsync(client, path)).Allow);
        }
        using var refused = await _server.Client.PostAsync(items, Body("{}"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        // Axes of the body's own system: latitude first.
        using var post = new HttpRequestMessage(HttpMethod.Post, items)
        {
            Content = Body("""{"type":"Feature","geometry":{"type":"Point","coordinates":[32.42,112.65]},"properties":{"source":"patrol","category":"exposed_rubbish","title":"门口垃圾","ward":null,"id":null}}"""),
            Headers = { { "Content-Crs", "<http://www.opengis.net/def/crs/EPSG/0/4490>" } },
        };
        using var created = await inspector.SendAsync(post);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var address = created.Headers.Location!.ToString();
        var feature = await JsonAsync(address);
        Assert.Equal((112.65, 32.42), ((double)feature["geometry"]!["coordinates"]![0]!, (double)feature["geometry"]!["coordinates"]![1]!));
        Assert.NotNull((string?)feature["properties"]!["ward"]);

        // A whole feature as it was read, with another title.
        var changed = feature.DeepClone();
        changed["properties"]!["title"] = "门口垃圾堆";
        changed["properties"]!["description"] = null;
        using var put = await inspector.PutAsync(address, Body(changed.ToJsonString()));
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        Assert.Equal("门口垃圾堆", (string?)(await JsonAsync(address))["properties"]!["title"]);

        using var patch = await inspector.PatchAsync(address, Body("""{"properties":{"severity":5}}""", "application/merge-patch+json"));
        Assert.Equal(HttpStatusCode.NoContent, patch.StatusCode);
        using var stale = new HttpRequestMessage(HttpMethod.Patch, address) { Content = Body("""{"properties":{"severity":1}}""", "application/merge-patch+json"), Headers = { IfMatch = { new EntityTagHeaderValue("\"1\"") } } };
        using var tooLate = await inspector.SendAsync(stale);
        Assert.Equal(HttpStatusCode.PreconditionFailed, tooLate.StatusCode);
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            using var late = new HttpRequestMessage(method, address) { Content = method == HttpMethod.Put ? Body(feature.ToJsonString()) : null, Headers = { IfMatch = { new EntityTagHeaderValue("\"1\"") } } };
            using var refusedToo = await administrator.SendAsync(late);
            Assert.Equal(HttpStatusCode.PreconditionFailed, refusedToo.StatusCode);
        }
        var now = await JsonAsync(address);
        Assert.Equal((5, "门口垃圾堆"), ((int)now["properties"]!["severity"]!, (string?)now["properties"]!["title"]));

        using var status = await inspector.PatchAsync(address, Body("""{"properties":{"status":"closed"}}""", "application/merge-patch+json"));
        Assert.Equal(HttpStatusCode.BadRequest, status.StatusCode);
        Assert.Contains("transitions", await status.Content.ReadAsStringAsync());

        using var notAllowed = await inspector.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.Forbidden, notAllowed.StatusCode);
        using var deleted = await administrator.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await _server.Client.GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        // The server numbers issues itself: what is not there is not made by PUT.
        using var putAgain = await administrator.PutAsync(address, Body(changed.ToJsonString()));
        Assert.Equal(HttpStatusCode.NotFound, putAgain.StatusCode);
    }

    [Fact]
    public async Task Esri_finds_the_same_at_its_address_without_what_is_empty()
    {
        const string alias = "/arcgis/rest/services/GeoSanitation/OGCFeatureServer";
        var names = (await JsonAsync(alias + "/collections"))["collections"]!.AsArray().Select(c => (string)c!["id"]!).ToList();
        Assert.DoesNotContain("hotspots", names);
        Assert.Contains("issues", names);
        Assert.Contains($"{alias}/collections/issues/items", (await JsonAsync(alias + "/collections/issues"))["links"]!.ToJsonString());
        // Its Python API insists on small letters; QGIS tries a slash at the end.
        await JsonAsync(alias.Replace("OGCFeatureServer", "ogcfeatureserver", StringComparison.Ordinal));
        await JsonAsync(alias + "/collections/issues/");
    }

    [Fact]
    public async Task Links_lead_to_where_a_proxy_stands()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc") { Headers = { { "X-Forwarded-Host", "city.example" }, { "X-Forwarded-Proto", "https" } } };
        using var answer = await _server.Client.SendAsync(request);
        Assert.Contains("https://city.example/ogc/collections", await answer.Content.ReadAsStringAsync());
    }

    private async Task<List<string>> IdsAsync(string path) => [.. (await JsonAsync(path))["features"]!.AsArray().Select(f => f!["id"]!.ToJsonString())];

    private static async Task<(string Allow, HttpStatusCode Status)> AllowAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        using var answer = await client.SendAsync(request);
        return (string.Join(", ", answer.Content.Headers.Allow), answer.StatusCode);
    }

    private static StringContent Body(string json, string type = "application/geo+json") => new(json, Encoding.UTF8, type);

    private async Task<JsonNode> JsonAsync(string path)
    {
        using var answer = await _server.Client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }
}
