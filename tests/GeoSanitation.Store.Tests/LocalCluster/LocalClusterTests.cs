using System.Diagnostics;
using GeoSanitation.Store.LocalCluster;
using Npgsql;
using Xunit;
using Cluster = GeoSanitation.Store.LocalCluster.LocalCluster;

namespace GeoSanitation.Store.Tests.LocalCluster;

public sealed class LocalClusterTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("geosan-cluster-").FullName;

    private string Folder => Path.Combine(_parent, "data");

    private string PidFile => Path.Combine(Folder, "pgdata", "postmaster.pid");

    // Run by root, the cluster is another account's, which must get past the parent.
    public LocalClusterTests() => File.SetUnixFileMode(_parent, (UnixFileMode)0b111_101_101);

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public async Task What_was_stored_is_there_after_a_stop_and_a_start()
    {
        await using (var first = await StartAsync())
        {
            await ExecuteAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        Assert.False(File.Exists(PidFile));

        await using var second = await StartAsync();
        Assert.Equal(42, await ScalarAsync(second, "SELECT answer FROM kept"));
    }

    [Theory]
    [InlineData("城 市/it's, a \"$(touch /tmp/x)`folder`\"\\")]
    [InlineData("a/very/long/path/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_folder_may_have_any_name(string name)
    {
        await using var cluster = await Cluster.StartAsync(Path.Combine(_parent, name), durable: false, CancellationToken.None);
        Assert.Equal(1, await ScalarAsync(cluster, "SELECT 1"));
    }

    [Fact]
    public async Task The_last_of_those_who_use_it_stops_it()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        await first.DisposeAsync();
        Assert.Equal(1, await ScalarAsync(second, "SELECT 1"));

        await second.DisposeAsync();
        Assert.Null(Postmaster.Find(Path.Combine(Folder, "pgdata")));
    }

    [Fact]
    public async Task Those_who_start_it_together_share_one_server()
    {
        var clusters = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StartAsync()));
        var starts = await Task.WhenAll(clusters.Select(c => ScalarAsync(c, "SELECT extract(epoch FROM pg_postmaster_start_time())::int")));
        Assert.Single(starts.Distinct());
        await Task.WhenAll(clusters.Select(c => c.DisposeAsync().AsTask()));
        Assert.Null(Postmaster.Find(Path.Combine(Folder, "pgdata")));
    }

    [Fact]
    public async Task A_killed_server_is_started_again_with_what_it_had_committed()
    {
        await using var killed = await StartAsync(durable: true);
        await ExecuteAsync(killed, "CREATE TABLE kept AS SELECT 42 AS answer");
        await KillServerAsync();

        await using var next = await StartAsync(durable: true);
        Assert.Equal(42, await ScalarAsync(next, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_killed_server_whose_child_is_deep_in_a_statement_is_started_again()
    {
        await using var killed = await StartAsync(durable: true);
        // A statement that looks at nothing but itself for far longer than the test lasts.
        var busy = ExecuteAsync(killed, "DO $$ DECLARE i bigint := 0; BEGIN SET LOCAL statement_timeout = 0; WHILE i < 100000000000 LOOP i := i + 1; END LOOP; END $$");
        while (await ScalarAsync(killed, "SELECT count(*)::int FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'") == 0)
        {
            await Task.Yield();
        }
        await KillServerAsync();

        await using var next = await StartAsync(durable: true);
        Assert.Equal(1, await ScalarAsync(next, "SELECT 1"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => busy);
    }

    [Fact]
    public async Task A_process_that_came_to_the_killed_servers_number_is_left_alone()
    {
        await using var killed = await StartAsync(durable: true);
        await KillServerAsync();
        var lines = await File.ReadAllLinesAsync(PidFile);
        lines[0] = $"{Environment.ProcessId}";
        await File.WriteAllLinesAsync(PidFile, lines);
        await File.WriteAllTextAsync(Path.Combine(killed.SocketDirectory, ".s.PGSQL.5432.lock"), string.Join('\n', lines));

        await using var next = await StartAsync(durable: true);
        Assert.Equal(1, await ScalarAsync(next, "SELECT 1"));
    }

    [Fact]
    public async Task An_empty_pid_file_as_a_full_disk_leaves_it_is_cleared_away()
    {
        await (await StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(PidFile, "");

        await using var next = await StartAsync();
        Assert.Equal(1, await ScalarAsync(next, "SELECT 1"));
    }

    [Fact]
    public async Task A_server_whose_socket_was_swept_away_is_started_again()
    {
        await using var first = await StartAsync();
        File.Delete(Path.Combine(first.SocketDirectory, ".s.PGSQL.5432"));

        await using var next = await StartAsync();
        Assert.Equal(1, await ScalarAsync(next, "SELECT 1"));
    }

    [Fact]
    public async Task A_copy_of_a_running_clusters_folder_is_not_taken_for_running()
    {
        await using var original = await StartAsync();
        var copy = Path.Combine(_parent, "copy");
        Process.Start("cp", ["-a", Folder, copy]).WaitForExit();

        await using var copied = await Cluster.StartAsync(copy, durable: false, CancellationToken.None);
        await ExecuteAsync(copied, "CREATE TABLE only_here AS SELECT 1 AS one");
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(original, "SELECT one FROM only_here"));
    }

    [Fact]
    public async Task A_half_made_cluster_is_made_anew()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "pgdata", "base"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "pgdata", "PG_VERSION"), "");

        await using var cluster = await StartAsync();
        Assert.Equal(1, await ScalarAsync(cluster, "SELECT 1"));
    }

    [Fact]
    public async Task A_cluster_of_a_version_that_is_not_installed_is_named_and_left_alone()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "pgdata"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "pgdata", "PG_VERSION"), "9\n");
        await File.WriteAllTextAsync(Path.Combine(Folder, "pgdata", "geosan.ready"), "");

        var refusal = await Assert.ThrowsAsync<LocalClusterException>(() => StartAsync());
        Assert.Contains("made by PostgreSQL 9, which is not installed", refusal.Message);
        Assert.True(File.Exists(Path.Combine(Folder, "pgdata", "PG_VERSION")));
    }

    [Fact]
    public async Task A_server_that_will_not_start_says_why()
    {
        await (await StartAsync()).DisposeAsync();
        await File.AppendAllTextAsync(Path.Combine(Folder, "pgdata", "postgresql.conf"), "\nshared_buffers = 'plenty'\n");

        var refusal = await Assert.ThrowsAsync<LocalClusterException>(() => StartAsync());
        Assert.Contains("shared_buffers", refusal.Message);
    }

    [Fact]
    public async Task Stopping_to_wait_leaves_nothing_running_and_the_next_start_works()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cluster.StartAsync(Folder, durable: false, soon.Token));
        Assert.Null(Postmaster.Find(Path.Combine(Folder, "pgdata")));

        await using var cluster = await StartAsync();
        Assert.Equal(1, await ScalarAsync(cluster, "SELECT 1"));
    }

    private Task<Cluster> StartAsync(bool durable = false) => Cluster.StartAsync(Folder, durable, CancellationToken.None);

    private async Task KillServerAsync()
    {
        using var server = Process.GetProcessById(Postmaster.Find(Path.Combine(Folder, "pgdata"))!.Pid);
        server.Kill();
        // Who adopts it may never look after it: then it stays, a zombie.
        while (Postmaster.Find(Path.Combine(Folder, "pgdata")) is not null)
        {
            await Task.Yield();
        }
        Assert.True(File.Exists(PidFile));
    }

    private static Task<int?> ExecuteAsync(Cluster cluster, string sql) => ScalarAsync(cluster, sql);

    private static async Task<int?> ScalarAsync(Cluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString + ";Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (int?)await command.ExecuteScalarAsync();
    }
}
