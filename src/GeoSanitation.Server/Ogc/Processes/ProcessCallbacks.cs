using System.IO.Pipelines;
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
        using HttpContent content = delivery.Content == "results" ? await ResultsAsync(run, callback.IsDocument, cancellation)
            : new StringContent(ProcessDocuments.Status(run, null, callback.Root).ToJsonString(JsonForm.Options), Encoding.UTF8, OgcAnswer.Json);
        return await sender.SendAsync(delivery.Url!, content, null, cancellation);
    }

    /// <summary>The result of a job. Many who are called take no body whose length is not said first, so it is gathered, in a file as it can be large.</summary>
    private async Task<HttpContent> ResultsAsync(RunRecord run, bool isDocument, CancellationToken cancellation)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            var output = PipeWriter.Create(file, new StreamPipeWriterOptions(leaveOpen: true));
            await ProcessEndpoints.WriteResultAsync(run, _runs.FeaturesAsync(run.Id, cancellation), isDocument, output, cancellation);
            await output.CompleteAsync();
            file.Position = 0;
            return new StreamContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(isDocument ? OgcAnswer.Json : OgcDocuments.GeoJson) } };
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
