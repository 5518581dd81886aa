using System.Runtime.CompilerServices;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Snapshot;

/// <summary>All data as of a position of the feed.</summary>
/// <param name="Position">The position.</param>
/// <param name="Columns">Every issue.</param>
/// <param name="Tables">What filters refer to.</param>
/// <param name="Deadlines">Deadlines of the issues that can be late, ascending, microseconds since 1970.</param>
internal sealed record DataSnapshot(FeedPosition Position, IssueColumns Columns, FilterTables Tables, long[] Deadlines)
{
    /// <summary>Deadlines of the columns.</summary>
    internal static long[] DeadlinesOf(IssueColumns columns)
    {
        var deadlines = new List<long>();
        foreach (var chunk in columns.Chunks)
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                if (chunk.CanBeLate(i))
                {
                    deadlines.Add(chunk.DueAt[i]);
                }
            }
        }
        deadlines.Sort();
        return [.. deadlines];
    }

    /// <summary>The data as they look at a moment.</summary>
    internal DataView At(DateTime utc)
    {
        var now = (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        var found = Array.BinarySearch(Deadlines, now);
        // Of equal ones the search may find any.
        var last = found >= 0 ? found : ~found - 1;
        return new DataView(this, last >= 0 ? Deadlines[last] : null);
    }
}

/// <summary>Data of one version: nothing of it ever changes.</summary>
/// <param name="Data">The data.</param>
/// <param name="LastDeadline">The last deadline that has passed, microseconds since 1970; null for none.</param>
internal sealed record DataView(DataSnapshot Data, long? LastDeadline)
{
    internal IssueColumns Columns => Data.Columns;

    internal FilterTables Tables => Data.Tables;

    /// <summary>Names what is seen: equal texts mean equal data, on every server of this database. The store's own statements say the same text.</summary>
    internal string Version { get; } = FormattableString.Invariant($"{Data.Position.DatabaseId}-{Data.Position.Number}{(LastDeadline is { } deadline ? FormattableString.Invariant($"-{deadline}") : "")}");

    /// <summary>Whether an issue is overdue.</summary>
    internal bool IsOverdue(IssueChunk chunk, int i) => chunk.IsOverdue(i, LastDeadline ?? IssueChunk.NothingDue);

    /// <summary>The issues of a filter; null where only the database can tell which they are.</summary>
    internal ChosenIssues? Choose(IssueFilter filter)
    {
        if (ColumnFilter.Of(filter, this) is not { } takes)
        {
            return null;
        }
        var chunks = Columns.Chunks;
        var parts = chunks.Count == 1 ? [Choose(chunks[0])] : chunks.AsParallel().AsOrdered().Select(Choose).ToArray();
        return new ChosenIssues(this, [.. parts.Where(part => part.Count > 0)]);

        IssueStretch Choose(IssueChunk chunk)
        {
            var (rows, n) = (new int[chunk.Count], 0);
            for (var i = 0; i < rows.Length; i++)
            {
                if (takes.Takes(chunk, i, IsOverdue(chunk, i)))
                {
                    rows[n++] = i;
                }
            }
            return new IssueStretch(chunk, n == rows.Length ? IssueStretch.First(n) : rows.AsSpan(0, n).ToArray());
        }
    }

    /// <summary>A time of the columns in whole seconds since 1970, rounded down, before 1970 too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long Seconds(long microseconds) => (microseconds >= 0 ? microseconds : microseconds - (TimeSpan.MicrosecondsPerSecond - 1)) / TimeSpan.MicrosecondsPerSecond;
}
