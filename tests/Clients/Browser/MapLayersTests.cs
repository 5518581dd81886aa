using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Layers of the planners' map that tell whether a place is new, lasting or back again, and what colors single issues.</summary>
[Collection(SharedCounty.Name)]
public sealed class MapLayersTests(SampleCountyInBrowser county)
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Patterns_over_time_are_those_of_the_API_in_groups_that_a_person_tells_apart()
    {
        var answer = await county.ApiAsync("/api/hotspots/emerging?step=month&output=significant");
        await using var map = await county.OpenAsync("/?layers=wards,backdrop");
        Assert.Equal(0, await map.RenderedAsync("patterns", "cell"));
        await map.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Change over time" }).CheckAsync();
        await map.IdleAsync();
        Assert.True(answer.GetProperty("features").GetArrayLength() > 0);
        Assert.Equal(answer.GetProperty("features").GetArrayLength(), await map.RenderedAsync("patterns", "cell"));
        var patterns = answer.GetProperty("explain").GetProperty("patterns");
        Assert.Equal(Count("new hot spot") + Count("consecutive hot spot"), await KeyAsync(map, "New"));
        Assert.Equal(Count("intensifying hot spot"), await KeyAsync(map, "Getting worse"));
        Assert.Equal(Count("sporadic hot spot") + Count("oscillating hot spot"), await KeyAsync(map, "Back again"));
        Assert.Equal(Count("persistent hot spot"), await KeyAsync(map, "Lasting"));
        await map.PictureAsync("map-patterns");
        map.AssertNoComplaints();

        int Count(string pattern) => patterns.GetProperty(pattern).GetInt32();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_click_on_a_cell_that_grows_worse_tells_how_often_it_was_hot()
    {
        var answer = await county.ApiAsync("/api/hotspots/emerging?step=month&output=significant");
        var cell = answer.GetProperty("features").EnumerateArray().Where(f => f.GetProperty("properties").GetProperty("pattern").GetString() == "intensifying hot spot")
            .MaxBy(f => f.GetProperty("properties").GetProperty("count").GetInt32());
        var (lon, lat) = MiddleOf(cell);
        await using var map = await county.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"/?layers=patterns,wards&at={lon:F5},{lat:F5},15"));
        await map.HoverMiddleAsync();
        await Assertions.Expect(map.Page.Locator(".tooltip")).ToContainTextAsync("Getting worse");
        await map.ClickMiddleAsync();
        await Assertions.Expect(map.Page.GetByRole(AriaRole.Heading, new() { Name = "Getting worse" })).ToBeVisibleAsync();
        Assert.Equal(cell.GetProperty("properties").GetProperty("hot_steps").GetInt32(), await map.FigureAsync("Times hot"));
        Assert.Equal(cell.GetProperty("properties").GetProperty("count").GetInt32(), await map.FigureAsync("Issues in the cell"));
        await Assertions.Expect(map.Page.Locator(".figures").First).ToContainTextAsync($"of {answer.GetProperty("explain").GetProperty("parameters").GetProperty("steps").GetProperty("value").GetInt32()}, each a month");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Circles_are_asked_for_only_when_they_are_shown_and_tell_risk_p_and_period()
    {
        await using var map = await county.OpenAsync("/?layers=wards,backdrop");
        var asked = new List<string>();
        map.Page.Request += (_, request) => asked.Add(request.Url);
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Overdue", Exact = true }).ClickAsync();
        await map.IdleAsync();
        Assert.DoesNotContain(asked, url => url.Contains("/api/hotspots/scan", StringComparison.Ordinal));
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await map.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Circles of excess" }).CheckAsync();
        await map.Page.GetByRole(AriaRole.Radio, new() { Name = "More than elsewhere" }).CheckAsync();
        await map.IdleAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("[?&]circles=place(&|$)"));
        var answer = await county.ApiAsync("/api/hotspots/scan?max_radius=1000");
        var circles = answer.GetProperty("features").EnumerateArray().ToList();
        Assert.True(circles.Count > 1);
        Assert.Equal(circles.Count, await map.RenderedAsync("circles", "rank"));
        Assert.Equal(circles.Count, await KeyAsync(map, "More than chance"));
        await map.PictureAsync("map-circles");

        var first = circles[0].GetProperty("properties");
        var (lon, lat) = MiddleOf(circles[0]);
        await using var near = await county.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"/?layers=circles&circles=place&at={lon:F5},{lat:F5},14"));
        await near.HoverMiddleAsync();
        var observed = first.GetProperty("observed").GetInt32().ToString("N0", CultureInfo.InvariantCulture);
        await Assertions.Expect(near.Page.Locator(".tooltip")).ToContainTextAsync($"{first.GetProperty("relative_risk").GetDouble().ToString("G3", CultureInfo.InvariantCulture)} times as many as expected");
        await Assertions.Expect(near.Page.Locator(".tooltip")).ToContainTextAsync($"{observed} issues instead of");
        await Assertions.Expect(near.Page.Locator(".tooltip")).ToContainTextAsync("All time");
        map.AssertNoComplaints();
        near.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Issues_are_colored_by_what_the_person_chooses_and_the_legend_counts_them()
    {
        var summary = await county.ApiAsync("/api/issues/summary");
        await using var map = await county.OpenAsync("/?layers=issues,backdrop");
        await map.Page.GetByLabel("Color by").SelectOptionAsync("severity");
        foreach (var severity in summary.GetProperty("by_severity").EnumerateObject())
        {
            Assert.Equal(severity.Value.GetInt32(), await KeyAsync(map, $"Severity {severity.Name}"));
        }
        await map.Page.GetByLabel("Color by").SelectOptionAsync("status");
        Assert.Equal(summary.GetProperty("by_status").GetProperty("closed").GetInt32(), await KeyAsync(map, "Closed"));
        await map.Page.GetByLabel("Color by").SelectOptionAsync("category");
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("[?&]color=category(&|$)"));
        var keys = await map.Page.Locator(".legend .keys li:has(.value:not(:empty)) .value").AllInnerTextsAsync();
        Assert.Equal(summary.GetProperty("total").GetInt32(), keys.Sum(text => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)));
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Wards_are_colored_by_any_figure_of_their_scorecards()
    {
        await using var map = await county.OpenAsync("/?layers=figures,wards");
        await map.Page.Locator(".choose:has-text('Figure') select").SelectOptionAsync("Share of relapses");
        await map.IdleAsync();
        await Assertions.Expect(map.Page).ToHaveURLAsync(new Regex("[?&]figure=relapse_rate(&|$)"));
        var answer = await county.ApiAsync("/api/scorecards?level=community");
        var wards = answer.GetProperty("wards").EnumerateArray().ToList();
        var rates = wards.Select(w => w.GetProperty("relapse_rate")).Where(r => r.ValueKind == JsonValueKind.Number).Select(r => r.GetDouble()).ToList();
        Assert.True(rates.Count > 10);
        // Communities are the level with most wards that still show.
        await Assertions.Expect(map.Page.Locator(".choose:has-text('Level') select")).ToHaveValueAsync("community");
        Assert.Equal(wards.Count, await map.RenderedAsync("figures", "code"));
        var counts = await map.Page.Locator(".keys .value").AllInnerTextsAsync();
        Assert.Equal(rates.Count, counts.Sum(text => int.Parse(text, CultureInfo.InvariantCulture)));
        await Assertions.Expect(map.Page.Locator(".keys li").Last).ToContainTextAsync($"to {Math.Round(100 * rates.Max())}%");

        await map.Page.Locator(".choose:has-text('Level') select").SelectOptionAsync("subdistrict");
        await map.IdleAsync();
        var subdistricts = (await county.ApiAsync("/api/scorecards?level=subdistrict")).GetProperty("wards");
        Assert.Equal(subdistricts.GetArrayLength(), await map.RenderedAsync("figures", "code"));
        await map.PictureAsync("map-figures");
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_layers_speak_Chinese_too()
    {
        await using var map = await county.OpenAsync("/?layers=patterns,circles,issues,wards&color=status&period=12m", locale: "zh-CN", dark: true);
        var layers = await map.Page.Locator(".card.layers").InnerTextAsync();
        Assert.Contains("新出现", layers, StringComparison.Ordinal);
        Assert.Contains("比以往多", layers, StringComparison.Ordinal);
        Assert.Contains("已结案", layers, StringComparison.Ordinal);
        Assert.Empty(Regex.Matches(layers, "[A-Za-z]+").Select(m => m.Value).Except(["km", "m", "p"]));
        await map.PictureAsync("map-layers-zh");
        map.AssertNoComplaints();
    }

    /// <summary>The count beside a key of a legend.</summary>
    private static async Task<int> KeyAsync(MapPage map, string label)
        => int.Parse(await map.Page.Locator($".keys li:has-text(\"{label}\") .value").First.InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static (double Lon, double Lat) MiddleOf(JsonElement feature)
    {
        var corners = feature.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Skip(1).Select(p => (Lon: p[0].GetDouble(), Lat: p[1].GetDouble())).ToList();
        return (corners.Average(p => p.Lon), corners.Average(p => p.Lat));
    }
}
