using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Starts analyses; one that several ask for at the same time is done once.</summary>
internal sealed class AnalysisJobs(Settings settings, PointSnapshots snapshots, WardSnapshots wards, AnalysisGate gate)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Request, string Version), AnalysisJob> _shared = [];

    /// <summary>How many are under way for those who wait for them.</summary>
    internal int SharedCount
    {
        get
        {
            lock (_lock)
            {
                return _shared.Count;
            }
        }
    }

    /// <summary>The analysis of a request, started now or by somebody before; who asks must leave it in the end.</summary>
    /// <param name="request">The request.</param>
    /// <param name="version">The data version that is wanted, or a newer one.</param>
    internal AnalysisJob Join(AnalysisRequest request, string version)
    {
        lock (_lock)
        {
            var key = (request.Key, version);
            if (_shared.TryGetValue(key, out var known) && known.TryJoin())
            {
                return known;
            }
            var job = Start(request, version, kept: false);
            _shared[key] = job;
            _ = job.Result.ContinueWith(_ => Forget(key, job), TaskScheduler.Default);
            return job;
        }
    }

    /// <summary>An analysis that goes on whoever waits for it, in the line of the long ones.</summary>
    internal AnalysisJob StartKept(AnalysisRequest request, string version) => Start(request, version, kept: true);

    private AnalysisJob Start(AnalysisRequest request, string version, bool kept) => new(request, version, kept, gate, async cancellation =>
    {
        var points = await snapshots.GetAsync(request.Filter, version, cancellation);
        var outlines = await wards.GetAsync(version, cancellation);
        return work =>
        {
            var (table, explain) = request.Run(points, outlines, settings, work);
            return new AnalysisResult(table, explain, points.DataVersion, GeoJsonForm.Write(table, request.Output, explain));
        };
    });

    private void Forget((string, string) key, AnalysisJob job)
    {
        lock (_lock)
        {
            if (_shared.GetValueOrDefault(key) == job)
            {
                _shared.Remove(key);
            }
        }
    }
}
