namespace GeoSanitation.Server.Tiles;

/// <summary>Nodes of one zoom, issues by themselves and clusters, sorted into a grid.</summary>
internal sealed class ClusterNodes
{
    private readonly int[] _ranks;
    private readonly ClusterNode[] _nodes;

    /// <summary>Sorts nodes.</summary>
    /// <param name="nodes">In the order in which they were made.</param>
    /// <param name="side">Side of the grid's cells.</param>
    internal ClusterNodes(ReadOnlySpan<ClusterNode> nodes, int side)
    {
        _ranks = GC.AllocateUninitializedArray<int>(nodes.Length);
        _nodes = GC.AllocateUninitializedArray<ClusterNode>(nodes.Length);
        Grid = new ClusterGrid(nodes, side, _ranks);
        for (var i = 0; i < nodes.Length; i++)
        {
            _nodes[_ranks[i]] = nodes[i];
        }
    }

    internal ClusterGrid Grid { get; }

    /// <summary>The nodes in the order of the grid.</summary>
    internal ReadOnlySpan<ClusterNode> InGrid => _nodes;

    /// <summary>Goes through the nodes in the order in which they were made; one that no other took takes those within a radius that none took.</summary>
    /// <param name="radius">How far it reaches, that distance included; at most the side of the grid's cells.</param>
    /// <param name="take">Told of each such node and of those that it took.</param>
    internal void Gather(int radius, TakeNodes take)
    {
        var taken = new bool[_nodes.Length];
        var found = new ClusterNode[_nodes.Length];
        foreach (var rank in _ranks)
        {
            if (taken[rank])
            {
                continue;
            }
            taken[rank] = true;
            ref readonly var node = ref _nodes[rank];
            var (first, last) = (Grid.Cell(node.X - radius), Grid.Cell(node.X + radius));
            var count = 0;
            for (var row = Grid.Cell(node.Y - radius); row <= Grid.Cell(node.Y + radius); row++)
            {
                var (stretch, wrapped) = Grid.InRow(first, last, row);
                count = Take(stretch, node, radius, taken, found, count);
                count = Take(wrapped, node, radius, taken, found, count);
            }
            take(node, found.AsSpan(0, count));
        }
    }

    // Without branches: whether a node is near is anybody's guess.
    private int Take(Range stretch, in ClusterNode around, int radius, Span<bool> taken, Span<ClusterNode> found, int count)
    {
        var (from, length) = stretch.GetOffsetAndLength(_nodes.Length);
        var nodes = _nodes.AsSpan(from, length);
        var isTaken = taken.Slice(from, length);
        var (x, y, reach) = (around.X, around.Y, (long)radius * radius);
        for (var k = 0; k < nodes.Length; k++)
        {
            long dx = nodes[k].X - x, dy = nodes[k].Y - y;
            var isNew = dx * dx + dy * dy <= reach & !isTaken[k];
            isTaken[k] |= isNew;
            found[count] = nodes[k];
            count += isNew ? 1 : 0;
        }
        return count;
    }
}

/// <summary>Hears of a node that took others.</summary>
/// <param name="node">The node.</param>
/// <param name="others">What it took; nothing where it is by itself.</param>
internal delegate void TakeNodes(in ClusterNode node, ReadOnlySpan<ClusterNode> others);
