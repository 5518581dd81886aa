using System.Globalization;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Live;

/// <summary>An event as it is sent.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cursor">What whoever has it was told.</param>
/// <param name="Data">What it says.</param>
/// <param name="Key">Tells it from others about the same thing, and is the same when it is told once more after the same cursor.</param>
/// <param name="At">When it came about, UTC; null where that is not known.</param>
internal readonly record struct LiveEvent(string Name, LiveCursor Cursor, object Data, string Key, DateTime? At = null);

/// <summary>What is to be told to a listener at a cursor; the same for all who stand there, but for their filters.</summary>
/// <param name="From">The cursor.</param>
/// <param name="Moment">What there is now.</param>
/// <param name="Changes">Issues and tables that were changed, in order.</param>
/// <param name="Hotspots">Methods whose published run is another one.</param>
/// <param name="Lost">Why it cannot be told what has changed, so that all must be read again; null when it can.</param>
internal sealed record LiveStep(LiveCursor From, LiveMoment Moment, IReadOnlyList<Change> Changes, IReadOnlyList<PublishedHotspots> Hotspots, string? Lost = null)
{
    private readonly List<Told> _told = ToldOf(Changes, Moment);

    /// <summary>Where the listener stands afterwards.</summary>
    internal LiveCursor End => Lost is not null ? Moment.Cursor : Hotspots.Aggregate(AfterChanges, (cursor, news) => cursor.With(news.Method, news.Run));

    private LiveCursor AfterChanges => new(From.Until is null ? Moment.View.Data.Position : From.Last, From.Runs);

    /// <summary>Whether there is nothing for anybody, so that who stands at the cursor may go on standing there.</summary>
    internal bool IsEmpty => Lost is null && Changes.Count == 0 && Hotspots.Count == 0;

    /// <summary>The events for a listener, in order.</summary>
    /// <param name="filter">Which issues are listened to.</param>
    internal IEnumerable<LiveEvent> EventsFor(IssueFilter filter)
    {
        if (Lost is not null)
        {
            yield return new LiveEvent("reset", End, new Reset(Lost, Moment.View.Version), $"{From}");
            yield break;
        }
        var takes = ColumnFilter.Of(filter, Moment.View)!;
        var after = AfterChanges;
        for (var n = From.Told; n < _told.Count; n++)
        {
            if (DataOf(_told[n], takes) is var (name, data))
            {
                var within = From with { Position = From.Position with { Number = after.Position.Number }, Until = after.Position.Snapshot, Told = n + 1 };
                yield return new LiveEvent(name, n + 1 == _told.Count ? after : within, data, $"{after.Position.DatabaseId}-{_told[n].Transaction}", _told[n].At);
            }
        }
        var cursor = after;
        foreach (var news in Hotspots)
        {
            yield return new LiveEvent("hotspots", cursor = cursor.With(news.Method, news.Run), news, KeyOf(news), news.PublishedAt);
        }
    }

    private string KeyOf(PublishedHotspots news)
        => string.Create(CultureInfo.InvariantCulture, $"{Moment.View.Data.Position.DatabaseId}-{news.Method}-{news.Previous}-{news.Run}-{news.PublishedAt:yyyyMMddHHmmssffffff}");

    /// <summary>What is told of a change; null when it is none of the listener's.</summary>
    private (string Name, object Data)? DataOf(Told told, ColumnFilter takes)
    {
        if (told.Table is { } table)
        {
            return ("table", new ChangedTable(table));
        }
        var (matched, matches) = (Takes(told.BeforeAt), Takes(told.NowAt));
        if (!matched && !matches)
        {
            return null;
        }
        var shown = told.Now ?? told.Before!;
        return ("issue", new ChangedIssue(
            told.Issue, told.Before is null ? "created" : told.Now is null ? "deleted" : "updated", matches,
            shown.Ward, shown.Category, shown.Status, shown.Severity, shown.Lon, shown.Lat, told.Now is null || told.Before == told.Now ? null : told.Before));

        bool Takes((IssueChunk Chunk, int Row)? at) => at is var (chunk, i) && takes.Takes(chunk, i, Moment.View.IsOverdue(chunk, i));
    }

    private static List<Told> ToldOf(IReadOnlyList<Change> changes, LiveMoment moment)
    {
        var rows = changes.Where(c => c.Before is not null).Select(c => c.Before!.Value).ToList();
        var (beside, row) = (moment.View.Columns.Beside(rows), 0);
        // The columns that filters look at, and what is said of them, are found once for all listeners.
        var categories = moment.View.Columns.Categories.Values();
        return [.. changes.Select(change =>
        {
            if (change.Issue is not { } id)
            {
                return new Told(0, change.Table, change.At, change.Transaction, null, null, null, null);
            }
            (IssueChunk, int)? before = change.Before is null ? null : (beside!, row++);
            var now = moment.View.Columns.Find(id);
            return new Told(id, null, change.At, change.Transaction, before, now, Describe(before), Describe(now));
        })];

        LiveIssue? Describe((IssueChunk Chunk, int Row)? at) => at is var (chunk, i)
            ? new(moment.WardCode(chunk.Ward[i]), categories[chunk.Category[i]]!, IssuePoints.Statuses[chunk.Status(i)], chunk.Severity(i), chunk.LonDegrees[i], chunk.LatDegrees[i])
            : null;
    }

    /// <summary>A change with what it is known by: where its columns are, and what is said of them; before and now, null where it was or is not there.</summary>
    private sealed record Told(long Issue, string? Table, DateTime At, ulong Transaction, (IssueChunk Chunk, int Row)? BeforeAt, (IssueChunk Chunk, int Row)? NowAt, LiveIssue? Before, LiveIssue? Now);
}
