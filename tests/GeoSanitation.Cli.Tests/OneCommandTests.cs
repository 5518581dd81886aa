using System.Diagnostics;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Cli.Tests;

/// <summary>The script at the top of the checkout, in a fresh copy of it, as a user without a home folder.</summary>
public sealed class OneCommandTests : IDisposable
{
    private static readonly TimeSpan BuildPatience = TimeSpan.FromMinutes(10);

    private static readonly string[] AsNobody = ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"];

    // Root has the test done by an ordinary user, unless .NET is installed where only root gets at it.
    private static readonly bool BecomesNobody = Environment.IsPrivilegedProcess && ExitCode("setpriv", [.. AsNobody, "dotnet", "--list-sdks"]) == 0;

    private readonly string _parent = Directory.CreateTempSubdirectory("geosan-script-").FullName;

    private readonly List<Process> _started = [];

    private string Checkout => Path.Combine(_parent, "x y", "城 市");

    public void Dispose()
    {
        foreach (var process in _started.Where(p => !p.HasExited))
        {
            process.Kill(entireProcessTree: true);
        }
        Directory.Delete(_parent, recursive: true);
    }

    [Fact]
    public async Task A_fresh_checkout_with_a_difficult_name_is_built_and_served_and_its_second_start_is_quick()
    {
        Copy();
        var first = Start();
        using var client = new HttpClient { BaseAddress = await AddressAsync(first).WaitAsync(BuildPatience) };
        Assert.Contains("\"ready\"", await client.GetStringAsync("/health/ready"));
        if (File.Exists(Path.Combine(Checkout, "src/planner-map/package.json")))
        {
            Assert.Contains("<html", await client.GetStringAsync("/"));
        }
        Assert.Equal(0, await StopAsync(first));

        var watch = Stopwatch.StartNew();
        var second = Start();
        await AddressAsync(second).WaitAsync(BuildPatience);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.Equal(0, await StopAsync(second));
        Assert.False(File.Exists(Path.Combine(Checkout, "data/pgdata/postmaster.pid")));
    }

    private void Copy()
    {
        File.SetUnixFileMode(_parent, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Checkout);
        Run("sh", "-c", "tar -C \"$0\" --exclude=./.git --exclude=./artifacts --exclude=./data --exclude=bin --exclude=obj --exclude=node_modules --exclude=wwwroot -cf - . | tar -C \"$1\" -xf -",
            SharedData.RepositoryRoot, Checkout);
        if (BecomesNobody)
        {
            Run("chown", "-R", "nobody:", _parent);
        }
    }

    private Process Start()
    {
        string[] command = [Path.Combine(Checkout, "geosan"), "run", "--urls", "http://127.0.0.1:0"];
        var start = BecomesNobody ? new ProcessStartInfo("setpriv", [.. AsNobody, .. command]) : new ProcessStartInfo(command[0], command[1..]);
        start.RedirectStandardOutput = true;
        start.WorkingDirectory = "/";
        foreach (var name in start.Environment.Keys.Where(n => n is "HOME" or "DOTNET_CLI_HOME" or "NUGET_PACKAGES" || n.StartsWith("GEOSAN_", StringComparison.Ordinal)
            || n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || n.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    private static async Task<Uri> AddressAsync(Process process)
    {
        const string up = "GeoSanitation is up: ";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(up, StringComparison.Ordinal))
            {
                return new Uri(line[up.Length..]);
            }
        }
        throw new InvalidOperationException("the server ended before it was up");
    }

    private static async Task<int> StopAsync(Process process)
    {
        Run("kill", "-TERM", $"{process.Id}");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return process.ExitCode;
    }

    private static void Run(string program, params string[] arguments) => Assert.Equal(0, ExitCode(program, arguments));

    private static int ExitCode(string program, string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
