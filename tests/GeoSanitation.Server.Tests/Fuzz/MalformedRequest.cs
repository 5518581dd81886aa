using System.Net.Http.Headers;

namespace GeoSanitation.Server.Tests.Fuzz;

/// <summary>A request that is wrong in one place at least, whatever the data.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Address">Path and query, sent as they are.</param>
/// <param name="Fault">What is wrong, for the message of a failed test.</param>
internal sealed record MalformedRequest(string Method, string Address, string Fault)
{
    /// <summary>The parameters of which one must be named in the refusal; null where the words are enough.</summary>
    internal IReadOnlyList<string>? Named { get; init; }

    /// <summary>True where the endpoint has a form of refusals of its own.</summary>
    internal bool HasOwnForm { get; init; }

    internal byte[]? Body { get; init; }

    internal string? MediaType { get; init; }

    internal IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>True for what the web server itself refuses before the program sees it; then there is a status and no more.</summary>
    internal bool ByTransport { get; init; }

    /// <summary>False for a caller who shows no key.</summary>
    internal bool WithKey { get; init; } = true;

    internal HttpRequestMessage ToMessage(Uri server)
    {
        // Sent as it is written: a Uri would mend the percent signs.
        var uri = new Uri(server.GetLeftPart(UriPartial.Authority) + Address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(Method), uri);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            if (MediaType is not null)
            {
                message.Content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
            }
        }
        foreach (var (name, value) in Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    public override string ToString() => $"{Method} {(Address.Length > 200 ? Address[..200] + "…" : Address)} ({Fault})";
}
