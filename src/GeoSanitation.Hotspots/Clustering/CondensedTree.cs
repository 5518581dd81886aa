namespace GeoSanitation.Hotspots.Clustering;

/// <summary>The merge tree without its small branches: a cluster lives on while at most one of the two parts it falls into is large enough to be a cluster.</summary>
/// <remarks>Campello, Moulavi, Sander (2013), doi 10.1007/978-3-642-37456-2_14. lambda = 1 / distance grows as one looks closer. Cluster 0 is everything; a
/// cluster comes after its parent.</remarks>
internal sealed class CondensedTree
{
    private readonly List<Cluster> _clusters;

    /// <param name="tree">n places and their merges.</param>
    /// <param name="coreSquared">Squares of the places' core distances, above 0: nearer than that not even the points at one place are a cluster.</param>
    /// <param name="minClusterWeight">Weight that makes a branch a cluster; at most the whole weight.</param>
    /// <param name="rule">Until when places count towards the stability of their cluster.</param>
    public CondensedTree(MergeTree tree, double[] coreSquared, double minClusterWeight, StabilityRule rule)
    {
        var root = tree.Parent.Length - 1;
        var largeParts = new int[tree.Parent.Length];
        for (var node = 0; node < root; node++)
        {
            largeParts[tree.Parent[node]] += tree.Weight[node] >= minClusterWeight ? 1 : 0;
        }
        // For each node the smallest cluster that it belonged to, and where it left that cluster (0: at or below its own merge).
        var cluster = new int[tree.Parent.Length];
        var lost = new double[tree.Parent.Length];
        _clusters = [new Cluster(-1, 0, tree.Weight[root])];
        for (var node = root - 1; node >= 0; node--)
        {
            var parent = tree.Parent[node];
            (cluster[node], lost[node]) = (cluster[parent], lost[parent]);
            if (lost[node] == 0 && tree.Weight[node] < minClusterWeight)
            {
                lost[node] = Lambda(tree.SquaredLengthOf(parent));
            }
            else if (lost[node] == 0 && largeParts[parent] == 2)
            {
                cluster[node] = _clusters.Count;
                _clusters.Add(new Cluster(cluster[parent], Lambda(tree.SquaredLengthOf(parent)), tree.Weight[node]));
            }
        }
        ClusterOfPlace = cluster[..coreSquared.Length];
        LambdaOfPlace = lost[..coreSquared.Length];
        for (var k = 0; k < coreSquared.Length; k++)
        {
            if (LambdaOfPlace[k] == 0)
            {
                LambdaOfPlace[k] = Lambda(coreSquared[k]);
            }
        }
        CountedUntil = rule == StabilityRule.Published ? LambdaOfPlace : UntilBranchesEnd(tree, coreSquared);
    }

    public IReadOnlyList<Cluster> Clusters => _clusters;

    /// <summary>The smallest cluster that each place ever belonged to.</summary>
    public int[] ClusterOfPlace { get; }

    /// <summary>Where each place left that cluster.</summary>
    public double[] LambdaOfPlace { get; }

    /// <summary>Up to where each place counts towards the stability of that cluster.</summary>
    public double[] CountedUntil { get; }

    /// <summary>Where each place parts from the last other point, or where its cluster falls in two when that comes first.</summary>
    private double[] UntilBranchesEnd(MergeTree tree, double[] coreSquared)
    {
        var end = new double[_clusters.Count];
        Array.Fill(end, double.PositiveInfinity);
        foreach (var (parent, birth, _) in _clusters.Skip(1))
        {
            end[parent] = birth;
        }
        var until = new double[coreSquared.Length];
        for (var k = 0; k < until.Length; k++)
        {
            // Points at one place part from each other at their core distance.
            var last = tree.Weight[k] > 1 ? coreSquared[k] : tree.SquaredLengthOf(tree.Parent[k]);
            until[k] = Math.Min(Lambda(last), end[ClusterOfPlace[k]]);
        }
        return until;
    }

    private static double Lambda(double squaredDistance) => 1 / Math.Sqrt(squaredDistance);

    /// <param name="Parent">The cluster that it split off from; -1 for cluster 0.</param>
    /// <param name="Birth">lambda of that split; 0 for cluster 0.</param>
    /// <param name="Weight">Its weight at birth.</param>
    internal readonly record struct Cluster(int Parent, double Birth, double Weight);
}
