using System.Net;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Tiles;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Esri;

/// <summary>The VectorTileServer: what it says of its tiles, the tiles, and what they are drawn with.</summary>
public sealed class EsriVectorTilesTests(EsriCounty county) : IClassFixture<EsriCounty>
{
    private const string Service = "/arcgis/rest/services/GeoSanitation/VectorTileServer";

    private readonly TestServer _server = county.Server;

    [Theory]
    [InlineData("/arcgis/rest/services")]
    [InlineData("/arcgis/rest/services/GeoSanitation")]
    public async Task It_is_listed_beside_the_FeatureServer(string path)
        => Assert.Equal([("GeoSanitation", "FeatureServer"), ("GeoSanitation", "VectorTileServer")],
            (await JsonAsync(path + "?f=json"))["services"]!.AsArray().Select(s => ((string)s!["name"]!, (string)s["type"]!)));

    [Fact]
    public async Task The_service_describes_its_grid_so_that_levels_are_zooms_of_512_pixels()
    {
        var service = await JsonAsync(Service + "?f=json");
        Assert.Equal(("TilesOnly", "resources/styles", "tile/{z}/{y}/{x}.pbf"), ((string?)service["capabilities"], (string?)service["defaultStyles"], (string?)service["tiles"]![0]));
        var grid = service["tileInfo"]!;
        Assert.Equal((512, 512, "pbf", 102100, 3857), ((int)grid["rows"]!, (int)grid["cols"]!, (string?)grid["format"], (int)grid["spatialReference"]!["wkid"]!, (int)grid["spatialReference"]!["latestWkid"]!));
        Assert.Equal((-20037508.342789, 20037508.342789), (Math.Round((double)grid["origin"]!["x"]!, 6), Math.Round((double)grid["origin"]!["y"]!, 6)));
        Assert.Equal(Enumerable.Range(0, 23), grid["lods"]!.AsArray().Select(l => (int)l!["level"]!));
        Assert.Equal(78271.51696402048, (double)grid["lods"]![0]!["resolution"]!, 1e-9);
        // As ArcGIS Pro writes it.
        Assert.Equal(295828763.79585469, (double)grid["lods"]![0]!["scale"]!, 1e-6);
        Assert.Equal(78271.51696402048 / 65536, (double)grid["lods"]![16]!["resolution"]!, 1e-12);
        Assert.Equal((0, 16), ((int)service["minLOD"]!, (int)service["maxLOD"]!));
        foreach (var extent in (string[])["initialExtent", "fullExtent"])
        {
            Assert.Equal(3857, (int)service[extent]!["spatialReference"]!["latestWkid"]!);
            Assert.Equal(await _server.Data.ScalarAsync<double>(
                "SELECT ST_XMin(ST_Extent(ST_Transform(geom, 3857))) FROM (SELECT geom FROM geosan.issue UNION ALL SELECT geom FROM geosan.ward WHERE valid_to IS NULL) AS g"), (double)service[extent]!["xmin"]!, 2e-3);
        }
    }

    [Fact]
    public async Task A_tile_holds_wards_and_every_issue_once_and_takes_the_issue_filter()
    {
        var (column, row) = await DensestTileAsync(15);
        var layers = MvtReader.Read(await _server.Client.GetByteArrayAsync($"{Service}/tile/15/{row}/{column}.pbf"));
        Assert.Equal(["wards", "issues"], layers.Select(l => l.Name).Where(name => name != "ward_labels"));
        Assert.Equal(await IdsAsync("true", column, row), IdsOf(layers));
        Assert.Equal(await IdsAsync("severity >= 4", column, row), IdsOf(MvtReader.Read(await _server.Client.GetByteArrayAsync($"{Service}/tile/15/{row}/{column}.pbf?severity=4..5"))));
        // The row comes before the column, and it is the same tile as the one of web maps.
        var (wards, issues) = (await _server.Client.GetByteArrayAsync($"/tiles/wards/15/{column}/{row}.mvt"), await _server.Client.GetByteArrayAsync($"/tiles/issues/15/{column}/{row}.mvt"));
        Assert.Equal(wards.Concat(issues), await _server.Client.GetByteArrayAsync($"{Service}/tile/15/{row}/{column}.pbf"));
        using var empty = await _server.Client.GetAsync($"{Service}/tile/15/0/0.pbf");
        Assert.Equal(HttpStatusCode.NoContent, empty.StatusCode);
    }

    [Fact]
    public async Task The_style_draws_its_one_source_with_markers_and_letters_at_addresses_that_answer()
    {
        var text = await _server.Client.GetStringAsync(Service + "/resources/styles/root.json?f=json");
        Assert.Equal(text, await _server.Client.GetStringAsync(Service + "/resources/styles?f=json"));
        var style = JsonNode.Parse(text)!;
        Assert.Equal(8, (int)style["version"]!);
        Assert.Equal(("esri", "../../"), (Assert.Single(style["sources"]!.AsObject()).Key, (string?)style["sources"]!["esri"]!["url"]));
        Assert.All(style["layers"]!.AsArray(), layer => Assert.Equal("esri", (string?)layer!["source"]));
        Assert.Equal(["clusters", "hotspots", "issues", "ward_labels", "wards"], style["layers"]!.AsArray().Select(l => (string)l!["source-layer"]!).Distinct().Order());

        var address = new Uri(_server.Client.BaseAddress!, Service + "/resources/styles/root.json");
        Assert.NotNull((await JsonAsync(new Uri(address, (string)style["sources"]!["esri"]!["url"]!) + "?f=json"))["tileInfo"]);
        var sprite = new Uri(address, (string)style["sprite"]!).ToString();
        foreach (var ratio in (string[])["", "@2x"])
        {
            Assert.NotNull((await JsonAsync(sprite + ratio + ".json"))["status-reported"]);
            Assert.Equal(await _server.Client.GetByteArrayAsync($"/styles/sprite{ratio}.png"), await _server.Client.GetByteArrayAsync(sprite + ratio + ".png"));
        }
        var letters = Uri.UnescapeDataString(new Uri(address, (string)style["glyphs"]!).ToString()).Replace("{fontstack}", "GeoSanitation").Replace("{range}", "0-255");
        Assert.Equal(await _server.Client.GetByteArrayAsync("/styles/fonts/GeoSanitation/0-255.pbf"), await _server.Client.GetByteArrayAsync(letters));
    }

    [Theory]
    [InlineData("/tile/99/0/0.pbf")]
    [InlineData("/tile/2/0/9.pbf")]
    [InlineData("/tile/2/1/1.pbf?severity=9")]
    [InlineData("/resources/fonts/GeoSanitation/1-2.pbf")]
    public async Task What_is_no_document_is_refused_by_its_status(string path)
    {
        using var answer = await _server.Client.GetAsync(Service + path);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Where_reading_is_closed_a_token_opens_it_and_an_empty_service_is_the_whole_world()
    {
        await using var server = await TestServer.StartAsync(new Settings { Access = new AccessSettings { OpenReads = false } });
        using var refused = await server.Client.GetAsync(Service + "/tile/0/0/0.pbf");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(499, (int)JsonNode.Parse(await server.Client.GetStringAsync(Service + "?f=json"))!["error"]!["code"]!);
        var key = await new KeyStore(server.Data.Database).AddAsync("portal", Roles.Reader, default);
        using var tile = await server.Client.GetAsync($"{Service}/tile/0/0/0.pbf?token={key}");
        Assert.Equal(HttpStatusCode.NoContent, tile.StatusCode);
        var service = JsonNode.Parse(await server.Client.GetStringAsync($"{Service}?f=json&token={key}"))!;
        Assert.Equal(-20037508.342789244, (double)service["fullExtent"]!["xmin"]!);
    }

    private static string IdsOf(IEnumerable<MvtReadLayer> layers) => string.Join(' ', layers.Single(l => l.Name == "issues").Features.Select(f => f.Id).Order());

    private async Task<(int Column, int Row)> DensestTileAsync(int zoom)
    {
        var side = $"(40075016.68557849 / {1 << zoom})";
        var tile = (await _server.Data.ScalarAsync<string>($"""
            SELECT c || ' ' || r FROM (SELECT floor((ST_X(p) + 20037508.342789244) / {side})::int AS c, floor((20037508.342789244 - ST_Y(p)) / {side})::int AS r FROM geosan.issue, ST_Transform(geom, 3857) AS p) AS t
            GROUP BY c, r ORDER BY count(*) DESC, c, r LIMIT 1
            """)).Split(' ');
        return (int.Parse(tile[0]), int.Parse(tile[1]));
    }

    private Task<string> IdsAsync(string condition, int column, int row)
        => _server.Data.ScalarAsync<string>($"SELECT string_agg(id::text, ' ' ORDER BY id) FROM geosan.issue WHERE {condition} AND ST_Intersects(ST_Transform(geom, 3857), ST_TileEnvelope(15, {column}, {row}))");

    private async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await _server.Client.GetStringAsync(path))!;
}
