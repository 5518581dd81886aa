using System.Collections.Concurrent;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Runs;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Runs;

namespace GeoSanitation.Server.Live;

/// <summary>
/// What is to be told to those who listen. Nothing is queued for anybody: a listener comes with the cursor of what it was told last and gets what has changed since,
/// from the database's feed, so that a slow one costs no memory and one that was away goes on at whatever server. Those who stand at the same cursor share the reading.
/// </summary>
internal sealed class LiveFeed(Database database, DataSnapshots data, FeedTurns turns)
{
    // Listeners who are up to date stand at one cursor; the others are few.
    private const int MostShared = 16;

    private readonly ChangeLog _log = new(database);
    private readonly RunStore _runs = new(database);
    private readonly Lock _lock = new();
    private Turn? _turn;

    /// <summary>What there is now: the same until the feed is looked at again.</summary>
    internal Turn Now()
    {
        lock (_lock)
        {
            return _turn is { } turn && !turn.Over.IsCompleted ? turn : _turn = new Turn(this, turns.Coming);
        }
    }

    /// <summary>Where a new listener begins.</summary>
    /// <param name="lastEventId">Id of the last event that it has; null for none.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The cursor to go on from, or null when the id leads nowhere; and what there is, at least all that was committed before the call.</returns>
    internal async Task<(LiveCursor? Cursor, LiveMoment Moment)> BeginAsync(string? lastEventId, CancellationToken cancellation)
    {
        var view = await data.RefreshAsync(cancellation);
        var moment = await Now().Moment.WaitAsync(cancellation);
        if (moment.View.Data.Position.Number != view.Data.Position.Number)
        {
            turns.Next();
            moment = await Now().Moment.WaitAsync(cancellation);
        }
        else
        {
            // It shows the same, but what it was read after may be forgotten since: the listener begins at the later position.
            moment = new LiveMoment(view, moment.Published);
        }
        var cursor = lastEventId is null ? moment.Cursor : LiveCursor.Read(lastEventId);
        // Also one that is ahead of the database, as after a backup was brought back.
        return cursor is null || (await _log.ReadAsync(cursor.Last, cursor.Last.Snapshot, cancellation)).Forgotten ? (null, moment) : (cursor, moment);
    }

    private async Task<LiveMoment> MomentAsync()
    {
        var view = data.Latest ?? await data.CurrentAsync(CancellationToken.None);
        return new LiveMoment(view, await _runs.LastPublishedOfEachAsync(CancellationToken.None));
    }

    private async Task<LiveStep?> StepAsync(LiveCursor from, LiveMoment moment)
    {
        var now = moment.View.Data.Position;
        if (from.Last.DatabaseId == now.DatabaseId && from.Last.Xmax > now.Xmax)
        {
            // Another server was ahead of this one, which is about to know as much.
            return null;
        }
        var nothing = from.Until is null && from.Position.DatabaseId == now.DatabaseId && from.Position.Number == now.Number;
        var changes = nothing ? new ChangeList([]) : await _log.ReadAsync(from.Position, from.Until ?? now.Snapshot, CancellationToken.None);
        return changes.Forgotten ? new LiveStep(from, moment, [], [], "too_old")
            : changes.TooMany ? new LiveStep(from, moment, [], [], "many_changes")
            : new LiveStep(from, moment, changes.Changes, await HotspotsAsync(from, moment));
    }

    private async Task<IReadOnlyList<PublishedHotspots>> HotspotsAsync(LiveCursor from, LiveMoment moment)
    {
        var news = new List<PublishedHotspots>();
        foreach (var method in from.Runs.Keys.Union(moment.Cursor.Runs.Keys).Order(StringComparer.Ordinal))
        {
            var now = moment.Published.FirstOrDefault(r => r.Method == method);
            long? previous = from.Runs.TryGetValue(method, out var id) ? id : null;
            if (now?.Id != previous)
            {
                var changes = now is null || previous is null ? null : await CompareAsync(previous.Value, now);
                news.Add(new PublishedHotspots(
                    method, now?.Id, now?.Name, now?.PublishedAt, now is not null && now.Id == moment.LastPublished, previous,
                    changes is null ? null : HotspotKeys.Of([.. changes.Where(c => c.Change == "appeared").SelectMany(c => c.After)]),
                    changes is null ? null : HotspotKeys.Of([.. changes.Where(c => c.Change == "vanished").SelectMany(c => c.Before)]),
                    changes is null ? null : $"/api/runs/{previous}/compare/{now!.Id}"));
            }
        }
        return news;
    }

    /// <summary>The differences of two runs; null where there is nothing to compare.</summary>
    private async Task<IReadOnlyList<HotspotChange>?> CompareAsync(long previous, RunRecord now)
    {
        try
        {
            return await _runs.FindAsync(previous, CancellationToken.None) is { State: "done" } before
                ? RunComparison.Compare((before, await _runs.FeaturesAsync(before.Id, CancellationToken.None).ToListAsync()), (now, await _runs.FeaturesAsync(now.Id, CancellationToken.None).ToListAsync()))
                : null;
        }
        catch (ConflictException)
        {
            return null;
        }
    }

    /// <summary>The time between two looks at the feed.</summary>
    /// <param name="feed">Whose.</param>
    /// <param name="over">Ends with it.</param>
    internal sealed class Turn(LiveFeed feed, Task over)
    {
        private readonly Lazy<Task<LiveMoment>> _moment = new(() => Task.Run(feed.MomentAsync));
        private readonly ConcurrentDictionary<string, Lazy<Task<LiveStep?>>> _steps = [];

        internal Task Over { get; } = over;

        /// <summary>What there is.</summary>
        internal Task<LiveMoment> Moment => _moment.Value;

        /// <summary>What is to be told to whoever stands at a cursor; null while another server knows more.</summary>
        internal Task<LiveStep?> StepAsync(LiveCursor from)
            => _steps.Count < MostShared ? _steps.GetOrAdd(from.ToString(), _ => new(() => MakeAsync(from))).Value : MakeAsync(from);

        private async Task<LiveStep?> MakeAsync(LiveCursor from) => await feed.StepAsync(from, await Moment);
    }
}
