using System.Numerics;
using System.Runtime.InteropServices;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Reads a value of some issues of a chunk.</summary>
/// <param name="chunk">The chunk.</param>
/// <param name="rows">Positions of the issues in it.</param>
/// <param name="values">Where to, from the first issue's value on.</param>
/// <param name="step">How far it is from one issue's value to the next one's.</param>
internal delegate void ReadValues(IssueChunk chunk, ReadOnlySpan<int> rows, Span<long> values, int step);

/// <summary>
/// Values of issues whose rows lie anywhere in a chunk, so that each is waited for: loops as short as these have the processor ask for many at once, of which a call for every row keeps it.
/// </summary>
internal static class IssueValues
{
    /// <summary>What a column has.</summary>
    internal static ReadValues Of<T>(Func<IssueChunk, T[]> column)
        where T : struct, INumber<T>
        => (chunk, rows, values, step) => Read<T>(column(chunk), rows, values, step);

    /// <summary>What is made of that which a column has.</summary>
    internal static ReadValues Of(Func<IssueChunk, byte[]> column, Func<byte, long> value)
        => (chunk, rows, values, step) =>
        {
            Read<byte>(column(chunk), rows, values, step);
            for (var (n, at) = (0, 0); n < rows.Length; n++, at += step)
            {
                values[at] = value((byte)values[at]);
            }
        };

    /// <summary>What issues have one by one.</summary>
    internal static ReadValues Of(Func<IssueChunk, int, long> value)
        => (chunk, rows, values, step) =>
        {
            for (var (n, at) = (0, 0); n < rows.Length; n++, at += step)
            {
                values[at] = value(chunk, rows[n]);
            }
        };

    /// <summary>The bits of what a column has.</summary>
    internal static ReadValues BitsOf(Func<IssueChunk, double[]> column)
        => (chunk, rows, values, step) => Read(MemoryMarshal.Cast<double, long>(column(chunk)), rows, values, step);

    /// <summary>The numbers that a column has.</summary>
    internal static ReadValues Of(Func<IssueChunk, CodeColumn> column)
        => (chunk, rows, values, step) =>
        {
            var (places, numbers, at) = (column(chunk).Places, column(chunk).Numbers, 0);
            foreach (var row in rows)
            {
                values[at] = numbers[places[row]];
                at += step;
            }
        };

    private static void Read<T>(ReadOnlySpan<T> column, ReadOnlySpan<int> rows, Span<long> values, int step)
        where T : struct, INumber<T>
    {
        var at = 0;
        foreach (var row in rows)
        {
            values[at] = long.CreateTruncating(column[row]);
            at += step;
        }
    }
}
