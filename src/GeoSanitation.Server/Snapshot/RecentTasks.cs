namespace GeoSanitation.Server.Snapshot;

/// <summary>What was asked for last, each worked out once for all who ask for it, also at the same time.</summary>
/// <param name="most">So many are kept; the one that was asked for longest ago goes first.</param>
internal sealed class RecentTasks<TKey, TValue>(int most)
    where TKey : IEquatable<TKey>
{
    private readonly Lock _lock = new();

    // The one asked for last comes first.
    private readonly List<(TKey Key, Task<TValue> Value)> _known = [];

    /// <summary>What belongs to a key; one that failed is tried again.</summary>
    /// <param name="key">The key.</param>
    /// <param name="makeAsync">Works it out where it is not known.</param>
    /// <param name="cancellation">Ends the waiting; the work goes on for whoever asks next.</param>
    internal Task<TValue> GetAsync(TKey key, Func<Task<TValue>> makeAsync, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var found = _known.Find(k => k.Key.Equals(key)).Value;
            _known.RemoveAll(k => k.Key.Equals(key));
            // Elsewhere: whoever asks for something else meanwhile need not wait for it.
            var value = found is { IsFaulted: false } ? found : Task.Run(makeAsync, CancellationToken.None);
            _known.Insert(0, (key, value));
            _known.RemoveRange(Math.Min(most, _known.Count), Math.Max(0, _known.Count - most));
            return value.WaitAsync(cancellation);
        }
    }
}
