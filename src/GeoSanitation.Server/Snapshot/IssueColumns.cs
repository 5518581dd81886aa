using System.Buffers;
using GeoSanitation.Store.Changes;

namespace GeoSanitation.Server.Snapshot;

/// <summary>All issues as columns in chunks, in the order of the map; a version that never changes. The next version shares the chunks that are the same.</summary>
internal sealed class IssueColumns
{
    // A chunk with fewer is put together with the next one, when it is made anew.
    private const int FewRows = IssueChunk.Capacity / 4;

    // Of a chunk, at least so many are looked at together.
    private const int FewIds = 32;

    private readonly IssueChunk[] _chunks;

    private IssueColumns(IssueChunk[] chunks, CodeBook<string> categories, CodeBook<string> sources, CodeBook<Charge> charges)
        => (_chunks, Categories, Sources, Charges, Count) = (chunks, categories, sources, charges, chunks.Sum(c => c.Count));

    /// <summary>No issues.</summary>
    internal static IssueColumns Empty() => new([], new CodeBook<string>(), new CodeBook<string>(), new CodeBook<Charge>());

    /// <summary>Along the curve of <see cref="QuadOrder"/>, those at one place by id: what is in a chunk lies before what is in the next.</summary>
    internal IReadOnlyList<IssueChunk> Chunks => _chunks;

    internal int Count { get; }

    internal CodeBook<string> Categories { get; }

    internal CodeBook<string> Sources { get; }

    internal CodeBook<Charge> Charges { get; }

    /// <summary>Where an issue stands; null when there is none of the number.</summary>
    internal (IssueChunk Chunk, int Row)? Find(long id)
    {
        foreach (var chunk in _chunks)
        {
            if (chunk.Find(id) is { } row)
            {
                return (chunk, row);
            }
        }
        return null;
    }

    /// <summary>Issues by id.</summary>
    /// <param name="after">Only those behind this id.</param>
    /// <param name="skipped">So many of them are left out at first.</param>
    /// <param name="most">Most of them.</param>
    /// <param name="takes">Only those that it takes.</param>
    internal IssuesById ById(long after, long skipped, int most, Func<IssueChunk, int, bool> takes)
    {
        var room = Math.Min(most, Count);
        var (parts, ids, order, read) = (new List<IssueStretch>(), new List<long>(room), new List<int>(room), 0);
        var next = Array.ConvertAll(_chunks, chunk => after == long.MaxValue ? chunk.Count : chunk.FirstById(after + 1, 0));
        var (rows, isAtEnd) = (new List<int>(), false);
        // A little more of each chunk than its share, as shares are not quite equal.
        for (var step = FewIds + (int)(1.2 * most / Math.Max(1, _chunks.Length)); order.Count < most && !isAtEnd; step = Math.Min(2 * step, IssueChunk.Capacity))
        {
            var (seen, found) = (IdsFrom(next, step), new List<IssueStretch>());
            // The last id up to which all chunks are seen.
            var last = seen.Where((of, c) => next[c] + of.Length < _chunks[c].Count).Select(of => of[^1]).DefaultIfEmpty(long.MaxValue).Min();
            isAtEnd = last == long.MaxValue;
            var (keys, count) = (ArrayPool<long>.Shared.Rent(seen.Sum(of => of.Length)), 0);
            for (var c = 0; c < _chunks.Length; c++)
            {
                var (chunk, end) = (_chunks[c], isAtEnd ? seen[c].Length : CountTo(seen[c], last));
                var byId = chunk.ById.AsSpan(next[c], end);
                rows.Clear();
                for (var n = 0; n < end; n++)
                {
                    if (takes(chunk, byId[n]))
                    {
                        rows.Add(byId[n]);
                        keys[count++] = seen[c][n];
                    }
                }
                next[c] += end;
                if (rows.Count > 0)
                {
                    found.Add(new IssueStretch(chunk, rows.ToArray()));
                }
            }
            if (count > skipped)
            {
                parts.AddRange(found);
                var sorted = QuadOrder.Sorted(keys.AsSpan(0, count)).AsSpan((int)skipped);
                foreach (var place in sorted[..Math.Min(sorted.Length, most - order.Count)])
                {
                    order.Add(read + place);
                    ids.Add(keys[place]);
                }
                read += count;
            }
            ArrayPool<long>.Shared.Return(keys);
            skipped = Math.Max(0, skipped - count);
        }
        return new IssuesById(parts, ids, order);
    }

    /// <summary>Of each chunk the next ids.</summary>
    /// <param name="next">For each chunk where it begins, by id.</param>
    /// <param name="most">Most of them.</param>
    private long[][] IdsFrom(int[] next, int most)
        => [.. _chunks.Select((chunk, c) => chunk.Ids.At(chunk.ById.AsSpan(next[c], Math.Min(most, chunk.Count - next[c]))))];

    /// <summary>How many of some ids, ascending, are no higher than another.</summary>
    private static int CountTo(long[] ids, long last)
    {
        var at = Array.BinarySearch(ids, last);
        return at >= 0 ? at + 1 : ~at;
    }

    /// <summary>Rows that are not of this version, as they come, with the numbers that it has for categories and the like; null for none.</summary>
    /// <param name="rows">At most <see cref="IssueChunk.Capacity"/>, in any order.</param>
    internal IssueChunk? Beside(IReadOnlyCollection<IssueRow> rows)
    {
        var chunks = new List<IssueChunk>();
        var builder = new IssueChunk.Builder(chunks, rows.Count);
        foreach (var row in rows)
        {
            builder.Add(row, NumbersOf(row));
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
        var arriving = new IssueSorter(most: (long)Math.Min(changed.Sum(range => (double)range.To - range.From + 1), IssueChunk.Capacity));
        await foreach (var row in rows)
        {
            arriving.Add(row, NumbersOf(row));
        }
        var chunks = changed is [var all] && all == IdRange.All || _chunks.Length == 0 ? arriving.ToChunks() : Merged(changed, arriving.ToMerge());
        return new IssueColumns([.. chunks], Categories, Sources, Charges);
    }

    private List<IssueChunk> Merged(IReadOnlyList<IdRange> removed, IssueSorter.Merge arriving)
    {
        var chunks = new List<IssueChunk>(_chunks.Length + 1);
        var builder = new IssueChunk.Builder(chunks);
        var here = new List<(IssueChunk Chunk, int Row)>();
        for (var c = 0; c < _chunks.Length; c++)
        {
            // A chunk stands for all places up to the next one's first.
            var (chunk, end) = (_chunks[c], c + 1 < _chunks.Length ? _chunks[c + 1].PlaceAt(0) : (Key: long.MaxValue, Id: long.MaxValue));
            here.Clear();
            for (; arriving.IsBefore(end); arriving.MoveNext())
            {
                here.Add(arriving.Current!.Value);
            }
            var kept = Kept(chunk, removed);
            if (here.Count == 0 && kept.Length == chunk.Count && builder.Count == 0)
            {
                chunks.Add(chunk);
                continue;
            }
            var count = builder.Count + kept.Length + here.Count;
            // As many in each chunk, so that the next that comes finds room.
            builder.RowsOfChunk = Math.Max(1, Ceiling(count, Ceiling(count, IssueChunk.Capacity)));
            var at = 0;
            foreach (var row in kept.Span)
            {
                var place = chunk.PlaceAt(row);
                for (; at < here.Count && here[at].Chunk.PlaceAt(here[at].Row).CompareTo(place) < 0; at++)
                {
                    builder.Add(here[at].Chunk, here[at].Row);
                }
                builder.Add(chunk, row);
            }
            for (; at < here.Count; at++)
            {
                builder.Add(here[at].Chunk, here[at].Row);
            }
            if (builder.Count >= FewRows)
            {
                builder.Flush();
            }
        }
        builder.Flush();
        return chunks;
    }

    /// <summary>The rows of a chunk whose ids are in no range.</summary>
    private static ReadOnlyMemory<int> Kept(IssueChunk chunk, IReadOnlyList<IdRange> removed)
    {
        bool[]? isRemoved = null;
        var at = 0;
        foreach (var range in removed)
        {
            at = chunk.FirstById(range.From, at);
            for (; at < chunk.Count && chunk.Ids[chunk.ById[at]] <= range.To; at++)
            {
                (isRemoved ??= new bool[chunk.Count])[chunk.ById[at]] = true;
            }
        }
        return isRemoved is null ? IssueStretch.First(chunk.Count) : Enumerable.Range(0, chunk.Count).Where(i => !isRemoved[i]).ToArray();
    }

    private static int Ceiling(int count, int parts) => parts == 0 ? 0 : (count + parts - 1) / parts;

    private IssueNumbers NumbersOf(in IssueRow issue)
        => new(Categories.Number(issue.Category), Sources.Number(issue.Source), Charges.Number(Charge.Of(issue.Department, issue.Responsible)));
}

/// <summary>Whose an issue is. Few bodies answer to few departments, so both together are one number.</summary>
/// <param name="Department">The department in charge.</param>
/// <param name="Responsible">Who answers for it.</param>
internal sealed record Charge(string? Department, string? Responsible)
{
    /// <summary>Null for nobody at all.</summary>
    internal static Charge? Of(string? department, string? responsible) => department is null && responsible is null ? null : new Charge(department, responsible);
}
