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
        var asInR = options with { Stability = StabilityRule.RDbscan };
        report.Note($"HDBSCAN*, minimum size and minPts {Minimum} (itself counted), excess of mass, memberships and outlier scores too. One thread of ours. R's method needs memory for all pairs: about 3 GB for {Small:N0} points.");
        var large = city.First(city.Count);
        var peak = Timing.PeakBytesOver(() => Hdbscan.Compute(large, options));
        var labels = new int[large.Count];
        var dbscan = Timing.Measure(Rounds, () => Dbscan.Label(large, 50, Minimum, labels));
        var million = Timing.Measure(3, () => Hdbscan.Compute(large, options)) with { PeakBytes = peak };

        var few = city.First(Small);
        var peer = new Peer(folder);
        peer.Write("points", few.XMeters.ToArray(), few.YMeters.ToArray());
        var edges = Edges(few);
        peer.Write("edges", [.. edges.Select(e => (double)e.A)], [.. edges.Select(e => (double)e.B)], [.. edges.Select(e => e.Length)]);
        var (ours, r) = await Timing.AroundAsync(Rounds, () => Hdbscan.Compute(few, asInR), () => peer.RunAsync("hdbscan.R", ["dbscan"], Minimum, 3));
        report.Row($"ours, {Small:N0} points, stability by R's rule", ours);
        report.Row($"ours, {Small:N0} points", Timing.Measure(Rounds, () => Hdbscan.Compute(few, options)), ours);
        if (r is not null)
        {
            report.Row($"R dbscan {r.Version}, hdbscan, {Small:N0} points", r.Timing, ours);
            report.Faster("R hdbscan", r.Timing, ours, 80);
            Check(report, few, options, [.. edges.Select(e => e.Length)], peer);
        }
        report.Row($"ours, {city.Count:N0} points", million);
        report.Row($"our DBSCAN, {city.Count:N0} points, eps 50 m", dbscan);
        report.AtMost($"{city.Count:N0} points beside our DBSCAN", million.Wall / dbscan.Wall, 40);
        report.AtMost("peak memory over the points", peak / 1e6, 600, "MB");
    }

    /// <summary>The edges of our spanning tree in the order in which they join: among equally long ones the one whose lower point is lowest first, then the one whose higher point is.</summary>
    private static (int A, int B, double Length)[] Edges(Points points)
    {
        var tree = new KdTree(points.XMeters, points.YMeters);
        double[] ones = [.. Enumerable.Repeat(1.0, points.Count)];
        var core = CoreDistances.Squared(tree, ones, Minimum, 0, new ParallelOptions());
        var found = ReachabilityTree.Find(tree, core, new ParallelOptions());
        return
        [
            .. found.SquaredLength.Select((squared, e) => (A: tree.Order[found.A[e]], B: tree.Order[found.B[e]], Squared: squared))
                .OrderBy(e => e.Squared).ThenBy(e => Math.Min(e.A, e.B)).ThenBy(e => Math.Max(e.A, e.B)).Select(e => (e.A, e.B, Math.Sqrt(e.Squared))),
        ];
    }

    private static void Check(Report report, Points points, HdbscanOptions options, double[] joins, Peer peer)
    {
        // The hierarchy: at which distance the next two parts join, and that R finds the points of each of our edges as far apart.
        var (fromR, again) = (Largest(joins, peer.Read<double>("heights")), Largest(joins, peer.Read<double>("reach")));
        report.Check($"all {joins.Length:N0} distances at which parts join are R's within a relative 1e-9 (largest difference {fromR:0.0e+0})", fromR <= 1e-9);
        report.Check($"the edges of our spanning tree are as long as R's mutual reachability says, within a relative 1e-9 (largest difference {again:0.0e+0})", again <= 1e-9);

        // The choice of clusters, by R's rule and by the published one; which of equal distances joins first is nobody's to say, so points that this decides are told apart.
        var (found, byRule) = (Hdbscan.Compute(points, options), Hdbscan.Compute(points, options with { Stability = StabilityRule.RDbscan }));
        bool[] Differs(HdbscanResult ours, string file) => Array.ConvertAll(Partitions.Same(ours.Labels, Labels(peer, file)), same => !same);
        var (settled, settledByRule) = (Settled(points, options, found.Labels), Settled(points, options with { Stability = StabilityRule.RDbscan }, byRule.Labels));
        var fromRAlone = Differs(byRule, "r");
        report.AtMost(
            $"points in another cluster than in R's own answer, stability by R's rule, of {points.Count:N0}, but for those that a tie decides ({byRule.Clusters.Length} clusters, {byRule.Labels.Count(l => l < 0):N0} noise; a tie decides {settledByRule.Count(s => !s)}, of which {fromRAlone.Count(d => d)} differ)",
            fromRAlone.Zip(settledByRule).Count(pair => pair.First && pair.Second), 0, "points");
        report.AtMost("the same, equal distances joined in our order by R: all points", Differs(byRule, "late-ours").Count(d => d), 0, "points");
        report.AtMost(
            $"points in another cluster than by the published scores from R's tree, equal distances joined in our order ({found.Clusters.Length} clusters, {found.Labels.Count(l => l < 0):N0} noise)",
            Differs(found, "published-ours").Count(d => d), 0, "points");
        report.AtMost("the same, equal distances joined in R's order, but for points that a tie decides", Differs(found, "published").Zip(settled).Count(pair => pair.First && pair.Second), 0, "points");
        var late = Partitions.Same(Labels(peer, "late"), Labels(peer, "r")).Count(s => !s);
        report.Check($"R's rule as we read it, computed in R from R's tree, gives R's own clusters, point for point ({late} differ)", late == 0);
        report.Note(
            $"By the published scores {Differs(found, "r").Count(d => d)} points are in another cluster than in R's own answer: there a branch of fewer points than the minimum leaves its cluster where it parts from it; in R its points stay until the branch itself comes apart, so scores of loosely built clusters are higher. "
            + $"Which points a tie decides was found by {Shuffles} shuffles of the points.");
    }

    private static int[] Labels(Peer peer, string file) => Array.ConvertAll(peer.Read<int>(file), label => label - 1);

    private static double Largest(double[] ours, double[] theirs) => ours.Zip(theirs).Max(pair => Math.Abs(pair.First - pair.Second) / Math.Max(pair.Second, 1e-3));

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
