using GeoSanitation.Store;
using GeoSanitation.Store.Changes;

namespace GeoSanitation.Server.Snapshot;

/// <summary>
/// The data in memory, kept current by the change feed. Whoever asks gets at least what was committed before it asked: those who ask at once share one look at the
/// feed. Where a look takes long, because very much has changed, they get the version before it.
/// </summary>
internal sealed class DataSnapshots(Database database)
{
    // The feed promises a second; what takes longer is a bulk import, which nobody has to wait for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ChangeFeed _feed = new(database);
    private readonly Lock _lock = new();
    private Task<DataSnapshot> _running = Task.FromException<DataSnapshot>(new InvalidOperationException("nothing was read yet"));
    private Task<DataSnapshot>? _next;
    private DataSnapshot? _latest;

    /// <summary>The last version that was read, without a look at the feed; null before the first.</summary>
    internal DataView? Latest => _latest?.At(DateTime.UtcNow);

    /// <summary>The data now.</summary>
    /// <param name="cancellation">Ends the waiting; the reading goes on for whoever asks next.</param>
    internal async Task<DataView> CurrentAsync(CancellationToken cancellation)
    {
        Task<DataSnapshot> look;
        lock (_lock)
        {
            // The look that is at work may have begun before what the caller has just written; the next one has not.
            look = _next ??= LookAfterAsync(_running);
        }
        if (_latest is { } latest)
        {
            try
            {
                return (await look.WaitAsync(Patience, cancellation)).At(DateTime.UtcNow);
            }
            catch (TimeoutException)
            {
                return latest.At(DateTime.UtcNow);
            }
        }
        return (await look.WaitAsync(cancellation)).At(DateTime.UtcNow);
    }

    private async Task<DataSnapshot> LookAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            (_running, _next) = (_next!, null);
        }
        return _latest = await LookAsync(_latest);
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
}
