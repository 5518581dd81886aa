using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Store.Access;
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
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(address, problem.GetProperty("instance").GetString());
        Assert.Equal(status == 405, problem.TryGetProperty("allowed", out _));
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

    /// <summary>Of the index, what has no tag: a stream that does not end, and states of the moment.</summary>
    private static readonly string[] WithoutTag = ["/api/live", "/events", "/health/live", "/health/ready", "/arcgis/rest/services/GeoSanitation/FeatureServer/extractChanges"];

    [Fact]
    public async Task What_the_client_has_is_not_sent_again()
    {
        await _server.Data.PlantAsync([new(112.65, 32.45)]);
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        var index = await inspector.GetFromJsonAsync<JsonElement>("/api");
        var plain = index.GetProperty("resources").EnumerateArray().Where(r => !r.GetProperty("templated").GetBoolean()).Select(r => r.GetProperty("href").GetString()!);
        string[] others =
        [
            "/openapi/v1.json", "/tiles/issues.json?severity=4..5&crs=GCJ02", "/api/issues/1", "/api/issues/1/events", "/api/issues/1/transitions", "/api/issues/1/attachments", "/styles/planner.json", "/geodata/roads.geojson", "/api/exports/issues.csv",
            "/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", "/ogc/collections?f=html", "/ogc/collections/issues", "/ogc/collections/issues/schema", "/ogc/collections/issues/queryables", "/ogc/collections/issues/items",
            "/ogc/collections/issues/tiles", "/ogc/collections/issues/tiles/WebMercatorQuad", "/ogc/tileMatrixSets", "/ogc/tileMatrixSets/WebMercatorQuad", "/ogc/processes", "/ogc/processes/gi-star", "/ogc/jobs",
            "/arcgis/rest/services/GeoSanitation/FeatureServer/0?f=json", "/arcgis/rest/services/GeoSanitation/FeatureServer/0/query?where=1=1&f=json",
            "/arcgis/rest/services/GeoSanitation/OGCFeatureServer/collections", "/open311/v2/services/litter.json", "/wms?service=WMS&request=GetCapabilities",
        ];
        var (answered, without) = (0, new List<string>());
        foreach (var address in plain.Except(WithoutTag).Concat(others))
        {
            using var answer = await inspector.GetAsync(address);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                // Takes a parameter, or is somewhere else.
                Assert.DoesNotContain(address, others);
                continue;
            }
            answered++;
            if (answer.Headers.ETag is null)
            {
                without.Add(address);
                continue;
            }
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                using var again = new HttpRequestMessage(method, address) { Headers = { IfNoneMatch = { answer.Headers.ETag } } };
                using var known = await inspector.SendAsync(again);
                Assert.True(known.StatusCode == HttpStatusCode.NotModified && answer.Headers.ETag.Equals(known.Headers.ETag), $"{method} {address}: {known.StatusCode}");
                Assert.Empty(await known.Content.ReadAsByteArrayAsync());
            }
            using var head = await inspector.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));
            // A list of features has the time of its writing behind what its tag says of the data.
            Assert.Equal(ContentOf(answer), ContentOf(head));

            string ContentOf(HttpResponseMessage message) => address == "/ogc/collections/issues/items" ? message.Headers.ETag!.Tag[..23] : message.Headers.ETag!.ToString();
        }
        Assert.Empty(without);
        Assert.InRange(answered, others.Length + 20, int.MaxValue);
    }

    /// <summary>The description is built once; what differs is where its caller sees the server.</summary>
    [Theory]
    [InlineData("/openapi/v1.json", "")]
    [InlineData("/ogc/api", "/ogc")]
    [InlineData("/arcgis/rest/services/GeoSanitation/OGCFeatureServer/api", "/arcgis/rest/services/GeoSanitation/OGCFeatureServer")]
    public async Task A_description_names_the_server_as_its_caller_sees_it(string address, string face)
    {
        foreach (var (host, seen) in ((string?, string)[])[("city.example", $"https://city.example/maps{face}"), (null, $"{_server.Address}".TrimEnd('/') + face)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (host is not null)
            {
                request.Headers.Add("X-Forwarded-Host", host);
                request.Headers.Add("X-Forwarded-Proto", "https");
                request.Headers.Add("X-Forwarded-Prefix", "/maps");
            }
            using var answer = await _server.Client.SendAsync(request);
            var description = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(seen, description.GetProperty("servers").EnumerateArray().Single().GetProperty("url").GetString());
            Assert.DoesNotContain("address.invalid", description.GetRawText());
        }
    }

    [Theory]
    [InlineData("for=192.0.2.60;proto=https;host=city.example", "https://city.example/ogc")]
    [InlineData("host=\"city.example:8443\"; Proto=https, for=198.51.100.17;host=inner", "https://city.example:8443/ogc")]
    [InlineData("for=192.0.2.60", null)]
    [InlineData("proto=gopher;host", null)]
    public async Task A_proxy_may_say_it_by_the_standard_header_too(string forwarded, string? seen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc") { Headers = { { "Forwarded", forwarded } } };
        using var answer = await _server.Client.SendAsync(request);
        var self = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("links").EnumerateArray().First(l => l.GetProperty("rel").GetString() == "self");
        Assert.Equal(seen ?? $"{_server.Address}".TrimEnd('/') + "/ogc", self.GetProperty("href").GetString());
    }

    [Theory]
    [InlineData("<script>")]
    [InlineData("city.example/evil?a#b")]
    [InlineData("somebody@city.example")]
    [InlineData("city example")]
    [InlineData("city.example:99999999")]
    [InlineData("[::")]
    [InlineData(":80")]
    public async Task What_is_no_host_is_passed_over(string host)
    {
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/asyncapi.json") { Headers = { { "X-Forwarded-Host", host } } };
        using var answer = await _server.Client.SendAsync(asked);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ogc") { Headers = { { "X-Forwarded-Host", host } } };
        using var landing = await _server.Client.SendAsync(request);
        Assert.All((await landing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("links").EnumerateArray(), l => Assert.StartsWith($"{_server.Address}", l.GetProperty("href").GetString()));
    }

    [Theory]
    [InlineData("GET /ogc HTTP/1.0\r\n\r\n")]
    [InlineData("GET /ogc HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    public async Task A_request_without_a_host_is_answered_by_the_address_that_was_called(string request)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200", answer);
        Assert.Contains($"\"http://127.0.0.1:{_server.Address.Port}/ogc/conformance\"", answer);
    }

    [Fact]
    public async Task What_a_key_opens_is_for_its_owner_only()
    {
        using var inspector = await _server.ClientAsync(Roles.Inspector);
        using var answer = await inspector.GetAsync("/api/imports");
        Assert.Equal("no-cache, private", answer.Headers.CacheControl!.ToString());
        Assert.Contains("Authorization", answer.Headers.Vary);
    }
}
