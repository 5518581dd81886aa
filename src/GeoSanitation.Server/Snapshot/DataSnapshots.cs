using System.Diagnostics;
using GeoSanitation.Store;
using GeoSanitation.Store.Changes;

namespace GeoSanitation.Server.Snapshot;

/// <summary>
/// The data in memory, kept current by the change feed. Whoever asks gets at least what was committed a moment before it asked
/// (<see cref="SnapshotSettings.MaxAgeMilliseconds"/>), and what was written through this server in any case: a look at the feed serves those who ask at once and those
/// who come just after it. Where a look takes long, because very much has changed, they get the version before it.
/// </summary>
internal sealed class DataSnapshots(Database database, Settings settings)
{
    // The feed promises a second; what takes longer is a bulk import, which nobody has to wait for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ChangeFeed _feed = new(database);
    private readonly TimeSpan _maxAge = TimeSpan.FromMilliseconds(settings.Snapshot.MaxAgeMilliseconds);
    private readonly Lock _lock = new();
    private Task<DataSnapshot> _running = Task.FromException<DataSnapshot>(new InvalidOperationException("nothing was read yet"));
    private Task<DataSnapshot>? _next;
    private Look? _latest;
    private int _writers;
    private long _lastWrite;

    /// <summary>The last version that was read, without a look at the feed; null before the first.</summary>
    internal DataView? Latest => _latest?.Data.At(DateTime.UtcNow);

    /// <summary>The data now, however long the reading takes.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    internal async Task<DataView> ReadAsync(CancellationToken cancellation) => (await NextLook().WaitAsync(cancellation)).At(DateTime.UtcNow);

    /// <summary>The data now, or those before it where the reading takes long.</summary>
    /// <param name="cancellation">Ends the waiting; the reading goes on for whoever asks next.</param>
    internal Task<DataView> CurrentAsync(CancellationToken cancellation)
        => _latest is { } latest && IsFresh(latest) ? Task.FromResult(latest.Data.At(DateTime.UtcNow)) : RefreshAsync(cancellation);

    /// <summary>The data now, by a look at the feed that begins after this call.</summary>
    /// <param name="cancellation">Ends the waiting; the reading goes on for whoever asks next.</param>
    internal async Task<DataView> RefreshAsync(CancellationToken cancellation)
    {
        var look = NextLook();
        if (_latest is { } latest)
        {
            try
            {
                return (await look.WaitAsync(Patience, cancellation)).At(DateTime.UtcNow);
            }
            catch (TimeoutException)
            {
                return latest.Data.At(DateTime.UtcNow);
            }
        }
        return (await look.WaitAsync(cancellation)).At(DateTime.UtcNow);
    }

    /// <summary>Says that this server is writing, until it is disposed of: whoever asks from now on finds what was written.</summary>
    internal IDisposable Writing()
    {
        Interlocked.Increment(ref _writers);
        return new Writer(this);
    }

    // Writers leave their time before they leave.
    private bool IsFresh(Look look)
        => Volatile.Read(ref _writers) == 0 && look.Began > Volatile.Read(ref _lastWrite) && Stopwatch.GetElapsedTime(look.Began) < _maxAge;

    private Task<DataSnapshot> NextLook()
    {
        lock (_lock)
        {
            // The look that is at work may have begun before what the caller has just written; the next one has not.
            return _next ??= LookAfterAsync(_running);
        }
    }

    private async Task<DataSnapshot> LookAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            (_running, _next) = (_next!, null);
        }
        var began = Stopwatch.GetTimestamp();
        var data = await LookAsync(_latest?.Data);
        _latest = new Look(data, began);
        return data;
    }

    private async Task<DataSnapshot> LookAsync(DataSnapshot? known)
    {
        if (await _feed.LookAsync(known?.Position, CancellationToken.None) is { } unmoved)
        {
            return known! with { Position = unmoved };
        }
        await using var reading = await _feed.ReadAsync(known?.Position, CancellationToken.None);
        var tables = known is null || reading.TablesChanged ? await reading.ReadTablesAsync(CancellationToken.None) : known.Tables;
        var columns = await (known?.Columns ?? IssueColumns.Empty()).ReplaceAsync(reading.Issues, reading.ReadIssuesAsync(CancellationToken.None));
        return new DataSnapshot(reading.Position, columns, tables, known?.Columns == columns ? known.Deadlines : DataSnapshot.DeadlinesOf(columns));
    }

    /// <summary>What a look at the feed found.</summary>
    /// <param name="Data">The data.</param>
    /// <param name="Began">When it began, by the stopwatch: at least what was committed before is there.</param>
    private sealed record Look(DataSnapshot Data, long Began);

    private sealed class Writer(DataSnapshots snapshots) : IDisposable
    {
        public void Dispose()
        {
            Volatile.Write(ref snapshots._lastWrite, Stopwatch.GetTimestamp());
            Interlocked.Decrement(ref snapshots._writers);
        }
    }
}
