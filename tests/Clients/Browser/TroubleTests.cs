using System.Globalization;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>What a person is told when something goes wrong, and that it can be put right from there.</summary>
[Collection(SharedCounty.Name)]
public sealed class TroubleTests(SampleCountyInBrowser county)
{
    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("en-GB", 0, "The server cannot be reached.", "Try again")]
    [InlineData("zh-CN", 0, "无法连接服务器", "重试")]
    [InlineData("en-GB", 500, "The server failed", "Try again")]
    [InlineData("en-GB", 503, "The database cannot be reached", "Try again")]
    public async Task A_panel_that_gets_no_answer_says_so_and_asks_again(string locale, int status, string words, string retry)
    {
        await using var map = await county.OpenAsync("/", locale);
        var ward = (await county.ApiAsync("/api/wards?geometry=none&level=community&limit=1")).GetProperty("features")[0].GetProperty("properties").GetProperty("code").GetString()!;
        var asked = new Regex($@"/api/issues/summary\?ward={ward}");
        await map.Page.RouteAsync(asked, route => status == 0 ? route.AbortAsync() : route.FulfillAsync(new() { Status = status, ContentType = "application/problem+json", Body = """{"detail":"x"}""" }));
        await map.Page.EvaluateAsync("search => { history.pushState(null, '', search); dispatchEvent(new PopStateEvent('popstate')); }", $"?select=ward:{ward}");
        var note = map.Page.Locator(".card.numbers [role=alert]");
        await Assertions.Expect(note).ToContainTextAsync(words);
        if (status == 0)
        {
            await map.PictureAsync($"map-dropped-{locale}");
        }
        await map.Page.UnrouteAsync(asked);
        await note.GetByRole(AriaRole.Button, new() { Name = retry }).ClickAsync();
        var total = (await county.ApiAsync($"/api/issues/summary?ward={ward}")).GetProperty("total").GetInt32();
        await Assertions.Expect(map.Page.Locator(".place .figure dd").First).ToHaveTextAsync(total.ToString("N0", CultureInfo.InvariantCulture));
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_list_that_breaks_off_goes_on_when_asked_again()
    {
        await using var map = await county.OpenAsync("/");
        var asked = new Regex(@"/api/issues\?.*cursor=");
        await map.Page.RouteAsync(asked, route => route.AbortAsync());
        await map.Page.Locator("ul.issues").EvaluateAsync("e => e.scrollTop = 58 * 400");
        var note = map.Page.Locator(".issue-table [role=alert]");
        await Assertions.Expect(note).ToContainTextAsync("The server cannot be reached.");
        await map.Page.UnrouteAsync(asked);
        await note.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(map.Page.Locator("[data-at='403']")).ToBeVisibleAsync();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_slow_answer_is_waited_for_with_the_last_one_before_ones_eyes()
    {
        await using var map = await county.OpenAsync("/");
        var total = await map.TotalAsync();
        var release = new TaskCompletionSource();
        var asked = new Regex(@"/api/issues/summary\?overdue=true$");
        await map.Page.RouteAsync(asked, async route =>
        {
            await release.Task;
            await route.ContinueAsync();
        });
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Overdue", Exact = true }).ClickAsync();
        await Assertions.Expect(map.Page.GetByText("This takes longer than usual.", new() { Exact = false })).ToBeVisibleAsync();
        Assert.Equal(total, await map.TotalAsync());
        release.SetResult();
        var overdue = (await county.ApiAsync("/api/issues/summary?overdue=true")).GetProperty("total").GetInt32();
        await Assertions.Expect(map.Page.Locator(".headline strong")).ToHaveTextAsync(overdue.ToString("N0", CultureInfo.InvariantCulture));
        await Assertions.Expect(map.Page.GetByText("This takes longer than usual.", new() { Exact = false })).ToHaveCountAsync(0);
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_place_without_issues_says_so()
    {
        await using var map = await county.OpenAsync("/?select=area:10,10_10.1,10_10.1,10.1");
        await Assertions.Expect(map.Page.GetByText("No issue lies here under the present filter.")).ToBeVisibleAsync();
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "All numbers" }).ClickAsync();
        await Assertions.Expect(map.Page.Locator(".headline strong")).ToBeVisibleAsync();
        map.AssertNoComplaints();
    }
}
