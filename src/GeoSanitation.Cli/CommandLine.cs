using System.CommandLine;
using System.CommandLine.Help;
using System.Data.Common;
using System.Runtime.InteropServices;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.LocalCluster;
using GeoSanitation.Store.Schema;

namespace GeoSanitation.Cli;

/// <summary>Runs a command: signals cancel it, and whatever it throws becomes one line on stderr and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>All was done.</summary>
    internal const int Done = 0;

    /// <summary>Bad use or bad input: the caller's mistake.</summary>
    internal const int BadUse = 1;

    /// <summary>A system failure: no database, no disk, no port, or stopped before the end.</summary>
    internal const int SystemFailure = 2;

    internal static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = CancelOn(PosixSignal.SIGINT, stop);
        using var terminate = CancelOn(PosixSignal.SIGTERM, stop);
        using var hangUp = CancelOn(PosixSignal.SIGHUP, stop);

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleCommand.Help((HelpAction)help.Action!);
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            // What was not understood says more than what is missing because of it.
            var error = parsed.Errors.FirstOrDefault(e => parsed.UnmatchedTokens.Any(e.Message.Contains)) ?? parsed.Errors[0];
            return Fail(BadUse, $"{error.Message.TrimEnd('.')}{AllowedIn(parsed.CommandResult.Command)} (see geosan {NameOf(parsed)}--help)");
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return Fail(SystemFailure, "stopped before the end");
        }
        catch (Exception problem) when (problem is CommandException or BadParameterException or NotFoundException or UnknownCrsException)
        {
            return Fail((problem as CommandException)?.ExitCode ?? BadUse, problem.Message);
        }
        catch (Exception problem) when (problem is LocalClusterException or SchemaException or IOException or UnauthorizedAccessException)
        {
            return Fail(SystemFailure, problem.Message);
        }
        catch (DbException problem)
        {
            return Fail(SystemFailure, Describe(problem));
        }
        catch (Exception problem)
        {
            return Fail(SystemFailure, $"failed for a reason that it does not know, which is a fault of the program: {problem.GetType().Name}: {problem.Message}");
        }
    }

    /// <summary>What a database said, or why it said nothing.</summary>
    internal static string Describe(DbException problem) => problem.SqlState is null
        ? $"the database cannot be reached: {problem.GetBaseException().Message}"
        : $"the database refused: {problem.Message}";

    /// <summary>Says on stderr, in one line, why a command ends, and hands back its exit code.</summary>
    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"geosan: {string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        return exitCode;
    }

    /// <summary>Which commands there are below one that only holds others.</summary>
    private static string AllowedIn(Command command) => command.Subcommands.Count > 0 ? $"; it must be one of {string.Join(", ", command.Subcommands.Select(c => c.Name))}" : "";

    // The first signal asks to stop; a second one is left to the system, which ends the program at once.
    private static PosixSignalRegistration CancelOn(PosixSignal signal, CancellationTokenSource stop)
        => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });

    private static string NameOf(ParseResult parsed)
    {
        var name = "";
        for (var command = parsed.CommandResult; command.Parent is System.CommandLine.Parsing.CommandResult parent; command = parent)
        {
            name = $"{command.Command.Name} {name}";
        }
        return name;
    }
}

/// <summary>A command cannot go on; the message is the one line that is shown.</summary>
internal sealed class CommandException(string message, int exitCode = CommandLine.BadUse) : Exception(message)
{
    /// <summary>1 for the caller's mistake, 2 for a system failure.</summary>
    internal int ExitCode { get; } = exitCode;
}
