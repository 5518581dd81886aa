using System.Globalization;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Filters, the time bar and saved views of the planners' map.</summary>
[Collection(SharedCounty.Name)]
public sealed class FilterTests(SampleCountyInBrowser county)
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_ward_is_found_in_the_tree_by_keyboard_alone()
    {
        await using var map = await county.OpenAsync("/");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "All wards" }).FocusAsync();
        foreach (var key in (string[])["Enter", "Tab", "Tab", "ArrowDown", "ArrowRight", "ArrowDown", "Space"])
        {
            await map.Page.Keyboard.PressAsync(key);
        }
        var chosen = map.Page.Locator("[role=treeitem][aria-level='3'][aria-checked=true]");
        await Assertions.Expect(chosen).ToHaveCountAsync(1);
        await Assertions.Expect(map.Page.Locator("[role=treeitem][aria-level='2'][aria-checked=mixed]")).ToHaveCountAsync(1);
        var code = await chosen.GetAttributeAsync("data-code");
        await map.IdleAsync();
        await map.PictureAsync("map-tree");
        await ExpectTotalAsync(map, $"ward={code}");

        // What is around it takes its place.
        await map.Page.Keyboard.PressAsync("ArrowLeft");
        await map.Page.Keyboard.PressAsync("Space");
        var parent = await map.Page.Locator("[role=treeitem][aria-level='2'][aria-checked=true]").GetAttributeAsync("data-code");
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex($@"[?&]ward={parent}(&|$)"));
        Assert.DoesNotContain($"ward={code}", map.Page.Url, StringComparison.Ordinal);
        await ExpectTotalAsync(map, $"ward={parent}");
        await map.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(map.Page.Locator(".tree")).ToHaveCountAsync(0);
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Choosing_a_ward_moves_the_map_to_it()
    {
        var ward = (await county.ApiAsync("/api/wards?geometry=none&level=community&limit=10")).GetProperty("features")[3].GetProperty("properties");
        var (code, name) = (ward.GetProperty("code").GetString()!, ward.GetProperty("name_en").GetString()!);
        await using var map = await county.OpenAsync("/?layers=heatmap,wards");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "All wards" }).ClickAsync();
        await map.Page.GetByRole(AriaRole.Searchbox).FillAsync(name);
        await map.Page.Locator(".choices label").Filter(new() { HasText = name }).First.ClickAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex($"[?&]ward={code}(&|$)"));
        // Its middle is in the middle of what the panels leave free, and it fills a good part of that.
        var corners = (await county.ApiAsync($"/api/wards/{code}")).GetProperty("geometry").GetProperty("coordinates")[0][0].EnumerateArray().Select(c => (Lon: c[0].GetDouble(), Lat: c[1].GetDouble())).ToArray();
        var box = new[] { corners.Min(c => c.Lon), corners.Min(c => c.Lat), corners.Max(c => c.Lon), corners.Max(c => c.Lat) };
        await map.Page.WaitForFunctionAsync("""
            ([west, south, east, north]) => {
              const { map } = document.querySelector('.map:not(.other)').plannerMap;
              const [a, b] = [map.project([west, north]), map.project([east, south])];
              const { clientWidth, clientHeight } = map.getContainer();
              return !map.isMoving() && a.x > 0 && a.y > 0 && b.x < clientWidth && b.y < clientHeight && Math.max((b.x - a.x) / clientWidth, (b.y - a.y) / clientHeight) > 0.3;
            }
            """, box);
        await ExpectTotalAsync(map, $"ward={code}");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Severity_has_a_lowest_and_a_highest_step_that_never_cross()
    {
        await using var map = await county.OpenAsync("/?layers=heatmap,wards");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Any severity" }).ClickAsync();
        await map.Page.GetByLabel("At least").SelectOptionAsync("2");
        await map.Page.GetByLabel("At most").SelectOptionAsync("3");
        await map.IdleAsync();
        await ExpectTotalAsync(map, "severity=2..3");
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex(@"[?&]severity=2\.\.3(&|$)"));
        await map.Page.GetByLabel("At least").SelectOptionAsync("5");
        await map.IdleAsync();
        await ExpectTotalAsync(map, "severity=5");
        await Assertions.Expect(map.Page.GetByLabel("At most")).ToHaveValueAsync("5");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Source_round_and_department_are_the_API_s_filter_and_stand_in_the_address()
    {
        var summary = await county.ApiAsync("/api/issues/summary");
        var round = summary.GetProperty("by_round")[0];
        var department = summary.GetProperty("by_department")[0].GetProperty("value").GetString()!;
        await using var map = await county.OpenAsync("/");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Source and more" }).ClickAsync();
        await map.Page.GetByLabel("Covert inspection", new() { Exact = false }).First.CheckAsync();
        await map.Page.GetByLabel(round.GetProperty("name_en").GetString()!).CheckAsync();
        await map.Page.GetByLabel(department).CheckAsync();
        await map.IdleAsync();
        await map.PictureAsync("map-more-filters");
        await ExpectTotalAsync(map, $"source=covert&round={round.GetProperty("code").GetString()}&department={Uri.EscapeDataString(department)}");
        await using var again = await county.OpenAsync(new Uri(map.Page.Url).PathAndQuery, locale: "zh-CN");
        await Assertions.Expect(again.Page.GetByRole(AriaRole.Button, new() { Name = "来源等：3" })).ToBeVisibleAsync();
        Assert.Equal(await map.TotalAsync(), await again.TotalAsync());
        map.AssertNoComplaints();
        again.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_time_plays_step_by_step_and_every_number_follows()
    {
        await using var map = await county.OpenAsync("/");
        await map.Page.GetByRole(AriaRole.Combobox, new() { Name = "Speed" }).SelectOptionAsync("fast");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Play" }).ClickAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("period=2024-12-01/2024-12-31"));
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("period=2025-01-01/2025-01-31"));
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await map.IdleAsync();
        await map.PictureAsync("map-time");
        var period = Regex.Match(map.Page.Url, "period=([^/&]+)/([^&]+)");
        await ExpectTotalAsync(map, Datetime(period.Groups[1].Value, period.Groups[2].Value));

        // Each end by the keyboard: the window grows by a month.
        var first = DateOnly.ParseExact(period.Groups[1].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        await map.Page.GetByRole(AriaRole.Slider, new() { Name = "End of the period" }).PressAsync("ArrowRight");
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex($"period={first:yyyy-MM-dd}/{first.AddMonths(2).AddDays(-1):yyyy-MM-dd}"));
        await map.IdleAsync();
        await ExpectTotalAsync(map, Datetime($"{first:yyyy-MM-dd}", $"{first.AddMonths(2).AddDays(-1):yyyy-MM-dd}"));
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "One step back" }).ClickAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex($"period={first.AddMonths(-1):yyyy-MM-dd}/{first.AddMonths(1).AddDays(-1):yyyy-MM-dd}"));

        // By the pointer: from one bar to another one.
        var bars = (await map.Page.Locator(".brush svg").BoundingBoxAsync())!;
        await map.Page.Mouse.MoveAsync(bars.X + bars.Width * 0.02f, bars.Y + 10);
        await map.Page.Mouse.DownAsync();
        await map.Page.Mouse.MoveAsync(bars.X + bars.Width * 0.10f, bars.Y + 10);
        await map.Page.Mouse.UpAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("period=2024-11-01/2025-01-31"));
        await map.IdleAsync();
        await ExpectTotalAsync(map, Datetime("2024-11-01", "2025-01-31"));
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Who_prefers_less_motion_has_single_steps_only()
    {
        await using var map = await county.OpenAsync("/");
        await Assertions.Expect(map.Page.GetByRole(AriaRole.Button, new() { Name = "Play" })).ToBeVisibleAsync();
        await map.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await Assertions.Expect(map.Page.GetByRole(AriaRole.Button, new() { Name = "Play" })).ToHaveCountAsync(0);
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "One step on" }).ClickAsync();
        await map.IdleAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("period=2024-11-01/2024-11-30"));
        await ExpectTotalAsync(map, Datetime("2024-11-01", "2024-11-30"));
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_view_is_saved_opened_renamed_given_away_and_deleted()
    {
        await using var map = await county.OpenAsync("/?relapse=true&period=90d");
        var total = await map.TotalAsync();
        var views = map.Page.GetByRole(AriaRole.Button, new() { Name = "Views" });
        await views.ClickAsync();
        await map.Page.GetByLabel("Name for the present view").FillAsync("Monday");
        await map.Page.Keyboard.PressAsync("Enter");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Rename Monday" }).ClickAsync();
        await map.Page.GetByLabel("New name for Monday").FillAsync("Relapses, 90 days");
        await map.Page.Keyboard.PressAsync("Enter");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Relapses, 90 days", Exact = true }).WaitForAsync();
        await map.PictureAsync("map-views");
        var link = await map.Page.GetByRole(AriaRole.Link, new() { Name = "Link" }).EvaluateAsync<string>("a => a.href");
        await map.Page.Keyboard.PressAsync("Escape");

        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await map.IdleAsync();
        await map.Page.ReloadAsync();
        await map.IdleAsync();
        Assert.NotEqual(total, await map.TotalAsync());
        await views.ClickAsync();
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Relapses, 90 days", Exact = true }).ClickAsync();
        await map.IdleAsync();
        Assert.Equal(total, await map.TotalAsync());
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("relapse=true&period=90d"));
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Delete Relapses, 90 days" }).ClickAsync();
        await Assertions.Expect(map.Page.GetByText("None yet.", new() { Exact = false })).ToBeVisibleAsync();

        await using var elsewhere = await county.OpenAsync(new Uri(link).PathAndQuery);
        Assert.Equal(total, await elsewhere.TotalAsync());
        map.AssertNoComplaints();
    }

    /// <summary>Whole days of the city.</summary>
    internal static string Datetime(string from, string to) => $"datetime={from}T00:00:00%2B08:00/{to}T23:59:59.999999%2B08:00";

    private async Task ExpectTotalAsync(MapPage map, string query)
    {
        var total = (await county.ApiAsync($"/api/issues/summary?{query}")).GetProperty("total").GetInt32();
        Assert.True(total > 0);
        await Assertions.Expect(map.Page.Locator(".headline strong")).ToHaveTextAsync(total.ToString("N0", CultureInfo.InvariantCulture));
    }
}
