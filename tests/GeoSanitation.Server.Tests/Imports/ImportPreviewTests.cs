using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

/// <summary>What the server makes of a file before it is imported.</summary>
public sealed class ImportPreviewTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _client = await _server.ClientAsync(Roles.Administrator);
        await _server.Data.PlantWardAsync("t1", "town", PlantedIssues.Box(112.6, 32.4, 112.7, 32.5));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task It_says_which_column_is_what_and_which_rows_would_be_refused_and_keeps_nothing()
    {
        var preview = await PreviewAsync("""
            编号,问题类型,经度,纬度,上报时间
            1,垃圾,112.65,32.45,2026-01-01 08:00
            2,垃圾,112.8,32.45,2026-01-02 08:00
            3,垃圾,,32.45,2026-01-03 08:00
            """);
        Assert.Equal(["编号", "问题类型", "经度", "纬度", "上报时间"], preview.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(("编号", "经度", "上报时间"), (Mapped(preview, "external_id"), Mapped(preview, "lon"), Mapped(preview, "reported_at")));
        Assert.Equal((3, 2, 1, 1, true), (Int(preview, "rows_read"), Int(preview, "accepted"), Int(preview, "refused"), Int(preview, "outside_wards"), preview.GetProperty("is_whole").GetBoolean()));
        var refusal = Assert.Single(preview.GetProperty("refusals").EnumerateArray());
        Assert.Equal((4, "经度", "the coordinate is missing"), (Int(refusal, "line"), refusal.GetProperty("column").GetString(), refusal.GetProperty("reason").GetString()));
        Assert.Equal([(112.65, true), (112.8, false)], preview.GetProperty("places").EnumerateArray().Select(p => (p.GetProperty("lon").GetDouble(), p.GetProperty("in_ward").GetBoolean())));
        Assert.Equal("垃圾", preview.GetProperty("sample")[0][1].GetString());
        Assert.Equal(0, await _server.Data.ScalarAsync<long>("SELECT (SELECT count(*) FROM geosan.issue) + (SELECT count(*) FROM geosan.import)"));
    }

    [Fact]
    public async Task A_wrong_datum_is_a_warning_and_the_right_one_none()
    {
        // Points along the inner side of the ward's borders, as GCJ-02 shows them: some 300 to 600 m to the south-east.
        var rows = Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? (Lon: 112.6995, Lat: 32.4005 + 0.09 * i / 200) : (Lon: 112.6005 + 0.09 * i / 200, Lat: 32.4005))
            .Select((p, i) => (Place: Gcj02.FromWgs84(new LonLat(p.Lon, p.Lat)), i))
            .Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.i},litter,{r.Place.LonDegrees:F7},{r.Place.LatDegrees:F7},2026-01-01T08:00:00Z"));
        var csv = "id,category,lon,lat,reported_at\n" + string.Join('\n', rows);
        var wrong = await PreviewAsync(csv);
        Assert.Contains(wrong.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("GCJ-02", StringComparison.Ordinal));
        Assert.True(Int(wrong, "outside_wards") >= 100);
        var right = await PreviewAsync(csv, ("crs", "GCJ02"));
        Assert.DoesNotContain(right.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("GCJ-02", StringComparison.Ordinal));
        Assert.Equal((0, "GCJ02"), (Int(right, "outside_wards"), right.GetProperty("crs").GetString()));
    }

    [Fact]
    public async Task A_file_that_needs_more_to_be_said_shows_its_columns_with_the_problem()
    {
        const string csv = "id,category,x,y,when\n1,litter,112.65,32.45,2026-01-01T08:00:00Z\n";
        var preview = await PreviewAsync(csv);
        Assert.NotNull(preview.GetProperty("problem").GetString());
        Assert.Equal(5, preview.GetProperty("columns").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, preview.GetProperty("mapping").ValueKind);
        var mapped = await PreviewAsync(csv, ("mapping", """{"reported_at": "when"}"""));
        Assert.Equal((JsonValueKind.Null, 1), (mapped.GetProperty("problem").ValueKind, Int(mapped, "accepted")));
    }

    [Fact]
    public async Task Of_a_long_file_a_part_is_looked_at_and_places_of_all_of_it_are_shown()
    {
        var csv = new StringBuilder("id,category,lon,lat,reported_at\n");
        for (var i = 1; i <= ImportPreviews.MostRows + 5; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{i},litter,112.65,32.45,2026-01-01T08:00:00Z\n");
        }
        var preview = await PreviewAsync(csv.ToString());
        Assert.Equal((ImportPreviews.MostRows, false), (Int(preview, "rows_read"), preview.GetProperty("is_whole").GetBoolean()));
        int[] lines = [.. preview.GetProperty("places").EnumerateArray().Select(p => Int(p, "line"))];
        Assert.InRange(lines.Length, 1_000, 2_000);
        Assert.True(lines[0] < 100 && lines[^1] > ImportPreviews.MostRows - 100 && lines.Distinct().Count() == lines.Length);
    }

    [Fact]
    public async Task A_file_of_wards_shows_codes_and_places()
    {
        const string wards = """
            {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"w9","name":"九号"},"geometry":{"type":"Polygon","coordinates":[[[112.61,32.41],[112.63,32.41],[112.63,32.43],[112.61,32.43],[112.61,32.41]]]}}]}
            """;
        var preview = await PreviewAsync(wards, ("kind", "wards"), ("level", "community"));
        Assert.Equal(["w9", "九号", "community", "t1"], preview.GetProperty("sample")[0].EnumerateArray().Select(v => v.GetString()));
        Assert.Equal((1, "code"), (Int(preview, "accepted"), Mapped(preview, "code")));
        Assert.InRange(preview.GetProperty("places")[0].GetProperty("lon").GetDouble(), 112.61, 112.63);
    }

    [Theory]
    [InlineData("PK\u0003\u0004 no table", HttpStatusCode.BadRequest)]
    [InlineData("{\"type\":", HttpStatusCode.BadRequest)]
    public async Task What_is_no_table_is_refused(string contents, HttpStatusCode status)
    {
        using var response = await PostAsync(contents);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Only_administrators_may_look()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        using var form = Form("id\n1\n");
        using var response = await inspector.PostAsync("/api/imports/preview", form);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static int Int(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    private static string? Mapped(JsonElement preview, string property) => preview.GetProperty("mapping").GetProperty(property).GetString();

    private static MultipartFormDataContent Form(string contents, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(contents)), "file", "file.csv" } };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }
        return form;
    }

    private async Task<HttpResponseMessage> PostAsync(string contents, params (string Name, string Value)[] fields)
    {
        using var form = Form(contents, fields);
        return await _client.PostAsync("/api/imports/preview", form);
    }

    private async Task<JsonElement> PreviewAsync(string contents, params (string Name, string Value)[] fields)
    {
        using var response = await PostAsync(contents, fields);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
