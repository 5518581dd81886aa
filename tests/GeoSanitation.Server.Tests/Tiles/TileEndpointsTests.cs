using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Tiles;

/// <summary>Vector tiles over HTTP, beside PostGIS's own and as GDAL reads them.</summary>
public sealed class TileEndpointsTests(TileServer shared) : IClassFixture<TileServer>
{
    private const int IssueCount = TileServer.IssueCount;

    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task A_detailed_tile_has_the_ids_and_coordinates_of_ST_AsMVT(int zoom)
    {
        var compared = 0;
        foreach (var (x, y) in Tiles(zoom, 120.12, 30.29, 120.125, 30.302))
        {
            var theirs = Features(await _server.Data.ScalarAsync<byte[]>($"""
                SELECT ST_AsMVT(t, 'issues', 4096, 'geom', 'id')
                FROM (SELECT id, ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope({zoom}, {x}, {y}), 4096, 256, true) AS geom
                      FROM geosan.issue WHERE geom && ST_Transform(ST_TileEnvelope({zoom}, {x}, {y}, margin => 0.1), 4326)) AS t
                """)).Where(f => f.Point is { X: >= 0 and < 4096, Y: >= 0 and < 4096 });
            var mine = Features(await TileAsync($"issues/{zoom}/{x}/{y}.mvt"));
            Assert.Equal(theirs.Select(f => (f.Id, f.Point)).Order(), mine.Select(f => (f.Id, f.Point)).Order());
            compared += mine.Count;
        }
        Assert.True(compared >= IssueCount / 10, $"{compared} compared");
    }

    [Theory]
    [InlineData("category")]
    [InlineData("reported_at")]
    [InlineData("severity,status,overdue")]
    [InlineData("count,relapse,default_point,reported_at")]
    public async Task A_tile_says_of_an_issue_what_is_asked_for(string properties)
    {
        var names = properties.Split(',');
        var (x, y) = Tiles(14, 120.12, 30.29, 120.125, 30.302).First();
        var all = Features(await TileAsync($"issues/14/{x}/{y}.mvt"));
        var some = Features(await TileAsync($"issues/14/{x}/{y}.mvt?properties={properties}"));
        Assert.NotEmpty(some);
        Assert.Equal(
            all.Select(f => (f.Id, f.Point, string.Join(' ', f.Tags.Where(t => names.Contains(t.Key)).Select(t => $"{t.Key}={t.Value}")))),
            some.Select(f => (f.Id, f.Point, string.Join(' ', f.Tags.Select(t => $"{t.Key}={t.Value}")))));
        Assert.Equal(8, all[0].Tags.Count);
        var described = JsonDocument.Parse(await _server.Client.GetStringAsync($"/tiles/issues.json?properties={properties}")).RootElement;
        Assert.Equal(names, described.GetProperty("vector_layers")[0].GetProperty("fields").EnumerateObject().Select(f => f.Name));
        Assert.Contains($"properties={properties}", Uri.UnescapeDataString(described.GetProperty("tiles")[0].GetString()!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task The_counts_of_all_tiles_of_a_zoom_add_up_to_the_issues_and_no_feature_comes_twice(int zoom)
    {
        var (clusters, issues) = (new List<MvtFeature>(), new List<MvtFeature>());
        foreach (var (x, y) in Tiles(zoom, 120, 30.2, 120.2, 30.4))
        {
            foreach (var layer in MvtReader.Read(await TileAsync($"issues/{zoom}/{x}/{y}.mvt")))
            {
                (layer.Name == "clusters" ? clusters : issues).AddRange(layer.Features);
            }
        }
        Assert.Equal(IssueCount, clusters.Sum(f => (long)f.Tags["point_count"]) + issues.Sum(f => (long)f.Tags["count"]));
        Assert.Equal(clusters.Count + issues.Count, clusters.Concat(issues).Select(f => f.Id).Distinct().Count());
        Assert.All(clusters.Concat(issues), f => Assert.True(f.Point is { X: >= 0 and < 4096, Y: >= 0 and < 4096 }));
        Assert.Equal(zoom < 14, clusters.Count > 0);
        if (zoom <= 9)
        {
            Assert.True(clusters.Count + issues.Count < IssueCount / 10);
        }
        foreach (var (sum, single, where) in ((string, Func<MvtFeature, bool>, string)[])[
            ("relapses", f => f.Tags["relapse"] is true, "relapse_of IS NOT NULL"), ("open", f => (string)f.Tags["status"] == "dispatched", "status = 'dispatched'"),
            ("overdue", f => f.Tags["overdue"] is true, "status = 'dispatched' AND due_at < now()")])
        {
            Assert.Equal(await _server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue WHERE {where}"), clusters.Sum(f => (long)f.Tags[sum]) + issues.Count(single));
        }
    }

    [Fact]
    public async Task An_issue_carries_its_attributes()
    {
        var (x, y) = TileAt(16, 120.123456, 30.301234);
        var issue = Features(await TileAsync($"issues/16/{x}/{y}.mvt")).Single(f => f.Id == 300);
        Assert.Equal(1, issue.Type);
        Assert.Equal(new Dictionary<string, object>
        {
            ["count"] = 1L,
            ["category"] = "sewage",
            ["severity"] = 1L,
            ["status"] = "dispatched",
            ["overdue"] = true,
            ["relapse"] = false,
            ["default_point"] = true,
            ["reported_at"] = DateTimeOffset.Parse("2025-03-01T08:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeSeconds(),
        }, issue.Tags);
    }

    [Fact]
    public async Task The_issue_filter_applies_at_every_zoom()
    {
        var expected = await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE category_code = 'sewage' AND status = 'closed'");
        foreach (var zoom in (int[])[3, 14])
        {
            var count = 0L;
            foreach (var (x, y) in Tiles(zoom, 120, 30.2, 120.2, 30.4))
            {
                count += MvtReader.Read(await TileAsync($"issues/{zoom}/{x}/{y}.mvt?category=sewage&status=closed")).SelectMany(l => l.Features).Sum(f => (long)f.Tags[f.Tags.ContainsKey("count") ? "count" : "point_count"]);
            }
            Assert.Equal(expected, count);
        }
    }

    [Fact]
    public async Task A_tile_without_anything_is_204()
    {
        foreach (var path in (string[])["issues/10/0/0.mvt", "issues/16/0/0.mvt", "wards/10/0/0.mvt", "issues/3/6/3.mvt?q=nothing-has-this"])
        {
            using var response = await _server.Client.GetAsync("/tiles/" + path);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.False(response.Headers.ETag!.IsWeak);
        }
    }

    [Theory]
    [InlineData("issues/23/0/0.mvt", "z")]
    [InlineData("issues/-1/0/0.mvt", "z")]
    [InlineData("issues/x/0/0.mvt", "z")]
    [InlineData("issues/3/8/0.mvt", "x")]
    [InlineData("wards/3/0/8.mvt", "y")]
    [InlineData("wards/3/0/1.5.mvt", "y")]
    [InlineData("heatmap/3/0/99999999999999.png", "y")]
    [InlineData("issues/3/0/0.mvt?severity=9", "severity")]
    [InlineData("issues/16/0/0.mvt?bbox=1,2", "bbox")]
    [InlineData("heatmap/3/0/0.png?radius_px=NaN", "radius_px")]
    [InlineData("heatmap/3/0/0.png?bandwidth=0", "bandwidth")]
    [InlineData("heatmap/3/0/0.png?bandwidth=100&radius_px=10", "radius_px")]
    [InlineData("heatmap/3/0/0.png?weight=age", "weight")]
    [InlineData("heatmap/3/0/0.png?palette=rainbow", "palette")]
    [InlineData("issues/3/0/0.mvt?aggregate=triangle", "aggregate")]
    [InlineData("issues/3/0/0.mvt?cluster_zoom=17", "cluster_zoom")]
    [InlineData("issues/3/0/0.mvt?aggregate=hex&cluster_zoom=3", "cluster_zoom")]
    [InlineData("issues.json?aggregate=hex&cluster_zoom=3", "cluster_zoom")]
    [InlineData("issues/16/0/0.mvt?properties=", "properties")]
    [InlineData("issues/16/0/0.mvt?properties=status,geom", "properties")]
    [InlineData("wards/3/0/0.mvt?crs=BD09", "crs")]
    [InlineData("hotspots/3/0/0.mvt?run=last", "run")]
    [InlineData("hotspots/3/0/0.mvt?run=1&method=dbscan", "method")]
    public async Task A_bad_address_is_a_problem_that_names_the_parameter(string path, string parameter)
    {
        using var response = await _server.Client.GetAsync("/tiles/" + path);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(parameter, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_tile_of_more_single_issues_than_the_settings_allow_is_refused_and_says_what_is_not()
    {
        await using var server = await TestServer.StartAsync(new Settings { Tiles = new() { MaxIssues = 2, KeptMegabytes = 0 } });
        await server.Data.PlantAsync(Enumerable.Range(1, 3).Select(i => new PlantedIssue(120.1 + i * 0.001, 30.3)));
        var (x, y) = TileAt(10, 120.101, 30.3);
        foreach (var (query, parameter, allowed) in ((string, string, string)[])[
            ("?aggregate=none", "aggregate", "clusters, hex or square in a tile of 3 issues, of which at most 2 come each by itself"),
            ("?cluster_zoom=9", "cluster_zoom", "10 or more in a tile of 3 issues, of which at most 2 come each by itself")])
        {
            using var refused = await server.Client.GetAsync($"/tiles/issues/10/{x}/{y}.mvt{query}");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((parameter, allowed), (problem.GetProperty("parameter").GetString(), problem.GetProperty("allowed").GetString()));
        }
        Assert.Equal(3L, MvtReader.Read(await server.Client.GetByteArrayAsync($"/tiles/issues/10/{x}/{y}.mvt?aggregate=clusters"))[0].Features.Single().Tags["point_count"]);
        var (near, row) = TileAt(18, 120.101, 30.3);
        Assert.Single(MvtReader.Read(await server.Client.GetByteArrayAsync($"/tiles/issues/18/{near}/{row}.mvt?aggregate=none"))[0].Features);
    }

    [Fact]
    public async Task A_client_that_has_the_tile_gets_304_and_one_that_takes_gzip_gets_gzip()
    {
        var (x, y) = TileAt(14, 120.123456, 30.301234);
        // The version counts transactions of the whole test cluster, so it may move between two requests; not for ever.
        for (var attempt = 0; ; attempt++)
        {
            using var first = await GetAsync(null);
            using var second = await GetAsync(first.Headers.ETag!.ToString());
            Assert.Equal(["gzip"], first.Content.Headers.ContentEncoding);
            if (second.Headers.GetValues("X-Data-Version").Single() == first.Headers.GetValues("X-Data-Version").Single())
            {
                Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
                await using var zipped = await first.Content.ReadAsStreamAsync();
                await using var gzip = new GZipStream(zipped, CompressionMode.Decompress);
                using var plain = new MemoryStream();
                await gzip.CopyToAsync(plain);
                Assert.Equal(await TileAsync($"issues/14/{x}/{y}.mvt"), plain.ToArray());
                // Two bodies, two strong tags; either is known again.
                using var unpacked = await _server.Client.GetAsync($"/tiles/issues/14/{x}/{y}.mvt");
                Assert.False(first.Headers.ETag!.IsWeak || unpacked.Headers.ETag!.IsWeak);
                Assert.NotEqual(first.Headers.ETag, unpacked.Headers.ETag);
                break;
            }
            Assert.True(attempt < 200);
        }
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 5 WHERE id = 10");
        using var changed = await GetAsync(null);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(5L, Features(await TileAsync($"issues/14/{x}/{y}.mvt")).Single(f => f.Id == 10).Tags["severity"]);

        async Task<HttpResponseMessage> GetAsync(string? known)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/tiles/issues/14/{x}/{y}.mvt");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
            if (known is not null)
            {
                request.Headers.TryAddWithoutValidation("If-None-Match", known);
            }
            return await _server.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Wards_are_clipped_polygons_wound_as_the_specification_asks()
    {
        foreach (var zoom in (int[])[8, 10, 12, 15])
        {
            var (x, y) = TileAt(zoom, 120.1, 30.3);
            var layer = MvtReader.Read(await TileAsync($"wards/{zoom}/{x}/{y}.mvt"))[0];
            Assert.Equal(("wards", 2, 4096), (layer.Name, layer.Version, layer.Extent));
            foreach (var ward in layer.Features)
            {
                Assert.Equal(3, ward.Type);
                Assert.All(ward.Parts, ring => Assert.True(ring.Count >= 3));
                Assert.All(ward.Parts.SelectMany(r => r), p => Assert.True(p is { X: >= -64 and <= 4160, Y: >= -64 and <= 4160 }));
                Assert.True(TwiceArea(ward.Parts[0]) > 0);
                Assert.All(ward.Parts.Skip(1), hole => Assert.True(TwiceArea(hole) < 0));
            }
        }
        var (cx, cy) = TileAt(10, 120.15, 30.3);
        var east = Features(await TileAsync($"wards/10/{cx}/{cy}.mvt")).Single(f => (string)f.Tags["code"] == "east");
        Assert.Equal(("东乡", "Ward east", "town"), ((string)east.Tags["name"], (string)east.Tags["name_en"], (string)east.Tags["level"]));
        Assert.Equal(2, east.Parts.Count);
        // The hole: 0.02 by 0.04 degrees, 4096 units to 360/1024 degrees.
        Assert.Equal(2 * (0.02 * 4096 * 1024 / 360) * (0.04 * 4096 * 1024 / 360 / Math.Cos(30.3 * Math.PI / 180)), -TwiceArea(east.Parts[1]), 4000.0);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(14)]
    public async Task The_name_of_a_ward_stands_once_in_a_zoom_inside_and_away_from_its_border(int zoom)
    {
        var names = new List<(string Code, double Lon, double Lat)>();
        foreach (var (x, y) in Tiles(zoom, 120, 30.2, 120.2, 30.4))
        {
            var layers = MvtReader.Read(await TileAsync($"wards/{zoom}/{x}/{y}.mvt")).Where(l => l.Name == "ward_labels");
            names.AddRange(layers.SelectMany(l => l.Features).Select(f =>
            {
                var (lon, lat) = WebMercator.ToLonLat((x + (f.Point.X + 0.5) / 4096) / (1 << zoom), (y + (f.Point.Y + 0.5) / 4096) / (1 << zoom));
                return ((string)f.Tags["code"], lon, lat);
            }));
        }
        names.Sort();
        Assert.Equal(["east", "west"], names.Select(n => n.Code));
        // The larger box leaves a circle of 0.05 degrees in its middle, along the axis of the ward.
        Assert.Equal(120.05, names[1].Lon, 0.006);
        Assert.InRange(names[1].Lat, 30.245, 30.355);
        // A hole of 0.02 by 0.04 degrees stands in the middle of the other.
        Assert.Equal(120.15, names[0].Lon, 0.01);
        Assert.True(Math.Abs(names[0].Lat - 30.3) > 0.04, $"{names[0].Lat}");
    }

    [Fact]
    public async Task A_tile_inside_a_ward_is_covered_to_its_margin()
    {
        var (x, y) = TileAt(18, 120.05, 30.3);
        var ward = Assert.Single(Features(await TileAsync($"wards/18/{x}/{y}.mvt")));
        Assert.Equal("west", ward.Tags["code"]);
        Assert.Equal(2L * (4096 + 128) * (4096 + 128), TwiceArea(ward.Parts.Single()));
    }

    [Fact]
    public async Task TileJson_describes_each_layer_with_absolute_links_that_carry_the_filter()
    {
        var issues = await _server.Client.GetFromJsonAsync<JsonElement>("/tiles/issues.json?status=open&ward=east");
        Assert.Equal("3.0.0", issues.GetProperty("tilejson").GetString());
        Assert.Equal(new Uri(_server.Address, "/tiles/issues/{z}/{x}/{y}.mvt?status=open&ward=east").OriginalString.Replace("%7B", "{").Replace("%7D", "}"),
            Uri.UnescapeDataString(issues.GetProperty("tiles")[0].GetString()!));
        Assert.Equal("issues", issues.GetProperty("vector_layers")[0].GetProperty("id").GetString());
        Assert.Equal("clusters", issues.GetProperty("vector_layers")[1].GetProperty("id").GetString());
        Assert.True(issues.GetProperty("vector_layers")[1].GetProperty("fields").TryGetProperty("point_count", out _));

        var wards = await _server.Client.GetFromJsonAsync<JsonElement>("/tiles/wards.json");
        Assert.Equal(["wards", "ward_labels"], wards.GetProperty("vector_layers").EnumerateArray().Select(l => l.GetProperty("id").GetString()));
        Assert.Equal([120.0, 30.2, 120.2, 30.4], wards.GetProperty("bounds").EnumerateArray().Select(v => v.GetDouble()));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/tiles/heatmap.json");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "maps.example.org");
        request.Headers.Add("X-Forwarded-Prefix", "/city/");
        using var response = await _server.Client.SendAsync(request);
        var heatmap = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("https://maps.example.org/city/tiles/heatmap/{z}/{x}/{y}.png", heatmap.GetProperty("tiles")[0].GetString());
        Assert.False(heatmap.TryGetProperty("vector_layers", out _));

        using var unknown = await _server.Client.GetAsync("/tiles/roads.json");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [ProgramFact("ogrinfo")]
    public async Task GDAL_reads_the_tiles()
    {
        var (x, y) = TileAt(14, 120.123456, 30.301234);
        var mine = Features(await TileAsync($"issues/14/{x}/{y}.mvt")).Count;
        Assert.Contains($"Feature Count: {mine}\n", Ogrinfo($"MVT:{_server.Address}tiles/issues/14/{x}/{y}.mvt", "issues"), StringComparison.Ordinal);
        (x, y) = TileAt(10, 120.1, 30.3);
        var wards = Ogrinfo($"MVT:{_server.Address}tiles/wards/10/{x}/{y}.mvt", "wards");
        Assert.Contains("Feature Count: 2\n", wards, StringComparison.Ordinal);
        Assert.Contains("Polygon", wards, StringComparison.Ordinal);
    }

    private static string Ogrinfo(string source, string layer)
    {
        var start = new ProcessStartInfo(SystemPrograms.PathOf("ogrinfo")!, ["-ro", "-so", source, layer]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return output;
    }

    private async Task<byte[]> TileAsync(string path)
    {
        using var response = await _server.Client.GetAsync("/tiles/" + path);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Features of a tile's first layer.</summary>
    private static IReadOnlyList<MvtFeature> Features(byte[] tile) => MvtReader.Read(tile) is [var layer, ..] ? layer.Features : [];

    private static (int X, int Y) TileAt(int zoom, double lon, double lat)
    {
        var n = 1 << zoom;
        var radians = lat * Math.PI / 180;
        return ((int)((lon + 180) / 360 * n), (int)((1 - Math.Log(Math.Tan(radians) + 1 / Math.Cos(radians)) / Math.PI) / 2 * n));
    }

    private static IEnumerable<(int X, int Y)> Tiles(int zoom, double west, double south, double east, double north)
    {
        var (left, bottom) = TileAt(zoom, west, south);
        var (right, top) = TileAt(zoom, east, north);
        return from x in Enumerable.Range(left, right - left + 1) from y in Enumerable.Range(top, bottom - top + 1) select (x, y);
    }

    private static long TwiceArea(IReadOnlyList<(int X, int Y)> ring)
        => ring.Select((p, i) => (p, q: ring[(i + 1) % ring.Count])).Sum(e => (long)e.p.X * e.q.Y - (long)e.q.X * e.p.Y);
}

/// <summary>A server with two wards and scattered issues, for all tests of tiles.</summary>
public sealed class TileServer : IAsyncLifetime
{
    internal const int IssueCount = 3000;

    internal TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        await Server.Data.PlantWardAsync("east", "town", "POLYGON((120.1 30.2, 120.2 30.2, 120.2 30.4, 120.1 30.4, 120.1 30.2), (120.14 30.28, 120.14 30.32, 120.16 30.32, 120.16 30.28, 120.14 30.28))", name: "东乡");
        await Server.Data.PlantWardAsync("west", "town", PlantedIssues.Box(120.0, 30.2, 120.1, 30.4));
        // Scattered over 20 km, and one place with many.
        await Server.Data.PlantAsync(Enumerable.Range(1, IssueCount).Select(i => new PlantedIssue(
            i % 10 == 0 ? 120.123456 : 120 + i * 7919 % 10007 / 10007.0 * 0.2, i % 10 == 0 ? 30.301234 : 30.2 + i * 6007 % 9973 / 9973.0 * 0.2,
            i % 3 == 0 ? "sewage" : "litter", 1 + i % 5, i % 2 == 0 ? "dispatched" : "closed", DueAt: i % 4 == 0 ? "2025-03-02T00:00:00Z" : null, DefaultPoint: i % 100 == 0,
            RelapseOf: i % 50 == 1 && i > 1 ? 1 : null)));
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
