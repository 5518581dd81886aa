using System.ComponentModel;
using System.Diagnostics;

namespace GeoSanitation.Store.LocalCluster;

/// <summary>Runs a program of the system to its end.</summary>
internal static class SystemProcess
{
    /// <summary>Runs a program and collects what it prints, on either stream.</summary>
    /// <exception cref="LocalClusterException">There is no such program.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the program was ended.</exception>
    internal static async Task<(int ExitCode, string Output)> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        // The caller's own PGDATA, PGPORT and the like are about another server.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }
        start.Environment["LC_ALL"] = "C.UTF-8";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            try
            {
                await process.WaitForExitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception problem)
        {
            throw new LocalClusterException($"{file} could not be started: {problem.Message}");
        }
    }

    /// <summary>Whether a process exists and is more than a zombie.</summary>
    internal static bool IsAlive(int process)
    {
        // "123 (name, which may hold anything) S ..."
        var status = Read(process, "stat");
        return status.LastIndexOf(')') is var name and > 0 && status[name + 2] is not ('Z' or 'X');
    }

    /// <summary>The arguments a process was started with, its program first; none when there is no such process, or only its zombie.</summary>
    internal static string[] CommandLineOf(int process) => Read(process, "cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
