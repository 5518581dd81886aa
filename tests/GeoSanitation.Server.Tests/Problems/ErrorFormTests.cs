using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Problems;

/// <summary>What the router refuses before any endpoint is reached comes in the form of the face that the address belongs to.</summary>
public sealed class ErrorFormTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("GET", "/open311/v2/nothing.xml", 404, "nothing at this address")]
    [InlineData("GET", "/open311/v2/requests", 404, "nothing at this address")]
    [InlineData("PUT", "/open311/v2/requests.xml", 400, "PUT is not possible here; GET, HEAD, POST is")]
    public async Task Open311_refuses_in_XML(string method, string path, int status, string words)
    {
        using var answer = await SendAsync(method, path);
        Assert.Equal((status, "text/xml; charset=utf-8"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        var error = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Element("errors")!.Element("error")!;
        Assert.Equal($"{status}", error.Element("code")!.Value);
        Assert.Contains(words, error.Element("description")!.Value);
    }

    [Theory]
    [InlineData("GET", "/open311/v2/nothing.json", 404)]
    [InlineData("DELETE", "/open311/v2/services.json", 400)]
    public async Task Open311_refuses_in_JSON_where_that_is_asked_for(string method, string path, int status)
    {
        using var answer = await SendAsync(method, path);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status, (await answer.Content.ReadFromJsonAsync<JsonElement>())[0].GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("GET", "/wms/nothing", 404)]
    [InlineData("PUT", "/wms?service=WMS&request=GetCapabilities", 405)]
    public async Task WMS_refuses_by_a_service_exception(string method, string path, int status)
    {
        using var answer = await SendAsync(method, path);
        Assert.Equal((status, "text/xml"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal("ServiceExceptionReport", XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Name.LocalName);
    }

    [Theory]
    [InlineData("GET", "/arcgis/rest/nothing", 404)]
    [InlineData("DELETE", "/arcgis/rest/services/GeoSanitation/FeatureServer/0/query", 405)]
    public async Task Esri_refuses_by_an_error_in_a_good_answer(string method, string path, int code)
    {
        using var answer = await SendAsync(method, path);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("GET", "/ogc/nothing", 404)]
    [InlineData("GET", "/ogc/collections/nothing/items", 404)]
    [InlineData("DELETE", "/ogc/collections", 405)]
    [InlineData("GET", "/arcgis/rest/services/GeoSanitation/OGCFeatureServer/nothing", 404)]
    [InlineData("GET", "/api/search/v1/nothing", 404)]
    public async Task OGC_API_refuses_by_a_problem_with_the_members_of_version_1(string method, string path, int status)
    {
        using var answer = await SendAsync(method, path);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(problem.GetProperty("detail").GetString(), problem.GetProperty("description").GetString());
        Assert.NotEqual("", problem.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/wmsx", 404)]
    [InlineData("GET", "/arcgis/rest/services/GeoSanitation/VectorTileServer/tile/nothing", 404)]
    [InlineData("PUT", "/data.json", 405)]
    public async Task Everything_else_refuses_by_the_status_and_a_plain_problem(string method, string path, int status)
    {
        using var answer = await SendAsync(method, path);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.False((await answer.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("description", out _));
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        return await _server.Client.SendAsync(request);
    }
}
