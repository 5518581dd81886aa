using System.Diagnostics;

namespace GeoSanitation.Store.LocalCluster;

/// <summary>The installed PostgreSQL programs, run as an account that PostgreSQL accepts (it refuses root).</summary>
internal sealed class PostgresPrograms
{
    private readonly string _folder;
    private readonly string? _account;

    private PostgresPrograms(string folder, string? account) => (_folder, _account) = (folder, account);

    /// <exception cref="LocalClusterException">No PostgreSQL 15 or newer is installed.</exception>
    internal static PostgresPrograms Find()
    {
        var versioned = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .Where(d => int.TryParse(Path.GetFileName(d), out var major) && major >= 15)
                .OrderByDescending(d => int.Parse(Path.GetFileName(d)))
                .Select(d => Path.Combine(d, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var folder = versioned.Concat(onPath).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")))
            ?? throw new LocalClusterException("PostgreSQL 15 or newer is not installed (on Debian or Ubuntu: apt-get install postgresql postgresql-15-postgis-3)");
        return new PostgresPrograms(folder, Environment.IsPrivilegedProcess ? "postgres" : null);
    }

    /// <summary>Hands a folder to the account the server runs as, closed to everybody else.</summary>
    internal async Task OwnAsync(string directory, CancellationToken cancellation)
    {
        if (_account is not null)
        {
            var (exitCode, output) = await RunProcessAsync("chown", [$"{_account}:", directory], cancellation);
            if (exitCode != 0)
            {
                throw new LocalClusterException($"cannot hand {directory} to the account {_account}: {output.Trim()}");
            }
        }
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <exception cref="LocalClusterException">The program failed; the message holds what it printed.</exception>
    internal async Task RequireAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var (exitCode, output) = await RunAsync(program, arguments, cancellation);
        if (exitCode != 0)
        {
            throw new LocalClusterException($"{program} failed: {output.Trim()}");
        }
    }

    internal Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var path = Path.Combine(_folder, program);
        return _account is null
            ? RunProcessAsync(path, arguments, cancellation)
            : RunProcessAsync("runuser", ["-u", _account, "--", path, .. arguments], cancellation);
    }

    private static async Task<(int ExitCode, string Output)> RunProcessAsync(string file, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        // The server started by pg_ctl inherits these pipes: they are read only until pg_ctl itself ends.
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start) ?? throw new LocalClusterException($"{file} could not be started");
        var output = new System.Text.StringBuilder();
        process.OutputDataReceived += (_, line) => { lock (output) { output.AppendLine(line.Data); } };
        process.ErrorDataReceived += (_, line) => { lock (output) { output.AppendLine(line.Data); } };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!process.HasExited)
        {
            cancellation.ThrowIfCancellationRequested();
            await Task.Delay(20, cancellation);
        }
        lock (output)
        {
            return (process.ExitCode, output.ToString());
        }
    }
}
