using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Tiles;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Ogc;

/// <summary>Tiles of all collections at once (OGC 20-057, requirements classes "dataset tilesets" and "collections selection").</summary>
public sealed class OgcDatasetTilesTests(OgcDatasetTilesTests.CountyWithRun county) : IClassFixture<OgcDatasetTilesTests.CountyWithRun>
{
    private const string TilesetsVector = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    private const string Tiles = "/ogc/tiles/WebMercatorQuad";

    private readonly TestServer _server = county.Server;

    [Fact]
    public async Task Req_dataset_tilesets_landingpage_and_operation()
    {
        var tilesets = await JsonAsync(HrefOf(await JsonAsync("/ogc"), TilesetsVector));
        var listed = Assert.Single(tilesets["tilesets"]!.AsArray())!;
        var tileset = await JsonAsync(HrefOf(listed, "self"));
        Assert.Equal(("vector", "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"), ((string?)tileset["dataType"], (string?)tileset["tileMatrixSetURI"]));
        Assert.Equal(["issues", "wards", "hotspots"], tileset["layers"]!.AsArray().Select(l => (string)l!["id"]!));
        var item = tileset["links"]!.AsArray().Single(l => (string?)l!["rel"] == "item")!;
        Assert.Equal(("application/vnd.mapbox-vector-tile", true), ((string?)item["type"], (bool)item["templated"]!));

        var names = new HashSet<string>();
        foreach (var (row, column) in RowsAndColumns(tileset))
        {
            using var tile = await _server.Client.GetAsync(((string)item["href"]!).Replace("{tileMatrix}", "12").Replace("{tileRow}", $"{row}").Replace("{tileCol}", $"{column}"));
            var bytes = await tile.Content.ReadAsByteArrayAsync();
            Assert.Equal(await OneByOneAsync($"12/{row}/{column}", "issues", "wards", "hotspots"), bytes);
            names.UnionWith(MvtReader.Read(bytes).Select(l => l.Name));
        }
        Assert.Equal(["clusters", "hotspots", "issues", "ward_labels", "wards"], names.Order());
    }

    [Theory]
    [InlineData("issues,wards", "issues", "wards")]
    [InlineData("wards,issues", "wards", "issues")]
    [InlineData("hotspots", "hotspots")]
    [InlineData("hotspots,http://example.org/ogc/collections/wards", "hotspots", "wards")]
    public async Task Req_collections_selection_holds_only_those_in_their_order(string given, params string[] names)
    {
        var tileset = await JsonAsync($"{Tiles}?collections={Uri.EscapeDataString(given)}");
        Assert.Equal(names, tileset["layers"]!.AsArray().Select(l => (string)l!["id"]!));
        var item = HrefOf(tileset, "item");
        var found = 0;
        foreach (var (row, column) in RowsAndColumns(tileset))
        {
            using var tile = await _server.Client.GetAsync(item.Replace("{tileMatrix}", "12").Replace("{tileRow}", $"{row}").Replace("{tileCol}", $"{column}"));
            var bytes = await tile.Content.ReadAsByteArrayAsync();
            Assert.Equal(await OneByOneAsync($"12/{row}/{column}", names), bytes);
            Assert.Equal(bytes.Length > 0 ? HttpStatusCode.OK : HttpStatusCode.NoContent, tile.StatusCode);
            found += bytes.Length > 0 ? 1 : 0;
        }
        Assert.True(found > 0);
    }

    [Theory]
    [InlineData("collections=streets", "collections")]
    [InlineData("collections=", "collections")]
    [InlineData("collections=wards,wards", "collections")]
    [InlineData("collections=wards&aggregate=hex", "aggregate")]
    [InlineData("collections=issues&run=1", "run")]
    [InlineData("severity=9", "severity")]
    [InlineData("nothing=1", "nothing")]
    [InlineData("f=png", "f")]
    public async Task Req_collections_selection_refuses(string query, string parameter)
    {
        using var answer = await _server.Client.GetAsync($"{Tiles}/9/208/417?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(parameter, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["parameter"]);
    }

    [Fact]
    public async Task Req_datetime_chooses_the_issues_in_tiles_of_all()
    {
        var tileset = await JsonAsync(Tiles);
        var (all, some, none) = (0L, 0L, 0L);
        foreach (var (row, column) in RowsAndColumns(tileset))
        {
            all += await IssuesAsync($"{Tiles}/12/{row}/{column}");
            some += await IssuesAsync($"{Tiles}/12/{row}/{column}?datetime=2025-01-01/2025-06-30");
            none += await IssuesAsync($"{Tiles}/12/{row}/{column}?datetime=1999-01-01/1999-12-31");
        }
        Assert.Equal(await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"), all);
        Assert.Equal(await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE reported_at >= '2025-01-01Z' AND reported_at < '2025-07-01Z'"), some);
        Assert.Equal(0, none);
    }

    [Fact]
    public async Task A_tile_of_all_that_the_client_has_is_not_sent_again_until_a_part_of_it_changes()
    {
        var (row, column) = RowsAndColumns(await JsonAsync(Tiles)).First();
        var address = $"{Tiles}/12/{row}/{column}";
        using var first = await _server.Client.GetAsync(address);
        Assert.False(first.Headers.ETag!.IsWeak);
        // The version counts transactions of the whole test cluster, so it may move between two requests; not for ever.
        for (var attempt = 0; ; attempt++)
        {
            using var known = await AskAsync();
            if (known.StatusCode == HttpStatusCode.NotModified)
            {
                break;
            }
            Assert.True(attempt < 200);
        }
        await county.PublishAsync("dbscan", """{"eps":80,"min_points":10}""");
        using var changed = await _server.Client.GetAsync(address);
        Assert.NotEqual(first.Headers.ETag, changed.Headers.ETag);

        async Task<HttpResponseMessage> AskAsync()
        {
            using var latest = await _server.Client.GetAsync(address);
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { latest.Headers.ETag! } } };
            return await _server.Client.SendAsync(request);
        }
    }

    private static IEnumerable<(int Row, int Column)> RowsAndColumns(JsonNode tileset)
    {
        var limits = tileset["tileMatrixSetLimits"]!.AsArray().Single(l => (string?)l!["tileMatrix"] == "12")!;
        return from row in Enumerable.Range((int)limits["minTileRow"]!, (int)limits["maxTileRow"]! - (int)limits["minTileRow"]! + 1)
               from column in Enumerable.Range((int)limits["minTileCol"]!, (int)limits["maxTileCol"]! - (int)limits["minTileCol"]! + 1)
               select (row, column);
    }

    private async Task<byte[]> OneByOneAsync(string tile, params string[] names)
    {
        var all = new List<byte>();
        foreach (var name in names)
        {
            all.AddRange(await _server.Client.GetByteArrayAsync($"/ogc/collections/{name}/tiles/WebMercatorQuad/{tile}"));
        }
        return [.. all];
    }

    private async Task<long> IssuesAsync(string address)
        => MvtReader.Read(await _server.Client.GetByteArrayAsync(address)).Where(l => l.Name is "issues" or "clusters").SelectMany(l => l.Features)
            .Sum(f => f.Tags.TryGetValue("point_count", out var many) ? Convert.ToInt64(many, System.Globalization.CultureInfo.InvariantCulture) : 1);

    private static string HrefOf(JsonNode document, string rel) => (string)document["links"]!.AsArray().First(l => (string?)l!["rel"] == rel)!["href"]!;

    private async Task<JsonNode> JsonAsync(string path) => (await _server.Client.GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>The sample county with a published run.</summary>
    public sealed class CountyWithRun : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = await TestServer.StartWithSampleCountyAsync();
            await PublishAsync("gi-star", """{"cell":"square","size":800,"distance":1200}""");
        }

        public Task DisposeAsync() => Server.DisposeAsync().AsTask();

        internal async Task PublishAsync(string method, string parameters)
        {
            using var inspector = await Server.ClientAsync(Roles.Inspector);
            using var asked = await inspector.PostAsync("/api/runs", new StringContent($$"""{"method":"{{method}}","parameters":{{parameters}}}""", Encoding.UTF8, "application/json"));
            var run = $"/api/runs/{(long)(await asked.Content.ReadFromJsonAsync<JsonNode>())!["id"]!}";
            while ((string?)(await inspector.GetFromJsonAsync<JsonNode>(run))!["state"] is "queued" or "running")
            {
                await Task.Yield();
            }
            using var published = await inspector.PostAsync(run + "/publish", null);
            Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        }
    }
}
