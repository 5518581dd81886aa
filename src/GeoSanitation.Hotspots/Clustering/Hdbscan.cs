using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Clustering;

/// <summary>Density-based clustering without a radius (HDBSCAN*), exact: clusters of different density, each with a membership for every point.</summary>
/// <remarks>Sources: Campello, Moulavi, Sander (2013), doi 10.1007/978-3-642-37456-2_14; Campello and others (2015), doi 10.1145/2733381; epsilon: Malzer and Baum
/// (2020), doi 10.1109/MFI49285.2020.9235263. Many mutual reachability distances are equal, because they are one point's core distance; of such edges the
/// one with the lower point of the input comes first, then the one whose other point is lower. A point whose core distance is exactly that of a split
/// can fall to either side by this rule, and by the order of the points. Takes about n log n; memory O(n).</remarks>
public static class Hdbscan
{
    /// <summary>Label of a point that belongs to no cluster.</summary>
    public const int Noise = Dbscan.Noise;

    /// <summary>Clusters points.</summary>
    /// <param name="points">n points, meters; weights count when the options say so, times play no part.</param>
    /// <param name="options">What makes a cluster.</param>
    /// <param name="maxThreads">Threads to use, &gt;= 1; the result is the same with any number.</param>
    /// <param name="cancellation">Stops the work with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Arrays of length n. All points are noise when together they are fewer than a cluster or than minPoints, or never fall into two clusters and
    /// <see cref="HdbscanOptions.AllowSingleCluster"/> is off; so are points that are all at one place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option or maxThreads is outside its interval.</exception>
    /// <exception cref="ArgumentException">The points are more than 1e150 meters apart.</exception>
    public static HdbscanResult Compute(Points points, HdbscanOptions options, int maxThreads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        options.Check();
        var (minX, minY, maxX, maxY) = points.Bounds();
        if (!(Math.Max(maxX - minX, maxY - minY) <= 1e150))
        {
            throw new ArgumentException("The points are too far apart for their distances to be squared.", nameof(points));
        }
        var places = new Places(points.XMeters, points.YMeters, options.Weighted ? points.Weight : []);
        var minPoints = options.MinPoints ?? options.MinClusterSize;
        var total = places.Weight.Sum();
        if (total < options.MinClusterSize || total < minPoints)
        {
            return HdbscanResult.OnlyNoise(points.Count);
        }
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = maxThreads, CancellationToken = cancellation };
        var tree = new KdTree(places.X, places.Y, maxThreads);
        var weight = Array.ConvertAll(tree.Order, place => places.Weight[place]);
        var core = CoreDistances.Squared(tree, weight, minPoints, options.FloorMeters * options.FloorMeters, parallel);
        var merges = new MergeTree(weight, tree.Order, ReachabilityTree.Find(tree, core, parallel));
        cancellation.ThrowIfCancellationRequested();
        var condensed = new CondensedTree(merges, core, options.MinClusterSize, options.Stability);
        var positionOfPlace = new int[places.Count];
        for (var k = 0; k < places.Count; k++)
        {
            positionOfPlace[tree.Order[k]] = k;
        }
        return new ClusterSelection(condensed, weight, options).Describe(Array.ConvertAll(places.PlaceOf, place => positionOfPlace[place]));
    }
}

/// <summary>Which clusters of the hierarchy are the answer.</summary>
public enum ClusterSelectionMethod
{
    /// <summary>Those that hold most over the widest range of densities (Campello and others 2013).</summary>
    ExcessOfMass,

    /// <summary>The smallest ones: finer, and more alike in size.</summary>
    Leaf,
}

/// <summary>Until when a point counts towards the stability of its cluster, which decides between a cluster and those inside it.</summary>
public enum StabilityRule
{
    /// <summary>Until it leaves the cluster, alone or with a branch that is too small to be one (Campello and others 2013, section 5; 2015, section 4).</summary>
    Published,

    /// <summary>Until such a branch has come apart itself, or the cluster falls in two: as hdbscan of the R package dbscan counts (Hahsler and others 2019, doi
    /// 10.18637/jss.v091.i01), to find the clusters that it finds. Loosely built clusters gain by it.</summary>
    RDbscan,
}

/// <summary>What makes a cluster in <see cref="Hdbscan"/>.</summary>
/// <param name="MinClusterSize">Points that make a cluster, &gt;= 2, or the weight that does, &gt; 0, when <paramref name="Weighted"/>.</param>
/// <param name="MinPoints">Points (or weight), itself included, within a point's core distance, &gt;= 1 (or &gt; 0): larger is smoother. As many as <paramref name="MinClusterSize"/> when null.</param>
/// <param name="Selection">Which clusters of the hierarchy are the answer.</param>
/// <param name="AllowSingleCluster">Whether all points together may be the one cluster. Every point is then in it, with its probability.</param>
/// <param name="EpsilonMeters">Clusters do not split at distances below this, meters, &gt;= 0: what would be found there is merged back.</param>
/// <param name="FloorMeters">Smaller distances count as this, meters, &gt; 0: at one and the same place density would be infinite.</param>
/// <param name="Weighted">Whether weights count, a weight of two like two points at the place.</param>
/// <param name="Stability">Until when points count towards the stability of their cluster; <see cref="StabilityRule.RDbscan"/> knows no weights.</param>
public sealed record HdbscanOptions(
    double MinClusterSize,
    double? MinPoints = null,
    ClusterSelectionMethod Selection = ClusterSelectionMethod.ExcessOfMass,
    bool AllowSingleCluster = false,
    double EpsilonMeters = 0,
    double FloorMeters = 0.001,
    bool Weighted = false,
    StabilityRule Stability = StabilityRule.Published)
{
    internal void Check()
    {
        if (!(double.IsFinite(MinClusterSize) && (Weighted ? MinClusterSize > 0 : MinClusterSize >= 2)))
        {
            throw new ArgumentOutOfRangeException(nameof(MinClusterSize), MinClusterSize, "MinClusterSize must be at least 2 points, or a positive weight.");
        }
        if (MinPoints is { } points && !(double.IsFinite(points) && (Weighted ? points > 0 : points >= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(MinPoints), MinPoints, "MinPoints must be at least 1 point, or a positive weight.");
        }
        if (!(EpsilonMeters >= 0 && double.IsFinite(EpsilonMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(EpsilonMeters), EpsilonMeters, "EpsilonMeters must be a number >= 0.");
        }
        if (!(FloorMeters >= 1e-150 && double.IsFinite(FloorMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(FloorMeters), FloorMeters, "FloorMeters must be a positive number.");
        }
        if (!Enum.IsDefined(Stability) || (Weighted && Stability == StabilityRule.RDbscan))
        {
            throw new ArgumentOutOfRangeException(nameof(Stability), Stability, "Stability must be Published or RDbscan, and Published where weights count.");
        }
    }
}

/// <summary>HDBSCAN of n points.</summary>
/// <param name="Labels">Cluster of each point, numbered from 0 by first point in input order, or <see cref="Hdbscan.Noise"/> (-1).</param>
/// <param name="Probabilities">Membership from 0 (noise) to 1 (the densest part of the cluster): lambda at which the point leaves the cluster over the largest at which any part does.</param>
/// <param name="OutlierScores">GLOSH (Campello and others 2015), from 0 to nearly 1: how much less dense it is around the point than in the densest part of the cluster that it
/// leaves last. NaN when there are fewer points than a cluster.</param>
/// <param name="Clusters">The clusters, by label.</param>
public sealed record HdbscanResult(int[] Labels, double[] Probabilities, double[] OutlierScores, HdbscanCluster[] Clusters)
{
    internal static HdbscanResult OnlyNoise(int count)
    {
        var labels = new int[count];
        var scores = new double[count];
        Array.Fill(labels, Hdbscan.Noise);
        Array.Fill(scores, double.NaN);
        return new HdbscanResult(labels, new double[count], scores, []);
    }
}

/// <summary>A cluster of <see cref="Hdbscan"/>.</summary>
/// <param name="Weight">Points in it, or their weight.</param>
/// <param name="BirthMeters">Distance below which it stands apart; infinite for all points together.</param>
/// <param name="Stability">Excess of mass: the sum over its points of lambda until which they count (<see cref="StabilityRule"/>) minus lambda of its birth, 1 / meter.</param>
public sealed record HdbscanCluster(double Weight, double BirthMeters, double Stability);
