using System.CommandLine;
using GeoSanitation.Store.Schema;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan doctor</c>: what is installed, reachable and wrong, in plain words.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var command = new ExampleCommand("doctor", "Say what is missing or wrong; changes nothing.", "geosan doctor");
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await OpenDatabase.OpenUnmigratedAsync(parsed, cancellation);
            var pending = await Migrator.PendingAsync(open.Database, cancellation);
            Console.WriteLine(pending.Count == 0 ? "ok     schema" : $"WRONG  schema: {pending.Count} migrations are pending; run geosan migrate");
            return pending.Count == 0 ? CommandLine.Done : CommandLine.BadUse;
        });
        return command;
    }
}
