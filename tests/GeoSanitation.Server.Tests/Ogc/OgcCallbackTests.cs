using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Server.Tests.Webhooks;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Ogc;

/// <summary>OGC API Processes, Part 1, conformance class callback.</summary>
public sealed class OgcCallbackTests : IAsyncLifetime
{
    private const string CallbackClass = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/callback";

    private TestServer _silent = null!, _server = null!;
    private CallbackReceiver _receiver = null!;
    private HttpClient _inspector = null!;

    public async Task InitializeAsync()
    {
        _silent = await TestServer.StartAsync();
        await _silent.Data.PlantCityAsync();
        await _silent.Data.PlantManyAsync(20);
        _receiver = await CallbackReceiver.StartAsync();
        _server = await _silent.StartBesideAsync(_receiver.Allowed());
        _inspector = await _server.ClientAsync(Roles.Inspector);
    }

    public async Task DisposeAsync()
    {
        _inspector.Dispose();
        await _server.DisposeAsync();
        await _receiver.DisposeAsync();
        await _silent.DisposeAsync();
    }

    [Theory]
    [InlineData("raw", "application/geo+json")]
    [InlineData("document", "application/json")]
    public async Task Req_callback_sends_the_result_where_it_is_wanted(string response, string mediaType)
    {
        using var created = await ExecuteAsync(_inspector, "dbscan", $$$"""{"inputs":{"eps":500,"min_points":1},"response":"{{{response}}}","subscriber":{"successUri":"{at}/done","failedUri":"{at}/failed"}}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var received = await _receiver.NextAsync();
        Assert.Equal(("/done", mediaType), (received.Path, received.Headers["content-type"]));
        // Many servers take no body whose length is not said first.
        Assert.Equal($"{received.Body.Length}", received.Headers["content-length"]);
        var result = JsonNode.Parse(received.Body)!;
        var asked = JsonNode.Parse(await _server.Client.GetStringAsync(created.Headers.Location + "/results"))!;
        Assert.True(JsonNode.DeepEquals(asked, result));
        Assert.NotEmpty((response == "document" ? result["features"]! : result)["features"]!.AsArray());
        Assert.Equal(0, _receiver.Waiting);
    }

    [Fact]
    public async Task Req_callback_says_that_a_job_failed_and_why()
    {
        // A raster of so small a bandwidth would be too large; that shows only in the data.
        using var created = await ExecuteAsync(_inspector, "density", """{"inputs":{"bandwidth":0.1},"subscriber":{"successUri":"{at}/done","failedUri":"{at}/failed"}}""");
        var received = await _receiver.NextAsync();
        Assert.Equal(("/failed", "application/json; charset=utf-8"), (received.Path, received.Headers["content-type"]));
        var status = JsonNode.Parse(received.Body)!;
        Assert.Equal(("failed", "density"), ((string?)status["status"], (string?)status["processID"]));
        Assert.StartsWith("bandwidth was 0.1", (string?)status["message"]);
        Assert.Equal(created.Headers.Location!.ToString(), (string?)status["links"]![0]!["href"]);
    }

    [Fact]
    public async Task Req_callback_says_that_a_job_has_begun_and_an_administrator_sees_what_did_not_arrive()
    {
        _receiver.Status = 503;
        var id = await _silent.Data.ScalarAsync<long>($$"""
            INSERT INTO geosan.run (method, parameters, filter, data_version, callback)
            VALUES ('scan', '{}', '{}', 'v', '{"successUri":"{{_receiver.Address}}done","inProgressUri":"{{_receiver.Address}}begun","failedUri":null,"root":"http://city/ogc","isDocument":false}') RETURNING id
            """);
        await _silent.Data.ExecuteAsync($"UPDATE geosan.run SET state = 'running', progress = 0.25, started_at = now() WHERE id = {id}");
        await _silent.Data.ExecuteAsync($"UPDATE geosan.run SET progress = 0.5 WHERE id = {id}");
        var received = await _receiver.NextAsync();
        var status = JsonNode.Parse(received.Body)!;
        Assert.Equal(("/begun", "running", $"{id}", "http://city/ogc/jobs/" + id), (received.Path, (string?)status["status"], (string?)status["jobID"], (string?)status["links"]![0]!["href"]));
        await _receiver.NextAsync();
        using var administrator = await _server.ClientAsync(Roles.Administrator);
        var failed = Assert.Single(JsonNode.Parse(await administrator.GetStringAsync("/api/webhooks"))!["failed_deliveries"]!.AsArray())!;
        Assert.Equal((id, "status", $"{_receiver.Address}begun", "it answered with status 503"), ((long)failed["run"]!, (string?)failed["content"], (string?)failed["url"], (string?)failed["error"]));
        _receiver.Status = 200;
        var deadline = DateTime.UtcNow.AddMinutes(2);
        while (await _silent.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.delivery") > 0)
        {
            Assert.True(DateTime.UtcNow < deadline, "it did not arrive");
        }
        // Nobody asked to hear that it ended so.
        await _silent.Data.ExecuteAsync($"UPDATE geosan.run SET state = 'cancelled', finished_at = now() WHERE id = {id}");
        Assert.Equal(0, await _silent.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.delivery"));
    }

    [Fact]
    public async Task Req_callback_is_declared_where_it_is_possible_only()
    {
        Assert.Contains(CallbackClass, await ClassesAsync(_server));
        Assert.DoesNotContain(CallbackClass, await ClassesAsync(_silent));
        using var refused = await ExecuteAsync(_inspector, "dbscan", """{"subscriber":{"successUri":"{at}/done"}}""", at: _silent);
        Assert.Contains("callbacks.hosts names no host", (await PlantedCity.ProblemOfAsync(refused, HttpStatusCode.BadRequest)).GetProperty("detail").GetString());

        static async Task<IEnumerable<string>> ClassesAsync(TestServer server) => JsonNode.Parse(await server.Client.GetStringAsync("/ogc/conformance"))!["conformsTo"]!.AsArray().Select(c => (string)c!);
    }

    [Theory]
    [InlineData("""{"subscriber":{"successUri":"http://elsewhere.example/"}}""", "subscriber.successUri")]
    [InlineData("""{"subscriber":{"successUri":"{at}/","failedUri":"http://elsewhere.example/"}}""", "subscriber.failedUri")]
    [InlineData("""{"subscriber":{"failedUri":"{at}/"}}""", "subscriber.successUri")]
    [InlineData("""{"subscriber":{"successUri":"{at}/","more":1}}""", "subscriber.more")]
    [InlineData("""{"subscriber":"{at}/"}""", "subscriber")]
    public async Task Req_callback_refuses(string body, string parameter)
    {
        using var answer = await ExecuteAsync(_inspector, "dbscan", body);
        Assert.Equal(parameter, (await PlantedCity.ProblemOfAsync(answer, HttpStatusCode.BadRequest)).GetProperty("parameter").GetString());
        using var sync = await ExecuteAsync(_inspector, "dbscan", """{"subscriber":{"successUri":"{at}/"}}""", prefer: null);
        Assert.Contains("Prefer: respond-async", (await PlantedCity.ProblemOfAsync(sync, HttpStatusCode.BadRequest)).GetProperty("detail").GetString());
    }

    private async Task<HttpResponseMessage> ExecuteAsync(HttpClient client, string process, string body, string? prefer = "respond-async", TestServer? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri((at ?? _server).Address, $"/ogc/processes/{process}/execution"))
        {
            Content = new StringContent(body.Replace("{at}", _receiver.Address.ToString().TrimEnd('/')), Encoding.UTF8, "application/json"),
        };
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }
        return await client.SendAsync(request);
    }
}
