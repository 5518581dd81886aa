using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Changes;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Esri;

/// <summary>What became of issues since a client asked last, as ArcGIS asks it.</summary>
public sealed class EsriChangesTests : IAsyncLifetime
{
    private const string Path = EsriCounty.Service + "/extractChanges";

    private TestServer _server = null!;
    private HttpClient _administrator = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Data.PlantCityAsync();
        await _server.Data.PlantManyAsync(20);
        _administrator = await _server.ClientAsync(Roles.Administrator);
    }

    public async Task DisposeAsync()
    {
        _administrator.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Each_change_is_told_once_from_one_answer_to_the_next()
    {
        var first = await GenerationAsync();
        var added = (await _administrator.ReportAsync(112.25, 32.5, """{"category": "litter", "source": "patrol", "severity": 4, "title": "new"}""")).GetProperty("id").GetInt64();
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 WHERE id = 3; UPDATE geosan.issue SET title = 'twice', severity = 5 WHERE id = 3; UPDATE geosan.issue SET severity = 2 WHERE id = 5");
        await _server.Data.ExecuteAsync("DELETE FROM geosan.issue WHERE id IN (5, 7)");
        // Neither its beginning nor its end is of interest to who has not seen it.
        var brief = (await _administrator.ReportAsync()).GetProperty("id").GetInt64();
        await _server.Data.ExecuteAsync($"DELETE FROM geosan.issue WHERE id = {brief}");
        var second = await GenerationAsync();

        var ids = await PostAsync(("layers", "[0]"), ("layerServerGens", $$"""[{"id":0,"serverGen":{{first}}}]"""), ("returnInserts", "true"), ("returnUpdates", "true"), ("returnDeletes", "true"), ("returnIdsOnly", "true"), ("dataFormat", "json"));
        Assert.Equal("esriDataChangesResponseTypeEdits", (string?)ids["responseType"]);
        Assert.Equal("esriTransportTypeEmbedded", (string?)ids["transportType"]);
        Assert.Equal(second, (long)ids["layerServerGens"]![0]!["serverGen"]!);
        var numbers = Assert.Single(ids["edits"]!.AsArray())!;
        Assert.Equal(0, (int)numbers["id"]!);
        Assert.Equal([[added], [3L], [5L, 7L]], ((string[])["adds", "updates", "deletes"]).Select(n => numbers["objectIds"]![n]!.AsArray().Select(id => (long)id!).ToArray()));

        var features = (await PostAsync(("layers", "0"), ("serverGens", $"[{first},{second}]"), ("outSR", "102100")))["edits"]![0]!["features"]!;
        var add = Assert.Single(features["adds"]!.AsArray())!;
        Assert.Equal((added, "new", 4), ((long)add["attributes"]!["OBJECTID"]!, (string?)add["attributes"]!["title"], (int)add["attributes"]!["severity"]!));
        Assert.Equal(112.25 * 20037508.342789244 / 180, (double)add["geometry"]!["x"]!, 0.01);
        var update = Assert.Single(features["updates"]!.AsArray())!;
        Assert.Equal((3L, "twice", 5), ((long)update["attributes"]!["OBJECTID"]!, (string?)update["attributes"]!["title"], (int)update["attributes"]!["severity"]!));
        Assert.Null(update["attributes"]!["reporter_name"]);
        Assert.Equal([5L, 7L], features["deleteIds"]!.AsArray().Select(id => (long)id!));

        // From where that answer ended nothing more is told, though it was asked of all that came since.
        var nothing = await PostAsync(("layers", "[0]"), ("serverGens", $"{second}"));
        Assert.Equal("esriDataChangesResponseTypeNoEdits", (string?)nothing["responseType"]);
        Assert.Equal("""{"adds":[],"updates":[],"deleteIds":[]}""", nothing["edits"]![0]!["features"]!.ToJsonString());
        var reached = (long)nothing["layerServerGens"]![0]!["serverGen"]!;
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 WHERE id = 9");
        await GenerationAsync();
        Assert.Equal([9L], (await PostAsync(("serverGens", $"{reached}"), ("returnIdsOnly", "true")))["edits"]![0]!["objectIds"]!["updates"]!.AsArray().Select(id => (long)id!));
    }

    [Fact]
    public async Task Of_deleted_issues_what_is_remembered_is_told_and_of_kinds_only_those_that_are_asked_for()
    {
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 5, geom = ST_SetSRID(ST_MakePoint(112.125, 32.375), 4326) WHERE id = 4");
        var since = await GenerationAsync();
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 2 WHERE id = 4; UPDATE geosan.issue SET severity = 2 WHERE id = 6");
        var category = await _server.Data.ScalarAsync<string>("SELECT category_code FROM geosan.issue WHERE id = 4");
        var reported = await _server.Data.ScalarAsync<long>("SELECT (extract(epoch FROM reported_at) * 1000)::bigint FROM geosan.issue WHERE id = 4");
        await _server.Data.ExecuteAsync("DELETE FROM geosan.issue WHERE id = 4");
        await GenerationAsync();
        var features = (await PostAsync(("serverGens", $"{since}"), ("returnDeletes", "true"), ("returnDeletedFeatures", "true")))["edits"]![0]!["features"]!.AsObject();
        Assert.Equal(["adds", "updates", "deletes"], features.Select(f => f.Key));
        Assert.Empty(features["updates"]!.AsArray());
        var deleted = Assert.Single(features["deletes"]!.AsArray())!;
        Assert.Equal((4L, 2, category, reported), ((long)deleted["attributes"]!["OBJECTID"]!, (int)deleted["attributes"]!["severity"]!, (string?)deleted["attributes"]!["category"], (long)deleted["attributes"]!["reported_at"]!));
        Assert.Equal((112.125, 32.375), ((double)deleted["geometry"]!["x"]!, (double)deleted["geometry"]!["y"]!));
        Assert.Null(deleted["attributes"]!["title"]);
        Assert.Equal([6L], (await PostAsync(("serverGens", $"{since}"), ("returnUpdates", "true"), ("returnIdsOnly", "true")))["edits"]![0]!["objectIds"]!["updates"]!.AsArray().Select(id => (long)id!));
    }

    [Fact]
    public async Task What_servers_have_forgotten_is_still_told_until_it_is_lost()
    {
        var since = await GenerationAsync();
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 WHERE id = 3");
        await GenerationAsync();
        await AgeAsync("1 hour");
        Assert.Equal(0, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.change"));
        Assert.Equal([3L], (await PostAsync(("serverGens", $"{since}"), ("returnIdsOnly", "true")))["edits"]![0]!["objectIds"]!["updates"]!.AsArray().Select(id => (long)id!));
        await AgeAsync("8 days");
        var lost = await PostAsync(("serverGens", $"{since}"));
        Assert.Equal(400, (int)lost["error"]!["code"]!);
        Assert.Contains("read the layer again by query", (string?)lost["error"]!["message"]);
        var info = (await ServiceAsync())["changeTrackingInfo"]!["layerServerGens"]![0]!;
        Assert.True((long)info["minServerGen"]! > since);
        Assert.Null((await PostAsync(("serverGens", $"{info["minServerGen"]}")))["error"]);
    }

    [Fact]
    public async Task After_a_statement_that_told_of_all_at_once_the_layer_is_read_again()
    {
        var since = await GenerationAsync();
        await _server.Data.ExecuteAsync("SELECT set_config('geosan.bulk', 'on', true); UPDATE geosan.issue SET severity = 1; SELECT geosan.note_bulk_change()");
        var now = await GenerationAsync();
        Assert.Equal(400, (int)(await PostAsync(("serverGens", $"{since}")))["error"]!["code"]!);
        Assert.Equal("esriDataChangesResponseTypeNoEdits", (string?)(await PostAsync(("serverGens", $"{now}")))["responseType"]);
    }

    [Fact]
    public async Task The_service_says_what_it_can_tell()
    {
        var service = await ServiceAsync();
        Assert.Contains("ChangeTracking", ((string?)service["capabilities"])!.Split(','));
        Assert.Contains("ChangeTracking", ((string?)(await JsonAsync(await _server.Client.GetAsync(EsriCounty.Service + "/0?f=json")))["capabilities"])!.Split(','));
        Assert.Equal("Query", (string?)(await JsonAsync(await _server.Client.GetAsync(EsriCounty.Service + "/1?f=json")))["capabilities"]);
        var able = service["extractChangesCapabilities"]!;
        Assert.Equal((true, true, true, true, false), ((bool)able["supportsReturnIdsOnly"]!, (bool)able["supportsReturnFeature"]!, (bool)able["supportsServerGens"]!, (bool)able["supportsReturnDeletedFeatures"]!, (bool)able["supportsLayerQueries"]!));
        var gens = service["changeTrackingInfo"]!["layerServerGens"]![0]!;
        Assert.InRange((long)gens["minServerGen"]!, 1, (long)gens["serverGen"]!);
        // It moves with the changes of issues and with nothing else.
        Assert.Equal(await GenerationAsync(), (long)(await ServiceAsync())["changeTrackingInfo"]!["layerServerGens"]![0]!["serverGen"]!);
        // By GET too, and indented for people.
        var page = await _server.Client.GetStringAsync($"{Path}?f=pjson&serverGens={gens["serverGen"]}");
        Assert.Contains("\n", page);
        Assert.Equal((long)gens["serverGen"]!, (long)JsonNode.Parse(page)!["layerServerGens"]![0]!["serverGen"]!);
    }

    [Theory]
    [InlineData("layers", "[0,1]", "only changes of issues are tracked")]
    [InlineData("layerServerGens", """[{"id":1,"serverGen":5}]""", "generation of layer 0")]
    [InlineData("layerServerGens", "no", "a JSON array")]
    [InlineData("serverGens", "[9,3]", "the first not after the second")]
    [InlineData("serverGens", "1,2,3", "an array of two")]
    [InlineData("serverGens", "999999999999999999", "what was changed before or elsewhere is not known")]
    [InlineData("serverGens", "0", "a generation from")]
    [InlineData("dataFormat", "sqlite", "one of json")]
    [InlineData("async", "true", "false or left out")]
    [InlineData("returnExtentOnly", "true", "false or left out")]
    [InlineData("geometry", "1,2,3,4", "the whole layer")]
    [InlineData("returnInserts", "maybe", "true or false")]
    [InlineData("outSR", "7", "outSR")]
    public async Task What_it_cannot_tell_is_refused_and_not_left_out_silently(string name, string value, string says)
    {
        var given = new List<(string, string)> { (name, value) };
        if (!name.EndsWith("Gens", StringComparison.Ordinal))
        {
            given.Add(("serverGens", $"{await GenerationAsync()}"));
        }
        var answer = await PostAsync([.. given]);
        Assert.Equal(400, (int)answer["error"]!["code"]!);
        Assert.Contains(says, (string?)answer["error"]!["message"]);
        Assert.Contains("serverGens", (string?)(await PostAsync(("layers", "0")))["error"]!["message"]);
    }

    /// <summary>The generation of the service, once all that was written before belongs to an earlier one: transactions of other tests may be at work beside it.</summary>
    private async Task<long> GenerationAsync()
    {
        var last = long.Parse(await _server.Data.ScalarAsync<string>("SELECT max(xid)::text FROM geosan.known_change"), CultureInfo.InvariantCulture);
        var deadline = DateTime.UtcNow.AddMinutes(1);
        while (true)
        {
            var generation = (long)(await ServiceAsync())["changeTrackingInfo"]!["layerServerGens"]![0]!["serverGen"]!;
            if (generation > last)
            {
                return generation;
            }
            Assert.True(DateTime.UtcNow < deadline, $"transaction {last} is not over; the service is at {generation}");
        }
    }

    /// <summary>Makes all changes older, and lets the feed forget.</summary>
    private async Task AgeAsync(string age)
    {
        await _server.Data.ExecuteAsync($"UPDATE geosan.change SET at = now() - interval '{age}'; UPDATE geosan.old_change SET at = now() - interval '{age}'");
        await new ChangeFeed(_server.Data.Database).ForgetAsync(default);
    }

    private async Task<JsonNode> ServiceAsync() => await JsonAsync(await _server.Client.GetAsync(EsriCounty.Service + "?f=json"));

    private async Task<JsonNode> PostAsync(params (string Name, string Value)[] form)
        => await JsonAsync(await _server.Client.PostAsync(Path, new FormUrlEncodedContent(form.Append(("f", "json")).Select(p => KeyValuePair.Create(p.Item1, p.Item2)))));

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(200, (int)answer.StatusCode);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        }
    }
}
