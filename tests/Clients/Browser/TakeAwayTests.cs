using System.Buffers.Binary;
using System.Text.Json;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>What is seen, taken away: a picture to print, and the data behind it.</summary>
[Collection(SharedCounty.Name)]
public sealed class TakeAwayTests(SampleCountyInBrowser county)
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_picture_to_print_is_an_A4_sheet_with_the_map_and_its_legend_in_the_colors_of_paper()
    {
        await using var map = await county.OpenAsync("/?layers=heatmap,cells,wards,backdrop", dark: true);
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Take away" }).ClickAsync();
        await map.Page.GetByLabel("Title").FillAsync("A title of my own");
        var file = await DownloadAsync(map, map.Page.GetByRole(AriaRole.Button, new() { Name = "Picture to print (PNG)" }));
        // 297 x 210 mm at 200 dots per inch, and the file says so.
        var density = file.AsSpan().IndexOf("pHYs"u8);
        Assert.Equal(7874, BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(density + 4)));
        using var picture = SKBitmap.Decode(file);
        Assert.Equal((2339, 1654), (picture.Width, picture.Height));
        Assert.Equal(SKColors.White, picture.GetPixel(5, 5));
        // The title is above the map; the scale of the heatmap is beside it, from light to dark; the map itself is light, though the page is dark.
        Assert.True(Darkest(picture, 80, 80, 900, 140) < 60, "the title is missing");
        Assert.True(Lightness(picture.GetPixel(1800, 290)) > 230 && Lightness(picture.GetPixel(2250, 290)) < 110, "the scale of the heatmap is missing");
        Assert.InRange(Lightness(picture.GetPixel(100, 250)), 225, 255);
        var middle = Enumerable.Range(0, 60).SelectMany(x => Enumerable.Range(0, 60), (x, y) => picture.GetPixel(700 + 8 * x, 600 + 8 * y)).ToList();
        Assert.Contains(middle, color => color.Red > color.Blue + 60);
        await Assertions.Expect(map.Page.Locator(".print button")).ToHaveTextAsync("Picture to print (PNG)");
        Directory.CreateDirectory(Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots"));
        await File.WriteAllBytesAsync(Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", "map-printed.png"), file);
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Tables_and_shapes_hold_what_the_filter_leaves()
    {
        const string filter = "category=exposed_rubbish&severity=3..5";
        await using var map = await county.OpenAsync($"/?{filter}&layers=cells,wards");
        var total = (await county.ApiAsync($"/api/issues/summary?{filter}")).GetProperty("total").GetInt32();
        Assert.True(total > 0);
        Assert.Equal(total, await map.TotalAsync());
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Take away" }).ClickAsync();
        var table = System.Text.Encoding.UTF8.GetString(await DownloadAsync(map, map.Page.GetByRole(AriaRole.Link, new() { Name = "Table (CSV)" })));
        Assert.Equal(total + 1, table.Split('\n').Count(line => line.Contains(',', StringComparison.Ordinal)));
        using var shapes = JsonDocument.Parse(await DownloadAsync(map, map.Page.GetByRole(AriaRole.Link, new() { Name = "GeoJSON", Exact = true })));
        Assert.Equal(total, shapes.RootElement.GetProperty("features").GetArrayLength());
        using var cells = JsonDocument.Parse(await DownloadAsync(map, map.Page.GetByRole(AriaRole.Link, new() { Name = "Significant cells" })));
        var answer = await county.ApiAsync($"/api/hotspots/gi-star?output=significant&{filter}");
        Assert.Equal(answer.GetProperty("features").GetArrayLength(), cells.RootElement.GetProperty("features").GetArrayLength());
        map.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task The_ward_that_is_chosen_comes_as_a_report()
    {
        var ward = (await county.ApiAsync("/api/wards?geometry=none&level=community&limit=1")).GetProperty("features")[0].GetProperty("properties");
        await using var map = await county.OpenAsync($"/?layers=wards&period=90d&ward={ward.GetProperty("code").GetString()}");
        await map.Page.GetByRole(AriaRole.Button, new() { Name = "Take away" }).ClickAsync();
        var link = map.Page.GetByRole(AriaRole.Link, new() { Name = $"{ward.GetProperty("name_en").GetString()} (PDF)" });
        var address = new Uri((await link.GetAttributeAsync("href"))!);
        using var report = await county.Server.Client.GetAsync(address.PathAndQuery);
        Assert.Equal("application/pdf", report.Content.Headers.ContentType!.MediaType);
        var pictures = Directory.CreateDirectory(Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots"));
        await File.WriteAllBytesAsync(Path.Combine(pictures.FullName, "ward-report.pdf"), await report.Content.ReadAsByteArrayAsync());
        Assert.Contains("lang=en", address.Query, StringComparison.Ordinal);
        Assert.DoesNotContain("ward=", address.Query, StringComparison.Ordinal);
        map.AssertNoComplaints();
    }

    private static async Task<byte[]> DownloadAsync(MapPage map, ILocator button)
    {
        var download = map.Page.WaitForDownloadAsync();
        await button.ClickAsync();
        // Or it is said why not.
        var failure = map.Page.GetByText("could not be drawn").WaitForAsync();
        Assert.True(await Task.WhenAny(download, failure) == download, await map.Page.Locator(".tools .sheet").InnerTextAsync());
        return await File.ReadAllBytesAsync(await (await download).PathAsync());
    }

    private static double Lightness(SKColor color) => 0.2126 * color.Red + 0.7152 * color.Green + 0.0722 * color.Blue;

    private static double Darkest(SKBitmap picture, int left, int top, int right, int bottom)
        => Enumerable.Range(left, right - left).Min(x => Enumerable.Range(top, bottom - top).Min(y => Lightness(picture.GetPixel(x, y))));
}
