using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.BaseMaps;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.BaseMaps;

public sealed class BaseMapTests
{
    private static readonly BaseMapSettings Shifted = new()
    {
        Id = "amap",
        Name = "高德",
        NameEn = "AMap",
        Crs = "GCJ02",
        Attribution = "© AutoNavi",
        Tiles = ["https://Tiles.example.com:8443/appmaptile?x={x}&y={y}&z={z}", "http://names.example.org/{z}/{x}/{y}.png?tk=KEY"],
    };

    [Fact]
    public async Task Nothing_is_offered_unless_it_is_set()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("""{"base_maps":[]}""", await server.Client.GetStringAsync("/api/base-maps"));
    }

    [Fact]
    public async Task What_is_set_is_offered_as_it_is()
    {
        await using var server = await TestServer.StartAsync(new Settings { BaseMaps = [Shifted] });
        var map = (await server.Client.GetFromJsonAsync<JsonElement>("/api/base-maps")).GetProperty("base_maps")[0];
        Assert.Equal(("amap", "高德", "AMap", "GCJ02"), (Text("id"), Text("name"), Text("name_en"), Text("crs")));
        Assert.Equal("© AutoNavi", Text("attribution"));
        Assert.Equal(Shifted.Tiles, map.GetProperty("tiles").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal(["https://tiles.example.com:8443", "http://names.example.org"], map.GetProperty("hosts").EnumerateArray().Select(h => h.GetString()));
        Assert.Equal((256, 0, 18), (Whole("tile_size"), Whole("min_zoom"), Whole("max_zoom")));

        string? Text(string name) => map.GetProperty(name).GetString();
        int Whole(string name) => map.GetProperty(name).GetInt32();
    }

    [Fact]
    public void Hosts_of_all_layers_are_known_and_nothing_else_of_an_address()
        => Assert.Equal(["https://tiles.example.com:8443", "http://names.example.org"], BaseMap.Read([Shifted])[0].Hosts);

    [Fact]
    public void Hosts_that_share_the_work_are_all_known_and_those_of_a_style_too()
    {
        var tianditu = BaseMap.Read([new() { Id = "a", Name = "A", Tiles = ["https://t{0-2}.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=KEY"] }])[0];
        Assert.Equal(["https://t0.tianditu.gov.cn", "https://t1.tianditu.gov.cn", "https://t2.tianditu.gov.cn"], tianditu.Hosts);
        var vector = BaseMap.Read([new() { Id = "a", Name = "A", Style = "https://maps.example.com/style.json?key=KEY", Hosts = ["https://tiles.example.com"] }])[0];
        Assert.Equal(["https://maps.example.com", "https://tiles.example.com"], vector.Hosts);
    }

    [Theory]
    [InlineData(null, "https://a.example/style.json", "https://b.example/path", "baseMaps[0].hosts")]
    [InlineData(null, "https://a.example/style.json", "b.example", "baseMaps[0].hosts")]
    [InlineData(null, "https://a.example/style.json", "https://b.example; script-src *", "baseMaps[0].hosts")]
    [InlineData(null, "style.json", null, "baseMaps[0].style")]
    [InlineData("https://a.example/{z}/{x}/{y}", "https://a.example/style.json", null, "baseMaps[0].tiles")]
    [InlineData("https://a.example/{z}/{x}/{y}", null, "https://b.example", "baseMaps[0].hosts")]
    [InlineData("https://t{7-0}.example/{z}/{x}/{y}", null, null, "baseMaps[0].tiles")]
    [InlineData("https://{0-7}{0-7}.example/{z}/{x}/{y}", null, null, "baseMaps[0].tiles")]
    public void A_style_or_hosts_that_cannot_be_used_are_refused_by_name(string? tiles, string? style, string? host, string named)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => BaseMap.Read([new() { Id = "a", Name = "A", Tiles = tiles is null ? [] : [tiles], Style = style, Hosts = host is null ? [] : [host] }]));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "https://a.example/{z}/{x}/{y}", "EPSG:3857", "baseMaps[0].id")]
    [InlineData("a b", "https://a.example/{z}/{x}/{y}", "EPSG:3857", "baseMaps[0].id")]
    [InlineData("a", "https://a.example/{z}/{x}", "EPSG:3857", "baseMaps[0].tiles")]
    [InlineData("a", "ftp://a.example/{z}/{x}/{y}", "EPSG:3857", "baseMaps[0].tiles")]
    [InlineData("a", "https://{z}.example/{x}/{y}", "EPSG:3857", "baseMaps[0].tiles")]
    [InlineData("a", "https://a.example;script-src *{z}/{x}/{y}", "EPSG:3857", "baseMaps[0].tiles")]
    [InlineData("a", "https://a.example/{z}/{x}/{y}", "EPSG:4326", "baseMaps[0].crs")]
    public void What_cannot_be_used_is_refused_by_name(string id, string tiles, string crs, string named)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => BaseMap.Read([new() { Id = id, Name = "A", Tiles = [tiles], Crs = crs }]));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_of_one_id_are_refused() => Assert.Throws<InvalidOperationException>(() => BaseMap.Read([Shifted, Shifted]));

    [Fact]
    public void They_are_read_from_the_file_of_settings()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "geosan.json"), """
                { "baseMaps": [{ "id": "osm", "name": "OpenStreetMap", "tiles": ["https://tile.openstreetmap.org/{z}/{x}/{y}.png"], "attribution": "© OpenStreetMap contributors", "maxZoom": 19 }] }
                """);
            var map = Assert.Single(BaseMap.Read(Settings.Load(folder.FullName).BaseMaps));
            Assert.Equal(("osm", 19, "https://tile.openstreetmap.org"), (map.Id, map.MaxZoom, Assert.Single(map.Hosts)));
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
