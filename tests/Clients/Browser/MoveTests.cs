using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>An issue moved on by hand, from the panel of the planners' map.</summary>
[Collection(SharedCounty.Name)]
public sealed class MoveTests(SampleCountyInBrowser county)
{
    // One white pixel.
    private const string Photo = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Whoever_has_a_key_moves_an_issue_on_and_is_told_in_words_when_that_does_not_go()
    {
        var keys = new KeyStore(county.Server.Data.Database);
        var (inspectorKey, handlerKey) = (await keys.AddAsync("Inspector Li", Roles.Inspector, default), await keys.AddAsync("Handler Wu", Roles.Handler, default));
        using var inspector = new HttpClient { BaseAddress = county.Server.Address };
        inspector.DefaultRequestHeaders.Authorization = new("Bearer", inspectorKey);
        var id = await ReportAsync(inspector);
        await using var map = await county.OpenAsync($"/?select=issue:{id}&layers=issues");
        await map.Page.GetByRole(AriaRole.Img, new() { Name = "Photo: gate.png" }).WaitForAsync();

        await EnterKeyAsync(map, "gs_not_a_key");
        await Assertions.Expect(map.Page.GetByText("This key is not known, or was revoked.", new() { Exact = false })).ToBeVisibleAsync();
        await EnterKeyAsync(map, inspectorKey);
        await Assertions.Expect(map.Page.GetByText("You act as Inspector Li.")).ToBeVisibleAsync();
        await MoveAsync(map, "Accept", "seen on site");
        await Assertions.Expect(map.Page.Locator(".badges")).ToContainTextAsync("Accepted");
        await Assertions.Expect(map.Page.Locator(".history")).ToContainTextAsync("seen on site");
        Assert.Equal("accepted", await StatusAsync(id));
        await map.PictureAsync("map-move");

        // Somebody else was quicker, and the page has not heard of it.
        await map.Page.RouteAsync("**/api/live", route => route.AbortAsync());
        await map.Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await Assertions.Expect(map.Page.Locator(".live")).ToHaveAttributeAsync("data-connection", "lost");
        using var elsewhere = await inspector.PostAsJsonAsync($"/api/issues/{id}/transitions", new { to = "dispatched" });
        elsewhere.EnsureSuccessStatusCode();
        await MoveAsync(map, "Reject", "not ours");
        await Assertions.Expect(map.Page.GetByText("Somebody else has changed this issue since you opened it", new() { Exact = false })).ToBeVisibleAsync();
        await Assertions.Expect(map.Page.Locator(".badges")).ToContainTextAsync("Dispatched");
        Assert.Equal("dispatched", await StatusAsync(id));

        // The next step is another role's.
        await Assertions.Expect(map.Page.GetByText("“Mark as resolved” is for a key of the role handler.")).ToBeVisibleAsync();
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Forget the key" }).ClickAsync();
        await EnterKeyAsync(map, handlerKey);
        await MoveAsync(map, "Mark as resolved", null);
        await Assertions.Expect(map.Page.Locator(".badges")).ToContainTextAsync("Resolved");
        Assert.Equal("resolved", await StatusAsync(id));
    }

    private static async Task EnterKeyAsync(MapPage map, string key)
    {
        await map.Page.GetByLabel("API key", new() { Exact = true }).FillAsync(key);
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Use key" }).ClickAsync();
    }

    private static async Task MoveAsync(MapPage map, string name, string? note)
    {
        var button = map.Page.Locator(".move").GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        await button.ClickAsync();
        if (note is not null)
        {
            await map.Page.Locator(".move textarea").FillAsync(note);
        }
        await button.ClickAsync();
    }

    private static async Task<long> ReportAsync(HttpClient inspector)
    {
        using var answer = await inspector.PostAsync("/api/issues", JsonContent.Create(new
        {
            type = "Feature",
            geometry = new { type = "Point", coordinates = (double[])[112.68, 32.42] },
            properties = new { category = "exposed_rubbish", source = "patrol", title = "菜市场西门", reported_at = "2026-10-20T10:00:00+08:00" },
        }));
        answer.EnsureSuccessStatusCode();
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        using var photo = new ByteArrayContent(Convert.FromBase64String(Photo)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var attached = await inspector.PostAsync($"/api/issues/{id}/attachments?name=gate.png", photo);
        attached.EnsureSuccessStatusCode();
        return id;
    }

    private async Task<string?> StatusAsync(long id) => (await county.ApiAsync($"/api/issues/{id}")).GetProperty("properties").GetProperty("status").GetString();
}
