using System.Numerics;

namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>Points sorted into the occupied cells of a square grid, cells in row order: memory O(n) whatever the extent.</summary>
/// <remarks>A cell's key is row * <see cref="Stride"/> + column with enough empty columns and rows around that key + dRow * Stride + dColumn
/// never wraps for |d| &lt;= reach. Walking the cells in order, the neighbors in each row are found by a pointer that only moves forward.</remarks>
internal sealed class GridIndex
{
    /// <param name="x">Eastings.</param>
    /// <param name="y">Northings, same length.</param>
    /// <param name="side">Side of a cell, &gt; 0, at least a billionth of the extent.</param>
    /// <param name="reach">Cells to every side that will be looked up.</param>
    public GridIndex(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double side, int reach)
    {
        var n = x.Length;
        X = new double[n];
        Y = new double[n];
        Order = new int[n];
        if (n == 0)
        {
            Keys = [];
            Starts = [0];
            return;
        }
        double minX = x[0], maxX = x[0], minY = y[0], maxY = y[0];
        for (var i = 1; i < n; i++)
        {
            minX = Math.Min(minX, x[i]);
            maxX = Math.Max(maxX, x[i]);
            minY = Math.Min(minY, y[i]);
            maxY = Math.Max(maxY, y[i]);
        }
        Stride = (long)((maxX - minX) / side) + 1 + 2 * reach;
        var rows = (long)((maxY - minY) / side) + 1 + 2 * reach;
        var keyBits = 64 - BitOperations.LeadingZeroCount((ulong)(Stride * rows));
        var indexBits = 32 - BitOperations.LeadingZeroCount((uint)n);
        var sortedKeys = new ulong[n];
        for (var i = 0; i < n; i++)
        {
            var column = (long)((x[i] - minX) / side) + reach;
            var row = (long)((y[i] - minY) / side) + reach;
            sortedKeys[i] = (ulong)(row * Stride + column);
        }
        if (keyBits + indexBits <= 64)
        {
            for (var i = 0; i < n; i++)
            {
                sortedKeys[i] = (sortedKeys[i] << indexBits) | (uint)i;
            }
            sortedKeys = SortByBits(sortedKeys, indexBits, keyBits);
            var mask = (1UL << indexBits) - 1;
            for (var k = 0; k < n; k++)
            {
                Order[k] = (int)(sortedKeys[k] & mask);
                sortedKeys[k] >>= indexBits;
            }
        }
        else
        {
            // Array.Sort is not stable, so equal keys are put back into input order.
            for (var i = 0; i < n; i++)
            {
                Order[i] = i;
            }
            Array.Sort(sortedKeys, Order);
            for (int from = 0, to; from < n; from = to)
            {
                for (to = from + 1; to < n && sortedKeys[to] == sortedKeys[from]; to++)
                {
                }
                Array.Sort(Order, from, to - from);
            }
        }
        var cells = 0;
        for (var k = 0; k < n; k++)
        {
            X[k] = x[Order[k]];
            Y[k] = y[Order[k]];
            cells += k == 0 || sortedKeys[k] != sortedKeys[k - 1] ? 1 : 0;
        }
        Keys = new long[cells];
        Starts = new int[cells + 1];
        for (int k = 0, cell = 0; k < n; k++)
        {
            if (k == 0 || sortedKeys[k] != sortedKeys[k - 1])
            {
                Keys[cell] = (long)sortedKeys[k];
                Starts[cell++] = k;
            }
        }
        Starts[cells] = n;
    }

    /// <summary>Eastings in cell order.</summary>
    public double[] X { get; }

    /// <summary>Northings in cell order.</summary>
    public double[] Y { get; }

    /// <summary>Position in the input of the k-th point in cell order; ascending within a cell.</summary>
    public int[] Order { get; }

    /// <summary>Keys of the occupied cells, ascending.</summary>
    public long[] Keys { get; }

    /// <summary>First point of each occupied cell, and n at the end.</summary>
    public int[] Starts { get; }

    /// <summary>Difference of key between a cell and the one above it.</summary>
    public long Stride { get; }

    /// <summary>Number of occupied cells.</summary>
    public int CellCount => Keys.Length;

    /// <summary>Stable radix sort, least significant digit first, by the bits [from, from + count).</summary>
    private static ulong[] SortByBits(ulong[] keys, int from, int count)
    {
        var passes = (count + 10) / 11;
        var digitBits = (count + passes - 1) / passes;
        var digits = 1 << digitBits;
        var offsets = new int[digits];
        var other = new ulong[keys.Length];
        for (var pass = 0; pass < passes; pass++)
        {
            var shift = from + pass * digitBits;
            Array.Clear(offsets);
            foreach (var key in keys)
            {
                offsets[(int)(key >> shift) & (digits - 1)]++;
            }
            var sum = 0;
            for (var d = 0; d < digits; d++)
            {
                (offsets[d], sum) = (sum, sum + offsets[d]);
            }
            foreach (var key in keys)
            {
                other[offsets[(int)(key >> shift) & (digits - 1)]++] = key;
            }
            (keys, other) = (other, keys);
        }
        return keys;
    }
}
