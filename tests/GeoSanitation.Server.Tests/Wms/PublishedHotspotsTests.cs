using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Tests.Hotspots;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Server.Tests.Wms;

/// <summary>The layer of hotspots: a published run, cell by cell, and what it says of them.</summary>
public sealed class PublishedHotspotsTests(HotspotServer shared) : IClassFixture<HotspotServer>
{
    private const int Pixels = 600;
    private const string Town = "layers=hotspots&crs=CRS:84&bbox=119.95,30.15,120.25,30.45&width=600&height=600";

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task A_published_run_is_drawn_and_told_of_where_its_cells_are()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        var run = await PublishAsync(inspector, """{"method":"gi-star","parameters":{"cell":"square","size":1000,"distance":1500}}""");
        var result = await _server.Client.GetFromJsonAsync<JsonElement>($"/api/runs/{run}/result");
        var cells = result.GetProperty("features").EnumerateArray().ToList();
        var hot = cells.MaxBy(c => c.Property("z").GetDouble());
        Assert.Equal(3, hot.Property("class").GetInt32());

        using var map = await MapAsync("");
        AssertDrawn(cells, map);
        Assert.Contains(cells, c => c.Property("class").GetInt32() == 0);
        Assert.Equal(0, map.GetPixel(20, 20).Alpha);

        var (i, j) = PixelOf(hot);
        var told = await _server.Client.GetFromJsonAsync<JsonElement>($"/wms?version=1.3.0&request=GetFeatureInfo&query_layers=hotspots&i={i}&j={j}&{Town}");
        var feature = Assert.Single(told.GetProperty("features").EnumerateArray());
        Assert.Equal($"hotspots.{hot.Property("cell").GetString()}", feature.GetProperty("id").GetString());
        Assert.True(JsonElement.DeepEquals(hot.GetProperty("properties"), feature.GetProperty("properties")), feature.ToString());
        // A cell that may be chance is not drawn, but told of where it is asked for.
        var (ci, cj) = PixelOf(cells.First(c => c.Property("class").GetInt32() == 0));
        var chance = await _server.Client.GetFromJsonAsync<JsonElement>($"/wms?version=1.3.0&request=GetFeatureInfo&query_layers=hotspots&i={ci}&j={cj}&{Town}");
        Assert.Equal(0, Assert.Single(chance.GetProperty("features").EnumerateArray()).GetProperty("properties").GetProperty("class").GetInt32());
        Assert.Equal("nothing here\n", await _server.Client.GetStringAsync($"/wms?version=1.3.0&request=GetFeatureInfo&query_layers=hotspots&i=20&j=20&info_format=text/plain&{Town}"));

        // The next run that is published takes its place, and a filter asks for hotspots of the issues that it chooses.
        await PublishAsync(inspector, """{"method":"dbscan","parameters":{"eps":80,"min_points":10}}""");
        using var clusters = await MapAsync("");
        Assert.NotEqual(map.Pixels, clusters.Pixels);
        Assert.True(clusters.GetPixel(240, 360).Alpha > 0); // the cluster at 120.07, 30.27
        Assert.Equal(0, clusters.GetPixel(246, 360).Alpha);
        using var sewage = await MapAsync("&category=sewage");
        Assert.NotEqual(clusters.Pixels, sewage.Pixels);
        var chosen = await _server.Client.GetFromJsonAsync<JsonElement>("/api/hotspots/gi-star?category=sewage");
        Assert.Contains(chosen.GetProperty("features").EnumerateArray(), c => c.Property("class").GetInt32() == 3);
        AssertDrawn(chosen.GetProperty("features").EnumerateArray(), sewage);
    }

    /// <summary>Every cell has the color of its class, but for what is lost when that is multiplied by its opacity; none has it that may be chance.</summary>
    private static void AssertDrawn(IEnumerable<JsonElement> cells, SKBitmap map) => Assert.All(cells, cell =>
    {
        var (column, row) = PixelOf(cell);
        var drawn = map.GetPixel(column, row);
        var expected = FeatureStyle.LookByAttributes(new JsonObject { ["class"] = cell.Property("class").GetInt32() })?.Fill ?? SKColors.Empty;
        Assert.Equal(expected.Alpha, drawn.Alpha);
        Assert.All(((byte, byte)[])[(expected.Red, drawn.Red), (expected.Green, drawn.Green), (expected.Blue, drawn.Blue)], pair => Assert.InRange(pair.Item2 - pair.Item1, -1, 1));
    });

    /// <summary>The pixel in the middle of a cell.</summary>
    private static (int Column, int Row) PixelOf(JsonElement cell)
    {
        var corners = cell.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Skip(1).Select(c => (Lon: c[0].GetDouble(), Lat: c[1].GetDouble())).ToList();
        return ((int)((corners.Average(c => c.Lon) - 119.95) / 0.3 * Pixels), (int)((30.45 - corners.Average(c => c.Lat)) / 0.3 * Pixels));
    }

    private async Task<SKBitmap> MapAsync(string query)
    {
        var file = await _server.Client.GetByteArrayAsync($"/wms?version=1.3.0&request=GetMap&format=image/png&transparent=TRUE&{Town}{query}");
        using var codec = SKCodec.Create(new MemoryStream(file));
        return SKBitmap.Decode(codec, new SKImageInfo(Pixels, Pixels, SKColorType.Rgba8888, SKAlphaType.Unpremul));
    }

    private async Task<long> PublishAsync(HttpClient inspector, string body)
    {
        using var asked = await inspector.PostAsync("/api/runs", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var id = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        while ((await _server.Client.GetFromJsonAsync<JsonElement>($"/api/runs/{id}")).GetProperty("state").GetString() is "queued" or "running")
        {
            await Task.Delay(20);
        }
        using var published = await inspector.PostAsync($"/api/runs/{id}/publish", null);
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        return id;
    }
}
