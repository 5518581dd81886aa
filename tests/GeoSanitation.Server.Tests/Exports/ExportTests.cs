using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Filters;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using NetTopologySuite.IO;
using Parquet;
using Xunit;

namespace GeoSanitation.Server.Tests.Exports;

/// <summary>Layers as files; what GDAL reads of them is told in tests/Clients.</summary>
public sealed class ExportTests(Cql2Tests.County county) : IClassFixture<Cql2Tests.County>
{
    private readonly TestServer _server = county.Server;

    [Fact]
    public async Task GeoJSON_and_its_lines_hold_the_features_of_the_filter()
    {
        var whole = JsonNode.Parse(await _server.Client.GetStringAsync("/api/exports/issues.geojson?severity=5&status=open"))!["features"]!.AsArray();
        var lines = (await _server.Client.GetStringAsync("/api/exports/issues.geojsonl?severity=5&status=open")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE severity = 5 AND status NOT IN ('closed', 'rejected')"), whole.Count);
        Assert.Equal(whole.Select(f => f!.ToJsonString()), lines.Select(l => JsonNode.Parse(l)!.ToJsonString()));
        Assert.Equal(whole.Count, JsonNode.Parse(await _server.Client.GetStringAsync("/api/exports/issues.geojson?filter=severity=5%20AND%20status%20NOT%20IN%20('closed','rejected')"))!["features"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("geojson")]
    [InlineData("csv")]
    [InlineData("fgb")]
    [InlineData("parquet")]
    public async Task The_first_so_many_are_those_of_the_list(string extension)
    {
        const string asked = "severity=3..5&sortby=-severity,due_at&limit=7";
        var listed = JsonNode.Parse(await _server.Client.GetStringAsync("/api/issues?" + asked))!["features"]!.AsArray().Select(f => (long)f!["id"]!).ToList();
        using var answer = await _server.Client.GetAsync($"/api/exports/issues.{extension}?{asked}");
        Assert.Equal($"{await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE severity >= 3")}", answer.Headers.GetValues("OGC-NumberMatched").Single());
        Assert.Equal(7, listed.Count);
        switch (extension)
        {
            case "geojson":
                Assert.Equal(listed, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["features"]!.AsArray().Select(f => (long)f!["id"]!));
                break;
            case "csv":
                Assert.Equal(listed, (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => long.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case "parquet":
                await using (var reader = await ParquetReader.CreateAsync(await answer.Content.ReadAsStreamAsync()))
                {
                    Assert.Equal(7, reader.OpenRowGroupReader(0).RowCount);
                }
                break;
            default:
                Assert.Equal("fgb"u8.ToArray(), (await answer.Content.ReadAsByteArrayAsync())[..3]);
                break;
        }
    }

    [Fact]
    public async Task CSV_says_what_GeoJSON_does()
    {
        var features = JsonNode.Parse(await _server.Client.GetStringAsync("/api/exports/issues.geojson?ward=990121001&severity=4"))!["features"]!.AsArray();
        var rows = (await _server.Client.GetStringAsync("/api/exports/issues.csv?ward=990121001&severity=4")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("id,source,external_id,category,", rows[0]);
        Assert.EndsWith(",longitude,latitude", rows[0]);
        Assert.Equal(features.Count, rows.Length - 1);
        Assert.All(features.Zip(rows.Skip(1)), pair => Assert.StartsWith(pair.First!["id"]!.ToJsonString() + ",", pair.Second));
        Assert.All(features.Zip(rows.Skip(1)), pair => Assert.EndsWith($",{pair.First!["geometry"]!["coordinates"]![0]!.ToJsonString()},{pair.First["geometry"]!["coordinates"]![1]!.ToJsonString()}", pair.Second));
    }

    [Fact]
    public async Task GeoParquet_holds_shapes_as_WKB_and_says_so()
    {
        await using var file = new MemoryStream(await _server.Client.GetByteArrayAsync("/api/exports/issues.parquet?severity=5"));
        await using var reader = await ParquetReader.CreateAsync(file);
        var geo = JsonNode.Parse(reader.CustomMetadata["geo"])!;
        Assert.Equal(("1.1.0", "geometry", "WKB"), ((string?)geo["version"], (string?)geo["primary_column"], (string?)geo["columns"]!["geometry"]!["encoding"]));
        Assert.Equal(["Point"], geo["columns"]!["geometry"]!["geometry_types"]!.AsArray().Select(t => (string?)t));
        using var group = reader.OpenRowGroupReader(0);
        var expected = JsonNode.Parse(await _server.Client.GetStringAsync("/api/exports/issues.geojson?severity=5"))!["features"]!.AsArray();
        Assert.Equal(expected.Count, group.RowCount);
        var shapes = new byte[]?[expected.Count];
        await group.ReadAsync(reader.Schema.DataFields.Single(f => f.Name == "geometry"), shapes.AsMemory()!);
        var titles = new string?[expected.Count];
        await group.ReadAsync(reader.Schema.DataFields.Single(f => f.Name == "title"), titles.AsMemory()!);
        Assert.Equal(expected.Select(f => (string?)f!["properties"]!["title"]), titles);
        Assert.Equal((double)expected[0]!["geometry"]!["coordinates"]![0]!, new WKBReader().Read(shapes[0]).Coordinate.X, 1e-7);
    }

    [Fact]
    public async Task A_Shapefile_comes_with_all_that_belongs_to_it()
    {
        using var zip = new ZipArchive(new MemoryStream(await _server.Client.GetByteArrayAsync("/api/exports/wards.shp.zip?crs=EPSG:4547")));
        Assert.Equal(["wards.cpg", "wards.dbf", "wards.prj", "wards.shp", "wards.shx"], zip.Entries.Select(e => e.Name).Order());
        using var prj = new StreamReader(zip.GetEntry("wards.prj")!.Open());
        Assert.Equal("EPSG:4547", Coordinates.CrsRegistry.FromWkt(await prj.ReadToEndAsync()).Name);
    }

    [Fact]
    public async Task Who_reported_is_for_those_who_may_see_it()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        Assert.DoesNotContain("reporter_name", await _server.Client.GetStringAsync("/api/exports/issues.csv?severity=5"));
        Assert.Contains("reporter_name", await inspector.GetStringAsync("/api/exports/issues.csv?severity=5"));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        using var first = await _server.Client.GetAsync("/api/exports/wards.csv");
        Assert.Equal("attachment; filename=wards.csv", first.Content.Headers.ContentDisposition!.ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/exports/wards.csv") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await _server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("status=open&category=street_order", "")]
    [InlineData("datetime=2025-01-01/2025-06-30&severity=3..5", "&level=community")]
    [InlineData("ward=990121001&overdue=true", "")]
    [InlineData("filter=severity%20%3E=%204%20AND%20source=%27covert%27", "&level=community")]
    public async Task Wards_tell_the_figures_of_the_issues_of_a_filter_as_scorecards_do(string filter, string level)
    {
        var wards = JsonNode.Parse(await _server.Client.GetStringAsync($"/api/exports/wards.geojson?{filter}{level}"))!["features"]!.AsArray();
        var cards = JsonNode.Parse(await _server.Client.GetStringAsync($"/api/scorecards?{filter}{level}"))!["wards"]!.AsArray()
            .Where(card => !filter.Contains("ward=990121001", StringComparison.Ordinal) || ((string)card!["code"]!).StartsWith("990121001", StringComparison.Ordinal)).ToDictionary(card => (string)card!["code"]!);
        Assert.Equal(cards.Keys.Order(), wards.Select(w => (string)w!["id"]!).Order());
        Assert.Contains(wards, w => (int)w!["properties"]!["total"]! > 0);
        foreach (var ward in wards)
        {
            var properties = ward!["properties"]!.AsObject();
            Assert.Equal(
                ["total", "open", "closed", "rejected", "overdue", "relapses", "relapse_rate", "relapse_rate_of", "on_time", "on_time_rate", "on_time_rate_of", "median_days_to_close", "median_days_to_close_of", "per_km2"],
                properties.Select(p => p.Key).SkipWhile(name => name != "total"));
            Assert.All(properties.SkipWhile(p => p.Key != "total"), p => Assert.Equal(cards[(string)ward["id"]!]![p.Key]?.ToJsonString(), p.Value?.ToJsonString()));
        }
        Assert.DoesNotContain("total", await _server.Client.GetStringAsync("/api/exports/wards.csv?level=community"));
    }

    [Fact]
    public async Task Wards_of_a_box_are_those_that_touch_it()
    {
        using var answer = await _server.Client.GetAsync("/api/exports/wards.csv?bbox=112.62,32.42,112.65,32.45&limit=2");
        var touching = await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL AND ST_Intersects(geom, ST_MakeEnvelope(112.62, 32.42, 112.65, 32.45, 4326))");
        Assert.Equal($"{touching}", answer.Headers.GetValues("OGC-NumberMatched").Single());
        Assert.Equal(3, (await answer.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("status=open&severity=3..5", "", "gi-star")]
    [InlineData("category=street_order", "&method=dbscan", "clusters")]
    [InlineData("filter=severity=5", "&method=density", "density")]
    public async Task Hotspots_of_a_filter_are_what_a_method_makes_of_its_issues(string filter, string method, string path)
    {
        var exported = JsonNode.Parse(await _server.Client.GetStringAsync($"/api/exports/hotspots.geojson?{filter}{method}"))!["features"]!.AsArray();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/hotspots/{path}?{filter}") { Headers = { { "Prefer", "wait" } } };
        using var analysed = await _server.Client.SendAsync(request);
        var features = JsonNode.Parse(await analysed.Content.ReadAsStringAsync())!["features"]!.AsArray();
        Assert.NotEmpty(features);
        Assert.Equal(features.Select(f => f!["id"]!.ToJsonString()), exported.Select(f => f!["id"]!.ToJsonString()));
        Assert.Equal(features[0]!["properties"]!.AsObject().Select(p => p.Key), exported[0]!["properties"]!.AsObject().Select(p => p.Key));
        Assert.All(features.Zip(exported), pair => Assert.Equal(pair.First!["geometry"]!.ToJsonString(), pair.Second!["geometry"]!.ToJsonString()));
        using var first = await _server.Client.GetAsync($"/api/exports/hotspots.csv?{filter}{method}&limit=1");
        Assert.Equal($"{features.Count}", first.Headers.GetValues("OGC-NumberMatched").Single());
        Assert.Equal(2, (await first.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("wards.fgb?status=open")]
    [InlineData("wards.gpkg?severity=5&level=community")]
    [InlineData("hotspots.parquet?severity=4&method=dbscan")]
    [InlineData("hotspots.shp.zip?severity=4&method=dbscan")]
    public async Task What_is_worked_out_of_a_filter_is_not_sent_again_either(string path)
    {
        using var first = await _server.Client.GetAsync("/api/exports/" + path);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.NotEmpty(await first.Content.ReadAsByteArrayAsync());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/exports/" + path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await _server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("issues.doc", HttpStatusCode.NotFound)]
    [InlineData("hotspots.csv", HttpStatusCode.NotFound)]
    [InlineData("issues.csv?severity=9", HttpStatusCode.BadRequest)]
    [InlineData("wards.csv?filter=nothing=1", HttpStatusCode.BadRequest)]
    [InlineData("wards.csv?severity=9", HttpStatusCode.BadRequest)]
    [InlineData("wards.csv?method=dbscan", HttpStatusCode.BadRequest)]
    [InlineData("hotspots.csv?method=dbscan", HttpStatusCode.NotFound)]
    [InlineData("hotspots.csv?severity=4&method=guess", HttpStatusCode.BadRequest)]
    [InlineData("hotspots.csv?severity=9", HttpStatusCode.BadRequest)]
    [InlineData("issues.parquet?crs=EPSG:4547", HttpStatusCode.BadRequest)]
    [InlineData("issues.csv?crs=EPSG:1", HttpStatusCode.BadRequest)]
    public async Task What_is_not_there_is_refused(string path, HttpStatusCode status)
    {
        using var answer = await _server.Client.GetAsync("/api/exports/" + path);
        Assert.Equal(status, answer.StatusCode);
    }
}
