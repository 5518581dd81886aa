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
