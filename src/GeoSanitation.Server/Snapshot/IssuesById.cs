namespace GeoSanitation.Server.Snapshot;

/// <summary>Some issues by id. Issues that follow each other by id stand far apart in memory: they are read chunk by chunk, and only then put in their order.</summary>
/// <param name="Parts">The issues chunk by chunk, and perhaps some others.</param>
/// <param name="Ids">Their ids, ascending.</param>
/// <param name="Order">By id, the place of each among all of the parts one after the other.</param>
internal sealed record IssuesById(IReadOnlyList<IssueStretch> Parts, List<long> Ids, List<int> Order)
{
    /// <summary>Some values of every issue of the parts, as they lie there: all of the first, then all of the next.</summary>
    /// <param name="reads">What they are.</param>
    /// <param name="values">Where to.</param>
    internal void Read(ReadValues[] reads, Span<long> values)
    {
        foreach (var (chunk, rows) in Parts)
        {
            for (var v = 0; v < reads.Length; v++)
            {
                reads[v](chunk, rows.Span, values[v..], reads.Length);
            }
            values = values[(rows.Length * reads.Length)..];
        }
    }
}
