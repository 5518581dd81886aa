using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace GeoSanitation.Server.Documents;

public sealed class OpenApiDocumentTests : IAsyncLifetime
{
    /// <summary>What a parameter makes sense with only.</summary>
    private static readonly (string Name, string Other)[] Companions =
    [
        ("near", "radius=500"),
        ("radius", "near=112.68,32.43"),
        ("level", "cell=ward"),
        ("eps_days", "method=st-dbscan"),
        ("k", "neighbors=knn"),
        ("seed", "permutations=99"),
        ("min_cluster_size", "method=hdbscan"),
        ("selection", "method=hdbscan"),
        ("step", "model=space-time-permutation"),
        ("max_days", "model=space-time-permutation"),
        ("prospective", "model=space-time-permutation"),
        ("lon", "lat=32.43"),
        ("lat", "lon=112.68"),
        ("lat", "long=112.68"),
        ("long", "lat=32.43"),
        ("radius", "lat=32.43&long=112.68"),
    ];

    private TestServer _server = null!;
    private JsonElement _document;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Data.PlantWardAsync("990121001", "community", PlantedIssues.Box(112.6, 32.4, 112.7, 32.5));
        await _server.Data.PlantAsync(Enumerable.Range(0, 60).Select(i => new PlantedIssue(112.65 + i % 7 * 0.0003, 32.45 + i % 5 * 0.0003, Ward: "990121001")));
        await _server.Data.ExecuteAsync("INSERT INTO geosan.round (code, name, kind, starts_at, ends_at) VALUES ('2025-covert-1', '暗访', 'covert', '2025-03-10', '2025-03-22')");
        _document = await _server.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void It_is_OpenAPI_3_1_and_says_what_it_is_of()
    {
        Assert.StartsWith("3.1.", _document.GetProperty("openapi").GetString());
        Assert.Equal("GeoSanitation", _document.GetProperty("info").GetProperty("title").GetString());
        Assert.Equal(["bearer", "key_header"], _document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(s => s.Name));
    }

    [Fact]
    public void Every_method_of_every_route_is_in_it()
    {
        var documented = Operations().Select(o => $"{o.Method} {o.Path}").ToHashSet();
        var routes =
            from endpoint in _server.Endpoints
            where endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not null && endpoint.Metadata.GetMetadata<IEndpointGroupNameMetadata>() is null
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
            where method != "HEAD"
            let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
            where !path.StartsWith("/openapi", StringComparison.Ordinal) && !path.StartsWith("/docs", StringComparison.Ordinal)
            select $"{method} {path}";
        Assert.InRange(routes.Count(), 20, int.MaxValue);
        Assert.Empty(routes.Except(documented));
    }

    /// <summary>A route without a name would be neither in the document nor in the index.</summary>
    [Fact]
    public void Only_the_pages_of_the_document_itself_and_faces_with_a_description_of_their_own_have_no_name()
        => Assert.All(_server.Endpoints.Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>() is null), e => Assert.Matches(@"^/?(docs|openapi|ogc/|arcgis/rest/services/GeoSanitation/OGCFeatureServer|arcgis/rest/\{\*\*path\}$)", e.RoutePattern.RawText));

    /// <summary>Their address says it all.</summary>
    private static readonly string[] ActsWithoutBody = ["/publish", "/unpublish", "/cancel", "/resume"];

    [Fact]
    public void Every_operation_is_described_with_its_parameters_answers_and_refusals()
    {
        var ids = new HashSet<string>();
        foreach (var (path, method, operation) in Operations())
        {
            var name = $"{method} {path}";
            Assert.True(ids.Add(operation.GetProperty("operationId").GetString()!), name);
            Assert.True(operation.GetProperty("summary").GetString()!.Length > 10, name);
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
            var inPath = new HashSet<string>();
            foreach (var parameter in Parameters(operation))
            {
                var which = $"{name} {parameter.GetProperty("name")}";
                Assert.True(parameter.GetProperty("description").GetString()!.Length > 5, which);
                Assert.True(parameter.GetProperty("schema").EnumerateObject().Any(), which);
                Assert.True(parameter.TryGetProperty("example", out _), which);
                if (parameter.GetProperty("in").GetString() == "path")
                {
                    inPath.Add(parameter.GetProperty("name").GetString()!);
                }
            }
            Assert.True(path.Split('{').Skip(1).Select(part => part.Split('}')[0]).ToHashSet().SetEquals(inPath), name);
            var answers = operation.GetProperty("responses").EnumerateObject().ToList();
            Assert.Contains(answers, a => a.Name[0] == '2');
            Assert.All(answers.Where(a => a.Name == "200"), a => Assert.True(a.Value.TryGetProperty("content", out var content) && content.EnumerateObject().Any(), $"{name} does not say in which form it answers"));
            foreach (var answer in answers.Where(a => a.Value.TryGetProperty("content", out _)))
            {
                Assert.All(answer.Value.GetProperty("content").EnumerateObject().Where(c => c.Name.EndsWith("json", StringComparison.Ordinal)), c => Assert.True(c.Value.TryGetProperty("schema", out _), $"{name} {answer.Name}"));
            }
            if (Parameters(operation).Any(p => p.GetProperty("in").GetString() == "query"))
            {
                Assert.True(answers.Any(a => a.Name == "400"), name);
            }
            var onlyReads = _server.Endpoints.Any(e => "/" + e.RoutePattern.RawText!.Trim('/') == path && e.Metadata.GetMetadata<OnlyReads>() is not null);
            Assert.True(method == "GET" || onlyReads || (operation.TryGetProperty("security", out var keys) && keys.GetArrayLength() == 2), name);
            Assert.True(method is "GET" or "DELETE" || ActsWithoutBody.Any(path.EndsWith) || operation.TryGetProperty("requestBody", out _), name);
        }
    }

    [Fact]
    public async Task Every_example_of_a_parameter_is_taken()
    {
        foreach (var (path, method, operation) in Operations().Where(o => o.Method == "GET"))
        {
            var address = path;
            foreach (var parameter in Parameters(operation).Where(p => p.GetProperty("in").GetString() == "path"))
            {
                address = address.Replace($"{{{parameter.GetProperty("name").GetString()}}}", parameter.GetProperty("example").ToString());
            }
            foreach (var parameter in Parameters(operation).Where(p => p.GetProperty("in").GetString() == "query" && p.GetProperty("name").GetString() != "cursor"))
            {
                var name = parameter.GetProperty("name").GetString()!;
                var example = parameter.GetProperty("example");
                var text = example.ValueKind == JsonValueKind.Array ? string.Join(',', example.EnumerateArray()) : example.ValueKind is JsonValueKind.True or JsonValueKind.False ? example.GetRawText() : example.ToString();
                var required = string.Concat(Parameters(operation).Where(p => p.TryGetProperty("required", out var r) && r.GetBoolean() && p.GetProperty("in").GetString() == "query" && p.GetProperty("name").GetString() != name)
                    .Select(p => $"&{p.GetProperty("name")}={p.GetProperty("example")}"));
                var companion = required == "" && Companions.FirstOrDefault(c => c.Name == name && Parameters(operation).Any(p => p.GetProperty("name").GetString() == c.Other.Split('=')[0])) is { Other: { } other } ? "&" + other : "";
                // The usual 999 of a scan say no more of its parameters.
                var fewer = name != "replications" && Parameters(operation).Any(p => p.GetProperty("name").GetString() == "replications") ? "&replications=9" : "";
                // One of them never ends.
                using var answer = await _server.Client.GetAsync($"{address}?{name}={Uri.EscapeDataString(text)}{required}{companion}{fewer}", HttpCompletionOption.ResponseHeadersRead);
                if (answer.StatusCode == HttpStatusCode.BadRequest)
                {
                    Assert.Fail($"{address}?{name}={text}: {await answer.Content.ReadAsStringAsync()}");
                }
            }
        }
    }

    [Theory]
    [InlineData("/api", "/api")]
    [InlineData("/api/wards", "/api/wards")]
    [InlineData("/api/wards/{code}", "/api/wards/990121001")]
    [InlineData("/api/wards/at", "/api/wards/at?lon=112.65&lat=32.45&geometry=full")]
    [InlineData("/api/categories", "/api/categories")]
    [InlineData("/api/rounds", "/api/rounds")]
    [InlineData("/api/rounds/{code}", "/api/rounds/2025-covert-1?crs=EPSG:3857")]
    [InlineData("/api/issues/summary", "/api/issues/summary")]
    [InlineData("/api/hotspots/clusters", "/api/hotspots/clusters?eps=200&min_points=5")]
    [InlineData("/api/hotspots/clusters", "/api/hotspots/clusters?output=points&eps=200&min_points=5&crs=EPSG:3857")]
    [InlineData("/api/hotspots/gi-star", "/api/hotspots/gi-star?size=2000&distance=3000&weight=severity")]
    [InlineData("/api/hotspots/gi-star", "/api/hotspots/gi-star?cell=ward&distance=3000")]
    [InlineData("/api/hotspots/density", "/api/hotspots/density?bandwidth=200")]
    [InlineData("/tiles/issues.json", "/tiles/issues.json")]
    [InlineData("/tiles/heatmap.json", "/tiles/heatmap.json")]
    [InlineData("/tiles/heatmap/{z}/legend.json", "/tiles/heatmap/12/legend.json")]
    [InlineData("/tiles/hotspots.json", "/tiles/hotspots.json")]
    [InlineData("/styles", "/styles")]
    [InlineData("/styles/{name}.json", "/styles/planner.json")]
    [InlineData("/styles/sprite@2x.json", "/styles/sprite@2x.json")]
    [InlineData("/geodata/{layer}.geojson", "/geodata/roads.geojson")]
    [InlineData("/geodata/{layer}.geojson", "/geodata/backdrop.geojson")]
    [InlineData("/health/ready", "/health/ready")]
    public async Task An_answer_is_what_its_schema_says(string path, string address)
    {
        var answer = await _server.Client.GetFromJsonAsync<JsonElement>(address);

        Assert.Empty(JsonSchemaCheck.Differences(_document, SchemaOf(path, "200"), answer).Take(10));
    }

    [Fact]
    public async Task A_refusal_is_what_its_schema_says()
    {
        using var answer = await _server.Client.GetAsync("/api/wards?limit=0");

        Assert.Empty(JsonSchemaCheck.Differences(_document, SchemaOf("/api/wards", "400"), await answer.Content.ReadFromJsonAsync<JsonElement>()));
    }

    private JsonElement SchemaOf(string path, string status)
        => _document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty(status).GetProperty("content").EnumerateObject().First().Value.GetProperty("schema");

    private IEnumerable<(string Path, string Method, JsonElement Operation)> Operations()
        => from path in _document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select (path.Name, operation.Name.ToUpperInvariant(), operation.Value);

    private static List<JsonElement> Parameters(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : [];
}
