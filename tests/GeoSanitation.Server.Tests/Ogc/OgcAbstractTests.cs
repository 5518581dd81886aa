using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Filters;
using GeoSanitation.Server.Tests.Tiles;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Ogc;

/// <summary>
/// The abstract tests of OGC API Features Parts 1 to 3 (OGC 17-069r4, 18-058r1, 19-079r2) and Tiles (OGC 20-057) that <see cref="OgcFeaturesTests"/> and its neighbors do not hold yet: they look at
/// every collection alike, and at every document by the rules of its published schema.
/// </summary>
public sealed class OgcAbstractTests(Cql2Tests.County county) : IClassFixture<Cql2Tests.County>
{
    private const string Crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    private const string Epsg4490 = "http://www.opengis.net/def/crs/EPSG/0/4490";
    private const string Relation = "http://www.opengis.net/def/rel/ogc/1.0/";

    private readonly TestServer _server = county.Server;

    public static TheoryData<string> Collections => [.. Quick];

    /// <summary>Collections that are quick to be asked for.</summary>
    private static readonly string[] Quick = ["issues", "wards", "hotspots", "clusters", "gi-star", "local-moran"];

    [Theory]
    [InlineData("/ogc")]
    [InlineData("/ogc/conformance")]
    [InlineData("/ogc/collections")]
    [InlineData("/ogc/collections/wards")]
    [InlineData("/ogc/collections/issues/items?limit=1")]
    [InlineData("/ogc/collections/issues/items/1")]
    public async Task Req_core_http_and_html_content(string path)
    {
        using var head = await SendAsync(HttpMethod.Head, path);
        using var get = await SendAsync(HttpMethod.Get, path);
        Assert.Equal((HttpStatusCode.OK, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        using var page = await SendAsync(HttpMethod.Get, path, "text/html;q=0.9,*/*;q=0.1");
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        var text = await page.Content.ReadAsStringAsync();
        Assert.Contains("<a href=\"http", text);
        Assert.Contains("<h1>", text);
        using var program = await SendAsync(HttpMethod.Get, path, "text/html;q=0.5,application/json,application/geo+json");
        Assert.EndsWith("json", program.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Req_core_documents_follow_the_published_schemas()
    {
        PublishedRules.LandingPage(await JsonAsync("/ogc"));
        PublishedRules.Conformance(await JsonAsync("/ogc/conformance"));
        var collections = await JsonAsync("/ogc/collections");
        PublishedRules.Links(collections);
        Assert.All(collections["collections"]!.AsArray(), c => PublishedRules.Collection(c!));
        PublishedRules.TileMatrixSet(await JsonAsync("/ogc/tileMatrixSets/WebMercatorQuad"));
        foreach (var process in (await JsonAsync("/ogc/processes"))["processes"]!.AsArray())
        {
            PublishedRules.Process(process!);
            PublishedRules.Process(await JsonAsync($"/ogc/processes/{process!["id"]}"));
        }
        foreach (var path in (string[])["/ogc/nothing", "/ogc/collections/nothing", "/ogc/collections/issues/items/0", "/ogc/collections/issues/items?nothing=1", "/ogc/processes/nothing", "/ogc/tileMatrixSets/nothing"])
        {
            using var answer = await _server.Client.GetAsync(path);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            PublishedRules.Exception(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
        }
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Req_geojson_content_of_every_collection(string name)
    {
        var items = (await JsonAsync($"/ogc/collections/{name}"))["links"]!.AsArray().First(l => (string?)l!["rel"] == "items")!;
        using var answer = await _server.Client.GetAsync($"{items["href"]}?limit=5");
        Assert.Equal("application/geo+json", answer.Content.Headers.ContentType!.MediaType);
        var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        PublishedRules.FeatureCollection(page);
        foreach (var feature in page["features"]!.AsArray().Take(2))
        {
            var alone = await JsonAsync($"/ogc/collections/{name}/items/{Uri.EscapeDataString(feature!["id"]!.ToString())}");
            PublishedRules.Feature(alone);
            PublishedRules.Links(alone);
            Assert.True(JsonNode.DeepEquals(feature["geometry"], alone["geometry"]));
        }
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Req_core_fc_links_lead_to_the_page_itself_and_to_each_other_form_of_it(string name)
    {
        var address = $"/ogc/collections/{name}/items?limit=2";
        var links = (await JsonAsync(address))["links"]!.AsArray();
        Assert.Equal(new Uri(_server.Address, address).ToString(), (string?)links.Single(l => (string?)l!["rel"] == "self")!["href"]);
        var forms = links.Where(l => (string?)l!["rel"] is "self" or "alternate").ToList();
        Assert.Equal(["application/flatgeobuf", "application/geo+json", "application/vnd.ogc.fg+json", "text/csv", "text/html"], forms.Select(l => (string)l!["type"]!).Order());
        foreach (var form in forms)
        {
            using var answer = await _server.Client.GetAsync((string)form!["href"]!);
            Assert.Equal((HttpStatusCode.OK, (string?)form["type"]), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        }
    }

    [Fact]
    public async Task Req_core_fc_md_extent_holds_all_features()
    {
        foreach (var (name, sql) in ((string, string)[])[("issues", "SELECT ST_Extent(geom)::text FROM geosan.issue"), ("wards", "SELECT ST_Extent(geom)::text FROM geosan.ward WHERE valid_to IS NULL")])
        {
            var box = (await JsonAsync($"/ogc/collections/{name}"))["extent"]!["spatial"]!["bbox"]![0]!.AsArray().Select(n => (double)n!);
            var expected = (await _server.Data.ScalarAsync<string>(sql))[4..^1].Split(',', ' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture));
            Assert.Equal(expected, box);
        }
        var interval = (await JsonAsync("/ogc/collections/issues"))["extent"]!["temporal"]!["interval"]![0]!.AsArray().Select(t => DateTimeOffset.Parse((string)t!, CultureInfo.InvariantCulture).UtcDateTime);
        Assert.Equal(await _server.Data.ScalarAsync<DateTime[]>("SELECT ARRAY[min(reported_at), max(reported_at)] FROM geosan.issue"), interval);
    }

    [Theory]
    [InlineData("2025-03-01T08:00:00Z/2025-03-10T08:00:00Z", "BETWEEN '2025-03-01T08:00:00Z' AND '2025-03-10T08:00:00Z'")]
    [InlineData("2025-03-01T08:00:00+08:00/2025-03-10", "BETWEEN '2025-03-01T00:00:00Z' AND '2025-03-10T23:59:59.999999Z'")]
    [InlineData("2025-03-10", "BETWEEN '2025-03-10T00:00:00Z' AND '2025-03-10T23:59:59.999999Z'")]
    [InlineData("../2025-03-10T08:00:00Z", "<= '2025-03-10T08:00:00Z'")]
    [InlineData("/2025-03-10T08:00:00Z", "<= '2025-03-10T08:00:00Z'")]
    [InlineData("2025-03-10T08:00:00Z/..", ">= '2025-03-10T08:00:00Z'")]
    [InlineData("2025-03-10T08:00:00Z/", ">= '2025-03-10T08:00:00Z'")]
    public async Task Req_core_fc_time_response(string datetime, string sql)
        => Assert.Equal(await _server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue WHERE reported_at {sql}"), await CountAsync("issues", "datetime=" + datetime));

    [Fact]
    public async Task Req_core_parameters_are_defined_as_the_standard_has_them_for_every_collection()
    {
        var paths = (await JsonAsync("/ogc/api"))["paths"]!;
        foreach (var collection in (await JsonAsync("/ogc/collections"))["collections"]!.AsArray())
        {
            var parameters = paths[$"/collections/{collection!["id"]}/items"]!["get"]!["parameters"]!.AsArray();
            foreach (var (name, type, format) in ((string, string, string?)[])[
                ("bbox", "array", null), ("datetime", "string", null), ("limit", "integer", null), ("crs", "string", "uri"), ("bbox-crs", "string", "uri"), ("filter", "string", null), ("filter-lang", "string", null), ("filter-crs", "string", null)])
            {
                var parameter = parameters.Single(p => (string?)p!["name"] == name)!;
                Assert.Equal(("query", "form", false), ((string?)parameter["in"], (string?)parameter["style"], (bool?)parameter["explode"]));
                Assert.False((bool?)parameter["required"] ?? false);
                Assert.Equal(type, (string?)parameter["schema"]!["type"]);
                Assert.True(format is null || (string?)parameter["schema"]!["format"] == format, name);
            }
        }
    }

    /// <summary>What a black box can see of completeness: every path answers with a status and a media type that its description names.</summary>
    [Fact]
    public async Task Req_oas30_completeness_and_exceptions_codes()
    {
        var api = await JsonAsync("/ogc/api");
        var asked = 0;
        foreach (var (path, operations) in api["paths"]!.AsObject().Where(p => !p.Key.Contains('{') && p.Value!["get"] is not null))
        {
            if (path.Contains("/items", StringComparison.Ordinal) && !Quick.Any(name => path.Contains($"/{name}/", StringComparison.Ordinal)))
            {
                continue;
            }
            var responses = operations!["get"]!["responses"]!;
            foreach (var accept in (string[])["*/*", "text/html"])
            {
                using var answer = await SendAsync(HttpMethod.Get, "/ogc" + path.TrimEnd('/'), accept);
                Assert.True(responses[$"{(int)answer.StatusCode}"] is not null, path);
                if (accept == "*/*")
                {
                    Assert.Contains(answer.Content.Headers.ContentType!.MediaType!, responses["200"]!["content"]!.AsObject().Select(c => c.Key.Split(';')[0]));
                }
            }
            using var refused = await _server.Client.GetAsync($"/ogc{path.TrimEnd('/')}?nothing=1");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.True(responses["400"] is not null, $"{path} does not say that it may refuse");
            asked++;
        }
        Assert.True(asked > 60, $"{asked}");
        var bodies = api["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Where(o => o.Key is "post" or "put" or "patch").Select(o => o.Value!["requestBody"]!["content"]!.AsObject().Select(c => c.Key)).ToList();
        Assert.Equal(4, bodies.Count);
        Assert.All(bodies, types => Assert.Contains("application/json", types));
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Req_crs_header_of_every_collection_and_refusal_of_other_systems(string name)
    {
        var systems = (await JsonAsync($"/ogc/collections/{name}"))["crs"]!.AsArray().Select(c => (string)c!).ToList();
        Assert.Equal((Crs84, true, true), (systems[0], systems.Contains("http://www.opengis.net/def/crs/EPSG/0/4326"), systems.Contains(Epsg4490)));
        foreach (var (query, crs) in ((string, string)[])[("", Crs84), ($"&crs={Crs84}", Crs84), ($"&crs={Epsg4490}", Epsg4490), ("&crs=http://www.opengis.net/def/crs/EPSG/0/3857", "http://www.opengis.net/def/crs/EPSG/0/3857")])
        {
            using var answer = await _server.Client.GetAsync($"/ogc/collections/{name}/items?limit=1{query}");
            Assert.Equal($"<{crs}>", Assert.Single(answer.Headers.GetValues("Content-Crs")));
        }
        foreach (var query in (string[])["crs=http://www.opengis.net/def/crs/EPSG/0/99", "bbox=1,2,3,4&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/99", "filter=1=1&filter-crs=http://www.opengis.net/def/crs/EPSG/0/99"])
        {
            using var refused = await _server.Client.GetAsync($"/ogc/collections/{name}/items?{query}");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        // A box in the system that is usual, named and not.
        Assert.Equal(await CountAsync(name, "bbox=112.66,32.41,112.69,32.43"), await CountAsync(name, $"bbox=112.66,32.41,112.69,32.43&bbox-crs={Crs84}"));
        Assert.Equal(await CountAsync(name, "bbox=112.66,32.41,112.69,32.43"), await CountAsync(name, $"bbox=32.41,112.66,32.43,112.69&bbox-crs={Epsg4490}"));
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Req_queryables_get_by_their_link_and_describe_parameters_that_are_taken(string name)
    {
        var collection = await JsonAsync($"/ogc/collections/{name}");
        var address = (string)collection["links"]!.AsArray().Single(l => (string?)l!["rel"] == Relation + "queryables")!["href"]!;
        using var answer = await SendAsync(HttpMethod.Get, address, "application/schema+json");
        Assert.Equal("application/schema+json", answer.Content.Headers.ContentType!.MediaType);
        var schema = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(("https://json-schema.org/draft/2020-12/schema", address, "object"), ((string?)schema["$schema"], (string?)schema["$id"], (string?)schema["type"]));
        var defined = (await JsonAsync("/ogc/api"))["paths"]![$"/collections/{name}/items"]!["get"]!["parameters"]!.AsArray().Select(p => (string)p!["name"]!).ToHashSet();
        foreach (var (property, value) in schema["properties"]!.AsObject())
        {
            var isShape = ((string?)value!["format"])?.StartsWith("geometry-", StringComparison.Ordinal) == true;
            Assert.True(isShape || (string?)value["type"] is "string" or "integer" or "number" or "boolean" or "array", property);
            // What a method makes is worked out anew for each filter.
            if (name is "issues" or "wards")
            {
                var isList = (string?)value["type"] == "array";
                Assert.True(isShape || isList || defined.Contains(property), property);
                Assert.True(await CountAsync(name, "filter=" + Uri.EscapeDataString(isList ? $"A_CONTAINS({property},('x'))" : $"\"{property}\" IS NOT NULL")) >= 0, property);
            }
        }
    }

    [Theory]
    [InlineData("filter=severity%3E3&filter-lang=cql2-text")]
    [InlineData("filter=%7B%22op%22:%22%3E%22,%22args%22:[%7B%22property%22:%22severity%22%7D,3]%7D&filter-lang=cql2-json")]
    [InlineData("filter=severity%3E3")]
    public async Task Req_filter_and_other_parameters_must_all_hold(string filter)
    {
        Assert.Equal(await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE severity > 3"), await CountAsync("issues", filter));
        Assert.Equal(
            await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE severity > 3 AND status = 'closed' AND reported_at >= '2025-03-01Z' AND geom && ST_MakeEnvelope(112.62, 32.42, 112.68, 32.48, 4326)"),
            await CountAsync("issues", $"{filter}&status=closed&datetime=2025-03-01/..&bbox=112.62,32.42,112.68,32.48"));
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task Req_geodata_tilesets_list_and_description(string name)
    {
        var list = await JsonAsync((string)(await JsonAsync($"/ogc/collections/{name}"))["links"]!.AsArray().Single(l => (string?)l!["rel"] == Relation + "tilesets-vector")!["href"]!);
        PublishedRules.Links(list);
        var listed = Assert.Single(list["tilesets"]!.AsArray())!;
        PublishedRules.TileSet(listed);
        var tileset = await JsonAsync((string)listed["links"]!.AsArray().Single(l => (string?)l!["rel"] == "self")!["href"]!);
        PublishedRules.TileSet(tileset);
        Assert.NotEmpty(tileset["layers"]!.AsArray());
        PublishedRules.TileMatrixSet(await JsonAsync((string)tileset["links"]!.AsArray().Single(l => (string?)l!["rel"] == Relation + "tiling-scheme")!["href"]!));
    }

    [Theory]
    [InlineData("/ogc/collections/issues/tiles", "issues")]
    [InlineData("/ogc/collections/wards/tiles", "wards")]
    [InlineData("/ogc/tiles", "wards")]
    public async Task Req_core_tc_success_is_MVT_and_errors_are_told(string tiles, string layer)
    {
        using var tile = await _server.Client.GetAsync($"{tiles}/WebMercatorQuad/16/26523/53280");
        Assert.Equal((HttpStatusCode.OK, "application/vnd.mapbox-vector-tile"), (tile.StatusCode, tile.Content.Headers.ContentType!.MediaType));
        Assert.Contains(layer, MvtReader.Read(await tile.Content.ReadAsByteArrayAsync()).Select(l => l.Name));
        using var empty = await _server.Client.GetAsync($"{tiles}/WebMercatorQuad/16/0/0");
        Assert.Equal(HttpStatusCode.NoContent, empty.StatusCode);
        foreach (var (path, status) in ((string, HttpStatusCode)[])[("WebMercatorQuad/16/65536/0", HttpStatusCode.BadRequest), ("WebMercatorQuad/23/0/0", HttpStatusCode.BadRequest), ("Nothing/16/0/0", HttpStatusCode.NotFound)])
        {
            using var refused = await _server.Client.GetAsync($"{tiles}/{path}");
            Assert.Equal(status, refused.StatusCode);
            PublishedRules.Exception(JsonNode.Parse(await refused.Content.ReadAsStringAsync())!);
        }
    }

    private async Task<long> CountAsync(string collection, string query) => (long)(await JsonAsync($"/ogc/collections/{collection}/items?limit=1&{query}"))["numberMatched"]!;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }
        return await _server.Client.SendAsync(request);
    }

    private async Task<JsonNode> JsonAsync(string path)
    {
        using var answer = await _server.Client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {body}");
        return JsonNode.Parse(body)!;
    }
}
