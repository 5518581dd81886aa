using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Testing;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Server.Tests.Tiles;

/// <summary>Heatmap pictures over HTTP, read with a PNG reader that is not ours.</summary>
public sealed class HeatmapTests(HeatmapServer shared) : IClassFixture<HeatmapServer>
{
    private const int Zoom = 13;

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task The_darkest_pixel_is_at_the_cluster()
    {
        var (px, py) = PixelOf(HeatmapServer.ClusterLon, HeatmapServer.ClusterLat);
        using var picture = await PictureAsync($"{Zoom}/{px / 256}/{py / 256}.png");
        Assert.Equal((256, 256), (picture.Width, picture.Height));
        var peak = (from y in Enumerable.Range(0, 256) from x in Enumerable.Range(0, 256) orderby Level(picture.GetPixel(x, y)) descending select (x, y)).First();
        Assert.InRange(peak.x, px % 256 - 2, px % 256 + 2);
        Assert.InRange(peak.y, py % 256 - 2, py % 256 + 2);
        Assert.InRange(Level(picture.GetPixel(peak.x, peak.y)), 250, 255);
    }

    [Fact]
    public async Task Two_neighbors_show_the_exact_density_up_to_their_common_edge()
    {
        var (px, py) = PixelOf(HeatmapServer.ClusterLon, HeatmapServer.ClusterLat);
        var (left, row) = (px / 256, py / 256);
        var places = HeatmapServer.Issues.Where(i => !i.DefaultPoint).Select(i => WebMercator.FromLonLat(i.Lon, i.Lat)).ToList();
        var world = 256.0 * (1 << Zoom);
        var points = new Points([.. places.Select(p => p.X * world)], [.. places.Select(p => -p.Y * world)]);
        const double sd = 10;
        // The same scale as the server's, whose peak is searched on a lattice: within a percent.
        var peak = KernelDensity.GaussianAt(points, sd, points.XMeters, points.YMeters).Max();
        foreach (var tile in (int[])[left - 1, left, left + 1])
        {
            using var picture = await PictureAsync($"{Zoom}/{tile}/{row}.png");
            foreach (var column in (int[])[0, 1, 254, 255])
            {
                var x = Enumerable.Repeat(tile * 256 + column + 0.5, 256).ToArray();
                var y = Enumerable.Range(0, 256).Select(r => -(row * 256 + r + 0.5)).ToArray();
                var exact = KernelDensity.GaussianAt(points, sd, x, y);
                for (var r = 0; r < 256; r++)
                {
                    Assert.InRange(Level(picture.GetPixel(column, r)) - 255 * Math.Sqrt(exact[r] / peak), -3, 3);
                }
            }
        }
    }

    [Fact]
    public async Task One_scale_of_colors_holds_for_all_tiles_of_a_zoom()
    {
        var (px, py) = PixelOf(120.02, 30.22);
        using var quiet = await PictureAsync($"{Zoom}/{px / 256}/{py / 256}.png");
        var highest = (from y in Enumerable.Range(0, 256) from x in Enumerable.Range(0, 256) select Level(quiet.GetPixel(x, y))).Max();
        Assert.InRange(highest, 10, 120);
    }

    [Fact]
    public async Task The_same_address_gives_the_same_bytes_and_the_sharp_one_twice_the_pixels()
    {
        var (px, py) = PixelOf(HeatmapServer.ClusterLon, HeatmapServer.ClusterLat);
        var path = $"/tiles/heatmap/{Zoom}/{px / 256}/{py / 256}";
        Assert.Equal(await _server.Client.GetByteArrayAsync(path + ".png"), await _server.Client.GetByteArrayAsync(path + ".png"));
        using var sharp = await PictureAsync($"{Zoom}/{px / 256}/{py / 256}@2x.png");
        Assert.Equal((512, 512), (sharp.Width, sharp.Height));
        using var plain = await PictureAsync($"{Zoom}/{px / 256}/{py / 256}.png");
        Assert.InRange(Level(sharp.GetPixel(101, 101)) - Level(plain.GetPixel(50, 50)), -6, 6);
    }

    [Fact]
    public async Task Default_points_are_left_out_unless_asked_for()
    {
        var (px, py) = PixelOf(HeatmapServer.DefaultLon, HeatmapServer.DefaultLat);
        using var without = await PictureAsync($"{Zoom}/{px / 256}/{py / 256}.png");
        using var with = await PictureAsync($"{Zoom}/{px / 256}/{py / 256}.png?include_default_points=true");
        Assert.InRange(Level(without.GetPixel(px % 256, py % 256)), 0, 120);
        Assert.InRange(Level(with.GetPixel(px % 256, py % 256)), 250, 255);
    }

    [Fact]
    public async Task The_filter_the_bandwidth_and_the_weight_change_the_picture()
    {
        var (px, py) = PixelOf(HeatmapServer.ClusterLon, HeatmapServer.ClusterLat);
        var path = $"{Zoom}/{px / 256}/{py / 256}.png";
        using var nothing = await PictureAsync(path + "?category=sewage&severity=5");
        Assert.All(nothing.Pixels, p => Assert.Equal(0, p.Alpha));
        var plain = await _server.Client.GetByteArrayAsync("/tiles/heatmap/" + path);
        foreach (var change in (string[])["?bandwidth=500", "?radius_px=60", "?weight=severity", "?severity=3"])
        {
            Assert.NotEqual(plain, await _server.Client.GetByteArrayAsync("/tiles/heatmap/" + path + change));
        }
    }

    [Fact]
    public async Task On_a_dark_map_the_densest_place_is_the_lightest()
    {
        var (px, py) = PixelOf(HeatmapServer.ClusterLon, HeatmapServer.ClusterLat);
        var path = $"{Zoom}/{px / 256}/{py / 256}.png";
        using var light = await PictureAsync(path);
        using var dark = await PictureAsync(path + "?background=dark");
        var (lightPeak, darkPeak) = (light.GetPixel(px % 256, py % 256), dark.GetPixel(px % 256, py % 256));
        Assert.InRange(Lightness(lightPeak), 0, 60);
        Assert.InRange(Lightness(darkPeak), 200, 255);
        Assert.Equal(light.Pixels.Select(p => p.Alpha), dark.Pixels.Select(p => p.Alpha));

        static double Lightness(SKColor color) => 0.2126 * color.Red + 0.7152 * color.Green + 0.0722 * color.Blue;
    }

    [Theory]
    [InlineData("inferno")]
    [InlineData("viridis")]
    [InlineData("cividis")]
    [InlineData("greys")]
    public async Task Every_palette_gets_evenly_darker_and_the_legend_has_the_colors_of_the_picture(string palette)
    {
        var legend = await _server.Client.GetFromJsonAsync<JsonElement>($"/tiles/heatmap/{Zoom}/legend.json?palette={palette}");
        var colors = legend.GetProperty("stops").EnumerateArray().Select(s => SKColor.Parse(s.GetProperty("color").GetString())).ToList();
        var lightness = colors.ConvertAll(c => 0.2126 * c.Red + 0.7152 * c.Green + 0.0722 * c.Blue);
        Assert.All(lightness.Zip(lightness.Skip(1)), pair => Assert.True(pair.Second < pair.First, $"{pair}"));
        var (px, py) = PixelOf(HeatmapServer.ClusterLon, HeatmapServer.ClusterLat);
        using var picture = await PictureAsync($"{Zoom}/{px / 256}/{py / 256}@2x.png?palette={palette}");
        var densest = picture.Pixels.Where(p => p.Alpha > 0).MinBy(p => 0.2126 * p.Red + 0.7152 * p.Green + 0.0722 * p.Blue);
        Assert.InRange(Math.Abs(densest.Red - colors[^1].Red) + Math.Abs(densest.Green - colors[^1].Green) + Math.Abs(densest.Blue - colors[^1].Blue), 0, 12);
    }

    [Fact]
    public async Task The_legend_gives_the_density_of_each_color()
    {
        var legend = await _server.Client.GetFromJsonAsync<JsonElement>($"/tiles/heatmap/{Zoom}/legend.json?bandwidth=200");
        Assert.Equal(200, legend.GetProperty("bandwidth_m").GetDouble(), 1e-6);
        // The cluster of 60 in one place, and the few scattered around it, under a Gaussian of 200 m.
        var peak = legend.GetProperty("peak_per_km2").GetDouble();
        var cluster = 60 / (2 * Math.PI * 0.2 * 0.2);
        Assert.InRange(peak, cluster * 0.98, cluster * 1.15);
        var stops = legend.GetProperty("stops").EnumerateArray().ToList();
        Assert.Equal(0, stops[0].GetProperty("per_km2").GetDouble());
        Assert.Equal(0, stops[0].GetProperty("opacity").GetDouble());
        Assert.Equal(peak, stops[^1].GetProperty("per_km2").GetDouble(), 1e-9);
        Assert.Equal("#420a68", stops[^1].GetProperty("color").GetString());
        Assert.Equal(peak / 4, stops[stops.Count / 2].GetProperty("per_km2").GetDouble(), peak / 100);
    }

    [Fact]
    public async Task Two_periods_share_one_scale_that_ends_at_the_denser_ones_peak()
    {
        // The scattered issues came in February, the cluster in March.
        const string sparse = "2025-02-01/2025-02-28", dense = "2025-03-01/2025-03-31";
        var (own, shared, greater) = (await PeakAsync($"datetime={sparse}"), await PeakAsync($"datetime={sparse}&scale_datetime={dense}"), await PeakAsync($"datetime={dense}"));
        Assert.InRange(own, 1, greater / 2);
        Assert.Equal(greater, shared, greater * 1e-3);
        Assert.Equal(greater, await PeakAsync($"datetime={dense}&scale_datetime={sparse}"), 1e-9);

        // The peak of the scattered issues is as dark as their own scale goes, and as pale as the share of the densities on the common one.
        var (px, py) = PixelOf(HeatmapServer.ClusterLon, HeatmapServer.ClusterLat);
        var tile = $"{Zoom}/{px / 256}/{py / 256}.png";
        using var alone = await PictureAsync($"{tile}?datetime={sparse}");
        using var beside = await PictureAsync($"{tile}?datetime={sparse}&scale_datetime={dense}");
        var darkest = Enumerable.Range(0, 256 * 256).MaxBy(i => Level(alone.Pixels[i]));
        Assert.InRange(Level(beside.Pixels[darkest]) - Level(alone.Pixels[darkest]) * Math.Sqrt(own / greater), -3, 3);
        using var refused = await _server.Client.GetAsync($"/tiles/heatmap/{tile}?scale_datetime=soon");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("scale_datetime", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        async Task<double> PeakAsync(string query)
            => (await _server.Client.GetFromJsonAsync<JsonElement>($"/tiles/heatmap/{Zoom}/legend.json?{query}")).GetProperty("peak_per_km2").GetDouble();
    }

    [Fact]
    public async Task A_tile_far_from_everything_is_a_clear_picture()
    {
        using var picture = await PictureAsync("5/0/0.png");
        Assert.All(picture.Pixels, p => Assert.Equal(0, p.Alpha));
    }

    /// <summary>Position of a color in the ramp.</summary>
    private static int Level(SKColor color)
    {
        if (color.Alpha == 0)
        {
            return 0;
        }
        var colors = HeatRamp.Of("inferno", onDark: false);
        return Enumerable.Range(0, 256).MinBy(i => Math.Abs(colors[i].Red - color.Red) + Math.Abs(colors[i].Green - color.Green) + Math.Abs(colors[i].Blue - color.Blue) + Math.Abs(colors[i].Alpha - color.Alpha));
    }

    private static (int X, int Y) PixelOf(double lon, double lat)
    {
        var (x, y) = WebMercator.FromLonLat(lon, lat);
        return ((int)(x * 256 * (1 << Zoom)), (int)(y * 256 * (1 << Zoom)));
    }

    private async Task<SKBitmap> PictureAsync(string path)
    {
        using var response = await _server.Client.GetAsync("/tiles/heatmap/" + path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        using var data = SKData.CreateCopy(await response.Content.ReadAsByteArrayAsync());
        using var codec = SKCodec.Create(data);
        // Not premultiplied: a faint color would lose its tone.
        return SKBitmap.Decode(codec, codec.Info.WithAlphaType(SKAlphaType.Unpremul).WithColorType(SKColorType.Rgba8888));
    }
}

/// <summary>A server with scattered issues, a cluster and a crowded default point.</summary>
public sealed class HeatmapServer : IAsyncLifetime
{
    internal const double ClusterLon = 120.1;
    internal const double ClusterLat = 30.3;
    internal const double DefaultLon = 120.03;
    internal const double DefaultLat = 30.23;

    internal static IReadOnlyList<PlantedIssue> Issues { get; } =
    [
        .. Enumerable.Range(1, 800).Select(i => new PlantedIssue(120 + i * 7919 % 10007 / 10007.0 * 0.2, 30.2 + i * 6007 % 9973 / 9973.0 * 0.2, ReportedAt: "2025-02-01T08:00:00Z")),
        .. Enumerable.Range(0, 60).Select(i => new PlantedIssue(ClusterLon + (i % 8 - 3.5) * 1e-5, ClusterLat + (i / 8 - 3.5) * 1e-5, Severity: 5)),
        .. Enumerable.Repeat(new PlantedIssue(DefaultLon, DefaultLat, "sewage", DefaultPoint: true), 200),
    ];

    internal TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        await Server.Data.PlantAsync(Issues);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
