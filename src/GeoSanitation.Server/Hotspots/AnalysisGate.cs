using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.Hotspots;

/// <summary>
/// Lets few analyses compute at a time, away from the threads that answer requests; the others wait in line. One that turns out to be long gives its place to the
/// next and takes one of the few for long ones: quick questions never wait for it.
/// </summary>
internal sealed class AnalysisGate : IDisposable
{
    private const int MostWaiting = 200;

    // One processor stays free for everything else.
    private readonly SemaphoreSlim _quick = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly SemaphoreSlim _long = new(Math.Max(1, Environment.ProcessorCount - 1));
    private int _waiting;

    /// <summary>Waits for a place.</summary>
    /// <param name="asLong">Whether it is known to be long.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="BusyException">Too many are waiting already.</exception>
    internal async Task<Place> EnterAsync(bool asLong, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new BusyException($"{MostWaiting} analyses are waiting already; try again in a while");
        }
        try
        {
            var lane = asLong ? _long : _quick;
            await lane.WaitAsync(cancellation);
            return new Place(this, lane);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose()
    {
        _quick.Dispose();
        _long.Dispose();
    }

    /// <summary>A place to compute in, until it is disposed.</summary>
    internal sealed class Place(AnalysisGate gate, SemaphoreSlim lane) : IDisposable
    {
        private readonly Lock _lock = new();
        private SemaphoreSlim? _lane = lane;

        /// <summary>Changes to a place for long ones; false when none is free.</summary>
        internal bool TryBecomeLong()
        {
            lock (_lock)
            {
                if (_lane == gate._quick)
                {
                    if (!gate._long.Wait(0))
                    {
                        return false;
                    }
                    _lane.Release();
                    _lane = gate._long;
                }
                return true;
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _lane?.Release();
                _lane = null;
            }
        }
    }
}
