using GeoSanitation.Store.Changes;

namespace GeoSanitation.Server.Snapshot;

/// <summary>All issues as columns in chunks, by id; a version that never changes. The next version shares the chunks that are the same.</summary>
internal sealed class IssueColumns
{
    private readonly IssueChunk[] _chunks;

    private IssueColumns(IssueChunk[] chunks, CodeBook<string> categories, CodeBook<string> sources, CodeBook<Charge> charges)
        => (_chunks, Categories, Sources, Charges, Count) = (chunks, categories, sources, charges, chunks.Sum(c => c.Count));

    /// <summary>No issues.</summary>
    internal static IssueColumns Empty() => new([], new CodeBook<string>(), new CodeBook<string>(), new CodeBook<Charge>());

    /// <summary>By id: ids of a chunk lie before those of the next.</summary>
    internal IReadOnlyList<IssueChunk> Chunks => _chunks;

    internal int Count { get; }

    internal CodeBook<string> Categories { get; }

    internal CodeBook<string> Sources { get; }

    internal CodeBook<Charge> Charges { get; }

    /// <summary>Where an issue stands; null when there is none of the number.</summary>
    internal (IssueChunk Chunk, int Row)? Find(long id)
    {
        var (low, high) = (0, _chunks.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _chunks[middle].Ids[0] <= id ? (middle + 1, high) : (low, middle);
        }
        return low > 0 && Array.BinarySearch(_chunks[low - 1].Ids, id) is >= 0 and var row ? (_chunks[low - 1], row) : null;
    }

    /// <summary>Rows that are not of this version, with the numbers that it has for categories and the like; null for none.</summary>
    /// <param name="rows">At most <see cref="IssueChunk.Capacity"/>, in any order.</param>
    internal IssueChunk? Beside(IReadOnlyCollection<IssueRow> rows)
    {
        var chunks = new List<IssueChunk>();
        var builder = new IssueChunk.Builder(chunks, rows.Count);
        foreach (var row in rows)
        {
            Add(builder, row);
        }
        builder.Flush();
        return chunks.SingleOrDefault();
    }

    /// <summary>The next version.</summary>
    /// <param name="changed">Ids of what changed, ascending, not touching.</param>
    /// <param name="rows">What is there of them now, by id.</param>
    internal async Task<IssueColumns> ReplaceAsync(IReadOnlyList<IdRange> changed, IAsyncEnumerable<IssueRow> rows)
    {
        if (changed.Count == 0)
        {
            return this;
        }
        var next = new List<IssueChunk>(_chunks.Length + 1);
        var builder = new IssueChunk.Builder(next);
        await using var row = rows.GetAsyncEnumerator();
        var more = await row.MoveNextAsync();
        var range = 0;
        for (var c = 0; c < Math.Max(1, _chunks.Length); c++)
        {
            // A chunk stands for all ids up to the next one's first.
            var chunk = c < _chunks.Length ? _chunks[c] : null;
            var end = c + 1 < _chunks.Length ? _chunks[c + 1].Ids[0] : long.MaxValue;
            var isLast = c + 1 >= _chunks.Length;
            while (range < changed.Count && c > 0 && changed[range].To < chunk!.Ids[0])
            {
                range++;
            }
            if (chunk is not null && (range == changed.Count || (!isLast && changed[range].From >= end)))
            {
                next.Add(chunk);
                continue;
            }
            var at = range;
            for (var i = 0; chunk is not null && i < chunk.Count; i++)
            {
                var id = chunk.Ids[i];
                while (more && row.Current.Id < id)
                {
                    Add(builder, row.Current);
                    more = await row.MoveNextAsync();
                }
                while (at < changed.Count && changed[at].To < id)
                {
                    at++;
                }
                if (at == changed.Count || id < changed[at].From)
                {
                    builder.Add(chunk, i);
                }
            }
            while (more && (isLast || row.Current.Id < end))
            {
                Add(builder, row.Current);
                more = await row.MoveNextAsync();
            }
            builder.Flush();
        }
        return new IssueColumns([.. next], Categories, Sources, Charges);
    }

    private void Add(IssueChunk.Builder builder, in IssueRow issue)
        => builder.Add(issue, Categories.Number(issue.Category), Sources.Number(issue.Source), Charges.Number(Charge.Of(issue.Department, issue.Responsible)));
}

/// <summary>Whose an issue is. Few bodies answer to few departments, so both together are one number.</summary>
/// <param name="Department">The department in charge.</param>
/// <param name="Responsible">Who answers for it.</param>
internal sealed record Charge(string? Department, string? Responsible)
{
    /// <summary>Null for nobody at all.</summary>
    internal static Charge? Of(string? department, string? responsible) => department is null && responsible is null ? null : new Charge(department, responsible);
}
