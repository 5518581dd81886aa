using System.Data.Common;
using GeoSanitation.Store;
using GeoSanitation.Store.Changes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Reads the data at the start, and again whenever something is committed, so that the next request need not, and tells those who wait for it; forgets old changes.</summary>
internal sealed class FeedWatch(Database database, DataSnapshots snapshots, FeedTurns turns, ILogger<FeedWatch> log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ChangeFeed _feed = new(database);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                long? forgotten = null;
                await _feed.WatchAsync(Patience, async () =>
                {
                    await snapshots.ReadAsync(stoppingToken);
                    turns.Next();
                    if (forgotten is not { } then || Environment.TickCount64 - then > ForgetEvery.TotalMilliseconds)
                    {
                        await _feed.ForgetAsync(stoppingToken);
                        forgotten = Environment.TickCount64;
                    }
                }, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem) when (problem is DbException or IOException or TimeoutException)
            {
                // Requests look at the feed themselves; only the first after a change is slower meanwhile.
                log.LogDebug("The change feed is not watched at the moment: {Problem}", problem.Message);
            }
            await Task.Delay(RetryAfter, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
