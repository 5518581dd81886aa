namespace GeoSanitation.Hotspots.Clustering;

/// <summary>How places grow together as the distance grows (single linkage): leaves are the places, inner nodes the merges of two.</summary>
internal sealed class MergeTree
{
    private readonly double[] _squaredLength;

    /// <param name="weight">Weight of each of n places, n &gt;= 1.</param>
    /// <param name="number">Number of each place: among equally long edges the one whose lower number is lowest comes first, then the one whose higher number is.</param>
    /// <param name="edges">A spanning tree of the places, n - 1 edges.</param>
    public MergeTree(double[] weight, int[] number, ReachabilityTree.Edges edges)
    {
        var n = weight.Length;
        var order = InOrder(edges, number);
        Parent = new int[2 * n - 1];
        Parent[^1] = -1;
        Weight = new double[2 * n - 1];
        weight.CopyTo(Weight, 0);
        _squaredLength = new double[2 * n - 1];
        // For each node one above it, at last the one that has none above it yet.
        var top = new int[2 * n - 1];
        for (var node = 0; node < top.Length; node++)
        {
            top[node] = node;
        }
        for (var merge = 0; merge < order.Length; merge++)
        {
            var (edge, node) = (order[merge], n + merge);
            var (a, b) = (TopOf(top, edges.A[edge]), TopOf(top, edges.B[edge]));
            Parent[a] = Parent[b] = top[a] = top[b] = node;
            Weight[node] = Weight[a] + Weight[b];
            _squaredLength[node] = edges.SquaredLength[edge];
        }
    }

    /// <summary>Parent of each node, -1 for the root: first the places, then the merges as the distance grows, so that the root is last.</summary>
    public int[] Parent { get; }

    /// <summary>Weight below each node.</summary>
    public double[] Weight { get; }

    /// <summary>Square of the distance at which the two parts of a merge meet.</summary>
    public double SquaredLengthOf(int merge) => _squaredLength[merge];

    private static int[] InOrder(ReachabilityTree.Edges edges, int[] number)
    {
        var lengths = edges.SquaredLength.AsSpan().ToArray();
        var order = new int[lengths.Length];
        for (var e = 0; e < order.Length; e++)
        {
            order[e] = e;
        }
        Array.Sort(lengths, order);
        var keys = new long[order.Length];
        for (var e = 0; e < order.Length; e++)
        {
            var (a, b) = (number[edges.A[order[e]]], number[edges.B[order[e]]]);
            keys[e] = (long)Math.Min(a, b) << 32 | (uint)Math.Max(a, b);
        }
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && lengths[to] == lengths[from]; to++)
            {
            }
            if (to - from > 1)
            {
                Array.Sort(keys, order, from, to - from);
            }
        }
        return order;
    }

    private static int TopOf(int[] top, int node)
    {
        while (top[node] != node)
        {
            node = top[node] = top[top[node]];
        }
        return node;
    }
}
