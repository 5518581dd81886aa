using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Issues;

public sealed class AttachmentTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _inspector = null!;
    private string _path = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new Settings { Attachments = new AttachmentSettings { MaxMegabytes = 1, MaxPerIssue = 3 } });
        await _server.Data.PlantCityAsync();
        _inspector = await _server.ClientAsync(Roles.Inspector);
        _path = $"/api/issues/{(await _inspector.ReportAsync()).IdOf()}/attachments";
    }

    public async Task DisposeAsync()
    {
        _inspector.Dispose();
        await _server.DisposeAsync();
    }

    public static TheoryData<string, byte[]> Kinds() => new()
    {
        { "image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3] },
        { "image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 9] },
        { "image/webp", [.. "RIFF"u8, 1, 0, 0, 0, .. "WEBPVP8 "u8] },
        { "application/pdf", [.. "%PDF-1.7\n"u8] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_attached_comes_back_as_what_it_is_and_harmless(string mediaType, byte[] content)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", "../照片 1.exe" } };
        using var answer = await _inspector.PostAsync(_path, form);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var entry = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(mediaType, entry.GetProperty("media_type").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), entry.GetProperty("sha256").GetString());
        Assert.Equal(content.Length, entry.GetProperty("bytes").GetInt64());
        Assert.DoesNotContain("/", entry.GetProperty("name").GetString());
        Assert.Equal(entry.GetProperty("href").GetString(), answer.Headers.Location!.ToString());

        using var read = await _server.Client.GetAsync(answer.Headers.Location);
        Assert.Equal(content, await read.Content.ReadAsByteArrayAsync());
        Assert.Equal(mediaType, read.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", read.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", read.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(mediaType == "application/pdf" ? "attachment" : "inline", read.Content.Headers.ContentDisposition!.DispositionType);
        using var again = await _server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, answer.Headers.Location) { Headers = { { "If-None-Match", read.ETagOf() } } });
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(1, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue_event WHERE kind = 'attached' AND actor = 'the inspector'"));
        Assert.Equal(1, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.audit WHERE action = 'attach to issue'"));
    }

    [Fact]
    public async Task The_same_contents_again_are_kept_once()
    {
        var first = await (await PostAsync([0xFF, 0xD8, 0xFF, 1], "?name=a.jpg")).Content.ReadFromJsonAsync<JsonElement>();
        using var again = await PostAsync([0xFF, 0xD8, 0xFF, 1], "?name=b.jpg");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(first.ToString(), (await again.Content.ReadFromJsonAsync<JsonElement>()).ToString());
        var list = await _server.Client.GetFromJsonAsync<JsonElement>(_path);
        Assert.Equal(["a.jpg"], list.GetProperty("attachments").EnumerateArray().Select(a => a.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Only_so_many_and_so_large_and_of_known_kinds()
    {
        await PlantedCity.ProblemOfAsync(await PostAsync(Encoding.UTF8.GetBytes("<html><script>alert(1)</script>")), HttpStatusCode.UnsupportedMediaType);
        await PlantedCity.ProblemOfAsync(await PostAsync([]), HttpStatusCode.UnsupportedMediaType);
        var large = new byte[(1 << 20) + 1];
        new byte[] { 0xFF, 0xD8, 0xFF }.CopyTo(large, 0);
        await PlantedCity.ProblemOfAsync(await PostAsync(large), HttpStatusCode.RequestEntityTooLarge);
        for (byte i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await PostAsync([0xFF, 0xD8, 0xFF, i])).StatusCode);
        }
        await PlantedCity.ProblemOfAsync(await PostAsync([0xFF, 0xD8, 0xFF, 99]), HttpStatusCode.Conflict);
        using var none = new MultipartFormDataContent { { new StringContent("x"), "other" } };
        Assert.Equal("file", (await PlantedCity.ProblemOfAsync(await _inspector.PostAsync(_path, none), HttpStatusCode.BadRequest)).GetProperty("parameter").GetString());
        Assert.Equal(3, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.attachment"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_a_stranger_may_not_attach()
    {
        await PlantedCity.ProblemOfAsync(await _server.Client.GetAsync("/api/issues/999999/attachments"), HttpStatusCode.NotFound);
        await PlantedCity.ProblemOfAsync(await _server.Client.GetAsync(_path + "/1"), HttpStatusCode.NotFound);
        await PlantedCity.ProblemOfAsync(await _server.Client.GetAsync(_path + "/x"), HttpStatusCode.NotFound);
        await PlantedCity.ProblemOfAsync(await _server.Client.PostAsync(_path, new ByteArrayContent([0xFF, 0xD8, 0xFF])), HttpStatusCode.Unauthorized);
        using var missing = new ByteArrayContent([0xFF, 0xD8, 0xFF]);
        await PlantedCity.ProblemOfAsync(await _inspector.PostAsync("/api/issues/999999/attachments", missing), HttpStatusCode.NotFound);
    }

    private Task<HttpResponseMessage> PostAsync(byte[] content, string query = "")
    {
        var body = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        return _inspector.PostAsync(_path + query, body);
    }
}
