using System.CommandLine;
using System.CommandLine.Parsing;

namespace GeoSanitation.Cli;

/// <summary>Arguments and options that name a file to be read.</summary>
internal static class ExistingFile
{
    /// <summary>An argument whose file must be there.</summary>
    internal static Argument<FileInfo> Argument(string name, string description)
    {
        var argument = new Argument<FileInfo>(name) { Description = description };
        argument.Validators.Add(result => Require(name, result));
        return argument;
    }

    /// <summary>An option whose file, where one is given, must be there.</summary>
    internal static Option<FileInfo> Option(string name, string description)
    {
        var option = new Option<FileInfo>(name) { Description = description, HelpName = "file" };
        option.Validators.Add(result => Require(name, result));
        return option;
    }

    private static void Require(string name, SymbolResult result)
    {
        foreach (var token in result.Tokens.Where(token => !File.Exists(token.Value)))
        {
            result.AddError($"{name} was {token.Value}; it must be a file that is there{(Directory.Exists(token.Value) ? ", and this is a folder" : "")}");
        }
    }
}
