using System.CommandLine;

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
        command.SetAction((parsed, cancellation) => ServeCommand.ServeAsync(parsed, (_, _) => Task.CompletedTask, cancellation));
        return command;
    }
}
