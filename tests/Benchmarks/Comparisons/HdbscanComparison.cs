using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare hdbscan</c>: beside R dbscan for 20,000 points, which is about what its memory allows, and beside our own DBSCAN for a million.</summary>
internal static class HdbscanComparison
{
    private const int Small = 20_000;
    private const int Minimum = 10;
    private const int Rounds = 9;
    private const int Shuffles = 100;

    public static async Task RunAsync(Report report, string folder)
    {
        var city = SyntheticCity.Make(1_000_000);
        var options = new HdbscanOptions(Minimum);
        report.Note($"HDBSCAN*, minimum size and minPts {Minimum} (itself counted), excess of mass, memberships and outlier scores too. One thread of ours. R's method needs memory for all pairs: about 3 GB for {Small:N0} points.");
        var large = city.First(city.Count);
        var peak = Timing.PeakBytesOver(() => Hdbscan.Compute(large, options));
        var labels = new int[large.Count];
        var dbscan = Timing.Measure(Rounds, () => Dbscan.Label(large, 50, Minimum, labels));
        var million = Timing.Measure(3, () => Hdbscan.Compute(large, options)) with { PeakBytes = peak };

        var few = city.First(Small);
        var peer = new Peer(folder);
        peer.Write("points", few.XMeters.ToArray(), few.YMeters.ToArray());
        var (ours, r) = await Timing.AroundAsync(Rounds, () => Hdbscan.Compute(few, options), () => peer.RunAsync("hdbscan.R", ["dbscan"], Minimum, 3));
        report.Row($"ours, {Small:N0} points", ours);
        if (r is not null)
        {
            report.Row($"R dbscan {r.Version}, hdbscan, {Small:N0} points", r.Timing, ours);
            report.Faster("R hdbscan", r.Timing, ours, 80);
            Check(report, few, options, peer);
        }
        report.Row($"ours, {city.Count:N0} points", million);
        report.Row($"our DBSCAN, {city.Count:N0} points, eps 50 m", dbscan);
        report.AtMost($"{city.Count:N0} points beside our DBSCAN", million.Wall / dbscan.Wall, 40);
        report.AtMost("peak memory over the points", peak / 1e6, 600, "MB");
    }

    private static void Check(Report report, Points points, HdbscanOptions options, Peer peer)
    {
        // The hierarchy: at which distance the next two parts join.
        var tree = new KdTree(points.XMeters, points.YMeters);
        double[] ones = [.. Enumerable.Repeat(1.0, points.Count)];
        var core = CoreDistances.Squared(tree, ones, Minimum, 0, new ParallelOptions());
        var joins = ReachabilityTree.Find(tree, core, new ParallelOptions()).SquaredLength.Select(Math.Sqrt).Order().ToArray();
        var worst = joins.Zip(peer.Read<double>("heights").Order()).Max(pair => Math.Abs(pair.First - pair.Second) / Math.Max(pair.Second, 1e-3));
        report.Check($"all {joins.Length:N0} distances at which parts join are R's within a relative 1e-9 (largest difference {worst:0.0e+0})", worst <= 1e-9);

        var found = Hdbscan.Compute(points, options);
        var same = Partitions.Same(found.Labels, Array.ConvertAll(peer.Read<int>("r"), l => l - 1));
        var settled = Settled(points, options, found.Labels);
        report.AtMost($"points in another cluster than R's, of {points.Count:N0} ({found.Clusters.Length} clusters, {found.Labels.Count(l => l < 0):N0} noise)", same.Count(s => !s), 0, "points");
        report.Note(
            $"Of the {same.Count(s => !s)} points in another cluster than R's, {same.Zip(settled).Count(pair => !pair.First && !pair.Second)} are among the {settled.Count(s => !s)} whose cluster depends on which of equal distances "
            + $"joins first: it changed in one of {Shuffles} shuffles of the points. The hierarchy is R's; the others are in clusters that are kept whole here and split by R: R's scores of clusters are not quite the sums over points of Campello and others (2015), which ours are.");
    }

    /// <summary>For each point whether its cluster stays the same in whatever order the points are given.</summary>
    private static bool[] Settled(Points points, HdbscanOptions options, int[] labels)
    {
        var settled = new bool[points.Count];
        Array.Fill(settled, true);
        var random = new Random(Shuffles);
        for (var s = 0; s < Shuffles; s++)
        {
            int[] order = [.. Enumerable.Range(0, points.Count)];
            random.Shuffle(order);
            var shuffled = new Points([.. order.Select(i => points.XMeters[i])], [.. order.Select(i => points.YMeters[i])]);
            var others = new int[points.Count];
            foreach (var (label, i) in Hdbscan.Compute(shuffled, options).Labels.Zip(order))
            {
                others[i] = label;
            }
            var kept = Partitions.Same(labels, others);
            for (var i = 0; i < settled.Length; i++)
            {
                settled[i] &= kept[i];
            }
        }
        return settled;
    }
}
