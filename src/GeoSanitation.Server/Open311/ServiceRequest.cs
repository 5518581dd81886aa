using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Open311;

/// <summary>An issue as the protocol's service request. Who reported it is never in one.</summary>
internal static class ServiceRequest
{
    // Where the address of a picture elsewhere is kept: the last line of the description.
    private const string MediaLine = "media_url: ";

    /// <summary>Writes an issue.</summary>
    /// <param name="issue">The issue.</param>
    /// <param name="service">Its service; null where its category is not known any more.</param>
    /// <param name="photo">Address of its first photo, or null.</param>
    internal static JsonObject Of(Issue issue, Service? service, string? photo)
    {
        var (description, media) = Split(string.Join("\n", new[] { issue.Title, issue.Description }.OfType<string>()));
        return new JsonObject
        {
            ["service_request_id"] = $"{issue.Id}",
            ["status"] = RequestQuery.IsClosed(issue.Status) ? "closed" : "open",
            ["status_notes"] = issue.RejectionReason ?? issue.Status,
            ["service_name"] = issue.Category.Name,
            ["service_code"] = issue.Category.Code,
            ["description"] = description,
            ["agency_responsible"] = issue.Responsible ?? issue.Department,
            ["service_notice"] = service?.Notice,
            ["requested_datetime"] = JsonForm.Time(issue.ReportedAt),
            ["updated_datetime"] = JsonForm.Time(issue.UpdatedAt),
            ["expected_datetime"] = issue.DueAt is { } due ? JsonForm.Time(due) : null,
            ["address"] = issue.Address,
            ["address_id"] = null,
            ["zipcode"] = null,
            ["lat"] = issue.LatDegrees,
            ["long"] = issue.LonDegrees,
            ["media_url"] = photo ?? media,
        };
    }

    /// <summary>Adds what the protocol does not know: attributes of our own, and the history.</summary>
    internal static void Extend(JsonObject request, Issue issue, IEnumerable<IssueEvent> history)
    {
        request["extended_attributes"] = new JsonObject
        {
            ["status"] = issue.Status,
            ["severity"] = issue.Severity,
            ["ward"] = issue.Ward?.Code,
            ["ward_name"] = issue.Ward?.Name,
            ["responsible"] = issue.Responsible,
            ["department"] = issue.Department,
            ["source"] = issue.Source,
            ["round"] = issue.Round?.Code,
            ["overdue"] = issue.Overdue,
            ["relapse"] = issue.RelapseOf is not null,
            ["relapse_of"] = issue.RelapseOf is { } earlier ? $"{earlier}" : null,
            ["reopen_count"] = issue.ReopenCount,
            ["location_quality"] = issue.LocationQuality,
        };
        request["notes"] = new JsonArray([.. history.Select(e => new JsonObject
        {
            ["datetime"] = JsonForm.Time(e.At),
            ["type"] = e.Kind,
            ["summary"] = e.ToStatus is { } to ? e.FromStatus is { } from ? $"{from} > {to}" : to : e.Kind,
            ["description"] = e.Note,
        })]);
    }

    /// <summary>A description that keeps the address of a picture elsewhere.</summary>
    internal static string? WithMedia(string? description, string? mediaUrl)
        => mediaUrl is null ? description : description is null ? MediaLine + mediaUrl : $"{description}\n{MediaLine}{mediaUrl}";

    private static (string Description, string? MediaUrl) Split(string text)
    {
        var start = text.LastIndexOf('\n') + 1;
        return text.AsSpan(start).StartsWith(MediaLine, StringComparison.Ordinal) ? (text[..Math.Max(start - 1, 0)], text[(start + MediaLine.Length)..]) : (text, null);
    }
}
