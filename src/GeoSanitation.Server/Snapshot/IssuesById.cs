namespace GeoSanitation.Server.Snapshot;

/// <summary>Some issues by id. Issues that follow each other by id stand far apart in memory: they are read chunk by chunk, and only then put in their order.</summary>
/// <param name="Parts">The issues chunk by chunk, and perhaps some others.</param>
/// <param name="Order">By id, the place of each among all of the parts one after the other.</param>
internal sealed record IssuesById(IReadOnlyList<IssueStretch> Parts, IReadOnlyList<int> Order)
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

    /// <summary>Something of every issue of the parts, as they lie there.</summary>
    internal T[] Read<T>(Func<IssueChunk, int, T> of)
    {
        var values = new T[Parts.Sum(part => part.Count)];
        var n = 0;
        foreach (var (chunk, rows) in Parts)
        {
            foreach (var i in rows.Span)
            {
                values[n++] = of(chunk, i);
            }
        }
        return values;
    }
}
