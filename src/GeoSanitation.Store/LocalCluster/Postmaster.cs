namespace GeoSanitation.Store.LocalCluster;

/// <summary>The server process of a cluster, as its postmaster.pid and the process table show it.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="SocketDirectory">Where it listens; a folder that is nowhere while it has not said so yet.</param>
/// <param name="IsReady">Whether it says of itself that it takes connections.</param>
internal sealed record Postmaster(int Pid, string SocketDirectory, bool IsReady)
{
    /// <summary>Part of the socket's file name; no TCP port is opened.</summary>
    internal const int Port = 5432;

    // No process can have this number, so PostgreSQL takes the file's owner for gone.
    private const int NoProcess = int.MaxValue;

    private static readonly TimeSpan OrphansLeaveWithin = TimeSpan.FromSeconds(5);

    /// <summary>The running server of a data folder. A zombie, or a process that has come to the number since, is not taken for it.</summary>
    internal static Postmaster? Find(string dataDirectory)
    {
        // Process; data folder; start; port; socket folder; address; shared memory; state.
        var lines = ReadLines(FileOf(dataDirectory));
        if (lines.Length == 0 || !int.TryParse(lines[0], out var pid) || !IsServerOf(pid, dataDirectory))
        {
            return null;
        }
        return new Postmaster(pid, lines.ElementAtOrDefault(4) is { Length: > 0 } folder ? folder : "/nowhere", lines.ElementAtOrDefault(7)?.Trim() == "ready");
    }

    /// <summary>
    /// Clears away what a killed server left behind. Its pid file is not removed but made to name no process: what it knows of
    /// shared memory lets PostgreSQL see for itself whether a process of the old server is still at work on the files.
    /// </summary>
    internal static async Task ClearTraceAsync(string dataDirectory, string socketDirectory, PostgresPrograms programs, CancellationToken cancellation)
    {
        var socket = Path.Combine(socketDirectory, $".s.PGSQL.{Port}");
        File.Delete(socket);
        File.Delete(socket + ".lock");
        var lines = ReadLines(FileOf(dataDirectory));
        if (lines.Length == 0)
        {
            File.Delete(FileOf(dataDirectory)); // An empty one is what a full disk leaves.
            return;
        }
        lines[0] = $"{NoProcess}";
        await File.WriteAllLinesAsync(FileOf(dataDirectory), lines, cancellation);

        // Its children leave by themselves once they notice; one deep in a statement is told to.
        var told = false;
        for (var since = DateTime.UtcNow; await programs.ServersInAsync(dataDirectory, cancellation) is { Length: > 0 } orphans; await Task.Delay(100, cancellation))
        {
            if (!told && DateTime.UtcNow - since > OrphansLeaveWithin)
            {
                await programs.QuitAsync(orphans, cancellation);
                told = true;
            }
            else if (DateTime.UtcNow - since > 2 * OrphansLeaveWithin)
            {
                throw new LocalClusterException($"processes of a killed PostgreSQL are still at work in {dataDirectory}: {string.Join(' ', orphans)}; end them and start again");
            }
        }
    }

    private static string FileOf(string dataDirectory) => Path.Combine(dataDirectory, "postmaster.pid");

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static bool IsServerOf(int process, string dataDirectory)
        => SystemProcess.CommandLineOf(process) is [var program, .. var arguments] && Path.GetFileName(program) == "postgres" && arguments.Contains(dataDirectory);
}
