using GeoSanitation.Hotspots.Clustering;

namespace GeoSanitation.Hotspots.Tests.Clustering;

/// <summary>HDBSCAN* word for word: every pair of points an edge, sets joined edge by edge from the shortest to the longest, then read from the top.</summary>
internal sealed class HdbscanByDefinition
{
    private readonly double[] _coreSquared;
    private readonly Set _all;
    private readonly HdbscanOptions _options;
    private readonly List<Cluster> _clusters = [];
    private readonly Cluster[] _lastOf;
    private readonly double[] _lambda;
    private readonly double[] _alone;

    private HdbscanByDefinition((double X, double Y)[] points, HdbscanOptions options)
    {
        var n = points.Length;
        _options = options;
        _lastOf = new Cluster[n];
        _lambda = new double[n];
        _alone = new double[n];
        // Squares are compared: of two that differ in their last bit, the roots are often equal, and the shorter edge would no longer come first.
        double Squared(int a, int b)
            => (points[a].X - points[b].X) * (points[a].X - points[b].X) + (points[a].Y - points[b].Y) * (points[a].Y - points[b].Y);
        _coreSquared = [.. Enumerable.Range(0, n).Select(a => Math.Max(
            options.FloorMeters * options.FloorMeters, Enumerable.Range(0, n).Select(b => Squared(a, b)).Order().ElementAt((int)options.MinPoints!.Value - 1)))];
        double Reach(int a, int b) => Math.Max(Math.Max(_coreSquared[a], _coreSquared[b]), Squared(a, b));
        // Points at one place are one before anything else at their distance; then the edge with the lower first, and second, place comes first.
        var place = points.Select(p => Array.IndexOf(points, p)).ToArray();
        var edges = Enumerable.Range(0, n).SelectMany(b => Enumerable.Range(0, b).Select(a => (A: a, B: b)))
            .OrderBy(e => Reach(e.A, e.B))
            .ThenBy(e => place[e.A] != place[e.B])
            .ThenBy(e => Math.Min(place[e.A], place[e.B])).ThenBy(e => Math.Max(place[e.A], place[e.B])).ThenBy(e => e.A).ThenBy(e => e.B);
        var setOf = Enumerable.Range(0, n).Select(i => new Set([i], Math.Sqrt(_coreSquared[i]), null, null)).ToArray();
        foreach (var (a, b) in edges)
        {
            if (setOf[a] != setOf[b])
            {
                var joined = new Set([.. setOf[a].Points, .. setOf[b].Points], Math.Sqrt(Reach(a, b)), setOf[a], setOf[b]);
                foreach (var i in joined.Points)
                {
                    _alone[i] = setOf[i].Points.Length == 1 ? 1 / joined.Distance : _alone[i];
                    setOf[i] = joined;
                }
            }
        }
        _all = setOf[0];
    }

    public static HdbscanResult Compute((double X, double Y)[] points, HdbscanOptions options)
        => points.Length < options.MinClusterSize || points.Length < options.MinPoints
            ? HdbscanResult.OnlyNoise(points.Length)
            : new HdbscanByDefinition(points, options).Compute();

    private HdbscanResult Compute()
    {
        var root = new Cluster(null, 0);
        _clusters.Add(root);
        Follow(_all, root);
        var chosen = _options.Selection == ClusterSelectionMethod.Leaf ? [.. _clusters.Where(c => c.Children.Count == 0)] : MostMass(root).Chosen;
        if (!_options.AllowSingleCluster)
        {
            chosen.Remove(root);
        }
        chosen = [.. chosen.Select(Raised).Distinct()];
        chosen.RemoveAll(c => Ancestors(c).Skip(1).Any(chosen.Contains));

        var labels = new int[_coreSquared.Length];
        var numbers = new List<Cluster>();
        var probabilities = new double[labels.Length];
        var scores = new double[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            scores[i] = 1 - _lambda[i] / DeepestIn(_lastOf[i]);
            labels[i] = -1;
            if (Ancestors(_lastOf[i]).FirstOrDefault(chosen.Contains) is { } cluster)
            {
                if (!numbers.Contains(cluster))
                {
                    numbers.Add(cluster);
                }
                labels[i] = numbers.IndexOf(cluster);
                var end = cluster.Left.Select(p => _lambda[p]).Concat(cluster.Children.Select(c => c.Birth)).Max();
                probabilities[i] = Math.Min(_lambda[i], end) / end;
            }
        }
        return new HdbscanResult(labels, probabilities, scores, [.. numbers.Select(c => new HdbscanCluster(SizeOf(c), 1 / c.Birth, StabilityOf(c)))]);
    }

    private void Follow(Set set, Cluster cluster)
    {
        if (set.Left is null || set.Right is null)
        {
            Leave(set.Points, cluster, 1 / set.Distance);
            return;
        }
        var large = new[] { set.Left, set.Right }.Count(part => part.Points.Length >= _options.MinClusterSize);
        foreach (var part in new[] { set.Left, set.Right })
        {
            if (part.Points.Length < _options.MinClusterSize)
            {
                Leave(part.Points, cluster, 1 / set.Distance);
            }
            else if (large == 1)
            {
                Follow(part, cluster);
            }
            else
            {
                var child = new Cluster(cluster, 1 / set.Distance);
                _clusters.Add(child);
                cluster.Children.Add(child);
                Follow(part, child);
            }
        }
    }

    private void Leave(int[] points, Cluster cluster, double lambda)
    {
        cluster.Left.AddRange(points);
        foreach (var point in points)
        {
            (_lastOf[point], _lambda[point]) = (cluster, lambda);
        }
    }

    private (List<Cluster> Chosen, double Mass) MostMass(Cluster cluster)
    {
        var inside = cluster.Children.Select(MostMass).ToList();
        var (sum, own) = (inside.Sum(i => i.Mass), StabilityOf(cluster));
        return own >= sum * (1 - 1e-12) && (cluster.Parent is not null || _options.AllowSingleCluster)
            ? ([cluster], own)
            : ([.. inside.SelectMany(i => i.Chosen)], sum);
    }

    private Cluster Raised(Cluster cluster)
    {
        while (cluster.Parent is { } parent && 1 / cluster.Birth < _options.EpsilonMeters && (parent.Parent is not null || _options.AllowSingleCluster))
        {
            cluster = parent;
        }
        return cluster;
    }

    private double StabilityOf(Cluster cluster)
        => cluster.Left.Sum(p => CountedUntil(p, cluster) - cluster.Birth) + cluster.Children.Sum(c => SizeOf(c) * (c.Birth - cluster.Birth));

    // By R's rule a point counts until nothing is left with it, but not longer than its cluster lasts.
    private double CountedUntil(int point, Cluster cluster)
        => _options.Stability == StabilityRule.Published ? _lambda[point] : Math.Min(_alone[point], cluster.Children.FirstOrDefault()?.Birth ?? double.PositiveInfinity);

    private double DeepestIn(Cluster cluster)
        => cluster.Left.Select(p => _lambda[p]).Concat(cluster.Children.Select(DeepestIn)).Max();

    private static int SizeOf(Cluster cluster) => cluster.Left.Count + cluster.Children.Sum(SizeOf);

    private static IEnumerable<Cluster> Ancestors(Cluster cluster)
    {
        for (var c = cluster; c is not null; c = c.Parent)
        {
            yield return c;
        }
    }

    private sealed record Set(int[] Points, double Distance, Set? Left, Set? Right);

    private sealed class Cluster(Cluster? parent, double birth)
    {
        public Cluster? Parent { get; } = parent;

        public double Birth { get; } = birth;

        public List<Cluster> Children { get; } = [];

        public List<int> Left { get; } = [];
    }
}
