using System.Text.Json.Nodes;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace GeoSanitation.Server.Tests.Esri;

/// <summary>What the service says of itself, and how it refuses.</summary>
public sealed class EsriDocumentsTests(EsriCounty county) : IClassFixture<EsriCounty>
{
    [Theory]
    [InlineData("/arcgis/rest/info", "authInfo")]
    [InlineData("/arcgis/rest/services", "services")]
    [InlineData("/arcgis/rest/services/GeoSanitation", "services")]
    [InlineData(EsriCounty.Service, "layers")]
    [InlineData(EsriCounty.Service + "/layers", "layers")]
    [InlineData(EsriCounty.Service + "/0", "fields")]
    public async Task A_document_is_JSON_in_both_methods_and_a_page_for_browsers(string path, string member)
    {
        var text = await county.Server.Client.GetStringAsync(path + "?f=json");
        Assert.NotNull(JsonNode.Parse(text)![member]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse(await county.Server.Client.GetStringAsync(path + "?f=pjson"))));
        using var posted = await county.Server.Client.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string> { ["f"] = "json" }));
        Assert.Equal(text, await posted.Content.ReadAsStringAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html,*/*" } } };
        using var page = await county.Server.Client.SendAsync(request);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("&quot;" + member + "&quot;", await page.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_service_has_three_layers_and_says_what_is_open_to_the_caller()
    {
        var service = await county.GetAsync("?f=json");
        Assert.Equal([0, 1, 2], service["layers"]!.AsArray().Select(l => (int)l!["id"]!));
        Assert.Equal("Query,ChangeTracking", (string?)service["capabilities"]);
        Assert.Equal(2000, (int)service["maxRecordCount"]!);
        Assert.Equal(4326, (int)service["spatialReference"]!["wkid"]!);
        Assert.Equal(await county.Server.Data.ScalarAsync<double>("SELECT ST_XMin(ST_Extent(geom)) FROM (SELECT geom FROM geosan.issue UNION ALL SELECT geom FROM geosan.ward WHERE valid_to IS NULL) AS g"), (double)service["fullExtent"]!["xmin"]!, 1e-8);
        using var inspector = await county.Server.ClientAsync(Roles.Inspector);
        using var administrator = await county.Server.ClientAsync(Roles.Administrator);
        Assert.Equal("Query,Create,Update,Editing,ChangeTracking", (string?)(await county.GetAsync("/0?f=json", inspector))["capabilities"]);
        Assert.Equal("Query,Create,Update,Delete,Editing,ChangeTracking", (string?)(await county.GetAsync("/0?f=json", administrator))["capabilities"]);
        Assert.Equal("Query", (string?)(await county.GetAsync("/1?f=json", administrator))["capabilities"]);
    }

    [Fact]
    public async Task A_layer_describes_its_fields_look_time_and_abilities()
    {
        var issues = await county.GetAsync("/0?f=json");
        Assert.Equal("esriGeometryPoint", (string?)issues["geometryType"]);
        Assert.Equal("OBJECTID", (string?)issues["objectIdField"]);
        Assert.Equal("title", (string?)issues["displayField"]);
        var types = issues["fields"]!.AsArray().ToDictionary(f => (string)f!["name"]!, f => (string?)f!["type"]);
        Assert.Equal("esriFieldTypeOID", types["OBJECTID"]);
        Assert.Equal("esriFieldTypeInteger", types["severity"]);
        Assert.Equal("esriFieldTypeSmallInteger", types["overdue"]);
        Assert.Equal("esriFieldTypeDate", types["reported_at"]);
        Assert.Equal("esriFieldTypeString", types["ward_path"]);
        Assert.DoesNotContain("reporter_name", types.Keys);
        Assert.All(issues["fields"]!.AsArray().Where(f => (string?)f!["type"] == "esriFieldTypeString"), f => Assert.True((int)f!["length"]! > 0));
        Assert.Equal(6, issues["fields"]!.AsArray().Single(f => (string?)f!["name"] == "status")!["domain"]!["codedValues"]!.AsArray().Count);
        var renderer = issues["drawingInfo"]!["renderer"]!;
        Assert.Equal(("uniqueValue", "status"), ((string?)renderer["type"], (string?)renderer["field1"]));
        Assert.Equal([0, 0x72, 0xb2, 255], renderer["uniqueValueInfos"]![0]!["symbol"]!["color"]!.AsArray().Select(c => (int)c!));
        var first = await county.Server.Data.ScalarAsync<DateTime>("SELECT min(reported_at) FROM geosan.issue");
        Assert.Equal((long)(first - DateTime.UnixEpoch).TotalMilliseconds, (long)issues["timeInfo"]!["timeExtent"]![0]!);
        Assert.True((bool)issues["advancedQueryCapabilities"]!["supportsPagination"]!);
        Assert.True((bool)issues["supportsCoordinatesQuantization"]!);
        Assert.True((bool)issues["supportsRollbackOnFailureParameter"]!);
        Assert.True((bool)issues["advancedQueryCapabilities"]!["supportsMaxRecordCountFactor"]!);
        var wards = await county.GetAsync("/1?f=json");
        Assert.Equal(("esriGeometryPolygon", "simple"), ((string?)wards["geometryType"], (string?)wards["drawingInfo"]!["renderer"]!["type"]));
        Assert.Null(wards["timeInfo"]);
    }

    [Fact]
    public async Task Every_answer_to_an_example_of_a_parameter_is_no_refusal()
    {
        string[] companions = ["near=112.68,32.43", "radius=500", "geometry=112.6,32.4,112.7,32.5", "severity=3"];
        var query = county.Server.Endpoints.Single(e => e.RoutePattern.RawText!.EndsWith("{layer}/query", StringComparison.Ordinal) && e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET"));
        foreach (var parameter in ParameterRules.Of(query.Metadata).Where(p => p.Name is not ("layer" or "token")))
        {
            var example = parameter.Example is JsonArray several ? string.Join(',', several.Select(v => v!.ToString())) : parameter.Example.ToString();
            var others = string.Join('&', companions.Where(c => !c.StartsWith(parameter.Name + "=", StringComparison.Ordinal)));
            using var answer = await county.Server.Client.GetAsync($"{EsriCounty.Service}/0/query?{others}&{parameter.Name}={Uri.EscapeDataString(example)}{(parameter.Name == "having" ? "&outStatistics=" + Uri.EscapeDataString("""[{"statisticType":"count","onStatisticField":"OBJECTID"}]""") : "")}");
            var body = await answer.Content.ReadAsStringAsync();
            Assert.False(body.Contains("\"error\"", StringComparison.Ordinal), $"{parameter.Name}={example}: {body}");
        }
    }

    [Fact]
    public async Task Refusals_are_status_200_with_a_code_in_the_body()
    {
        var missing = await county.GetAsync("/9?f=json");
        Assert.Equal(404, (int)missing["error"]!["code"]!);
        Assert.Equal("there is no layer 9", (string?)missing["error"]!["message"]);
        Assert.Equal(498, (int)(await county.GetAsync("/0?f=json&token=gs_nonsense"))["error"]!["code"]!);
        Assert.Equal(400, (int)(await county.GetAsync("/0/query?f=json&where=%zz"))["error"]!["code"]!);
        Assert.All(county.Server.Endpoints.Where(e => e.RoutePattern.RawText!.StartsWith(EsriCounty.Service, StringComparison.Ordinal)), e => Assert.NotNull(e.Metadata.GetMetadata<ErrorForm>()));
    }

    [Theory]
    [InlineData("/arcgis/rest/services/GeoSanitation/MapServer?f=json")]
    [InlineData("/arcgis/rest/services/Streets/FeatureServer/0/query?where=1=1&f=json")]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer/0/query/1/2?f=json")]
    [InlineData("/arcgis/rest?f=json")]
    public async Task What_is_not_there_is_refused_in_the_same_form(string path)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await county.Server.Client.SendAsync(request);
            Assert.Equal((200, 404), ((int)answer.StatusCode, (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!["code"]!));
        }
    }

    [Theory]
    [InlineData("/arcgis/rest/services/GeoSanitation/OGCFeatureServer/collections/none")]
    [InlineData("/arcgis/rest/services/GeoSanitation/VectorTileServer/tile/1/2.pbf")]
    public async Task What_is_not_there_among_tiles_and_documents_of_others_is_refused_by_the_status(string path)
    {
        using var answer = await county.Server.Client.GetAsync(path);
        Assert.Equal((404, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Where_reading_is_closed_a_token_opens_it()
    {
        await using var server = await TestServer.StartAsync(new Settings { Access = new AccessSettings { OpenReads = false } });
        var refused = JsonNode.Parse(await server.Client.GetStringAsync(EsriCounty.Service + "?f=json"))!;
        Assert.Equal(499, (int)refused["error"]!["code"]!);
        var key = await new KeyStore(server.Data.Database).AddAsync("portal", Roles.Reader, default);

        // Where a client signs in stands in what is open to all, and is below the address that the client knows.
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/arcgis/rest/info?f=json") { Headers = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-Host", "maps.example.org" }, { "X-Forwarded-Prefix", "/city" } } };
        using var told = await server.Client.SendAsync(asked);
        var info = JsonNode.Parse(await told.Content.ReadAsStringAsync())!["authInfo"]!;
        Assert.Equal((true, "https://maps.example.org/city/arcgis/tokens/generateToken"), ((bool)info["isTokenBasedSecurity"]!, (string?)info["tokenServicesUrl"]));
        var token = await SignInAsync(key);
        Assert.Equal((key, false), ((string?)token["token"], (bool)token["ssl"]!));
        Assert.True((long)token["expires"]! > DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds());
        Assert.Equal(498, (int)(await SignInAsync("gs_nobody"))["error"]!["code"]!);
        Assert.Equal(499, (int)(await SignInAsync(""))["error"]!["code"]!);

        async Task<JsonNode> SignInAsync(string password)
        {
            using var answer = await server.Client.PostAsync("/arcgis/tokens/generateToken", new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["f"] = "json",
                ["username"] = "portal",
                ["password"] = password,
                ["expiration"] = "60",
                ["client"] = "referer",
                ["referer"] = "https://portal.example.org",
            }));
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        }

        Assert.NotNull(JsonNode.Parse(await server.Client.GetStringAsync($"{EsriCounty.Service}?f=json&token={key}"))!["layers"]);
        using var posted = await server.Client.PostAsync(EsriCounty.Service + "/0/query", new FormUrlEncodedContent(new Dictionary<string, string> { ["f"] = "json", ["token"] = key, ["returnCountOnly"] = "true" }));
        Assert.Equal(0, (int)JsonNode.Parse(await posted.Content.ReadAsStringAsync())!["count"]!);
        // Nothing is there yet, and nothing breaks.
        foreach (var path in (string[])["/layers", "/0", "/1", "/2", "/0/query", "/2/query", "/2/query?returnExtentOnly=true&", "/1/query?returnIdsOnly=true&"])
        {
            var empty = JsonNode.Parse(await server.Client.GetStringAsync($"{EsriCounty.Service}{path}{(path.Contains('?') ? "" : "?")}&f=json&token={key}"))!;
            Assert.True(empty["error"] is null, $"{path}: {empty.ToJsonString()}");
        }
    }

    [Fact]
    public async Task Broken_requests_are_refused_in_the_same_words()
    {
        (string, string)[] bodies = [("multipart/form-data; boundary=x", "--x\r\nno header\r\n\r\n1\r\n--x--\r\n"), ("multipart/form-data", "no boundary"), ("application/x-www-form-urlencoded", "where=" + new string('(', 29_000)),
            ("application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 2_000).Select(i => $"a{i}=1"))), ("application/x-www-form-urlencoded", "where=a%00b=1&f=json")];
        foreach (var (type, body) in bodies)
        {
            using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await county.Server.Client.PostAsync(EsriCounty.Service + "/0/query", content);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == 200 && (int?)JsonNode.Parse(text)!["error"]?["code"] is >= 400 and < 500, $"{type} {body[..Math.Min(60, body.Length)]}: {answer.StatusCode} {text[..Math.Min(300, text.Length)]}");
        }
    }
}
