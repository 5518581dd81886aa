using System.Net.Sockets;
using Npgsql;

namespace GeoSanitation.Store.LocalCluster;

/// <summary>
/// A private PostgreSQL cluster in a folder of ours, reached through a Unix socket that only its account can open, and kept
/// between starts. Any number of programs may use it at once: whoever finds it down starts it, and the last to leave stops
/// it. What a killed program or a killed server left behind is taken over or cleared away at the next start.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private const string DatabaseName = "geosan";
    private const int NeededMegabytes = 200;
    private readonly PostgresPrograms _programs;
    private readonly ClusterFolder _folder;
    private FileStream? _use;

    /// <summary>The folder PostgreSQL keeps its files in.</summary>
    public string DataDirectory { get; }

    /// <summary>Folder of the Unix socket; usable as <c>psql -h</c>.</summary>
    public string SocketDirectory { get; private set; }

    /// <summary>Npgsql connection string of the cluster's <c>geosan</c> database.</summary>
    public string ConnectionString => ConnectionStringOf(DatabaseName);

    private string LogFile => Path.Combine(_folder.Path, "postgres.log");

    private LocalCluster(PostgresPrograms programs, ClusterFolder folder)
        => (_programs, _folder, DataDirectory, SocketDirectory) = (programs, folder, folder.DataDirectory, folder.SocketDirectory);

    /// <summary>Starts the cluster of a folder, making it first when there is none, or joins those who use it already.</summary>
    /// <param name="directory">Folder to hold the cluster; made when missing.</param>
    /// <param name="durable">False trades crash safety for speed: for throw-away clusters of tests.</param>
    /// <param name="cancellation">Stops waiting; a half-made cluster is removed at the next start.</param>
    /// <exception cref="LocalClusterException">PostgreSQL or PostGIS is missing, or would not start; the message says why.</exception>
    public static async Task<LocalCluster> StartAsync(string directory, bool durable, CancellationToken cancellation)
    {
        var folder = await ClusterFolder.PrepareAsync(directory, cancellation);
        var programs = await PostgresPrograms.FindAsync(folder, cancellation);
        var cluster = new LocalCluster(programs, folder);
        using (await ClusterLocks.TakeTurnAsync(folder.Path, cancellation))
        {
            cluster._use = ClusterLocks.Use(folder.Path);
            try
            {
                if (!folder.HasCluster)
                {
                    await cluster.InitializeAsync(durable, cancellation);
                }
                await cluster.BringUpAsync(cancellation);
                await cluster.EnsureDatabaseAsync(cancellation);
                return cluster;
            }
            catch
            {
                await cluster.LeaveAsync();
                throw;
            }
        }
    }

    /// <summary>Connection string of another database of the same cluster.</summary>
    public string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = SocketDirectory,
        Port = Postmaster.Port,
        Username = "geosan",
        Database = database,
        ApplicationName = "geosan",
    }.ConnectionString;

    /// <summary>Version of the installed programs; another one than the server's when they were upgraded under it.</summary>
    public Task<string> InstalledVersionAsync(CancellationToken cancellation) => _programs.VersionAsync(cancellation);

    /// <summary>Leaves the cluster; the last to leave stops the server, letting running statements be rolled back ("fast" mode).</summary>
    public async ValueTask DisposeAsync()
    {
        if (_use is not null && Directory.Exists(_folder.Path))
        {
            using var turn = await ClusterLocks.TakeTurnAsync(_folder.Path, CancellationToken.None);
            await LeaveAsync();
        }
    }

    // Only in one's turn.
    private async Task LeaveAsync()
    {
        _use?.Dispose();
        _use = null;
        using var alone = ClusterLocks.Alone(_folder.Path);
        if (alone is not null)
        {
            await StopServerAsync();
            if (!_folder.HoldsSocket && Directory.Exists(_folder.SocketDirectory))
            {
                Directory.Delete(_folder.SocketDirectory, recursive: true);
            }
        }
    }

    private async Task InitializeAsync(bool durable, CancellationToken cancellation)
    {
        // A folder without its ready mark is what an interrupted initdb left behind.
        if (Directory.Exists(DataDirectory))
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
        if (new DriveInfo(_folder.Path).AvailableFreeSpace >> 20 is var free and < NeededMegabytes)
        {
            throw new LocalClusterException($"the disk of {_folder.Path} has {free} MB left; the database needs {NeededMegabytes} MB to begin with (another folder: --data)");
        }
        await _programs.RequireAsync("initdb",
            ["-D", DataDirectory, "-A", "trust", "-U", "geosan", "-E", "UTF8", "--locale=C.UTF-8", .. durable ? Array.Empty<string>() : ["--no-sync"]], cancellation);
        var sharedBuffersMegabytes = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 20) / 8, 128, 1024);
        await File.AppendAllTextAsync(Path.Combine(DataDirectory, "postgresql.conf"), $"""

            # GeoSanitation's private cluster: reached through its Unix socket alone.
            listen_addresses = ''
            unix_socket_permissions = 0700
            # Two programs with a full pool each.
            max_connections = 250
            timezone = 'UTC'
            log_timezone = 'UTC'
            shared_buffers = {sharedBuffersMegabytes}MB
            work_mem = 64MB
            maintenance_work_mem = 256MB
            max_wal_size = 4GB
            random_page_cost = 1.1
            jit = off
            {(durable ? "" : "fsync = off\nsynchronous_commit = off\nfull_page_writes = off")}

            """, cancellation);
        await File.WriteAllTextAsync(_folder.ReadyMark, "", cancellation);
    }

    /// <summary>Ends with a server that answers: a running one, or one started now.</summary>
    private async Task BringUpAsync(CancellationToken cancellation)
    {
        for (var started = false; ;)
        {
            if (Postmaster.Find(DataDirectory) is not { } running)
            {
                await StartServerAsync(cancellation);
                started = true;
                continue;
            }
            SocketDirectory = running.SocketDirectory;
            try
            {
                var version = await ServerVersionAsync(cancellation);
                if (started || version == await _programs.VersionAsync(cancellation) || !IsAlone())
                {
                    return;
                }
                // The package was upgraded under a running server, whose modules would no longer load.
                await StopServerAsync();
            }
            catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                // Starting up, or stopping: a program was killed in the middle of either.
                await Task.Delay(100, cancellation);
            }
            catch (NpgsqlException problem) when (problem.InnerException is SocketException)
            {
                if (running.IsReady)
                {
                    // Its socket was swept away (a cleaner of temporary folders): nobody can reach it.
                    await StopServerAsync();
                }
                await Task.Delay(100, cancellation);
            }
        }
    }

    private bool IsAlone()
    {
        _use!.Dispose();
        bool alone;
        using (var held = ClusterLocks.Alone(_folder.Path))
        {
            alone = held is not null;
        }
        _use = ClusterLocks.Use(_folder.Path);
        return alone;
    }

    private async Task<string> ServerVersionAsync(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionStringOf("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand("SHOW server_version");
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task StartServerAsync(CancellationToken cancellation)
    {
        await Postmaster.ClearTraceAsync(DataDirectory, SocketDirectory, _programs, cancellation);
        var log = new FileInfo(LogFile);
        if (log.Exists && log.Length > 10 << 20)
        {
            log.MoveTo(LogFile + ".old", overwrite: true);
        }
        var logged = File.Exists(LogFile) ? new FileInfo(LogFile).Length : 0;
        var process = await _programs.LaunchAsync(LogFile, ["-D", DataDirectory, "-p", $"{Postmaster.Port}", "-k", SocketDirectory]);
        // A matter of milliseconds, after which it can be asked to stop; whether it answers is seen by connecting.
        while (Postmaster.Find(DataDirectory) is null)
        {
            if (!SystemProcess.IsAlive(process))
            {
                throw new LocalClusterException($"PostgreSQL would not start: {ReasonIn(logged)} (all of it is in {LogFile})");
            }
            await Task.Delay(10, CancellationToken.None);
        }
    }

    private async Task StopServerAsync()
    {
        if (Postmaster.Find(DataDirectory) is not null)
        {
            await _programs.RunAsync("pg_ctl", ["-D", DataDirectory, "-m", "fast", "-w", "-t", "60", "stop"], CancellationToken.None);
        }
    }

    /// <summary>The last of what the server logged from a position on, up to what it died of.</summary>
    private string ReasonIn(long position)
    {
        using var log = new FileStream(LogFile, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        log.Position = Math.Min(position, log.Length);
        var lines = new StreamReader(log).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        var end = lines.FindIndex(l => l.Contains("PANIC:") || l.Contains("FATAL:"));
        var told = (end < 0 ? lines : lines.Take(end + 1)).TakeLast(3).Select(l => l[(l.IndexOf("] ", StringComparison.Ordinal) is var i and >= 0 ? i + 2 : 0)..]);
        return string.Join("; ", told);
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionStringOf("postgres") + ";Pooling=false");
        await using var exists = source.CreateCommand("SELECT count(*) FROM pg_database WHERE datname = 'geosan'");
        if ((long)(await exists.ExecuteScalarAsync(cancellation))! == 0)
        {
            await using var create = source.CreateCommand("CREATE DATABASE geosan");
            await create.ExecuteNonQueryAsync(cancellation);
        }
        await using var postgis = source.CreateCommand("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'");
        if ((long)(await postgis.ExecuteScalarAsync(cancellation))! == 0)
        {
            throw new LocalClusterException($"PostgreSQL is installed but PostGIS is not (on Debian or Ubuntu: the package postgresql-{_programs.Major}-postgis-3)");
        }
    }
}

/// <summary>The private cluster could not be made or started; the message tells an operator why.</summary>
public sealed class LocalClusterException(string message) : Exception(message);
