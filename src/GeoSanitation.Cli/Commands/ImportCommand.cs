using System.CommandLine;
using GeoSanitation.Server.Imports;
using Spectre.Console;

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

    internal static Argument<FileInfo> FileArgument(string description)
        => new Argument<FileInfo>("FILE") { Description = description }.AcceptExistingOnly();

    /// <summary>Does the import while showing how far it is: a bar on a terminal, else a line on stderr now and then.</summary>
    internal static async Task<ImportResult> ShowAsync(ImportProgress progress, Task<ImportResult> import)
    {
        try
        {
            if (Console.IsOutputRedirected || Console.IsErrorRedirected)
            {
                await WriteLinesAsync(progress, import);
            }
            else
            {
                await DrawBarAsync(progress, import);
            }
            return await import;
        }
        catch (ImportFileException problem)
        {
            throw new CommandException(problem.Message);
        }
    }

    /// <summary>Warnings first, then what became of the rows: the last four lines.</summary>
    internal static void WriteResult(ImportResult result, bool dryRun)
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
    }

    private static async Task WriteLinesAsync(ImportProgress progress, Task import)
    {
        while (await Task.WhenAny(import, Task.Delay(TimeSpan.FromSeconds(5))) != import)
        {
            await Console.Error.WriteLineAsync(Describe(progress));
        }
    }

    private static Task DrawBarAsync(ImportProgress progress, Task import)
        => AnsiConsole.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async display =>
            {
                var bar = display.AddTask(Markup.Escape(Describe(progress)), maxValue: 1);
                while (await Task.WhenAny(import, Task.Delay(TimeSpan.FromMilliseconds(200))) != import)
                {
                    bar.Description = Markup.Escape(Describe(progress));
                    bar.Value = progress.Fraction;
                    // Reading is over and its share of the time known; what the database still does is not.
                    bar.IsIndeterminate = progress.Fraction >= 1;
                }
            });

    private static string Describe(ImportProgress progress)
        => $"{progress.Stage}: {progress.Rows:N0} rows, {progress.RowsPerSecond:N0} rows/s"
            + (progress.SecondsLeft is { } seconds and > 1 ? $", {TimeSpan.FromSeconds(Math.Round(seconds)):g} left to read" : "");
}
