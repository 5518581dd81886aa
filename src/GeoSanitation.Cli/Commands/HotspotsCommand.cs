using System.CommandLine;
using GeoSanitation.Server;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan hotspots</c>: the analyses that the server answers with, into a file. Methods and their parameters are those of the server's table.</summary>
internal static class HotspotsCommand
{
    // --crs says what the coordinates of a file of issues are, as for geosan import.
    private const string OutputCrs = "output-crs";

    internal static Command Create()
    {
        var command = new ExampleCommand("hotspots",
            "Find out where issues concentrate, on the database or directly on a file, into a file of features or a picture.",
            "geosan hotspots gi-star --size 250 --status open -o hot.gpkg\ngeosan hotspots dbscan --issues reports.csv --wards wards.geojson -o clusters.png");
        foreach (var method in HotspotMethod.All)
        {
            command.Subcommands.Add(Create(method));
        }
        return command;
    }

    private static ExampleCommand Create(HotspotMethod method)
    {
        var command = new ExampleCommand(method.Name, method.Summary + ".", ExampleOf(method));
        ResultFile.AddOptions(command);
        HotspotData.AddOptions(command);
        var options = AnalysisRequest.Taken(method).Select(parameter => (parameter, OptionOf(parameter))).ToList();
        foreach (var (_, option) in options)
        {
            command.Options.Add(option);
        }
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = new QueryCollection(options.Where(o => parsed.GetResult(o.Item2) is { Implicit: false }).ToDictionary(o => o.parameter.Name, o => ValuesOf(parsed, o.Item2)));
            var (request, settings) = (AnalysisRequest.Parse(method, values), Settings.Load("."));
            using var result = ResultFile.Open(parsed);
            var data = await HotspotData.ReadAsync(parsed, request, settings, cancellation);
            var progress = new Progress();
            var work = new AnalysisWork(Environment.ProcessorCount, progress, cancellation);
            var run = Task.Run(async () =>
            {
                var (table, explain) = request.Run(data.Points, data.Wards, settings, work);
                progress.Words = "writing";
                await result.WriteAsync(request, table, explain, data.Wards, settings, cancellation);
                return (table.Rows.Count, Warnings: explain["warnings"]!.AsArray());
            }, CancellationToken.None);
            var (features, warnings) = await ProgressDisplay.ShowAsync(() => (progress.Words, progress.Done), run);
            foreach (var warning in warnings)
            {
                Console.WriteLine($"warning: {warning}");
            }
            Console.WriteLine($"wrote {features} features to {result.Path}");
            return CommandLine.Done;
        });
        return command;
    }

    private static string NameOf(Parameter parameter) => ReferenceEquals(parameter, CommonParameters.Crs) ? OutputCrs : parameter.Name.Replace('_', '-');

    /// <summary>A parameter as an option: its value is checked where the server checks it, so it is only text here.</summary>
    private static Option<string[]> OptionOf(Parameter parameter)
    {
        var (schema, name) = (parameter.Schema.Items as Microsoft.OpenApi.OpenApiSchema ?? parameter.Schema, NameOf(parameter));
        var words = schema.Enum?.Select(word => $"{word}").ToArray();
        var flag = schema.Type == Microsoft.OpenApi.JsonSchemaType.Boolean;
        var option = new Option<string[]>("--" + name)
        {
            Description = parameter.Description + (schema.Default is { } value && !flag ? $"; {value} if not given" : ""),
            HelpName = flag ? "true|false" : words is not null ? string.Join('|', words) : parameter.Name.Replace('_', ' '),
            Arity = new ArgumentArity(flag ? 0 : 1, 1_000),
            AllowMultipleArgumentsPerToken = false,
        };
        if (name != parameter.Name && name != OutputCrs)
        {
            option.Aliases.Add("--" + parameter.Name);
        }
        option.CompletionSources.Add(words ?? (flag ? ["true", "false"] : []));
        return option;
    }

    /// <summary>What was given; an option without a value says that it is so.</summary>
    private static StringValues ValuesOf(ParseResult parsed, Option<string[]> option) => parsed.GetValue(option) is { Length: > 0 } values ? values : "true";

    private static string ExampleOf(HotspotMethod method)
    {
        var numbers = method.Parameters.Where(p => p.Schema.Type is Microsoft.OpenApi.JsonSchemaType.Number or Microsoft.OpenApi.JsonSchemaType.Integer).Take(2);
        return $"geosan hotspots {method.Name} {string.Concat(numbers.Select(p => $"--{NameOf(p)} {p.Example} "))}--status open -o {method.Name}.gpkg";
    }

    private sealed class Progress : IProgress<double>
    {
        private double _done = 1;

        internal string Words { get; set; } = "analysing";

        /// <summary>Part done; 1 while nobody can tell.</summary>
        internal double Done => Volatile.Read(ref _done);

        public void Report(double value) => Volatile.Write(ref _done, value);
    }
}
