using System.Text.RegularExpressions;
using GeoSanitation.Server;
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
        await page.RouteAsync("https://tiles.example.com/**", route => route.FulfillAsync(new()
        {
            ContentType = "image/png",
            BodyBytes = GreenPicture(),
            Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*" },
        }));
        await page.GotoAsync(new Uri(server.Address, "/?at=112.67,32.41,13&layers=heatmap,counts,wards,backdrop&lang=en").ToString());
        var map = page.Locator(".map:not(.other)");
        await page.Locator(".map:not(.other)[data-state=idle]").WaitForAsync();
        Assert.DoesNotContain(asked, url => url.Contains("example.com", StringComparison.Ordinal) || url.Contains("GCJ02", StringComparison.Ordinal));

        await page.Locator(BaseMapChoice).SelectOptionAsync("Shifted map");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("[?&]base=shifted(&|$)"));
        await Assertions.Expect(page.GetByText("© Somebody")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("""
            () => {
              const canvas = document.querySelector('.map:not(.other) canvas');
              const copy = document.createElement('canvas').getContext('2d');
              copy.drawImage(canvas, canvas.width / 2, canvas.height / 2, 1, 1, 0, 0, 1, 1);
              const [red, green, blue] = copy.getImageData(0, 0, 1, 1).data;
              return green > 150 && red < 60 && blue < 60;
            }
            """, null, new() { PollingInterval = 200 });
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
    public async Task Without_base_maps_there_is_nothing_to_choose_and_a_link_to_one_shows_the_local_backdrop()
    {
        await using var map = await county.OpenAsync("/?base=amap");
        Assert.Equal(0, await map.Page.Locator(BaseMapChoice).CountAsync());
        Assert.Equal((await county.ApiAsync("/api/issues/summary")).GetProperty("total").GetInt32(), await map.TotalAsync());
        map.AssertNoComplaints();
    }

    private static byte[] GreenPicture()
    {
        using var picture = new SKBitmap(256, 256);
        picture.Erase(new SKColor(0, 200, 0));
        using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
