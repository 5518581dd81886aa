namespace GeoSanitation.Store.Imports;

/// <summary>The statements of an issue import; <c>import_stage</c> and <c>import_match</c> live in its transaction only.</summary>
internal static class IssueLoadSql
{
    internal const short StageColumnCount = 27;

    /// <summary>Order and types are those of <see cref="StagedIssue.EncodeTo"/>.</summary>
    internal const string CreateStage = """
        CREATE TEMP TABLE import_stage (
            line bigint, source text, external_id text, hash uuid, category_code text, severity smallint, status text,
            title text, description text, address text,
            reported_at timestamptz, accepted_at timestamptz, dispatched_at timestamptz, resolved_at timestamptz, closed_at timestamptz, due_at timestamptz,
            ward_id integer, responsible text, department text, round_id integer, rejection_reason text,
            reporter_name text, reporter_phone text, reporter_email text,
            lon double precision, lat double precision, accuracy_meters real
        ) ON COMMIT DROP
        """;

    internal const string CopyStage = "COPY import_stage FROM STDIN (FORMAT binary)";

    internal const string CreateRefused = "CREATE TEMP TABLE import_refused (line bigint, column_name text, value text, reason text) ON COMMIT DROP";

    internal const string CopyRefused = "COPY import_refused FROM STDIN (FORMAT binary)";

    internal const string KeepRefused = "INSERT INTO geosan.import_reject (import_id, line, column_name, value, reason) SELECT @import, line, column_name, value, reason FROM import_refused";

    /// <summary>Of the rows with the same id the first stays, the others are refused.</summary>
    internal const string RefuseTwins = """
        WITH twin AS (
            SELECT source, external_id, min(line) AS first_line FROM import_stage GROUP BY source, external_id HAVING count(*) > 1
        ), gone AS (
            DELETE FROM import_stage AS s USING twin
            WHERE s.source = twin.source AND s.external_id = twin.external_id AND s.line > twin.first_line
            RETURNING s.line, s.external_id, twin.first_line
        )
        INSERT INTO import_refused (line, column_name, value, reason)
        SELECT line, @column, external_id, @reason || first_line FROM gone
        """;

    internal const string CreateMatch = """
        CREATE TEMP TABLE import_match ON COMMIT DROP AS
        SELECT s.line, i.id, i.source_hash IS DISTINCT FROM s.hash AS changed
        FROM import_stage AS s JOIN geosan.issue AS i ON i.source = s.source AND i.external_id = s.external_id
        """;

    /// <summary>How many issues there are matters only up to the number of rows staged.</summary>
    internal const string CountMatch = """
        SELECT (SELECT count(*) FROM import_stage), count(*), count(*) FILTER (WHERE changed),
            (SELECT count(*) FROM (SELECT FROM geosan.issue LIMIT (SELECT count(*) FROM import_stage)) AS few)
        FROM import_match
        """;

    /// <summary>How many rows stand on each candidate in the file and the table together, and with how many different addresses.</summary>
    internal const string NoticeDefaultPoints = """
        WITH candidate AS (SELECT * FROM unnest(@lon, @lat) AS c (lon, lat)),
        here AS (
            SELECT c.lon, c.lat, s.address FROM candidate AS c JOIN import_stage AS s ON s.lon = c.lon AND s.lat = c.lat
            UNION ALL
            SELECT c.lon, c.lat, i.address
            FROM candidate AS c JOIN geosan.issue AS i ON i.geom && ST_SetSRID(ST_MakePoint(c.lon, c.lat), 4326) AND ST_X(i.geom) = c.lon AND ST_Y(i.geom) = c.lat
            WHERE NOT EXISTS (SELECT FROM import_match AS m WHERE m.id = i.id)
        ), whole AS (
            SELECT (SELECT count(*) FROM import_stage) + (SELECT count(*) FROM geosan.issue) - (SELECT count(*) FROM import_match) AS rows
        ), place AS (
            SELECT lon, lat, count(*) AS rows, count(address) AS with_address, count(DISTINCT address) AS addresses FROM here GROUP BY lon, lat
        )
        INSERT INTO geosan.default_point (lon, lat, import_id)
        SELECT lon, lat, @import FROM place CROSS JOIN whole
        WHERE place.rows >= @least_rows
          AND (place.rows >= @share_many_addresses * whole.rows AND place.addresses >= @many_addresses
            OR place.rows >= @share_no_address * whole.rows AND place.with_address * 2 <= place.rows)
        ON CONFLICT DO NOTHING
        RETURNING lon, lat
        """;

    /// <summary>Issues that were here before their point was noticed: marked, and no longer part of a relapse.</summary>
    internal const string MarkEarlierIssues = """
        WITH marked AS (
            UPDATE geosan.issue AS i
            SET location_quality = 'default_point', relapse_of = NULL, version = version + 1, updated_at = now()
            FROM unnest(@lon, @lat) AS d (lon, lat)
            WHERE i.geom && ST_SetSRID(ST_MakePoint(d.lon, d.lat), 4326) AND ST_X(i.geom) = d.lon AND ST_Y(i.geom) = d.lat AND i.location_quality = 'ok'
            RETURNING i.id
        ), noted AS (
            INSERT INTO geosan.issue_event (issue_id, actor, kind, note)
            SELECT id, @actor, 'edited', 'its point was recognised as a default point of a geocoder' FROM marked
        )
        UPDATE geosan.issue AS later SET relapse_of = NULL, version = version + 1, updated_at = now()
        FROM marked WHERE later.relapse_of = marked.id AND later.id NOT IN (SELECT id FROM marked)
        """;

    internal const string DefaultPointsOfFile = """
        SELECT d.lon, d.lat, count(*) FROM import_stage AS s JOIN geosan.default_point AS d ON d.lon = s.lon AND d.lat = s.lat
        GROUP BY d.lon, d.lat ORDER BY count(*) DESC, d.lon, d.lat
        """;

    internal const string AddCategories = """
        INSERT INTO geosan.category (code, parent_code, name, name_en)
        SELECT 'imported', NULL, '导入的类别', 'Imported' WHERE cardinality(@codes) > 0
        ON CONFLICT DO NOTHING;
        INSERT INTO geosan.category (code, parent_code, name)
        SELECT code, 'imported', name FROM unnest(@codes, @names) AS c (code, name)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>What changed, column by column, before it does; reporters stay out of the history, which anybody may read.</summary>
    internal const string RecordUpdates = """
        INSERT INTO geosan.issue_event (issue_id, actor, kind, from_status, to_status, note, payload)
        SELECT i.id, @actor, 'imported',
            CASE WHEN 'status' = ANY (@columns) THEN i.status END, CASE WHEN 'status' = ANY (@columns) THEN s.status END, 'import ' || @import,
            (SELECT jsonb_object_agg(o.key, jsonb_build_array(o.value, n.value))
             FROM jsonb_each(jsonb_build_object(
                    'category', i.category_code, 'severity', i.severity, 'status', i.status, 'title', i.title, 'description', i.description, 'address', i.address,
                    'reported_at', i.reported_at, 'accepted_at', i.accepted_at, 'dispatched_at', i.dispatched_at, 'resolved_at', i.resolved_at,
                    'closed_at', i.closed_at, 'due_at', i.due_at, 'department', i.department, 'responsible', i.responsible,
                    'rejection_reason', i.rejection_reason, 'point', jsonb_build_array(ST_X(i.geom), ST_Y(i.geom)))) AS o
             JOIN jsonb_each(jsonb_build_object(
                    'category', s.category_code, 'severity', s.severity, 'status', s.status, 'title', s.title, 'description', s.description, 'address', s.address,
                    'reported_at', s.reported_at, 'accepted_at', s.accepted_at, 'dispatched_at', s.dispatched_at, 'resolved_at', s.resolved_at,
                    'closed_at', s.closed_at, 'due_at', s.due_at, 'department', s.department, 'responsible', s.responsible,
                    'rejection_reason', s.rejection_reason, 'point', jsonb_build_array(s.lon, s.lat))) AS n USING (key)
             WHERE o.value <> n.value AND (o.key = ANY (@columns) OR o.key = 'point'))
        FROM import_match AS m JOIN import_stage AS s USING (line) JOIN geosan.issue AS i ON i.id = m.id
        WHERE m.changed
        """;

    /// <summary>Only columns that the file has are overwritten; status and times go together, because they constrain each other.</summary>
    internal const string Update = """
        UPDATE geosan.issue AS i SET
            source_hash = s.hash,
            category_code = CASE WHEN 'category' = ANY (@columns) THEN s.category_code ELSE i.category_code END,
            severity = CASE WHEN 'severity' = ANY (@columns) THEN s.severity ELSE i.severity END,
            title = CASE WHEN 'title' = ANY (@columns) THEN s.title ELSE i.title END,
            description = CASE WHEN 'description' = ANY (@columns) THEN s.description ELSE i.description END,
            address = CASE WHEN 'address' = ANY (@columns) THEN s.address ELSE i.address END,
            status = CASE WHEN 'status' = ANY (@columns) THEN s.status ELSE i.status END,
            reported_at = CASE WHEN 'status' = ANY (@columns) OR i.status = 'reported' THEN s.reported_at ELSE i.reported_at END,
            accepted_at = CASE WHEN 'status' = ANY (@columns) THEN s.accepted_at ELSE i.accepted_at END,
            dispatched_at = CASE WHEN 'status' = ANY (@columns) THEN s.dispatched_at ELSE i.dispatched_at END,
            resolved_at = CASE WHEN 'status' = ANY (@columns) THEN s.resolved_at ELSE i.resolved_at END,
            closed_at = CASE WHEN 'status' = ANY (@columns) THEN s.closed_at ELSE i.closed_at END,
            reopen_count = i.reopen_count + CASE WHEN 'status' = ANY (@columns) AND i.status IN ('resolved', 'closed')
                AND s.status IN ('reported', 'accepted', 'dispatched') THEN 1 ELSE 0 END,
            due_at = CASE WHEN 'due_at' = ANY (@columns) THEN s.due_at ELSE coalesce(i.due_at, s.due_at) END,
            department = CASE WHEN 'department' = ANY (@columns) THEN s.department ELSE coalesce(i.department, s.department) END,
            responsible = CASE WHEN 'responsible' = ANY (@columns) THEN s.responsible ELSE coalesce(i.responsible, s.responsible) END,
            round_id = CASE WHEN 'round' = ANY (@columns) THEN s.round_id ELSE i.round_id END,
            rejection_reason = CASE WHEN 'rejection_reason' = ANY (@columns) THEN s.rejection_reason ELSE i.rejection_reason END,
            reporter_name = CASE WHEN 'reporter_name' = ANY (@columns) THEN s.reporter_name ELSE i.reporter_name END,
            reporter_phone = CASE WHEN 'reporter_phone' = ANY (@columns) THEN s.reporter_phone ELSE i.reporter_phone END,
            reporter_email = CASE WHEN 'reporter_email' = ANY (@columns) THEN s.reporter_email ELSE i.reporter_email END,
            ward_id = CASE WHEN ST_X(i.geom) = s.lon AND ST_Y(i.geom) = s.lat THEN coalesce(i.ward_id, s.ward_id) ELSE s.ward_id END,
            geom = ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326),
            input_crs = @crs,
            accuracy_meters = CASE WHEN 'accuracy_meters' = ANY (@columns) THEN s.accuracy_meters ELSE i.accuracy_meters END,
            location_quality = CASE WHEN EXISTS (SELECT FROM geosan.default_point AS d WHERE d.lon = s.lon AND d.lat = s.lat) THEN 'default_point' ELSE 'ok' END,
            import_id = @import,
            version = i.version + 1,
            updated_at = now()
        FROM import_match AS m JOIN import_stage AS s USING (line)
        WHERE m.changed AND i.id = m.id
        """;

    /// <summary>Nobody else may add an issue while the import does, so a run of ids can be had at once: base + line.</summary>
    internal const string LockIssues = "LOCK TABLE geosan.issue IN SHARE ROW EXCLUSIVE MODE";

    /// <summary>Only from the first new row to the last: a city that sends the same file each day, longer by some rows, does not use up the ids of whole files. Clients take them for 32 bits.</summary>
    internal const string ReserveIds = """
        SELECT setval(sequence, nextval(sequence) + last - first) - last
        FROM (SELECT pg_get_serial_sequence('geosan.issue', 'id')::regclass AS sequence) AS s, (
            SELECT coalesce(min(line), 0) AS first, coalesce(max(line), 0) AS last
            FROM import_stage AS s
            WHERE NOT EXISTS (SELECT FROM import_match AS m WHERE m.line = s.line)) AS added
        """;

    /// <summary>In the file's order, which is mostly that of time. (Sorting by place first took 3 s more for a million rows and made the GiST index no faster.)</summary>
    internal const string Insert = """
        INSERT INTO geosan.issue (
            id, source, external_id, source_hash, category_code, severity, status, title, description, address,
            reported_at, accepted_at, dispatched_at, resolved_at, closed_at, due_at, ward_id, responsible, department, round_id, relapse_of,
            rejection_reason, reporter_name, reporter_phone, reporter_email, geom, input_crs, accuracy_meters, location_quality, import_id)
        SELECT @base + s.line, s.source, s.external_id, s.hash, s.category_code, s.severity, s.status, s.title, s.description, s.address,
            s.reported_at, s.accepted_at, s.dispatched_at, s.resolved_at, s.closed_at, s.due_at, s.ward_id, s.responsible, s.department, s.round_id, r.relapse_of,
            s.rejection_reason, s.reporter_name, s.reporter_phone, s.reporter_email, ST_SetSRID(ST_MakePoint(s.lon, s.lat), 4326) AS geom, @crs, s.accuracy_meters,
            CASE WHEN EXISTS (SELECT FROM geosan.default_point AS d WHERE d.lon = s.lon AND d.lat = s.lat) THEN 'default_point' ELSE 'ok' END, @import
        FROM import_stage AS s LEFT JOIN import_relapse AS r ON r.id = @base + s.line
        WHERE NOT EXISTS (SELECT FROM import_match AS m WHERE m.line = s.line)
        """;

    /// <summary>
    /// Everything that can take part in a relapse with a row of this file, by report time. Only issues reported within the file's own span of reports and
    /// relapses are judged: for them every closed issue of their window is here.
    /// </summary>
    internal static string SweepRelapses(double windowSeconds, long idBase) => FormattableString.Invariant($"""
        COPY (
            WITH touched AS (
                SELECT s.category_code, s.reported_at, CASE WHEN s.status = 'closed' THEN s.closed_at END AS closed_at
                FROM import_stage AS s LEFT JOIN import_match AS m USING (line)
                WHERE m.line IS NULL OR m.changed
            ), span AS (
                SELECT least(min(reported_at), min(closed_at)) AS first, greatest(max(reported_at), max(closed_at) + make_interval(secs => {windowSeconds})) AS last FROM touched
            ), part AS (
                SELECT i.id, i.category_code, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.reported_at, CASE WHEN i.status = 'closed' THEN i.closed_at END AS closed_at,
                    i.reported_at >= span.first AS judged, i.relapse_of
                FROM geosan.issue AS i CROSS JOIN span
                WHERE i.location_quality = 'ok' AND i.category_code IN (SELECT category_code FROM touched) AND i.reported_at <= span.last
                  AND (i.reported_at >= span.first OR i.closed_at >= span.first - make_interval(secs => {windowSeconds}))
                UNION ALL
                SELECT {idBase} + s.line, s.category_code, s.lon, s.lat, s.reported_at, CASE WHEN s.status = 'closed' THEN s.closed_at END, true, NULL
                FROM import_stage AS s
                WHERE NOT EXISTS (SELECT FROM import_match AS m WHERE m.line = s.line)
                  AND NOT EXISTS (SELECT FROM geosan.default_point AS d WHERE d.lon = s.lon AND d.lat = s.lat)
            )
            SELECT part.id, c.number, part.lon, part.lat, part.reported_at, part.closed_at, part.judged, part.relapse_of
            FROM part JOIN (SELECT code, row_number() OVER (ORDER BY code)::integer AS number FROM geosan.category) AS c ON c.code = part.category_code
            ORDER BY part.reported_at, part.id
        ) TO STDOUT (FORMAT binary)
        """);

    internal const string CreateRelapses = "CREATE TEMP TABLE import_relapse (id bigint, relapse_of bigint) ON COMMIT DROP";

    internal const string CopyRelapses = "COPY import_relapse FROM STDIN (FORMAT binary)";

    /// <summary>Issues that were here before and are, or no longer are, a relapse because of rows of this file.</summary>
    internal const string LinkEarlierIssues = """
        WITH linked AS (
            UPDATE geosan.issue AS i SET relapse_of = r.relapse_of, version = version + 1, updated_at = now()
            FROM import_relapse AS r WHERE i.id = r.id AND i.id <= @base
            RETURNING i.id, i.relapse_of
        )
        INSERT INTO geosan.issue_event (issue_id, actor, kind, note, payload)
        SELECT id, @actor, 'linked', 'import ' || @import, jsonb_build_object('relapse_of', relapse_of) FROM linked
        """;

    /// <summary>What must go so that a million rows need not be checked and indexed one by one, and how to bring it back.</summary>
    internal const string IndexesAndConstraints = """
        SELECT format('ALTER TABLE geosan.issue DROP CONSTRAINT %I', conname), format('ALTER TABLE geosan.issue ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)), 2
        FROM pg_constraint WHERE conrelid = 'geosan.issue'::regclass AND contype IN ('f', 'u')
        UNION ALL
        SELECT format('DROP INDEX geosan.%I', c.relname), pg_get_indexdef(x.indexrelid), 1
        FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indexrelid
        WHERE x.indrelid = 'geosan.issue'::regclass AND NOT x.indisprimary
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = x.indexrelid AND contype = 'u')
        ORDER BY 3, 1
        """;

    internal const string RejectsAsCsv = """
        COPY (SELECT line, column_name AS column, value, reason FROM import_refused ORDER BY line) TO STDOUT (FORMAT csv, HEADER)
        """;
}
