using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Tests.Hotspots;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Esri;

/// <summary>Issues added, changed and deleted as Esri's clients do it.</summary>
public sealed class EsriEditsTests : IAsyncLifetime
{
    private const string Edits = EsriCounty.Service + "/0/applyEdits";

    private static readonly string[] FollowsFromThePlace = ["ward", "ward_name", "ward_name_en", "ward_path", "responsible", "input_crs"];

    private TestServer _server = null!;
    private HttpClient _inspector = null!;
    private HttpClient _administrator = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Data.PlantCityAsync();
        await _server.Data.PlantManyAsync(20);
        (_inspector, _administrator) = (await _server.ClientAsync(Roles.Inspector), await _server.ClientAsync(Roles.Administrator));
    }

    public async Task DisposeAsync()
    {
        _inspector.Dispose();
        _administrator.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task A_body_that_is_no_form_is_not_passed_over(string mediaType)
    {
        foreach (var path in (string[])[Edits, EsriCounty.Service + "/0/query"])
        {
            using var body = new StringContent("""{"f":"json","where":"1=0","adds":[{"attributes":{"category":"litter"}}]}""", null, mediaType);
            using var answer = await _inspector.PostAsync(path, body);
            var error = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
            Assert.Equal(415, (int)error["code"]!);
            Assert.Contains($"Content-Type was {mediaType}", error.ToJsonString());
        }
        using var nothing = await _inspector.PostAsync(EsriCounty.Service + "/0/query?where=1%3D1&returnCountOnly=true&f=json", content: null);
        Assert.Equal(await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"), (long)(await nothing.Content.ReadFromJsonAsync<JsonNode>())!["count"]!);
    }

    [Fact]
    public async Task New_issues_follow_the_rules_and_a_refused_one_keeps_none_from_being_made()
    {
        var (x, y) = CrsRegistry.WebMercator.FromLonLat(new LonLat(112.6, 32.5));
        var answer = await EditAsync(_inspector, "adds", FormattableString.Invariant($$$"""
            [{"geometry":{"x":{{{x:R}}},"y":{{{y:R}}},"spatialReference":{"wkid":102100}},"attributes":{"OBJECTID":null,"category":"litter","source":"patrol","severity":4,"reported_at":1740787200000,"title":null}},
             {"geometry":{"x":112.6,"y":32.5},"attributes":{"category":"nothing","source":"patrol"}},
             {"geometry":{"x":112.7,"y":32.6},"attributes":{"category":"sewage","source":"patrol"}},
             {"attributes":{"category":"sewage","source":"patrol"}}, 7]
            """));
        var results = answer["addResults"]!.AsArray();
        Assert.Equal([true, false, true, false, false], results.Select(r => (bool)r!["success"]!));
        Assert.Equal(400, (int)results[1]!["error"]!["code"]!);
        Assert.Contains("category", (string?)results[1]!["error"]!["description"]);
        var id = (long)results[0]!["objectId"]!;
        Assert.Equal("litter 4 patrol 2025-03-01 00:00 east EPSG:3857", await _server.Data.ScalarAsync<string>($"SELECT concat_ws(' ', category_code, severity, source, to_char(reported_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), (SELECT code FROM geosan.ward WHERE id = ward_id), input_crs) FROM geosan.issue WHERE id = {id}"));
        Assert.True(await _server.Data.ScalarAsync<double>($"SELECT ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint(112.6, 32.5), 4326)::geography) FROM geosan.issue WHERE id = {id}") < 0.01);
        Assert.Equal(22, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
    }

    [Fact]
    public async Task A_feature_sent_back_with_a_change_changes_that_and_nothing_else()
    {
        var before = JsonNode.Parse(await _inspector.GetStringAsync(EsriCounty.Service + "/0/5?f=json"))!["feature"]!;
        var attributes = before["attributes"]!.DeepClone();
        attributes["title"] = "moved and renamed";
        var feature = new JsonObject { ["attributes"] = attributes, ["geometry"] = new JsonObject { ["x"] = 112.3, ["y"] = 32.3 } };
        var answer = await EditAsync(_inspector, "updates", $"[{feature.ToJsonString()}]");
        Assert.True((bool)answer["updateResults"]![0]!["success"]!, answer.ToJsonString());
        Assert.Equal(5, (long)answer["updateResults"]![0]!["objectId"]!);
        var after = JsonNode.Parse(await _inspector.GetStringAsync(EsriCounty.Service + "/0/5?f=json"))!["feature"]!;
        Assert.Equal((112.3, 32.3), ((double)after["geometry"]!["x"]!, (double)after["geometry"]!["y"]!));
        string[] changed = [.. attributes.AsObject().Where(a => !JsonNode.DeepEquals(before["attributes"]![a.Key], after["attributes"]![a.Key])).Select(a => a.Key)];
        Assert.Empty(changed.Except([.. FollowsFromThePlace, "title", "version", "updated_at"]));
        Assert.Equal(["title", "ward", "version", "updated_at"], changed.Except(FollowsFromThePlace.Where(name => name != "ward")));

        // The same once more is of a version that is no longer there.
        feature["attributes"]!["title"] = "too late";
        var late = await EditAsync(_inspector, "updates", $"[{feature.ToJsonString()}]");
        Assert.False((bool)late["updateResults"]![0]!["success"]!);
    }

    [Theory]
    [InlineData("""{"attributes":{"OBJECTID":5,"status":"nonsense"}}""", 400)]
    [InlineData("""{"attributes":{"OBJECTID":5,"severity":9}}""", 400)]
    [InlineData("""{"attributes":{"OBJECTID":5,"nothing":1}}""", 400)]
    [InlineData("""{"attributes":{"OBJECTID":5,"version":99,"title":"x"}}""", 412)]
    [InlineData("""{"attributes":{"OBJECTID":5555,"title":"x"}}""", 404)]
    [InlineData("""{"attributes":{"title":"x"}}""", 400)]
    [InlineData("""{"attributes":{"OBJECTID":5},"geometry":{"x":"a","y":1}}""", 400)]
    [InlineData("""{"attributes":{"OBJECTID":5},"geometry":{"x":112.5,"y":99}}""", 400)]
    [InlineData("""[]""", 400)]
    public async Task A_change_that_cannot_be_is_refused_by_itself(string feature, int code)
    {
        var answer = await EditAsync(_inspector, "updates", $"[{feature}]");
        Assert.False((bool)answer["updateResults"]![0]!["success"]!);
        Assert.Equal(code, (int)answer["updateResults"]![0]!["error"]!["code"]!);
        Assert.Equal(0, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE version > 1"));
    }

    [Fact]
    public async Task Each_kind_of_change_has_an_address_of_its_own_as_QGIS_asks_for_it()
    {
        const string layer = EsriCounty.Service + "/0/";
        // QGIS encodes nothing but what UTF-8 is.
        var added = await SendAsync(_inspector, "addFeatures", """
            f=json&features=[
              {"attributes": {"category": "litter", "source": "patrol", "title": "垃圾堆 = 3", "reported_at": 1740787200000}, "geometry": {"x": 112.6, "y": 32.5}}
            ]
            """);
        Assert.Equal(["addResults"], added.AsObject().Select(m => m.Key));
        var id = (long)added["addResults"]![0]!["objectId"]!;
        Assert.Equal("垃圾堆 = 3", await _server.Data.ScalarAsync<string>($"SELECT title FROM geosan.issue WHERE id = {id}"));

        var updated = await SendAsync(_inspector, "updateFeatures", $$$"""f=json&rollbackOnFailure=false&features=[{"attributes": {"OBJECTID": {{{id}}}, "severity": 5}}, {"attributes": {"OBJECTID": {{{id}}}, "severity": 9}}]""");
        Assert.Equal(["updateResults"], updated.AsObject().Select(m => m.Key));
        Assert.Equal([true, false], updated["updateResults"]!.AsArray().Select(r => (bool)r!["success"]!));
        Assert.Equal(5, (int)JsonNode.Parse(await _inspector.GetStringAsync($"{layer}{id}?f=json"))!["feature"]!["attributes"]!["severity"]!);

        Assert.Equal(403, (int)(await SendAsync(_inspector, "deleteFeatures", $"f=json&objectIds={id}"))["error"]!["code"]!);
        var deleted = await SendAsync(_administrator, "deleteFeatures", $"f=json&rollbackOnFailure=false&objectIds={id},999");
        Assert.Equal(["deleteResults"], deleted.AsObject().Select(m => m.Key));
        Assert.Equal([true, false], deleted["deleteResults"]!.AsArray().Select(r => (bool)r!["success"]!));
        Assert.Equal(20, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));

        Assert.Contains("features is missing", (string?)(await SendAsync(_inspector, "addFeatures", "f=json"))["error"]!["message"]);
        Assert.Contains("objectIds is missing", (string?)(await SendAsync(_administrator, "deleteFeatures", "f=json&where=1=1"))["error"]!["message"]);
        Assert.Equal(499, (int)(await SendAsync(_server.Client, "updateFeatures", "f=json&features=[]"))["error"]!["code"]!);

        static async Task<JsonNode> SendAsync(HttpClient client, string address, string form)
        {
            using var content = new StringContent(form.Trim(), System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
            using var answer = await client.PostAsync(layer + address, content);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        }
    }

    [Fact]
    public async Task ArcGIS_asks_for_all_changes_or_none_and_gets_them()
    {
        // As ArcGIS Maps SDK for JavaScript sends them: to layers that know rollbackOnFailure, it leaves out what Esri takes for true then.
        Dictionary<string, string> Form(string adds, string updates, string deletes) => new()
        {
            ["f"] = "json",
            ["useGlobalIds"] = "false",
            ["async"] = "false",
            ["adds"] = adds,
            ["updates"] = updates,
            ["deletes"] = deletes,
        };
        const string added = """[{"geometry":{"spatialReference":{"wkid":4326},"x":112.6,"y":32.5},"attributes":{"category":"litter","source":"patrol","title":"all or none"}}]""";
        const string rolledBack = "1003 Operation rolled back.";

        var refused = await SendAsync(Form(added, """[{"attributes":{"OBJECTID":5,"title":"a"}},{"attributes":{"OBJECTID":6,"severity":9}},{"attributes":{"OBJECTID":7,"title":"b"}}]""", "3"));
        Assert.Equal([(-1, rolledBack)], Results(refused, "addResults"));
        var updates = Results(refused, "updateResults").ToList();
        Assert.Equal([(5, rolledBack), (7, rolledBack)], [updates[0], updates[2]]);
        Assert.Equal(6, updates[1].Number);
        Assert.StartsWith("400 ", updates[1].Answer, StringComparison.Ordinal);
        Assert.Contains("severity", updates[1].Answer);
        Assert.Equal([(3, rolledBack)], Results(refused, "deleteResults"));
        Assert.Equal((20, 0, 0), await SoFarAsync());
        Assert.True(JsonNode.DeepEquals(refused, await SendAsync(new(Form(added, """[{"attributes":{"OBJECTID":5,"title":"a"}},{"attributes":{"OBJECTID":6,"severity":9}},{"attributes":{"OBJECTID":7,"title":"b"}}]""", "3")) { ["rollbackOnFailure"] = "true" })));
        Assert.Equal((20, 0, 0), await SoFarAsync());

        Assert.Equal(400, (int)(await SendAsync(Form("[]", """[{"attributes":{"OBJECTID":5,"title":"a"}},{"attributes":{"OBJECTID":5,"title":"b"}}]""", "")))["error"]!["code"]!);
        Assert.Equal((20, 0, 0), await SoFarAsync());

        var done = await SendAsync(Form(added, """[{"attributes":{"OBJECTID":5,"title":"a"}},{"attributes":{"OBJECTID":7,"severity":5},"geometry":{"x":112.61,"y":32.51}}]""", "3"));
        var id = (long)done["addResults"]![0]!["objectId"]!;
        Assert.Equal([(id, "done")], Results(done, "addResults"));
        Assert.Equal([(5, "done"), (7, "done")], Results(done, "updateResults"));
        Assert.Equal([(3, "done")], Results(done, "deleteResults"));
        Assert.Equal((20, 2, 1), await SoFarAsync());
        Assert.Equal("created 5: a 7: moved", await _server.Data.ScalarAsync<string>(
            $"SELECT concat_ws(' ', (SELECT kind FROM geosan.issue_event WHERE issue_id = {id}), (SELECT '5: ' || title FROM geosan.issue WHERE id = 5), (SELECT '7: ' || kind FROM geosan.issue_event WHERE issue_id = 7 ORDER BY id DESC LIMIT 1))"));

        async Task<JsonNode> SendAsync(Dictionary<string, string> form)
        {
            using var answer = await _administrator.PostAsync(Edits, new FormUrlEncodedContent(form));
            return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        }

        static IEnumerable<(long Number, string Answer)> Results(JsonNode answer, string name)
            => answer[name]!.AsArray().Select(r => ((long)r!["objectId"]!, (bool)r["success"]! ? "done" : $"{r["error"]!["code"]} {r["error"]!["description"]}"));

        async Task<(long Issues, long Changed, long New)> SoFarAsync() => (await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"),
            await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE version > 1"), await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE title = 'all or none'"));
    }

    [Fact]
    public async Task A_layer_says_when_it_was_changed_so_that_ArcGIS_reads_it_again_then_and_only_then()
    {
        var (issues, wards) = (await LastEditAsync(0), await LastEditAsync(1));
        Assert.Equal((issues, wards), (await LastEditAsync(0), await LastEditAsync(1)));
        Assert.Null(await LastEditAsync(2));

        var before = DateTimeOffset.UtcNow.AddSeconds(-2).ToUnixTimeMilliseconds();
        Assert.True((bool)(await EditAsync(_inspector, "updates", """[{"attributes":{"OBJECTID":5,"title":"changed"}}]"""))["updateResults"]![0]!["success"]!);
        var updated = await LastEditAsync(0);
        Assert.NotEqual(issues, updated);
        Assert.InRange(updated!.Value, before, DateTimeOffset.UtcNow.AddSeconds(2).ToUnixTimeMilliseconds());
        Assert.True((bool)(await EditAsync(_administrator, "deletes", "5"))["deleteResults"]![0]!["success"]!);
        var deleted = await LastEditAsync(0);
        Assert.NotEqual(updated, deleted);
        Assert.Equal(wards, await LastEditAsync(1));

        await _server.Data.ExecuteAsync("UPDATE geosan.ward SET name = name || '!'");
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (await LastEditAsync(1) == wards)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), "wards were changed, and the layer does not say so");
        }
        Assert.NotEqual(deleted, await LastEditAsync(0));

        async Task<long?> LastEditAsync(int layer) => (long?)JsonNode.Parse(await _server.Client.GetStringAsync($"{EsriCounty.Service}/{layer}?f=json"))!["editingInfo"]?["lastEditDate"];
    }

    [Fact]
    public async Task Deleting_is_for_administrators()
    {
        Assert.Equal(403, (int)(await EditAsync(_inspector, "deletes", "3"))["error"]!["code"]!);
        var answer = await EditAsync(_administrator, "deletes", "[3, 4, 999]");
        Assert.Equal([true, true, false], answer["deleteResults"]!.AsArray().Select(r => (bool)r!["success"]!));
        Assert.Equal(18, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_changed_and_a_token_is_one()
    {
        Assert.Equal(499, (int)(await EditAsync(_server.Client, "deletes", "3"))["error"]!["code"]!);
        using var handler = await _server.ClientAsync(Roles.Handler);
        Assert.Equal(403, (int)(await EditAsync(handler, "adds", "[]"))["error"]!["code"]!);
        var key = await new KeyStore(_server.Data.Database).AddAsync("field team", Roles.Inspector, default);
        using var answer = await _server.Client.PostAsync(Edits, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["f"] = "json",
            ["token"] = key,
            ["adds"] = """[{"geometry":{"x":112.6,"y":32.5},"attributes":{"category":"litter","source":"patrol"}}]""",
        }));
        Assert.True((bool)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["addResults"]![0]!["success"]!);
        Assert.Equal("field team", await _server.Data.ScalarAsync<string>("SELECT actor FROM geosan.audit ORDER BY id DESC LIMIT 1"));
    }

    [Theory]
    [InlineData("adds", "{}", "0")]
    [InlineData("updates", "[", "0")]
    [InlineData("deletes", "a,b", "0")]
    [InlineData("rollbackOnFailure", "perhaps", "0")]
    [InlineData("adds", "[]", "1")]
    [InlineData("adds", """[{"geometry":{"x":112.6,"y":32.5},"attributes":{"category":"litter","\ud800":1}}]""", "0")]
    [InlineData("updates", """[{"attributes":{"OBJECTID":5,"\udc00":1}}]""", "0")]
    public async Task What_cannot_be_read_is_refused_as_a_whole(string name, string value, string layer)
    {
        using var answer = await _administrator.PostAsync($"{EsriCounty.Service}/{layer}/applyEdits", new FormUrlEncodedContent(new Dictionary<string, string> { ["f"] = "json", [name] = value }));
        Assert.Equal(400, (int)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["error"]!["code"]!);
    }

    [Fact]
    public async Task The_service_takes_edits_as_its_layer_does()
    {
        // As ArcGIS's programs for phones and desktops send them (ServiceGeodatabase).
        var done = await SendAsync(_administrator, """
            [{"id":0,"adds":[{"geometry":{"x":112.6,"y":32.5},"attributes":{"category":"litter","source":"patrol","title":"by the service"}}],"updates":[{"attributes":{"OBJECTID":5,"title":"changed"}}],"deletes":[3,"4"],
              "attachments":{"adds":[],"updates":[],"deletes":[]}}]
            """);
        var layer = Assert.Single(done.AsArray())!;
        Assert.Equal(["id", "addResults", "updateResults", "deleteResults"], layer.AsObject().Select(m => m.Key));
        Assert.Equal(0, (int)layer["id"]!);
        var id = (long)layer["addResults"]![0]!["objectId"]!;
        Assert.Equal([5L, 3, 4], new[] { layer["updateResults"]![0], layer["deleteResults"]![0], layer["deleteResults"]![1] }.Select(r => (bool)r!["success"]! ? (long)r["objectId"]! : -1));
        Assert.Equal($"5 changed, {id} by the service", await _server.Data.ScalarAsync<string>("SELECT string_agg(id || ' ' || title, ', ' ORDER BY id) FROM geosan.issue WHERE title IN ('changed', 'by the service')"));
        Assert.Equal(19, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));

        var refused = (await SendAsync(_inspector, """[{"id":0,"adds":[{"geometry":{"x":112.6,"y":32.5},"attributes":{"category":"litter","source":"patrol"}}],"updates":[{"attributes":{"OBJECTID":6,"severity":9}}]}]"""))[0]!;
        Assert.Equal((false, 1003, false, 400), ((bool)refused["addResults"]![0]!["success"]!, (int)refused["addResults"]![0]!["error"]!["code"]!, (bool)refused["updateResults"]![0]!["success"]!, (int)refused["updateResults"]![0]!["error"]!["code"]!));
        Assert.Equal(19, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
        Assert.Equal("[]", (await SendAsync(_inspector, "[]")).ToJsonString());
        Assert.Equal(403, (int)(await SendAsync(_inspector, """[{"id":0,"deletes":[6]}]"""))["error"]!["code"]!);
        Assert.Equal(499, (int)(await SendAsync(_server.Client, """[{"id":0,"deletes":[6]}]"""))["error"]!["code"]!);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("[7]")]
    [InlineData("""[{"adds":[]}]""")]
    [InlineData("""[{"id":1,"adds":[]}]""")]
    [InlineData("""[{"id":0.5,"adds":[]}]""")]
    [InlineData("""[{"id":0,"adds":{}}]""")]
    [InlineData("""[{"id":0,"deletes":["{8B0F6E4C-0000-0000-0000-000000000000}"]}]""")]
    [InlineData("""[{"id":0,"attachments":{"adds":[{"data":"AAAA"}]}}]""")]
    [InlineData("""[{"id":0,"adds":[]},{"id":0,"adds":[]}]""")]
    [InlineData("""[{"id":0,"deletes":["\ud800"]}]""")]
    [InlineData("""[{"id":0,"\ud800":[1]}]""")]
    [InlineData("""[{"id":0,"updates":[{"attributes":{"OBJECTID":5,"\ud800":1}}]}]""")]
    [InlineData("""[{"id":0,"updates":[{"attributes":{"OBJECTID":5,"title":"\ud800"}}]}]""")]
    public async Task Edits_of_the_service_that_cannot_be_are_refused_as_a_whole(string? edits)
    {
        var error = (await SendAsync(_administrator, edits))["error"]!;
        Assert.Contains((int)error["code"]!, (int[])[400, 404]);
        Assert.Equal(20, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
    }

    [Fact]
    public async Task Changes_of_the_same_issues_by_several_wait_for_each_other()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async n =>
        {
            long[] ids = [5, 6, 7, 8, 9, 10, 11, 12];
            new Random(n).Shuffle(ids);
            var updates = string.Join(',', ids.Select(id => $$$"""{"attributes":{"OBJECTID":{{{id}}},"title":"{{{n}}}"}}"""));
            return await SendAsync(_inspector, $$"""[{"id":0,"updates":[{{updates}}]}]""");
        }));
        Assert.All(answers, answer => Assert.All(answer[0]!["updateResults"]!.AsArray(), result => Assert.True((bool)result!["success"]!, answer.ToJsonString())));
        Assert.Equal(1, await _server.Data.ScalarAsync<long>("SELECT count(DISTINCT title) FROM geosan.issue WHERE id BETWEEN 5 AND 12"));
        Assert.Equal(41, await _server.Data.ScalarAsync<int>("SELECT min(version) FROM geosan.issue WHERE id BETWEEN 5 AND 12"));
    }

    /// <summary>Edits of the service; null for none.</summary>
    private static async Task<JsonNode> SendAsync(HttpClient client, string? edits)
    {
        Dictionary<string, string> form = new() { ["f"] = "json" };
        if (edits is not null)
        {
            form["edits"] = edits.Trim();
        }
        using var answer = await client.PostAsync(EsriCounty.Service + "/applyEdits", new FormUrlEncodedContent(form));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static async Task<JsonNode> EditAsync(HttpClient client, string name, string value)
    {
        using var answer = await client.PostAsync(Edits, new FormUrlEncodedContent(new Dictionary<string, string> { ["f"] = "json", ["rollbackOnFailure"] = "false", [name] = value }));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
