using System.Runtime.Intrinsics;

namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>Walks from one leaf of a kd-tree to the others near it, roughly the nearest first: up level by level, and down into each other half.</summary>
/// <param name="tree">The tree.</param>
/// <param name="isOfInterest">Whether a node may hold anything looked for; null when every node does.</param>
internal sealed class NearLeaves(KdTree tree, Func<int, bool>? isOfInterest = null)
{
    private readonly (int Node, double Gap)[] _open = new (int, double)[2 * tree.Depth + 2];
    private int _count;
    private int _below;
    private Vector256<double> _at;

    /// <summary>Starts at a node; the leaves below it are not visited.</summary>
    public void Start(int node)
    {
        _count = 0;
        _below = node;
        _at = tree.At(_below);
    }

    /// <summary>The next leaf, counted from 0; -1 when there is none any more.</summary>
    /// <param name="bound">Square of a distance: leaves farther away are left out.</param>
    public int Next(double bound)
    {
        while (_count > 0 || _below > 1)
        {
            if (_count == 0)
            {
                Open(_below ^ 1, tree.SquaredGap(_below ^ 1, _at), bound);
                _below >>= 1;
                continue;
            }
            var (node, gap) = _open[--_count];
            if (gap > bound)
            {
                continue;
            }
            if (node >= tree.LeafCount)
            {
                return node - tree.LeafCount;
            }
            var (left, right) = (tree.SquaredGap(2 * node, _at), tree.SquaredGap(2 * node + 1, _at));
            if (left <= right)
            {
                Open(2 * node + 1, right, bound);
                Open(2 * node, left, bound);
            }
            else
            {
                Open(2 * node, left, bound);
                Open(2 * node + 1, right, bound);
            }
        }
        return -1;
    }

    private void Open(int node, double gap, double bound)
    {
        if (gap <= bound && (isOfInterest is null || isOfInterest(node)))
        {
            _open[_count++] = (node, gap);
        }
    }
}
