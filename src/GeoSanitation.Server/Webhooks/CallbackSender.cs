using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GeoSanitation.Server.Webhooks;

/// <summary>The one place from which this server calls others: allowed hosts only, within a time limit, and nowhere that an answer would lead to.</summary>
internal sealed class CallbackSender : IDisposable
{
    private readonly CallbackHosts _hosts;
    private readonly CallbackSettings _settings;
    private readonly HttpClient _client;

    public CallbackSender(CallbackHosts hosts, Settings settings)
    {
        (_hosts, _settings) = (hosts, settings.Callbacks);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(_settings.TimeoutSeconds) };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("GeoSanitation");
    }

    /// <summary>After so many failures in a row nothing is tried any more.</summary>
    internal int MostFailures => _settings.MaxFailures;

    /// <summary>For so long whoever sends something has it for itself.</summary>
    internal TimeSpan Lease => TimeSpan.FromSeconds(30 + 2 * _settings.TimeoutSeconds);

    /// <summary>How long to wait after some failures in a row: twice as long each time, up to an hour.</summary>
    internal TimeSpan WaitAfter(int failures) => TimeSpan.FromSeconds(Math.Min(_settings.FirstWaitSeconds * Math.Pow(2, Math.Max(failures - 1, 0)), Math.Max(_settings.FirstWaitSeconds, 3600)));

    /// <summary>Sends something by POST.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="content">What.</param>
    /// <param name="headers">Headers beside those of the content.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Null when it was taken (status 2xx); else why it was not, for a person to read.</returns>
    internal async Task<string?> SendAsync(string address, HttpContent content, IReadOnlyDictionary<string, string>? headers, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        // The operator may have changed the setting since the address was taken.
        if (!_hosts.Allows(request.RequestUri!))
        {
            return $"{request.RequestUri!.Authority} is none of the hosts that the setting callbacks.hosts names";
        }
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            request.Headers.Add(name, value);
        }
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.IsSuccessStatusCode ? null
                : (int)answer.StatusCode is >= 300 and < 400 ? $"it answered with status {(int)answer.StatusCode}; redirections are not followed"
                : $"it answered with status {(int)answer.StatusCode}";
        }
        catch (HttpRequestException problem)
        {
            return problem.InnerException is { } cause ? $"{problem.Message} ({cause.Message})" : problem.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it did not answer within {_settings.TimeoutSeconds} seconds");
        }
    }

    /// <summary>Headers that show who sent a message and that it is as it was sent: those of Standard Webhooks, version 1.</summary>
    /// <param name="id">Id of the message.</param>
    /// <param name="at">When it is sent.</param>
    /// <param name="body">The message.</param>
    /// <param name="secret">A secret as <see cref="WebhookSecret"/> makes it.</param>
    internal static IReadOnlyDictionary<string, string> Signed(string id, DateTimeOffset at, ReadOnlySpan<byte> body, string secret)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{seconds}."), .. body];
        return new Dictionary<string, string>
        {
            ["webhook-id"] = id,
            ["webhook-timestamp"] = seconds,
            ["webhook-signature"] = "v1," + Convert.ToBase64String(HMACSHA256.HashData(WebhookSecret.BytesOf(secret), signed)),
        };
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>What messages are signed with: <c>whsec_</c> and 24 to 64 bytes in base64, as Standard Webhooks has it.</summary>
internal static class WebhookSecret
{
    internal const string Form = "whsec_ and the base64 of 24 to 64 bytes";

    private const string Prefix = "whsec_";

    /// <summary>A new one.</summary>
    internal static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    internal static bool IsOne(string text)
    {
        Span<byte> bytes = stackalloc byte[100];
        return text.Length <= 100 && text.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var count) && count is >= 24 and <= 64;
    }

    internal static byte[] BytesOf(string secret) => Convert.FromBase64String(secret[Prefix.Length..]);
}
