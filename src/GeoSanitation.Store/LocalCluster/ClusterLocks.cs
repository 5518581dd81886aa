namespace GeoSanitation.Store.LocalCluster;

/// <summary>Who uses a cluster, and whose turn it is to start or stop it: by locks of the kernel, which a killed program cannot leave behind.</summary>
internal static class ClusterLocks
{
    private const int WouldBlock = 11; // EAGAIN of Linux, which is what a held lock answers.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(11); // Longer than a server may take to recover.

    /// <summary>Waits to be the only one who starts or stops the cluster; the turn ends with the stream.</summary>
    /// <exception cref="LocalClusterException">Another program has had its turn for too long.</exception>
    internal static async Task<FileStream> TakeTurnAsync(string directory, CancellationToken cancellation)
    {
        for (var deadline = DateTime.UtcNow + Patience; DateTime.UtcNow < deadline; await Task.Delay(50, cancellation))
        {
            if (TryLock(directory, "turn.lock", FileShare.None) is { } turn)
            {
                return turn;
            }
        }
        throw new LocalClusterException($"another geosan has been starting or stopping the database in {directory} for {Patience.TotalMinutes} minutes");
    }

    /// <summary>Counts the caller as one who uses the cluster, until the stream is closed. Only in one's turn.</summary>
    internal static FileStream Use(string directory) => TryLock(directory, "use.lock", FileShare.Read)
        ?? throw new LocalClusterException($"use.lock in {directory} is held by a program that is not geosan");

    /// <summary>Holds the cluster when nobody uses it; null when somebody does. Only in one's turn.</summary>
    internal static FileStream? Alone(string directory) => TryLock(directory, "use.lock", FileShare.None);

    // Opened for reading alone, FileShare.Read is a shared lock and FileShare.None an exclusive one (flock).
    private static FileStream? TryLock(string directory, string name, FileShare share)
    {
        try
        {
            return new FileStream(Path.Combine(directory, name), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Read, Share = share, BufferSize = 0 });
        }
        catch (IOException problem) when (problem.HResult == WouldBlock)
        {
            return null;
        }
    }
}
