using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Catalog;

/// <summary>OGC API Records Part 1 (OGC 20-004) where ArcGIS Hub has it, by the requirements that clients follow.</summary>
public sealed class RecordEndpointsTests(RecordEndpointsTests.CityWithRuns city) : IClassFixture<RecordEndpointsTests.CityWithRuns>
{
    private const string Root = "/api/search/v1";
    private const string All = Root + "/collections/all/items";

    private readonly TestServer _server = city.Server;

    [Fact]
    public async Task Req_landing_page_leads_to_every_record()
    {
        var landing = await JsonAsync(Root);
        Assert.Equal("Open sanitation", (string?)landing["title"]);
        Assert.Contains("http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core-query-parameters", (await JsonAsync(HrefOf(landing, "conformance")))["conformsTo"]!.AsArray().Select(c => (string)c!));
        var collections = (await JsonAsync(HrefOf(landing, "data")))["collections"]!.AsArray();
        Assert.Equal(["all", "dataset", "download"], collections.Select(c => (string)c!["id"]!));
        foreach (var collection in collections)
        {
            Assert.Equal(("record", "Collection"), ((string?)collection!["itemType"], (string?)collection["type"]));
            Assert.True(JsonNode.DeepEquals(collection, await JsonAsync(HrefOf(collection, "self"))));
            Assert.NotEmpty((await JsonAsync(HrefOf(collection, "http://www.opengis.net/def/rel/ogc/1.0/queryables")))["properties"]!.AsObject());
            Assert.Contains("updated", (await JsonAsync(HrefOf(collection, "http://www.opengis.net/def/rel/ogc/1.0/sortables")))["properties"]!.AsObject().Select(p => p.Key));
            var items = await JsonAsync(HrefOf(collection, "items") + "?limit=100");
            Assert.Equal((int)items["numberMatched"]!, items["features"]!.AsArray().Count);
            foreach (var record in items["features"]!.AsArray())
            {
                Assert.True(JsonNode.DeepEquals(record, await JsonAsync(HrefOf(record!, "self"))));
            }
        }
        var names = (await JsonAsync(All + "?limit=100"))["features"]!.AsArray().Select(f => (string)f!["id"]!).ToList();
        // Layers, published analyses with the latest first, files; what is not published is not there.
        Assert.Equal(["issues", "wards", "hotspots", $"run-{city.Runs[1]}", $"run-{city.Runs[0]}", "issues.geojson"], names[..6]);
        Assert.Equal(21, names.Count(n => n.Contains('.')));
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public async Task Req_definition_describes_the_search_alone()
    {
        using var answer = await _server.Client.GetAsync("/api/search/definition?f=json");
        Assert.Equal("application/vnd.oai.openapi+json;version=3.0", answer.Content.Headers.ContentType!.ToString().Replace(" ", ""));
        var document = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.StartsWith("3.0.", (string?)document["openapi"]);
        var paths = document["paths"]!.AsObject().Select(p => p.Key).ToList();
        Assert.All(paths, path => Assert.StartsWith(Root, path));
        Assert.Contains(Root + "/collections/{collectionId}/items", paths);
        Assert.Superset(new HashSet<string> { "q", "bbox", "datetime", "type", "ids", "externalIds", "limit", "startindex", "sortby", "sortBy", "filter", "filter-lang", "filter-crs" },
            document["paths"]![Root + "/collections/{collectionId}/items"]!["get"]!["parameters"]!.AsArray().Select(p => (string)p!["name"]!).ToHashSet());
    }

    [Fact]
    public async Task Req_record_core_mandatory_properties_and_links_that_answer()
    {
        var records = (await JsonAsync(All + "?limit=100"))["features"]!.AsArray();
        var followed = new HashSet<string>();
        foreach (var record in records)
        {
            Assert.Equal(("Feature", "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"), ((string?)record!["type"], (string?)record["conformsTo"]![0]));
            Assert.True(record.AsObject().ContainsKey("geometry") && record.AsObject().ContainsKey("time"));
            var properties = record["properties"]!;
            Assert.All((string[])["type", "title", "description", "snippet", "url", "owner", "access", "license"], name => Assert.NotEqual("", (string?)properties[name] ?? ""));
            Assert.Equal("城市管理局", (string?)properties["contacts"]![0]!["organization"]);
            Assert.Equal("data@city.example", (string?)properties["contacts"]![0]!["emails"]![0]!["value"]);
            Assert.Equal(DateTimeOffset.Parse((string)properties["updated"]!, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), (long)properties["modified"]!);
            followed.UnionWith(record["links"]!.AsArray().Where(l => (string?)l!["rel"] is not "license").Select(l => (string)l!["href"]!).Append((string)properties["url"]!));
        }
        foreach (var address in followed)
        {
            using var answer = await _server.Client.GetAsync(address);
            Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        }
        var issues = records.Single(r => (string?)r!["id"] == "issues")!;
        Assert.Equal("[[[112,32],[113,32],[113,33],[112,33],[112,32]]]", issues["geometry"]!["coordinates"]!.ToJsonString());
        Assert.Equal(await _server.Data.ScalarAsync<DateTime>("SELECT min(reported_at) FROM geosan.issue"), DateTimeOffset.Parse((string)issues["time"]!["interval"]![0]!, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime);
        Assert.Equal("https://creativecommons.org/licenses/by/4.0/", HrefOf(issues, "license"));
        Assert.Equal(7, issues["links"]!.AsArray().Count(l => (string?)l!["rel"] == "enclosure"));
    }

    [Theory]
    [InlineData("q=wards", "dataset", "wards")]
    [InlineData("q=责任区", "dataset", "wards")]
    [InlineData("q=SANITATION  issues", "dataset", "issues hotspots run run")]
    [InlineData("q=issues sanitation", "dataset", "")]
    [InlineData("q=网格,问题点", "dataset", "issues wards")]
    [InlineData("q=clusters of the", "all", "hotspots run hotspots.geojson hotspots.geojsonl hotspots.csv hotspots.fgb hotspots.gpkg hotspots.shp.zip hotspots.parquet")]
    [InlineData("q=geoparquet", "all", "issues.parquet wards.parquet hotspots.parquet")]
    [InlineData("q=parquet&q=csv", "all", null)]
    [InlineData("type=download&tags=网格&q=csv", "all", "wards.csv")]
    [InlineData("type=dataset&limit=2", "all", "issues wards")]
    [InlineData("type=dataset&limit=2&startindex=3", "all", "hotspots run")]
    [InlineData("type=Feature Service", "all", "")]
    [InlineData("ids=wards,issues.csv,none", "all", "wards issues.csv")]
    [InlineData("ids=none", "all", "")]
    [InlineData("ids=&q=&bbox=&limit=&f=&type=dataset", "all", "issues wards hotspots run run")]
    [InlineData("f=geojson&limit=1", "all", "issues")]
    [InlineData("f=xml", "all", null)]
    [InlineData("limit=9&nothing=1", "all", null)]
    [InlineData("Q=wards", "all", null)]
    [InlineData("recordId=wards", "dataset", "wards")]
    [InlineData("externalIds=geosanitation:wards,issues", "dataset", "issues wards")]
    [InlineData("externalIds=other:wards", "dataset", "")]
    [InlineData("title=wards", "dataset", "wards")]
    [InlineData("title=责任区", "dataset", "wards")]
    [InlineData("bbox=112.5,32.5,112.6,32.6", "dataset", "issues wards hotspots run run")]
    [InlineData("bbox=112.5,32.5,0,112.6,32.6,100", "dataset", "issues wards hotspots run run")]
    [InlineData("bbox=0,0,1,1", "dataset", "")]
    [InlineData("bbox=1,2,3", "dataset", null)]
    [InlineData("datetime=1990-01-01/1990-12-31", "dataset", "wards hotspots run run")]
    [InlineData("datetime=2000-01-01/..", "dataset", "issues wards hotspots run run")]
    [InlineData("datetime=yesterday", "dataset", null)]
    [InlineData("sortby=-title&limit=2", "dataset", "wards issues")]
    [InlineData("sortBy=+title&limit=1&q=wards,sanitation issues", "dataset", "run")]
    [InlineData("sortBy=-properties.title&limit=2", "dataset", "wards issues")]
    [InlineData("sortby=title&sortBy=title", "dataset", null)]
    [InlineData("sortby=size", "dataset", null)]
    [InlineData("limit=0", "dataset", null)]
    [InlineData("limit=100000", "dataset", "issues wards hotspots run run")]
    [InlineData("startindex=0", "dataset", null)]
    [InlineData("startindex=99", "dataset", "")]
    [InlineData("filter=type='dataset'", "all", "issues wards hotspots run run")]
    [InlineData("filter=type='dataset'&q=wards", "all", "wards")]
    [InlineData("filter=title%20LIKE%20'W%25'", "dataset", "wards")]
    [InlineData("filter=&type=dataset", "all", "issues wards hotspots run run")]
    [InlineData("filter=type='dataset'&filter-lang=cql2-text", "dataset", "issues wards hotspots run run")]
    [InlineData("filter={\"op\":\"and\",\"args\":[{\"op\":\"a_contains\",\"args\":[{\"property\":\"tags\"},[\"wards\"]]},{\"op\":\"in\",\"args\":[{\"property\":\"id\"},[\"wards\",\"issues\",\"wards.csv\"]]}]}&filter-lang=cql2-json", "all", "wards wards.csv")]
    [InlineData("filter=A_OVERLAPS(formats,('CSV','Shapefile'))%20AND%20A_CONTAINS(keywords,('网格'))", "all", "wards wards.csv wards.shp.zip")]
    [InlineData("filter=S_INTERSECTS(geometry,BBOX(0,0,1,1))", "all", "")]
    [InlineData("filter=S_INTERSECTS(geometry,POINT(112.55%2032.55))", "dataset", "issues wards hotspots run run")]
    [InlineData("filter=S_INTERSECTS(geometry,POINT(32.55%20112.55))&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326", "dataset", "issues wards hotspots run run")]
    [InlineData("filter=updated>TIMESTAMP('2001-01-01T00:00:00Z')%20AND%20modified>978307200000", "dataset", "issues wards hotspots run run")]
    [InlineData("filter=T_BEFORE(updated,DATE('2001-01-01'))", "dataset", "")]
    [InlineData("filter=owner='城市管理局'%20AND%20access%20IN%20('public')%20AND%20id<>'wards'&limit=1", "dataset", "issues")]
    [InlineData("filter=type='dataset'%20AND", "dataset", null)]
    [InlineData("filter=size=3", "dataset", null)]
    [InlineData("filter=keywords='wards'", "dataset", null)]
    [InlineData("filter=type='dataset'&filter-lang=cql-text", "dataset", null)]
    [InlineData("filter=type='dataset'&filter-lang=cql2-json", "dataset", null)]
    [InlineData("filter=S_INTERSECTS(geometry,POINT(1%202))&filter-crs=EPSG:1", "dataset", null)]
    public async Task Req_record_core_query_parameters(string query, string collection, string? expected)
    {
        using var answer = await _server.Client.GetAsync($"{Root}/collections/{collection}/items?{query.Replace("+", "%2B")}");
        if (expected is null)
        {
            var problem = await PlantedCity.ProblemOfAsync(answer, HttpStatusCode.BadRequest);
            Assert.Equal(("Bad parameter", problem.GetProperty("detail").GetString()), (problem.GetProperty("code").GetString(), problem.GetProperty("description").GetString()));
            return;
        }
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var found = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["features"]!.AsArray().Select(f => ((string)f!["id"]!).StartsWith("run-", StringComparison.Ordinal) ? "run" : (string)f["id"]!);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), found);
    }

    [Fact]
    public async Task Req_filter_takes_every_queryable_and_means_the_values_that_are_shown()
    {
        var conformance = (await JsonAsync(Root + "/conformance"))["conformsTo"]!.AsArray().Select(c => (string)c!).ToList();
        Assert.All(
            (string[])["ogcapi-records-1/1.0/conf/filtering", "ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter", "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/cql2-json", "cql2/1.0/conf/basic-cql2"],
            name => Assert.Contains("http://www.opengis.net/spec/" + name, conformance));
        var queryables = (await JsonAsync(Root + "/collections/all/queryables"))["properties"]!.AsObject();
        Assert.Equal(["id", "type", "title", "description", "keywords", "tags", "formats", "owner", "access", "updated", "modified", "geometry"], queryables.Select(q => q.Key));
        foreach (var (name, schema) in queryables)
        {
            Assert.NotEmpty((await JsonAsync($"{All}?filter={(name == "geometry" ? "S_INTERSECTS(geometry,geometry)" : (string?)schema!["type"] == "array" ? $"NOT A_EQUALS({name},('x'))" : $"{name} IS NOT NULL")}"))["features"]!.AsArray());
        }
        foreach (var (language, title) in ((string, string)[])[("zh", "责任区"), ("en", "Wards")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{All}?filter=title='{title}'") { Headers = { { "Accept-Language", language } } };
            using var answer = await _server.Client.SendAsync(request);
            Assert.Equal("wards", (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["features"]!.AsArray().Single()!["id"]);
        }
    }

    [Fact]
    public async Task Pages_lead_to_each_other_and_hold_every_record_once()
    {
        var (seen, back) = (new List<string>(), new List<string>());
        var page = await JsonAsync(All + "?limit=7");
        for (; ; page = await JsonAsync(HrefOf(page, "next")))
        {
            seen.AddRange(page["features"]!.AsArray().Select(f => (string)f!["id"]!));
            Assert.Equal(page["features"]!.AsArray().Count, (int)page["numberReturned"]!);
            if (!page["links"]!.AsArray().Any(l => (string?)l!["rel"] == "next"))
            {
                break;
            }
        }
        Assert.Equal((int)page["numberMatched"]!, seen.Distinct().Count());
        Assert.Equal(seen.Count, seen.Distinct().Count());
        for (; page["links"]!.AsArray().Any(l => (string?)l!["rel"] == "prev"); page = await JsonAsync(HrefOf(page, "prev")))
        {
            back.InsertRange(0, page["features"]!.AsArray().Select(f => (string)f!["id"]!));
        }
        Assert.Equal(seen[7..], back);
    }

    [Theory]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", "zh", "责任区")]
    [InlineData("en-GB,zh;q=0.5", "en", "Wards")]
    [InlineData("fr,zh;q=0.2", "zh", "责任区")]
    [InlineData("fr", "en", "Wards")]
    public async Task A_record_comes_in_the_language_that_the_client_accepts(string accept, string language, string title)
    {
        foreach (var path in (string[])["/dataset/items/wards", "/all/items?ids=wards"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Root + "/collections" + path);
            request.Headers.TryAddWithoutValidation("Accept-Language", accept);
            using var answer = await _server.Client.SendAsync(request);
            Assert.Equal([language], answer.Content.Headers.ContentLanguage);
            Assert.Contains("Accept-Language", answer.Headers.Vary);
            var document = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
            var record = document["features"]?[0] ?? document;
            Assert.Equal((title, language), ((string?)record["properties"]!["title"], (string?)record["properties"]!["language"]!["code"]));
        }
    }

    [Fact]
    public async Task What_the_client_has_is_not_sent_again_whenever_it_was_written()
    {
        using var first = await _server.Client.GetAsync(All);
        using var second = await _server.Client.GetAsync(All);
        Assert.False(first.Headers.ETag!.IsWeak);
        Assert.NotEqual(first.Headers.ETag, second.Headers.ETag);
        Assert.NotEqual((string?)(await first.Content.ReadFromJsonAsync<JsonNode>())!["timeStamp"], (string?)(await second.Content.ReadFromJsonAsync<JsonNode>())!["timeStamp"]);
        foreach (var path in (string[])[All, Root, All + "/issues", "/api/search/definition"])
        {
            using var known = await _server.Client.GetAsync(path);
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { known.Headers.ETag! } } };
            using var again = await _server.Client.SendAsync(request);
            Assert.Equal((HttpStatusCode.NotModified, known.Headers.ETag), (again.StatusCode, again.Headers.ETag));
        }
    }

    [Theory]
    [InlineData("/collections/streets")]
    [InlineData("/collections/streets/items")]
    [InlineData("/collections/dataset/items/none")]
    [InlineData("/collections/dataset/items/issues.csv")]
    [InlineData("/collections/streets/queryables")]
    public async Task What_there_is_not_is_refused(string path)
        => Assert.Equal("Not found", (await PlantedCity.ProblemOfAsync(await _server.Client.GetAsync(Root + path), HttpStatusCode.NotFound)).GetProperty("code").GetString());

    private static string HrefOf(JsonNode document, string rel) => (string)document["links"]!.AsArray().First(l => (string?)l!["rel"] == rel)!["href"]!;

    private async Task<JsonNode> JsonAsync(string path) => (await _server.Client.GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>A city with two published analyses, and one that is not.</summary>
    public sealed class CityWithRuns : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        internal IReadOnlyList<long> Runs { get; private set; } = [];

        public async Task InitializeAsync()
        {
            Server = await TestServer.StartAsync(new Settings
            {
                Publisher = new() { Name = "城市管理局", Title = "Open sanitation", ContactEmail = "data@city.example", License = "https://creativecommons.org/licenses/by/4.0/" },
            });
            await Server.Data.PlantCityAsync();
            await Server.Data.PlantManyAsync(200);
            Runs = [await RunAsync("cells", publish: true), await RunAsync("clusters of the test", publish: true), await RunAsync("a draft", publish: false)];
        }

        public Task DisposeAsync() => Server.DisposeAsync().AsTask();

        private async Task<long> RunAsync(string name, bool publish)
        {
            using var inspector = await Server.ClientAsync(Roles.Inspector);
            using var posted = await inspector.PostAsync("/api/runs", PlantedCity.Json($$"""{"method": "dbscan", "parameters": {"eps": 8000, "min_points": 4}, "name": "{{name}}"}"""));
            var id = (long)(await posted.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
            while ((string?)(await inspector.GetFromJsonAsync<JsonNode>($"/api/runs/{id}"))!["state"] is "queued" or "running")
            {
                await Task.Yield();
            }
            if (publish)
            {
                using var published = await inspector.PostAsync($"/api/runs/{id}/publish", null);
                Assert.Equal(HttpStatusCode.OK, published.StatusCode);
            }
            return id;
        }
    }
}
