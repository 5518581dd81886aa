using System.Net;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Http;

public sealed class BrowserAccessTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_page_of_another_site_may_read_and_sees_tags_links_and_versions()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/tiles/issues.json", ("Origin", "https://city.example"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var exposed = string.Join(",", answer.Headers.GetValues("Access-Control-Expose-Headers"));
        Assert.All(["ETag", "Link", "X-Data-Version", "Location", "Content-Crs", "OGC-NumberMatched"], name => Assert.Contains(name, exposed, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_refusal_can_be_read_by_a_page_of_another_site_too()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/api/imports", ("Origin", "https://city.example"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task A_preflight_needs_no_key_and_allows_the_keys_header()
    {
        using var answer = await SendAsync(HttpMethod.Options, "/api/imports", ("Origin", "https://city.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,x-api-key"));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("POST", string.Join(",", answer.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Contains("X-Api-Key", string.Join(",", answer.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    /// <summary>Not a preflight: what a client asks that wants to know what it may do.</summary>
    [Theory]
    [InlineData("/api/issues", "GET, HEAD, POST, OPTIONS")]
    [InlineData("/ogc/collections", "GET, HEAD, OPTIONS")]
    [InlineData("/ogc/jobs/1", "DELETE, GET, HEAD, OPTIONS")]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer/0/query", "GET, HEAD, OPTIONS, POST")]
    [InlineData("/open311/v2/requests.xml", "GET, HEAD, OPTIONS, POST")]
    [InlineData("/wms", "GET, HEAD, OPTIONS")]
    [InlineData("/data.json", "GET, HEAD, OPTIONS")]
    [InlineData("/tiles/issues/1/1/1.mvt", "GET, HEAD, OPTIONS")]
    public async Task Options_tells_what_is_possible(string path, string methods)
    {
        using var answer = await SendAsync(HttpMethod.Options, path);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(methods.Split(", ").Order(), answer.Content.Headers.Allow.Order());
    }

    [Theory]
    [InlineData("/ogc/collections/issues/items?f=jsonfg")]
    [InlineData("/ogc/collections/issues/items")]
    [InlineData("/api/exports/issues.geojsonl")]
    [InlineData("/api/exports/issues.csv")]
    [InlineData("/asyncapi.json")]
    [InlineData("/ogc/api")]
    [InlineData("/api/search/v1")]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer/0/query?where=1=1&f=pbf")]
    public async Task Texts_and_features_come_packed(string path)
    {
        await _server.Data.PlantCityAsync();
        foreach (var coding in (string[])["gzip", "br"])
        {
            using var answer = await SendAsync(HttpMethod.Get, path, ("Accept-Encoding", coding));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal([coding], answer.Content.Headers.ContentEncoding);
        }
    }

    [Fact]
    public async Task A_page_of_another_site_may_say_the_system_of_what_it_sends_and_that_it_will_not_wait()
    {
        using var answer = await SendAsync(HttpMethod.Options, "/ogc/collections/issues/items", ("Origin", "https://city.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-crs,prefer"));
        var allowed = string.Join(",", answer.Headers.GetValues("Access-Control-Allow-Headers"));
        Assert.All(["Content-Crs", "Prefer"], name => Assert.Contains(name, allowed, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>QGIS takes no notice of Cache-Control: without this it shows a day-old heatmap, and features as they were before it changed them.</summary>
    [Theory]
    [InlineData("/ogc/collections/issues/items", true)]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer/0/query?where=1=1&f=json", true)]
    [InlineData("/tiles/heatmap/11/1665/828.png", true)]
    [InlineData("/tiles/wards/11/1665/828.mvt", true)]
    [InlineData("/wms?service=WMS&version=1.3.0&request=GetMap&layers=issues&styles=&crs=EPSG:3857&bbox=12523510,3800000,12556906,3840000&width=64&height=64&format=image/png", true)]
    [InlineData("/tiles/issues.json", true)]
    [InlineData("/health/live", false)]
    public async Task What_must_be_asked_for_anew_says_that_it_has_expired(string path, bool expires)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        Assert.Equal(expires ? DateTimeOffset.UnixEpoch : null, answer.Content.Headers.Expires);
        Assert.Equal(expires, answer.Headers.CacheControl?.NoCache == true);
        if (expires)
        {
            using var again = await SendAsync(HttpMethod.Get, path, ("If-None-Match", answer.Headers.ETag!.ToString()));
            Assert.Equal((HttpStatusCode.NotModified, (DateTimeOffset?)DateTimeOffset.UnixEpoch), (again.StatusCode, again.Content.Headers.Expires));
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        return _server.Client.SendAsync(request);
    }
}
