namespace GeoSanitation.Server.Tiles;

/// <summary>Places in square cells, to find those in a box. Cells share buckets where there are more of them than places.</summary>
/// <remarks>Places are kept in single precision, as supercluster does: it decides who is within a radius. At 1,000,000 places 8 to 12 bytes each.</remarks>
internal sealed class ClusterGrid
{
    // Any large odd number spreads rows over the buckets.
    private const int RowStep = 73_856_093;

    private readonly double _side;
    private readonly int _mask;
    private readonly int _rowStep;
    private readonly int[] _starts;
    private readonly int[] _order;

    /// <summary>Sorts places into cells.</summary>
    /// <param name="x">From the west, fractions of the web map's square.</param>
    /// <param name="y">From the north, the same.</param>
    /// <param name="side">Side of a cell, the same.</param>
    internal ClusterGrid(ReadOnlySpan<float> x, ReadOnlySpan<float> y, double side)
    {
        _side = side;
        var (columns, rows) = (CellsAcross(x), CellsAcross(y));
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, x.Length));
        _mask = size - 1;
        _rowStep = columns * rows <= size ? (int)columns : RowStep;
        _starts = new int[size + 1];
        _order = new int[x.Length];
        var bucket = new int[x.Length];
        for (var i = 0; i < bucket.Length; i++)
        {
            bucket[i] = Bucket(Cell(x[i]), Cell(y[i]));
            _starts[bucket[i] + 1]++;
        }
        for (var b = 0; b < size; b++)
        {
            _starts[b + 1] += _starts[b];
        }
        var next = _starts.AsSpan(0, size).ToArray();
        for (var i = 0; i < bucket.Length; i++)
        {
            _order[next[bucket[i]]++] = i;
        }
    }

    /// <summary>Positions of the places, bucket by bucket.</summary>
    internal ReadOnlySpan<int> Order => _order;

    /// <summary>The cell of a coordinate.</summary>
    internal int Cell(double coordinate) => (int)Math.Floor(coordinate / _side);

    /// <summary>Where in <see cref="Order"/> the places of a cell are, maybe with others of its bucket.</summary>
    internal (int From, int End) InCell(int column, int row)
    {
        var bucket = Bucket(column, row);
        return (_starts[bucket], _starts[bucket + 1]);
    }

    private int Bucket(int column, int row) => unchecked(column + row * _rowStep) & _mask;

    private long CellsAcross(ReadOnlySpan<float> coordinates)
    {
        var (least, most) = (float.MaxValue, float.MinValue);
        foreach (var coordinate in coordinates)
        {
            (least, most) = (Math.Min(least, coordinate), Math.Max(most, coordinate));
        }
        return coordinates.Length == 0 ? 1 : Cell(most) - Cell(least) + 1L;
    }
}
