using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Store.Access;
using Xunit;

namespace GeoSanitation.Clients.Qgis;

/// <summary>
/// Editing as QGIS 3.32 and later ask for it, request by request, by what its provider of OGC API Features says in its source (src/providers/wfs/oapif, March 2023): who may do what, and what
/// <see cref="EditTests"/> does not bring about: a layer of another CRS, whole features by PUT.
/// </summary>
public sealed class EditRequestTests(SampleCounty county) : IClassFixture<SampleCounty>
{
    private const string Items = "/ogc/collections/issues/items";

    [Fact]
    public async Task A_layer_can_be_edited_by_whom_the_methods_allow_and_by_nobody_else()
    {
        using var inspector = await county.Server.ClientAsync(Roles.Inspector);
        using var administrator = await county.Server.ClientAsync(Roles.Administrator);
        var first = JsonNode.Parse(await inspector.GetStringAsync(Items + "?limit=10"))!["features"]![0]!["id"]!;
        // POST on the list: features can be added. PUT, PATCH and DELETE on one: changed and deleted.
        Assert.DoesNotContain("POST", await AllowedAsync(county.Server.Client, Items));
        Assert.Contains("POST", await AllowedAsync(inspector, Items));
        Assert.Superset(new HashSet<string> { "PUT", "PATCH" }, (await AllowedAsync(inspector, $"{Items}/{first}")).ToHashSet());
        Assert.DoesNotContain("DELETE", await AllowedAsync(inspector, $"{Items}/{first}"));
        Assert.Contains("DELETE", await AllowedAsync(administrator, $"{Items}/{first}"));
    }

    [Fact]
    public async Task A_feature_is_added_changed_moved_and_deleted()
    {
        using var administrator = await county.Server.ClientAsync(Roles.Administrator);
        // Every field of the layer, null where the form was left empty; no id, no box.
        var sample = JsonNode.Parse(await administrator.GetStringAsync(Items + "?limit=10"))!["features"]![0]!;
        var properties = new JsonObject(sample["properties"]!.AsObject().Select(p => KeyValuePair.Create(p.Key, (JsonNode?)null)))
        {
            ["category"] = "exposed_rubbish",
            ["source"] = "patrol",
            ["title"] = "从 QGIS 新增",
        };
        var feature = new JsonObject { ["type"] = "Feature", ["geometry"] = Point(112.6885, 32.4172), ["properties"] = properties };

        using var added = await SendAsync(administrator, HttpMethod.Post, Items, "application/geo+json", feature, "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
        Assert.True(added.StatusCode == HttpStatusCode.Created, await added.Content.ReadAsStringAsync());
        var location = $"{added.Headers.Location}";
        var id = location[(location.LastIndexOf("/items/", StringComparison.Ordinal) + "/items/".Length)..];
        Assert.Equal("从 QGIS 新增 112.6885 32.4172", await SaidAsync(id));

        using var changed = await SendAsync(administrator, HttpMethod.Patch, $"{Items}/{id}", "application/merge-patch+json", new JsonObject { ["properties"] = new JsonObject { ["title"] = "改过", ["severity"] = 5 } }, null);
        Assert.True(changed.StatusCode == HttpStatusCode.NoContent, await changed.Content.ReadAsStringAsync());
        Assert.Equal("改过 112.6885 32.4172", await SaidAsync(id));

        // In a layer of EPSG:4490 coordinates are sent north first.
        using var moved = await SendAsync(administrator, HttpMethod.Patch, $"{Items}/{id}", "application/merge-patch+json", new JsonObject { ["geometry"] = Point(32.4182, 112.6895) }, "http://www.opengis.net/def/crs/EPSG/0/4490");
        Assert.True(moved.StatusCode == HttpStatusCode.NoContent, await moved.Content.ReadAsStringAsync());
        Assert.Equal("改过 112.6895 32.4182", await SaidAsync(id));

        // Without PATCH, the whole feature as it was read, with what was changed in it.
        var whole = JsonNode.Parse(await administrator.GetStringAsync($"{Items}/{id}"))!.AsObject();
        whole["properties"]!["description"] = "两次";
        using var replaced = await SendAsync(administrator, HttpMethod.Put, $"{Items}/{id}", "application/geo+json", whole, null);
        Assert.True(replaced.StatusCode == HttpStatusCode.NoContent, await replaced.Content.ReadAsStringAsync());
        Assert.Equal("两次", await county.Server.Data.ScalarAsync<string>($"SELECT description FROM geosan.issue WHERE id = {id}"));

        using var deleted = await administrator.DeleteAsync($"{Items}/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(0, await county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue WHERE id = {id}"));
    }

    private static JsonObject Point(double first, double second) => new() { ["type"] = "Point", ["coordinates"] = new JsonArray(first, second) };

    private Task<string> SaidAsync(string id) => county.Server.Data.ScalarAsync<string>($"SELECT concat_ws(' ', title, round(ST_X(geom)::numeric, 7)::float8, round(ST_Y(geom)::numeric, 7)::float8) FROM geosan.issue WHERE id = {id}");

    private static async Task<string[]> AllowedAsync(HttpClient client, string path)
    {
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Options, path));
        return [.. answer.Content.Headers.Allow];
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string mediaType, JsonObject body, string? crs)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        if (crs is not null)
        {
            request.Headers.Add("Content-Crs", crs);
        }
        return await client.SendAsync(request);
    }
}
