using System.Numerics;
using System.Runtime.CompilerServices;

namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>Points sorted into the occupied cells of a square grid, cells in row order: memory O(n) whatever the extent.</summary>
/// <remarks>A cell's key is row * <see cref="Stride"/> + column with enough empty columns and rows around that key + dRow * Stride + dColumn
/// never wraps for |d| &lt;= reach. Where a key stands among the occupied ones is read off a bit set with counts, or searched for where the bits would take more memory than the points.</remarks>
internal sealed class GridIndex
{
    private readonly ulong[] _occupied = [];
    private readonly int[] _cellsBeforeWord = [];

    /// <param name="x">Eastings.</param>
    /// <param name="y">Northings, same length.</param>
    /// <param name="side">Side of a cell, &gt; 0, at least a billionth of the extent.</param>
    /// <param name="reach">Cells to every side that will be looked up.</param>
    public GridIndex(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double side, int reach)
    {
        var n = x.Length;
        X = GC.AllocateUninitializedArray<double>(n);
        Y = GC.AllocateUninitializedArray<double>(n);
        Order = GC.AllocateUninitializedArray<int>(n);
        if (n == 0)
        {
            Keys = [];
            Starts = [0];
            return;
        }
        var (minX, maxX) = Range(x);
        var (minY, maxY) = Range(y);
        Stride = (long)((maxX - minX) / side) + 1 + 2 * reach;
        var rows = (long)((maxY - minY) / side) + 1 + 2 * reach;
        var keys = GC.AllocateUninitializedArray<long>(n);
        for (var i = 0; i < n; i++)
        {
            var column = (long)((x[i] - minX) / side) + reach;
            var row = (long)((y[i] - minY) / side) + reach;
            keys[i] = row * Stride + column;
        }
        keys = Sort(keys, Stride * rows, x, y);
        var cells = 0;
        for (var k = 0; k < n; k++)
        {
            cells += k == 0 || keys[k] != keys[k - 1] ? 1 : 0;
        }
        Keys = new long[cells];
        Starts = new int[cells + 1];
        for (int k = 0, cell = 0; k < n; k++)
        {
            if (k == 0 || keys[k] != keys[k - 1])
            {
                Keys[cell] = keys[k];
                Starts[cell++] = k;
            }
        }
        Starts[cells] = n;
        if (Stride * rows / 64 < n + (1 << 16))
        {
            _occupied = new ulong[Stride * rows / 64 + 2];
            _cellsBeforeWord = new int[_occupied.Length];
            foreach (var key in Keys)
            {
                _occupied[key >> 6] |= 1UL << (int)key;
            }
            for (var word = 1; word < _occupied.Length; word++)
            {
                _cellsBeforeWord[word] = _cellsBeforeWord[word - 1] + BitOperations.PopCount(_occupied[word - 1]);
            }
        }
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

    /// <summary>The occupied cells around a cell, row by row from below: row r holds the cells [from[r], to[r]), which follow each other.</summary>
    /// <param name="cell">An occupied cell.</param>
    /// <param name="from">Output, length 2 reach + 1, reach being at most the one the grid was made for and less than 32.</param>
    /// <param name="to">Output, same length.</param>
    public void Around(int cell, Span<int> from, Span<int> to)
    {
        var reach = from.Length / 2;
        var lowest = Keys[cell] - reach * (Stride + 1);
        for (var r = 0; r < from.Length; r++, lowest += Stride)
        {
            if (_occupied.Length > 0)
            {
                var (word, bit) = ((int)(lowest >> 6), (int)lowest & 63);
                var (here, next) = (_occupied[word], _occupied[word + 1]);
                var row = ((here >> bit) | (next << 1 << (63 - bit))) & ((1UL << from.Length) - 1);
                from[r] = _cellsBeforeWord[word] + BitOperations.PopCount(here & ((1UL << bit) - 1));
                to[r] = from[r] + BitOperations.PopCount(row);
            }
            else
            {
                from[r] = CellsBefore(lowest);
                to[r] = CellsBefore(lowest + from.Length);
            }
        }
    }

    private int CellsBefore(long key)
    {
        var found = Array.BinarySearch(Keys, key);
        return found < 0 ? ~found : found;
    }

    private static (double Min, double Max) Range(ReadOnlySpan<double> values)
    {
        var (min, max) = (values[0], values[0]);
        foreach (var value in values)
        {
            min = value < min ? value : min;
            max = value > max ? value : max;
        }
        return (min, max);
    }

    /// <summary>Fills X, Y and Order by key, stable, and returns the sorted keys.</summary>
    /// <remarks>Two steps, so that no step writes all over the memory: into some thousand parts by the leading bits of the key, then each part, which fits a cache, by the rest.</remarks>
    private long[] Sort(long[] keys, long keyCount, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)keyCount) - 11);
        var parts = (int)(keyCount >> shift) + 1;
        var partStarts = new int[parts + 1];
        foreach (var key in keys)
        {
            partStarts[(key >> shift) + 1]++;
        }
        for (var part = 1; part <= parts; part++)
        {
            partStarts[part] += partStarts[part - 1];
        }
        var entries = GC.AllocateUninitializedArray<Entry>(keys.Length);
        var next = partStarts.AsSpan(0, parts).ToArray();
        for (var i = 0; i < keys.Length; i++)
        {
            entries[next[keys[i] >> shift]++] = new Entry(keys[i], x[i], y[i], i);
        }
        var counts = shift < 16 ? new int[1 << shift] : [];
        for (var part = 0; part < parts; part++)
        {
            var first = partStarts[part];
            var own = entries.AsSpan(first, partStarts[part + 1] - first);
            if (counts.Length > 0 && own.Length > counts.Length / 64)
            {
                // Counting takes a step for every key of the part, so only where the keys are not far more than the points.
                Count(own, first, (long)part << shift, counts, keys);
            }
            else
            {
                own.Sort();
                for (var k = 0; k < own.Length; k++)
                {
                    Put(own[k], first + k, keys);
                }
            }
        }
        return keys;
    }

    private void Count(ReadOnlySpan<Entry> entries, int first, long lowestKey, int[] counts, long[] keys)
    {
        Array.Clear(counts);
        foreach (ref readonly var entry in entries)
        {
            counts[entry.Key - lowestKey]++;
        }
        var sum = first;
        for (var c = 0; c < counts.Length; c++)
        {
            (counts[c], sum) = (sum, sum + counts[c]);
        }
        foreach (ref readonly var entry in entries)
        {
            Put(entry, counts[entry.Key - lowestKey]++, keys);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(in Entry entry, int at, long[] keys) => (X[at], Y[at], Order[at], keys[at]) = (entry.X, entry.Y, entry.Input, entry.Key);

    private readonly record struct Entry(long Key, double X, double Y, int Input) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Key != other.Key ? Key.CompareTo(other.Key) : Input.CompareTo(other.Input);
    }
}
