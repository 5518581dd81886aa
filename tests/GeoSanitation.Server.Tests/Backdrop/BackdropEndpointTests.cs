using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Backdrop;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Backdrop;

public sealed class BackdropEndpointTests
{
    [Fact]
    public async Task All_layers_in_one_say_what_is_of_which_and_are_not_sent_twice()
    {
        await using var server = await TestServer.StartAsync();
        var expected = new List<string>();
        foreach (var layer in BackdropEndpoint.Layers)
        {
            var features = (await server.Client.GetFromJsonAsync<JsonElement>($"/geodata/{layer}.geojson")).GetProperty("features");
            expected.AddRange(features.EnumerateArray().Select(f => $"{layer} {f.GetProperty("properties").GetProperty("name")} {f.GetProperty("geometry")}".Replace(" ", "", StringComparison.Ordinal)));
        }

        using var response = await server.Client.GetAsync("/geodata/backdrop.geojson");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/geodata/backdrop.geojson") { Headers = { IfNoneMatch = { response.Headers.ETag! } } };

        var all = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("features");
        Assert.Equal(expected, all.EnumerateArray().Select(f => $"{f.GetProperty("properties").GetProperty("layer")} {f.GetProperty("properties").GetProperty("name")} {f.GetProperty("geometry")}".Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Every_layer_is_GeoJSON_whether_the_program_comes_with_it_or_not_and_nothing_else_is_served()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var layer in BackdropEndpoint.Layers)
        {
            using var response = await server.Client.GetAsync($"/geodata/{layer}.geojson");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/geo+json", response.Content.Headers.ContentType!.MediaType);
            var features = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("features").GetArrayLength();
            Assert.Equal(File.Exists(Path.Combine(AppContext.BaseDirectory, "geodata", layer + ".geojson")), features > 0);
        }
        foreach (var path in (string[])["/geodata/wards.geojson", "/geodata/..%2Fgeosan.dll.geojson", "/geodata/", "/geodata/roads"])
        {
            using var response = await server.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }
}
