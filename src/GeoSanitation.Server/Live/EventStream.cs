using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.Live;

/// <summary>Server-sent events as they are written (WHATWG HTML, section 9.2).</summary>
/// <param name="output">Where they go.</param>
/// <param name="source">Address of the server, for events in the envelope of CloudEvents; null for events as they are.</param>
internal sealed class EventStream(PipeWriter output, string? source = null)
{
    internal const string MediaType = "text/event-stream";

    /// <summary>Says after which time a client that was cut off comes again.</summary>
    internal void Retry(TimeSpan after) => Write($"retry: {(long)after.TotalMilliseconds}\n\n");

    /// <summary>An event.</summary>
    /// <param name="told">The event.</param>
    /// <param name="version">The data as of which it is told.</param>
    internal void Event(LiveEvent told, string version)
        => Write($"event: {told.Name}\nid: {told.Cursor}\ndata: {JsonSerializer.Serialize(source is null ? told.Data : CloudEvent.Of(told, source, version), JsonForm.Options)}\n\n");

    /// <summary>An id alone: no event, but a client that is cut off goes on from there. It also shows that the connection is alive.</summary>
    internal void Id(string id) => Write($": here\nid: {id}\n\n");

    /// <summary>Sends what was written, and waits while the client does not read.</summary>
    internal async Task SendAsync(CancellationToken cancellation) => await output.FlushAsync(cancellation);

    private void Write(string text) => output.Write(Encoding.UTF8.GetBytes(text));
}
