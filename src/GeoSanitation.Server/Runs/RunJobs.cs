using System.Collections.Concurrent;
using System.Data.Common;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoSanitation.Server.Runs;

/// <summary>Runs at work on this server: from the record of each to its result.</summary>
internal sealed class RunJobs(Database database, DataSnapshots data, AnalysisJobs analyses, VersionedAnswers answers, ILogger<RunJobs> log) : BackgroundService
{
    /// <summary>Runs that may be at work or in line on one server.</summary>
    private const int MostAtWork = 50;

    /// <summary>Runs of requests that were not waited for: so many are kept.</summary>
    private const int MostUnasked = 200;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly RunStore _store = new(database);
    private readonly RunOwner _owner = new(database);
    private readonly ConcurrentDictionary<long, AnalysisJob> _jobs = [];
    private readonly ConcurrentDictionary<long, Task> _watches = [];

    /// <summary>The job of a run that has not ended, if this server does it.</summary>
    internal AnalysisJob? Find(long id) => _jobs.GetValueOrDefault(id);

    /// <summary>Starts a run that somebody asks to be kept.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellation">Cancels the asking, not the run.</param>
    /// <param name="callbackJson">Whom to tell of it (<see cref="NewRun.CallbackJson"/>); null for nobody.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="BusyException">Too many are at work.</exception>
    internal async Task<long> StartAsync(AnalysisRequest request, string? name, string actor, CancellationToken cancellation, string? callbackJson = null)
    {
        if (_jobs.Count >= MostAtWork)
        {
            throw new BusyException($"{MostAtWork} runs are waiting already; try again when one has ended");
        }
        var version = (await data.CurrentAsync(cancellation)).Version;
        var id = await RecordAsync(request, version, name, actor, kept: true, callbackJson);
        Watch(id, analyses.StartKept(request, version), kept: true);
        return id;
    }

    /// <summary>Keeps an analysis that takes too long to be waited for.</summary>
    /// <param name="job">The analysis, at work.</param>
    /// <param name="actor">Who asked.</param>
    /// <returns>The id of the run that it is now.</returns>
    /// <exception cref="BusyException">There are too many long ones.</exception>
    internal Task<long> KeepAsync(AnalysisJob job, string actor)
        => job.KeepOnce(async () =>
        {
            // The lock of the job is held until here.
            await Task.Yield();
            try
            {
                var id = await RecordAsync(job.Request, job.DataVersion, name: null, actor, kept: false);
                Watch(id, job, kept: false);
                return id;
            }
            catch
            {
                job.Cancel();
                throw;
            }
        }) ?? throw new BusyException("as many long analyses as this server takes are at work; try again in a while, or POST it to /api/runs, where it waits in line");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _store.BuryDeadAsync(stoppingToken);
        }
        catch (DbException problem)
        {
            log.LogWarning("Runs of an earlier server were not looked at: {Problem}", problem.Message);
        }
        try
        {
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var job in _jobs.Values)
            {
                job.Cancel();
            }
            await Task.WhenAll(_watches.Values);
            await _owner.DisposeAsync();
        }
    }

    private async Task<long> RecordAsync(AnalysisRequest request, string version, string? name, string actor, bool kept, string? callbackJson = null)
    {
        var owner = await _owner.NumberAsync(CancellationToken.None);
        var run = new NewRun(name, request.Method.Name, request.Method.Version, RunBody.ParametersOf(request), RunBody.FilterOf(request), version, actor, kept, callbackJson);
        return await _store.AddAsync(run, owner, CancellationToken.None);
    }

    private void Watch(long id, AnalysisJob job, bool kept)
    {
        _jobs[id] = job;
        _watches[id] = WatchAsync(id, job, kept);
    }

    private async Task WatchAsync(long id, AnalysisJob job, bool kept)
    {
        await Task.Yield();
        try
        {
            while (await Task.WhenAny(job.Result, Task.Delay(ReportEvery)) != job.Result)
            {
                if (job.HasStarted)
                {
                    await _store.ProgressAsync(id, job.Progress, CancellationToken.None);
                }
            }
            var result = await job.Result;
            await _store.FinishAsync(id, result.DataVersion, result.Explain.ToJsonString(JsonForm.Options), RunFeatures.ColumnsOf(result.Table), RunFeatures.Of(result.Table), CancellationToken.None);
            if (!kept)
            {
                answers.Keep(FeatureWriter.MediaType, job.Request.Key, new VersionedBody(result.GeoJson, result.DataVersion));
                await _store.PruneAsync(MostUnasked, CancellationToken.None);
            }
        }
        catch (Exception problem)
        {
            await EndWithNothingAsync(id, problem);
        }
        finally
        {
            _jobs.TryRemove(id, out _);
            _watches.TryRemove(id, out _);
        }
    }

    private async Task EndWithNothingAsync(long id, Exception problem)
    {
        var error = problem switch
        {
            OperationCanceledException => "it was stopped before the end",
            BadParameterException or BusyException or UnknownCrsException => problem.Message,
            _ => "the program failed; its log says why",
        };
        if (problem is not (OperationCanceledException or BadParameterException or BusyException or UnknownCrsException))
        {
            log.LogError(problem, "Run {Id} failed", id);
        }
        try
        {
            await _store.EndWithNothingAsync(id, problem is OperationCanceledException, error, CancellationToken.None);
        }
        catch (DbException lost)
        {
            log.LogWarning("The end of run {Id} was not recorded: {Problem}", id, lost.Message);
        }
    }
}
