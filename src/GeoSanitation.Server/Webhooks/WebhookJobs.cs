using System.Data.Common;
using System.Net.Http.Headers;
using System.Text.Json;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Live;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Runs;
using GeoSanitation.Store.Webhooks;
using Microsoft.Extensions.Logging;

namespace GeoSanitation.Server.Webhooks;

/// <summary>
/// Tells addresses that subscribed what has changed, event by event in order. Nothing is queued for them: as who listens to <c>/api/live</c>, each has a cursor, which is put down
/// after every event that it took; after a failure or a restart it goes on from there, at whatever server.
/// </summary>
internal sealed class WebhookJobs(Database database, LiveFeed feed, Outbox outbox, CallbackSender sender, CallbackHosts hosts, FeedTurns turns, ILogger<WebhookJobs> log) : CallbackTurns(database, hosts, turns, log)
{
    private readonly SubscriptionStore _subscriptions = new(database);
    private readonly RunStore _runs = new(database);
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Work> _atWork = [];
    private readonly ILogger _log = log;
    private Task _jobs = Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task TurnAsync(CancellationToken cancellation)
    {
        // One that is slow keeps no other waiting, and not the next turn.
        if (_jobs.IsCompleted)
        {
            _jobs = WatchedAsync(() => outbox.SendDueAsync(["event"], delivery => SendJobAsync(delivery, cancellation), cancellation));
        }
        var due = await _subscriptions.ListDueAsync(cancellation);
        lock (_lock)
        {
            // What was committed while one was told may have come too late for it.
            foreach (var work in _atWork.Values)
            {
                work.Again = true;
            }
            foreach (var id in due.Select(s => s.Id).Where(id => !_atWork.ContainsKey(id)))
            {
                _atWork[id] = new Work { Task = Task.Run(() => WorkAsync(id, cancellation), CancellationToken.None) };
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task[] tasks;
        lock (_lock)
        {
            tasks = [_jobs, .. _atWork.Values.Select(w => w.Task)];
        }
        await Task.WhenAll(tasks);
    }

    private async Task WorkAsync(int id, CancellationToken cancellation)
    {
        while (true)
        {
            await WatchedAsync(() => TellAsync(id, cancellation));
            lock (_lock)
            {
                if (!_atWork[id].Again || cancellation.IsCancellationRequested)
                {
                    _atWork.Remove(id);
                    return;
                }
                _atWork[id].Again = false;
            }
        }
    }

    private async Task WatchedAsync(Func<Task> work)
    {
        await Task.Yield();
        try
        {
            await work();
        }
        catch (Exception problem) when (problem is DbException or IOException or TimeoutException or OperationCanceledException)
        {
            // It is told when the database is there again.
        }
        catch (Exception problem)
        {
            _log.LogError(problem, "Telling an address of changes failed");
        }
    }

    private async Task TellAsync(int id, CancellationToken cancellation)
    {
        // Whoever has been told everything needs no lease, which is a write.
        if (await _subscriptions.FindAsync(id, cancellation) is not { } known || (LiveCursor.Read(known.Cursor) is { } cursor && await feed.Now().StepAsync(cursor) is null or { IsEmpty: true }))
        {
            return;
        }
        if (await _subscriptions.LeaseAsync(id, sender.Lease, cancellation) is not var (subscription, lease))
        {
            return;
        }
        try
        {
            await TellAsync(subscription, lease, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The next server need not wait for the lease to end; what it was told last is put down.
            await _subscriptions.ReleaseAsync(subscription.Id, lease, CancellationToken.None);
            throw;
        }
    }

    private async Task TellAsync(Subscription subscription, DateTime lease, CancellationToken cancellation)
    {
        var from = LiveCursor.Read(subscription.Cursor) ?? throw new InvalidOperationException($"the cursor of webhook {subscription.Id} is none");
        var filter = new IssueFilter { Wards = subscription.Wanted.Wards };
        while (await feed.Now().StepAsync(from) is { IsEmpty: false } step)
        {
            foreach (var told in step.EventsFor(filter).Where(told => IsWanted(told, subscription.Wanted)))
            {
                if (await SendAsync(subscription.Wanted, CloudEvent.Of(told, subscription.Wanted.Source, step.Moment.View.Version), cancellation) is { } error)
                {
                    await _subscriptions.FailAsync(subscription.Id, lease, error, sender.WaitAfter(subscription.Failures + 1), sender.MostFailures, cancellation);
                    return;
                }
                subscription = subscription with { Failures = 0 };
                if (await _subscriptions.AdvanceAsync(subscription.Id, lease, $"{told.Cursor}", 1, sender.Lease, cancellation) is not { } longer)
                {
                    return;
                }
                lease = longer;
            }
            if (await _subscriptions.AdvanceAsync(subscription.Id, lease, $"{step.End}", 0, sender.Lease, cancellation) is not { } further)
            {
                return;
            }
            (lease, from) = (further, step.End);
        }
        await _subscriptions.ReleaseAsync(subscription.Id, lease, cancellation);
    }

    private static bool IsWanted(LiveEvent told, NewSubscription wanted) => CloudEvent.CollectionOf(told.Data) is not { } collection
        || (wanted.Collections.Contains(collection) && (told.Data is not ChangedIssue issue || wanted.Events.Contains(issue.Change)));

    private async Task<string?> SendJobAsync(Delivery delivery, CancellationToken cancellation)
    {
        var (subscription, run) = (await _subscriptions.FindAsync(delivery.SubscriptionId!.Value, cancellation), await _runs.FindAsync(delivery.RunId, cancellation));
        if (subscription is null || run is null)
        {
            // Removed meanwhile, and the delivery with it.
            return null;
        }
        var at = run.FinishedAt;
        var ended = new EndedJob("jobs", $"{run.Id}", run.Method, run.Name, run.State, run.DataVersion, run.Features, run.Error, at, $"{subscription.Wanted.Source}/api/runs/{run.Id}");
        return await SendAsync(subscription.Wanted, new CloudEvent($"job-{run.Id}-{run.State}", subscription.Wanted.Source, CloudEvent.JobType, $"jobs/{run.Id}", at, ended), cancellation);
    }

    private Task<string?> SendAsync(NewSubscription wanted, CloudEvent told, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(told, JsonForm.Options);
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType, "utf-8") } };
        return sender.SendAsync(wanted.Url, content, CallbackSender.Signed(told.Id, DateTimeOffset.UtcNow, body, wanted.Secret), cancellation);
    }

    /// <summary>An address that is being told.</summary>
    private sealed class Work
    {
        internal required Task Task { get; init; }

        /// <summary>Whether to look once more when that is done.</summary>
        internal bool Again { get; set; }
    }
}

/// <summary>Data of a CloudEvent about a job that has ended.</summary>
/// <param name="Collection">Always <c>jobs</c>.</param>
/// <param name="Id">Number of the run.</param>
/// <param name="Method">Its method.</param>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="State"><c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Version">The data that it is of.</param>
/// <param name="Features">How many features it found.</param>
/// <param name="Error">Why it has no result; null where it has.</param>
/// <param name="At">When it ended.</param>
/// <param name="Href">Where it is.</param>
internal sealed record EndedJob(string Collection, string Id, string Method, string? Name, string State, string Version, int Features, string? Error, DateTime? At, string Href);
