using System.Text.Json;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Ogc.Features;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare geojson</c>: 10,000 issues as GeoJSON from the columns in memory, beside the ways of SQL to write the same, and MapServer.</summary>
internal static class GeoJsonComparison
{
    private const int Rounds = 7;
    private const int PeerRounds = 5;
    private const int Features = 10_000;
    private const string MapServer = "/usr/lib/cgi-bin/mapserv";

    private static readonly (string File, string Name, double Least)[] Peers =
        [("geojson-text.sql", "format and string_agg", 10), ("geojson-row.sql", "ST_AsGeoJSON of rows and json_agg", 10), ("geojson-jsonb.sql", "jsonb_build_object and jsonb_agg", 40)];

    public static async Task RunAsync(Report report, string folder)
    {
        var issues = SyntheticIssues.Of(SyntheticCity.Make(1_000_000));
        var query = new FeatureQuery(LayerCatalog.Issues) { Limit = Features, Columns = [.. new[] { "category", "status", "reported_at" }.Select(name => LayerCatalog.Issues.Find(name)!)] };
        var view = await CityColumns.ViewOfAsync(issues);
        report.Note($"{Features:N0} of {issues.Count:N0} issues: id, place to seven decimals, category, status, time. Ours chooses them and writes the features of a page of OGC API; SQL makes one text in the server, which is not sent. MapServer answers over FastCGI; its processor time is with that of PostgreSQL, which reads for it.");
        await using var postgis = await PostgisPeer.StartAsync(folder);
        await postgis.LoadIssuesAsync(issues);
        var version = await postgis.VersionAsync();
        using var written = new RentedBytes();
        Write(view, query, written);
        var mine = JsonDocument.Parse(written.Written.ToArray()).RootElement;
        foreach (var (file, name, least) in Peers)
        {
            var sql = await File.ReadAllTextAsync(Path.Combine(Peer.Scripts, file));
            Check(report, name, mine, JsonDocument.Parse(await postgis.ScalarAsync<string>(sql)).RootElement);
            var (ours, peer) = await Timing.AroundAsync(Rounds, Measured, () => postgis.MeasureQueryAsync(sql, PeerRounds, 10));
            Compare(report, $"{version}: {name}", $"PostGIS, {name}", ours, peer, least);
        }
        var wfs = new Peer(folder);
        var (around, mapServer) = await Timing.AroundAsync(Rounds, Measured, () => File.Exists(MapServer) ? wfs.RunAsync("mapserver.py", [], postgis.SocketDirectory, PeerRounds) : Task.FromResult<PeerResult?>(null));
        if (mapServer is null)
        {
            Console.WriteLine("skipped MapServer: it is not installed; tests/Benchmarks/install-peers installs it");
            return;
        }
        Check(report, "MapServer", mine, JsonDocument.Parse(await File.ReadAllBytesAsync(wfs.PathOf("wfs.json"))).RootElement.GetProperty("features"));
        Compare(report, $"{mapServer.Version}: WFS 2.0, GeoJSON", "MapServer, WFS", around, mapServer.Timing, 50);

        void Measured()
        {
            using var bytes = new RentedBytes();
            Write(view, query, bytes);
        }
    }

    private static void Check(Report report, string name, JsonElement mine, JsonElement theirs)
    {
        var different = mine.EnumerateArray().Zip(theirs.EnumerateArray()).Count(pair => ContentOf(pair.First) != ContentOf(pair.Second));
        report.Check($"{name}: {theirs.GetArrayLength():N0} features with the same ids, places and attributes ({different} different)", different == 0 && theirs.GetArrayLength() == mine.GetArrayLength());
    }

    private static void Compare(Report report, string peer, string goal, Timing ours, Timing theirs, double least)
    {
        report.Row($"ours, {Features / ours.Wall / 1e6:0.0} million features a second", ours);
        report.Row(peer, theirs, ours);
        report.Faster(goal, theirs, ours, least);
    }

    private static void Write(DataView view, FeatureQuery query, RentedBytes bytes)
    {
        var items = ColumnItems.Of(view, query)!;
        items.Json.Write(items.Page, items.Returned, bytes);
    }

    /// <summary>ST_AsGeoJSON of rows puts the id among the properties, as MapServer does.</summary>
    private static string ContentOf(JsonElement feature)
    {
        var (place, properties) = (feature.GetProperty("geometry").GetProperty("coordinates"), feature.GetProperty("properties"));
        var id = (properties.TryGetProperty("id", out var own) ? own : feature.GetProperty("id")).GetInt64();
        return string.Join(' ', id, place[0].GetDouble(), place[1].GetDouble(), properties.GetProperty("category"), properties.GetProperty("status"), properties.GetProperty("reported_at"));
    }
}
