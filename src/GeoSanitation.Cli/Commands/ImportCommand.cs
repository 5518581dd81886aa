using System.CommandLine;
using GeoSanitation.Server.Imports;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan import</c>: files of issues and of wards into the database.</summary>
internal static class ImportCommand
{
    internal static Command Create() => new ExampleCommand("import", "Import issues or wards from a file.", "geosan import issues reports.csv.gz --time-zone Europe/Paris")
    {
        ImportIssuesCommand.Create(),
        ImportWardsCommand.Create(),
    };

    internal static readonly Option<string?> Crs = new("--crs")
    {
        Description = "Coordinate system of the file: EPSG:4547, GCJ02, BD09 ...; longitude and latitude if not given",
        HelpName = "crs",
    };

    /// <summary>Who imports, for the history.</summary>
    internal static string Actor => $"{Environment.UserName} (command line)";

    /// <summary>Does the import while showing how far it is.</summary>
    internal static async Task<ImportResult> ShowAsync(ImportProgress progress, Task<ImportResult> import)
    {
        try
        {
            // Reading is over and its share of the time known; what the database still does is not.
            return await ProgressDisplay.ShowAsync(() => (Describe(progress), progress.Fraction), import);
        }
        catch (ImportFileException problem)
        {
            throw new CommandException(problem.Message);
        }
    }

    /// <summary>Warnings first, then what became of the rows: the last four lines.</summary>
    /// <returns>The exit code: not all was done where a row was refused.</returns>
    internal static int WriteResult(ImportResult result, bool dryRun)
    {
        if (dryRun)
        {
            Console.WriteLine("this was a dry run: nothing was written to the database");
        }
        foreach (var warning in result.Warnings)
        {
            Console.WriteLine($"warning: {warning}");
        }
        Console.WriteLine($"loaded {result.Counts.Loaded}");
        Console.WriteLine($"unchanged {result.Counts.Unchanged}");
        Console.WriteLine($"updated {result.Counts.Updated}");
        Console.WriteLine($"refused {result.Counts.Refused}");
        return result.Counts.Refused == 0 ? CommandLine.Done : CommandLine.BadUse;
    }

    /// <summary>How far a file is read, for a person.</summary>
    internal static string Describe(ImportProgress progress)
        => $"{progress.Stage}: {progress.Rows:N0} rows, {progress.RowsPerSecond:N0} rows/s"
            + (progress.SecondsLeft is { } seconds and > 1 ? $", {TimeSpan.FromSeconds(Math.Round(seconds)):g} left to read" : "");
}
