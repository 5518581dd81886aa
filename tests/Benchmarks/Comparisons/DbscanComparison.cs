using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Clustering;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare dbscan</c>: beside PostGIS, R dbscan and scikit-learn, a million points.</summary>
internal static class DbscanComparison
{
    private const double EpsMeters = 50;
    private const int MinPoints = 10;
    private const int Rounds = 7;
    private const int PeerRounds = 3;

    public static async Task RunAsync(Report report, string folder)
    {
        var city = SyntheticCity.Make(1_000_000);
        var points = city.First(city.Count);
        report.Note($"DBSCAN of {points.Count:N0} points of the synthetic city, eps {EpsMeters} m, minPts {MinPoints} (itself counted). One thread of ours.");
        var labels = new int[points.Count];
        var peak = Timing.PeakBytesOver(() => Dbscan.Label(points, EpsMeters, MinPoints, labels));
        void Ours() => Dbscan.Label(points, EpsMeters, MinPoints, labels);

        var peer = new Peer(folder);
        peer.Write("points", city.X, city.Y);
        await using var postgis = await PostgisPeer.StartAsync(folder);
        await postgis.LoadAsync(points);

        var (ours, sql) = await Timing.AroundAsync(Rounds, Ours, () => postgis.MeasureAsync("dbscan.sql", PeerRounds));
        report.Row("ours, in memory", ours with { PeakBytes = peak });
        report.Row($"{await postgis.VersionAsync()}: ST_ClusterDBSCAN", sql, ours);
        report.Faster("PostGIS, in memory", sql, ours, 60);
        var fromSql = postgis.MeasureReading(Rounds, () => Dbscan.Label(postgis.ReadPoints(points.Count), EpsMeters, MinPoints, labels));
        report.Row("ours, rows read from PostGIS (its CPU too)", fromSql);
        report.Faster("PostGIS, end to end", sql, fromSql, 20);
        var sqlLabels = await postgis.FoundAsync("cluster", points.Count);

        (ours, var r) = await Timing.AroundAsync(Rounds, Ours, () => peer.RunAsync("dbscan.R", ["dbscan"], EpsMeters, MinPoints, PeerRounds));
        if (r is not null)
        {
            report.Row($"R dbscan {r.Version}", r.Timing, ours);
            report.Faster("R dbscan", r.Timing, ours, 20);
        }
        (ours, var sklearn) = await Timing.AroundAsync(Rounds, Ours, () => peer.RunAsync("dbscan.py", ["sklearn"], EpsMeters, MinPoints, PeerRounds));
        if (sklearn is not null)
        {
            report.Row($"scikit-learn {sklearn.Version}, ball tree, n_jobs=-1", sklearn.Timing, ours);
            report.Faster("scikit-learn, all cores", sklearn.Timing, ours, 40);
            CheckLabels(report, points, labels, sqlLabels, peer);
        }
        var tenth = city.First(points.Count / 10);
        var small = Timing.Measure(Rounds, () => Dbscan.Label(tenth, EpsMeters, MinPoints, labels.AsSpan(0, tenth.Count)));
        report.AtMost("growth from 100,000 to 1,000,000 points, ten times as dense", ours.Wall / small.Wall, 12);
        report.AtMost("peak memory over the points", peak / 1e6, 150, "MB");
    }

    private static void CheckLabels(Report report, Points points, int[] labels, int[] sqlLabels, Peer peer)
    {
        var theirs = peer.Read<int>("sklearn");
        var same = labels.Zip(theirs).Count(pair => pair.First == pair.Second);
        report.Check($"labels equal scikit-learn's, point for point, for {same:N0} of {points.Count:N0} points ({labels.Max() + 1:N0} clusters, {labels.Count(l => l < 0):N0} noise)", same == points.Count);
        var cores = peer.Read<int>("cores");
        var isCore = new bool[points.Count];
        foreach (var core in cores)
        {
            isCore[core] = true;
        }
        int Differences(int[] others) => Partitions.Same([.. cores.Select(i => labels[i])], [.. cores.Select(i => others[i])]).Count(same => !same);
        var differences = Differences(sqlLabels);
        report.Check($"PostGIS has the same partition of the {cores.Length:N0} core points ({differences} differ)", differences == 0);
        var noise = Enumerable.Range(0, points.Count).Count(i => labels[i] < 0 != sqlLabels[i] < 0);
        report.Check($"PostGIS has the same noise ({noise} differ)", noise == 0);
        var strays = Partitions.NotAdjoining(points, EpsMeters, isCore, labels);
        report.Check($"each border point has a core point of its cluster within eps ({strays} have not)", strays == 0);
        if (File.Exists(peer.PathOf("r")))
        {
            var r = peer.Read<int>("r");
            differences = Differences(Array.ConvertAll(r, l => l - 1));
            report.Check($"R has the same partition of the core points ({differences} differ)", differences == 0);
        }
    }
}
