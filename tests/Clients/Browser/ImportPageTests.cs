using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>A file dropped on the page, looked at, put right and imported, beside what the API then knows.</summary>
[Collection(CountyToWriteTo.Name)]
public sealed class ImportPageTests(SampleCountyInBrowser county)
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_file_of_a_wrong_datum_is_warned_of_put_right_and_imported_with_its_refused_rows()
    {
        var (rows, csv) = await BorderFileAsync();
        await using var page = await OpenAsync("en-GB");
        await page.Page.GetByLabel("Drop a file here, or choose one").SetInputFilesAsync(new FilePayload { Name = "hotline.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv) });
        await page.IdleAsync();
        await Assertions.Expect(page.Page.Locator(".found")).ToContainTextAsync($"{rows} issues would be taken, 1 refused");
        await Assertions.Expect(page.Page.Locator(".datum-warning")).ToContainTextAsync("The datum looks wrong.");
        await Assertions.Expect(page.Page.GetByLabel("Longitude (east)")).ToHaveValueAsync("经度");
        await Assertions.Expect(page.Page.Locator(".sample tbody tr").First).ToContainTextAsync("b0");
        await page.Page.Locator(".pick-map[data-map=idle]").WaitForAsync();
        await page.PictureAsync("import-datum");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Read as GCJ-02" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".datum-warning")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Page.Locator(".found")).Not.ToContainTextAsync("outside");
        await page.Page.GetByLabel("Description").SelectOptionAsync("备注");
        await page.Page.GetByLabel("Source of all rows").FillAsync("border-test");
        // What is typed stays while the server looks at the file once more.
        await page.IdleAsync();
        await Assertions.Expect(page.Page.GetByLabel("Source of all rows")).ToHaveValueAsync("border-test");
        await page.Page.GetByText("Why 1 row would be refused").ClickAsync();
        await page.IdleAsync();
        await page.PictureAsync("import-right");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = $"Import {rows} rows" }).ClickAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Imported" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator(".facts")).ToContainTextAsync($"New{rows}");
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.GetByRole(AriaRole.Button, new() { Name = "Download refused rows" }).ClickAsync());
        Assert.Contains("the coordinate is missing", await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);
        await page.PictureAsync("import-done");
        var issues = await county.ApiAsync("/api/issues?source=border-test&limit=1000");
        Assert.Equal(rows, issues.GetProperty("features").GetArrayLength());
        Assert.All(issues.GetProperty("features").EnumerateArray(), issue =>
        {
            Assert.NotNull(issue.GetProperty("properties").GetProperty("ward").GetString());
            Assert.Equal("by the border", issue.GetProperty("properties").GetProperty("description").GetString());
        });
        page.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Columns_that_nobody_could_guess_are_chosen_in_Chinese()
    {
        var place = (await county.ApiAsync("/api/issues?limit=1")).GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates");
        var csv = string.Create(CultureInfo.InvariantCulture, $"甲,乙,丙,丁\n1,{place[0].GetDouble()},{place[1].GetDouble()},2026-01-02T08:00:00Z\n");
        await using var page = await OpenAsync("zh-CN");
        await page.Page.GetByLabel("拖入文件，或点此选择").SetInputFilesAsync(new FilePayload { Name = "表格.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv) });
        await page.IdleAsync();
        await Assertions.Expect(page.Page.GetByText("文件不能这样导入：")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "导入 0 行" }).Or(page.Page.GetByRole(AriaRole.Button, new() { Name = "导入整个文件" }))).ToBeDisabledAsync();
        foreach (var (property, column) in ((string, string)[])[("编号", "甲"), ("经度（东向）", "乙"), ("纬度（北向）", "丙"), ("上报时间", "丁")])
        {
            await page.Page.GetByLabel(property).SelectOptionAsync(column);
        }
        await Assertions.Expect(page.Page.Locator(".found")).ToContainTextAsync("1 件问题可导入");
        await page.IdleAsync();
        await page.PictureAsync("import-zh");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "导入 1 行" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "导入完成" })).ToBeVisibleAsync();
        Assert.Equal(1, (await county.ApiAsync("/api/issues/summary?datetime=2026-01-02T08:00:00Z&source=import")).GetProperty("total").GetInt32());
        page.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_long_import_can_be_stopped_and_leaves_nothing()
    {
        await using var page = await OpenAsync("en-GB");
        // As a person drops it: a file of many rows, made in the page since it would be slow to hand over.
        await page.Page.Locator(".drop").EvaluateAsync("""
            (drop) => {
              const rows = Array.from({ length: 400000 }, (_, i) => `s${i},litter,112.68,32.43,2026-01-01T08:00:00Z`);
              const data = new DataTransfer();
              data.items.add(new File(['id,category,lon,lat,reported_at\n' + rows.join('\n') + '\n'], 'many.csv', { type: 'text/csv' }));
              drop.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """);
        await Assertions.Expect(page.Page.Locator(".found")).ToContainTextAsync("The first 20,000 rows were looked at.");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Import the whole file" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Stop; keep nothing" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Stopped; nothing was imported" })).ToBeVisibleAsync();
        Assert.Equal(0, await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE external_id LIKE 's%' AND source = 'import'"));
    }

    /// <summary>Points just inside the county's border, written in GCJ-02 without saying so, and a row without a place.</summary>
    private async Task<(int Rows, string Csv)> BorderFileAsync()
    {
        var ring = (await county.ApiAsync("/api/wards?level=county")).GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates")[0][0]
            .EnumerateArray().Select(p => (Lon: p[0].GetDouble(), Lat: p[1].GetDouble())).ToList();
        var middle = (Lon: ring.Average(p => p.Lon), Lat: ring.Average(p => p.Lat));
        var csv = new StringBuilder("编号,问题类型,经度,纬度,上报时间,备注\n");
        var rows = 0;
        foreach (var (lon, lat) in ring.Where((_, i) => i % Math.Max(1, ring.Count / 240) == 0))
        {
            var inside = new LonLat(lon + 0.012 * (middle.Lon - lon), lat + 0.012 * (middle.Lat - lat));
            // A winding border may leave some outside; those would be outside in any datum.
            if ((await county.ApiAsync(string.Create(CultureInfo.InvariantCulture, $"/api/wards/at?lon={inside.LonDegrees}&lat={inside.LatDegrees}"))).GetProperty("features").GetArrayLength() == 0)
            {
                continue;
            }
            var shifted = Gcj02.FromWgs84(inside);
            csv.Append(CultureInfo.InvariantCulture, $"b{rows++},垃圾,{shifted.LonDegrees:F7},{shifted.LatDegrees:F7},2026-01-01T08:00:00Z,by the border\n");
        }
        Assert.InRange(rows, 100, 1_000);
        return (rows, csv.Append("x,垃圾,,32.4,2026-01-01T08:00:00Z,nowhere\n").ToString());
    }

    private async Task<MapPage> OpenAsync(string locale)
    {
        var page = await county.OpenAsync("/import", locale, 1200, 1000);
        var key = await new KeyStore(county.Server.Data.Database).AddAsync($"planner {Guid.NewGuid():N}", Roles.Administrator, CancellationToken.None);
        await page.Page.Locator("input[name=key]").FillAsync(key);
        await page.Page.Locator(".key-field [type=submit]").ClickAsync();
        return page;
    }
}
