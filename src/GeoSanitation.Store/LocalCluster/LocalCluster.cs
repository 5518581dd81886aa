using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace GeoSanitation.Store.LocalCluster;

/// <summary>
/// A private PostgreSQL cluster in a folder of ours, reached through a Unix socket that only this account can open.
/// It is kept between starts; a cluster left running by a program that was killed is taken over.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private const string DatabaseName = "geosan";
    private readonly PostgresPrograms _programs;

    /// <summary>The folder PostgreSQL keeps its files in.</summary>
    public string DataDirectory { get; }

    /// <summary>Folder of the Unix socket; usable as <c>psql -h</c>.</summary>
    public string SocketDirectory { get; }

    /// <summary>Npgsql connection string of the cluster's <c>geosan</c> database.</summary>
    public string ConnectionString => ConnectionStringOf(DatabaseName);

    private LocalCluster(PostgresPrograms programs, string dataDirectory, string socketDirectory)
        => (_programs, DataDirectory, SocketDirectory) = (programs, dataDirectory, socketDirectory);

    /// <summary>Starts the cluster of a folder, making it first when there is none.</summary>
    /// <param name="directory">Folder to hold the cluster; made when missing.</param>
    /// <param name="durable">False trades crash safety for speed: for throw-away clusters of tests.</param>
    /// <param name="cancellation">Stops waiting; a half-made cluster is removed.</param>
    /// <exception cref="LocalClusterException">PostgreSQL or PostGIS is missing, or would not start; the message says why.</exception>
    public static async Task<LocalCluster> StartAsync(string directory, bool durable, CancellationToken cancellation)
    {
        var programs = PostgresPrograms.Find();
        directory = Path.GetFullPath(directory);
        Directory.CreateDirectory(directory);
        var cluster = new LocalCluster(programs, Path.Combine(directory, "pgdata"), ShortSocketDirectory(directory));
        await programs.OwnAsync(directory, cancellation);
        Directory.CreateDirectory(cluster.SocketDirectory);
        await programs.OwnAsync(cluster.SocketDirectory, cancellation);

        if (!File.Exists(Path.Combine(cluster.DataDirectory, "geosan.ready")))
        {
            await cluster.InitializeAsync(durable, cancellation);
        }
        if (!await cluster.IsRunningAsync(cancellation))
        {
            await cluster.StartServerAsync(cancellation);
        }
        await cluster.EnsureDatabaseAsync(cancellation);
        return cluster;
    }

    /// <summary>Connection string of another database of the same cluster.</summary>
    public string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = SocketDirectory,
        Username = "geosan",
        Database = database,
        ApplicationName = "geosan",
    }.ConnectionString;

    /// <summary>Stops the server, letting running statements be rolled back ("fast" mode).</summary>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _programs.RunAsync("pg_ctl", ["-D", DataDirectory, "-m", "fast", "-w", "-t", "60", "stop"], CancellationToken.None);
    }

    private async Task InitializeAsync(bool durable, CancellationToken cancellation)
    {
        // A folder without its ready mark is what an interrupted initdb left behind.
        if (Directory.Exists(DataDirectory))
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
        await _programs.RequireAsync("initdb",
            ["-D", DataDirectory, "-A", "trust", "-U", "geosan", "-E", "UTF8", "--locale=C.UTF-8", .. durable ? Array.Empty<string>() : ["--no-sync"]], cancellation);
        var sharedBuffersMegabytes = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 20) / 8, 128, 1024);
        await File.AppendAllTextAsync(Path.Combine(DataDirectory, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""

            # GeoSanitation's private cluster: reached through its Unix socket alone.
            listen_addresses = ''
            unix_socket_permissions = 0700
            timezone = 'UTC'
            log_timezone = 'UTC'
            shared_buffers = {sharedBuffersMegabytes}MB
            work_mem = 64MB
            maintenance_work_mem = 256MB
            max_wal_size = 4GB
            random_page_cost = 1.1
            jit = off
            {(durable ? "" : "fsync = off\nsynchronous_commit = off\nfull_page_writes = off")}

            """), cancellation);
        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "geosan.ready"), "", cancellation);
    }

    private async Task<bool> IsRunningAsync(CancellationToken cancellation)
        => (await _programs.RunAsync("pg_ctl", ["-D", DataDirectory, "status"], cancellation)).ExitCode == 0
            && File.Exists(Path.Combine(SocketDirectory, ".s.PGSQL.5432"));

    private Task StartServerAsync(CancellationToken cancellation)
        => _programs.RequireAsync("pg_ctl",
            ["-D", DataDirectory, "-l", Path.Combine(Path.GetDirectoryName(DataDirectory)!, "postgres.log"), "-w", "-t", "60",
             "-o", $"-p 5432 -k '{SocketDirectory}'", "start"], cancellation);

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
            throw new LocalClusterException("PostgreSQL is installed but PostGIS is not (on Debian or Ubuntu: the package postgresql-15-postgis-3 or its like)");
        }
    }

    // The path of a Unix socket holds at most 107 bytes, whatever folder the checkout is in.
    private static string ShortSocketDirectory(string directory)
    {
        var beside = Path.Combine(directory, "socket");
        if (Encoding.UTF8.GetByteCount(beside) <= 80 && beside.All(c => c is > ' ' and < '\x7f' and not '\''))
        {
            return beside;
        }
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..16];
        return Path.Combine(Path.GetTempPath(), $"geosan-{Environment.UserName}-{name}");
    }
}

/// <summary>The private cluster could not be made or started; the message tells an operator why.</summary>
public sealed class LocalClusterException(string message) : Exception(message);
