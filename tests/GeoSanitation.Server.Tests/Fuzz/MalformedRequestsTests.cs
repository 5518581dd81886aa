using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Fuzz;

/// <summary>Wrong requests thrown at every endpoint: each is refused as a problem that says what is wrong; none breaks the server or changes a row.</summary>
public sealed class MalformedRequestsTests : IAsyncLifetime
{
    private const int Seed = 20261124;
    private const int AtOnce = 4;

    private const string CountRows = """
        SELECT string_agg(format('%s %s', relname, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM geosan.%I', relname), false, true, '')))[1]), ', ' ORDER BY relname)
        FROM pg_class WHERE relnamespace = 'geosan'::regnamespace AND relkind IN ('r', 'p')
        """;

    private TestServer _server = null!;
    private HttpClient _administrator = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _administrator = await _server.ClientAsync(Roles.Administrator);
        await _server.Data.PlantWardAsync("990121001", "community", PlantedIssues.Box(112.6, 32.4, 112.7, 32.5));
        // Number 1024, which the examples name, among them: a body is judged, not only an address.
        await _server.Data.PlantAsync(Enumerable.Range(0, 1_100).Select(i => new PlantedIssue(112.65 + i * 0.00001, 32.45, Ward: "990121001")));
        await _server.Data.ExecuteAsync("INSERT INTO geosan.round (code, name, kind, starts_at, ends_at) VALUES ('2025-covert-1', '暗访', 'covert', '2025-03-10', '2025-03-22')");
    }

    public async Task DisposeAsync()
    {
        _administrator.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task No_malformed_request_is_answered_or_breaks_the_server_or_changes_a_row()
    {
        var requests = new MalformedRequests(_server.Endpoints, Seed).All().ToList();
        Assert.InRange(requests.Count, 2_000, int.MaxValue);
        var rows = await _server.Data.ScalarAsync<string>(CountRows);
        var faults = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (request, cancellation) =>
        {
            using var message = request.ToMessage(_server.Address);
            try
            {
                using var answer = await (request.WithKey ? _administrator : _server.Client).SendAsync(message, cancellation);
                if (await FaultOfAsync(request, answer) is { } fault)
                {
                    faults.Add($"{request}: {fault}");
                }
            }
            catch (HttpRequestException broken)
            {
                faults.Add($"{request}: {broken.Message} {broken.InnerException?.Message}");
            }
        });

        Assert.True(faults.IsEmpty, $"{faults.Count} of {requests.Count} requests were not refused as they should be:\n{string.Join('\n', faults.Order(StringComparer.Ordinal).Take(40))}");
        Assert.Equal(rows, await _server.Data.ScalarAsync<string>(CountRows));
        using var alive = await _server.Client.GetAsync("/health/ready");
        Assert.True(alive.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("GET\r\n\r\n")]
    [InlineData("GET /api\r\n\r\n")]
    [InlineData("GET /api HTTP/9.9\r\nHost: x\r\n\r\n")]
    [InlineData("GET /api HTTP/1.1\r\n\r\n")]
    [InlineData("GET /api HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")]
    [InlineData("GET api HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("G\u0001T /api HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /api HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n")]
    [InlineData("GET /api HTTP/1.1\r\nHost: x\r\n: no name\r\n\r\n")]
    [InlineData("POST /api/imports HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /api/imports HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n")]
    [InlineData("POST /api/imports HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")]
    [InlineData("POST /api/imports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nab")]
    [InlineData("GET /\u0001 HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task What_is_no_HTTP_is_refused_and_the_server_goes_on(string text)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_server.Address.Host, _server.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        using var reader = new StreamReader(stream, Encoding.Latin1);

        var status = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Matches("^HTTP/1.1 (4..|505) ", status);
        using var alive = await _server.Client.GetAsync("/health/live");
        Assert.True(alive.IsSuccessStatusCode);
    }

    /// <summary>Why an answer is not the refusal it should be; null when it is.</summary>
    private static async Task<string?> FaultOfAsync(MalformedRequest request, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        if (status is < 400 or >= 500)
        {
            return $"{status} {Shortened(await answer.Content.ReadAsStringAsync())}";
        }
        if (request.ByTransport)
        {
            return null;
        }
        if (request.HasOwnForm && answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            // The tests of the face say what its form is; here, that there are words in it.
            var words = await answer.Content.ReadAsStringAsync();
            return words.Length > 40 && answer.Content.Headers.ContentType is not null ? null : $"{status} without words: {words}";
        }
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return $"{status} as {answer.Content.Headers.ContentType}";
        }
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (problem.GetProperty("status").GetInt32() != status || !problem.TryGetProperty("detail", out var detail) || detail.GetString() is not { Length: > 10 })
        {
            return $"{status} without words: {Shortened(problem.GetRawText())}";
        }
        if (request.Named is { } named && !(problem.TryGetProperty("parameter", out var parameter) && named.Contains(parameter.GetString())))
        {
            return $"{status} names something else: {Shortened(problem.GetRawText())}";
        }
        return null;
    }

    private static string Shortened(string text) => text.Length > 300 ? text[..300] + "…" : text;
}
