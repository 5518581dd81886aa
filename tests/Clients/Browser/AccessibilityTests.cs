using System.Text.Json;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Every page under the rules of axe-core (WCAG 2.2 A and AA), light and dark, with its panels open.</summary>
[Collection(SharedCounty.Name)]
public sealed class AccessibilityTests(SampleCountyInBrowser county)
{
    private static readonly string AxeFile = Path.Combine(SharedData.RepositoryRoot, "src", "planner-map", "node_modules", "axe-core", "axe.min.js");

    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("/", "en-GB", false, 1400)]
    [InlineData("/", "zh-CN", true, 1400)]
    [InlineData("/", "zh-CN", false, 390)]
    [InlineData("/?layers=patterns,cells,clusters,density,issues,counts,wards&period=90d", "en-GB", true, 1400)]
    [InlineData("/?period=30d&compare=2026-08-01/2026-08-31", "en-GB", true, 1400)]
    [InlineData("/?status=reported&severity=5&relapse=true&overdue=true&period=2001-01-01/2001-01-02", "en-GB", false, 1400)]
    public async Task The_map_s_page_has_no_serious_violation(string address, string locale, bool dark, int width)
    {
        await using var map = await county.OpenAsync(address, locale, width: width, dark: dark);
        await CheckAsync(map.Page, "as it opens");
    }

    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_sheet_and_no_panel_has_a_serious_violation(bool dark)
    {
        await using var map = await county.OpenAsync("/?category=exposed_rubbish&ward=990121001", dark: dark);
        var filters = map.Page.Locator(".bar .popover > button");
        for (var i = 0; i < await filters.CountAsync(); i++)
        {
            await filters.Nth(i).ClickAsync();
            await CheckAsync(map.Page, $"sheet {i}");
            await map.Page.Keyboard.PressAsync("Escape");
        }
        foreach (var how in await map.Page.Locator(".how > summary").AllAsync())
        {
            await how.ClickAsync();
        }
        await CheckAsync(map.Page, "explanations");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Draw an area" }).ClickAsync();
        await CheckAsync(map.Page, "drawing");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await map.Page.Locator(".issues .row button").First.ClickAsync();
        await map.Page.Locator(".details .facts").WaitForAsync();
        await CheckAsync(map.Page, "an issue");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "All numbers" }).ClickAsync();
        await map.Page.Locator(".places button").First.ClickAsync();
        await map.Page.Locator(".place .bodies").WaitForAsync();
        await CheckAsync(map.Page, "a cluster");
    }

    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("/wards", false)]
    [InlineData("/wards", true)]
    [InlineData("/report", false)]
    [InlineData("/report", true)]
    [InlineData("/import", false)]
    [InlineData("/import", true)]
    [InlineData("/docs", false)]
    [InlineData("/ogc/collections/issues/items?limit=20", false)]
    [InlineData("/ogc/collections/issues/items?limit=20", true)]
    public async Task The_other_pages_have_no_serious_violation(string address, bool dark)
    {
        var page = await county.NewPageAsync();
        await using var context = page.Context;
        await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await CheckAsync(page, address);
    }

    /// <summary>Runs axe-core. Not by a script element, which the page's policy refuses.</summary>
    private static async Task CheckAsync(IPage page, string where)
    {
        Assert.True(File.Exists(AxeFile), "axe-core is not there: npm ci in src/planner-map");
        await page.EvaluateAsync(await File.ReadAllTextAsync(AxeFile));
        var violations = await page.EvaluateAsync<JsonElement>("""
            async () => {
              const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
              return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
                .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 5).map(({ html, failureSummary }) => html.slice(0, 200) + ' ' + failureSummary).join(' | ')}`);
            }
            """);
        Assert.True(violations.GetArrayLength() == 0, $"{where}: {string.Join('\n', violations.EnumerateArray())}");
    }
}
