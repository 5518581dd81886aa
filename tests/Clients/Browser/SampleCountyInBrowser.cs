using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>The sample county on a server, and Debian's Chromium to look at it: one for all tests of pages.</summary>
public sealed class SampleCountyInBrowser : IAsyncLifetime
{
    internal const string Chromium = "chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (SystemPrograms.PathOf(Chromium) is not { } program)
        {
            // The tests are skipped, or fail, by their own attribute.
            return;
        }
        Assert.True(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot", "index.html")),
            "The pages are not built: npm ci && npm run build in src/planner-map, then build the tests again (./geosan test does both).");
        Server = await TestServer.StartWithSampleCountyAsync();
        // A busy machine draws slowly; what is expected comes in the end.
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        // A busy machine is no fault of the page.
        Assertions.SetDefaultExpectTimeout(60_000);
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            // WebGL on the processor.
            Args = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        });
    }

    /// <summary>Opens a page and waits until everything is drawn.</summary>
    /// <param name="address">Path and query.</param>
    /// <param name="locale">Language of the browser.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="dark">Whether the person prefers dark pages.</param>
    internal async Task<MapPage> OpenAsync(string address, string locale = "en-GB", int width = 1400, int height = 880, bool dark = false)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Server.Address.ToString(),
            Locale = locale,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(120_000);
        var page = new MapPage(await context.NewPageAsync(), Server.Address);
        await page.Page.GotoAsync(address);
        await page.IdleAsync();
        return page;
    }

    /// <summary>A phone with nothing open yet.</summary>
    /// <param name="locale">Its language.</param>
    /// <param name="dark">Whether the person prefers dark pages.</param>
    /// <param name="userAgent">What its browser says of itself; null for what it is.</param>
    internal async Task<MapPage> OpenPhoneAsync(string locale, bool dark = false, string? userAgent = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Server.Address.ToString(),
            Locale = locale,
            ViewportSize = new() { Width = 390, Height = 844 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            UserAgent = userAgent,
            HasTouch = true,
        });
        context.SetDefaultTimeout(120_000);
        return new MapPage(await context.NewPageAsync(), Server.Address);
    }

    /// <summary>What the API answers.</summary>
    internal async Task<JsonElement> ApiAsync(string path)
    {
        using var answer = await Server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>A page with nothing in it yet.</summary>
    internal async Task<IPage> NewPageAsync()
    {
        var context = await _browser!.NewContextAsync(new() { BaseURL = Server.Address.ToString() });
        context.SetDefaultTimeout(120_000);
        return await context.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
        _playwright?.Dispose();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}
