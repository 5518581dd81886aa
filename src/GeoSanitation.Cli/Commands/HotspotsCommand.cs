using System.CommandLine;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan hotspots</c>: the analyses that the server answers with, into a file. Methods and their parameters are those of the server's table.</summary>
internal static class HotspotsCommand
{
    // --crs says what the coordinates of a file of issues are, as for geosan import.
    private const string OutputCrs = "output-crs";

    internal static Command Create()
    {
        var command = new ExampleCommand("hotspots",
            "Find out where issues concentrate, on the database or directly on a file, into a file of features or a picture. A row or a ward of a file that had to be left out makes the exit code 1.",
            "geosan hotspots gi-star --size 250 --status open -o hot.gpkg\ngeosan hotspots dbscan --issues reports.csv --wards wards.geojson -o clusters.png");
        command.Subcommands.Add(Create(ClusterRequest.Name, ClusterRequest.Summary, ClusterRequest.Parameters, ClusterRequest.Parse));
        foreach (var method in HotspotMethod.All)
        {
            command.Subcommands.Add(Create(method.Name, method.Summary, method.Parameters, values => AnalysisRequest.Parse(method, values)));
        }
        return command;
    }

    private static ExampleCommand Create(string name, string summary, IReadOnlyList<Parameter> own, Func<IQueryCollection, AnalysisRequest> parse)
    {
        var command = new ExampleCommand(name, summary + ".", ExampleOf(name, own));
        ResultFile.AddOptions(command);
        HotspotData.AddOptions(command);
        var options = new ParameterOptions(command, AnalysisRequest.Taken(own), parameter => ReferenceEquals(parameter, CommonParameters.Crs) ? OutputCrs : null);
        OpenDatabase.AddOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = options.QueryOf(parsed);
            var (request, settings) = (parse(values), OperatorSettings.Load());
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
            return data.IsWhole ? CommandLine.Done : CommandLine.BadUse;
        });
        return command;
    }

    private static string ExampleOf(string name, IReadOnlyList<Parameter> own)
    {
        var numbers = own.Where(p => p.Schema.Type is Microsoft.OpenApi.JsonSchemaType.Number or Microsoft.OpenApi.JsonSchemaType.Integer).Take(2);
        return $"geosan hotspots {name} {string.Concat(numbers.Select(p => $"--{ParameterOptions.NameOf(p)} {p.Example} "))}--status open -o {name}.gpkg";
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
