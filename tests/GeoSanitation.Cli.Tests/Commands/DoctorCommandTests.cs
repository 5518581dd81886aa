using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Cli.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Where_there_is_no_database_yet_none_is_made()
    {
        using var geosan = new Geosan();
        var result = await geosan.RunAsync("doctor", "--urls", "http://127.0.0.1:0");

        Assert.Contains("ok     cluster      none yet", result.Output);
        Assert.False(Directory.Exists(geosan.Data));
    }

    [Fact]
    public async Task Pending_migrations_are_wrong()
    {
        await using var data = await TestDatabase.CreateEmptyAsync();
        using var geosan = new Geosan();
        var result = await geosan.RunAsync("doctor", "--urls", "http://127.0.0.1:0", "--database", data.ConnectionString);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("migrations are pending (0001_wards.sql", result.Output);
    }

    [Fact]
    public async Task Contradicting_rules_are_wrong_and_named()
    {
        await using var data = await TestDatabase.CreateAsync();
        await data.ExecuteAsync("INSERT INTO geosan.responsibility (ward_code, body) VALUES ('w', 'A'), ('w', 'B')");
        using var geosan = new Geosan();
        var result = await geosan.RunAsync("doctor", "--urls", "http://127.0.0.1:0", "--database", data.ConnectionString);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("w, every category: A and B", result.Output);
        Assert.Contains("ok     schema       current", result.Output);
    }

    [Fact]
    public async Task An_unreachable_database_is_wrong_in_plain_words()
    {
        using var geosan = new Geosan();
        var result = await geosan.RunAsync("doctor", "--urls", "http://127.0.0.1:0", "--database", "Host=127.0.0.1;Port=1;Username=u;Database=d");

        Assert.Equal(1, result.ExitCode);
        Assert.Matches("WRONG  database +the database cannot be reached: Connection refused", result.Output);
    }
}
