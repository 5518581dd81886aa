using GeoSanitation.Server.FeatureTables;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What analyses came to last, for whoever asks for the next page or tile of it.</summary>
internal sealed class KeptTables(AnalysisJobs jobs)
{
    private const int MaxEntries = 12;

    private readonly Lock _lock = new();

    // The one used last comes first.
    private readonly List<(string Key, string AskedVersion, FeatureTable Table, string DataVersion)> _kept = [];

    /// <summary>What an analysis comes to.</summary>
    /// <param name="request">The analysis.</param>
    /// <param name="version">The data version that is wanted, or a newer one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    internal async Task<(FeatureTable Table, string DataVersion)> GetAsync(AnalysisRequest request, string version, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var found = _kept.FindIndex(k => k.Key == request.Key && (k.AskedVersion == version || k.DataVersion == version));
            if (found >= 0)
            {
                var known = _kept[found];
                _kept.RemoveAt(found);
                _kept.Insert(0, known);
                return (known.Table, known.DataVersion);
            }
        }
        var job = jobs.Join(request, version);
        try
        {
            var result = await job.Result.WaitAsync(cancellation);
            lock (_lock)
            {
                _kept.RemoveAll(k => k.Key == request.Key);
                _kept.Insert(0, (request.Key, version, result.Table, result.DataVersion));
                _kept.RemoveRange(Math.Min(MaxEntries, _kept.Count), Math.Max(0, _kept.Count - MaxEntries));
            }
            return (result.Table, result.DataVersion);
        }
        finally
        {
            job.Leave();
        }
    }
}
