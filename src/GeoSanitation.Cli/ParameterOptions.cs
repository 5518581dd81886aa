using System.CommandLine;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;

namespace GeoSanitation.Cli;

/// <summary>Parameters of the server as options of a command: their values are checked where the server checks them, so here they are only text.</summary>
internal sealed class ParameterOptions
{
    private readonly List<(Parameter Parameter, Option<string[]> Option)> _options = [];

    /// <summary>Adds options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="nameOf">Name of an option, without its dashes; as the parameter's, with dashes between words, where it gives null.</param>
    internal ParameterOptions(Command command, IEnumerable<Parameter> parameters, Func<Parameter, string?> nameOf)
    {
        foreach (var parameter in parameters)
        {
            var option = OptionOf(parameter, nameOf(parameter));
            _options.Add((parameter, option));
            command.Options.Add(option);
        }
    }

    /// <summary>Name of a parameter as an option.</summary>
    internal static string NameOf(Parameter parameter) => parameter.Name.Replace('_', '-');

    /// <summary>What was given, as a query of the server; an option without a value says that it is so.</summary>
    internal QueryCollection QueryOf(ParseResult parsed) => new(_options
        .Where(o => parsed.GetResult(o.Option) is { Implicit: false })
        .ToDictionary(o => o.Parameter.Name, o => parsed.GetValue(o.Option) is { Length: > 0 } values ? new StringValues(values) : new StringValues("true")));

    private static Option<string[]> OptionOf(Parameter parameter, string? given)
    {
        var schema = parameter.Schema.Items as OpenApiSchema ?? parameter.Schema;
        var name = given ?? NameOf(parameter);
        var words = schema.Enum?.Select(word => $"{word}").ToArray();
        var flag = schema.Type == JsonSchemaType.Boolean;
        var option = new Option<string[]>("--" + name)
        {
            Description = parameter.Description + (schema.Default is { } value && !flag ? $"; {value} if not given" : ""),
            HelpName = flag ? "true|false" : words is not null ? string.Join('|', words) : parameter.Name.Replace('_', ' '),
            Arity = new ArgumentArity(flag ? 0 : 1, 1_000),
            AllowMultipleArgumentsPerToken = false,
        };
        if (given is null && name != parameter.Name)
        {
            option.Aliases.Add("--" + parameter.Name);
        }
        option.CompletionSources.Add(words ?? (flag ? ["true", "false"] : []));
        return option;
    }
}
