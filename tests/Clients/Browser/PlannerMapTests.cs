using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>The planners' map, used as a person would, beside what the API says.</summary>
public sealed partial class PlannerMapTests(SampleCountyInBrowser county) : IClassFixture<SampleCountyInBrowser>
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_first_look_shows_the_numbers_and_every_significant_cell_of_the_API()
    {
        await using var map = await county.OpenAsync("/");
        await map.PictureAsync("map");
        var summary = await county.ApiAsync("/api/issues/summary");
        var cells = await county.ApiAsync("/api/hotspots/gi-star?output=significant");
        var classes = cells.GetProperty("explain").GetProperty("classes");
        Assert.Equal(summary.GetProperty("total").GetInt32(), await map.TotalAsync());
        Assert.Equal(summary.GetProperty("open").GetInt32(), await map.FigureAsync("Open"));
        Assert.Equal(summary.GetProperty("overdue").GetInt32(), await map.FigureAsync("Overdue"));
        Assert.Equal(summary.GetProperty("relapses").GetInt32(), await map.FigureAsync("Relapses"));
        Assert.Equal(Enumerable.Range(1, 3).Sum(c => classes.GetProperty($"{c}").GetInt32()), await map.FigureAsync("Hot cells"));
        Assert.True(cells.GetProperty("features").GetArrayLength() > 0);
        Assert.Equal(cells.GetProperty("features").GetArrayLength(), await map.RenderedAsync("cells", "cell"));
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_heatmap_is_dark_where_issues_are_dense_and_clear_where_there_are_none()
    {
        var contours = await county.ApiAsync("/api/hotspots/density?bandwidth=150");
        var (lon, lat) = FirstPosition(contours.GetProperty("features").EnumerateArray().MaxBy(f => f.GetProperty("properties").GetProperty("lower").GetDouble()));
        await using var map = await county.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"/?layers=heatmap&at={lon},{lat},12"));
        await map.ExpectLightnessAsync(lon, lat, 0, 170);
        var bounds = (await county.ApiAsync("/api/issues/summary")).GetProperty("bounds").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        await using var outside = await county.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"/?layers=heatmap&at={bounds[0] - 0.2},{bounds[1] - 0.2},12"));
        await outside.ExpectLightnessAsync(bounds[0] - 0.2, bounds[1] - 0.2, 235, 255);
        await using var dark = await county.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"/?layers=heatmap&at={lon},{lat},12"), dark: true);
        await dark.ExpectLightnessAsync(lon, lat, 110, 255);
        map.AssertNoComplaints();
        dark.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_ward_that_is_searched_and_chosen_changes_every_number_to_the_API_s()
    {
        await using var map = await county.OpenAsync("/");
        var ward = (await county.ApiAsync("/api/wards?geometry=none&level=community&limit=10")).GetProperty("features")[3].GetProperty("properties");
        var code = ward.GetProperty("code").GetString()!;
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "All wards" }).ClickAsync();
        await map.Page.GetByPlaceholder("Find a ward").FillAsync(code);
        await map.Page.Locator(".checks input").First.CheckAsync();
        await map.Page.Keyboard.PressAsync("Escape");
        await map.IdleAsync();
        var summary = await county.ApiAsync($"/api/issues/summary?ward={code}");
        await Assertions.Expect(map.Page.Locator(".headline strong")).ToHaveTextAsync(summary.GetProperty("total").GetInt32().ToString("N0", CultureInfo.InvariantCulture));
        Assert.Equal(summary.GetProperty("relapses").GetInt32(), await map.FigureAsync("Relapses"));
        await Assertions.Expect(map.Page.Locator(".filters").GetByRole(AriaRole.Button, new() { Name = ward.GetProperty("name_en").GetString() })).ToBeVisibleAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex($@"[?&]ward={code}(&|$)"));
        await map.PictureAsync("map-ward");

        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await map.IdleAsync();
        Assert.Equal((await county.ApiAsync("/api/issues/summary")).GetProperty("total").GetInt32(), await map.TotalAsync());
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Category_period_and_status_in_an_address_are_the_API_s_filter()
    {
        await using var map = await county.OpenAsync("/?category=chaotic_parking&status=closed&period=90d&severity=2..5");
        var last = (await county.ApiAsync("/api/issues/summary")).GetProperty("last_reported").GetDateTime();
        var end = DateOnly.FromDateTime(last.AddHours(8));
        var datetime = $"{end.AddDays(-89):yyyy-MM-dd}T00:00:00%2B08:00/{end:yyyy-MM-dd}T23:59:59.999999%2B08:00";
        var summary = await county.ApiAsync($"/api/issues/summary?category=chaotic_parking&status=closed&severity=2..5&datetime={datetime}");
        Assert.True(summary.GetProperty("total").GetInt32() > 0);
        Assert.Equal(summary.GetProperty("total").GetInt32(), await map.TotalAsync());
        await Assertions.Expect(map.Page.GetByRole(AriaRole.Button, new() { Name = "Last 90 days" })).ToBeVisibleAsync();
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_click_on_a_cell_tells_its_numbers_and_how_they_came_about()
    {
        var cells = await county.ApiAsync("/api/hotspots/gi-star?output=significant");
        var cell = cells.GetProperty("features").EnumerateArray().MaxBy(f => f.GetProperty("properties").GetProperty("count").GetInt32());
        var corners = cell.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Skip(1).Select(p => (Lon: p[0].GetDouble(), Lat: p[1].GetDouble())).ToList();
        await using var map = await county.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"/?layers=cells&at={corners.Average(p => p.Lon):F5},{corners.Average(p => p.Lat):F5},15"));
        await map.ClickMiddleAsync();
        await Assertions.Expect(map.Page.GetByRole(AriaRole.Heading, new() { Name = "Hot spot, 99 %" })).ToBeVisibleAsync();
        Assert.Equal(cell.GetProperty("properties").GetProperty("count").GetInt32(), await map.FigureAsync("Issues in the cell"));
        await Assertions.Expect(map.Page.Locator(".facts")).ToContainTextAsync(cell.GetProperty("properties").GetProperty("cell").GetString()!);
        await map.Page.GetByText("Significant cells (Gi*)").ClickAsync();
        await Assertions.Expect(map.Page.Locator(".how").First).ToContainTextAsync($"{cells.GetProperty("explain").GetProperty("parameters").GetProperty("distance").GetProperty("value").GetDouble()} m");
        // The version also names the last deadline that passed, behind its second hyphen, which may be another one by now.
        await Assertions.Expect(map.Page.Locator(".how").First).ToContainTextAsync(cells.GetProperty("explain").GetProperty("data_version").GetString()!.Split('-')[1]);
        await map.PictureAsync("map-cell");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Counts_stand_for_issues_that_are_near_each_other_and_a_click_goes_nearer()
    {
        var bounds = (await county.ApiAsync("/api/issues/summary")).GetProperty("bounds").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var (lon, lat) = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2);
        await using var map = await county.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"/?layers=counts,heatmap,wards&at={lon},{lat},11"));
        Assert.InRange(await map.RenderedAsync("counts", "point_count"), 5, 500);
        await map.PictureAsync("map-counts");
        await map.ClickPointAsync("counts");
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("at=[^&]*,1[2-9]"));
        await map.PictureAsync("map-counts-near");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_click_on_an_issue_tells_all_about_it()
    {
        var issue = (await county.ApiAsync("/api/issues?severity=5&sortby=-reported_at&limit=1")).GetProperty("features")[0];
        var position = issue.GetProperty("geometry").GetProperty("coordinates");
        await using var map = await county.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"/?layers=issues&severity=5&at={position[0].GetDouble():F5},{position[1].GetDouble():F5},18"));
        await map.ClickMiddleAsync();
        await Assertions.Expect(map.Page.Locator(".details")).ToContainTextAsync("Severity 5");
        await Assertions.Expect(map.Page.Locator(".facts")).ToContainTextAsync("Responsible");
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex(@"select=issue:\d+"));
        await map.PictureAsync("map-issue");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_list_of_clusters_leads_to_each_of_them_by_keyboard()
    {
        await using var map = await county.OpenAsync("/?layers=clusters,wards,backdrop");
        var clusters = await county.ApiAsync("/api/hotspots/clusters");
        var largest = clusters.GetProperty("features").EnumerateArray().Max(f => f.GetProperty("properties").GetProperty("count").GetInt32());
        await map.Page.Locator(".places button").First.FocusAsync();
        await map.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(map.Page.GetByRole(AriaRole.Heading, new() { Name = $"Cluster of {largest.ToString("N0", CultureInfo.InvariantCulture)} issues" })).ToBeVisibleAsync();
        await map.IdleAsync();
        await map.PictureAsync("map-cluster");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Both_languages_are_complete_and_the_switch_stays_in_the_address()
    {
        await using var map = await county.OpenAsync("/", locale: "zh-CN");
        Assert.Equal("zh-CN", await map.Page.Locator("html").GetAttributeAsync("lang"));
        await map.PictureAsync("map-zh");
        var chinese = await map.Page.Locator("#page").InnerTextAsync();
        Assert.DoesNotMatch(TextKey(), chinese);
        // Names of the product, units and methods are the only Latin words.
        Assert.Empty(LatinWord().Matches(chinese).Select(m => m.Value).Except(["English", "Gi", "DBSCAN", "km", "m"]));

        await map.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await map.IdleAsync();
        Assert.Equal("en", await map.Page.Locator("html").GetAttributeAsync("lang"));
        // Bodies, departments, titles and addresses are as the city wrote them.
        await map.Page.EvaluateAsync("() => document.querySelectorAll('.bodies, .departments ol, .issues').forEach((list) => list.hidden = true)");
        var english = await map.Page.Locator("#page").InnerTextAsync();
        Assert.DoesNotMatch(TextKey(), english);
        Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", english.Replace("中文", "", StringComparison.Ordinal));
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("[?&]lang=en(&|$)"));
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task How_a_result_came_about_is_told_in_Chinese_with_its_reasons_and_warnings()
    {
        const string filter = "category=standing_sewage&severity=5";
        await using var map = await county.OpenAsync($"/?layers=cells,clusters,density&{filter}&period=2026-09-01/2026-09-20", locale: "zh-CN");
        foreach (var summary in await map.Page.Locator(".how summary").AllAsync())
        {
            await summary.ClickAsync();
        }
        var told = string.Join('\n', await map.Page.Locator(".how").AllInnerTextsAsync());
        var explain = (await county.ApiAsync($"/api/hotspots/gi-star?output=significant&{filter}&datetime=2026-09-01T00:00:00%2B08:00/2026-09-20T23:59:59%2B08:00")).GetProperty("explain");
        var issues = explain.GetProperty("issues").GetInt32();
        Assert.InRange(issues, 1, 29);
        Assert.Contains($"仅有 {issues} 件问题，数量太少，结果不可靠。", told, StringComparison.Ordinal);
        Assert.Contains("辖区中心所在的 UTM 带", told, StringComparison.Ordinal);
        Assert.DoesNotMatch(TextKey(), told);
        Assert.DoesNotMatch("[A-Za-z]{2,}( [a-z]{2,}){2}", told);
        await map.PictureAsync("map-how-zh");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_link_leads_back_to_the_same_view()
    {
        await using var map = await county.OpenAsync("/");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Relapses", Exact = true }).ClickAsync();
        await map.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Clusters" }).CheckAsync();
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        await map.IdleAsync();
        // The county fills the first look at zoom 11; the address follows when the map has come to rest one zoom nearer.
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("relapse=true.*layers=.*clusters.*at=[^&]*,12"));
        await using var again = await county.OpenAsync(new Uri(map.Page.Url).PathAndQuery);
        Assert.Equal(await map.TotalAsync(), await again.TotalAsync());
        await Assertions.Expect(again.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Clusters" })).ToBeCheckedAsync();
        Assert.Equal(map.Page.Url, again.Page.Url);
        Assert.Equal(await map.RenderedAsync("clusters", "cluster"), await again.RenderedAsync("clusters", "cluster"));
        map.AssertNoComplaints();
        again.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_lost_connection_and_an_empty_result_are_said_in_words_with_a_way_out()
    {
        await using var map = await county.OpenAsync("/?q=&status=reported&severity=5&relapse=true&overdue=true&period=2001-01-01/2001-01-02");
        await Assertions.Expect(map.Page.GetByText("No issue matches these filters.")).ToBeVisibleAsync();
        await map.Page.Locator(".nothing button").ClickAsync();
        await map.IdleAsync();
        Assert.Equal((await county.ApiAsync("/api/issues/summary")).GetProperty("total").GetInt32(), await map.TotalAsync());
        await map.Page.RouteAsync("**/api/issues/summary?*", route => route.AbortAsync());
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Relapses", Exact = true }).ClickAsync();
        var notes = map.Page.Locator(".notes");
        await Assertions.Expect(notes.GetByText("The server cannot be reached.")).ToBeVisibleAsync();
        await map.Page.UnrouteAsync("**/api/issues/summary?*");
        await notes.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await map.IdleAsync();
        Assert.Equal((await county.ApiAsync("/api/issues/summary?relapse=true")).GetProperty("total").GetInt32(), await map.TotalAsync());
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task On_a_phone_everything_is_within_reach_and_nothing_runs_off_the_screen()
    {
        await using var map = await county.OpenAsync("/", locale: "zh-CN", width: 390, height: 844, dark: true);
        await map.PictureAsync("map-phone");
        Assert.True(await map.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "数据" }).ClickAsync();
        await Assertions.Expect(map.Page.Locator(".headline strong")).ToBeVisibleAsync();
        await map.PictureAsync("map-phone-numbers");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "图层" }).ClickAsync();
        await Assertions.Expect(map.Page.Locator(".scale")).ToBeVisibleAsync();
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_page_may_load_nothing_from_elsewhere_and_its_files_are_kept_as_long_as_they_hold()
    {
        using var page = await county.Server.Client.GetAsync("/");
        Assert.Equal("no-cache", page.Headers.CacheControl!.ToString());
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        var script = AssetPath().Match(await page.Content.ReadAsStringAsync()).Value;
        using var asset = await county.Server.Client.GetAsync("/" + script);
        Assert.Equal("text/javascript", asset.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("nosniff", asset.Headers.GetValues("X-Content-Type-Options").Single());
    }

    private static (double Lon, double Lat) FirstPosition(JsonElement feature)
    {
        var at = feature.GetProperty("geometry").GetProperty("coordinates");
        while (at[0].ValueKind == JsonValueKind.Array)
        {
            at = at[0];
        }
        return (at[0].GetDouble(), at[1].GetDouble());
    }

    /// <summary>A name of a text that stands where the text should.</summary>
    [GeneratedRegex(@"\b(filter|layer|legend|numbers|state|status|method|rule|parameter|value|class|area|explain)\.[a-z-]+")]
    private static partial Regex TextKey();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex LatinWord();

    [GeneratedRegex(@"assets/index-[\w-]+\.js")]
    private static partial Regex AssetPath();
}
