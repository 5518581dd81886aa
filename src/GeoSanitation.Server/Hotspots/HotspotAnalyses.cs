using GeoSanitation.Server.Features;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Snapshot;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Answers requests by analyses: the points, the line to wait in, the answer.</summary>
internal sealed class HotspotAnalyses(Settings settings, PointSnapshots snapshots, WardSnapshots wards, AnalysisGate gate, VersionedAnswers answers)
{
    private static readonly IProgress<double> Nobody = new Progress<double>();

    /// <summary>Answers a request.</summary>
    internal Task RespondAsync(HttpContext context, AnalysisRequest request)
        => answers.RespondAsync(context, FeatureWriter.MediaType, request.Key, async (version, cancellation) =>
        {
            var points = await snapshots.GetAsync(request.Filter, version, cancellation);
            var outlines = await wards.GetAsync(version, cancellation);
            var body = await gate.RunAsync(token =>
            {
                var explain = new Explain(request.Method, [.. request.Given.Select(g => g.Key)]);
                var input = AnalysisInput.Of(points, outlines, settings, request, explain);
                var table = request.Analysis(input, explain, new AnalysisWork(1, Nobody, token));
                token.ThrowIfCancellationRequested();
                return GeoJsonForm.Write(table, request.Output, explain.Finish());
            }, cancellation);
            return new VersionedBody(body, points.Issues.DataVersion);
        });
}
