using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Reports from a phone, with a network and without, beside what the API then knows.</summary>
[Collection(CountyToWriteTo.Name)]
public sealed class ReportPageTests(SampleCountyInBrowser county)
{
    private static readonly (float Lon, float Lat) Place = (112.6833f, 32.4190f);

    /// <summary>A picture of one pixel.</summary>
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_located_report_with_photo_and_note_becomes_an_issue_at_its_place()
    {
        await using var phone = await OpenAsync("/report", "en-GB");
        await Assertions.Expect(phone.Page.GetByText("An API key is missing.")).ToBeVisibleAsync();
        await GiveKeyAsync(phone.Page);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Where I am now" }).ClickAsync();
        var wards = (await county.ApiAsync(string.Create(CultureInfo.InvariantCulture, $"/api/wards/at?lon={Place.Lon}&lat={Place.Lat}"))).GetProperty("features");
        await Assertions.Expect(phone.Page.Locator(".place")).ToContainTextAsync(wards[wards.GetArrayLength() - 1].GetProperty("properties").GetProperty("name_en").GetString()!);
        await ChooseAsync(phone.Page, "Drainage and sewage", "Standing sewage");
        await phone.Page.GetByRole(AriaRole.Group, new() { Name = "How bad" }).GetByRole(AriaRole.Button, new() { Name = "5" }).ClickAsync();
        await phone.Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "p.png", MimeType = "image/png", Buffer = Png });
        await Assertions.Expect(phone.Page.GetByAltText("The photo of this report")).ToBeVisibleAsync();
        await phone.Page.GetByLabel("Note").FillAsync("Behind the market");
        await phone.PictureAsync("report-phone");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();

        await Assertions.Expect(phone.Page.GetByText("1 report sent.")).ToBeVisibleAsync();
        var issue = await SentAsync(phone.Page);
        var properties = issue.GetProperty("properties");
        Assert.Equal(("standing_sewage", 5, "patrol", "Behind the market"), (properties.GetProperty("category").GetString(), properties.GetProperty("severity").GetInt32(),
            properties.GetProperty("source").GetString(), properties.GetProperty("description").GetString()));
        Assert.Equal(12, properties.GetProperty("accuracy_meters").GetDouble());
        AssertIsAt(issue, Place.Lon, Place.Lat);
        var photo = (await county.ApiAsync($"/api/issues/{issue.GetProperty("id").GetInt64()}/attachments")).GetProperty("attachments")[0];
        Assert.Equal("image/jpeg", photo.GetProperty("media_type").GetString());
        phone.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Without_a_network_the_page_opens_keeps_reports_and_sends_them_once_when_it_is_back()
    {
        await using var phone = await OpenAsync("/report", "zh-CN", dark: true);
        await GiveKeyAsync(phone.Page);
        // Kept on the device by now: the worker is active before the page says so.
        await phone.Page.EvaluateAsync("() => navigator.serviceWorker.ready");
        var before = (await county.ApiAsync("/api/issues/summary")).GetProperty("total").GetInt32();

        await phone.Page.Context.SetOfflineAsync(true);
        await phone.Page.ReloadAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "使用当前位置" }).ClickAsync();
        await ChooseAsync(phone.Page, "排水与污水", "污水横流");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "发送", Exact = true }).ClickAsync();
        await Assertions.Expect(phone.Page.GetByText("本设备有 1 件待发送。")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Page.GetByText("当前没有网络，恢复后自动发送。")).ToBeVisibleAsync();
        await phone.PictureAsync("report-offline-zh");
        await phone.Page.ReloadAsync();
        await Assertions.Expect(phone.Page.GetByText("本设备有 1 件待发送。")).ToBeVisibleAsync();

        await phone.Page.Context.SetOfflineAsync(false);
        await Assertions.Expect(phone.Page.GetByText("已发送 1 件。")).ToBeVisibleAsync();
        AssertIsAt(await SentAsync(phone.Page), Place.Lon, Place.Lat);
        await phone.Page.ReloadAsync();
        await Assertions.Expect(phone.Page.GetByText("待发送")).ToHaveCountAsync(0);
        Assert.Equal(before + 1, (await county.ApiAsync("/api/issues/summary")).GetProperty("total").GetInt32());
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Positions_of_WeChat_are_declared_as_GCJ_02_and_put_right_by_the_server()
    {
        await using var phone = await OpenAsync("/report", "zh-CN", userAgent: "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50");
        await Assertions.Expect(phone.Page.Locator("select")).ToHaveValueAsync("GCJ02");
        await Assertions.Expect(phone.Page.GetByText("此应用给出的是 GCJ-02 坐标，由服务器换算。")).ToBeVisibleAsync();
        await GiveKeyAsync(phone.Page);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "使用当前位置" }).ClickAsync();
        await ChooseAsync(phone.Page, "排水与污水", "污水横流");
        await phone.PictureAsync("report-wechat-zh");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "发送", Exact = true }).ClickAsync();
        await Assertions.Expect(phone.Page.GetByText("已发送 1 件。")).ToBeVisibleAsync();
        var right = Gcj02.ToWgs84(new LonLat(Place.Lon, Place.Lat));
        Assert.True(Math.Abs(right.LonDegrees - Place.Lon) > 0.002, "the shift is there");
        AssertIsAt(await SentAsync(phone.Page), right.LonDegrees, right.LatDegrees);
        phone.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_tap_on_the_map_says_where_and_a_key_that_is_refused_says_why_and_keeps_the_report()
    {
        await using var phone = await OpenAsync("/report", "en-GB");
        await phone.Page.GetByLabel("API key", new() { Exact = true }).FillAsync("gs_nobody");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Use key" }).ClickAsync();
        await phone.Page.Locator(".pick-map[data-map=idle]").WaitForAsync();
        await phone.Page.Locator(".pick-map").ClickAsync();
        await Assertions.Expect(phone.Page.Locator(".place strong")).ToBeVisibleAsync();
        await ChooseAsync(phone.Page, "Drainage and sewage", "Standing sewage");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Assertions.Expect(phone.Page.GetByText("The server refused the API key.")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Page.GetByText("This key is not known, or was revoked.")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Page.GetByText("1 report waits on this device.")).ToBeVisibleAsync();
        await phone.PictureAsync("report-key-refused");
        await GiveKeyAsync(phone.Page, Roles.Reader);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Send now" }).ClickAsync();
        await Assertions.Expect(phone.Page.GetByText("Its role may not do this.")).ToBeVisibleAsync();
        await GiveKeyAsync(phone.Page);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Send now" }).ClickAsync();
        await Assertions.Expect(phone.Page.GetByText("1 report sent.")).ToBeVisibleAsync();
        // In the middle of the map, which shows all wards.
        var bounds = (await county.ApiAsync("/tiles/wards.json")).GetProperty("bounds").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var at = (await SentAsync(phone.Page)).GetProperty("geometry").GetProperty("coordinates");
        Assert.Equal((bounds[0] + bounds[2]) / 2, at[0].GetDouble(), (bounds[2] - bounds[0]) / 50);
        Assert.Equal((bounds[1] + bounds[3]) / 2, at[1].GetDouble(), (bounds[3] - bounds[1]) / 50);
    }

    private static void AssertIsAt(JsonElement issue, double lon, double lat)
    {
        var at = issue.GetProperty("geometry").GetProperty("coordinates");
        Assert.Equal(lon, at[0].GetDouble(), 1e-5);
        Assert.Equal(lat, at[1].GetDouble(), 1e-5);
    }

    private static async Task ChooseAsync(IPage page, string top, string category)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = top, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = category, Exact = true }).ClickAsync();
    }

    private async Task<MapPage> OpenAsync(string address, string locale, bool dark = false, string? userAgent = null)
    {
        var phone = await county.OpenPhoneAsync(locale, dark, userAgent);
        await phone.Page.Context.GrantPermissionsAsync(["geolocation"]);
        await phone.Page.Context.SetGeolocationAsync(new() { Longitude = Place.Lon, Latitude = Place.Lat, Accuracy = 12 });
        await phone.Page.GotoAsync(address);
        await phone.IdleAsync();
        return phone;
    }

    private async Task GiveKeyAsync(IPage page, string role = Roles.Inspector)
    {
        var key = await new KeyStore(county.Server.Data.Database).AddAsync($"phone {Guid.NewGuid():N}", role, CancellationToken.None);
        await page.Locator("input[name=key]").FillAsync(key);
        await page.Locator(".key-field [type=submit]").ClickAsync();
    }

    private async Task<JsonElement> SentAsync(IPage page)
    {
        var href = (await page.Locator(".queue a").GetAttributeAsync("href"))!;
        return await county.ApiAsync($"/api/issues/{href[(href.LastIndexOf(':') + 1)..]}");
    }
}
