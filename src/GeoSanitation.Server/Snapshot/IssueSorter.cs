using GeoSanitation.Coordinates;
using GeoSanitation.Store.Changes;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Issues that come by id, put into the order of the map: a million at a time, and all of these merged.</summary>
internal sealed class IssueSorter
{
    private const int ChunksOfRun = 32;

    private readonly List<IssueChunk> _coming = [];
    private readonly List<Run> _runs = [];
    private readonly int _capacity;
    private readonly IssueChunk.Builder _builder;

    /// <param name="most">How many will come at most.</param>
    internal IssueSorter(long most)
    {
        _capacity = (int)Math.Clamp(most, 1, IssueChunk.Capacity);
        _builder = new IssueChunk.Builder(_coming, _capacity);
    }

    internal void Add(in IssueRow row, IssueNumbers numbers)
    {
        _builder.Add(row, numbers);
        EndRun(ChunksOfRun);
    }

    /// <summary>Adds an issue at another place.</summary>
    internal void Add(IssueChunk from, int i, LonLat place)
    {
        _builder.Add(from, i, place.LonDegrees, place.LatDegrees);
        EndRun(ChunksOfRun);
    }

    /// <summary>All that came as chunks; the sorter is at its end.</summary>
    internal List<IssueChunk> ToChunks()
    {
        var all = ToMerge();
        if (all.Single is { } single)
        {
            return [.. single];
        }
        var chunks = new List<IssueChunk>();
        var builder = new IssueChunk.Builder(chunks);
        for (; all.Current is var (chunk, row); all.MoveNext())
        {
            builder.Add(chunk, row);
        }
        builder.Flush();
        return chunks;
    }

    /// <summary>All that came, one after the other; the sorter is at its end.</summary>
    internal Merge ToMerge()
    {
        _builder.Flush();
        EndRun(1);
        return new Merge(_runs);
    }

    private void EndRun(int fewestChunks)
    {
        if (_coming.Count < fewestChunks)
        {
            return;
        }
        // All but the last are full.
        var keys = new long[_coming.Sum(chunk => chunk.Count)];
        Parallel.For(0, _coming.Count, c =>
        {
            for (var i = 0; i < _coming[c].Count; i++)
            {
                keys[c * _capacity + i] = _coming[c].KeyAt(i);
            }
        });
        var sorted = new List<IssueChunk>(_coming.Count);
        var builder = new IssueChunk.Builder(sorted, _capacity);
        foreach (var i in QuadOrder.Sorted(keys))
        {
            builder.Add(_coming[i / _capacity], i % _capacity);
        }
        builder.Flush();
        _coming.Clear();
        _runs.Add(new Run(new Queue<IssueChunk>(sorted)));
    }

    /// <summary>Goes through all runs at once. What was passed is let go, so that no issue is held twice.</summary>
    internal sealed class Merge
    {
        private readonly PriorityQueue<Run, (long Key, long Id)> _next = new();

        internal Merge(List<Run> runs)
        {
            Single = runs is [var only] ? only.Chunks : null;
            foreach (var run in runs)
            {
                _next.Enqueue(run, run.At);
            }
        }

        /// <summary>All chunks, where they are in order already; null else.</summary>
        internal IReadOnlyCollection<IssueChunk>? Single { get; }

        /// <summary>The issue that is next; null at the end.</summary>
        internal (IssueChunk Chunk, int Row)? Current => _next.TryPeek(out var run, out _) ? (run.Chunks.Peek(), run.Row) : null;

        /// <summary>Whether the issue that is next comes before another one.</summary>
        internal bool IsBefore((long Key, long Id) other) => _next.TryPeek(out _, out var at) && at.CompareTo(other) < 0;

        internal void MoveNext()
        {
            var run = _next.Peek();
            if (run.MoveNext())
            {
                _next.DequeueEnqueue(run, run.At);
            }
            else
            {
                _next.Dequeue();
            }
        }
    }

    /// <summary>Issues in order.</summary>
    /// <param name="chunks">At least one.</param>
    internal sealed class Run(Queue<IssueChunk> chunks)
    {
        internal Queue<IssueChunk> Chunks { get; } = chunks;

        internal int Row { get; private set; }

        internal (long Key, long Id) At => Chunks.Peek().PlaceAt(Row);

        /// <summary>False at the end.</summary>
        internal bool MoveNext()
        {
            Row++;
            if (Row == Chunks.Peek().Count)
            {
                Chunks.Dequeue();
                Row = 0;
            }
            return Chunks.Count > 0;
        }
    }
}
