namespace GeoSanitation.Store.Imports;

/// <summary>One typed and checked row on its way into the database. One object serves a whole file; texts are UTF-8, and empty means none.</summary>
public sealed class StagedIssue
{
    /// <summary>Line of the file the row starts on, from 1; unique in the file.</summary>
    public long Line { get; set; }

    /// <summary>How it was found; never empty.</summary>
    public ReadOnlyMemory<byte> Source { get; set; }

    /// <summary>Its id in the source; never empty.</summary>
    public ReadOnlyMemory<byte> ExternalId { get; set; }

    /// <summary>16 bytes that stand for everything the row says.</summary>
    public byte[] Hash { get; } = new byte[16];

    /// <summary>Code of a category of the taxonomy, or of one that <see cref="IssueLoad.AddCategory"/> was told of.</summary>
    public ReadOnlyMemory<byte> CategoryCode { get; set; }

    /// <summary>1 to 5.</summary>
    public short Severity { get; set; }

    /// <summary>A status word of the schema.</summary>
    public ReadOnlyMemory<byte> Status { get; set; }

    /// <summary>Short text for lists.</summary>
    public ReadOnlyMemory<byte> Title { get; set; }

    /// <summary>Long text.</summary>
    public ReadOnlyMemory<byte> Description { get; set; }

    /// <summary>Where, in words.</summary>
    public ReadOnlyMemory<byte> Address { get; set; }

    /// <summary>UTC.</summary>
    public DateTime ReportedAt { get; set; }

    /// <summary>UTC, not before <see cref="ReportedAt"/>.</summary>
    public DateTime? AcceptedAt { get; set; }

    /// <summary>UTC, not before <see cref="ReportedAt"/>.</summary>
    public DateTime? DispatchedAt { get; set; }

    /// <summary>UTC, not before <see cref="DispatchedAt"/>.</summary>
    public DateTime? ResolvedAt { get; set; }

    /// <summary>UTC, not before <see cref="ResolvedAt"/>; there when and only when the status is closed (or rejected).</summary>
    public DateTime? ClosedAt { get; set; }

    /// <summary>UTC.</summary>
    public DateTime? DueAt { get; set; }

    /// <summary>The deepest ward that covers the point.</summary>
    public int? WardId { get; set; }

    /// <summary>Who answers for it.</summary>
    public ReadOnlyMemory<byte> Responsible { get; set; }

    /// <summary>The department in charge.</summary>
    public ReadOnlyMemory<byte> Department { get; set; }

    /// <summary>The inspection round.</summary>
    public int? RoundId { get; set; }

    /// <summary>Why it was rejected.</summary>
    public ReadOnlyMemory<byte> RejectionReason { get; set; }

    /// <summary>Private.</summary>
    public ReadOnlyMemory<byte> ReporterName { get; set; }

    /// <summary>Private.</summary>
    public ReadOnlyMemory<byte> ReporterPhone { get; set; }

    /// <summary>Private.</summary>
    public ReadOnlyMemory<byte> ReporterEmail { get; set; }

    /// <summary>Degrees east, WGS 84.</summary>
    public double LonDegrees { get; set; }

    /// <summary>Degrees north, WGS 84.</summary>
    public double LatDegrees { get; set; }

    /// <summary>How far off the point may be, meters.</summary>
    public float? AccuracyMeters { get; set; }

    internal void EncodeTo(CopyEncoder row)
    {
        row.StartRow(IssueLoadSql.StageColumnCount);
        row.Int64(Line);
        row.Text(Source.Span);
        row.Text(ExternalId.Span);
        row.Uuid(Hash);
        row.Text(CategoryCode.Span);
        row.Int16(Severity);
        row.Text(Status.Span);
        row.Text(Title.Span);
        row.Text(Description.Span);
        row.Text(Address.Span);
        row.Time(ReportedAt);
        row.Time(AcceptedAt);
        row.Time(DispatchedAt);
        row.Time(ResolvedAt);
        row.Time(ClosedAt);
        row.Time(DueAt);
        row.Int32(WardId);
        row.Text(Responsible.Span);
        row.Text(Department.Span);
        row.Int32(RoundId);
        row.Text(RejectionReason.Span);
        row.Text(ReporterName.Span);
        row.Text(ReporterPhone.Span);
        row.Text(ReporterEmail.Span);
        row.Double(LonDegrees);
        row.Double(LatDegrees);
        row.Single(AccuracyMeters);
    }
}
