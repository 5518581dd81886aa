using System.Net.Http.Json;
using GeoSanitation.Server;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>A server that shows its data only to those who have a key.</summary>
[Collection(SharedCounty.Name)]
public sealed class KeyTests(SampleCountyInBrowser county)
{
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
}
