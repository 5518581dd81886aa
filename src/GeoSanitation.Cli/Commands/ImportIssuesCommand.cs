using System.CommandLine;
using GeoSanitation.Server.Imports;
using GeoSanitation.Store.Imports;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan import issues</c>: a file of issues.</summary>
internal static class ImportIssuesCommand
{
    private static readonly Option<string?> Source = new("--source") { Description = "Source of every issue of the file, instead of the file's column", HelpName = "source" };

    internal static readonly Option<FileInfo> Map = ExistingFile.Option("--map", "JSON file that says which column is what; the rest is guessed");

    internal static readonly Option<string?> TimeZone = new("--time-zone") { Description = "IANA zone of times that carry none; the city's if not given", HelpName = "zone" };

    private static readonly Option<bool> RequireWard = new("--require-ward") { Description = "Refuse issues outside every ward" };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Check everything and write nothing but the list of refused rows" };

    internal static Command Create()
    {
        var file = ExistingFile.Argument("FILE", "CSV or GeoJSON (also .gz), .xlsx, .gpkg, .shp (also in a .zip), .fgb or .parquet");
        var command = new ExampleCommand("issues",
            "Import issues; what is there already is updated, what cannot be taken goes to FILE.rejects.csv, and makes the exit code 1.",
            "geosan import issues reports.csv.gz --source hotline --time-zone America/New_York")
        {
            file, Source, Map, ImportCommand.Crs, TimeZone, RequireWard, DryRun,
        };
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            var options = new IssueImportOptions
            {
                Path = path,
                Source = parsed.GetValue(Source) is { Length: > 0 } source ? source : null,
                Mapping = parsed.GetValue(Map) is { } map ? IssueMapping.Parse(await File.ReadAllTextAsync(map.FullName, cancellation)) : IssueMapping.Empty,
                Crs = parsed.GetValue(ImportCommand.Crs),
                TimeZone = parsed.GetValue(TimeZone),
                RequireWard = parsed.GetValue(RequireWard),
                RejectsPath = path + ".rejects.csv",
                Actor = ImportCommand.Actor,
            };
            var settings = OperatorSettings.Load();
            ShowMapping(options);
            await using var open = await OpenDatabase.OpenAsync(parsed, cancellation);
            var header = new ImportHeader("issues", Path.GetFileName(path), options.Source, options.Actor);
            await using var ticket = await ImportTicket.OpenAsync(open.Database, header, parsed.GetValue(DryRun), cancellation);
            var progress = new ImportProgress();
            // On a thread of its own: reading the file is work without a pause.
            var import = Task.Run(() => new IssueImport(open.Database, settings).RunAsync(ticket, options, progress, cancellation), CancellationToken.None);
            var result = await ImportCommand.ShowAsync(progress, import);
            if (result.Counts.Refused > 0)
            {
                Console.WriteLine($"refused rows, with reasons: {options.RejectsPath}");
            }
            return ImportCommand.WriteResult(result, ticket.DryRun);
        });
        return command;
    }

    /// <summary>Says which column is taken for what.</summary>
    internal static void ShowMapping(IssueImportOptions options)
    {
        try
        {
            foreach (var (property, rule) in IssueImport.MappingOf(options).ToJson())
            {
                Console.WriteLine($"  {property,-16} <- {rule!.ToJsonString(IssueImport.ReadableJson)}");
            }
        }
        catch (ImportFileException problem)
        {
            throw new CommandException(problem.Message);
        }
    }
}
