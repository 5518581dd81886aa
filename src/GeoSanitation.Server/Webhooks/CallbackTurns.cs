using System.Data.Common;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoSanitation.Server.Webhooks;

/// <summary>Work in the background that looks for something to send whenever something was committed, and when something that failed is to be tried again. Where nobody may be called it does not begin.</summary>
internal abstract class CallbackTurns(Database database, CallbackHosts hosts, FeedTurns turns, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    private readonly SubscriptionStore _subscriptions = new(database);

    /// <summary>Sends what there is to send; need not wait until it has arrived.</summary>
    protected abstract Task TurnAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (hosts.Any && !stoppingToken.IsCancellationRequested)
        {
            var (coming, wait) = (turns.Coming, Patience);
            try
            {
                await TurnAsync(stoppingToken);
                wait = await _subscriptions.NextDueAsync(stoppingToken) is { } due ? TimeSpan.FromTicks(Math.Clamp((due - DateTime.UtcNow).Ticks, Shortest.Ticks, Patience.Ticks)) : Patience;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem) when (problem is DbException or IOException or TimeoutException)
            {
                // The database is away; what is to be sent waits there.
                log.LogDebug("Nothing is sent at the moment: {Problem}", problem.Message);
            }
            catch (Exception problem)
            {
                // Whatever it is, the server goes on.
                log.LogError(problem, "Sending failed");
            }
            await Task.WhenAny(coming, Task.Delay(wait, stoppingToken));
        }
    }
}
