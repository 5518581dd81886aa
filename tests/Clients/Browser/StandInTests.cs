using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>The heatmap before the map can draw: plain pictures of the same tiles, in the same places.</summary>
public sealed partial class StandInTests(SampleCountyInBrowser county) : IClassFixture<SampleCountyInBrowser>
{
    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("/?status=closed", "map-stand-in")]
    [InlineData("/?at=112.675,32.425,12.4", "map-stand-in-near")]
    public async Task The_tiles_that_the_map_draws_are_there_before_it_in_the_same_places(string address, string picture)
    {
        var page = await county.NewPageAsync();
        await using var map = new MapPage(page, county.Server.Address);
        await page.SetViewportSizeAsync(1400, 880);
        var isHeld = new TaskCompletionSource();
        await page.RouteAsync("**/assets/map-*.js", async route =>
        {
            await isHeld.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync("() => { const images = [...document.querySelectorAll('.stand-in img')]; return images.length > 0 && images.every((image) => image.complete && image.naturalWidth > 0); }");
        await page.Locator(".headline strong").WaitForAsync();
        await map.PictureAsync(picture);
        // Pixels from the middle of the map.
        var images = await page.EvaluateAsync<JsonElement>("""
            () => {
              const { left, top, width, height } = document.querySelector('.map').getBoundingClientRect();
              return [...document.querySelectorAll('.stand-in img')].map((image) => {
                const box = image.getBoundingClientRect();
                return { address: image.src, x: box.left - left - width / 2, y: box.top - top - height / 2, side: box.width };
              });
            }
            """);
        isHeld.SetResult();
        await map.IdleAsync();

        Assert.Equal(0, await page.Locator(".stand-in").CountAsync());
        var template = await page.EvaluateAsync<string>("() => document.querySelector('.map').plannerMap.tilesOf('heatmap')");
        var places = images.EnumerateArray().Select(image => (Address: image.GetProperty("address").GetString()!, X: Of(image, "x"), Y: Of(image, "y"), Side: Of(image, "side"))).ToList();
        Assert.True(places.Min(p => p.X) <= -700 && places.Max(p => p.X + p.Side) >= 700, "the tiles do not reach from edge to edge");
        foreach (var (source, x, y, _) in places)
        {
            var tile = TilePath().Match(source);
            var (zoom, column, row) = (tile.Groups["z"].Value, tile.Groups["x"].Value, tile.Groups["y"].Value);
            Assert.Equal(template.Replace("{z}", zoom, StringComparison.Ordinal).Replace("{x}", column, StringComparison.Ordinal).Replace("{y}", row, StringComparison.Ordinal), source);
            var side = Math.ScaleB(1, int.Parse(zoom, CultureInfo.InvariantCulture));
            var lon = 360 * int.Parse(column, CultureInfo.InvariantCulture) / side - 180;
            var lat = Math.Atan(Math.Sinh(Math.PI * (1 - 2 * int.Parse(row, CultureInfo.InvariantCulture) / side))) * 180 / Math.PI;
            var drawn = await page.EvaluateAsync<double[]>("""
                ([lon, lat]) => {
                  const container = document.querySelector('.map');
                  const { x, y } = container.plannerMap.project(lon, lat);
                  return [x - container.clientWidth / 2, y - container.clientHeight / 2];
                }
                """, new[] { lon, lat });
            Assert.Equal(drawn[0], x, 1.0);
            Assert.Equal(drawn[1], y, 1.0);
        }
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task What_is_looked_at_first_is_asked_for_once_and_the_map_comes_after_it()
    {
        var page = await county.NewPageAsync();
        await using var map = new MapPage(page, county.Server.Address);
        var asked = new ConcurrentBag<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).PathAndQuery);
        await page.AddInitScriptAsync("""
            const getContext = HTMLCanvasElement.prototype.getContext;
            HTMLCanvasElement.prototype.getContext = function (kind, ...options) {
              if (kind.startsWith('webgl')) {
                const images = [...document.querySelectorAll('.stand-in img')];
                window.before ??= { pictures: images.filter((image) => image.complete).length, numbers: document.querySelector('.headline strong')?.textContent, seconds: (performance.now() - window.since) / 1000 };
              }
              return getContext.call(this, kind, ...options);
            };
            new MutationObserver(() => document.querySelector('.stand-in img') && (window.since ??= performance.now())).observe(document, { childList: true, subtree: true });
            """);
        await page.GotoAsync("/");
        await map.IdleAsync();

        var before = await page.EvaluateAsync<JsonElement>("() => window.before");
        // Where that takes long it does not wait.
        Assert.True(before.GetProperty("seconds").GetDouble() >= 1.9 || (before.GetProperty("pictures").GetInt32() > 0 && before.TryGetProperty("numbers", out _)), before.ToString());
        foreach (var path in (string[])["/api/issues/summary", "/tiles/wards.json", "/api/base-maps"])
        {
            Assert.Single(asked, path);
        }
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_map_does_not_wait_for_pictures_that_do_not_come()
    {
        var page = await county.NewPageAsync();
        await using var map = new MapPage(page, county.Server.Address);
        var isHeld = new TaskCompletionSource();
        await page.RouteAsync("**/tiles/heatmap/**", async route =>
        {
            await isHeld.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator(".map canvas").WaitForAsync();
        isHeld.SetResult();
        await map.IdleAsync();
        Assert.Equal(0, await page.Locator(".stand-in").CountAsync());
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_tile_of_an_earlier_filter_that_comes_late_is_not_shown_as_the_next_one_s()
    {
        await using var map = await county.OpenAsync("/?layers=heatmap");
        var isHeld = new TaskCompletionSource();
        var late = 0;
        await map.Page.RouteAsync(url => url.Contains("/tiles/heatmap/", StringComparison.Ordinal) && url.Contains("overdue=true", StringComparison.Ordinal) && !url.Contains("relapse=true", StringComparison.Ordinal), async route =>
        {
            late++;
            await isHeld.Task;
            await route.FulfillAsync(new() { Status = 500, Body = "of the filter before" });
        });
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Overdue", Exact = true }).ClickAsync();
        await map.Page.WaitForFunctionAsync("() => document.querySelector('.map').plannerMap.tilesOf('heatmap').includes('overdue=true')");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Relapses", Exact = true }).ClickAsync();
        await map.IdleAsync();
        isHeld.SetResult();
        await map.IdleAsync();
        Assert.True(late > 0, "no tile of the first filter was asked for");
        Assert.True(await map.Page.EvaluateAsync<bool>("() => document.querySelector('.map').plannerMap.map.isSourceLoaded('heatmap')"));
        Assert.Equal((await county.ApiAsync("/api/issues/summary?overdue=true&relapse=true")).GetProperty("total").GetInt32(), await map.TotalAsync());
        Assert.Equal(0, await map.Page.Locator(".notes .bad").CountAsync());
        map.AssertNoComplaints();
    }

    private static double Of(JsonElement image, string name) => image.GetProperty(name).GetDouble();

    [GeneratedRegex(@"/tiles/heatmap/(?<z>\d+)/(?<x>\d+)/(?<y>\d+)\.png")]
    private static partial Regex TilePath();
}
