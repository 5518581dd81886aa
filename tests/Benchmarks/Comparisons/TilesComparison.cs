using System.Diagnostics;
using System.Globalization;
using GeoSanitation.Server;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Testing;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare tiles</c>: vector tiles of single issues in memory and over HTTP, and heatmap tiles, beside ST_AsMVT.</summary>
internal static class TilesComparison
{
    private const int Rounds = 7;
    private const int PeerRounds = 5;
    private const int HeatmapZoom = 12;
    private const int HeatmapRequests = 200;
    private const int RateSeconds = 10;

    // How many times pgbench's rate ours should be: from zoom 16 on HTTP itself is the limit.
    private static readonly (int Zoom, double Least)[] RateGoals = [(12, 30), (14, 15), (16, 4)];

    public static async Task RunAsync(Report report, string folder)
    {
        var issues = SyntheticIssues.Of(SyntheticCity.Make(1_000_000));
        var points = new PointSnapshot(issues);
        report.Note($"{issues.Count:N0} issues of the synthetic city, in a table in web mercator with a spatial index for ST_AsMVT. Both write the same: id, place and the attributes named. "
            + "The tile with most issues of each zoom; then random tiles of the city over HTTP, none of them kept or packed, beside as many by pgbench with four clients and no HTTP.");
        await using var postgis = await PostgisPeer.StartAsync(folder);
        await postgis.LoadIssuesAsync(issues);
        var query = await File.ReadAllTextAsync(Path.Combine(Peer.Scripts, "tile.sql"));
        var version = await postgis.VersionAsync();
        Timing? heatmapPeer = null;
        var heatmapTile = default(TileAddress);
        for (var zoom = 10; zoom <= 16; zoom++)
        {
            var tile = Busiest(points, zoom);
            foreach (var attributes in (IssueAttributes[])[IssueAttributes.Category, IssueAttributes.All])
            {
                var peer = await MeasureTileAsync(report, points, postgis, Query(query, attributes, $"{tile.Zoom}", $"{tile.X}", $"{tile.Y}"), version, tile, attributes);
                (heatmapPeer, heatmapTile) = zoom == HeatmapZoom && attributes == IssueAttributes.Category ? (peer, tile) : (heatmapPeer, heatmapTile);
            }
        }
        MeasureHeatmap(report, points, heatmapTile);
        await using var server = await TestServer.StartAsync(new Settings { Tiles = new() { KeptMegabytes = 0 } }, new SnapshotSettings());
        await CityDatabase.FillAsync(server.Data, issues);
        await MeasureHeatmapOverHttpAsync(report, server.Client, heatmapTile, heatmapPeer!);
        foreach (var (zoom, least) in RateGoals)
        {
            await MeasureRateAsync(report, postgis, server, folder, query, Columns(points, zoom), least);
        }
    }

    private static async Task<Timing> MeasureTileAsync(Report report, PointSnapshot points, PostgisPeer postgis, string sql, string version, TileAddress tile, IssueAttributes attributes)
    {
        var said = attributes == IssueAttributes.All ? "all attributes" : string.Join(", ", IssueAttributeNames.Of(attributes));
        using var encoded = IssueTile.Encode(points, tile, attributes);
        var bytes = encoded.Written.ToArray();
        var mine = MvtPoints.Read(bytes);
        var theirs = MvtPoints.Read(await postgis.ScalarAsync<byte[]>(sql.Replace("length(", "(", StringComparison.Ordinal)));
        var inside = theirs.Where(p => p.Value is { X: >= 0 and < 4096, Y: >= 0 and < 4096 }).ToDictionary();
        var different = mine.Count(p => !inside.TryGetValue(p.Key, out var at) || at != p.Value);
        report.Check($"{tile}, {said}: {mine.Count:N0} ids and coordinates as in ST_AsMVT's tile ({different} different, {inside.Count} there)", different == 0 && inside.Count == mine.Count);
        var (ours, peer) = await Timing.AroundAsync(Rounds, () => IssueTile.Encode(points, tile, attributes).Dispose(), () => postgis.MeasureQueryAsync(sql, PeerRounds, tile.Zoom < 13 ? 1 : 10));
        report.Row($"ours, {tile}, {said}, {mine.Count:N0} issues, {bytes.Length / 1e6:0.00} MB", ours);
        report.Row($"{version}: ST_AsMVT", peer, ours);
        report.Faster($"ST_AsMVT, busiest tile of zoom {tile.Zoom}, {said}", peer, ours, 80);
        return peer;
    }

    /// <summary>The peer's statement.</summary>
    private static string Query(string template, IssueAttributes attributes, string zoom, string x, string y)
        => template.Replace(":attributes", string.Join(", ", IssueAttributeNames.Of(attributes)), StringComparison.Ordinal).Replace(":z", zoom, StringComparison.Ordinal)
            .Replace(":x", x, StringComparison.Ordinal).Replace(":y", y, StringComparison.Ordinal);

    private static TileAddress Busiest(PointSnapshot points, int zoom)
    {
        var (_, west, east, north, south) = Columns(points, zoom);
        var tiles = from x in Enumerable.Range(west, east - west + 1) from y in Enumerable.Range(north, south - north + 1) select new TileAddress(zoom, x, y);
        return tiles.MaxBy(t => points.Chosen.InSquare(t.Zoom, t.X, t.Y).Sum(stretch => stretch.Count));
    }

    /// <summary>Columns and rows of the tiles that hold the city.</summary>
    private static (int Zoom, int West, int East, int North, int South) Columns(PointSnapshot points, int zoom)
    {
        var (west, north) = WebMercator.FromLonLat(points.Bounds.MinX, points.Bounds.MaxY);
        var (east, south) = WebMercator.FromLonLat(points.Bounds.MaxX, points.Bounds.MinY);
        int Tile(double at) => (int)Math.ScaleB(at, zoom);
        return (zoom, Tile(west), Tile(east), Tile(north), Tile(south));
    }

    private static void MeasureHeatmap(Report report, PointSnapshot points, TileAddress tile)
    {
        var parameters = HeatmapParameters.Parse(QueryCollection.Empty);
        var style = parameters.At(tile.Zoom, points.MiddleLatDegrees);
        var surface = new HeatmapSurfaces().Of(points, tile.Zoom, style);
        var drawn = Timing.Measure(Rounds, () => Heatmap.Draw(surface, tile.X, tile.Y, Heatmap.TilePixels, parameters.Ramp));
        report.Row($"ours, heatmap {tile} as PNG", drawn);
        report.AtMost($"heatmap tile of zoom {tile.Zoom}, computed", 1e3 * drawn.Cpu, 2, "ms CPU");
    }

    private static async Task MeasureHeatmapOverHttpAsync(Report report, HttpClient client, TileAddress tile, Timing peer)
    {
        var seconds = new List<double>();
        for (var i = -HeatmapRequests / 4; i < HeatmapRequests; i++)
        {
            var watch = Stopwatch.StartNew();
            await client.GetByteArrayAsync($"/tiles/heatmap/{tile}.png");
            if (i >= 0)
            {
                seconds.Add(watch.Elapsed.TotalSeconds);
            }
        }
        var p95 = seconds.Order().ElementAt((int)(0.95 * seconds.Count));
        report.Note($"Heatmap tile {tile} over HTTP, made anew each time: median {Report.Time(seconds.Order().ElementAt(seconds.Count / 2))}, 95th percentile {Report.Time(p95)}.");
        report.AtLeast($"ST_AsMVT of the same tile beside the 95th percentile of the heatmap tile over HTTP, zoom {tile.Zoom}", peer.Wall / p95, 20);
    }

    private static async Task MeasureRateAsync(
        Report report, PostgisPeer postgis, TestServer server, string folder, string query, (int Zoom, int West, int East, int North, int South) tiles, double least)
    {
        var script = string.Create(CultureInfo.InvariantCulture, $"\\set x random({tiles.West}, {tiles.East})\n\\set y random({tiles.North}, {tiles.South})\n")
            + Query(query, IssueAttributes.Category, $"{tiles.Zoom}", ":x", ":y").ReplaceLineEndings(" ") + ";\n";
        var before = await WrkAsync(server.Address, tiles);
        var theirs = await postgis.RateAsync(folder, script, RateSeconds);
        var ours = (before + await WrkAsync(server.Address, tiles)) / 2;
        report.Note(string.Create(CultureInfo.InvariantCulture, $"Random tiles a second, zoom {tiles.Zoom}: ours over HTTP {ours:N0}, pgbench {theirs:N1}."));
        report.AtLeast($"random tiles of zoom {tiles.Zoom} over HTTP beside pgbench", ours / theirs, least);
    }

    private static async Task<double> WrkAsync(Uri address, (int Zoom, int West, int East, int North, int South) tiles)
    {
        var (exitCode, output, errors) = await Peer.StartAsync("wrk", ["-t", "1", "-c", "4", "-d", $"{RateSeconds}s", "-s", Path.Combine(Peer.Scripts, "tiles.lua"), address.ToString(), "--",
            $"{tiles.Zoom}", $"{tiles.West}", $"{tiles.East}", $"{tiles.North}", $"{tiles.South}"]);
        if (exitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"wrk failed:\n{output}{errors}");
        }
        return double.Parse(output.Split('\n').Single(line => line.StartsWith("Requests/sec:", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);
    }
}
