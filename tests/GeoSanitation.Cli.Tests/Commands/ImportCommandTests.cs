using System.Diagnostics;
using System.Globalization;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Cli.Tests.Commands;

public sealed class ImportCommandTests
{
    private const string Header = "id,category,lon,lat,reported_at\n";

    [Fact]
    public async Task The_mapping_comes_first_then_warnings_then_the_counts_as_the_last_four_lines()
    {
        using var geosan = new Geosan();
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "reports.csv"), Header + "1,rubbish,114,30,2026-01-01\n2,rubbish,,30,2026-01-01\n");

        var result = await geosan.RunAsync("import", "issues", "reports.csv", "--source", "hotline");

        // The rest is loaded, but not all was done.
        Assert.Equal((1, ""), (result.ExitCode, result.Errors));
        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal("  external_id      <- \"id\"", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("--time-zone"));
        Assert.Equal(["loaded 1", "unchanged 0", "updated 0", "refused 1"], lines[^4..]);
        Assert.Equal("line,column,value,reason\n3,lon,,the coordinate is missing\n", await File.ReadAllTextAsync(Path.Combine(geosan.Home, "reports.csv.rejects.csv")));
    }

    [Theory]
    [InlineData("issues", "f.csv", Header + "1,rubbish,114,30,2026-01-01\n", 0)]
    [InlineData("issues", "f.csv", Header + "1,rubbish,114,30,2026-01-01\n2,rubbish,114,30,soon\n", 1)]
    [InlineData("wards", "f.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1","name":"a","level":"town"},"geometry":{"type":"Polygon","coordinates":[[[114,30],[115,30],[115,31],[114,30]]]}}]}""", 0)]
    [InlineData("wards", "f.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1","name":"a","level":"town"},"geometry":{"type":"Point","coordinates":[114,30]}}]}""", 1)]
    public async Task The_exit_code_is_0_only_when_every_row_was_taken_also_in_a_dry_run(string kind, string name, string content, int exitCode)
    {
        await using var data = await TestDatabase.CreateAsync();
        using var geosan = new Geosan();
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, name), content);
        foreach (var dryRun in (string[][])[["--dry-run"], []])
        {
            var result = await geosan.RunAsync(["import", kind, name, .. dryRun, "--database", data.ConnectionString]);
            Assert.True(exitCode == result.ExitCode, result.Output + result.Errors);
            Assert.EndsWith($"refused {exitCode}\n", result.Output);
        }
    }

    [Theory]
    [InlineData("x,y,reported_at\n500000,3300000,2026-01-01\n", "--crs")]
    [InlineData("a,b\n1,2\n", "--map")]
    [InlineData("", "empty")]
    public async Task A_file_that_cannot_be_imported_is_one_line_and_exit_code_1(string file, string says)
    {
        await using var data = await TestDatabase.CreateAsync();
        using var geosan = new Geosan();
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "f.csv"), file);

        var result = await geosan.RunAsync("import", "issues", "f.csv", "--database", data.ConnectionString);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("geosan: ", result.Errors);
        Assert.Contains(says, result.Errors);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Killed_in_the_middle_nothing_is_there_and_run_again_everything_is_there_once()
    {
        const int rows = 150_000;
        await using var data = await TestDatabase.CreateAsync();
        using var geosan = new Geosan();
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "many.csv"), Header + string.Concat(Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{i},kind {i % 7},{114 + i % 1000 / 1e4},{30 + i / 1000 / 1e4},2026-01-01\n"))));
        string[] import = ["import", "issues", "many.csv", "--source", "s", "--time-zone", "UTC", "--database", data.ConnectionString];
        // While another transaction holds the table, the import reads the whole file and then waits: it is killed with all its rows in the database, uncommitted.
        await using var source = data.OpenSource();
        await using (var other = await source.OpenConnectionAsync())
        await using (var hold = await other.BeginTransactionAsync())
        {
            await using var take = new Npgsql.NpgsqlCommand("LOCK TABLE geosan.issue IN ROW EXCLUSIVE MODE", other);
            await take.ExecuteNonQueryAsync();
            using var killed = geosan.Begin(import);
            while (await data.ScalarAsync<long>("SELECT count(*) FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation WHERE c.relname = 'issue' AND NOT l.granted") == 0)
            {
                Assert.False(killed.HasExited);
                await Task.Delay(50);
            }
            killed.Kill();
            await killed.WaitForExitAsync();
            await hold.RollbackAsync();
        }
        Assert.Equal(0, await data.ScalarAsync<long>("SELECT (SELECT count(*) FROM geosan.issue) + (SELECT count(*) FROM geosan.category)"));

        var again = await geosan.RunAsync(import);

        Assert.EndsWith($"loaded {rows}\nunchanged 0\nupdated 0\nrefused 0\n", again.Output);
        Assert.Equal(rows, await data.ScalarAsync<long>("SELECT count(DISTINCT external_id) FROM geosan.issue"));
        Assert.Equal("failed,done", await data.ScalarAsync<string>("SELECT string_agg(state, ',' ORDER BY id) FROM geosan.import"));
    }
}
