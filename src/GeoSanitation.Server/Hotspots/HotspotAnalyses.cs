using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Runs;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Answers requests by analyses: at once, or by the run that a long one has become.</summary>
internal sealed class HotspotAnalyses(AnalysisJobs jobs, RunJobs runs, VersionedAnswers answers)
{
    /// <summary>Answers a request.</summary>
    internal Task RespondAsync(HttpContext context, AnalysisRequest request)
        => answers.RespondAsync(context, FeatureWriter.MediaType, request.Key, async (version, cancellation) =>
        {
            var job = jobs.Join(request, version);
            try
            {
                await job.Started.WaitAsync(cancellation);
                var patience = Patience.Of(context);
                if (patience > TimeSpan.Zero && await Task.WhenAny(job.Result, Task.Delay(patience, cancellation)) == job.Result)
                {
                    var result = await job.Result;
                    return new VersionedBody(result.GeoJson, result.DataVersion);
                }
                cancellation.ThrowIfCancellationRequested();
                await RunEndpoints.AcceptAsync(context, runs, await runs.KeepAsync(job, context.User.Name()));
                return null;
            }
            finally
            {
                job.Leave();
            }
        });
}
