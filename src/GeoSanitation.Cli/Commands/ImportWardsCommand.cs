using System.CommandLine;
using GeoSanitation.Server.Imports;
using GeoSanitation.Store.Imports;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan import wards</c>: a file of boundaries.</summary>
internal static class ImportWardsCommand
{
    private static readonly Option<string?> Level = new("--level") { Description = "Level of every ward of the file; else its property \"level\", else the file's name", HelpName = "level" };

    private static readonly Option<string?> CodeField = new("--code-field") { Description = "Property that holds the code; guessed if not given", HelpName = "property" };

    private static readonly Option<string?> NameField = new("--name-field") { Description = "Property that holds the name; guessed if not given", HelpName = "property" };

    private static readonly Option<string?> ParentField = new("--parent-field")
    {
        Description = "Property that holds the parent's code; guessed if not given, else parents are found by containment",
        HelpName = "property",
    };

    private static readonly Option<bool> Reassign = new("--reassign") { Description = "Assign every issue anew, not only those without a ward" };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Check everything and write nothing" };

    internal static Command Create()
    {
        var file = ExistingFile.Argument("FILE", "GeoJSON (also .gz), .gpkg, .shp (also in a .zip), .fgb or .parquet");
        var command = new ExampleCommand("wards",
            "Import wards; a changed boundary closes the old one, an unchanged one changes nothing. A refused feature makes the exit code 1.",
            "geosan import wards communities.geojson --level community --code-field dm --name-field mc")
        {
            file, Level, CodeField, NameField, ParentField, ImportCommand.Crs, Reassign, DryRun,
        };
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            var options = new WardImportOptions
            {
                Path = path,
                FileName = Path.GetFileName(path),
                Level = parsed.GetValue(Level),
                CodeField = parsed.GetValue(CodeField),
                NameField = parsed.GetValue(NameField),
                ParentField = parsed.GetValue(ParentField),
                Crs = parsed.GetValue(ImportCommand.Crs),
                Reassign = parsed.GetValue(Reassign),
                Actor = ImportCommand.Actor,
            };
            await using var open = await OpenDatabase.OpenAsync(parsed, cancellation);
            await using var ticket = await ImportTicket.OpenAsync(open.Database, new ImportHeader("wards", options.FileName, null, options.Actor), parsed.GetValue(DryRun), cancellation);
            var progress = new ImportProgress();
            var import = Task.Run(() => new WardFileImport(open.Database).RunAsync(ticket, options, progress, cancellation), CancellationToken.None);
            var result = await ImportCommand.ShowAsync(progress, import);
            foreach (var refused in result.RefusedWards)
            {
                Console.WriteLine($"refused feature {refused.Line}: {refused.Reason}{(refused.Value.Length > 0 ? $" ({refused.Column} {refused.Value})" : "")}");
            }
            return ImportCommand.WriteResult(result, ticket.DryRun);
        });
        return command;
    }
}
