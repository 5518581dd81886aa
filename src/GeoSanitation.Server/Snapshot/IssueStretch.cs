namespace GeoSanitation.Server.Snapshot;

/// <summary>Some issues of a chunk.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Rows">Positions in it, ascending: along the curve of <see cref="QuadOrder"/>.</param>
internal readonly record struct IssueStretch(IssueChunk Chunk, ReadOnlyMemory<int> Rows)
{
    private static readonly int[] Every = [.. Enumerable.Range(0, IssueChunk.Capacity)];

    internal int Count => Rows.Length;

    /// <summary>How far along the curve the first of them is; there must be one.</summary>
    internal long FirstKey => Chunk.KeyAt(Rows.Span[0]);

    /// <summary>How far along the curve the last of them is.</summary>
    internal long LastKey => Chunk.KeyAt(Rows.Span[^1]);

    /// <summary>The first positions of any chunk.</summary>
    /// <param name="count">How many, at most <see cref="IssueChunk.Capacity"/>.</param>
    internal static ReadOnlyMemory<int> First(int count) => Every.AsMemory(0, count);

    /// <summary>Whether positions follow each other one by one; there must be one.</summary>
    internal static bool IsWithoutGaps(ReadOnlySpan<int> rows) => rows[^1] - rows[0] == rows.Length - 1;

    /// <summary>Those from a key on and before another.</summary>
    internal IssueStretch Between(long first, long end)
    {
        var from = FirstAt(first);
        var behind = this with { Rows = Rows[from..] };
        return behind with { Rows = behind.Rows[..behind.FirstAt(end)] };
    }

    /// <summary>How many are before a key.</summary>
    internal int FirstAt(long key)
    {
        var rows = Rows.Span;
        if (rows.Length == 0)
        {
            return 0;
        }
        var row = Chunk.FirstAt(key);
        if (IsWithoutGaps(rows))
        {
            return Math.Clamp(row - rows[0], 0, rows.Length);
        }
        var at = rows.BinarySearch(row);
        return at >= 0 ? at : ~at;
    }
}
