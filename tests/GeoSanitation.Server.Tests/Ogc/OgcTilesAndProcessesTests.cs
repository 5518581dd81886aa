using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Filters;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Ogc;

/// <summary>OGC API Tiles Part 1 (OGC 20-057) and Processes Part 1 (OGC 18-062r2), by the requirements that clients follow.</summary>
public sealed class OgcTilesAndProcessesTests(Cql2Tests.County county) : IClassFixture<Cql2Tests.County>
{
    private readonly TestServer _server = county.Server;

    [Theory]
    [InlineData("issues")]
    [InlineData("wards")]
    public async Task Req_tileset_leads_from_the_landing_page_to_a_tile(string name)
    {
        var landing = await JsonAsync("/ogc");
        var collections = await JsonAsync(HrefOf(landing, "data"));
        var collection = collections["collections"]!.AsArray().Single(c => (string?)c!["id"] == name)!;
        var tilesets = await JsonAsync(HrefOf(collection, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"));
        var tileset = await JsonAsync(HrefOf(tilesets["tilesets"]![0]!, "self"));
        Assert.Equal("vector", (string?)tileset["dataType"]);
        Assert.Equal("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad", (string?)tileset["tileMatrixSetURI"]);
        var item = tileset["links"]!.AsArray().Single(l => (string?)l!["rel"] == "item")!;
        Assert.Equal(("application/vnd.mapbox-vector-tile", true), ((string?)item["type"], (bool)item["templated"]!));
        var limits = tileset["tileMatrixSetLimits"]!.AsArray().Single(l => (string?)l!["tileMatrix"] == "12")!;
        var found = 0;
        for (var row = (int)limits["minTileRow"]!; row <= (int)limits["maxTileRow"]!; row++)
        {
            for (var column = (int)limits["minTileCol"]!; column <= (int)limits["maxTileCol"]!; column++)
            {
                var address = ((string)item["href"]!).Replace("{tileMatrix}", "12").Replace("{tileRow}", $"{row}").Replace("{tileCol}", $"{column}");
                using var tile = await _server.Client.GetAsync(address);
                // The same tile as the one of web maps, where the column comes before the row.
                Assert.Equal(await _server.Client.GetByteArrayAsync($"/tiles/{name}/12/{column}/{row}.mvt"), await tile.Content.ReadAsByteArrayAsync());
                found += tile.StatusCode == HttpStatusCode.OK ? 1 : 0;
            }
        }
        Assert.True(found > 0);
    }

    [Theory]
    [InlineData("clusters", "dbscan", "?severity=4..5")]
    [InlineData("gi-star", "gi-star", "?status=open&datetime=2025-06-01/..")]
    [InlineData("density", "density", "")]
    public async Task Req_geodata_tileset_of_what_a_method_makes_is_of_the_same_features_as_its_collection(string name, string method, string filter)
    {
        var collection = await JsonAsync("/ogc/collections/" + name);
        var tilesets = await JsonAsync(HrefOf(collection, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"));
        var tileset = await JsonAsync(HrefOf(tilesets["tilesets"]![0]!, "self"));
        Assert.Equal("hotspots", (string?)tileset["layers"]!.AsArray().Single()!["id"]);
        var address = HrefOf(tileset, "item").Replace("{tileMatrix}", "11").Replace("{tileRow}", "828").Replace("{tileCol}", "1665");
        using var tile = await _server.Client.GetAsync(address + filter);
        Assert.Equal((HttpStatusCode.OK, "application/vnd.mapbox-vector-tile"), (tile.StatusCode, tile.Content.Headers.ContentType!.MediaType));
        Assert.Equal(
            await _server.Client.GetByteArrayAsync($"/tiles/hotspots/11/1665/828.mvt?method={method}&{(filter.Length > 0 ? filter[1..] : "datetime=../..")}"), await tile.Content.ReadAsByteArrayAsync());
        using var known = new HttpRequestMessage(HttpMethod.Get, address + filter) { Headers = { IfNoneMatch = { tile.Headers.ETag! } } };
        using var again = await _server.Client.SendAsync(known);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        foreach (var wrong in (string[])["method=scan", "run=1", "severity=9"])
        {
            using var refused = await _server.Client.GetAsync($"{address}?{wrong}");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Req_tilematrixset_is_that_of_web_maps()
    {
        var grid = await JsonAsync("/ogc/tileMatrixSets/WebMercatorQuad");
        var matrix = grid["tileMatrices"]!.AsArray().Single(m => (string?)m!["id"] == "12")!;
        Assert.Equal(4096, (int)matrix["matrixWidth"]!);
        Assert.Equal(136494.693366, (double)matrix["scaleDenominator"]!, 1e-3);
        Assert.Equal(38.2185141425, (double)matrix["cellSize"]!, 1e-6);
    }

    [Theory]
    [InlineData("/ogc/collections/issues/tiles/WebMercatorQuad/99/0/0")]
    [InlineData("/ogc/collections/issues/tiles/WebMercatorQuad/2/9/0")]
    [InlineData("/ogc/collections/issues/tiles/WebMercatorQuad/a/0/0")]
    [InlineData("/ogc/collections/issues/tiles/WebMercatorQuad/2/1/1?severity=9")]
    [InlineData("/ogc/collections/wards/tiles/WebMercatorQuad/2/1/1?nothing=1")]
    public async Task Req_tile_that_cannot_be_is_refused(string path)
    {
        using var answer = await _server.Client.GetAsync(path);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Req_process_list_and_description()
    {
        var processes = (await JsonAsync("/ogc/processes"))["processes"]!.AsArray();
        Assert.Equal(["dbscan", "hdbscan", "st-dbscan", "gi-star", "local-moran", "emerging", "scan", "density"], processes.Select(p => (string)p!["id"]!));
        var described = await JsonAsync("/ogc/processes/gi-star");
        Assert.Equal("number", (string?)described["inputs"]!["size"]!["schema"]!["type"]);
        Assert.Contains("severity", described["inputs"]!.AsObject().Select(i => i.Key));
        Assert.Equal("application/geo+json", (string?)described["outputs"]!["features"]!["schema"]!["contentMediaType"]);
        using var none = await _server.Client.GetAsync("/ogc/processes/none");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Req_process_execute_sync_gives_what_the_API_does()
    {
        using var raw = await ExecuteAsync(_server.Client, "dbscan", """{"inputs":{"eps":60,"min_points":5,"severity":"4..5","status":["open"]}}""");
        Assert.Equal("application/geo+json", raw.Content.Headers.ContentType!.MediaType);
        var features = JsonNode.Parse(await raw.Content.ReadAsStringAsync())!["features"]!;
        Assert.Equal((await JsonAsync("/api/hotspots/clusters?eps=60&min_points=5&severity=4..5&status=open"))["features"]!.ToJsonString(), features.ToJsonString());
        using var document = await ExecuteAsync(_server.Client, "dbscan", """{"inputs":{"eps":{"value":60}},"response":"document"}""");
        Assert.Equal("FeatureCollection", (string?)JsonNode.Parse(await document.Content.ReadAsStringAsync())!["features"]!["type"]);
    }

    [Theory]
    [InlineData("dbscan", """{"inputs":{"eps":-1}}""", HttpStatusCode.BadRequest)]
    [InlineData("dbscan", """{"inputs":{"nothing":1}}""", HttpStatusCode.BadRequest)]
    [InlineData("dbscan", """{"inputs":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("dbscan", """{"outputs":{"other":{}}}""", HttpStatusCode.BadRequest)]
    [InlineData("dbscan", """{"response":"picture"}""", HttpStatusCode.BadRequest)]
    [InlineData("dbscan", """{"response":7}""", HttpStatusCode.BadRequest)]
    [InlineData("dbscan", "{", HttpStatusCode.BadRequest)]
    [InlineData("none", "{}", HttpStatusCode.NotFound)]
    public async Task Req_process_execute_refuses(string process, string body, HttpStatusCode status)
    {
        using var answer = await ExecuteAsync(_server.Client, process, body);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Req_job_that_failed_links_to_why_it_has_no_result()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        // A raster of so small a bandwidth would be too large; that shows only in the data.
        using var created = await ExecuteAsync(inspector, "density", """{"inputs":{"bandwidth":0.1}}""", "respond-async");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var job = created.Headers.Location!.ToString();
        JsonNode status;
        for (status = await JsonAsync(job); (string?)status["status"] is "accepted" or "running"; status = await JsonAsync(job))
        {
            await Task.Yield();
        }
        Assert.Equal("failed", (string?)status["status"]);
        Assert.StartsWith("bandwidth was 0.1; it must be at least ", (string?)status["message"]);
        Assert.DoesNotContain(status["links"]!.AsArray(), l => (string?)l!["rel"] == "http://www.opengis.net/def/rel/ogc/1.0/results");
        using var why = await _server.Client.GetAsync(HrefOf(status, "http://www.opengis.net/def/rel/ogc/1.0/exceptions"));
        Assert.Equal((HttpStatusCode.Gone, "application/problem+json"), (why.StatusCode, why.Content.Headers.ContentType!.MediaType));
        var problem = JsonNode.Parse(await why.Content.ReadAsStringAsync())!;
        Assert.Equal("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/job-results-failed", (string?)problem["type"]);
        Assert.Equal($"job {status["jobID"]} has no result: {status["message"]}", (string?)problem["detail"]);
        using var removed = await inspector.DeleteAsync(job);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
    }

    [Fact]
    public async Task Req_job_async_results_and_dismiss()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        using var anonymous = await ExecuteAsync(_server.Client, "gi-star", """{"inputs":{"size":400}}""", "respond-async");
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        using var created = await ExecuteAsync(inspector, "gi-star", """{"inputs":{"size":400}}""", "respond-async");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("respond-async", Assert.Single(created.Headers.GetValues("Preference-Applied")));
        Assert.Equal("application/json", created.Content.Headers.ContentType!.MediaType);
        var job = created.Headers.Location!.ToString();
        JsonNode status;
        for (status = await JsonAsync(job); (string?)status["status"] is "accepted" or "running"; status = await JsonAsync(job))
        {
            await Task.Yield();
        }
        Assert.Equal(("successful", 100, "gi-star"), ((string?)status["status"], (int)status["progress"]!, (string?)status["processID"]));
        var result = await JsonAsync(HrefOf(status, "http://www.opengis.net/def/rel/ogc/1.0/results"));
        Assert.NotEmpty(result["features"]!.AsArray());
        using var known = await _server.Client.GetAsync(job + "/results");
        using var asked = new HttpRequestMessage(HttpMethod.Get, job + "/results") { Headers = { IfNoneMatch = { known.Headers.ETag! } } };
        using var again = await _server.Client.SendAsync(asked);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        // For people, with the way to all of it.
        using var browser = new HttpRequestMessage(HttpMethod.Get, job + "/results") { Headers = { Accept = { new("text/html") } } };
        using var page = await _server.Client.SendAsync(browser);
        var text = await page.Content.ReadAsStringAsync();
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains((string)result["features"]![0]!["id"]!, text);
        Assert.Contains($"results?f=json\">The whole result ({result["features"]!.AsArray().Count} features)</a>", text);
        using var wrong = await _server.Client.GetAsync(job + "/results?f=csv");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains((await JsonAsync("/ogc/jobs"))["jobs"]!.AsArray(), j => (string?)j!["jobID"] == (string?)status["jobID"]);
        using var removed = await inspector.DeleteAsync(job);
        Assert.Equal("dismissed", (string?)JsonNode.Parse(await removed.Content.ReadAsStringAsync())!["status"]);
        using var gone = await _server.Client.GetAsync(job);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Req_job_list_parameters()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        var ids = new List<string>();
        foreach (var process in (string[])["dbscan", "density", "dbscan"])
        {
            using var created = await ExecuteAsync(inspector, process, """{"inputs":{"severity":"5"},"response":"document"}""", "respond-async");
            var job = created.Headers.Location!.ToString();
            JsonNode status;
            for (status = await JsonAsync(job); (string?)status["status"] is "accepted" or "running"; status = await JsonAsync(job))
            {
                await Task.Yield();
            }
            ids.Add((string)status["jobID"]!);
            // The result has the form that was asked for when the job was.
            Assert.Equal("FeatureCollection", (string?)(await JsonAsync(HrefOf(status, "http://www.opengis.net/def/rel/ogc/1.0/results")))["features"]!["type"]);
        }
        var since = "datetime=" + (string)(await JsonAsync($"/ogc/jobs/{ids[0]}"))["created"]! + "/..";
        foreach (var (query, expected) in ((string, int[])[])
        [
            ("", [2, 1, 0]), ("&type=process", [2, 1, 0]), ("&processID=dbscan", [2, 0]), ("&processID=density,gi-star", [1]), ("&processID=none", []),
            ("&status=successful", [2, 1, 0]), ("&status=accepted,running", []), ("&status=failed,successful&processID=density", [1]), ("&maxDuration=3600", [2, 1, 0]), ("&minDuration=3600", []), ("&limit=2", [2, 1]),
        ])
        {
            Assert.Equal(expected.Select(i => ids[i]), (await JsonAsync($"/ogc/jobs?{since}{query}"))["jobs"]!.AsArray().Select(j => (string)j!["jobID"]!));
        }
        Assert.Empty((await JsonAsync("/ogc/jobs?datetime=../2001-01-01"))["jobs"]!.AsArray());
        var seen = new List<string>();
        var page = await JsonAsync($"/ogc/jobs?{since}&limit=2");
        seen.AddRange(page["jobs"]!.AsArray().Select(j => (string)j!["jobID"]!));
        page = await JsonAsync(HrefOf(page, "next"));
        Assert.Equal(ids.AsEnumerable().Reverse(), seen.Concat(page["jobs"]!.AsArray().Select(j => (string)j!["jobID"]!)));
        Assert.DoesNotContain(page["links"]!.AsArray(), l => (string?)l!["rel"] == "next");
        foreach (var wrong in (string[])["type=provider", "status=done", "datetime=soon", "minDuration=-1", "limit=0", "before=x", "order=up"])
        {
            using var refused = await _server.Client.GetAsync("/ogc/jobs?" + wrong);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Req_core_process_list_limit()
    {
        var (seen, address) = (new List<string>(), "/ogc/processes?limit=3");
        while (true)
        {
            var page = await JsonAsync(address);
            Assert.InRange(page["processes"]!.AsArray().Count, 1, 3);
            seen.AddRange(page["processes"]!.AsArray().Select(p => (string)p!["id"]!));
            if (page["links"]!.AsArray().All(l => (string?)l!["rel"] != "next"))
            {
                break;
            }
            address = HrefOf(page, "next");
        }
        Assert.Equal((await JsonAsync("/ogc/processes"))["processes"]!.AsArray().Select(p => (string)p!["id"]!), seen);
    }

    [Theory]
    [InlineData("/ogc/processes/none", "no-such-process")]
    [InlineData("/ogc/jobs/999999", "no-such-job")]
    [InlineData("/ogc/jobs/999999/results", "no-such-job")]
    [InlineData("/ogc/jobs/none", "no-such-job")]
    public async Task Req_core_exceptions_have_the_types_of_the_standard(string path, string type)
    {
        using var answer = await _server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/" + type, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["type"]);
    }

    private static async Task<HttpResponseMessage> ExecuteAsync(HttpClient client, string process, string body, string? prefer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ogc/processes/{process}/execution") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }
        return await client.SendAsync(request);
    }

    private static string HrefOf(JsonNode document, string rel) => (string)document["links"]!.AsArray().First(l => (string?)l!["rel"] == rel)!["href"]!;

    private async Task<JsonNode> JsonAsync(string path)
    {
        using var answer = await _server.Client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }
}
