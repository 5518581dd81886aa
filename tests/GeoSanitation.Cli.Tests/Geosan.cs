using System.Diagnostics;
using System.Text;

namespace GeoSanitation.Cli.Tests;

/// <summary>The built program, run as a process of its own in a folder of its own.</summary>
internal sealed class Geosan : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<Process> _started = [];

    internal string Home { get; } = Directory.CreateTempSubdirectory("geosan-cli-").FullName;

    /// <summary>Folder of the private cluster.</summary>
    internal string Data => Path.Combine(Home, "data");

    // Run by root, the database is another account's, which must get past the folder.
    internal Geosan() => File.SetUnixFileMode(Home, (UnixFileMode)0b111_101_101);

    internal sealed record Result(int ExitCode, string Output, string Errors);

    /// <summary>Runs a command to its end.</summary>
    internal async Task<Result> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return new Result(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a command that the test will not let come to its end; nobody reads what it says.</summary>
    internal Process Begin(params string[] arguments)
    {
        var process = Start(arguments);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Starts a server on a free port and waits until it says where it is.</summary>
    internal async Task<Server> ServeAsync(string command = "serve")
    {
        var process = Start(command, "--urls", "http://127.0.0.1:0");
        _started.Add(process);
        var errors = process.StandardError.ReadToEndAsync();
        var seen = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            seen.AppendLine(line);
            if (line.StartsWith("GeoSanitation is up: ", StringComparison.Ordinal))
            {
                return new Server(process, new Uri(line["GeoSanitation is up: ".Length..]), seen.ToString());
            }
        }
        throw new InvalidOperationException($"the server ended: {seen}{await errors}");
    }

    /// <summary>The database server's process, or null when it is not running.</summary>
    internal int? DatabaseProcess => Store.LocalCluster.ClusterFolder.Find(Data).ServerProcess;

    public void Dispose()
    {
        foreach (var process in _started.Where(p => !p.HasExited))
        {
            process.Kill();
            process.WaitForExit();
        }
        if (DatabaseProcess is { } database)
        {
            Process.GetProcessById(database).Kill();
        }
        Directory.Delete(Home, recursive: true);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "geosan.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Home,
        };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("GEOSAN_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }
        return Process.Start(start)!;
    }

    /// <summary>A running server.</summary>
    internal sealed record Server(Process Process, Uri Address, string Said)
    {
        /// <summary>Sends a signal, waits for the end, and gives the exit code.</summary>
        internal async Task<int> SignalAsync(string signal)
        {
            System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{Process.Id}"]).WaitForExit();
            await Process.WaitForExitAsync().WaitAsync(Patience);
            return Process.ExitCode;
        }

        internal async Task<string> GetAsync(string path)
        {
            using var client = new HttpClient { BaseAddress = Address };
            return await client.GetStringAsync(path);
        }
    }
}
