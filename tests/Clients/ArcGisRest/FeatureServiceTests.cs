using System.Diagnostics;
using System.Text.Json;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Clients.ArcGisRest;

/// <summary>ArcGIS REST JS, Esri's own client of feature services, reads the sample county in all its forms and changes it with a key.</summary>
public sealed class FeatureServiceTests : IAsyncLifetime
{
    private const string Node = "node";

    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "tests", "Clients", "ArcGisRest");

    private TestServer? _server;

    public async Task InitializeAsync()
    {
        // The tests are skipped, or fail, by their own attribute.
        if (SystemPrograms.PathOf(Node) is not null)
        {
            _server = await TestServer.StartWithSampleCountyAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [ProgramFact(Node)]
    public async Task It_reads_every_form_alike_and_is_told_what_became_of_its_changes()
    {
        var data = _server!.Data;
        var key = await new KeyStore(data.Database).AddAsync("portal", Roles.Administrator, default);
        var told = JsonDocument.Parse(await RunAsync(Path.Combine(Folder, "client.mjs"), _server.Address.GetLeftPart(UriPartial.Authority), key)).RootElement;

        var described = told.GetProperty("described");
        Assert.Equal(["Sanitation issues", "Wards", "Hotspots"], Texts(described.GetProperty("service")));
        Assert.Equal(["esriGeometryPoint", "esriGeometryPolygon", "esriGeometryPolygon"], Texts(described.GetProperty("layers")));
        Assert.Equal(["Query,ChangeTracking", "Query,Create,Update,Delete,Editing,ChangeTracking"], Texts(described.GetProperty("capabilities")));
        Assert.Equal(await data.ScalarAsync<string>("SELECT external_id FROM geosan.issue WHERE id = 7"), described.GetProperty("feature").GetProperty("attributes").GetProperty("external_id").GetString());

        var queried = told.GetProperty("queried");
        var gravest = await data.ScalarAsync<string>("""
            SELECT string_agg(id || ' ' || status || ' ' || (extract(epoch FROM reported_at) * 1000)::bigint || ' ' || round(ST_X(geom)::numeric, 6), ';' ORDER BY reported_at DESC, id)
            FROM (SELECT * FROM geosan.issue WHERE severity = 5 ORDER BY reported_at DESC, id LIMIT 3) AS i
            """);
        foreach (var (form, attributes) in ((string, string)[])[("json", "attributes"), ("pbf", "attributes"), ("geojson", "properties"), ("pbfGeojson", "properties")])
        {
            Assert.Equal(gravest, string.Join(';', queried.GetProperty(form).GetProperty("features").EnumerateArray().Select(f => Said(f.GetProperty(attributes), f.GetProperty("geometry")))));
        }
        Assert.Equal(await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE title <> 'ArcGIS REST JS'"), queried.GetProperty("count").GetInt64());
        var all = queried.GetProperty("all").EnumerateArray().Select(id => id.GetInt64()).ToList();
        Assert.Equal(await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE severity >= 4"), all.Count);
        Assert.Equal(all.Count, all.Distinct().Count());
        var wards = queried.GetProperty("wards").EnumerateArray().Select(w => (Code: w[0].GetString()!, Shape: w[1].GetString()!)).ToList();
        Assert.Equal(await data.ScalarAsync<string>("SELECT string_agg(code, ' ' ORDER BY code) FROM geosan.ward WHERE level = 'community' AND valid_to IS NULL"), string.Join(' ', wards.Select(w => w.Code).Order(StringComparer.Ordinal)));
        Assert.All(wards, ward => Assert.EndsWith("Polygon", ward.Shape, StringComparison.Ordinal));
        Assert.Equal(gravest.Split(';').Select(line => line.Split(' ')[1]), Texts(queried.GetProperty("decoded")));

        var changes = told.GetProperty("changes");
        var id = changes.GetProperty("id").GetInt64();
        Assert.Equal([(id, true)], Results(changes, "added", "addResults"));
        Assert.Equal([(id, true)], Results(changes, "updated", "updateResults"));
        Assert.Equal([(id, false), (7, false)], Results(changes, "refused", "updateResults"));
        Assert.Equal("ArcGISAuthError 499", changes.GetProperty("withoutKey").GetString());
        var now = changes.GetProperty("now");
        Assert.Equal(("ArcGIS REST JS", 5, 2), (now.GetProperty("title").GetString(), now.GetProperty("severity").GetInt32(), now.GetProperty("version").GetInt32()));
        var extracted = changes.GetProperty("extracted").GetProperty("edits")[0].GetProperty("objectIds");
        Assert.Equal([id], Numbers(extracted, "adds"));
        Assert.Empty(Numbers(extracted, "updates").Concat(Numbers(extracted, "deletes")));
        Assert.Equal([(id, true)], Results(changes, "deleted", "deleteResults"));
        Assert.Equal(0, await data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue WHERE id = {id}"));
    }

    private static string Said(JsonElement attributes, JsonElement place)
    {
        var x = place.TryGetProperty("x", out var own) ? own.GetDouble() : place.GetProperty("coordinates")[0].GetDouble();
        return FormattableString.Invariant($"{attributes.GetProperty("OBJECTID")} {attributes.GetProperty("status")} {attributes.GetProperty("reported_at")} {x:F6}");
    }

    private static IEnumerable<(long Id, bool Done)> Results(JsonElement changes, string change, string name)
        => changes.GetProperty(change).GetProperty(name).EnumerateArray().Select(r => (r.GetProperty("objectId").GetInt64(), r.GetProperty("success").GetBoolean()));

    private static List<long> Numbers(JsonElement lists, string name) => [.. lists.GetProperty(name).EnumerateArray().Select(n => n.GetInt64())];

    private static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(t => t.GetString());

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Node, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }
}
