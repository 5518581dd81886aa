using System.Text.Json.Serialization;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Issues;

/// <summary>What an issue says of itself. Times are RFC 3339, UTC.</summary>
/// <param name="issue">The issue.</param>
/// <param name="showReporter">Whether the caller may see who reported it.</param>
/// <param name="clock">Counts the time it took.</param>
internal sealed class IssueProperties(Issue issue, bool showReporter, WorkClock clock)
{
    /// <summary>Number of the issue.</summary>
    /// <example>1024</example>
    public long Id => issue.Id;

    /// <summary>How it was found: covert, patrol, citizen, hotline, superior, video, or another word of whoever sent it.</summary>
    /// <example>covert</example>
    public string Source => issue.Source;

    /// <summary>Its id in the source; unique there.</summary>
    /// <example>2025-000317</example>
    public string ExternalId => issue.ExternalId;

    /// <summary>Code of its category.</summary>
    /// <example>exposed_rubbish</example>
    public string Category => issue.Category.Code;

    /// <summary>Name of its category.</summary>
    /// <example>暴露垃圾</example>
    public string CategoryName => issue.Category.Name;

    /// <summary>Name of its category in English, where known.</summary>
    /// <example>Exposed rubbish</example>
    public string? CategoryNameEn => issue.Category.NameEn;

    /// <summary>How bad it is, 1 to 5.</summary>
    /// <example>3</example>
    public int Severity => issue.Severity;

    /// <summary>reported, accepted, dispatched, resolved, closed or rejected.</summary>
    /// <example>dispatched</example>
    public string Status => issue.Status;

    /// <summary>Short text for lists.</summary>
    /// <example>菜市场西门垃圾满溢</example>
    public string? Title => issue.Title;

    /// <summary>Long text.</summary>
    public string? Description => issue.Description;

    /// <summary>Where, in words.</summary>
    /// <example>人民路 12 号</example>
    public string? Address => issue.Address;

    /// <summary>When it was reported.</summary>
    /// <example>2025-03-01T08:15:00Z</example>
    public DateTime ReportedAt => issue.ReportedAt;

    /// <summary>When it was filed as a case.</summary>
    public DateTime? AcceptedAt => issue.AcceptedAt;

    /// <summary>When it was handed to whom it concerns, the last time; the clock starts then.</summary>
    public DateTime? DispatchedAt => issue.DispatchedAt;

    /// <summary>When the work was reported as done.</summary>
    public DateTime? ResolvedAt => issue.ResolvedAt;

    /// <summary>When that was checked.</summary>
    public DateTime? ClosedAt => issue.ClosedAt;

    /// <summary>By when it must be resolved.</summary>
    public DateTime? DueAt => issue.DueAt;

    /// <summary>Past its deadline and not yet resolved.</summary>
    /// <example>false</example>
    public bool Overdue => issue.Overdue;

    /// <summary>Time taken by time allowed, both in the unit of the category's deadline; more than 1 is late. Null until it is resolved, and without a deadline.</summary>
    /// <example>0.75</example>
    public double? LateFactor { get; } = LateFactorOf(issue, clock);

    /// <summary>Code of the ward it was assigned to: the deepest one at its place.</summary>
    /// <example>990121001</example>
    public string? Ward => issue.Ward?.Code;

    /// <summary>Name of that ward.</summary>
    public string? WardName => issue.Ward?.Name;

    /// <summary>Name of that ward in English, where known.</summary>
    public string? WardNameEn => issue.Ward?.NameEn;

    /// <summary>Who answers for it.</summary>
    public string? Responsible => issue.Responsible;

    /// <summary>The department in charge.</summary>
    public string? Department => issue.Department;

    /// <summary>Code of the inspection round it belongs to.</summary>
    public string? Round => issue.Round?.Code;

    /// <summary>Name of that round.</summary>
    public string? RoundName => issue.Round?.Name;

    /// <summary>Number of the closed issue that came back as this one.</summary>
    public long? RelapseOf => issue.RelapseOf;

    /// <summary>How often its check failed.</summary>
    public int ReopenCount => issue.ReopenCount;

    /// <summary>Why it was rejected.</summary>
    public string? RejectionReason => issue.RejectionReason;

    /// <summary>Name of the system its coordinates came in.</summary>
    /// <example>GCJ02</example>
    public string InputCrs => issue.InputCrs;

    /// <summary>How far off its point may be, meters.</summary>
    public double? AccuracyMeters => issue.AccuracyMeters is { } meters ? Math.Round((double)meters, 3) : null;

    /// <summary>ok, or default_point where it stands on a geocoder's stand-in for "somewhere in the city".</summary>
    /// <example>ok</example>
    public string LocationQuality => issue.LocationQuality;

    /// <summary>Goes up with every change.</summary>
    /// <example>4</example>
    public int Version => issue.Version;

    /// <summary>When it came into the database.</summary>
    public DateTime CreatedAt => issue.CreatedAt;

    /// <summary>When it was changed last.</summary>
    public DateTime UpdatedAt => issue.UpdatedAt;

    /// <summary>Who reported it; only for keys of inspectors, handlers and administrators.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReporterName => showReporter ? issue.ReporterName : null;

    /// <summary>Telephone of who reported it; only for keys of inspectors, handlers and administrators.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReporterPhone => showReporter ? issue.ReporterPhone : null;

    /// <summary>E-mail of who reported it; only for keys of inspectors, handlers and administrators.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReporterEmail => showReporter ? issue.ReporterEmail : null;

    private static double? LateFactorOf(Issue issue, WorkClock clock)
    {
        if (issue is not { DueAt: { } due } || (issue.DispatchedAt ?? issue.AcceptedAt) is not { } start || (issue.ResolvedAt ?? issue.ClosedAt) is not { } done)
        {
            return null;
        }
        var allowed = clock.Between(start, due, issue.DeadlineUnit);
        return allowed > TimeSpan.Zero ? Math.Round(clock.Between(start, done, issue.DeadlineUnit) / allowed, 3) : null;
    }
}
