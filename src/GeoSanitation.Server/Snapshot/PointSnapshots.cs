using GeoSanitation.Store;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;

namespace GeoSanitation.Server.Snapshot;

/// <summary>The points of the filters asked for last, each chosen once for a data version.</summary>
internal sealed class PointSnapshots(Database database, DataSnapshots data)
{
    private const int MaxEntries = 8;

    // 5 bytes each; 43 more where they are analysed, 48 where vector tiles are asked for (of all issues 52).
    private const int MaxPoints = 4_000_000;

    // From a quarter of all on it pays to put all of them in order, since the next filter uses it too.
    private const int ManyOfAll = 4;

    private static readonly string EveryKey = IssuePointStore.KeyOf(IssueFilter.All);

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

    /// <summary>Has all issues at hand, in the order of the map, for whoever asks first; very many only when somebody asks.</summary>
    internal async Task PrepareAsync(DataView view, CancellationToken cancellation)
    {
        if (AreFewEnough(view))
        {
            (await GetAsync(IssueFilter.All, view.Version, cancellation)).PutInOrder();
        }
        IsPrepared = true;
    }

    /// <summary>Whether all issues may be gathered before anybody asks.</summary>
    internal static bool AreFewEnough(DataView view) => view.Columns.Count <= MaxPoints;

    /// <summary>Whether <see cref="PrepareAsync"/> has done so once.</summary>
    internal bool IsPrepared { get; private set; }

    private async Task<PointSnapshot> ChooseAsync(IssueFilter filter, string key)
    {
        var view = data.Latest ?? await data.CurrentAsync(CancellationToken.None);
        Round[] rounds = [.. view.Tables.Rounds.Select(r => r.Round)];
        if (view.Choose(filter) is not { } chosen)
        {
            return new PointSnapshot(await _store.ReadAsync(filter, CancellationToken.None)) { Rounds = rounds };
        }
        var all = key == EveryKey ? null : await AllAsync(view, chosen.Count);
        return all?.Count == chosen.Count ? all : new PointSnapshot(chosen, all) { Rounds = rounds };
    }

    /// <summary>All points of a version, for some of them to be put in the same order; null where it takes less time to put these in order themselves.</summary>
    private async Task<PointSnapshot?> AllAsync(DataView view, int chosen)
    {
        if (chosen < view.Columns.Count / ManyOfAll)
        {
            lock (_lock)
            {
                return _entries.Find(e => e.Key == EveryKey && e.Snapshot.IsCompletedSuccessfully && e.Snapshot.Result.DataVersion == view.Version)?.Snapshot.Result;
            }
        }
        var all = await GetAsync(IssueFilter.All, view.Version, CancellationToken.None);
        return all.DataVersion == view.Version ? all : null;
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
