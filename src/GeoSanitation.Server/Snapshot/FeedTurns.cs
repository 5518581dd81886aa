namespace GeoSanitation.Server.Snapshot;

/// <summary>Tells those who wait that the feed was looked at, because something was committed or published, or a while has passed.</summary>
internal sealed class FeedTurns
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the feed was looked at the next time.</summary>
    internal Task Coming => Volatile.Read(ref _next).Task;

    /// <summary>The feed was looked at.</summary>
    internal void Next() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
