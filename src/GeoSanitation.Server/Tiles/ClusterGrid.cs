using System.Numerics;

namespace GeoSanitation.Server.Tiles;

/// <summary>Places in square cells, to find those in a box. Cells share buckets where there are more of them than places; cells beside each other in a row have buckets beside each other.</summary>
internal sealed class ClusterGrid
{
    // Any large odd number spreads rows over the buckets.
    private const int RowStep = 73_856_093;

    // Makes every coordinate positive.
    private const int Offset = 1 << 30;

    // More than the columns of a box, so that no box meets itself.
    private const uint FewestBuckets = 16;

    private readonly int _side;
    private readonly int _mask;
    private readonly int _rowStep;
    private readonly int[] _starts;

    /// <summary>Sorts nodes into cells.</summary>
    /// <param name="nodes">The nodes; their places are between -2^30 and 2^30.</param>
    /// <param name="side">Side of a cell, in the same units.</param>
    /// <param name="ranks">Becomes, of each node, its position when they lie bucket by bucket.</param>
    internal ClusterGrid(ReadOnlySpan<ClusterNode> nodes, int side, Span<int> ranks)
    {
        _side = side;
        var (west, east, north, south) = (int.MaxValue, int.MinValue, int.MaxValue, int.MinValue);
        foreach (ref readonly var node in nodes)
        {
            (west, east) = (Math.Min(west, node.X), Math.Max(east, node.X));
            (north, south) = (Math.Min(north, node.Y), Math.Max(south, node.Y));
        }
        var size = (int)BitOperations.RoundUpToPowerOf2(Math.Max(FewestBuckets, (uint)nodes.Length));
        _mask = size - 1;
        var (columns, rows) = nodes.Length == 0 ? (1, 1) : (Cell(east) - Cell(west) + 1, Cell(south) - Cell(north) + 1);
        _rowStep = (long)columns * rows <= size ? columns : RowStep;
        // Counted two further on: after the sums it is where a bucket goes on, and after the last node where it began.
        _starts = new int[size + 2];
        for (var i = 0; i < nodes.Length; i++)
        {
            ranks[i] = Bucket(Cell(nodes[i].X), Cell(nodes[i].Y));
            _starts[ranks[i] + 2]++;
        }
        for (var b = 2; b < _starts.Length; b++)
        {
            _starts[b] += _starts[b - 1];
        }
        for (var i = 0; i < nodes.Length; i++)
        {
            ranks[i] = _starts[ranks[i] + 1]++;
        }
    }

    /// <summary>The cell of a coordinate.</summary>
    internal int Cell(int coordinate) => (int)((uint)(coordinate + Offset) / (uint)_side);

    /// <summary>At which positions the places of some cells of a row lie, maybe with others.</summary>
    /// <param name="first">First column.</param>
    /// <param name="last">Last column, at most fourteen further on.</param>
    /// <param name="row">The row.</param>
    /// <returns>One stretch, and a second one (or an empty one) where the buckets begin again.</returns>
    internal (Range Stretch, Range Wrapped) InRow(int first, int last, int row)
    {
        var (from, end) = (Bucket(first, row), Bucket(last, row) + 1);
        return from < end ? (_starts[from].._starts[end], default) : (_starts[from].._starts[_mask + 1], _starts[0].._starts[end]);
    }

    private int Bucket(int column, int row) => unchecked(column + row * _rowStep) & _mask;
}
