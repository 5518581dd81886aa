using Xunit;

namespace GeoSanitation.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("serve")]
    [InlineData("migrate")]
    [InlineData("doctor")]
    [InlineData("key")]
    [InlineData("key add")]
    [InlineData("key list")]
    [InlineData("key revoke")]
    [InlineData("import")]
    [InlineData("import issues")]
    [InlineData("import wards")]
    [InlineData("export")]
    [InlineData("export issues")]
    [InlineData("export wards")]
    [InlineData("export hotspots")]
    [InlineData("hotspots")]
    [InlineData("hotspots clusters")]
    [InlineData("hotspots scan")]
    public async Task Every_command_has_help_with_an_example_of_itself(string command)
    {
        using var geosan = new Geosan();
        var help = await geosan.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"Example:\n  geosan {command}", help.Output);
        Assert.Contains(command switch { "key" => "add", "import" or "export" => "wards", "hotspots" => "gi-star", _ => "--database" }, help.Output);
    }

    [Theory]
    [InlineData("", "Required command was not provided; it must be one of run, serve, migrate, doctor, key, import, hotspots, export (see geosan --help)")]
    [InlineData("import", "it must be one of issues, wards (see geosan import --help)")]
    [InlineData("import photos f.csv", "'photos'; it must be one of issues, wards")]
    [InlineData("import issues f.csv", "FILE was f.csv; it must be a file that is there")]
    [InlineData("import wards .", "FILE was .; it must be a file that is there, and this is a folder")]
    [InlineData("import issues . --map m.json", "m.json")]
    [InlineData("clean", "Unrecognized command or argument 'clean'")]
    [InlineData("serve --port 80", "Unrecognized command or argument '--port'")]
    [InlineData("key add hotline", "Option '--role' is required")]
    [InlineData("key add hotline --role boss", "'reader' 'inspector' 'handler' 'administrator'")]
    [InlineData("serve --urls here", "--urls was here; it must be addresses such as http://localhost:5080")]
    [InlineData("serve --urls ;", "--urls was ;; it must be addresses such as http://localhost:5080")]
    [InlineData("serve --urls ftp://localhost:5080", "--urls was ftp://localhost:5080; it must be")]
    [InlineData("serve --urls https://localhost:5080", "no https")]
    [InlineData("serve --urls http://localhost:5080/city", "no path")]
    [InlineData("serve --urls http://localhost:99999", "a port up to 65535")]
    [InlineData("run --urls http://192.0.2.1:5080", "--urls was http://192.0.2.1:5080; it must be an address that this machine may listen on")]
    [InlineData("migrate --database Nonsense", "--database is not an Npgsql connection string")]
    public async Task Bad_use_is_one_line_on_stderr_and_exit_code_1(string line, string said)
    {
        using var geosan = new Geosan();
        var result = await geosan.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(said, result.Errors);
        Assert.Equal("", result.Output);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(geosan.Data));
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_a_system_failure_and_no_password_is_shown()
    {
        using var geosan = new Geosan();
        var result = await geosan.RunAsync("migrate", "--database", "Host=127.0.0.1;Port=1;Username=u;Password=hush;Database=d");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("the database cannot be reached", result.Errors);
        Assert.DoesNotContain("hush", result.Errors);
    }
}
