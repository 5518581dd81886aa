using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Two periods on two maps.</summary>
[Collection(SharedCounty.Name)]
public sealed class CompareTests(SampleCountyInBrowser county)
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_time_just_before_comes_beside_the_period_with_the_numbers_of_the_API_on_one_scale()
    {
        var last = DateOnly.FromDateTime((await county.ApiAsync("/api/issues/summary")).GetProperty("last_reported").GetDateTime().AddHours(8));
        var (now, before) = (Datetime(last.AddDays(-29), last), Datetime(last.AddDays(-59), last.AddDays(-30)));
        await using var map = await county.OpenAsync("/?period=30d&layers=heatmap,cells,wards,backdrop");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await map.Page.GetByRole(AriaRole.Radio, new() { Name = "The time just before" }).CheckAsync();
        await map.Page.Keyboard.PressAsync("Escape");
        await map.IdleAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex($"compare={last.AddDays(-59):yyyy-MM-dd}/{last.AddDays(-30):yyyy-MM-dd}"));
        var (b, a) = (await TotalAsync(now), await TotalAsync(before));
        await Assertions.Expect(map.Page.Locator(".map-name.first")).ToContainTextAsync($"{a.ToString("N0", CultureInfo.InvariantCulture)} issues");
        await Assertions.Expect(map.Page.Locator(".map-name.second")).ToContainTextAsync($"{b.ToString("N0", CultureInfo.InvariantCulture)} issues");
        await Assertions.Expect(map.Page.Locator(".map-name.second")).ToContainTextAsync(b >= a ? "+" : "-");

        // Each map has the cells of its own period; the legend counts both.
        var (hotNow, hotBefore) = (await HotAsync(now), await HotAsync(before));
        await Assertions.Expect(map.Page.Locator(".keys li:has-text('Hot') .value")).ToHaveTextAsync($"A {hotBefore} · B {hotNow}");

        // One scale: the end of the legend is the greater of the two peaks.
        var zoom = await map.Page.EvaluateAsync<double>("() => Number(new URL(location.href).searchParams.get('at').split(',')[2])");
        var legend = $"/tiles/heatmap/{(int)Math.Round(zoom, MidpointRounding.AwayFromZero)}/legend.json?radius_px=15&datetime=";
        var peak = Math.Max((await county.ApiAsync(legend + now)).GetProperty("peak_per_km2").GetDouble(), (await county.ApiAsync(legend + before)).GetProperty("peak_per_km2").GetDouble());
        var end = double.Parse(await map.Page.Locator(".ticks li").Last.InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        Assert.InRange(end / peak, 0.94, 1.06);
        await map.PictureAsync("map-compare");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Both_maps_move_together_whichever_is_moved()
    {
        await using var map = await county.OpenAsync("/?period=30d&compare=2025-10-02/2025-10-31&layers=heatmap,wards,backdrop");
        await map.Page.Locator(".map.other canvas").WaitForAsync();
        await map.IdleAsync();
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        await map.IdleAsync();
        await ExpectSamePlaceAsync(map);
        var box = (await map.Page.Locator(".map.other").BoundingBoxAsync())!;
        var before = await PlaceAsync(map, ".map:not(.other)");
        await map.Page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
        await map.Page.Mouse.DownAsync();
        await map.Page.Mouse.MoveAsync(box.X + box.Width / 2 - 80, box.Y + box.Height / 2 - 60, new() { Steps = 5 });
        await map.Page.Mouse.UpAsync();
        await map.IdleAsync();
        await ExpectSamePlaceAsync(map);
        Assert.NotEqual(before[0], (await PlaceAsync(map, ".map:not(.other)"))[0], 1e-4);
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_edge_between_maps_that_lie_over_each_other_moves_by_keys_and_stays_in_the_address()
    {
        await using var map = await county.OpenAsync("/?period=30d&compare=2025-10-01/2025-10-31&swipe=40&layers=heatmap,wards,backdrop", locale: "zh-CN");
        var edge = map.Page.GetByRole(AriaRole.Slider, new() { Name = "两图的分界" });
        await edge.FocusAsync();
        await map.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("[?&]swipe=42(&|$)"));
        var (line, stage) = ((await edge.BoundingBoxAsync())!, (await map.Page.Locator(".stage").BoundingBoxAsync())!);
        Assert.Equal(0.42, (line.X + line.Width / 2 - stage.X) / stage.Width, 0.005);
        await Assertions.Expect(map.Page.Locator(".lengths")).ToContainTextAsync("A 为 31 天，B 为 30 天");
        await map.PictureAsync("map-swipe-zh");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task What_opens_on_the_map_of_the_second_period_is_of_that_period()
    {
        await using var map = await county.OpenAsync("/?period=90d&compare=2025-08-03/2025-10-31&layers=cells,clusters,wards,backdrop&at=112.67,32.42,12.5");
        var before = Datetime(new(2025, 8, 3), new(2025, 10, 31));
        var clusters = (await county.ApiAsync($"/api/hotspots/clusters?datetime={before}")).GetProperty("features");
        var at = await map.Page.EvaluateAsync<double[]>("""
            () => {
              const { map } = document.querySelector('.map.other').plannerMap;
              const found = map.queryRenderedFeatures({ layers: ['clusters'] })[0];
              const ring = found.geometry.coordinates[0];
              const middle = map.project([0, 1].map((i) => ring.reduce((sum, corner) => sum + corner[i], 0) / ring.length));
              return [middle.x, middle.y, found.properties.cluster];
            }
            """);
        var box = (await map.Page.Locator(".map.other").BoundingBoxAsync())!;
        await map.Page.Mouse.ClickAsync(box.X + (float)at[0], box.Y + (float)at[1]);
        var count = clusters.EnumerateArray().Select(f => f.GetProperty("properties")).Single(c => c.GetProperty("cluster").GetInt32() == (int)at[2]).GetProperty("count").GetInt32();
        await Assertions.Expect(map.Page.Locator(".details h2")).ToContainTextAsync(count.ToString("N0", CultureInfo.InvariantCulture));
        await Assertions.Expect(map.Page.Locator(".details")).ToContainTextAsync("A 3 Aug 2025");
        await map.IdleAsync();

        // From its link too.
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex($"[?&]select=other:cluster:{(int)at[2]}(&|$)"));
        await using var again = await county.OpenAsync(new Uri(map.Page.Url).PathAndQuery, locale: "zh-CN");
        await Assertions.Expect(again.Page.Locator(".details h2")).ToContainTextAsync(count.ToString("N0", CultureInfo.InvariantCulture));
        map.AssertNoComplaints();
        again.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task On_a_phone_one_map_lies_above_the_other()
    {
        await using var map = await county.OpenAsync("/?period=90d&compare=2025-08-03/2025-10-31&layers=heatmap,wards,backdrop", width: 390, height: 844);
        var (a, b) = ((await map.Page.Locator(".map.other").BoundingBoxAsync())!, (await map.Page.Locator(".map:not(.other)").BoundingBoxAsync())!);
        Assert.True(a.Y + a.Height <= b.Y, $"{a.Y} + {a.Height} {b.Y}");
        Assert.True(a is { Width: 390, Height: > 200 } && b is { Width: 390, Height: > 200 });
        await map.PictureAsync("map-compare-phone");
        map.AssertNoComplaints();
    }

    private async Task<int> TotalAsync(string datetime) => (await county.ApiAsync($"/api/issues/summary?datetime={datetime}")).GetProperty("total").GetInt32();

    private async Task<int> HotAsync(string datetime)
    {
        var classes = (await county.ApiAsync($"/api/hotspots/gi-star?output=significant&datetime={datetime}")).GetProperty("explain").GetProperty("classes");
        return Enumerable.Range(1, 3).Sum(c => classes.GetProperty($"{c}").GetInt32());
    }

    private static string Datetime(DateOnly from, DateOnly to) => $"{from:yyyy-MM-dd}T00:00:00%2B08:00/{to:yyyy-MM-dd}T23:59:59.999999%2B08:00";

    private static Task<double[]> PlaceAsync(MapPage map, string selector)
        => map.Page.EvaluateAsync<double[]>("(selector) => { const { map } = document.querySelector(selector).plannerMap; const { lng, lat } = map.getCenter(); return [lng, lat, map.getZoom()]; }", selector);

    private static async Task ExpectSamePlaceAsync(MapPage map)
    {
        var (one, other) = (await PlaceAsync(map, ".map:not(.other)"), await PlaceAsync(map, ".map.other"));
        Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }
}
