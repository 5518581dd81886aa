using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace GeoSanitation.Cli.Tests.Commands;

public sealed class ServeCommandTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_stops_the_server_and_then_the_database(string signal)
    {
        using var geosan = new Geosan();
        var server = await geosan.ServeAsync();
        Assert.Equal("""{"status":"ready","checks":{"database":"ok","schema":"ok","snapshot":"ok"}}""", await server.GetAsync("/health/ready"));
        Assert.NotNull(geosan.DatabaseProcess);

        Assert.Equal(0, await server.SignalAsync(signal));
        Assert.Null(geosan.DatabaseProcess);
    }

    [Fact]
    public async Task The_first_start_shows_an_administrators_key_and_no_other_start_does()
    {
        using var geosan = new Geosan();
        var first = await geosan.ServeAsync();
        Assert.Matches("administrator's key, shown only this once: gs_[a-z0-9]{8}_[A-Za-z0-9_-]{43}\n", first.Said);
        await first.SignalAsync("TERM");

        var second = await geosan.ServeAsync();
        Assert.DoesNotContain("gs_", second.Said);
    }

    [Fact]
    public async Task A_second_start_is_up_in_under_10_seconds()
    {
        using var geosan = new Geosan();
        await (await geosan.ServeAsync("run")).SignalAsync("TERM");

        var watch = Stopwatch.StartNew();
        await geosan.ServeAsync("run");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task A_taken_port_is_named_before_anything_is_made()
    {
        using var geosan = new Geosan();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var result = await geosan.RunAsync("run", "--urls", $"http://localhost:{port}");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"port {port} is taken", result.Errors);
        Assert.Contains("--urls", result.Errors);
        Assert.False(Directory.Exists(geosan.Data));
    }

    [Fact]
    public async Task The_database_of_a_killed_program_is_taken_over_and_stopped_at_the_end()
    {
        using var geosan = new Geosan();
        var killed = await geosan.ServeAsync();
        await killed.SignalAsync("KILL");
        var database = geosan.DatabaseProcess;
        Assert.NotNull(database);

        var next = await geosan.ServeAsync();
        Assert.Equal(database, geosan.DatabaseProcess);
        await next.SignalAsync("TERM");
        Assert.Null(geosan.DatabaseProcess);
    }

    [Fact]
    public async Task A_killed_database_makes_the_server_not_ready_and_is_back_at_the_next_start()
    {
        using var geosan = new Geosan();
        var server = await geosan.ServeAsync();
        Process.GetProcessById(geosan.DatabaseProcess!.Value).Kill();
        while (geosan.DatabaseProcess is not null)
        {
            await Task.Yield();
        }
        var problem = await Assert.ThrowsAsync<HttpRequestException>(() => server.GetAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, problem.StatusCode);
        Assert.Equal("""{"status":"live"}""", await server.GetAsync("/health/live"));
        Assert.Equal(0, await server.SignalAsync("TERM"));

        var next = await geosan.ServeAsync();
        Assert.Contains("ready", await next.GetAsync("/health/ready"));
    }

    [Fact]
    public async Task Another_command_works_beside_a_running_server_and_leaves_its_database_up()
    {
        using var geosan = new Geosan();
        var server = await geosan.ServeAsync();
        var other = await geosan.RunAsync("migrate");

        Assert.Equal((0, "the schema was current\n"), (other.ExitCode, other.Output));
        Assert.Contains("ready", await server.GetAsync("/health/ready"));
    }

    [Fact]
    public async Task An_import_beside_a_running_server_goes_into_the_same_database_and_outlives_the_server()
    {
        using var geosan = new Geosan();
        var file = Path.Combine(geosan.Home, "issues.csv");
        await File.WriteAllTextAsync(file, "id,category,lon,lat,reported_at\n1,litter,114.05,30.05,2025-01-01T00:00:00Z\n");
        var server = await geosan.ServeAsync();

        var import = await geosan.RunAsync("import", "issues", "issues.csv");
        Assert.Equal((0, "loaded 1\nunchanged 0\nupdated 0\nrefused 0\n"), (import.ExitCode, Tail(import.Output, 4)));
        await server.SignalAsync("TERM");
        var again = await geosan.RunAsync("import", "issues", "issues.csv");
        Assert.Equal((0, "loaded 0\nunchanged 1\nupdated 0\nrefused 0\n"), (again.ExitCode, Tail(again.Output, 4)));
        Assert.Null(geosan.DatabaseProcess);
    }

    [Fact]
    public async Task A_setting_that_cannot_be_read_is_named()
    {
        using var geosan = new Geosan();
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "geosan.json"), """{"relapse": {"days": "soon"}}""");
        var result = await geosan.RunAsync("serve", "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Relapse:Days", result.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.False(Directory.Exists(geosan.Data));
    }

    [Theory]
    [InlineData("import", "issues", "f.csv")]
    [InlineData("hotspots", "dbscan", "--issues", "f.csv", "-o", "f.geojson")]
    [InlineData("serve")]
    public async Task A_setting_that_cannot_be_meant_ends_every_command_that_heeds_it_with_one_line(params string[] command)
    {
        using var geosan = new Geosan();
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "f.csv"), "id,lon,lat,date\n1,114,30,2026-01-01\n");
        foreach (var (settings, says) in ((string, string)[])
        [
            ("""{"relapse": {"days": "soon"}}""", "Relapse:Days"),
            ("""{"city": {"timeZone": "Mars/Olympus"}}""", "City:TimeZone was Mars/Olympus; it must be an IANA name"),
            ("""{"analysis": {"crs": "EPSG:4326"}}""", "analysis.crs is EPSG:4326; it must be auto or a projected system"),
            ("{", "geosan.json"),
        ])
        {
            await File.WriteAllTextAsync(Path.Combine(geosan.Home, "geosan.json"), settings);

            var result = await geosan.RunAsync(command);

            Assert.Equal(1, result.ExitCode);
            Assert.Contains(says, result.Errors, StringComparison.OrdinalIgnoreCase);
            Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
            Assert.Equal("", result.Output);
        }
        Assert.Equal(["f.csv", "geosan.json"], Directory.EnumerateFileSystemEntries(geosan.Home).Select(Path.GetFileName).Order());
    }

    private static string Tail(string text, int lines) => string.Concat(text.TrimEnd('\n').Split('\n').TakeLast(lines).Select(line => line + "\n"));
}
