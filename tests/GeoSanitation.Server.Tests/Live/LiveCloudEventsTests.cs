using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Live;

/// <summary>The stream in the envelope of CloudEvents, and what narrows it to collections.</summary>
public sealed class LiveCloudEventsTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Data.PlantWardAsync("town", "town", PlantedIssues.Box(120, 30, 122, 31));
        await _server.Data.PlantWardAsync("west", "community", PlantedIssues.Box(120, 30, 121, 31), "town");
        await _server.Data.PlantWardAsync("east", "community", PlantedIssues.Box(121, 30, 122, 31), "town");
        await _server.Data.PlantAsync([new(120.5, 30.5, Ward: "west"), new(121.5, 30.5, Ward: "east", Severity: 5)]);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Each_event_says_what_it_touches_and_is_the_same_for_everybody()
    {
        using var stream = await LiveStream.OpenAsync(_server.Client, "?f=cloudevents&wards=west,nowhere");
        using var other = await LiveStream.StartAsync(_server.Client, "?f=cloudevents");
        var start = await stream.NextAsync();
        Assert.Equal(("start", "org.geosanitation.stream.start", "1.0"), (start.Name, Text(start, "type"), Text(start, "specversion")));
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 4 WHERE id = 2");
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 4 WHERE id = 1");
        var told = await stream.NextAsync();
        Assert.Equal(("issue", "org.ogc.api.collection.item.update", "collections/issues/items/1"), (told.Name, Text(told, "type"), Text(told, "subject")));
        var data = told.Data.GetProperty("data");
        Assert.Equal(("issues", "1", "update"), (data.GetProperty("collection").GetString(), data.GetProperty("id").GetString(), data.GetProperty("op").GetString()));
        Assert.Equal(["west"], data.GetProperty("wards").EnumerateArray().Select(w => w.GetString()));
        Assert.Equal(17, data.GetProperty("tiles").GetArrayLength());
        Assert.Equal("16/54704/26933", data.GetProperty("tiles")[16].GetString());
        Assert.Equal(data.GetProperty("at").GetDateTime(), told.Data.GetProperty("time").GetDateTime());
        using var issues = await _server.Client.GetAsync("/api/issues?limit=1");
        Assert.Equal(issues.Headers.GetValues("X-Data-Version").Single(), data.GetProperty("version").GetString());
        await other.NextAsync();
        Assert.Equal(Text(told, "id"), Text(await other.NextAsync(), "id"));
    }

    [Fact]
    public async Task Who_listens_to_some_collections_is_told_of_no_other_and_goes_on_all_the_same()
    {
        using var wards = await LiveStream.StartAsync(_server.Client, "?collections=wards,hotspots");
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 4 WHERE id = 1");
        await _server.Data.ExecuteAsync("UPDATE geosan.ward SET name = 'West' WHERE code = 'west'");
        var told = await wards.NextAsync();
        Assert.Equal(("table", "ward"), (told.Name, told.Data.GetProperty("table").GetString()));
        using var later = await LiveStream.OpenAsync(_server.Client, "?collections=wards&f=cloudevents", told.Id, "/events");
        await _server.Data.ExecuteAsync("UPDATE geosan.ward SET name = 'West!' WHERE code = 'west'");
        var next = await later.NextAsync();
        Assert.Equal(("org.geosanitation.collection.replace", "collections/wards"), (Text(next, "type"), Text(next, "subject")));
        Assert.Equal(JsonValueKind.Null, next.Data.GetProperty("data").GetProperty("id").ValueKind);
    }

    [Theory]
    [InlineData("?f=xml", "f")]
    [InlineData("?collections=streets", "collections")]
    [InlineData("?wards=a&wards=b", "wards")]
    public async Task What_it_does_not_know_is_refused(string query, string parameter)
    {
        using var answer = await _server.Client.GetAsync("/api/live" + query);
        Assert.Equal(parameter, (await PlantedCity.ProblemOfAsync(answer, HttpStatusCode.BadRequest)).GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task The_AsyncAPI_document_describes_the_stream_and_what_addresses_are_sent()
    {
        using var answer = await _server.Client.GetAsync("/asyncapi.json");
        Assert.Equal("application/asyncapi+json", answer.Content.Headers.ContentType!.MediaType);
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("3.0.0", document.GetProperty("asyncapi").GetString());
        Assert.Equal(_server.Address.Authority, document.GetProperty("servers").GetProperty("this").GetProperty("host").GetString());
        Assert.Equal("/api/live", document.GetProperty("channels").GetProperty("live").GetProperty("address").GetString());
        Assert.Equal(JsonValueKind.Null, document.GetProperty("channels").GetProperty("webhook").GetProperty("address").ValueKind);
        Assert.All(document.GetProperty("operations").EnumerateObject(), o => Assert.Equal("send", o.Value.GetProperty("action").GetString()));
        // Every reference leads somewhere.
        var references = System.Text.RegularExpressions.Regex.Matches(document.GetRawText(), "\"\\$ref\": ?\"#/([^\"]+)\"").Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.InRange(references.Count, 15, 60);
        Assert.All(references, reference => Assert.True(reference.Split('/').Aggregate((JsonElement?)document, (at, name) => at is { } here && here.TryGetProperty(name, out var next) ? next : null) is not null, reference));
        var data = document.GetProperty("components").GetProperty("schemas").GetProperty("ChangedItem").GetProperty("properties").EnumerateObject().Select(p => p.Name);
        Assert.Equal(["collection", "id", "op", "version", "wards", "tiles", "at"], data.Take(7));

        // What is sent has what is described.
        using var stream = await LiveStream.StartAsync(_server.Client, "?f=cloudevents");
        await _server.Data.ExecuteAsync("DELETE FROM geosan.issue WHERE id = 1");
        var told = (await stream.NextAsync()).Data;
        var payload = document.GetProperty("components").GetProperty("messages").GetProperty("issueChanged").GetProperty("payload");
        Assert.All(payload.GetProperty("required").EnumerateArray(), name => Assert.True(told.TryGetProperty(name.GetString()!, out _), name.GetString()));
        Assert.Contains(told.GetProperty("type").GetString(), payload.GetProperty("properties").GetProperty("type").GetProperty("enum").EnumerateArray().Select(t => t.GetString()));
    }

    private static string? Text(SentEvent told, string member) => told.Data.GetProperty(member).GetString();
}
