using System.CommandLine;
using GeoSanitation.Server;
using GeoSanitation.Server.Imports;
using GeoSanitation.Store;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan run</c>: the one-command start.</summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var command = new ExampleCommand("run",
            "Start everything: the database, its schema, the sample county when the database is empty, the server.",
            "geosan run --urls http://localhost:8080");
        OpenDatabase.AddOptions(command);
        command.Options.Add(ServeCommand.Urls);
        command.SetAction((parsed, cancellation) => ServeCommand.ServeAsync(parsed, LoadSampleAsync, cancellation));
        return command;
    }

    private static async Task LoadSampleAsync(Database database, Settings settings, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(AppContext.BaseDirectory, "geodata", "wards.geojson")))
        {
            Console.WriteLine("this build comes without the sample county");
            return;
        }
        try
        {
            if (await SampleCounty.LoadAsync(database, settings, AppContext.BaseDirectory, cancellation) is { } loaded)
            {
                Console.WriteLine($"the database was empty: loaded the sample county with {loaded.Counts.Loaded:N0} issues");
            }
        }
        catch (ImportFileException problem)
        {
            throw new CommandException($"the sample county cannot be loaded: {problem.Message}", CommandLine.SystemFailure);
        }
    }
}
