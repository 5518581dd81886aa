using Npgsql;

namespace GeoSanitation.Store.Issues;

/// <summary>One issue with the names of what it refers to. Times are UTC.</summary>
public sealed record Issue
{
    /// <summary>Its number; 0 for one that is not in the database yet.</summary>
    public long Id { get; init; }

    /// <summary>How it was found.</summary>
    public required string Source { get; init; }

    /// <summary>Its id in the source.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Its category.</summary>
    public required NamedCode Category { get; init; }

    /// <summary>1 to 5.</summary>
    public required int Severity { get; init; }

    /// <summary>One of <see cref="IssuePoints.Statuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Short text for lists.</summary>
    public string? Title { get; init; }

    /// <summary>Long text.</summary>
    public string? Description { get; init; }

    /// <summary>Where, in words.</summary>
    public string? Address { get; init; }

    /// <summary>When it was reported.</summary>
    public required DateTime ReportedAt { get; init; }

    /// <summary>When it was filed as a case.</summary>
    public DateTime? AcceptedAt { get; init; }

    /// <summary>When it was handed to whom it concerns, the last time.</summary>
    public DateTime? DispatchedAt { get; init; }

    /// <summary>When the work was reported as done.</summary>
    public DateTime? ResolvedAt { get; init; }

    /// <summary>When that was checked.</summary>
    public DateTime? ClosedAt { get; init; }

    /// <summary>By when it must be resolved.</summary>
    public DateTime? DueAt { get; init; }

    /// <summary>Row of its ward.</summary>
    public int? WardId { get; init; }

    /// <summary>Its ward; read only.</summary>
    public NamedCode? Ward { get; init; }

    /// <summary>Who answers for it.</summary>
    public string? Responsible { get; init; }

    /// <summary>The department in charge.</summary>
    public string? Department { get; init; }

    /// <summary>Row of its round.</summary>
    public int? RoundId { get; init; }

    /// <summary>Its round; read only.</summary>
    public NamedCode? Round { get; init; }

    /// <summary>The closed issue that came back.</summary>
    public long? RelapseOf { get; init; }

    /// <summary>How often it failed its check.</summary>
    public int ReopenCount { get; init; }

    /// <summary>Why it was rejected.</summary>
    public string? RejectionReason { get; init; }

    /// <summary>Private.</summary>
    public string? ReporterName { get; init; }

    /// <summary>Private.</summary>
    public string? ReporterPhone { get; init; }

    /// <summary>Private.</summary>
    public string? ReporterEmail { get; init; }

    /// <summary>Degrees east, WGS 84.</summary>
    public required double LonDegrees { get; init; }

    /// <summary>Degrees north, WGS 84.</summary>
    public required double LatDegrees { get; init; }

    /// <summary>Name of the system its coordinates came in.</summary>
    public required string InputCrs { get; init; }

    /// <summary>How far off the point may be.</summary>
    public float? AccuracyMeters { get; init; }

    /// <summary><c>ok</c>, or <c>default_point</c> for a geocoder's stand-in; read only.</summary>
    public string LocationQuality { get; init; } = "ok";

    /// <summary>Goes up with every change; read only.</summary>
    public int Version { get; init; }

    /// <summary>When it came into the database; read only.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it was changed last; read only.</summary>
    public DateTime UpdatedAt { get; init; }

    /// <summary>Past its deadline and not yet resolved; read only.</summary>
    public bool Overdue { get; init; }

    /// <summary>Unit of its category's deadline, <c>hours</c> or <c>working_hours</c>; null for none; read only.</summary>
    public string? DeadlineUnit { get; init; }

    /// <summary>What <see cref="Read"/> reads, over <see cref="Joins"/>.</summary>
    internal const string Columns = $"""
        i.id, i.source, i.external_id, i.category_code, c.name, c.name_en, i.severity, i.status, i.title, i.description, i.address,
        i.reported_at, i.accepted_at, i.dispatched_at, i.resolved_at, i.closed_at, i.due_at, i.ward_id, w.code, w.name, w.name_en, i.responsible, i.department,
        i.round_id, r.code, r.name, r.name_en, i.relapse_of, i.reopen_count, i.rejection_reason, i.reporter_name, i.reporter_phone, i.reporter_email,
        ST_X(i.geom), ST_Y(i.geom), i.input_crs, i.accuracy_meters, i.location_quality, i.version, i.created_at, i.updated_at, coalesce({IssueFilterSql.Overdue}, false),
        coalesce(c.deadline_unit, pc.deadline_unit)
        """;

    /// <summary>How many columns those are.</summary>
    internal const int ColumnCount = 43;

    /// <summary>What the columns need beside <c>geosan.issue AS i</c>.</summary>
    internal const string Joins = """
        JOIN geosan.category AS c ON c.code = i.category_code
        LEFT JOIN geosan.category AS pc ON pc.code = c.parent_code
        LEFT JOIN geosan.ward AS w ON w.id = i.ward_id
        LEFT JOIN geosan.round AS r ON r.id = i.round_id
        """;

    internal static Issue Read(NpgsqlDataReader r)
    {
        return new Issue
        {
            Id = r.GetInt64(0),
            Source = r.GetString(1),
            ExternalId = r.GetString(2),
            Category = new NamedCode(r.GetString(3), r.GetString(4), Text(5)),
            Severity = r.GetInt16(6),
            Status = r.GetString(7),
            Title = Text(8),
            Description = Text(9),
            Address = Text(10),
            ReportedAt = r.GetDateTime(11),
            AcceptedAt = Time(12),
            DispatchedAt = Time(13),
            ResolvedAt = Time(14),
            ClosedAt = Time(15),
            DueAt = Time(16),
            WardId = r.IsDBNull(17) ? null : r.GetInt32(17),
            Ward = Named(18),
            Responsible = Text(21),
            Department = Text(22),
            RoundId = r.IsDBNull(23) ? null : r.GetInt32(23),
            Round = Named(24),
            RelapseOf = r.IsDBNull(27) ? null : r.GetInt64(27),
            ReopenCount = r.GetInt32(28),
            RejectionReason = Text(29),
            ReporterName = Text(30),
            ReporterPhone = Text(31),
            ReporterEmail = Text(32),
            LonDegrees = r.GetDouble(33),
            LatDegrees = r.GetDouble(34),
            InputCrs = r.GetString(35),
            AccuracyMeters = r.IsDBNull(36) ? null : r.GetFloat(36),
            LocationQuality = r.GetString(37),
            Version = r.GetInt32(38),
            CreatedAt = r.GetDateTime(39),
            UpdatedAt = r.GetDateTime(40),
            Overdue = r.GetBoolean(41),
            DeadlineUnit = Text(42),
        };

        string? Text(int column) => r.IsDBNull(column) ? null : r.GetString(column);
        DateTime? Time(int column) => r.IsDBNull(column) ? null : r.GetDateTime(column);
        NamedCode? Named(int column) => r.IsDBNull(column) ? null : new NamedCode(r.GetString(column), r.GetString(column + 1), Text(column + 2));
    }
}
