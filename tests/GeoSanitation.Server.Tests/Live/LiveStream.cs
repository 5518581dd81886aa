using System.Net;
using System.Text.Json;
using Xunit;

namespace GeoSanitation.Server.Tests.Live;

/// <summary>An event as it came.</summary>
internal sealed record SentEvent(string Name, string Id, JsonElement Data);

/// <summary>A client that listens, as a browser's EventSource does.</summary>
internal sealed class LiveStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly StreamReader _lines;
    private string _name = "", _data = "";

    private LiveStream(HttpResponseMessage answer, Stream body) => (Answer, _lines) = (answer, new StreamReader(body));

    internal HttpResponseMessage Answer { get; }

    /// <summary>Id of the last event, or of the last sign of life.</summary>
    internal string LastId { get; private set; } = "";

    /// <summary>Every line that came.</summary>
    internal List<string> Lines { get; } = [];

    internal static async Task<LiveStream> OpenAsync(HttpClient client, string query = "", string? lastEventId = null, string path = "/api/live")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path + query);
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        if (lastEventId is not null)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId));
        }
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new LiveStream(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>Opens one that begins now, and reads its first event.</summary>
    internal static async Task<LiveStream> StartAsync(HttpClient client, string query = "")
    {
        var stream = await OpenAsync(client, query);
        Assert.Equal("start", (await stream.NextAsync()).Name);
        return stream;
    }

    /// <summary>The next event.</summary>
    internal async Task<SentEvent> NextAsync()
    {
        while (await LineAsync() is { } line)
        {
            if (line == "" && _data != "")
            {
                var sent = new SentEvent(_name, LastId, JsonDocument.Parse(_data).RootElement);
                (_name, _data) = ("", "");
                return sent;
            }
        }
        throw new EndOfStreamException("the server ended the stream");
    }

    /// <summary>The next line; null at the end.</summary>
    internal async Task<string?> LineAsync()
    {
        var line = await _lines.ReadLineAsync().WaitAsync(Patience);
        Lines.Add(line ?? "(end)");
        switch (line?.Split(": ", 2))
        {
            case ["event", var name]:
                _name = name;
                break;
            case ["id", var id]:
                LastId = id;
                break;
            case ["data", var data]:
                _data = data;
                break;
        }
        return line;
    }

    public void Dispose()
    {
        _lines.Dispose();
        Answer.Dispose();
    }
}
