namespace GeoSanitation.Server.Hotspots;

/// <summary>Lets few analyses compute at a time, away from the threads that answer requests; the others wait in line.</summary>
internal sealed class AnalysisGate : IDisposable
{
    // One processor stays free for everything else.
    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <summary>Computes as soon as there is a place.</summary>
    /// <param name="compute">The work; it looks at the token between its steps.</param>
    /// <param name="cancellation">Ends the waiting and, at its next step, the work.</param>
    internal async Task<T> RunAsync<T>(Func<CancellationToken, T> compute, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => compute(cancellation), cancellation);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
