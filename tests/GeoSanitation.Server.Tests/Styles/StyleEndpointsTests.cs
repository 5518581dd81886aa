using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Tests.Tiles;
using GeoSanitation.Testing;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Server.Tests.Styles;

/// <summary>Map styles and what they refer to, each address taken as a map program would.</summary>
public sealed class StyleEndpointsTests(TileServer shared) : IClassFixture<TileServer>
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Every_style_of_the_index_draws_only_what_its_tiles_hold()
    {
        var index = await _server.Client.GetFromJsonAsync<JsonElement>("/styles");
        var names = new List<string>();
        foreach (var entry in index.GetProperty("styles").EnumerateArray())
        {
            names.Add(entry.GetProperty("name").GetString()!);
            var style = await _server.Client.GetFromJsonAsync<JsonElement>(entry.GetProperty("url").GetString());
            Assert.Equal(8, style.GetProperty("version").GetInt32());
            var layersOf = new Dictionary<string, HashSet<string>>();
            foreach (var source in style.GetProperty("sources").EnumerateObject().Where(s => s.Value.GetProperty("type").GetString() == "vector"))
            {
                var tiles = await _server.Client.GetFromJsonAsync<JsonElement>(source.Value.GetProperty("url").GetString());
                layersOf[source.Name] = [.. tiles.GetProperty("vector_layers").EnumerateArray().Select(l => l.GetProperty("id").GetString()!)];
            }
            var ids = style.GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("id").GetString()).ToList();
            Assert.Equal(ids.Count, ids.Distinct().Count());
            foreach (var layer in style.GetProperty("layers").EnumerateArray().Where(l => l.TryGetProperty("source-layer", out _)))
            {
                Assert.Contains(layer.GetProperty("source-layer").GetString()!, layersOf[layer.GetProperty("source").GetString()!]);
            }
        }
        Assert.Equal(["planner", "issues", "wards", "hotspots", "heatmap"], names);
    }

    [Fact]
    public async Task Links_are_those_of_the_proxy_and_each_source_carries_what_it_takes()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/styles/planner.json?status=open&palette=viridis&crs=GCJ02&method=dbscan");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "maps.example.org");
        request.Headers.Add("X-Forwarded-Prefix", "/city");
        using var response = await _server.Client.SendAsync(request);
        var style = await response.Content.ReadFromJsonAsync<JsonElement>();
        var sources = style.GetProperty("sources");
        Assert.Equal("https://maps.example.org/city/tiles/issues.json?status=open&crs=GCJ02", sources.GetProperty("issues").GetProperty("url").GetString());
        Assert.Equal("https://maps.example.org/city/tiles/wards.json?status=open&crs=GCJ02", sources.GetProperty("wards").GetProperty("url").GetString());
        Assert.Equal("https://maps.example.org/city/tiles/hotspots.json?status=open&crs=GCJ02&method=dbscan", sources.GetProperty("hotspots").GetProperty("url").GetString());
        Assert.Equal("https://maps.example.org/city/tiles/heatmap/{z}/{x}/{y}{ratio}.png?status=open&palette=viridis&crs=GCJ02", sources.GetProperty("heatmap").GetProperty("tiles")[0].GetString());
        Assert.Equal("https://maps.example.org/city/styles/sprite", style.GetProperty("sprite").GetString());
        Assert.Equal("https://maps.example.org/city/styles/fonts/{fontstack}/{range}.pbf", style.GetProperty("glyphs").GetString());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("@2x", 2)]
    public async Task Every_marker_is_where_the_index_of_the_sprite_says(string end, int ratio)
    {
        var index = await _server.Client.GetFromJsonAsync<JsonElement>($"/styles/sprite{end}.json");
        using var picture = SKBitmap.Decode(await _server.Client.GetByteArrayAsync($"/styles/sprite{end}.png"));
        var categories = await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.category");
        Assert.Equal(categories + 6, index.EnumerateObject().Count());
        foreach (var marker in index.EnumerateObject())
        {
            var (x, y) = (marker.Value.GetProperty("x").GetInt32(), marker.Value.GetProperty("y").GetInt32());
            Assert.Equal((24 * ratio, ratio), (marker.Value.GetProperty("width").GetInt32(), marker.Value.GetProperty("pixelRatio").GetInt32()));
            Assert.True(x + 24 * ratio <= picture.Width && y + 24 * ratio <= picture.Height, marker.Name);
            // A disc: colored under its upper rim, clear in its corner.
            Assert.Equal(255, picture.GetPixel(x + 12 * ratio, y + 3 * ratio).Alpha);
            Assert.NotEqual(SKColors.White, picture.GetPixel(x + 12 * ratio, y + 3 * ratio));
            Assert.Equal(0, picture.GetPixel(x, y).Alpha);
        }
        Assert.True(index.TryGetProperty("category-sewage", out _));
        Assert.True(index.TryGetProperty("status-dispatched", out _));
    }

    [Theory]
    [InlineData("0-255", HttpStatusCode.OK)]
    [InlineData("65280-65535", HttpStatusCode.OK)]
    [InlineData("0-256", HttpStatusCode.BadRequest)]
    [InlineData("1-256", HttpStatusCode.BadRequest)]
    [InlineData("65536-65791", HttpStatusCode.BadRequest)]
    [InlineData("a-b", HttpStatusCode.BadRequest)]
    [InlineData("-255", HttpStatusCode.BadRequest)]
    public async Task Letters_come_by_ranges_of_256(string range, HttpStatusCode expected)
    {
        using var answer = await _server.Client.GetAsync($"/styles/fonts/Open%20Sans%20Regular,Arial%20Unicode%20MS%20Regular/{range}.pbf");
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("planner.json?status=lost", "status")]
    [InlineData("planner.json?palette=rainbow", "palette")]
    [InlineData("issues.json?crs=BD09", "crs")]
    [InlineData("hotspots.json?run=x", "run")]
    [InlineData("wards.json?f=html", "f")]
    public async Task What_the_tiles_would_refuse_is_refused_by_the_style(string path, string parameter)
    {
        using var answer = await _server.Client.GetAsync("/styles/" + path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(parameter, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString());
    }

    /// <summary>ArcGIS takes <c>has</c> of one argument for false where the value is 0, false or empty: cells that are neither hot nor cold were drawn as clusters.</summary>
    [Fact]
    public async Task ArcGIS_asks_for_styles_as_JSON_and_finds_no_expression_that_it_evaluates_otherwise()
    {
        foreach (var name in (string[])["planner", "issues", "wards", "hotspots", "heatmap"])
        {
            var plain = await _server.Client.GetStringAsync($"/styles/{name}.json");
            Assert.Equal(plain, await _server.Client.GetStringAsync($"/styles/{name}.json?f=json"));
            Assert.DoesNotMatch("""\["has",\s*"\w+"\]""", plain);
        }
        // It does so where the style sends it, and the tiles are asked for without that.
        foreach (var name in (string[])["issues", "wards", "hotspots", "heatmap"])
        {
            var plain = await _server.Client.GetStringAsync($"/tiles/{name}.json?severity=4");
            Assert.Contains("?severity=4", plain);
            Assert.Equal(plain, await _server.Client.GetStringAsync($"/tiles/{name}.json?severity=4&f=json"));
            using var refused = await _server.Client.GetAsync($"/tiles/{name}.json?f=xml");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task There_is_no_style_of_another_name()
    {
        using var answer = await _server.Client.GetAsync("/styles/roads.json");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
