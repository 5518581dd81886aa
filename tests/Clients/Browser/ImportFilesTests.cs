using System.Globalization;
using System.IO.Compression;
using System.Text;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>A workbook and a file of wards, imported by the page in Chinese: what the server says of them is in Chinese too.</summary>
[Collection(CountyToWriteTo.Name)]
public sealed class ImportFilesTests(SampleCountyInBrowser county)
{
    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task A_workbook_is_imported_and_its_refused_row_is_explained_in_Chinese()
    {
        var place = (await county.ApiAsync("/api/issues?limit=1")).GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates");
        await using var page = await OpenAsync();
        await ChooseAsync(page, "清单.xlsx", Workbook(
            ["编号", "问题类型", "经度", "纬度", "上报时间"],
            ["e1", "垃圾", place[0].GetRawText(), place[1].GetRawText(), "2026-01-02 08:00"],
            ["e2", "垃圾", place[0].GetRawText(), "95", "2026-01-02 08:00"]));
        await Assertions.Expect(page.Page.Locator(".found")).ToContainTextAsync("1 件问题可导入");
        await Assertions.Expect(page.Page.Locator(".found")).ToContainTextAsync("1 行不予接收");
        await page.Page.GetByText("1 行不予接收的原因").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".how td")).ToContainTextAsync("纬度应在 -90 至 90 度之间");
        await Assertions.Expect(page.Page.GetByText("文件中的时间没有时区，也未指定时区，已按本市时区", new() { Exact = false })).ToBeVisibleAsync();
        await page.PictureAsync("import-excel-zh");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "导入 1 行" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "导入完成" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator(".job .note").First).ToContainTextAsync("已按本市时区");
        var issue = (await county.ApiAsync("/api/issues?q=e1&limit=10")).GetProperty("features").EnumerateArray().Single(f => f.GetProperty("properties").GetProperty("external_id").GetString() == "e1");
        Assert.Equal(DateTimeOffset.Parse("2026-01-02T08:00+08:00", CultureInfo.InvariantCulture), issue.GetProperty("properties").GetProperty("reported_at").GetDateTimeOffset());
        page.AssertNoComplaints();
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Wards_are_imported_with_a_warning_in_Chinese_and_are_on_the_wards_page()
    {
        await using var page = await OpenAsync();
        await ChooseAsync(page, "新区网格.geojson", Encoding.UTF8.GetBytes("""
            {"type":"FeatureCollection","features":[
              {"type":"Feature","properties":{"code":"N1","name":"北苑网格"},"geometry":{"type":"Polygon","coordinates":[[[113.5,33.0],[113.51,33.0],[113.51,33.01],[113.5,33.01],[113.5,33.0]]]}},
              {"type":"Feature","properties":{"code":"N2","name":"蝴蝶网格"},"geometry":{"type":"Polygon","coordinates":[[[113.51,33.0],[113.52,33.01],[113.52,33.0],[113.51,33.01],[113.51,33.0]]]}},
              {"type":"Feature","properties":{"code":"N3","name":"一个点"},"geometry":{"type":"Point","coordinates":[113.6,33.0]}}
            ]}
            """));
        await page.Page.GetByLabel("层级").FillAsync("new_grid");
        await page.Page.GetByLabel("层级").PressAsync("Tab");
        await Assertions.Expect(page.Page.Locator(".found")).ToContainTextAsync("2 个辖区可导入");
        await Assertions.Expect(page.Page.GetByText("1 个多边形的环无效，已修复：N2")).ToBeVisibleAsync();
        await page.Page.Locator(".how summary").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".how td").First).ToContainTextAsync("几何类型为 Point，辖区应为多边形");
        await page.IdleAsync();
        await page.PictureAsync("import-wards-zh");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "导入 2 行" }).ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "导入完成" })).ToBeVisibleAsync();
        var wards = await county.ApiAsync("/api/wards?level=new_grid&geometry=none");
        Assert.Equal(["N1 北苑网格", "N2 蝴蝶网格"], wards.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties")).Select(w => $"{w.GetProperty("code").GetString()} {w.GetProperty("name").GetString()}").Order(StringComparer.Ordinal));
        page.AssertNoComplaints();
    }

    private async Task<MapPage> OpenAsync()
    {
        var page = await county.OpenAsync("/import", "zh-CN", 1200, 1000);
        await page.Page.Locator("input[name=key]").FillAsync(await new KeyStore(county.Server.Data.Database).AddAsync($"planner {Guid.NewGuid():N}", Roles.Administrator, CancellationToken.None));
        await page.Page.Locator(".key-field [type=submit]").ClickAsync();
        return page;
    }

    private static async Task ChooseAsync(MapPage page, string name, byte[] contents)
    {
        await page.Page.GetByLabel("拖入文件，或点此选择").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = contents });
        await page.IdleAsync();
    }

    /// <summary>The smallest workbook that Excel itself would open: one sheet, every cell a text.</summary>
    private static byte[] Workbook(params string[][] rows)
    {
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string package = "http://schemas.openxmlformats.org/package/2006";
        const string type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        var sheet = string.Concat(rows.Select((row, r) => $"<row r=\"{r + 1}\">{string.Concat(row.Select((text, c) => $"<c r=\"{(char)('A' + c)}{r + 1}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"))}</row>"));
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            Add("[Content_Types].xml", $"<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{type}.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{type}.worksheet+xml\"/></Types>");
            Add("_rels/.rels", $"<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            Add("xl/workbook.xml", $"<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"清单\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
            Add("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>");
            Add("xl/worksheets/sheet1.xml", $"<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>");

            void Add(string name, string xml)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open(), new UTF8Encoding(false));
                writer.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml);
            }
        }
        return bytes.ToArray();
    }
}
