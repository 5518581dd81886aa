using System.CommandLine;
using GeoSanitation.Cli.Commands;
using GeoSanitation.Server;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;
using GeoSanitation.Store.Tiles;

namespace GeoSanitation.Cli;

/// <summary>The issues and wards of an analysis: of the database, or of files without any.</summary>
/// <param name="Points">The issues of the request's filter.</param>
/// <param name="Wards">All wards.</param>
/// <param name="IsWhole">Whether all that the files have was taken.</param>
internal sealed record HotspotData(PointSnapshot Points, WardSnapshot Wards, bool IsWhole)
{
    private static readonly Option<FileInfo> Issues = ExistingFile.Option(
        "--issues", "File of issues in any form that geosan import issues takes, instead of the database's; --source then names the source of a file that does not");

    private static readonly Option<FileInfo> WardFile = ExistingFile.Option("--wards", "File of wards in any form that geosan import wards takes, beside --issues");

    private static readonly Option<string?> WardsCrs = new("--wards-crs") { Description = "Coordinate system of the file of wards; its own, or longitude and latitude, if not given", HelpName = "crs" };

    private static readonly Option[] BesideIssues = [WardFile, WardsCrs, ImportIssuesCommand.Map, ImportCommand.Crs, ImportIssuesCommand.TimeZone];

    internal static void AddOptions(Command command)
    {
        foreach (var option in (IEnumerable<Option>)[Issues, .. BesideIssues])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads what the command line names, saying what is odd about it.</summary>
    /// <exception cref="CommandException">A file cannot be read, or an option means nothing without it.</exception>
    internal static async Task<HotspotData> ReadAsync(ParseResult parsed, AnalysisRequest request, Settings settings, CancellationToken cancellation)
    {
        if (parsed.GetValue(Issues) is { } file)
        {
            return await ReadFilesAsync(parsed, file.FullName, request, settings, cancellation);
        }
        if (BesideIssues.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } stray)
        {
            throw new CommandException($"{stray.Name} says something about files; it must stand beside --issues FILE{(stray == ImportCommand.Crs ? " (for the system of the result: --output-crs)" : "")}");
        }
        await using var open = await OpenDatabase.OpenAsync(parsed, cancellation);
        var points = await new IssuePointStore(open.Database).ReadAsync(request.Filter, cancellation);
        var rounds = await new RoundStore(open.Database).ListAsync(kind: null, cancellation);
        var wards = await new WardOutlineStore(open.Database).ReadAsync(known: null, cancellation);
        return new HotspotData(new PointSnapshot(points) { Rounds = rounds }, new WardSnapshot(wards), IsWhole: true);
    }

    private static async Task<HotspotData> ReadFilesAsync(ParseResult parsed, string path, AnalysisRequest request, Settings settings, CancellationToken cancellation)
    {
        var options = new IssueImportOptions
        {
            Path = path,
            Mapping = parsed.GetValue(ImportIssuesCommand.Map) is { } map ? IssueMapping.Parse(await File.ReadAllTextAsync(map.FullName, cancellation)) : IssueMapping.Empty,
            Crs = parsed.GetValue(ImportCommand.Crs),
            TimeZone = parsed.GetValue(ImportIssuesCommand.TimeZone),
            Actor = ImportCommand.Actor,
        };
        ImportIssuesCommand.ShowMapping(options);
        if (IssueImport.MappingOf(options)["source"] is null)
        {
            options = options with { Source = request.Filter.Sources is [var source] ? source : "file" };
        }
        var wards = parsed.GetValue(WardFile) is { } wardFile
            ? new WardImportOptions { Path = wardFile.FullName, FileName = wardFile.Name, Crs = parsed.GetValue(WardsCrs), Actor = ImportCommand.Actor }
            : null;
        if (wards is null && request.Filter.Wards.Count > 0)
        {
            throw new CommandException("--ward names wards; beside --issues it needs --wards FILE");
        }
        var progress = new ImportProgress();
        var reading = Task.Run(() => FileSnapshot.Read(options, wards, request.Filter, settings, AppContext.BaseDirectory, progress, cancellation), CancellationToken.None);
        try
        {
            var read = await ProgressDisplay.ShowAsync(() => (ImportCommand.Describe(progress), progress.Fraction), reading);
            foreach (var warning in read.Warnings)
            {
                Console.WriteLine($"warning: {warning}");
            }
            Console.WriteLine($"read {read.Accepted} issues, refused {read.Refused} rows{(read.Refused > 0 ? " (geosan import issues --dry-run lists them with reasons)" : "")}; {read.Points.Count} are in the filter");
            return new HotspotData(read.Points, read.Wards, IsWhole: read is { Refused: 0, RefusedWards: 0 });
        }
        catch (ImportFileException problem)
        {
            throw new CommandException(problem.Message);
        }
    }
}
