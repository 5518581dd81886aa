using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using GeoSanitation.Server.FeatureTables;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What came of an analysis.</summary>
/// <param name="Table">The features.</param>
/// <param name="Explain">How they came about.</param>
/// <param name="DataVersion">The data that it is of.</param>
/// <param name="GeoJson">All of it as GeoJSON, in the system asked for.</param>
internal sealed record AnalysisResult(FeatureTable Table, JsonObject Explain, string DataVersion, byte[] GeoJson);

/// <summary>An analysis under way, for everybody who asks for the same. It ends when nobody waits for it any more, unless it is kept.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle: there is nothing to dispose of, and a late Cancel must not fail.")]
internal sealed class AnalysisJob : IProgress<double>
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private AnalysisGate.Place? _place;
    private int _askers = 1;
    private bool _kept;
    private Task<long>? _run;
    private double _progress;

    /// <summary>Starts one.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="dataVersion">The version that it was asked for.</param>
    /// <param name="kept">Whether it goes on when nobody waits; it is then known to be long.</param>
    /// <param name="gate">Where it waits in line.</param>
    /// <param name="prepare">Gets the data together, and gives the work to be done in the line.</param>
    internal AnalysisJob(
        AnalysisRequest request, string dataVersion, bool kept, AnalysisGate gate, Func<CancellationToken, Task<Func<AnalysisWork, AnalysisResult>>> prepare)
    {
        (Request, DataVersion, _kept) = (request, dataVersion, kept);
        Result = RunAsync(kept, gate, prepare);
        // A failure is told to whoever waits; there may be nobody.
        _ = Result.ContinueWith(t => _ = t.Exception, TaskScheduler.Default);
    }

    internal AnalysisRequest Request { get; }

    /// <summary>The version that it was asked for; its result may be of a newer one.</summary>
    internal string DataVersion { get; }

    /// <summary>Ends with the result.</summary>
    internal Task<AnalysisResult> Result { get; }

    /// <summary>Ends when the computing begins, or the job ends before.</summary>
    internal Task Started => Task.WhenAny(_started.Task, Result);

    internal bool HasStarted => _started.Task.IsCompleted;

    /// <summary>Part done, 0 to 1.</summary>
    internal double Progress => Volatile.Read(ref _progress);

    /// <inheritdoc/>
    public void Report(double value) => Volatile.Write(ref _progress, value);

    /// <summary>Waits with others; false when it is ending already.</summary>
    internal bool TryJoin()
    {
        lock (_lock)
        {
            if (_cancel.IsCancellationRequested || Result.IsCompleted)
            {
                return false;
            }
            _askers++;
            return true;
        }
    }

    /// <summary>Waits no longer.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            if (--_askers == 0 && !_kept)
            {
                _cancel.Cancel();
            }
        }
    }

    /// <summary>Makes it a kept run, once however many ask; null when there is no place for another long one.</summary>
    /// <param name="recordAsync">Puts it on record and gives the run's id.</param>
    internal Task<long>? KeepOnce(Func<Task<long>> recordAsync)
    {
        lock (_lock)
        {
            if (_run is null && _place?.TryBecomeLong() == true)
            {
                _kept = true;
                _run = recordAsync();
            }
            return _run;
        }
    }

    internal void Cancel() => _cancel.Cancel();

    private async Task<AnalysisResult> RunAsync(bool asLong, AnalysisGate gate, Func<CancellationToken, Task<Func<AnalysisWork, AnalysisResult>>> prepare)
    {
        // Away from the caller, who does not have the job yet.
        await Task.Yield();
        var compute = await prepare(_cancel.Token);
        using var place = await gate.EnterAsync(asLong, _cancel.Token);
        lock (_lock)
        {
            _place = place;
        }
        _started.SetResult();
        var work = new AnalysisWork(Math.Max(1, Environment.ProcessorCount - 1), this, _cancel.Token);
        return await Task.Run(() => compute(work), _cancel.Token);
    }
}
