using GeoSanitation.Store;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;

namespace GeoSanitation.Server.Snapshot;

/// <summary>The points of the filters asked for last, each chosen once for a data version.</summary>
internal sealed class PointSnapshots(Database database, DataSnapshots data)
{
    private const int MaxEntries = 8;

    // 4 bytes each, of all issues none.
    private const int MaxPoints = 20_000_000;

    private readonly IssuePointStore _store = new(database);
    private readonly Lock _lock = new();

    // The one used last comes first.
    private readonly List<Entry> _entries = [];

    /// <summary>The points of a filter as of a data version, or newer.</summary>
    /// <param name="filter">Which issues.</param>
    /// <param name="dataVersion">The version of a <see cref="DataView"/> that the caller has.</param>
    /// <param name="cancellation">Ends the waiting; the choosing goes on for whoever asks next.</param>
    internal async Task<PointSnapshot> GetAsync(IssueFilter filter, string dataVersion, CancellationToken cancellation)
    {
        var key = IssuePointStore.KeyOf(filter);
        Entry entry;
        lock (_lock)
        {
            var found = _entries.Find(e => e.Key == key);
            // What is of the past serves nobody, and may hold all issues of its time.
            var latest = data.Latest?.Version;
            _entries.RemoveAll(e => e.Key == key || !(e.Serves(dataVersion) || e.Serves(latest)));
            entry = found is not null && found.Serves(dataVersion) ? found : new Entry(key, dataVersion, Task.Run(() => ChooseAsync(filter, key), CancellationToken.None));
            _entries.Insert(0, entry);
            Shrink();
        }
        return await entry.Snapshot.WaitAsync(cancellation);
    }

    private async Task<PointSnapshot> ChooseAsync(IssueFilter filter, string key)
    {
        var view = data.Latest ?? await data.CurrentAsync(CancellationToken.None);
        Round[] rounds = [.. view.Tables.Rounds.Select(r => r.Round)];
        if (view.Choose(filter) is not { } chosen)
        {
            return new PointSnapshot(await _store.ReadAsync(filter, CancellationToken.None)) { Rounds = rounds };
        }
        // What leaves nothing out shares what is worked out of all.
        return key != IssuePointStore.EveryKey && chosen.Count == view.Columns.Count && await GetAsync(IssueFilter.All, view.Version, CancellationToken.None) is var all && all.Count == chosen.Count
            ? all
            : new PointSnapshot(chosen) { Rounds = rounds };
    }

    private void Shrink()
    {
        var (kept, points) = (0, 0L);
        foreach (var entry in _entries)
        {
            points += entry.Snapshot.IsCompletedSuccessfully ? entry.Snapshot.Result.Count : 0;
            if (kept > 0 && (kept == MaxEntries || points > MaxPoints))
            {
                break;
            }
            kept++;
        }
        _entries.RemoveRange(kept, _entries.Count - kept);
    }

    private sealed record Entry(string Key, string AskedVersion, Task<PointSnapshot> Snapshot)
    {
        /// <summary>Whether it was chosen for this version, or turned out to be of it; a choosing that failed serves nobody.</summary>
        internal bool Serves(string? version)
            => !Snapshot.IsFaulted && (AskedVersion == version || (Snapshot.IsCompletedSuccessfully && Snapshot.Result.DataVersion == version));
    }
}
