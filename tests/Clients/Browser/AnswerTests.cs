using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>What the panels of the planners' map answer about places, beside the API.</summary>
[Collection(SharedCounty.Name)]
public sealed class AnswerTests(SampleCountyInBrowser county)
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task An_area_is_drawn_by_the_pointer_and_its_numbers_are_the_API_s()
    {
        await using var map = await county.OpenAsync("/?status=closed");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Draw an area" }).ClickAsync();
        var box = (await map.Page.Locator(".map:not(.other)").BoundingBoxAsync())!;
        foreach (var (x, y) in ((float, float)[])[(-130, -130), (130, -120), (140, 90), (-120, 60)])
        {
            await map.Page.Mouse.ClickAsync(box.X + box.Width / 2 + x, box.Y + box.Height / 2 + y);
        }
        await Assertions.Expect(map.Page.GetByText("4 corners.", new() { Exact = false })).ToBeVisibleAsync();
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Finish" }).ClickAsync();
        await map.Page.GetByRole(AriaRole.Heading, new() { Name = "Drawn area" }).WaitForAsync();
        await map.IdleAsync();
        await ExpectNumbersAsync(map, $"status=closed&filter={Uri.EscapeDataString(ConditionOf(map.Page.Url))}");
        await map.PictureAsync("map-area");

        // Layers, numbers and charts are of the area too, and of all again at a click.
        var condition = Uri.EscapeDataString(ConditionOf(map.Page.Url));
        var tile = await map.Page.EvaluateAsync<string>("() => document.querySelector('.map:not(.other)').plannerMap.tilesOf('heatmap')");
        Assert.Contains("filter=S_INTERSECTS", tile, StringComparison.Ordinal);
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "All numbers" }).ClickAsync();
        await map.IdleAsync();
        Assert.Equal((await county.ApiAsync($"/api/issues/summary?status=closed&filter={condition}")).GetProperty("total").GetInt32(), await map.TotalAsync());
        Assert.Equal((await county.ApiAsync($"/api/hotspots/gi-star?output=significant&status=closed&filter={condition}")).GetProperty("features").GetArrayLength(),
            await map.Page.EvaluateAsync<int>("async () => (await document.querySelector('.map:not(.other)').plannerMap.map.getSource('cells').getData()).features.filter((feature) => 'cell' in feature.properties).length"));
        var link = new Uri(map.Page.Url).PathAndQuery;
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Drawn area ×" }).ClickAsync();
        await map.IdleAsync();
        Assert.Equal((await county.ApiAsync("/api/issues/summary?status=closed")).GetProperty("total").GetInt32(), await map.TotalAsync());
        await map.Page.EvaluateAsync("search => { history.pushState(null, '', search); dispatchEvent(new PopStateEvent('popstate')); }", link);
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Drawn area ×" }).WaitForAsync();
        await map.Page.GetByText("Drawn area").First.WaitForAsync();
        await map.IdleAsync();

        await using var again = await county.OpenAsync(new Uri(map.Page.Url).PathAndQuery + "&select=area:" + Regex.Match(map.Page.Url, "area=([^&]+)").Groups[1].Value, locale: "zh-CN", dark: true);
        await again.Page.GetByRole(AriaRole.Heading, new() { Name = "绘制的区域" }).WaitForAsync();
        await Assertions.Expect(again.Page.Locator(".place .figure dd").First).ToHaveTextAsync(await map.Page.Locator(".headline strong").InnerTextAsync());
        await again.PictureAsync("map-area-zh");
        map.AssertNoComplaints();
        again.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task An_area_is_drawn_by_the_keyboard_alone()
    {
        await using var map = await county.OpenAsync("/?at=112.675,32.425,13.5");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Draw an area" }).PressAsync("Enter");
        await map.Page.Locator(".map:not(.other) canvas").FocusAsync();
        foreach (var key in (string?[])[null, "ArrowRight", "ArrowDown"])
        {
            if (key is not null)
            {
                var before = await CameraAsync(map);
                await map.Page.Keyboard.PressAsync(key);
                await map.Page.WaitForFunctionAsync("before => new URL(location.href).searchParams.get('at') !== before && !document.querySelector('.map:not(.other)').plannerMap.map.isMoving()", before);
            }
            await map.Page.Keyboard.PressAsync("Space");
            await Assertions.Expect(map.Page.Locator(".draw-tools p")).ToContainTextAsync(key switch { null => "1 corner so far", "ArrowRight" => "2 corners so far", _ => "3 corners." });
        }
        await map.Page.Keyboard.PressAsync("Enter");
        await map.Page.GetByRole(AriaRole.Heading, new() { Name = "Drawn area" }).WaitForAsync();
        await map.IdleAsync();
        await ExpectNumbersAsync(map, $"filter={Uri.EscapeDataString(ConditionOf(map.Page.Url))}");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_ward_is_answered_for_in_both_languages_with_who_answers_and_what_it_means()
    {
        var ward = (await county.ApiAsync("/api/wards?geometry=none&level=community&limit=10")).GetProperty("features")[3].GetProperty("properties");
        var code = ward.GetProperty("code").GetString()!;
        var summary = await county.ApiAsync($"/api/issues/summary?ward={code}&relapse=true");
        await using var map = await county.OpenAsync($"/?relapse=true&select=ward:{code}");
        await ExpectNumbersAsync(map, $"ward={code}&relapse=true");
        await Assertions.Expect(map.Page.Locator(".bodies li").First).ToContainTextAsync(summary.GetProperty("by_responsible")[0].GetProperty("value").GetString()!);
        await Assertions.Expect(map.Page.Locator(".bodies .value").First).ToContainTextAsync(Written(summary.GetProperty("by_responsible")[0].GetProperty("count")));
        await map.Page.GetByText("What do these numbers mean?").ClickAsync();
        await Assertions.Expect(map.Page.Locator(".meanings dd")).ToHaveCountAsync(6);
        await Assertions.Expect(map.Page.Locator(".how").First).ToContainTextAsync(code);
        await Assertions.Expect(map.Page.Locator(".how").First).ToContainTextAsync(summary.GetProperty("data_version").GetString()!.Split('-')[1]);
        await map.PictureAsync("map-ward-answer");

        await map.Page.GetByRole(AriaRole.Button, new() { Name = "中文" }).ClickAsync();
        await Assertions.Expect(map.Page.GetByRole(AriaRole.Heading, new() { Name = ward.GetProperty("name").GetString() })).ToBeVisibleAsync();
        await Assertions.Expect(map.Page.GetByText("这些数字是什么意思？")).ToBeVisibleAsync();
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_numbers_of_what_the_map_shows_follow_the_map()
    {
        await using var map = await county.OpenAsync("/?at=112.675,32.425,14");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "On this map" }).ClickAsync();
        await ExpectNumbersAsync(map, $"bbox={await BoundsAsync(map)}");
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("numbers=map"));
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex(@"at=[^&]*,15(&|$)"));
        await map.IdleAsync();
        await ExpectNumbersAsync(map, $"bbox={await BoundsAsync(map)}");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_list_of_thousands_is_read_page_by_page_in_any_order()
    {
        await using var map = await county.OpenAsync("/?category=chaotic_parking");
        await map.Page.GetByRole(AriaRole.Combobox, new() { Name = "Order" }).SelectOptionAsync(new SelectOptionValue { Label = "Most severe first" });
        var all = (await county.ApiAsync("/api/issues?category=chaotic_parking&sortby=-severity,-reported_at&limit=10000")).GetProperty("features");
        Assert.True(all.GetArrayLength() > 1000);
        var list = map.Page.Locator("ul.issues");
        await Assertions.Expect(map.Page.Locator(".list-head h3")).ToHaveTextAsync($"{all.GetArrayLength().ToString("N0", CultureInfo.InvariantCulture)} issues");
        await list.EvaluateAsync("e => e.scrollTop = 58 * 700");
        await map.Page.Locator("[data-at='703']").WaitForAsync();
        // However many there are, only those in sight are on the page.
        Assert.InRange(await map.Page.Locator(".issues .row").CountAsync(), 7, 20);
        await map.PictureAsync("map-list");
        await map.Page.Locator("[data-at='703']").FocusAsync();
        foreach (var key in (string[])["ArrowDown", "ArrowDown", "PageDown", "ArrowUp"])
        {
            await map.Page.Keyboard.PressAsync(key);
            var at = key switch { "PageDown" => 712, "ArrowUp" => 711, _ => -1 };
            if (at > 0)
            {
                await Assertions.Expect(map.Page.Locator($"[data-at='{at}']")).ToBeFocusedAsync();
            }
            else
            {
                await map.Page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))");
            }
        }
        await map.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex($@"select=issue:{all[711].GetProperty("id").GetInt64()}(&|$)"));
        map.AssertNoComplaints();
    }

    private static async Task<string> CameraAsync(MapPage map) => await map.Page.EvaluateAsync<string>("() => new URL(location.href).searchParams.get('at')");

    private async Task ExpectNumbersAsync(MapPage map, string query)
    {
        var summary = await county.ApiAsync($"/api/issues/summary?{query}");
        Assert.True(summary.GetProperty("total").GetInt32() > 0);
        foreach (var (name, member) in ((string, string)[])[("Issues", "total"), ("Open", "open"), ("Overdue", "overdue"), ("Relapses", "relapses")])
        {
            var figure = map.Page.Locator(".place .figure", new() { Has = map.Page.GetByText(name, new() { Exact = true }) }).Locator("dd");
            await Assertions.Expect(figure).ToHaveTextAsync(new Regex($"^{Regex.Escape(Written(summary.GetProperty(member)))}(\\D|$|[0-9.]+%)"));
        }
        await Assertions.Expect(map.Page.Locator(".list-head h3")).ToContainTextAsync(Written(summary.GetProperty("total")));
    }

    private static string Written(JsonElement number) => number.GetInt32().ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The condition for the area that the address says.</summary>
    private static string ConditionOf(string address)
    {
        var corners = Regex.Match(address, "select=area:([^&]+)").Groups[1].Value.Split('_').Select(c => c.Replace(',', ' ')).ToList();
        return $"S_INTERSECTS(geometry,POLYGON(({string.Join(',', corners.Append(corners[0]))})))";
    }

    /// <summary>What the panels leave free of the map.</summary>
    private static async Task<string> BoundsAsync(MapPage map)
        => string.Join(',', (await map.Page.EvaluateAsync<double[]>("""
            () => {
              const container = document.querySelector('.map:not(.other)');
              const [left, right] = ['left', 'right'].map((side) => parseFloat(getComputedStyle(container).getPropertyValue(`--covered-${side}`)));
              const { map } = container.plannerMap;
              const [a, b] = [map.unproject([left, container.clientHeight]), map.unproject([container.clientWidth - right, 0])];
              return [a.lng, a.lat, b.lng, b.lat];
            }
            """)).Select(n => Math.Round(n, 5).ToString(CultureInfo.InvariantCulture)));
}
