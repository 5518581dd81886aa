using System.Globalization;

namespace GeoSanitation.Store.LocalCluster;

/// <summary>The installed PostgreSQL programs, run as an account that PostgreSQL accepts (it refuses root).</summary>
public sealed class PostgresPrograms
{
    private const int OldestMajor = 15;

    private readonly string _folder;
    private readonly string? _account;

    /// <summary>Major version of the programs.</summary>
    public int Major { get; }

    private PostgresPrograms(string folder, int major, string? account) => (_folder, Major, _account) = (folder, major, account);

    /// <summary>The programs for a cluster: those of the version that made it, or the newest with PostGIS for a new one.</summary>
    /// <exception cref="LocalClusterException">PostgreSQL is not installed, or not the version that is needed.</exception>
    public static async Task<PostgresPrograms> FindAsync(ClusterFolder folder, CancellationToken cancellation)
    {
        var installed = await InstalledAsync(cancellation);
        if (folder.Major is { } needed)
        {
            var exact = installed.FirstOrDefault(i => i.Major == needed);
            return exact.Folder is not null ? new PostgresPrograms(exact.Folder, needed, folder.Account) : throw new LocalClusterException(
                $"the database in {folder.Path} was made by PostgreSQL {needed}, which is not installed (found: {Listed(installed)}): "
                + $"install it (on Debian or Ubuntu: postgresql-{needed} and postgresql-{needed}-postgis-3), or begin a new database in another folder: --data");
        }
        var newest = installed.Where(i => i.Major >= OldestMajor).OrderByDescending(i => (i.HasPostgis, i.Major)).FirstOrDefault();
        return newest.Folder is not null
            ? new PostgresPrograms(newest.Folder, newest.Major, folder.Account)
            : throw new LocalClusterException($"PostgreSQL {OldestMajor} or newer is not installed (found: {Listed(installed)}); on Debian or Ubuntu ./geosan installs it");
    }

    /// <summary>What the programs say their version is; the server they start says the same.</summary>
    internal async Task<string> VersionAsync(CancellationToken cancellation)
    {
        const string prefix = "postgres (PostgreSQL) ";
        var (_, output) = await SystemProcess.RunAsync(Path.Combine(_folder, "postgres"), ["-V"], cancellation);
        return output.Trim().Replace(prefix, "");
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
        => RunAsAccountAsync(Path.Combine(_folder, program), arguments, cancellation);

    /// <summary>Starts a server that outlives this program and hears no Ctrl-C meant for it.</summary>
    /// <param name="logFile">What it prints is added here.</param>
    /// <param name="arguments">Its arguments. (pg_ctl would pass them through a shell, which would read a $ in a folder's name.)</param>
    /// <returns>Its process.</returns>
    internal async Task<int> LaunchAsync(string logFile, string[] arguments)
    {
        const string script = "log=$0; setsid \"$@\" >>\"$log\" 2>&1 </dev/null & echo $!";
        var (_, output) = await RunAsAccountAsync("/bin/sh", ["-c", script, logFile, Path.Combine(_folder, "postgres"), .. arguments], CancellationToken.None);
        return int.TryParse(output, out var process) ? process : throw new LocalClusterException($"PostgreSQL would not start: {output.Trim()}");
    }

    /// <summary>Server processes that work in a folder, found by the account itself: others may not look where a process works.</summary>
    internal async Task<int[]> ServersInAsync(string directory, CancellationToken cancellation)
    {
        const string script = """
            for process in /proc/[0-9]*; do
                if [ "$(readlink "$process/cwd")" = "$0" ]; then
                    case $(readlink "$process/exe") in */postgres | *'/postgres (deleted)') echo "${process#/proc/}" ;; esac
                fi
            done 2>/dev/null
            """;
        var (_, output) = await RunAsAccountAsync("/bin/sh", ["-c", script, directory], cancellation);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    /// <summary>Tells server processes to end at once, without finishing anything.</summary>
    internal Task QuitAsync(int[] processes, CancellationToken cancellation)
        => RunAsAccountAsync("/bin/sh", ["-c", "kill -QUIT \"$@\"", "sh", .. processes.Select(p => $"{p}")], cancellation);

    private Task<(int ExitCode, string Output)> RunAsAccountAsync(string file, string[] arguments, CancellationToken cancellation) => _account is null
        ? SystemProcess.RunAsync(file, arguments, cancellation)
        : SystemProcess.RunAsync("runuser", ["-u", _account, "--", file, .. arguments], cancellation);

    private static async Task<List<(string Folder, int Major, bool HasPostgis)>> InstalledAsync(CancellationToken cancellation)
    {
        // Debian keeps versions side by side; elsewhere there is one, on the PATH.
        var found = new List<(string Folder, int Major, bool HasPostgis)>();
        if (Directory.Exists("/usr/lib/postgresql"))
        {
            foreach (var version in Directory.GetDirectories("/usr/lib/postgresql"))
            {
                if (int.TryParse(Path.GetFileName(version), out var major) && Holds(Path.Combine(version, "bin")))
                {
                    found.Add((Path.Combine(version, "bin"), major, File.Exists($"/usr/share/postgresql/{major}/extension/postgis.control")));
                }
            }
        }
        if (found.Count == 0 && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(Holds) is { } folder)
        {
            var (_, output) = await SystemProcess.RunAsync(Path.Combine(folder, "postgres"), ["-V"], cancellation);
            var digits = output.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit).ToArray();
            found.Add((folder, int.Parse(digits, CultureInfo.InvariantCulture), HasPostgis: true));
        }
        return found;
    }

    private static bool Holds(string folder) => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")) && File.Exists(Path.Combine(folder, "postgres"));

    private static string Listed(List<(string Folder, int Major, bool HasPostgis)> installed)
        => installed.Count == 0 ? "none" : string.Join(", ", installed.Select(i => i.Major).Order());
}
