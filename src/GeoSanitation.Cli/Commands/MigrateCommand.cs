using System.CommandLine;
using GeoSanitation.Store.Schema;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan migrate</c>: the schema, and nothing else.</summary>
internal static class MigrateCommand
{
    internal static Command Create()
    {
        var command = new ExampleCommand("migrate", "Bring the database to this program's schema.", "geosan migrate --database \"Host=db;Username=geosan;Database=geosan\"");
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await OpenDatabase.OpenUnmigratedAsync(parsed, cancellation);
            var applied = await Migrator.MigrateAsync(open.Database, cancellation);
            foreach (var name in applied)
            {
                Console.WriteLine($"applied {name}");
            }
            Console.WriteLine(applied.Count == 0 ? "the schema was current" : $"the schema is current: {applied.Count} migrations applied");
            return CommandLine.Done;
        });
        return command;
    }
}
