using System.Diagnostics;
using GeoSanitation.Store;
using GeoSanitation.Store.LocalCluster;
using GeoSanitation.Store.Schema;
using Npgsql;

namespace GeoSanitation.Testing;

/// <summary>
/// A migrated PostGIS database of its own for one test class or one test. All databases of a test process live in one
/// private cluster, which is started on first use and stopped and removed with the process.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string Template = "geosan_template";
    private static readonly Lazy<Task<LocalCluster>> Cluster = new(StartClusterAsync);
    private static int _count;

    private readonly string _name;

    public string ConnectionString { get; }

    public Database Database { get; }

    private TestDatabase(string name, string connectionString)
        => (_name, ConnectionString, Database) = (name, connectionString, Database.Open(connectionString));

    public static async Task<TestDatabase> CreateAsync()
    {
        var cluster = await Cluster.Value;
        var name = $"test_{Interlocked.Increment(ref _count)}";
        await ExecuteAsync(cluster.ConnectionStringOf("postgres"), $"CREATE DATABASE {name} TEMPLATE {Template}");
        return new TestDatabase(name, cluster.ConnectionStringOf(name));
    }

    /// <summary>An empty database of the test cluster, without schema.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync()
    {
        var cluster = await Cluster.Value;
        var name = $"empty_{Interlocked.Increment(ref _count)}";
        await ExecuteAsync(cluster.ConnectionStringOf("postgres"), $"CREATE DATABASE {name}");
        return new TestDatabase(name, cluster.ConnectionStringOf(name));
    }

    /// <summary>A data source for a test's own SQL, beside the product's.</summary>
    public NpgsqlDataSource OpenSource()
    {
        var builder = new NpgsqlDataSourceBuilder(ConnectionString);
        builder.UseNetTopologySuite();
        return builder.Build();
    }

    /// <summary>Runs SQL of the test's own and returns its first value.</summary>
    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var source = OpenSource();
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Runs SQL of the test's own.</summary>
    public Task ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await ExecuteAsync((await Cluster.Value).ConnectionStringOf("postgres"), $"DROP DATABASE {_name} WITH (FORCE)");
    }

    private static async Task<LocalCluster> StartClusterAsync()
    {
        var directory = Directory.CreateTempSubdirectory("geosan-test-").FullName;
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        var cluster = await LocalCluster.StartAsync(Path.Combine(directory, "c"), durable: false, CancellationToken.None);
        RemoveWithThisProcess(cluster, directory);
        await ExecuteAsync(cluster.ConnectionStringOf("postgres"), $"CREATE DATABASE {Template}");
        await using var template = Database.Open(cluster.ConnectionStringOf(Template) + ";Pooling=false");
        await Migrator.MigrateAsync(template, CancellationToken.None);
        return cluster;
    }

    // A test host is killed rather than ended, so the cleaning up is left to a process that outlives it.
    private static void RemoveWithThisProcess(LocalCluster cluster, string directory)
    {
        const string script = "tail --pid=$0 -f /dev/null; kill -QUIT $(head -n 1 \"$1/postmaster.pid\"); for i in $(seq 100); do test -e \"$1/postmaster.pid\" || break; sleep 0.1; done; rm -rf \"$2\"";
        Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", $"exec >/dev/null 2>&1 </dev/null; {script}", $"{Environment.ProcessId}", cluster.DataDirectory, directory]))!.Dispose();
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
