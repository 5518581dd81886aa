using GeoSanitation.Store.Access;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Issues;

/// <summary>The statements over single issues.</summary>
internal static class IssueSql
{
    private const string Find = $"SELECT {Issue.Columns} FROM geosan.issue AS i {Issue.Joins} WHERE i.id = @id";

    /// <summary>The table's lock comes first: an import that holds the table would otherwise wait for this row while this waits for the table.</summary>
    internal const string Lock = "LOCK TABLE geosan.issue IN ROW EXCLUSIVE MODE; SELECT id FROM geosan.issue WHERE id = @id FOR UPDATE";

    /// <summary>Returns nothing when the source has that external id already.</summary>
    private const string Insert = """
        INSERT INTO geosan.issue (
            source, external_id, category_code, severity, status, title, description, address, reported_at, accepted_at, dispatched_at, resolved_at, closed_at, due_at,
            ward_id, responsible, department, round_id, rejection_reason, reporter_name, reporter_phone, reporter_email, geom, input_crs, accuracy_meters,
            location_quality, relapse_of)
        SELECT @source, @external_id, @category_code, @severity, @status, @title, @description, @address, @reported_at, @accepted_at, @dispatched_at, @resolved_at, @closed_at, @due_at,
            @ward_id, @responsible, @department, @round_id, @rejection_reason, @reporter_name, @reporter_phone, @reporter_email, place, @input_crs, @accuracy_meters,
            CASE WHEN geosan.is_default_point(place) THEN 'default_point' ELSE 'ok' END,
            geosan.find_relapse(place, @category_code, @reported_at, @distance_meters, @days)
        FROM (SELECT ST_SetSRID(ST_MakePoint(@lon, @lat), 4326) AS place) AS here
        ON CONFLICT (source, external_id) DO NOTHING
        RETURNING id
        """;

    private const string Update = """
        UPDATE geosan.issue AS i SET
            category_code = @category_code, severity = @severity, status = @status, title = @title, description = @description, address = @address,
            accepted_at = @accepted_at, dispatched_at = @dispatched_at, resolved_at = @resolved_at, closed_at = @closed_at, due_at = @due_at,
            ward_id = @ward_id, responsible = @responsible, department = @department, round_id = @round_id, reopen_count = @reopen_count,
            rejection_reason = @rejection_reason, reporter_name = @reporter_name, reporter_phone = @reporter_phone, reporter_email = @reporter_email,
            geom = place, input_crs = @input_crs, accuracy_meters = @accuracy_meters,
            location_quality = CASE WHEN NOT @replaced THEN i.location_quality WHEN geosan.is_default_point(place) THEN 'default_point' ELSE 'ok' END,
            relapse_of = CASE WHEN @replaced THEN geosan.find_relapse(place, @category_code, i.reported_at, @distance_meters, @days) ELSE i.relapse_of END,
            version = i.version + 1,
            updated_at = clock_timestamp()
        FROM (SELECT ST_SetSRID(ST_MakePoint(@lon, @lat), 4326) AS place) AS here
        WHERE i.id = @id
        """;

    /// <summary>Deletes, and says what it was; who reported it is forgotten.</summary>
    internal const string Delete = """
        DELETE FROM geosan.issue WHERE id = @id
        RETURNING jsonb_build_object('source', source, 'external_id', external_id, 'category', category_code, 'status', status, 'title', title, 'address', address,
            'reported_at', reported_at, 'point', jsonb_build_array(ST_X(geom), ST_Y(geom)), 'version', version)::text
        """;

    private const string InsertEvent = """
        INSERT INTO geosan.issue_event (issue_id, at, actor, kind, from_status, to_status, note, payload)
        VALUES (@id, clock_timestamp(), @actor, @kind, @from_status, @to_status, @note, @payload)
        """;

    /// <summary>One row of nulls for an issue without a history, none for no issue.</summary>
    internal const string ListEvents = """
        SELECT e.id, e.at, e.actor, e.kind, e.from_status, e.to_status, e.note, e.payload::text
        FROM geosan.issue AS i LEFT JOIN geosan.issue_event AS e ON e.issue_id = i.id
        WHERE i.id = @id
        ORDER BY e.id
        """;

    internal const string Extent = "SELECT (SELECT min(reported_at) FROM geosan.issue), (SELECT max(reported_at) FROM geosan.issue), (SELECT max(updated_at) FROM geosan.issue)";

    internal const string ListEventsOfMany = """
        SELECT id, at, actor, kind, from_status, to_status, note, payload::text, issue_id
        FROM geosan.issue_event
        WHERE issue_id = ANY (@ids)
        ORDER BY issue_id, id
        """;

    internal static async Task<Issue?> FindAsync(NpgsqlConnection connection, long id, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new("id", id) } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Issue.Read(reader) : null;
    }

    internal static async Task<long?> InsertAsync(NpgsqlConnection connection, Issue issue, RelapseRule relapse, CancellationToken cancellation)
    {
        await using var command = Command(Insert, connection, issue, relapse);
        Add(command, "source", NpgsqlDbType.Text, issue.Source);
        Add(command, "external_id", NpgsqlDbType.Text, issue.ExternalId);
        Add(command, "reported_at", NpgsqlDbType.TimestampTz, issue.ReportedAt);
        return (long?)await command.ExecuteScalarAsync(cancellation);
    }

    internal static async Task UpdateAsync(NpgsqlConnection connection, Issue issue, bool replaced, RelapseRule relapse, CancellationToken cancellation)
    {
        await using var command = Command(Update, connection, issue, relapse);
        Add(command, "id", NpgsqlDbType.Bigint, issue.Id);
        Add(command, "reopen_count", NpgsqlDbType.Integer, issue.ReopenCount);
        Add(command, "replaced", NpgsqlDbType.Boolean, replaced);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A line of the issue's history, and one of the audit.</summary>
    internal static async Task RecordAsync(NpgsqlConnection connection, long id, IssueChange change, string actor, string action, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(InsertEvent, connection);
        Add(command, "id", NpgsqlDbType.Bigint, id);
        Add(command, "actor", NpgsqlDbType.Text, actor);
        Add(command, "kind", NpgsqlDbType.Text, change.Kind);
        Add(command, "from_status", NpgsqlDbType.Text, change.FromStatus);
        Add(command, "to_status", NpgsqlDbType.Text, change.ToStatus);
        Add(command, "note", NpgsqlDbType.Text, change.Note);
        Add(command, "payload", NpgsqlDbType.Jsonb, change.PayloadJson);
        await command.ExecuteNonQueryAsync(cancellation);
        await AuditStore.AddAsync(connection, actor, action, $"issues/{id}", change.PayloadJson, cancellation);
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, Issue issue, RelapseRule relapse)
    {
        var command = new NpgsqlCommand(sql, connection);
        Add(command, "category_code", NpgsqlDbType.Text, issue.Category.Code);
        Add(command, "severity", NpgsqlDbType.Smallint, (short)issue.Severity);
        Add(command, "accepted_at", NpgsqlDbType.TimestampTz, issue.AcceptedAt);
        Add(command, "dispatched_at", NpgsqlDbType.TimestampTz, issue.DispatchedAt);
        Add(command, "resolved_at", NpgsqlDbType.TimestampTz, issue.ResolvedAt);
        Add(command, "closed_at", NpgsqlDbType.TimestampTz, issue.ClosedAt);
        Add(command, "due_at", NpgsqlDbType.TimestampTz, issue.DueAt);
        Add(command, "ward_id", NpgsqlDbType.Integer, issue.WardId);
        Add(command, "round_id", NpgsqlDbType.Integer, issue.RoundId);
        Add(command, "lon", NpgsqlDbType.Double, issue.LonDegrees);
        Add(command, "lat", NpgsqlDbType.Double, issue.LatDegrees);
        Add(command, "accuracy_meters", NpgsqlDbType.Real, issue.AccuracyMeters);
        Add(command, "distance_meters", NpgsqlDbType.Double, relapse.DistanceMeters);
        Add(command, "days", NpgsqlDbType.Double, relapse.Days);
        foreach (var (name, text) in ((string, string?)[])
            [
                ("status", issue.Status), ("title", issue.Title), ("description", issue.Description), ("address", issue.Address), ("responsible", issue.Responsible),
                ("department", issue.Department), ("rejection_reason", issue.RejectionReason), ("reporter_name", issue.ReporterName), ("reporter_phone", issue.ReporterPhone),
                ("reporter_email", issue.ReporterEmail), ("input_crs", issue.InputCrs),
            ])
        {
            Add(command, name, NpgsqlDbType.Text, text);
        }
        return command;
    }

    private static void Add(NpgsqlCommand command, string name, NpgsqlDbType type, object? value)
        => command.Parameters.Add(new(name, type) { Value = value ?? DBNull.Value });
}
