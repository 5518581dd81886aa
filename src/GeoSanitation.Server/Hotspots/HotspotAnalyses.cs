using System.Text.Json;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What all analyses have in common: the filter, the points, the line to wait in, the answer.</summary>
internal sealed class HotspotAnalyses(Settings settings, PointSnapshots snapshots, WardSnapshots wards, AnalysisGate gate, VersionedAnswers answers)
{
    internal const string GeoJson = "application/geo+json";

    /// <summary>What every analysis takes beside the issue filter.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } = [CommonParameters.Weight, CommonParameters.IncludeDefaultPoints, CommonParameters.Crs];

    /// <summary>One analysis: from its input to the bytes of the answer.</summary>
    internal delegate byte[] Analysis(AnalysisInput input, AnalysisOptions options, Explain explain, CancellationToken cancellation);

    /// <summary>Answers a request by an analysis.</summary>
    /// <param name="context">The request.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="parameters">Its own parameters, a record; answers are kept by their text.</param>
    /// <param name="analysis">The work.</param>
    internal Task RespondAsync(HttpContext context, string method, object parameters, Analysis analysis)
    {
        var query = context.Request.Query;
        var filter = IssueFilterQuery.Parse(query);
        var options = new AnalysisOptions(CommonParameters.Weight.Read(query) == "severity", CommonParameters.IncludeDefaultPoints.Read(query), CommonParameters.Crs.Read(query));
        // The answer also says which parameters were given.
        string[] given = [.. query.Keys.Order(StringComparer.Ordinal)];
        var request = $"{method} {string.Join('&', given)} {JsonSerializer.Serialize(parameters, parameters.GetType())} {options.BySeverity} {options.DefaultPoints} {options.Output.Name} {IssuePointStore.KeyOf(filter)}";
        return answers.RespondAsync(context, GeoJson, request, async (version, cancellation) =>
        {
            var points = await snapshots.GetAsync(filter, version, cancellation);
            var outlines = await wards.GetAsync(version, cancellation);
            var body = await gate.RunAsync(token =>
            {
                var explain = new Explain(method, given);
                return analysis(AnalysisInput.Of(points, outlines, settings.Analysis.Crs, options, explain), options, explain, token);
            }, cancellation);
            return new VersionedBody(body, points.Issues.DataVersion);
        });
    }
}
