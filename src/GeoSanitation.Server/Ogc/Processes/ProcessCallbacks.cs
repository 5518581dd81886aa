using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Runs;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Webhooks;
using GeoSanitation.Store;
using GeoSanitation.Store.Runs;
using GeoSanitation.Store.Webhooks;
using Microsoft.Extensions.Logging;

namespace GeoSanitation.Server.Ogc.Processes;

/// <summary>Sends results and states of jobs to whom those who asked for them named.</summary>
internal sealed class ProcessCallbacks(Database database, Outbox outbox, CallbackSender sender, CallbackHosts hosts, FeedTurns turns, ILogger<ProcessCallbacks> log) : CallbackTurns(database, hosts, turns, log)
{
    private readonly RunStore _runs = new(database);

    /// <inheritdoc/>
    protected override Task TurnAsync(CancellationToken cancellation) => outbox.SendDueAsync(["status", "results"], delivery => SendAsync(delivery, cancellation), cancellation);

    private async Task<string?> SendAsync(Delivery delivery, CancellationToken cancellation)
    {
        if (await _runs.FindAsync(delivery.RunId, cancellation) is not { } run)
        {
            // Removed meanwhile, and the delivery with it.
            return null;
        }
        var callback = ProcessCallback.Of(delivery.CallbackJson!);
        using HttpContent content = delivery.Content == "results" ? new Results(run, callback.IsDocument, _runs.FeaturesAsync(run.Id, cancellation), cancellation)
            : new StringContent(ProcessDocuments.Status(run, null, callback.Root).ToJsonString(JsonForm.Options), Encoding.UTF8, OgcAnswer.Json);
        return await sender.SendAsync(delivery.Url!, content, null, cancellation);
    }

    /// <summary>The result of a job, written while its rows are read.</summary>
    private sealed class Results : HttpContent
    {
        private readonly RunRecord _run;
        private readonly bool _isDocument;
        private readonly IAsyncEnumerable<RunFeature> _features;
        private readonly CancellationToken _cancellation;

        internal Results(RunRecord run, bool isDocument, IAsyncEnumerable<RunFeature> features, CancellationToken cancellation)
        {
            (_run, _isDocument, _features, _cancellation) = (run, isDocument, features, cancellation);
            Headers.ContentType = new MediaTypeHeaderValue(isDocument ? OgcAnswer.Json : OgcDocuments.GeoJson);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
            await ProcessEndpoints.WriteResultAsync(_run, _features, _isDocument, output, _cancellation);
            await output.CompleteAsync();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
