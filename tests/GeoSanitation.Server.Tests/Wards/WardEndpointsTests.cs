using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using NetTopologySuite.IO.Converters;
using Xunit;

namespace GeoSanitation.Server.Wards;

/// <summary>A county of two towns, west and east, that share a border at 10.5; the west has two communities that share one at 10.25.</summary>
public sealed class WardEndpointsTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Geometries = new() { Converters = { new GeoJsonConverterFactory() } };

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Data.PlantWardAsync("county", "county", PlantedIssues.Box(10, 50, 11, 51), name: "澄岭县");
        await _server.Data.PlantWardAsync("west", "town", PlantedIssues.Box(10, 50, 10.5, 51), "county", "西镇");
        await _server.Data.PlantWardAsync("east", "town", PlantedIssues.Box(10.5, 50, 11, 51), "county", "东镇");
        await _server.Data.PlantWardAsync("西-一", "community", PlantedIssues.Box(10, 50, 10.25, 51), "west", "一社区");
        await _server.Data.PlantWardAsync("西-二", "community", PlantedIssues.Box(10.25, 50, 10.5, 51), "west", "二社区");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_list_has_each_ward_with_its_place_in_the_tree()
    {
        var list = await GetAsync("/api/wards");

        Assert.Equal(["county", "east", "west", "西-一", "西-二"], Codes(list));
        Assert.Equal((5, 5), (list.GetProperty("numberMatched").GetInt64(), list.GetProperty("numberReturned").GetInt64()));
        var community = Ward(list, "西-一");
        Assert.Equal("一社区", community.GetProperty("name").GetString());
        Assert.Equal("Ward 西-一", community.GetProperty("name_en").GetString());
        Assert.Equal("west", community.GetProperty("parent").GetString());
        Assert.Equal(["county", "west", "西-一"], community.GetProperty("path").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(JsonValueKind.Null, community.GetProperty("valid_to").ValueKind);
        var area = await _server.Data.ScalarAsync<double>("SELECT ST_Area(geom::geography) FROM geosan.ward WHERE code = '西-一'");
        Assert.Equal(area, community.GetProperty("area_m2").GetDouble(), 0.1);
        // RFC 7946: the outer ring goes counterclockwise.
        Assert.True(NetTopologySuite.Algorithm.Orientation.IsCCW(((Polygon)Outline(list, "west").GetGeometryN(0)).Shell.CoordinateSequence));
    }

    [Theory]
    [InlineData("level=town", "east west")]
    [InlineData("parent=west", "西-一 西-二")]
    [InlineData("bbox=10.6,50.1,10.7,50.2", "county east")]
    [InlineData("bbox=10.3,50.1,10.4,50.2&level=community", "西-二")]
    [InlineData("q=社区", "西-一 西-二")]
    [InlineData("q=WARD E", "east")]
    [InlineData("q=100%25", "")]
    [InlineData("level=village", "")]
    [InlineData("at=2000-01-01", "")]
    [InlineData("level=village&f=geojson", "")]
    public async Task A_list_narrows(string query, string codes) => Assert.Equal(codes, string.Join(' ', Codes(await GetAsync("/api/wards?" + query))));

    [Fact]
    public async Task Pages_follow_each_other_and_show_every_ward_once()
    {
        var seen = new List<string>();
        for (var address = "/api/wards?limit=2&geometry=none"; address is not null;)
        {
            using var answer = await _server.Client.GetAsync(address);
            var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.All(page.GetProperty("features").EnumerateArray(), f => Assert.Equal(JsonValueKind.Null, f.GetProperty("geometry").ValueKind));
            Assert.Equal(5, page.GetProperty("numberMatched").GetInt64());
            seen.AddRange(Codes(page));
            var next = page.GetProperty("links").EnumerateArray().SingleOrDefault(l => l.GetProperty("rel").GetString() == "next");
            address = next.ValueKind == JsonValueKind.Undefined ? null : next.GetProperty("href").GetString();
            Assert.Equal(address is not null, answer.Headers.GetValues("Link").Single().Contains("rel=\"next\"", StringComparison.Ordinal));
        }
        Assert.Equal(["county", "east", "west", "西-一", "西-二"], seen);
    }

    [Fact]
    public async Task An_answer_that_the_caller_has_is_not_sent_again_until_something_changes()
    {
        foreach (var address in (string[])["/api/wards", "/api/wards/west", "/api/wards/at?lon=10.1&lat=50.5"])
        {
            var first = await _server.Client.GetAsync(address);
            // The version counts transactions of the whole test cluster, so it may move between two requests; not for ever.
            for (var attempt = 0; (await AgainAsync(address, first)).StatusCode != HttpStatusCode.NotModified; attempt++)
            {
                Assert.InRange(attempt, 0, 50);
                first = await _server.Client.GetAsync(address);
            }
            await _server.Data.ExecuteAsync("UPDATE geosan.ward SET responsible = coalesce(responsible, '') || 'x' WHERE code = 'west'");
            var changed = await AgainAsync(address, first);
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            Assert.Contains("\"responsible\":\"x", await changed.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task One_ward_names_those_above_and_below()
    {
        var ward = (await GetAsync("/api/wards/west")).GetProperty("properties");

        Assert.Equal(["county"], ward.GetProperty("ancestors").EnumerateArray().Select(w => w.GetProperty("code").GetString()));
        Assert.Equal(["西-一", "西-二"], ward.GetProperty("children").EnumerateArray().Select(w => w.GetProperty("code").GetString()));
        Assert.Equal("澄岭县", ward.GetProperty("ancestors")[0].GetProperty("name").GetString());
        Assert.Equal(1, ward.GetProperty("periods").GetArrayLength());
        var chinese = await GetAsync("/api/wards/" + Uri.EscapeDataString("西-一"));
        Assert.Equal("西-一", chinese.GetProperty("id").GetString());
        using var none = await _server.Client.GetAsync("/api/wards/north");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Coordinates_come_in_the_system_and_axis_order_asked_for()
    {
        using var answer = await _server.Client.GetAsync("/api/wards/west?crs=EPSG:3857");
        var mercator = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("<http://www.opengis.net/def/crs/EPSG/0/3857>", answer.Headers.GetValues("Content-Crs").Single());
        Assert.Equal("http://www.opengis.net/def/crs/EPSG/0/3857", mercator.GetProperty("coordRefSys").GetString());
        var bounds = mercator.GetProperty("geometry").Deserialize<Geometry>(Geometries)!.EnvelopeInternal;
        Assert.Equal(10 * 20037508.342789244 / 180, bounds.MinX, 0.01);
        var latFirst = (await GetAsync("/api/wards/west?crs=EPSG:4326")).GetProperty("geometry").Deserialize<Geometry>(Geometries)!.EnvelopeInternal;
        Assert.Equal((50, 10), (latFirst.MinX, latFirst.MinY));
    }

    [Theory]
    [InlineData(10.1, 50.5, "county west 西-一")]
    [InlineData(10.8, 50.5, "county east")]
    [InlineData(10.25, 50.5, "county west 西-二 西-一")]
    [InlineData(10.5, 50.5, "county west east 西-二")]
    [InlineData(12, 50.5, "")]
    public async Task A_place_is_held_from_the_county_down_and_the_last_ward_is_the_one_an_issue_is_given(double lon, double lat, string codes)
    {
        var list = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/wards/at?lon={lon}&lat={lat}"));

        Assert.Equal(codes, string.Join(' ', Codes(list)));
        var given = await _server.Data.ScalarAsync<string>(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT coalesce((SELECT code FROM geosan.ward WHERE valid_to IS NULL AND ST_Covers(geom, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)) ORDER BY nlevel(path) DESC, code COLLATE "C" LIMIT 1), '')
            """));
        Assert.Equal(given, codes.Split(' ')[^1]);
    }

    /// <summary>Issues inside, outside and on every kind of border: each counts for the wards that hold the one it was given, and for no others.</summary>
    [Fact]
    public async Task The_issues_of_a_ward_are_as_many_as_PostGIS_counts()
    {
        var places = from x in Enumerable.Range(-1, 11) from y in Enumerable.Range(-1, 11) select (Lon: 10 + x * 0.125, Lat: 50 + y * 0.125);
        await _server.Data.PlantAsync(places.Select(p => new PlantedIssue(p.Lon, p.Lat)));
        await _server.Data.ExecuteAsync("""
            UPDATE geosan.issue AS i SET ward_id =
                (SELECT id FROM geosan.ward WHERE valid_to IS NULL AND ST_Covers(geom, i.geom) ORDER BY nlevel(path) DESC, code COLLATE "C" LIMIT 1)
            """);

        foreach (var (code, covered) in new Dictionary<string, long> { ["county"] = 81, ["west"] = 45, ["east"] = 36, ["西-一"] = 27, ["西-二"] = 18 })
        {
            var page = await GetAsync($"/api/wards/{Uri.EscapeDataString(code)}/issues?count=true&limit=10");
            Assert.Equal(covered, page.GetProperty("numberMatched").GetInt64());
            var inSql = await _server.Data.ScalarAsync<long>($"""
                SELECT count(*) FROM geosan.issue AS i JOIN geosan.ward AS asked ON asked.code = '{code}'
                WHERE ST_Covers(asked.geom, i.geom) AND asked.path @>
                    (SELECT path FROM geosan.ward WHERE valid_to IS NULL AND ST_Covers(geom, i.geom) ORDER BY nlevel(path) DESC, code COLLATE "C" LIMIT 1)
                """);
            Assert.Equal(inSql, covered);
        }
        using var none = await _server.Client.GetAsync("/api/wards/north/issues");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var other = await _server.Client.GetAsync("/api/wards/west/issues?ward=east");
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    [Fact]
    public async Task A_place_may_be_given_in_another_system()
    {
        var x = (10.1 * 20037508.342789244 / 180).ToString(CultureInfo.InvariantCulture);
        Assert.Equal(["county", "west", "西-一"], Codes(await GetAsync($"/api/wards/at?lon={x}&lat=6500000&crs=EPSG:3857")));
    }

    [Fact]
    public async Task Simplified_neighbors_still_meet_and_cover_the_same_ground()
    {
        // A border with small teeth, 1 m in and out.
        var teeth = string.Join(", ", Enumerable.Range(1, 499).Select(i => string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? 20.1 : 20.100014)} {60 + i * 0.0002}")));
        var back = string.Join(", ", teeth.Split(", ").Reverse());
        await _server.Data.PlantWardAsync("a", "block", $"POLYGON((20 60, 20.1 60, {teeth}, 20.1 60.1, 20 60.1, 20 60))");
        await _server.Data.PlantWardAsync("b", "block", $"POLYGON((20.1 60, 20.2 60, 20.2 60.1, 20.1 60.1, {back}, 20.1 60))");

        var full = await GetAsync("/api/wards?level=block");
        var fewer = await GetAsync("/api/wards?level=block&simplify=50");
        var firstOfTwo = await GetAsync("/api/wards?level=block&simplify=50&limit=1");

        Assert.True(Outline(full, "a").NumPoints > 500);
        Assert.InRange(Outline(fewer, "a").NumPoints, 5, 20);
        var (a, b) = (Outline(fewer, "a"), Outline(fewer, "b"));
        Assert.Equal(0, a.Intersection(b).Area, 1e-12);
        Assert.Equal(1, a.Intersection(b).Dimension is Dimension.Curve ? 1 : 0);
        Assert.Equal(0.02, a.Union(b).Area, 1e-6);
        // A page of the list is simplified as the whole list is.
        Assert.True(Outline(firstOfTwo, "a").EqualsExact(a));
        Assert.Equal(["a"], Codes(firstOfTwo));
    }

    [Theory]
    [InlineData("/api/wards?limit=0", "limit")]
    [InlineData("/api/wards?bbox=1,2,3", "bbox")]
    [InlineData("/api/wards?at=yesterday", "at")]
    [InlineData("/api/wards?simplify=-1", "simplify")]
    [InlineData("/api/wards?geometry=some", "geometry")]
    [InlineData("/api/wards?f=kml", "f")]
    [InlineData("/api/wards/west?f=kml", "f")]
    [InlineData("/api/wards/at?lon=10.1&lat=50.5&f=kml", "f")]
    [InlineData("/api/wards?crs=EPSG:1", "crs")]
    [InlineData("/api/wards?cursor=abc", "cursor")]
    [InlineData("/api/wards/west?limit=3", "limit")]
    [InlineData("/api/wards/at?lat=1", "lon")]
    [InlineData("/api/wards/at?lon=1&lat=91", "lon")]
    [InlineData("/api/wards/at?lon=x&lat=1", "lon")]
    public async Task A_bad_value_is_refused_by_name(string address, string parameter)
    {
        using var answer = await _server.Client.GetAsync(address);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(parameter, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString());
    }

    private async Task<JsonElement> GetAsync(string address) => await _server.Client.GetFromJsonAsync<JsonElement>(address);

    private async Task<HttpResponseMessage> AgainAsync(string address, HttpResponseMessage first)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        return await _server.Client.SendAsync(request);
    }

    private static List<string> Codes(JsonElement list) => [.. list.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()!)];

    private static JsonElement Feature(JsonElement list, string code) => list.GetProperty("features").EnumerateArray().Single(f => f.GetProperty("id").GetString() == code);

    private static JsonElement Ward(JsonElement list, string code) => Feature(list, code).GetProperty("properties");

    private static Geometry Outline(JsonElement list, string code) => Feature(list, code).GetProperty("geometry").Deserialize<Geometry>(Geometries)!;
}
