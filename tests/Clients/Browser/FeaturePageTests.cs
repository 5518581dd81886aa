using System.Globalization;
using GeoSanitation.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Pages of OGC API for people: features on a map over the wards, each a link, without a script.</summary>
[Collection(SharedCounty.Name)]
public sealed class FeaturePageTests(SampleCountyInBrowser county)
{
    private const double HalfWorldMeters = Math.PI * 6378137;

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Issues_are_where_they_are_and_lead_to_their_pages()
    {
        var page = await county.NewPageAsync();
        await using var context = page.Context;
        var pictures = new List<IResponse>();
        page.Response += (_, response) => pictures.AddRange(response.Url.Contains("/wms?", StringComparison.Ordinal) ? [response] : []);
        await page.GotoAsync("/ogc/collections/issues/items?ward=990121001&limit=40", new() { WaitUntil = WaitUntilState.NetworkIdle });

        var picture = Assert.Single(pictures);
        Assert.Equal((200, "image/png"), (picture.Status, picture.Headers["content-type"]));
        var asked = QueryHelpers.ParseQuery(new Uri(picture.Url).Query);
        var (box, width) = (asked["bbox"].ToString().Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray(), double.Parse(asked["width"]!, CultureInfo.InvariantCulture));
        var metersPerPixel = (box[2] - box[0]) / width;
        var circles = await page.Locator("svg.map a").AllAsync();
        Assert.Equal(40, circles.Count);
        foreach (var link in circles.Take(5))
        {
            var id = (await link.Locator("title").TextContentAsync())!;
            var place = (await county.Server.Data.ScalarAsync<string>($"SELECT ST_X(g) || ' ' || ST_Y(g) FROM (SELECT ST_Transform(geom, 3857) AS g FROM geosan.issue WHERE id = {long.Parse(id, CultureInfo.InvariantCulture)}) i")).Split(' ')
                .Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
            Assert.All(place, meters => Assert.InRange(meters, -HalfWorldMeters, HalfWorldMeters));
            var circle = link.Locator("circle");
            Assert.Equal((place[0] - box[0]) / metersPerPixel, await NumberAsync(circle, "cx"), 0.1);
            Assert.Equal((box[3] - place[1]) / metersPerPixel, await NumberAsync(circle, "cy"), 0.1);
        }
        await page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", "ogc-issues.png") });

        // The last one lies above the others.
        var last = page.Locator("svg.map a").Last;
        var name = await last.Locator("title").TextContentAsync();
        await last.ClickAsync();
        await page.WaitForURLAsync($"**/ogc/collections/issues/items/{name}?f=html");
        await Assertions.Expect(page.Locator("svg.map circle")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync($"Sanitation issues: {name}");
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Cells_have_the_colors_of_their_classes_and_pages_follow_each_other()
    {
        var page = await county.NewPageAsync();
        await using var context = page.Context;
        await page.GotoAsync("/ogc/collections/gi-star/items?limit=1000", new() { WaitUntil = WaitUntilState.NetworkIdle });
        var classes = await page.EvaluateAsync<Dictionary<string, string>>("""
            () => {
              const names = [...document.querySelectorAll('th')].map((th) => th.textContent);
              return Object.fromEntries([...document.querySelectorAll('tbody tr')].map((row) => [row.children[names.indexOf('id')].textContent, row.children[names.indexOf('class')].textContent]));
            }
            """);
        var fills = await page.EvaluateAsync<Dictionary<string, string>>("() => Object.fromEntries([...document.querySelectorAll('svg.map path')].map((path) => [path.textContent, path.getAttribute('fill')]))");
        Assert.Equal(1_000, fills.Count);
        Assert.Equal(classes.Keys.Order(), fills.Keys.Order());
        Assert.All(fills, cell => Assert.Equal(classes[cell.Key] switch { "3" => "#99101fc7", "2" => "#d6513fc7", "1" => "#f3a27fc7", "0" => "none", _ => "a cold spot" }, cell.Value));
        Assert.Contains("#99101fc7", fills.Values);

        await page.Locator("a[rel=next]").ClickAsync();
        await page.WaitForURLAsync("**offset=1000**");
        await Assertions.Expect(page.Locator("svg.map path")).ToHaveCountAsync(1_000);
        Assert.Empty(fills.Keys.Intersect(await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('svg.map path')].map((path) => path.textContent)")));
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_filter_is_typed_in_and_kept_from_page_to_page()
    {
        var page = await county.NewPageAsync();
        await using var context = page.Context;
        await page.GotoAsync("/ogc/collections/issues/items?status=closed&limit=7");
        await page.GetByLabel("filter").FillAsync("severity >= 4 AND category_name_en LIKE '%\"sewage\"%' OR severity = 5");
        await page.GetByLabel("filter").PressAsync("Enter");
        await page.WaitForURLAsync("**filter=**");
        var asked = QueryHelpers.ParseQuery(new Uri(page.Url).Query);
        Assert.Equal(["f", "filter", "limit", "status"], asked.Keys.Order());
        Assert.Equal(("closed", "7"), (asked["status"].ToString(), asked["limit"].ToString()));
        var expected = await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE severity = 5 AND status = 'closed'");
        await ShowsAsync();

        await page.Locator("a[rel=next]").ClickAsync();
        await page.WaitForURLAsync("**cursor=**");
        await ShowsAsync();

        await page.GetByLabel("filter").FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.WaitForURLAsync(address => !address.Contains("filter=", StringComparison.Ordinal) && !address.Contains("cursor=", StringComparison.Ordinal));
        Assert.Equal("status=closed&limit=7", string.Join('&', QueryHelpers.ParseQuery(new Uri(page.Url).Query).Where(p => p.Key != "f").OrderByDescending(p => p.Key).Select(p => $"{p.Key}={p.Value}")));

        async Task ShowsAsync()
        {
            await Assertions.Expect(page.Locator("svg.map circle")).ToHaveCountAsync(7);
            await Assertions.Expect(page.GetByLabel("filter")).ToHaveValueAsync("severity >= 4 AND category_name_en LIKE '%\"sewage\"%' OR severity = 5");
            Assert.Equal(["5"], await page.EvaluateAsync<string[]>("() => { const at = [...document.querySelectorAll('th')].findIndex((th) => th.textContent === 'severity'); return [...new Set([...document.querySelectorAll('tbody tr')].map((row) => row.children[at].textContent))]; }"));
            if (await page.GetByText("numberMatched").CountAsync() > 0)
            {
                Assert.Equal($"{expected}", await page.Locator("dt:text-is('numberMatched') + dd").TextContentAsync());
            }
        }
    }

    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("/ogc/collections/issues", 1)]
    [InlineData("/ogc/collections/wards/items/990121001", 1)]
    [InlineData("/ogc/collections/issues/items?limit=5&crs=http://www.opengis.net/def/crs/EPSG/0/4490", 0)]
    [InlineData("/ogc/collections/issues/items?severity=5&status=closed&datetime=2001-01-01/2001-01-02", 0)]
    [InlineData("/ogc/collections", 0)]
    public async Task A_map_is_there_where_it_can_be_drawn(string address, int maps)
    {
        var page = await county.NewPageAsync();
        await using var context = page.Context;
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("h1")).ToHaveCountAsync(1);
        Assert.Equal(maps, await page.Locator("svg.map").CountAsync());
        Assert.Equal(maps, await page.Locator("svg.map path").CountAsync());
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Long_values_are_folded_and_unfold()
    {
        var page = await county.NewPageAsync();
        await using var context = page.Context;
        await page.GotoAsync("/ogc/collections/issues");
        var systems = page.Locator("dt:text-is('crs') + dd details");
        await Assertions.Expect(systems.Locator("a").First).ToBeHiddenAsync();
        await systems.Locator("summary").ClickAsync();
        await Assertions.Expect(systems.Locator("a").First).ToBeVisibleAsync();
        Assert.Equal($"{await systems.Locator("a").CountAsync()}", await systems.Locator("summary").TextContentAsync());

        await page.GotoAsync("/ogc/collections/clusters/items?limit=1");
        var wards = page.Locator("tbody td details").Last;
        Assert.Equal(int.Parse((await wards.Locator("summary").TextContentAsync())!, CultureInfo.InvariantCulture), (await wards.TextContentAsync())!.Split("\"code\":").Length - 1);
    }

    private static async Task<double> NumberAsync(ILocator element, string attribute) => double.Parse((await element.GetAttributeAsync(attribute))!, CultureInfo.InvariantCulture);
}
