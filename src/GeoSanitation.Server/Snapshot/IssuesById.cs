namespace GeoSanitation.Server.Snapshot;

/// <summary>Some issues by id. Issues that follow each other by id stand far apart in memory: they are read chunk by chunk, and only then put in their order.</summary>
/// <param name="Parts">The issues chunk by chunk, and perhaps some others.</param>
/// <param name="Order">By id, the place of each among all of the parts one after the other.</param>
internal sealed record IssuesById(IReadOnlyList<IssueStretch> Parts, int[] Order)
{
    /// <summary>The id of one of them.</summary>
    /// <param name="n">Which, by id: 0 for the first.</param>
    internal long IdAt(int n)
    {
        var place = Order[n];
        foreach (var (chunk, rows) in Parts)
        {
            if (place < rows.Length)
            {
                return chunk.Ids[rows.Span[place]];
            }
            place -= rows.Length;
        }
        throw new InvalidOperationException("the order names what the parts do not have");
    }

    /// <summary>Some values of every issue of the parts, as they lie there: all of the first, then all of the next.</summary>
    /// <param name="of">What they are.</param>
    /// <param name="values">Where to.</param>
    internal void Read(Func<IssueChunk, int, long>[] of, Span<long> values)
    {
        foreach (var (chunk, rows) in Parts)
        {
            for (var v = 0; v < of.Length; v++)
            {
                Read(chunk, rows.Span, of[v], values[v..], of.Length);
            }
            values = values[(rows.Length * of.Length)..];
        }
    }

    private static void Read(IssueChunk chunk, ReadOnlySpan<int> rows, Func<IssueChunk, int, long> of, Span<long> values, int step)
    {
        var at = 0;
        foreach (var i in rows)
        {
            values[at] = of(chunk, i);
            at += step;
        }
    }
}
