using System.CommandLine;
using GeoSanitation.Server.Exports;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan export</c>: issues, wards or hotspots as a file.</summary>
internal static class ExportCommand
{
    private static readonly string Extensions = string.Join(" ", FileForm.All.Select(f => "." + f.Extension).Append(".shp"));

    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = $"File to write; its extension says the form: {Extensions}",
        HelpName = "file",
        Required = true,
    };

    private static readonly Option<bool> Reporters = new("--reporters") { Description = "Who reported an issue, too: names, telephones, e-mails" };

    internal static Command Create()
    {
        var command = new ExampleCommand("export", "Write issues, wards (with the issue filter: with their figures) or hotspots (those published last, or with the issue filter what a method makes of its issues) to a file.",
            "geosan export issues --status open --ward 990121002 -o open.gpkg\ngeosan export wards --status open --level community -o wards.shp\ngeosan export hotspots --category exposed_rubbish --method gi-star -o hotspots.fgb");
        foreach (var layer in LayerExport.Names)
        {
            command.Subcommands.Add(Create(layer));
        }
        return command;
    }

    private static ExampleCommand Create(string layer)
    {
        var command = new ExampleCommand(layer, $"Write {layer} to a file.", $"geosan export {layer} -o {layer}.gpkg");
        command.Options.Add(Out);
        if (layer == "issues")
        {
            command.Options.Add(Reporters);
        }
        var options = new ParameterOptions(command, LayerExport.ParametersOf(layer), _ => null);
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(Out));
            var isShapefile = path.EndsWith(".shp", StringComparison.OrdinalIgnoreCase);
            var form = FileForm.Of(path) ?? (isShapefile ? null : throw new CommandException($"--out was {path}; it must end with one of {Extensions}"));
            if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
            {
                throw new CommandException($"--out was {path}; it must be a file in a folder that is there");
            }
            var values = options.QueryOf(parsed);
            var (crs, settings) = (CommonParameters.Crs.Read(values), OperatorSettings.Load());
            await using var open = await OpenDatabase.OpenAsync(parsed, cancellation);
            LayerExport export;
            try
            {
                export = await LayerExport.ParseAsync(layer, values, open.Database, parsed.GetValue(Reporters), cancellation);
            }
            catch (NotFoundException nothing)
            {
                throw new CommandException(nothing.Message);
            }
            await using var reading = await export.OpenAsync(open.Database, ExportSources.Of(open.Database, settings), cancellation);
            if (isShapefile)
            {
                await ShapefileForm.WriteAsync(reading.Features, crs, path, cancellation);
            }
            else
            {
                await WriteWholeAsync(path, file => form!.WriteAsync(reading.Features, crs, file, cancellation));
            }
            Console.WriteLine($"wrote {reading.Features.Count} features to {parsed.GetRequiredValue(Out)}");
            return CommandLine.Done;
        });
        return command;
    }

    /// <summary>Writes a file beside its place and moves it there when it is whole; if it never is, nothing is left.</summary>
    private static async Task WriteWholeAsync(string path, Func<Stream, Task> writeAsync)
    {
        var unfinished = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Environment.ProcessId}");
        try
        {
            await using (var file = File.Create(unfinished))
            {
                await writeAsync(file);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
