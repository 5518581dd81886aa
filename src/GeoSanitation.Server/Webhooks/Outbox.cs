using GeoSanitation.Store;
using GeoSanitation.Store.Webhooks;

namespace GeoSanitation.Server.Webhooks;

/// <summary>Sends what is to be sent once of runs, several at a time, so that one that is slow keeps the others from nothing.</summary>
internal sealed class Outbox(Database database, CallbackSender sender)
{
    private const int AtATime = 4;

    private readonly DeliveryStore _store = new(database);

    /// <summary>Sends all that is due.</summary>
    /// <param name="contents">Of these contents.</param>
    /// <param name="sendAsync">Sends one, and says why it was not taken; null when it was.</param>
    /// <param name="cancellation">Cancels.</param>
    internal Task SendDueAsync(IReadOnlyList<string> contents, Func<Delivery, Task<string?>> sendAsync, CancellationToken cancellation)
        => Task.WhenAll(Enumerable.Range(0, AtATime).Select(async _ =>
        {
            while (await _store.LeaseAsync(contents, sender.Lease, cancellation) is { } delivery)
            {
                if (await sendAsync(delivery) is { } error)
                {
                    await _store.FailAsync(delivery.Id, error, sender.WaitAfter(delivery.Failures + 1), sender.MostFailures, cancellation);
                }
                else
                {
                    await _store.RemoveAsync(delivery.Id, cancellation);
                }
            }
        }));
}
