using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>The table of wards and their scorecards, used as a person would, beside what the API says.</summary>
[Collection(SharedCounty.Name)]
public sealed class WardsPageTests(SampleCountyInBrowser county)
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Wards_are_sorted_and_searched_and_every_figure_is_the_API_s_with_what_it_stands_on()
    {
        await using var page = await county.OpenAsync("/");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Wards", Exact = true }).ClickAsync();
        await page.IdleAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "All time" }).ClickAsync();
        await page.Page.GetByLabel("Last 90 days").CheckAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await page.IdleAsync();
        var end = DateOnly.FromDateTime((await county.ApiAsync("/api/issues/summary")).GetProperty("last_reported").GetDateTime().AddHours(8));
        var period = $"from={end.AddDays(-89):yyyy-MM-dd}&to={end:yyyy-MM-dd}";
        var wards = (await county.ApiAsync($"/api/scorecards?level=community&{period}")).GetProperty("wards").EnumerateArray().ToList();
        Assert.Equal(wards.Count, await page.Page.Locator("table.wards tbody tr").CountAsync());

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Overdue" }).ClickAsync();
        var worst = wards.Max(w => w.GetProperty("overdue").GetInt32());
        Assert.Equal(worst, Number(await CellAsync(page, 0, "overdue")));
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Overdue" })).ToHaveAttributeAsync("aria-sort", "descending");
        for (var row = 0; row < 3; row++)
        {
            var code = await page.Page.Locator("table.wards tbody tr").Nth(row).GetAttributeAsync("data-code");
            var ward = wards.Single(w => w.GetProperty("code").GetString() == code);
            foreach (var column in (string[])["total", "open", "closed", "overdue", "relapses"])
            {
                Assert.Equal(ward.GetProperty(column).GetInt32(), Number(await CellAsync(page, row, column)));
            }
            Assert.Contains(Written(ward.GetProperty("previous").GetProperty("total")) + " before", await CellAsync(page, row, "total"), StringComparison.Ordinal);
            Assert.Contains($"{Written(ward.GetProperty("on_time"))} of {Written(ward.GetProperty("on_time_rate_of"))}", await CellAsync(page, row, "on_time_rate"), StringComparison.Ordinal);
            Assert.Contains("median of " + Written(ward.GetProperty("median_days_to_close_of")), await CellAsync(page, row, "median_days_to_close"), StringComparison.Ordinal);
            Assert.Equal(ward.GetProperty("median_days_to_close").GetDouble(), double.Parse((await CellAsync(page, row, "median_days_to_close")).Split('\n')[0], CultureInfo.InvariantCulture), 0.051);
        }
        await page.PictureAsync("wards");

        await page.Page.GetByLabel("Find a ward").FillAsync("gulou");
        Assert.Equal(wards.Count(w => w.GetProperty("name_en").GetString()!.Contains("gulou", StringComparison.OrdinalIgnoreCase)), await page.Page.Locator("table.wards tbody tr").CountAsync());
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex("period=90d.*sort=-overdue.*q=gulou"));
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByRole(AriaRole.Link, new() { Name = "Download CSV" }).ClickAsync());
        Assert.Equal(wards.Count + 1, (await File.ReadAllLinesAsync(await download.PathAsync())).Length);
        page.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_row_leads_to_the_ward_s_scorecard_and_that_to_the_map_with_the_same_filter()
    {
        await using var page = await county.OpenAsync("/wards?category=chaotic_parking&level=subdistrict");
        var list = await county.ApiAsync("/api/scorecards?level=subdistrict&category=chaotic_parking");
        Assert.Equal(list.GetProperty("wards").GetArrayLength(), await page.Page.Locator("table.wards tbody tr").CountAsync());
        var first = list.GetProperty("wards").EnumerateArray().MaxBy(w => w.GetProperty("total").GetInt32());
        await page.Page.GetByRole(AriaRole.Link, new() { Name = first.GetProperty("name_en").GetString(), Exact = true }).ClickAsync();
        await page.IdleAsync();
        var card = await county.ApiAsync($"/api/wards/{first.GetProperty("code").GetString()}/scorecard?category=chaotic_parking");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = first.GetProperty("name_en").GetString(), Exact = true })).ToBeVisibleAsync();
        Assert.Equal(card.GetProperty("ward").GetProperty("total").GetInt32(), await page.FigureAsync("Issues"));
        Assert.Equal(card.GetProperty("ward").GetProperty("overdue").GetInt32(), await page.FigureAsync("Overdue"));
        Assert.Equal(card.GetProperty("children").GetArrayLength(), await page.Page.Locator("table.wards tbody tr").CountAsync());
        await Assertions.Expect(page.Page.Locator(".crumbs")).ToContainTextAsync("Chengling County");
        await page.PictureAsync("wards-scorecard");

        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Show on the map", Exact = true }).ClickAsync();
        await page.IdleAsync();
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex($@"/\?.*ward={first.GetProperty("code").GetString()}.*category=chaotic_parking"));
        await Assertions.Expect(page.Page.Locator(".details")).ToContainTextAsync(first.GetProperty("name_en").GetString()!);
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Scorecard" }).ClickAsync();
        await page.IdleAsync();
        Assert.Equal(card.GetProperty("ward").GetProperty("total").GetInt32(), await page.FigureAsync("Issues"));
        page.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task On_a_phone_in_Chinese_the_same_numbers_stand_in_a_table_that_scrolls()
    {
        await using var page = await county.OpenAsync("/wards?sort=-relapses", "zh-CN", 390, 844, dark: true);
        var wards = (await county.ApiAsync("/api/scorecards?level=community")).GetProperty("wards").EnumerateArray().ToList();
        var worst = wards.MaxBy(w => w.GetProperty("relapses").GetInt32());
        await Assertions.Expect(page.Page.Locator("table.wards tbody tr").First).ToContainTextAsync(worst.GetProperty("name").GetString()!);
        Assert.Equal(worst.GetProperty("relapses").GetInt32(), Number(await CellAsync(page, 0, "relapses")));
        Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page itself does not scroll sideways");
        await page.PictureAsync("wards-phone-zh");
        page.AssertNoComplaints();
    }

    private static Task<string> CellAsync(MapPage page, int row, string column) => page.Page.Locator("table.wards tbody tr").Nth(row).Locator($"[data-column={column}]").InnerTextAsync();

    private static int Number(string text) => int.Parse(text.Split('\n')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static string Written(JsonElement count) => count.GetInt32().ToString("N0", CultureInfo.InvariantCulture);
}
