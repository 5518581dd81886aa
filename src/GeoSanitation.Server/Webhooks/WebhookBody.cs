using System.Text.Json;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Live;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Webhooks;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Webhooks;

/// <summary>A webhook as a caller asks for it.</summary>
/// <param name="Url">Address that is told, at one of the hosts that the server's settings name.</param>
/// <param name="Collections">Of what it is told: issues, wards, categories, rounds, calendar, hotspots (another run was published), jobs (a run has ended); issues when left out.</param>
/// <param name="Wards">Codes of wards: only of their issues and those of the wards within them; of all when left out.</param>
/// <param name="Events">What must become of an issue: created, updated, deleted; all three when left out.</param>
/// <param name="Secret">What messages are signed with: whsec_ and the base64 of 24 to 64 bytes; made by the server when left out.</param>
internal sealed record WebhookBody(string Url, IReadOnlyList<string>? Collections, IReadOnlyList<string>? Wards, IReadOnlyList<string>? Events, string? Secret)
{
    /// <summary>Of what one may be told.</summary>
    internal static IReadOnlyList<string> AllCollections { get; } = [.. CloudEvent.Collections, "jobs"];

    private static readonly string[] AllEvents = ["created", "updated", "deleted"];

    private const int LongestBody = 1 << 16;
    private const int MostWards = 200;
    private const int LongestText = 2000;

    /// <summary>Reads and checks one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="hosts">Whom the server may call.</param>
    /// <param name="source">Address of the server as the caller sees it.</param>
    /// <exception cref="BadParameterException">A member is missing, unknown or not what it must be.</exception>
    internal static async Task<NewSubscription> ReadAsync(HttpRequest request, CallbackHosts hosts, string source)
    {
        var body = await JsonBody.ReadAsync(request, LongestBody, "application/json");
        JsonBody.RefuseUnknown(body, "", "url", "collections", "wards", "events", "secret");
        var url = hosts.Read("url", JsonBody.Text(JsonBody.Required(body, "url"), "url", LongestText));
        var secret = body.TryGetProperty("secret", out var given) ? JsonBody.Text(given, "secret", LongestText) : null;
        if (secret is not null && !WebhookSecret.IsOne(secret))
        {
            throw new BadParameterException("secret", "not shown", $"left out, or {WebhookSecret.Form}");
        }
        return new NewSubscription(
            url.AbsoluteUri, secret ?? WebhookSecret.New(), Words("collections", AllCollections) ?? ["issues"], Texts("wards") ?? [], Words("events", AllEvents) ?? AllEvents, source);

        IReadOnlyList<string>? Words(string name, IReadOnlyList<string> known)
        {
            var words = Texts(name);
            return words is [] || words?.FirstOrDefault(w => !known.Contains(w)) is not null
                ? throw new BadParameterException(name, JsonBody.Shown(body.GetProperty(name)), $"left out, or a list with some of {string.Join(", ", known)}") : words;
        }

        IReadOnlyList<string>? Texts(string name)
        {
            if (!body.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
            {
                return null;
            }
            return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= MostWards
                ? [.. list.EnumerateArray().Select(item => JsonBody.Text(item, name, LongestText) ?? throw new BadParameterException(name, JsonBody.Shown(item), "a list of texts that are not empty")).Distinct()]
                : throw new BadParameterException(name, JsonBody.Shown(list), $"left out, or a list of at most {MostWards} texts");
        }
    }
}

/// <summary>A webhook and how it goes.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Url">Address that is told.</param>
/// <param name="Collections">Of what.</param>
/// <param name="Wards">Of the issues of which wards; of all where there are none.</param>
/// <param name="Events">What must become of an issue.</param>
/// <param name="State"><c>active</c>, <c>waiting</c> after a failure, or <c>dead</c>: given up until it is resumed.</param>
/// <param name="CreatedAt">Since when it is there.</param>
/// <param name="Delivered">Events that it took.</param>
/// <param name="DeliveredAt">When it took the last one.</param>
/// <param name="Failures">How often in a row it took none.</param>
/// <param name="Error">Why, the last time.</param>
/// <param name="NextAttemptAt">When it is tried again; null unless it waits.</param>
/// <param name="DeadAt">When it was given up.</param>
/// <param name="Secret">What messages are signed with; shown once, when it is made.</param>
internal sealed record Webhook(
    int Id, string Url, IReadOnlyList<string> Collections, IReadOnlyList<string> Wards, IReadOnlyList<string> Events, string State, DateTime CreatedAt, long Delivered, DateTime? DeliveredAt,
    int Failures, string? Error, DateTime? NextAttemptAt, DateTime? DeadAt, string? Secret = null)
{
    internal static Webhook Of(Subscription s) => new(
        s.Id, s.Wanted.Url, s.Wanted.Collections, s.Wanted.Wards, s.Wanted.Events, s.DeadAt is not null ? "dead" : s.Failures > 0 ? "waiting" : "active", s.CreatedAt, s.Delivered, s.DeliveredAt,
        s.Failures, s.Error, s.DeadAt is null && s.Failures > 0 ? s.NextAt : null, s.DeadAt);
}

/// <summary>All webhooks.</summary>
/// <param name="Webhooks">The webhooks.</param>
/// <param name="Hosts">Whether this server may call anybody; where it may not, the setting callbacks.hosts names no host.</param>
/// <param name="FailedDeliveries">What was to be sent of runs and did not arrive so far, to webhooks and to addresses that whoever asked for a process named; latest first.</param>
internal sealed record WebhookList(IReadOnlyList<Webhook> Webhooks, bool Hosts, IReadOnlyList<FailedDelivery> FailedDeliveries);

/// <summary>Something that was to be sent of a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Content"><c>event</c>, <c>status</c> or <c>results</c>.</param>
/// <param name="Webhook">The webhook; null for an address of a process.</param>
/// <param name="Url">That address.</param>
/// <param name="State"><c>waiting</c> or <c>dead</c>.</param>
/// <param name="Failures">How often it did not arrive.</param>
/// <param name="Error">Why, the last time.</param>
/// <param name="NextAttemptAt">When it is tried again; null for never.</param>
internal sealed record FailedDelivery(long Run, string Content, int? Webhook, string? Url, string State, int Failures, string? Error, DateTime? NextAttemptAt)
{
    internal static FailedDelivery Of(Delivery d) => new(d.RunId, d.Content, d.SubscriptionId, d.Url, d.DeadAt is null ? "waiting" : "dead", d.Failures, d.Error, d.DeadAt is null ? d.NextAt : null);
}
