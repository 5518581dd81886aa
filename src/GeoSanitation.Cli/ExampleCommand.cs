using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace GeoSanitation.Cli;

/// <summary>A command whose <c>--help</c> ends with an example that works when pasted.</summary>
internal sealed class ExampleCommand(string name, string description, string example) : Command(name, description)
{
    private string Example { get; } = example;

    /// <summary>The usual help, and the example after it.</summary>
    internal sealed class Help(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            var exitCode = usual.Invoke(parsed);
            if (parsed.CommandResult.Command is ExampleCommand command)
            {
                parsed.InvocationConfiguration.Output.WriteLine($"Example:\n  {command.Example.Replace("\n", "\n  ")}\n");
            }
            return exitCode;
        }
    }
}
