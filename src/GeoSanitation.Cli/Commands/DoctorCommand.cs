using System.CommandLine;
using System.Data.Common;
using System.Reflection;
using System.Runtime.InteropServices;
using GeoSanitation.Store.Checks;
using GeoSanitation.Store.LocalCluster;
using GeoSanitation.Store.Schema;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan doctor</c>: what is installed, reachable and wrong, in plain words.</summary>
internal static class DoctorCommand
{
    private const int LowMegabytes = 1024;
    private const int Shown = 5;

    internal static Command Create()
    {
        var command = new ExampleCommand("doctor", "Say what is installed, reachable and wrong; changes nothing. Exit code 1 when something is wrong.", "geosan doctor");
        OpenDatabase.AddOptions(command);
        command.Options.Add(ServeCommand.Urls);
        command.SetAction(async (parsed, cancellation) =>
        {
            var report = new Report();
            Report.Ok("program", $"GeoSanitation {Version}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
            CheckMap(report);
            await CheckPortAsync(report, parsed, cancellation);
            var isThere = OpenDatabase.ConnectionStringOf(parsed) is not null || await CheckClusterAsync(report, OpenDatabase.FolderOf(parsed), cancellation);
            if (isThere)
            {
                await CheckDatabaseAsync(report, parsed, cancellation);
            }
            Console.WriteLine(report.Wrong == 0 ? "nothing is wrong" : $"{report.Wrong} wrong");
            return report.Wrong == 0 ? CommandLine.Done : CommandLine.BadUse;
        });
        return command;
    }

    private static string Version => Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static void CheckMap(Report report)
    {
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot", "index.html")))
        {
            Report.Ok("map", "built");
        }
        else
        {
            report.Bad("map", "not built, so there is no page at /: ./geosan run builds it (it needs Node.js 20 and npm)");
        }
    }

    private static async Task CheckPortAsync(Report report, ParseResult parsed, CancellationToken cancellation)
    {
        var urls = ServeCommand.UrlsOf(parsed);
        if (ServeCommand.TakenUrl(urls) is not { } taken)
        {
            Report.Ok("port", $"free: {urls}");
            return;
        }
        using var client = new HttpClient { BaseAddress = new Uri(taken), Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            var ready = await client.GetAsync("/health/ready", cancellation);
            var text = await ready.Content.ReadAsStringAsync(cancellation);
            if (text.StartsWith("{\"status\":\"ready\"", StringComparison.Ordinal))
            {
                Report.Ok("port", $"GeoSanitation is running at {taken}");
                return;
            }
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
        }
        report.Bad("port", $"{taken} is taken by another program, or by a geosan that is not ready; choose another one: --urls");
    }

    /// <returns>Whether there is a cluster to look into.</returns>
    private static async Task<bool> CheckClusterAsync(Report report, string directory, CancellationToken cancellation)
    {
        var folder = ClusterFolder.Find(directory);
        PostgresPrograms programs;
        try
        {
            programs = await PostgresPrograms.FindAsync(folder, cancellation);
            Report.Ok("postgresql", $"version {programs.Major} is installed");
        }
        catch (LocalClusterException problem)
        {
            report.Bad("postgresql", problem.Message);
            return false;
        }
        var asked = Path.GetFullPath(directory);
        var place = folder.Path == asked ? folder.Path : $"{folder.Path} (where {asked} leads)";
        CheckDisk(report, folder.Path);
        foreach (var (path, owner) in ClusterFolder.LeftOver())
        {
            Report.Ok("left over", $"{path} held the database of {owner}, which is gone; delete it if nobody wants it");
        }
        try
        {
            _ = Directory.Exists(folder.Path) && Directory.EnumerateFileSystemEntries(folder.Path).Any();
        }
        catch (UnauthorizedAccessException)
        {
            report.Bad("cluster", $"{place} belongs to another account: geosan was first run as root, or as somebody else; run it as that account, or with a folder of your own: --data");
            return false;
        }
        if (!folder.HasCluster)
        {
            Report.Ok("cluster", $"none yet; ./geosan run makes it in {place}");
            return false;
        }
        Report.Ok("cluster", $"in {place}, made by PostgreSQL {folder.Major}, {(folder.ServerProcess is { } process ? $"running (process {process})" : "stopped; started for this look")}");
        return true;
    }

    private static void CheckDisk(Report report, string directory)
    {
        var existing = directory;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }
        var free = new DriveInfo(existing).AvailableFreeSpace >> 20;
        var text = $"{free:N0} MB free at {existing}";
        if (free < LowMegabytes)
        {
            report.Bad("disk", $"{text}; that will not last");
        }
        else
        {
            Report.Ok("disk", text);
        }
    }

    private static async Task CheckDatabaseAsync(Report report, ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            await using var open = await OpenDatabase.OpenUnmigratedAsync(parsed, cancellation);
            var checks = new DatabaseChecks(open.Database);
            var server = await checks.ServerAsync(cancellation);
            Report.Ok("database", $"PostgreSQL {server.Version}, PostGIS {server.PostgisVersion ?? "not yet in it"}, {server.SizeBytes >> 20:N0} MB");
            if (server.PostgisInstalled is null)
            {
                report.Bad("postgis", "is not installed on the server");
            }
            else if (server.PostgisVersion is not null && server.PostgisVersion != server.PostgisInstalled)
            {
                report.Bad("postgis", $"the database has {server.PostgisVersion}, the server {server.PostgisInstalled}: in psql, ALTER EXTENSION postgis UPDATE");
            }
            if (open.Cluster is { } cluster && await cluster.InstalledVersionAsync(cancellation) is var installed && installed != server.Version)
            {
                report.Bad("postgresql", $"{installed} was installed under the running server, which is {server.Version}; stop every geosan and start again");
            }
            var pending = await Migrator.PendingAsync(open.Database, cancellation);
            if (pending.Count > 0)
            {
                report.Bad("schema", $"{pending.Count} migrations are pending ({string.Join(", ", pending)}): geosan migrate");
                return;
            }
            Report.Ok("schema", "current");
            await CheckDataAsync(report, checks, cancellation);
        }
        catch (LocalClusterException problem)
        {
            report.Bad("cluster", problem.Message);
        }
        catch (DbException problem)
        {
            report.Bad("database", CommandLine.Describe(problem));
        }
    }

    private static async Task CheckDataAsync(Report report, DatabaseChecks checks, CancellationToken cancellation)
    {
        var counts = await checks.CountsAsync(cancellation);
        Report.Ok("data", $"{counts.Wards:N0} wards, {counts.Issues:N0} issues ({counts.Unplaced:N0} in no ward), {counts.Categories:N0} categories");
        report.List("nesting", "every ward lies in its parent", "wards reach out of their parent",
            await checks.WardsOutsideParentAsync(cancellation), w => $"{w.WardCode} out of {w.ParentCode} by {w.OutsideSquareMeters:N0} m2");
        if (counts.Wards > 0 && !await checks.NamesResponsibleAsync(cancellation))
        {
            Report.Ok("responsible", "nobody is named for any ward: no rule, and no ward with a responsible body");
            return;
        }
        report.List("responsible", "somebody answers for every category in every ward", "wards have categories that nobody answers for",
            await checks.ResponsibilityGapsAsync(cancellation), g => $"{g.WardCode} {g.WardName}: {g.Categories} categories");
        report.List("rules", "no two rules contradict each other", "pairs of rules name different bodies for the same ward, category and time",
            await checks.ResponsibilityOverlapsAsync(cancellation), o => $"{o.WardCode ?? "every ward"}, {o.CategoryCode ?? "every category"}: {o.Body} and {o.OtherBody}");
    }

    /// <summary>The lines of the report, printed as they are found.</summary>
    private sealed class Report
    {
        internal int Wrong { get; private set; }

        internal static void Ok(string what, string words) => Console.WriteLine($"ok     {what,-12} {words}");

        internal void Bad(string what, string words)
        {
            Wrong++;
            Console.WriteLine($"WRONG  {what,-12} {words}");
        }

        internal void List<T>(string what, string fine, string wrong, List<T> found, Func<T, string> describe)
        {
            if (found.Count == 0)
            {
                Ok(what, fine);
                return;
            }
            var more = found.Count > Shown ? $"; and {found.Count - Shown:N0} more" : "";
            Bad(what, $"{found.Count:N0} {wrong}: {string.Join("; ", found.Take(Shown).Select(describe))}{more}");
        }
    }
}
