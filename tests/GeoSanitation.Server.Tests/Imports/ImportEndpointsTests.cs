using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

public sealed class ImportEndpointsTests : IAsyncLifetime
{
    private const string Csv = """
        id,category,status,lon,lat,reported_at,closed_at
        1,Rubbish,Closed,103.9,30.1,2026-01-01 08:00,2026-01-03 09:00
        2,Rubbish,Open,103.9,30.1,2026-01-20 08:00,
        3,Rubbish,Open,,30.1,2026-01-20 08:00,
        """;

    private TestServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new Settings { City = new CitySettings { TimeZone = "UTC" } });
        _client = await _server.ClientAsync(Roles.Administrator);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_upload_becomes_a_job_with_counts_warnings_and_refused_rows()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Encoding.UTF8.GetBytes(Csv)), "file", "上报.csv" },
            { new StringContent("hotline"), "source" },
        };

        using var accepted = await _client.PostAsync("/api/imports", form);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var job = await EndOfAsync(accepted.Headers.Location!);
        Assert.Equal("done", job.GetProperty("state").GetString());
        Assert.Equal("上报.csv", job.GetProperty("file_name").GetString());
        Assert.Equal("""{"loaded":2,"unchanged":0,"updated":0,"refused":1}""", job.GetProperty("counts").GetRawText().Replace(" ", "").Replace("\n", ""));
        Assert.Equal(3, job.GetProperty("rows_read").GetInt64());
        Assert.Equal("category", job.GetProperty("mapping").GetProperty("category").GetString());
        Assert.Equal("line,column,value,reason\n4,lon,,the coordinate is missing\n", await _client.GetStringAsync(job.GetProperty("rejects").GetString()));
        Assert.Equal(1, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE external_id = '2' AND source = 'hotline' AND relapse_of = (SELECT id FROM geosan.issue WHERE external_id = '1')"));
        var list = await _client.GetFromJsonAsync<JsonElement>("/api/imports?limit=1");
        Assert.Equal(job.GetProperty("id").GetInt64(), list.GetProperty("imports")[0].GetProperty("id").GetInt64());
        Assert.Equal($"the administrator import issues imports/{job.GetProperty("id").GetInt64()}", await _server.Data.ScalarAsync<string>("SELECT actor || ' ' || action || ' ' || target FROM geosan.audit"));
    }

    [Fact]
    public async Task A_packed_body_with_parameters_in_the_query_does_the_same()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Csv));
        }
        using var body = new ByteArrayContent(packed.ToArray());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");

        using var accepted = await _client.PostAsync("/api/imports?source=hotline&time_zone=Asia/Shanghai", body);

        var job = await EndOfAsync(accepted.Headers.Location!);
        Assert.Equal(2, job.GetProperty("counts").GetProperty("loaded").GetInt64());
        Assert.Equal(new DateTime(2026, 1, 1), await _server.Data.ScalarAsync<DateTime>("SELECT reported_at AT TIME ZONE 'UTC' FROM geosan.issue WHERE external_id = '1'"));
    }

    [Fact]
    public async Task Wards_come_in_the_same_way()
    {
        using var body = new StringContent("""
            {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "a", "name": "城关", "level": "town"},
             "geometry": {"type": "Polygon", "coordinates": [[[103, 30], [104, 30], [104, 31], [103, 31], [103, 30]]]}}]}
            """, Encoding.UTF8, "application/geo+json");

        using var accepted = await _client.PostAsync("/api/imports?kind=wards", body);

        var job = await EndOfAsync(accepted.Headers.Location!);
        Assert.Equal(1, job.GetProperty("counts").GetProperty("loaded").GetInt64());
        Assert.Equal("城关", await _server.Data.ScalarAsync<string>("SELECT name FROM geosan.ward WHERE code = 'a' AND level = 'town'"));
    }

    [Theory]
    [InlineData("crs=EPSG:99999", "crs")]
    [InlineData("time_zone=Mars/Olympus", "time_zone")]
    [InlineData("kind=roads", "kind")]
    [InlineData("mapping={", "mapping")]
    [InlineData("mapping={\"colour\":\"x\"}", "mapping")]
    [InlineData("require_ward=perhaps", "require_ward")]
    [InlineData("colour=red", "colour")]
    public async Task What_is_said_wrongly_is_refused_before_anything_is_done(string query, string parameter)
    {
        using var body = new StringContent(Csv, Encoding.UTF8, "text/csv");

        using var answer = await _client.PostAsync("/api/imports?" + query, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(parameter, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString());
        Assert.Equal(0, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.import"));
    }

    [Fact]
    public async Task Other_media_types_and_unknown_imports_are_refused()
    {
        using var picture = new ByteArrayContent([1, 2, 3]);
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _client.PostAsync("/api/imports", picture)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/api/imports/999")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/api/imports/x/rejects")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("/api/imports?limit=0")).StatusCode);
    }

    [Fact]
    public async Task An_upload_beyond_the_limit_is_refused()
    {
        await using var server = await TestServer.StartAsync(new Settings { Imports = new ImportSettings { MaxUploadMegabytes = 1 } });
        using var client = await server.ClientAsync(Roles.Administrator);
        using var body = new StringContent(new string('x', 1_100_000), Encoding.UTF8, "text/csv");

        using var answer = await client.PostAsync("/api/imports", body);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_stopped_import_leaves_nothing()
    {
        // Another import holds the turn, so this one waits until it is stopped.
        await using var source = _server.Data.OpenSource();
        await using var other = await source.OpenConnectionAsync();
        await using var hold = new Npgsql.NpgsqlCommand($"SELECT pg_advisory_lock({0x67730002}, 0)", other);
        await hold.ExecuteNonQueryAsync();
        using var body = new StringContent(Csv, Encoding.UTF8, "text/csv");
        using var accepted = await _client.PostAsync("/api/imports", body);
        await _server.Data.ExecuteAsync("""
            DO $$ BEGIN
                FOR i IN 1..1200 LOOP
                    EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));
                    PERFORM pg_sleep(0.05);
                END LOOP;
            END $$
            """);

        using var stopped = await _client.DeleteAsync(accepted.Headers.Location);

        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);
        var job = await EndOfAsync(accepted.Headers.Location!);
        Assert.Equal("cancelled", job.GetProperty("state").GetString());
        Assert.Equal(0, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
        Assert.Equal(HttpStatusCode.Conflict, (await _client.DeleteAsync(accepted.Headers.Location)).StatusCode);
    }

    private Task<JsonElement> EndOfAsync(Uri job) => JobEnd.OfAsync(_client, job);
}
