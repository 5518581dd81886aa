using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Documents;

public sealed class DocumentEndpointsTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_index_leads_to_what_exists()
    {
        var index = await _server.Client.GetFromJsonAsync<JsonElement>("/api");

        var plain = index.GetProperty("links").EnumerateArray().Concat(index.GetProperty("resources").EnumerateArray().Where(r => !r.GetProperty("templated").GetBoolean())).ToList();
        Assert.Contains(plain, link => link.GetProperty("href").GetString() == "/api/wards");
        Assert.Contains(plain, link => link.GetProperty("href").GetString() == "/api/live");
        foreach (var link in plain)
        {
            // One of them never ends.
            using var answer = await _server.Client.GetAsync(link.GetProperty("href").GetString(), HttpCompletionOption.ResponseHeadersRead);
            // A key, a parameter or a slash may be missing; the address is there.
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest or HttpStatusCode.Found, $"{link}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task The_page_for_people_loads_nothing_from_elsewhere()
    {
        var page = await _server.Client.GetStringAsync("/docs/");

        Assert.Contains("scalar.js", page);
        Assert.DoesNotMatch(new Regex("(src|href)=\"(https?:)?//", RegexOptions.IgnoreCase), page);
        Assert.Contains("\"telemetry\":false", page.Replace(" ", ""));
        Assert.Contains("\"withDefaultFonts\":false", page.Replace(" ", ""));
        using var script = await _server.Client.GetAsync("/docs/scalar.js");
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
    }

    [Fact]
    public async Task The_documents_are_open_where_reading_takes_a_key()
    {
        await using var closed = await TestServer.StartAsync(new Settings { Access = new AccessSettings { OpenReads = false } });

        foreach (var address in (string[])["/api", "/openapi/v1.json", "/docs/"])
        {
            using var answer = await closed.Client.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        using var wards = await closed.Client.GetAsync("/api/wards");
        Assert.Equal(HttpStatusCode.Unauthorized, wards.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/api/nothing/at/all", 404)]
    [InlineData("GET", "/openapi/v9.json", 404)]
    [InlineData("POST", "/api/wards", 405)]
    [InlineData("BREW", "/api/categories", 405)]
    [InlineData("DELETE", "/tiles/wards.json", 405)]
    public async Task What_is_not_there_or_not_possible_is_a_problem(string method, string address, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        using var answer = await _server.Client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        if (!address.StartsWith("/openapi", StringComparison.Ordinal))
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal(status, problem.GetProperty("status").GetInt32());
            Assert.Equal(address, problem.GetProperty("instance").GetString());
            Assert.Equal(status == 405, problem.TryGetProperty("allowed", out _));
        }
    }

    [Fact]
    public async Task Whatever_answers_GET_answers_HEAD_with_the_same_headers_and_no_body()
    {
        foreach (var address in (string[])["/api", "/api/wards", "/api/categories", "/api/rounds", "/health/live", "/tiles/wards.json", "/openapi/v1.json", "/api/hotspots/density"])
        {
            using var get = await _server.Client.GetAsync(address);
            using var head = await _server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));
            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Equal(get.Headers.ETag is null, head.Headers.ETag is null);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }
}
