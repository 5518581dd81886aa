using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Imports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoSanitation.Server.Imports;

/// <summary>An import that this server runs or will run.</summary>
/// <param name="Ticket">Its record and connection.</param>
/// <param name="File">The upload; removed at the end.</param>
/// <param name="RunAsync">Does it.</param>
internal sealed record ImportJob(ImportTicket Ticket, string File, Func<ImportTicket, ImportProgress, CancellationToken, Task<ImportResult>> RunAsync) : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    internal ImportProgress Progress { get; } = new();

    internal CancellationToken Cancelled => _cancel.Token;

    internal void Cancel() => _cancel.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Ticket.DisposeAsync();
        System.IO.File.Delete(File);
        _cancel.Dispose();
    }
}

/// <summary>Runs the imports that came over HTTP, one after the other.</summary>
internal sealed class ImportJobs(Database database, DataSnapshots data, ILogger<ImportJobs> log) : BackgroundService
{
    /// <summary>Imports that may wait; each holds a connection and its upload.</summary>
    internal const int MostWaiting = 8;

    private readonly Channel<ImportJob> _queue = Channel.CreateUnbounded<ImportJob>();
    private readonly ConcurrentDictionary<long, ImportJob> _jobs = [];

    /// <summary>True when no more imports can wait.</summary>
    internal bool IsFull => _jobs.Count >= MostWaiting;

    internal void Add(ImportJob job)
    {
        _jobs[job.Ticket.Id] = job;
        _queue.Writer.TryWrite(job);
    }

    /// <summary>The job of an import that has not ended, if this server runs it.</summary>
    internal ImportJob? Find(long id) => _jobs.GetValueOrDefault(id);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ImportTicket.BuryDeadAsync(database, stoppingToken);
        }
        catch (DbException problem)
        {
            log.LogWarning("Imports of an earlier run were not looked at: {Problem}", problem.Message);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        try
        {
            await foreach (var job in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                await RunAsync(job, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var job in _jobs.Values)
            {
                await job.Ticket.EndWithNothingAsync(cancelled: true, "the server was stopped before the import began");
                await job.DisposeAsync();
            }
        }
    }

    private async Task RunAsync(ImportJob job, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, job.Cancelled);
        using var writing = data.Writing();
        try
        {
            // On the pool at once: reading a file is work without a pause.
            await Task.Run(() => job.RunAsync(job.Ticket, job.Progress, stop.Token), CancellationToken.None);
        }
        catch (Exception problem) when (problem is ImportFileException or Problems.BadParameterException or OperationCanceledException)
        {
            // On record with its reason; nobody waits here.
        }
        catch (Exception problem)
        {
            log.LogError(problem, "Import {Id} failed", job.Ticket.Id);
        }
        finally
        {
            _jobs.TryRemove(job.Ticket.Id, out _);
            await job.DisposeAsync();
        }
    }
}
