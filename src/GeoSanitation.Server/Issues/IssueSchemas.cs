using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.Issues;

// What bodies look like, for the OpenAPI document. Features are written and read without these: one at a time by FeatureWriter, member by member by IssueBody.

/// <summary>A GeoJSON Point.</summary>
/// <param name="Type">Always Point.</param>
/// <param name="Coordinates">Longitude, latitude; in another system the two axes in that system's order.</param>
internal sealed record PointGeometry(string Type, double[] Coordinates);

/// <summary>An issue as a GeoJSON Feature.</summary>
/// <param name="Type">Always Feature.</param>
/// <param name="Id">Number of the issue.</param>
/// <param name="Geometry">Where it is.</param>
/// <param name="Properties">What it says of itself.</param>
internal sealed record IssueFeature(string Type, long Id, PointGeometry Geometry, IssueProperties Properties)
{
    /// <summary>System of the coordinates; left out for longitude and latitude.</summary>
    [JsonPropertyName("coordRefSys")]
    public string? CoordRefSys { get; init; }
}

/// <summary>A page of issues as a GeoJSON FeatureCollection.</summary>
/// <param name="Type">Always FeatureCollection.</param>
/// <param name="Features">The issues, in the order asked for.</param>
/// <param name="Links">This page, and the next where there is one.</param>
internal sealed record IssueFeatureCollection(string Type, IReadOnlyList<IssueFeature> Features, IReadOnlyList<Link> Links)
{
    /// <summary>System of the coordinates; left out for longitude and latitude.</summary>
    [JsonPropertyName("coordRefSys")]
    public string? CoordRefSys { get; init; }

    /// <summary>All issues that are meant, where they were counted.</summary>
    [JsonPropertyName("numberMatched")]
    public long? NumberMatched { get; init; }

    /// <summary>Issues on this page.</summary>
    [JsonPropertyName("numberReturned")]
    public long NumberReturned { get; init; }
}

/// <summary>A new issue as a GeoJSON Feature.</summary>
/// <param name="Type">Always Feature.</param>
/// <param name="Geometry">Where it is, in the system of the parameter crs, or of coordRefSys.</param>
/// <param name="Properties">What is known of it; category and source must be.</param>
internal sealed record NewIssue(string Type, PointGeometry Geometry, NewIssueProperties Properties)
{
    /// <summary>System of the coordinates, such as GCJ02 or EPSG:4547; longitude and latitude when left out.</summary>
    [JsonPropertyName("coordRefSys")]
    public string? CoordRefSys { get; init; }
}

/// <summary>A change of an issue, as a JSON merge patch (RFC 7396): what is left out stays, null removes.</summary>
internal sealed record IssuePatch
{
    /// <summary>Where it is now; its ward and who answers for it follow.</summary>
    public PointGeometry? Geometry { get; init; }

    /// <summary>System of the coordinates, such as GCJ02 or EPSG:4547; longitude and latitude when left out.</summary>
    [JsonPropertyName("coordRefSys")]
    public string? CoordRefSys { get; init; }

    /// <summary>What changes.</summary>
    public IssuePatchProperties? Properties { get; init; }
}

/// <summary>What can be said of an issue. Status and times change by transitions, ward and relapse by themselves.</summary>
internal record IssuePatchProperties
{
    /// <summary>Code of its category; department, who answers and a running deadline follow unless they are given too.</summary>
    /// <example>exposed_rubbish</example>
    public string? Category { get; init; }

    /// <summary>How bad it is, 1 to 5; the category's own when left out of a new issue.</summary>
    /// <example>3</example>
    public int? Severity { get; init; }

    /// <summary>Short text for lists, at most 500 characters.</summary>
    /// <example>菜市场西门垃圾满溢</example>
    public string? Title { get; init; }

    /// <summary>Long text, at most 10,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Where, in words, at most 500 characters.</summary>
    /// <example>人民路 12 号</example>
    public string? Address { get; init; }

    /// <summary>By when it must be resolved; where it is not given, the dispatch sets it by the category's deadline.</summary>
    public DateTime? DueAt { get; init; }

    /// <summary>Who answers for it; by the rules of ward and category when left out of a new issue.</summary>
    public string? Responsible { get; init; }

    /// <summary>The department in charge; the category's when left out of a new issue.</summary>
    public string? Department { get; init; }

    /// <summary>Code of the inspection round it belongs to.</summary>
    public string? Round { get; init; }

    /// <summary>Who reported it. Private.</summary>
    public string? ReporterName { get; init; }

    /// <summary>Telephone of who reported it. Private.</summary>
    public string? ReporterPhone { get; init; }

    /// <summary>E-mail of who reported it. Private.</summary>
    public string? ReporterEmail { get; init; }

    /// <summary>How far off the point may be, meters.</summary>
    /// <example>8</example>
    public double? AccuracyMeters { get; init; }
}

/// <summary>What can be said of a new issue.</summary>
internal sealed record NewIssueProperties : IssuePatchProperties
{
    /// <summary>How it was found: covert, patrol, citizen, hotline, superior, video, or another word.</summary>
    /// <example>patrol</example>
    public required string Source { get; init; }

    /// <summary>Its id in the source, unique there; one is made when left out.</summary>
    /// <example>2025-000317</example>
    public string? ExternalId { get; init; }

    /// <summary>When it was reported, with its zone; now when left out.</summary>
    /// <example>2025-03-01T16:15:00+08:00</example>
    public DateTime? ReportedAt { get; init; }
}

/// <summary>A move of an issue in its life.</summary>
/// <param name="To">accepted, dispatched, resolved, closed or rejected.</param>
/// <param name="Note">What is to be said about it; the reason of a rejection, which needs one.</param>
internal sealed record IssueTransition(string To, string? Note);

/// <summary>Where an issue can go from here.</summary>
/// <param name="Status">Where it is.</param>
/// <param name="Caller">Name of the key that asked, or anonymous.</param>
/// <param name="Moves">Every move that its life knows from there; none where it has ended.</param>
internal sealed record IssueMoves(string Status, string Caller, IReadOnlyList<IssueMove> Moves);

/// <summary>A move that an issue's life knows.</summary>
/// <param name="To">accepted, dispatched, resolved, closed or rejected.</param>
/// <param name="Role">Whose keys make it, beside an administrator's: inspector or handler.</param>
/// <param name="Allowed">Whether the caller's key does.</param>
/// <param name="NeedsNote">Whether a reason must be said.</param>
internal sealed record IssueMove(string To, string Role, bool Allowed, bool NeedsNote);

/// <summary>The history of an issue.</summary>
/// <param name="Events">Oldest first.</param>
internal sealed record IssueHistory(IReadOnlyList<IssueHistoryEvent> Events);

/// <summary>A line of an issue's history.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: the name of a key, or of whoever ran an import.</param>
/// <param name="Kind">created, edited, moved (to another place), transition, reopened, imported, linked (as a relapse) or attached.</param>
/// <param name="FromStatus">Status before, where it changed.</param>
/// <param name="ToStatus">Status after, where it changed.</param>
/// <param name="Note">What was said about it.</param>
/// <param name="Payload">What changed, each with its value before and after.</param>
internal sealed record IssueHistoryEvent(long Id, DateTime At, string Actor, string Kind, string? FromStatus, string? ToStatus, string? Note, JsonNode? Payload);

/// <summary>Photos and papers of an issue.</summary>
/// <param name="Attachments">Oldest first.</param>
internal sealed record AttachmentList(IReadOnlyList<AttachmentEntry> Attachments);

/// <summary>A photo or paper of an issue.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Name of the file.</param>
/// <param name="MediaType">image/jpeg, image/png, image/webp or application/pdf.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">Hash of its contents, hexadecimal.</param>
/// <param name="CreatedAt">When it came.</param>
/// <param name="Href">Where its contents are.</param>
internal sealed record AttachmentEntry(long Id, string Name, string MediaType, long Bytes, string Sha256, DateTime CreatedAt, string Href);
