using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Coordinates;
using GeoSanitation.Server;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Base maps of others on the planners' map; the host that has them is made up, and answered by the test.</summary>
[Collection(SharedCounty.Name)]
public sealed class BaseMapTests(SampleCountyInBrowser county)
{
    private const string BaseMapChoice = ".choose:has(option[value='']) select";

    private static readonly BaseMapSettings Shifted = new()
    {
        Id = "shifted",
        Name = "偏移底图",
        NameEn = "Shifted map",
        Crs = "GCJ02",
        Attribution = "© Somebody",
        Tiles = ["https://tiles.example.com/{z}/{x}/{y}.png"],
    };

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_shifted_map_is_chosen_by_name_and_all_that_lies_on_it_is_asked_for_shifted_too()
    {
        await using var server = await TestServer.StartAsync(new Settings { BaseMaps = [Shifted] });
        using (var html = await server.Client.GetAsync("/"))
        {
            var policy = html.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("connect-src 'self' https://tiles.example.com;", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        }
        using (var wards = await server.Client.GetAsync("/wards"))
        {
            Assert.DoesNotContain("example.com", wards.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }

        var page = await county.NewPageAsync();
        var (asked, complaints) = (new List<string>(), new List<string>());
        page.Request += (_, request) => asked.Add(request.Url);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Add(message.Text);
            }
        };
        await page.RouteAsync("https://tiles.example.com/**", route => route.FulfillAsync(Picture(PictureOf(256, new SKColor(0, 200, 0)))));
        await page.GotoAsync(new Uri(server.Address, "/?at=112.67,32.41,13&layers=heatmap,counts,wards,backdrop&lang=en").ToString());
        var map = page.Locator(".map:not(.other)");
        await page.Locator(".map:not(.other)[data-state=idle]").WaitForAsync();
        Assert.DoesNotContain(asked, url => url.Contains("example.com", StringComparison.Ordinal) || url.Contains("GCJ02", StringComparison.Ordinal));

        await page.Locator(BaseMapChoice).SelectOptionAsync("Shifted map");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("[?&]base=shifted(&|$)"));
        await Assertions.Expect(page.GetByText("© Somebody")).ToBeVisibleAsync();
        await GreenAsync(page);
        await map.WaitForAsync();
        Assert.Contains(asked, url => Regex.IsMatch(url, @"^https://tiles\.example\.com/14/\d+/\d+\.png$"));
        foreach (var kind in (string[])["/tiles/issues/", "/tiles/wards/", "/tiles/heatmap/"])
        {
            Assert.Contains(asked, url => url.Contains(kind, StringComparison.Ordinal) && url.Contains("crs=GCJ02", StringComparison.Ordinal));
        }
        await page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", "map-base.png") });
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
        await page.Context.DisposeAsync();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_WMTS_with_its_key_is_asked_at_all_its_hosts()
    {
        await using var server = await TestServer.StartAsync(new Settings
        {
            BaseMaps =
            [
                new()
                {
                    Id = "vec",
                    Name = "天地图",
                    Tiles = ["https://t{0-7}.example.com/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=KEY"],
                },
            ],
        });
        var page = await county.NewPageAsync();
        var asked = new List<Uri>();
        await page.RouteAsync(url => new Uri(url).Host.EndsWith(".example.com", StringComparison.Ordinal), async route =>
        {
            asked.Add(new Uri(route.Request.Url));
            await route.FulfillAsync(Picture(PictureOf(256, new SKColor(0, 200, 0))));
        });
        await page.GotoAsync(new Uri(server.Address, "/?at=112.67,32.41,13&layers=wards,backdrop&base=vec&lang=zh").ToString());
        await GreenAsync(page);
        Assert.All(asked, url => Assert.Matches(@"^https://t[0-7]\.example\.com/vec_w/wmts\?SERVICE=WMTS&.*&TILEMATRIX=14&TILEROW=\d+&TILECOL=\d+&tk=KEY$", url.ToString()));
        Assert.True(asked.Select(url => url.Host).Distinct().Count() > 1);
        // The tile with the middle of the map, by the rule of the standard tile matrix of web mercator.
        Assert.Contains(asked, url => url.Query.Contains("TILEROW=6631&TILECOL=13319", StringComparison.Ordinal));
        await page.Context.DisposeAsync();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task On_a_shifted_map_an_issue_lies_where_the_shifted_picture_shows_its_place()
    {
        var place = new LonLat(112.68, 32.41);
        var shifted = Gcj02.FromWgs84(place);
        await using var server = await TestServer.StartAsync(new Settings { BaseMaps = [Shifted with { Tiles = ["https://wprd0{1-4}.example.com/appmaptile?x={x}&y={y}&z={z}"] }] });
        await server.Data.ExecuteAsync("insert into geosan.category (code, name) values ('litter', '垃圾')");
        using var inspector = await server.ClientAsync(Roles.Inspector);
        using var reported = await inspector.PostAsJsonAsync("/api/issues", new { type = "Feature", geometry = new { type = "Point", coordinates = new[] { place.LonDegrees, place.LatDegrees } }, properties = new { category = "litter", source = "patrol" } });
        reported.EnsureSuccessStatusCode();
        var page = await county.NewPageAsync();
        await page.RouteAsync(url => new Uri(url).Host.EndsWith(".example.com", StringComparison.Ordinal), route => route.FulfillAsync(Picture(CrossAt(shifted, new Uri(route.Request.Url).Query))));
        await page.GotoAsync(new Uri(server.Address, $"/?at={shifted.LonDegrees:F5},{shifted.LatDegrees:F5},17&layers=issues,backdrop&base=shifted&lang=en").ToString());
        await page.Locator(".map:not(.other)[data-state=idle]").WaitForAsync();
        var drawn = await page.EvaluateAsync<double[]>("""
            async () => {
              const { map } = document.querySelector('.map:not(.other)').plannerMap;
              const found = () => map.queryRenderedFeatures({ layers: ['issues'] })[0];
              while (!found()) await new Promise((done) => map.once('render', done));
              return found().geometry.coordinates;
            }
            """);
        // Half a kilometer from where it is on the ground, and within a meter of its place on the picture.
        Assert.InRange(Math.Abs(drawn[0] - shifted.LonDegrees), 0, 1e-5);
        Assert.InRange(Math.Abs(drawn[1] - shifted.LatDegrees), 0, 1e-5);
        Assert.True(Math.Abs(drawn[0] - place.LonDegrees) > 1e-3);
        // The picture's own mark is around the issue.
        await page.WaitForFunctionAsync("""
            ([lon, lat]) => {
              const { map } = document.querySelector('.map:not(.other)').plannerMap;
              const canvas = map.getCanvas();
              const copy = document.createElement('canvas').getContext('2d');
              const { x, y } = map.project([lon, lat]);
              const colorAt = (dx, dy) => {
                copy.drawImage(canvas, x + dx, y + dy, 1, 1, 0, 0, 1, 1);
                return [...copy.getImageData(0, 0, 1, 1).data];
              };
              const isRed = ([red, green, blue]) => red > 200 && green < 60 && blue < 60;
              return [[-14, 0], [14, 0], [0, -14], [0, 14]].every(([dx, dy]) => isRed(colorAt(dx, dy))) && [[-30, -30], [30, 30]].every(([dx, dy]) => !isRed(colorAt(dx, dy)));
            }
            """, new[] { shifted.LonDegrees, shifted.LatDegrees }, new() { PollingInterval = 200 });
        await page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", "map-base-shifted.png") });
        await page.Context.DisposeAsync();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_style_of_vector_tiles_is_drawn_below_everything_else()
    {
        await using var server = await TestServer.StartWithSampleCountyAsync(new Settings
        {
            BaseMaps = [new() { Id = "vector", Name = "矢量底图", NameEn = "Vector map", Style = "https://maps.example.com/styles/city.json?key=KEY", Hosts = ["https://tiles.example.com"], Attribution = "© Somebody" }],
        });
        var page = await county.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.AddRange(message.Type == "error" ? [message.Text] : []);
        // A pattern of blue, on areas that would be red without it.
        await page.RouteAsync("https://maps.example.com/sprite*.json", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Headers = Everybody,
            Body = """{"dots":{"x":0,"y":0,"width":8,"height":8,"pixelRatio":1}}""",
        }));
        await page.RouteAsync("https://maps.example.com/sprite*.png", route => route.FulfillAsync(Picture(PictureOf(8, new SKColor(0, 0, 200)))));
        await page.RouteAsync("https://maps.example.com/styles/**", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Headers = Everybody,
            Body = """
                {"version":8,"sprite":"../sprite","glyphs":"https://nowhere.example.org/{fontstack}/{range}.pbf",
                 "sources":{"city":{"type":"vector","tiles":["https://tiles.example.com/{z}/{x}/{y}.pbf"],"maxzoom":12}},
                 "layers":[{"id":"ground","type":"background","paint":{"background-color":"#00c800"}},
                           {"id":"areas","type":"fill","source":"city","source-layer":"wards","paint":{"fill-color":"#c80000","fill-pattern":"dots"}}]}
                """,
        }));
        // Vector tiles of a kind there is here: the server's own.
        await page.RouteAsync("https://tiles.example.com/**", async route => await route.FulfillAsync(new()
        {
            ContentType = "application/vnd.mapbox-vector-tile",
            Headers = Everybody,
            BodyBytes = await server.Client.GetByteArrayAsync("/tiles/wards" + new Uri(route.Request.Url).AbsolutePath.Replace(".pbf", ".mvt", StringComparison.Ordinal)),
        }));
        await page.GotoAsync(new Uri(server.Address, "/?at=112.67,32.41,9&layers=issues,backdrop&lang=en").ToString());
        await page.Locator(BaseMapChoice).SelectOptionAsync("Vector map");
        await Assertions.Expect(page.GetByText("© Somebody")).ToBeVisibleAsync();
        // Blue where there are wards, green around them.
        await page.WaitForFunctionAsync("""
            () => {
              const canvas = document.querySelector('.map:not(.other) canvas');
              if (!canvas) return false;
              const copy = document.createElement('canvas').getContext('2d');
              const colorAt = (x, y) => {
                copy.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
                return [...copy.getImageData(0, 0, 1, 1).data];
              };
              const [red, , blue] = colorAt(canvas.width / 2, canvas.height / 2);
              const [, green] = colorAt(canvas.width / 2, 8);
              return red < 60 && blue > 150 && green > 150;
            }
            """, null, new() { PollingInterval = 200 });
        await page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", "map-base-vector.png") });
        await page.Locator(BaseMapChoice).SelectOptionAsync("");
        await page.WaitForFunctionAsync("() => !document.querySelector('.map:not(.other)').plannerMap.map.getStyle().layers.some((layer) => layer.id.startsWith('base-map'))");
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
        await page.Context.DisposeAsync();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Without_base_maps_there_is_nothing_to_choose_and_a_link_to_one_shows_the_local_backdrop()
    {
        await using var map = await county.OpenAsync("/?base=amap");
        Assert.Equal(0, await map.Page.Locator(BaseMapChoice).CountAsync());
        Assert.Equal((await county.ApiAsync("/api/issues/summary")).GetProperty("total").GetInt32(), await map.TotalAsync());
        map.AssertNoComplaints();
    }

    private static readonly Dictionary<string, string> Everybody = new() { ["Access-Control-Allow-Origin"] = "*" };

    private static RouteFulfillOptions Picture(byte[] png) => new() { ContentType = "image/png", BodyBytes = png, Headers = Everybody };

    private static async Task GreenAsync(IPage page) => await page.WaitForFunctionAsync("""
        () => {
          const canvas = document.querySelector('.map:not(.other) canvas');
          if (!canvas) return false;
          const copy = document.createElement('canvas').getContext('2d');
          copy.drawImage(canvas, canvas.width / 2, canvas.height / 2, 1, 1, 0, 0, 1, 1);
          const [red, green, blue] = copy.getImageData(0, 0, 1, 1).data;
          return green > 150 && red < 60 && blue < 60;
        }
        """, null, new() { PollingInterval = 200 });

    /// <summary>A tile of a map that shows a place as a red square of 40 pixels, on white; its address says which one.</summary>
    private static byte[] CrossAt(LonLat place, string query)
    {
        var numbers = System.Web.HttpUtility.ParseQueryString(query);
        var (x, y, z) = (int.Parse(numbers["x"]!, CultureInfo.InvariantCulture), int.Parse(numbers["y"]!, CultureInfo.InvariantCulture), int.Parse(numbers["z"]!, CultureInfo.InvariantCulture));
        var tiles = Math.ScaleB(1, z);
        var east = (place.LonDegrees / 360 + 0.5) * tiles - x;
        var south = (0.5 - Math.Asinh(Math.Tan(place.LatDegrees * Math.PI / 180)) / (2 * Math.PI)) * tiles - y;
        using var picture = new SKBitmap(256, 256);
        picture.Erase(SKColors.White);
        using var canvas = new SKCanvas(picture);
        using var red = new SKPaint { Color = SKColors.Red };
        canvas.DrawRect((float)(256 * east) - 20, (float)(256 * south) - 20, 40, 40, red);
        using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static byte[] PictureOf(int pixels, SKColor color)
    {
        using var picture = new SKBitmap(pixels, pixels);
        picture.Erase(color);
        using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
