using System.Globalization;
using System.Net.Http.Json;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>The planners' map while the data change.</summary>
[Collection(SharedCounty.Name)]
public sealed class LiveTests(SampleCountyInBrowser county)
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_report_that_comes_in_shows_without_a_reload_and_moves_or_loses_nothing()
    {
        await using var map = await county.OpenAsync("/?layers=heatmap,wards&at=112.67,32.42,12.5");
        await Assertions.Expect(map.Page.Locator(".live")).ToHaveTextAsync("Live");
        var before = await map.TotalAsync();
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "All wards" }).ClickAsync();
        await map.Page.GetByRole(AriaRole.Searchbox).FillAsync("Gulou");
        var address = map.Page.Url;

        using var inspector = await county.Server.ClientAsync(Roles.Inspector);
        await ReportAsync(inspector);
        await Assertions.Expect(map.Page.Locator(".headline strong")).ToHaveTextAsync((before + 1).ToString("N0", CultureInfo.InvariantCulture));
        Assert.Equal((await county.ApiAsync("/api/issues/summary")).GetProperty("total").GetInt32(), before + 1);
        Assert.Equal(address, map.Page.Url);
        await Assertions.Expect(map.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("Gulou");
        await map.PictureAsync("map-live");
        map.AssertNoComplaints();
    }

    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("en-GB", "Live", "Not connected, trying again")]
    [InlineData("zh-CN", "实时", "连接已断开，正在重试")]
    public async Task A_page_that_is_cut_off_says_so_and_hears_afterwards_what_it_has_missed(string locale, string live, string lost)
    {
        await using var map = await county.OpenAsync("/?layers=wards", locale);
        await Assertions.Expect(map.Page.Locator(".live")).ToHaveTextAsync(live);
        await map.Page.RouteAsync("**/api/live", route => route.AbortAsync());
        // As if the person had looked at another window meanwhile.
        await map.Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await Assertions.Expect(map.Page.Locator(".live")).ToHaveTextAsync(lost);
        var before = await map.Page.Locator(".headline strong").InnerTextAsync();
        using var inspector = await county.Server.ClientAsync(Roles.Inspector);
        await ReportAsync(inspector);
        await map.PictureAsync($"map-cut-off-{locale}");
        Assert.Equal(before, await map.Page.Locator(".headline strong").InnerTextAsync());

        await map.Page.UnrouteAsync("**/api/live");
        await Assertions.Expect(map.Page.Locator(".live")).ToHaveTextAsync(live);
        var total = (await county.ApiAsync("/api/issues/summary")).GetProperty("total").GetInt32();
        await Assertions.Expect(map.Page.Locator(".headline strong")).ToHaveTextAsync(total.ToString("N0", CultureInfo.InvariantCulture));
    }

    private static async Task ReportAsync(HttpClient inspector)
    {
        using var reported = await inspector.PostAsJsonAsync("/api/issues", new
        {
            type = "Feature",
            geometry = new { type = "Point", coordinates = new[] { 112.68, 32.41 } },
            properties = new { category = "standing_sewage", source = "patrol", reported_at = "2026-10-30T09:00:00+08:00" },
        });
        reported.EnsureSuccessStatusCode();
    }
}
