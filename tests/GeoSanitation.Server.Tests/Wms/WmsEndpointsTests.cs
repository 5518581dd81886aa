using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Server.Tests.Wms;

public sealed class WmsEndpointsTests : IAsyncLifetime
{
    private const string County = "width=400&height=400&format=image/png&transparent=TRUE";
    private const string Newer = "/wms?service=WMS&version=1.3.0&request=GetMap&styles=&crs=CRS:84&bbox=112,32,113,33&" + County;

    private static readonly XNamespace Ogc = "http://www.opengis.net/wms";
    private static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new Settings { Publisher = new() { Name = "城市管理局", Title = "Open sanitation" } });
        await _server.Data.PlantCityAsync();
        // A crowd in the west, one alone in the east.
        await _server.Data.PlantAsync([.. Enumerable.Range(0, 40).Select(i => new PlantedIssue(112.25 + i % 8 * 0.0004, 32.5 + i / 8 * 0.0004, Severity: 2, ReportedAt: "2025-03-01T08:00:00Z", Ward: "west")),
            new PlantedIssue(112.75, 32.25, "sewage", 5, ReportedAt: "2025-05-01T08:00:00Z", Ward: "east")]);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Both_versions_say_what_there_is()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0") { Headers = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-Host", "maps.city.example" } } };
        using var answer = await _server.Client.SendAsync(request);
        var newer = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
        // No byte order mark comes before the declaration.
        Assert.Equal((byte)'<', (await answer.Content.ReadAsByteArrayAsync())[0]);
        Assert.Equal(Ogc + "WMS_Capabilities", newer.Name);
        Assert.Equal("Open sanitation", newer.Element(Ogc + "Service")!.Element(Ogc + "Title")!.Value);
        var top = newer.Element(Ogc + "Capability")!.Element(Ogc + "Layer")!;
        Assert.Equal(["EPSG:3857", "EPSG:4326", "EPSG:4490", "CRS:84"], top.Elements(Ogc + "CRS").Select(e => e.Value));
        // Latitude first, but for CRS:84.
        Assert.Equal(["32 112 33 113", "32 112 33 113", "112 32 113 33"], top.Elements(Ogc + "BoundingBox").Skip(1).Select(Sides));
        Assert.Equal(["heatmap 0", "hotspots 1", "issues 1", "wards 1"], top.Elements(Ogc + "Layer").Select(l => $"{l.Element(Ogc + "Name")!.Value} {l.Attribute("queryable")!.Value}"));
        var time = top.Elements(Ogc + "Layer").First().Element(Ogc + "Dimension")!;
        Assert.Equal(("time", "2025-03-01T08:00:00Z/2025-05-01T08:00:00Z/PT1S"), (time.Attribute("name")!.Value, time.Value));
        string[] told = ["application/json", "application/geo+json", "text/html", "text/plain"];
        Assert.Equal(told, newer.Descendants(Ogc + "GetFeatureInfo").Single().Elements(Ogc + "Format").Select(f => f.Value));
        Assert.Equal("https://maps.city.example/wms?", newer.Descendants(Ogc + "GetMap").Single().Descendants(Ogc + "OnlineResource").Single().Attribute(XLink + "href")!.Value);

        using var older = await _server.Client.GetAsync("/wms?service=WMS&request=getcapabilities&version=1.1.1");
        Assert.Equal("application/vnd.ogc.wms_xml", older.Content.Headers.ContentType!.MediaType);
        var text = await older.Content.ReadAsStringAsync();
        Assert.Contains("<!DOCTYPE WMT_MS_Capabilities SYSTEM", text);
        var root = XDocument.Parse(text).Root!;
        Assert.Equal(told, root.Descendants("GetFeatureInfo").Single().Elements("Format").Select(f => f.Value));
        var layer = root.Element("Capability")!.Element("Layer")!;
        Assert.Equal(["EPSG:3857", "EPSG:4326", "EPSG:4490"], layer.Elements("SRS").Select(e => e.Value));
        Assert.Equal("112 32 113 33", Sides(layer.Elements("BoundingBox").Single(b => b.Attribute("SRS")!.Value == "EPSG:4326")));
        foreach (var legend in root.Descendants("LegendURL"))
        {
            var file = await _server.Client.GetByteArrayAsync(legend.Element("OnlineResource")!.Attribute(XLink + "href")!.Value);
            using var picture = SKBitmap.Decode(file);
            Assert.Equal((legend.Attribute("width")!.Value, legend.Attribute("height")!.Value), ($"{picture.Width}", $"{picture.Height}"));
            Assert.True(picture.Pixels.Distinct().Count() > 3);
        }
        // Of an unknown version, the one below or the newest.
        Assert.Contains("version=\"1.3.0\"", await _server.Client.GetStringAsync("/wms?service=WMS&request=GetCapabilities&version=2.0.0"));
        Assert.Contains("version=\"1.1.1\"", await _server.Client.GetStringAsync("/wms?service=WMS&request=GetCapabilities&version=1.0.0"));
    }

    [Fact]
    public async Task An_issue_is_drawn_where_it_is_in_every_system_and_version()
    {
        using var expected = await PictureAsync(Newer + "&layers=issues");
        // Severity 5 at three quarters of the width and of the height, 2 at a quarter and a half.
        Assert.Equal(SKColor.Parse("#8a1538"), expected.GetPixel(300, 300));
        Assert.Equal(SKColor.Parse("#f3a95a"), expected.GetPixel(101, 199));
        Assert.Equal(0, expected.GetPixel(200, 100).Alpha);
        foreach (var same in (string[])[
            "/wms?service=WMS&version=1.3.0&request=GetMap&styles=&crs=EPSG:4326&bbox=32,112,33,113&" + County, "/wms?service=WMS&version=1.3.0&request=GetMap&crs=EPSG:4490&bbox=32,112,33,113&" + County,
            "/wms?SERVICE=wms&VERSION=1.1.1&REQUEST=getmap&STYLES=&SRS=epsg:4326&BBOX=112,32,113,33&" + County.ToUpperInvariant().Replace("IMAGE/PNG", "image/png") + "&DPI=96&TILED=true"])
        {
            using var picture = await PictureAsync(same + "&layers=issues");
            Assert.Equal(expected.Pixels, picture.Pixels);
        }
        // The same place on the web map's plane: a box of 2 km around it.
        var (x, y) = (112.75 * 20037508.342789244 / 180, Math.Log(Math.Tan((90 + 32.25) * Math.PI / 360)) * 20037508.342789244 / Math.PI);
        using var mercator = await PictureAsync(FormattableString.Invariant($"/wms?version=1.3.0&request=GetMap&layers=issues&crs=EPSG:3857&bbox={x - 1000},{y - 1000},{x + 1000},{y + 1000}&{County}"));
        foreach (var old in (string[])["EPSG:900913", "EPSG:102100", "EPSG:102113", "EPSG:3785"])
        {
            var address = FormattableString.Invariant($"/wms?version=1.1.1&request=GetMap&layers=issues&srs={old}&bbox={x - 1000},{y - 1000},{x + 1000},{y + 1000}&{County}");
            Assert.Equal(await _server.Client.GetByteArrayAsync(address.Replace(old, "EPSG:3857", StringComparison.Ordinal)), await _server.Client.GetByteArrayAsync(address));
        }
        Assert.Equal(SKColor.Parse("#8a1538"), mercator.GetPixel(200, 200));
        Assert.Equal(0, mercator.GetPixel(210, 200).Alpha);
    }

    [Fact]
    public async Task The_filter_and_the_time_choose_issues()
    {
        Assert.Equal((true, true), await SeenAsync(""));
        Assert.Equal((false, true), await SeenAsync("&CATEGORY=sewage"));
        Assert.Equal((true, false), await SeenAsync("&ward=west"));
        Assert.Equal((true, false), await SeenAsync("&TIME=2025-03-01"));
        Assert.Equal((false, true), await SeenAsync("&time=2025-04-01/2025-12-31/P1D"));
        Assert.Equal((false, false), await SeenAsync("&severity=3"));

        async Task<(bool West, bool East)> SeenAsync(string query)
        {
            using var picture = await PictureAsync(Newer + "&layers=issues" + query);
            return (picture.GetPixel(101, 199).Alpha > 0, picture.GetPixel(300, 300).Alpha > 0);
        }
    }

    [Fact]
    public async Task Wards_and_the_heatmap_are_drawn()
    {
        using var wards = await PictureAsync(Newer + "&layers=wards");
        Assert.True(wards.GetPixel(200, 100).Alpha > 0); // the border between the towns
        Assert.Equal(0, wards.GetPixel(100, 100).Alpha);

        using var heat = await PictureAsync(Newer + "&layers=heatmap");
        Assert.True(heat.GetPixel(101, 199).Alpha > 150);
        Assert.True(heat.GetPixel(300, 300).Alpha < heat.GetPixel(101, 199).Alpha);
        Assert.Equal(0, heat.GetPixel(200, 50).Alpha);
        using var dark = await PictureAsync(Newer.Replace("styles=", "styles=dark") + "&layers=heatmap");
        Assert.True(dark.GetPixel(101, 199).Green > heat.GetPixel(101, 199).Green);
    }

    [Fact]
    public async Task Layers_lie_over_each_other_on_a_background()
    {
        using var picture = await PictureAsync(Newer.Replace("transparent=TRUE", "bgcolor=0x102030").Replace("styles=", "styles=,named") + "&layers=issues,wards");
        Assert.Equal(SKColor.Parse("#102030"), picture.GetPixel(250, 350));
        Assert.Equal(SKColor.Parse("#8a1538"), picture.GetPixel(300, 300));
        using var answer = await _server.Client.GetAsync(Newer.Replace("image/png", "image/jpeg") + "&layers=issues");
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType!.MediaType);
        using var jpeg = SKBitmap.Decode(await answer.Content.ReadAsByteArrayAsync());
        Assert.True(jpeg.GetPixel(200, 100) is { Red: > 250, Green: > 250, Blue: > 250 });

        using var again = new HttpRequestMessage(HttpMethod.Get, Newer + "&layers=issues,wards&styles=");
        using var first = await _server.Client.SendAsync(again);
        using var second = new HttpRequestMessage(HttpMethod.Get, Newer + "&layers=issues,wards&styles=") { Headers = { { "If-None-Match", first.ETagOf() } } };
        using var known = await _server.Client.SendAsync(second);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
    }

    [Fact]
    public async Task A_pixel_tells_what_is_there()
    {
        const string info = "/wms?service=WMS&version=1.3.0&request=GetFeatureInfo&layers=issues&crs=EPSG:4326&bbox=32,112,33,113&width=400&height=400&format=image/png";
        var east = await _server.Client.GetFromJsonAsync<JsonElement>(info + "&query_layers=issues,wards&i=300&j=300&feature_count=5&info_format=application/json");
        Assert.Equal(["issues.41", "wards.east", "wards.county"], east.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()));
        Assert.Equal("sewage", east.GetProperty("features")[0].Property("category").GetString());
        Assert.False(east.GetProperty("features")[0].GetProperty("properties").TryGetProperty("reporter_name", out _));
        var older = await _server.Client.GetStringAsync("/wms?version=1.1.1&request=GetFeatureInfo&layers=wards&srs=EPSG:4326&bbox=112,32,113,33&width=400&height=400&query_layers=wards&x=20&y=20&info_format=text/plain");
        Assert.Equal("wards.west\n  code: west\n  name: 西镇\n  name_en: Ward west\n  level: town\n", older);
        Assert.Equal("nothing here\n", await _server.Client.GetStringAsync(info + "&query_layers=issues&i=0&j=0&info_format=text/plain"));
    }

    [Fact]
    public async Task A_pixel_tells_it_as_a_page_for_popups_with_everything_escaped()
    {
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET title = '<script>alert(1)</script> & \"x\"' WHERE id = 41");
        foreach (var version in (string[])["version=1.3.0&crs=CRS:84&i=300&j=300", "version=1.1.1&srs=EPSG:4326&x=300&y=300"])
        {
            using var answer = await _server.Client.GetAsync($"/wms?service=WMS&request=GetFeatureInfo&layers=issues&query_layers=issues,wards&feature_count=5&bbox=112,32,113,33&width=400&height=400&info_format=text/html&{version}");
            Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            var page = await answer.Content.ReadAsStringAsync();
            Assert.Contains("<tr><th scope=\"row\">category</th><td>sewage</td></tr>", page);
            Assert.Contains("<td>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;</td>", page);
            Assert.DoesNotContain("<script", page);
            Assert.Equal(["issues.41", "wards.east", "wards.county"], System.Text.RegularExpressions.Regex.Matches(page, "<caption>(.+?)</caption>").Select(m => m.Groups[1].Value));
        }
        Assert.DoesNotContain("<table", await _server.Client.GetStringAsync("/wms?version=1.3.0&request=GetFeatureInfo&query_layers=issues&crs=CRS:84&bbox=112,32,113,33&width=400&height=400&i=0&j=0&info_format=text/html"));
    }

    [Theory]
    [InlineData("layers=nothing", "LayerNotDefined", "layers was nothing")]
    [InlineData("layers=", "LayerNotDefined", "layers is missing")]
    [InlineData("styles=bold", "StyleNotDefined", "styles was bold")]
    [InlineData("styles=,,", "StyleNotDefined", "a style for each layer")]
    [InlineData("crs=EPSG:2000", "InvalidCRS", "one of EPSG:3857, EPSG:4326, EPSG:4490, CRS:84")]
    [InlineData("format=image/gif", "InvalidFormat", "image/png, image/jpeg")]
    [InlineData("time=yesterday", "InvalidDimensionValue", "time was yesterday")]
    [InlineData("request=GetMaps", "OperationNotSupported", "request was GetMaps")]
    [InlineData("request=GetFeatureInfo&query_layers=heatmap&i=1&j=1", "LayerNotQueryable", "query_layers was heatmap")]
    [InlineData("request=GetFeatureInfo&query_layers=wards&i=500&j=1", "InvalidPoint", "i was 500")]
    [InlineData("version=1.2.0", null, "version was 1.2.0")]
    [InlineData("service=WFS", null, "service was WFS")]
    [InlineData("width=0", null, "width was 0")]
    [InlineData("height=5000", null, "a whole number from 1 to 4096")]
    [InlineData("bbox=112,32,113", null, "four numbers")]
    [InlineData("bbox=113,32,112,33", null, "the least below the greatest")]
    [InlineData("bbox=112,32,112.0001,33", null, "a hundred times as long")]
    [InlineData("bbox=1e300,1,NaN,2", null, "four numbers")]
    [InlineData("severity=9", null, "severity was 9")]
    [InlineData("transparent=maybe", null, "transparent was maybe")]
    [InlineData("bgcolor=red", null, "bgcolor was red")]
    [InlineData("radius_px=1", null, "radius_px was 1")]
    [InlineData("width=40&WIDTH=50", null, "width was 40,50")]
    public async Task Refusals_are_service_exceptions(string wrong, string? code, string words)
    {
        var names = wrong.Split('&').Select(p => p.Split('=')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var right = (Newer.Split('?')[1] + "&layers=wards").Split('&').Where(p => !names.Contains(p.Split('=')[0]));
        using var answer = await _server.Client.GetAsync($"/wms?{string.Join('&', right)}&{wrong}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, text);
        var root = XDocument.Parse(text).Root!;
        Assert.Equal("ServiceExceptionReport", root.Name.LocalName);
        var exception = root.Elements().Single();
        Assert.Contains(words, exception.Value);
        Assert.Equal(code, exception.Attribute("code")?.Value);
    }

    [Fact]
    public async Task A_refusal_can_be_a_picture_and_older_clients_get_their_own_form()
    {
        foreach (var (wish, drawn) in ((string, bool)[])[("INIMAGE", true), ("application/vnd.ogc.se_blank", false)])
        {
            using var picture = await PictureAsync(Newer + $"&layers=nothing&exceptions={wish}");
            Assert.Equal((400, 400), (picture.Width, picture.Height));
            Assert.True(drawn || picture.Pixels.All(p => p.Alpha == 0));
        }
        using var older = await _server.Client.GetAsync("/wms?version=1.1.1&request=GetMap&srs=EPSG:99&layers=wards&bbox=1,2,3,4&width=9&height=9&format=image/png");
        Assert.Equal("application/vnd.ogc.se_xml", older.Content.Headers.ContentType!.MediaType);
        Assert.Equal("InvalidSRS", XDocument.Parse(await older.Content.ReadAsStringAsync()).Root!.Element("ServiceException")!.Attribute("code")!.Value);
    }

    [Fact]
    public async Task No_nonsense_breaks_it()
    {
        var random = new Random(130);
        string[] names = ["layers", "STYLES", "crs", "bbox", "width", "height", "format", "transparent", "bgcolor", "time", "version", "request", "query_layers", "i", "j", "info_format", "feature_count", "exceptions", "layer", "severity", "near", "radius", "bandwidth", "nonsense"];
        string[] values = ["", "%ff", "%00", "-1", "0", "1", "9999999999", "NaN", "1e308", "issues,wards", "heatmap", ",", "CRS:84", "EPSG:3857", "GetFeatureInfo", "-180,-90,180,90", "0,0,1e-9,1e-9", "1,2", "'--", "{}", "../..", "%F0%9F%92%A9", "INIMAGE", "2025-01-01/.."];
        for (var i = 0; i < 300; i++)
        {
            var changed = Enumerable.Range(0, 1 + i % 3).Select(_ => (Name: names[random.Next(names.Length)], Value: values[random.Next(values.Length)])).ToList();
            var kept = ("request=GetMap&version=1.3.0&crs=CRS:84&bbox=112,32,113,33&width=40&height=40&format=image/png&layers=issues").Split('&').Where(p => !changed.Any(c => c.Name.Equals(p.Split('=')[0], StringComparison.OrdinalIgnoreCase)));
            var query = string.Join('&', kept.Concat(changed.Select(c => $"{c.Name}={c.Value}")));
            var uri = new Uri(_server.Address.GetLeftPart(UriPartial.Authority) + $"/wms?{query}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var answer = await _server.Client.GetAsync(uri);
            Assert.True((int)answer.StatusCode is 200 or 400, $"{query}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            if (answer.StatusCode == HttpStatusCode.BadRequest)
            {
                Assert.Equal("ServiceExceptionReport", XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Name.LocalName);
            }
        }
    }

    private static string Sides(XElement box) => string.Join(' ', new[] { "minx", "miny", "maxx", "maxy" }.Select(side => box.Attribute(side)!.Value));

    private async Task<SKBitmap> PictureAsync(string address)
    {
        using var answer = await _server.Client.GetAsync(address);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {System.Text.Encoding.UTF8.GetString(bytes)}");
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        using var codec = SKCodec.Create(new MemoryStream(bytes));
        return SKBitmap.Decode(codec, new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
    }
}
