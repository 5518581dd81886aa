using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Parameters;

public sealed class ParameterMiddlewareTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/tiles/issues/3/6/3.mvt?catgory=sewage", "catgory", "left out: this address takes only bbox, datetime, ward, category, status")]
    [InlineData("/tiles/issues/3/6/3.mvt?BBOX=1,2,3,4", "BBOX", "left out: this address takes only bbox")]
    [InlineData("/tiles/wards/3/6/3.mvt?radius_meters=3", "radius_meters", "left out: this address takes only bbox")]
    [InlineData("/tiles/issues/3/6/3.mvt?z=4", "z", "left out")]
    [InlineData("/health/live?deep=true", "deep", "left out: this address takes no parameters")]
    public async Task A_parameter_that_means_nothing_here_is_refused(string path, string parameter, string allowed)
    {
        var problem = await RefusalAsync(path);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        Assert.StartsWith(allowed, problem.GetProperty("allowed").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q=%")]
    [InlineData("q=%4")]
    [InlineData("q=%zz")]
    [InlineData("q=%ff")]
    [InlineData("q=%C3%28")]
    [InlineData("q=%ED%A0%80")]
    [InlineData("q=a%00b")]
    public async Task A_query_that_is_no_text_is_refused_by_name(string query)
        => Assert.Equal("q", (await RefusalAsync("/tiles/issues/3/6/3.mvt?severity=3&" + query)).GetProperty("parameter").GetString());

    [Fact]
    public async Task Chinese_text_is_text()
    {
        using var answer = await _server.Client.GetAsync("/tiles/issues/3/6/3.mvt?q=垃圾&department=%E5%9E%83");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>The document and the refusals know only what a route says it takes.</summary>
    [Fact]
    public void Every_placeholder_of_every_route_is_described()
    {
        var missing =
            from endpoint in _server.Endpoints
            from placeholder in endpoint.RoutePattern.Parameters
            where ParameterRules.Of(endpoint.Metadata).All(p => p.Name != placeholder.Name)
            select $"{endpoint.RoutePattern.RawText} {{{placeholder.Name}}}";
        Assert.Empty(missing);
    }

    private async Task<JsonElement> RefusalAsync(string path)
    {
        // Sent as it is written: a Uri would mend the percent signs.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.Address + path[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var answer = await _server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
