using System.Net.Http.Json;
using GeoSanitation.Server;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>A server that shows its data only to those who have a key.</summary>
[Collection(SharedCounty.Name)]
public sealed class KeyTests(SampleCountyInBrowser county)
{
    /// <summary>Whether a picture can be had from an address.</summary>
    private const string IsThere = "(address) => new Promise((done) => Object.assign(new Image(), { onload: () => done(true), onerror: () => done(false), src: address }))";

    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("en", "This server shows its data only to those who have an API key.", "API key", "Use key", "This key is not known, or was revoked.", "An API key is kept on this device.")]
    [InlineData("zh", "查看此服务器的数据需要 API 密钥。", "API 密钥", "使用密钥", "此密钥无效或已被撤销", "本设备已保存 API 密钥。")]
    public async Task Whoever_opens_the_map_is_asked_for_a_key_once_and_all_pages_know_it(string language, string asked, string label, string use, string refused, string there)
    {
        await using var server = await TestServer.StartAsync(new Settings { Access = new() { OpenReads = false } });
        await server.Data.ExecuteAsync("insert into geosan.category (code, name) values ('litter', '垃圾')");
        using var inspector = await server.ClientAsync(Roles.Inspector);
        using var reported = await inspector.PostAsJsonAsync("/api/issues", new
        {
            type = "Feature",
            geometry = new { type = "Point", coordinates = new[] { 112.68, 32.41 } },
            properties = new { category = "litter", source = "patrol" },
        });
        reported.EnsureSuccessStatusCode();
        var page = await county.NewPageAsync();
        var answers = new List<(string Url, int Status)>();
        page.Response += (_, response) => answers.Add((response.Url, response.Status));
        await page.GotoAsync(new Uri(server.Address, $"/?lang={language}").ToString());
        await Assertions.Expect(page.Locator(".notes")).ToContainTextAsync(asked);
        await page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", $"map-key-{language}.png") });

        await EnterAsync("gs_not_a_key");
        await Assertions.Expect(page.Locator(".notes")).ToContainTextAsync(refused);
        answers.Clear();
        await EnterAsync(await new KeyStore(server.Data.Database).AddAsync("the office", Roles.Reader, default));
        await Assertions.Expect(page.Locator(".headline strong")).ToHaveTextAsync("1");
        await page.Locator(".map:not(.other)[data-state=idle]").WaitForAsync();
        var pictures = answers.Where(answer => answer.Url.Contains("/tiles/heatmap/", StringComparison.Ordinal) && answer.Url.Contains(".png", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(pictures);
        Assert.All(pictures, picture => Assert.Equal(200, picture.Status));

        await page.GotoAsync(new Uri(server.Address, $"/import?lang={language}").ToString());
        await Assertions.Expect(page.GetByText(there)).ToBeVisibleAsync();
        await page.Context.DisposeAsync();

        async Task EnterAsync(string key)
        {
            await page.Locator(".notes").GetByLabel(label).FillAsync(key);
            await page.Locator(".notes").GetByRole(AriaRole.Button, new() { Name = use }).ClickAsync();
        }
    }
    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("en", true, "Take away", "Table (CSV)", "Centre (PDF)", "Photo: gate.png")]
    [InlineData("zh", false, "带走", "表格（CSV）", "中心 (PDF)", "照片：gate.png")]
    public async Task Files_and_photos_come_with_the_key_which_a_link_could_not_show(string language, bool hasWorkers, string take, string table, string report, string photo)
    {
        await using var server = await TestServer.StartAsync(new Settings { Access = new() { OpenReads = false } });
        await server.Data.ExecuteAsync("""
            insert into geosan.category (code, name) values ('litter', '垃圾');
            insert into geosan.ward (code, name, name_en, level, path, geom)
            values ('7', '中心', 'Centre', 'community', '7', ST_Multi(ST_MakeEnvelope(112.6, 32.3, 112.8, 32.5, 4326)))
            """);
        using var inspector = await server.ClientAsync(Roles.Inspector);
        using var reported = await inspector.PostAsJsonAsync("/api/issues", new
        {
            type = "Feature",
            geometry = new { type = "Point", coordinates = new[] { 112.68, 32.41 } },
            properties = new { category = "litter", source = "patrol" },
        });
        var issue = reported.Headers.Location!.ToString().Split('/')[^1];
        using var picture = new ByteArrayContent(Picture());
        picture.Headers.ContentType = new("image/png");
        using var attached = await inspector.PostAsync($"/api/issues/{issue}/attachments?name=gate.png", picture);
        attached.EnsureSuccessStatusCode();

        var page = await county.NewPageAsync();
        await page.AddInitScriptAsync($"localStorage.setItem('geosan-key', '{await new KeyStore(server.Data.Database).AddAsync("the office", Roles.Reader, default)}')");
        // As browsers have it where the server is reached by plain HTTP: files are held by the page until they are complete. Else they come as they are read, and the page fetches none.
        await page.AddInitScriptAsync(hasWorkers
            ? "window.fetched = []; const { fetch } = window; window.fetch = (address, ...options) => { fetched.push(String(address)); return fetch(address, ...options); };"
            : "Object.defineProperty(navigator, 'serviceWorker', { value: undefined });");
        await page.GotoAsync(new Uri(server.Address, $"/?lang={language}&ward=7&select=issue:{issue}").ToString());
        var image = page.GetByAltText(photo);
        await Assertions.Expect(image).ToBeVisibleAsync();
        await Assertions.Expect(image).ToHaveJSPropertyAsync("naturalWidth", 320);
        var kept = await image.GetAttributeAsync("src");
        Assert.StartsWith("blob:", kept, StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>(IsThere, kept));
        await page.GetByRole(AriaRole.Button, new() { Name = take }).ClickAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", $"map-key-files-{language}.png") });
        var rows = System.Text.Encoding.UTF8.GetString(await DownloadAsync(table)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, rows.Length);
        Assert.Contains("litter", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("%PDF-", System.Text.Encoding.Latin1.GetString(await DownloadAsync(report)), StringComparison.Ordinal);

        // A server that does not give it is spoken of where the file was asked for; the photo is let go of with its panel.
        if (hasWorkers)
        {
            Assert.DoesNotContain(await page.EvaluateAsync<string[]>("() => window.fetched"), address => address.Contains("/api/exports/", StringComparison.Ordinal) || address.Contains(".pdf", StringComparison.Ordinal));
            await server.Data.ExecuteAsync("delete from geosan.api_key");
        }
        else
        {
            await page.RouteAsync("**/api/exports/issues.csv*", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = "{}" }));
        }
        await page.GetByRole(AriaRole.Button, new() { Name = table }).ClickAsync();
        await Assertions.Expect(page.Locator(".tools .sheet").GetByRole(AriaRole.Alert).First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".details .back").ClickAsync();
        await Assertions.Expect(image).ToHaveCountAsync(0);
        Assert.False(await page.EvaluateAsync<bool>(IsThere, kept));
        await page.Context.DisposeAsync();

        async Task<byte[]> DownloadAsync(string name)
        {
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync());
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = name })).ToBeEnabledAsync();
            return await File.ReadAllBytesAsync(await download.PathAsync());
        }
    }

    private static byte[] Picture()
    {
        using var picture = new SKBitmap(320, 240);
        picture.Erase(SKColors.SeaGreen);
        using var file = picture.Encode(SKEncodedImageFormat.Png, 90);
        return file.ToArray();
    }
}
