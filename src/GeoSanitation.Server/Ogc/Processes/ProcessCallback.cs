using System.Text.Json;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Webhooks;

namespace GeoSanitation.Server.Ogc.Processes;

/// <summary>What an execute request said of its result (OGC 18-062r2): whom to tell of it, the member <c>subscriber</c> (class callback), and the form that it is to have.</summary>
/// <param name="SuccessUri">Where its result is sent; null for nowhere.</param>
/// <param name="InProgressUri">Where is said that it has begun; null for nowhere.</param>
/// <param name="FailedUri">Where is said that it came to nothing; null for nowhere.</param>
/// <param name="Root">Address of the landing page as the caller sees it.</param>
/// <param name="IsDocument">Whether the result stands in a document, by its name.</param>
internal sealed record ProcessCallback(string? SuccessUri, string? InProgressUri, string? FailedUri, string Root, bool IsDocument)
{
    private const int LongestAddress = 2000;

    // The database reads the names too.
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="BadParameterException">It is none, or names a host that is not called.</exception>
    internal static ProcessCallback Read(JsonElement subscriber, CallbackHosts hosts, string root, bool isDocument)
    {
        if (subscriber.ValueKind != JsonValueKind.Object)
        {
            throw new BadParameterException("subscriber", JsonBody.Shown(subscriber), "an object with successUri");
        }
        JsonBody.RefuseUnknown(subscriber, "subscriber.", "successUri", "inProgressUri", "failedUri");
        return new ProcessCallback(Address("successUri") ?? throw new BadParameterException("subscriber.successUri", null, "an address that the result is sent to"), Address("inProgressUri"), Address("failedUri"), root, isDocument);

        string? Address(string name) => subscriber.TryGetProperty(name, out var given) && JsonBody.Text(given, $"subscriber.{name}", LongestAddress) is { } text ? hosts.Read($"subscriber.{name}", text).AbsoluteUri : null;
    }

    /// <summary>As it is kept with the run.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, Form);

    /// <summary>What <see cref="ToJson"/> wrote.</summary>
    internal static ProcessCallback Of(string json) => JsonSerializer.Deserialize<ProcessCallback>(json, Form)!;
}
