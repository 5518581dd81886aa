using GeoSanitation.Store.Imports;
using NetTopologySuite.Geometries;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Wards;

/// <summary>A checked polygon on its way into the database.</summary>
/// <param name="Line">Number of the feature in the file, from 1.</param>
/// <param name="Code">Its code; unique in the file.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Level">Its level.</param>
/// <param name="ParentCode">Code of the ward around it, in the file or in the table; null for none.</param>
/// <param name="Responsible">Who answers for it.</param>
/// <param name="Population">People who live in it; null where the file does not say.</param>
/// <param name="Geometry">Valid polygons, longitude and latitude.</param>
public sealed record StagedWard(
    long Line, string Code, string Name, string? NameEn, string Level, string? ParentCode, string? Responsible, int? Population, MultiPolygon Geometry);

/// <summary>A feature that was not taken.</summary>
/// <param name="Line">Number of the feature in the file, from 1.</param>
/// <param name="Column">The file's property, or empty.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Reason">Why.</param>
public sealed record RefusedWard(long Line, string Column, string Value, string Reason);

/// <summary>One file of wards into the database, in one transaction: new ones added, changed boundaries closed and opened anew, the tree made whole.</summary>
public static class WardImport
{
    private const string CreateStage = """
        CREATE TEMP TABLE import_ward (line bigint, code text, name text, name_en text, level text, parent_code text, responsible text, population integer, geom geometry(MultiPolygon, 4326)) ON COMMIT DROP
        """;

    private const string CopyStage = "COPY import_ward FROM STDIN (FORMAT binary)";

    /// <summary>Compared by coordinates; who answers for a ward is left alone when the file does not say.</summary>
    private const string CreateMatch = """
        CREATE TEMP TABLE import_ward_match ON COMMIT DROP AS
        SELECT s.code, w.id,
            NOT (w.geom = s.geom) AS redrawn,
            (w.name, w.level) IS DISTINCT FROM (s.name, s.level) OR (s.name_en IS NOT NULL AND w.name_en IS DISTINCT FROM s.name_en)
                OR (s.responsible IS NOT NULL AND w.responsible IS DISTINCT FROM s.responsible)
                OR (s.population IS NOT NULL AND w.population IS DISTINCT FROM s.population)
                OR (s.parent_code IS NOT NULL AND p.code IS DISTINCT FROM s.parent_code) AS edited
        FROM import_ward AS s JOIN geosan.ward AS w ON w.code = s.code AND w.valid_to IS NULL LEFT JOIN geosan.ward AS p ON p.id = w.parent_id
        """;

    private const string CountMatch = """
        SELECT (SELECT count(*) FROM import_ward), count(*), count(*) FILTER (WHERE redrawn OR edited), count(*) FILTER (WHERE redrawn) FROM import_ward_match
        """;

    private const string Edit = """
        UPDATE geosan.ward AS w
        SET name = s.name, level = s.level, name_en = coalesce(s.name_en, w.name_en), responsible = coalesce(s.responsible, w.responsible), population = coalesce(s.population, w.population)
        FROM import_ward AS s JOIN import_ward_match AS m USING (code)
        WHERE w.id = m.id AND m.edited AND NOT m.redrawn
        """;

    /// <summary>A new boundary closes the old row and opens a new one, which takes over what the file does not say and the old one's parts.</summary>
    private const string Redraw = """
        CREATE TEMP TABLE import_ward_old ON COMMIT DROP AS
        SELECT w.* FROM geosan.ward AS w JOIN import_ward_match AS m ON m.id = w.id WHERE m.redrawn;
        UPDATE geosan.ward AS w SET valid_to = now() FROM import_ward_old AS o WHERE w.id = o.id;
        INSERT INTO geosan.ward (code, name, name_en, level, parent_id, path, responsible, population, geom, valid_from)
        SELECT s.code, s.name, coalesce(s.name_en, o.name_en), s.level, o.parent_id, o.path, coalesce(s.responsible, o.responsible), coalesce(s.population, o.population), s.geom, now()
        FROM import_ward_old AS o JOIN import_ward AS s USING (code)
        ORDER BY s.line;
        UPDATE geosan.ward AS part SET parent_id = new.id
        FROM import_ward_old AS o JOIN geosan.ward AS new ON new.code = o.code AND new.valid_to IS NULL
        WHERE part.parent_id = o.id AND part.valid_to IS NULL
        """;

    private const string Add = """
        INSERT INTO geosan.ward (code, name, name_en, level, path, responsible, population, geom, valid_from)
        SELECT code, name, name_en, level, geosan.ward_label(code)::ltree, responsible, population, geom, now()
        FROM import_ward AS s WHERE NOT EXISTS (SELECT FROM import_ward_match AS m WHERE m.code = s.code)
        ORDER BY line
        """;

    private const string SetParents = """
        UPDATE geosan.ward AS w SET parent_id = p.id
        FROM import_ward AS s JOIN geosan.ward AS p ON p.code = s.parent_code AND p.valid_to IS NULL
        WHERE w.code = s.code AND w.valid_to IS NULL AND w.parent_id IS DISTINCT FROM p.id
        """;

    private const string SetPaths = """
        WITH RECURSIVE tree AS (
            SELECT id, geosan.ward_label(code)::ltree AS path FROM geosan.ward WHERE parent_id IS NULL AND valid_to IS NULL
            UNION ALL
            SELECT w.id, t.path || geosan.ward_label(w.code) FROM geosan.ward AS w JOIN tree AS t ON w.parent_id = t.id WHERE w.valid_to IS NULL
        )
        UPDATE geosan.ward AS w SET path = t.path FROM tree AS t WHERE w.id = t.id AND w.path <> t.path
        """;

    /// <summary>Wards of this file that no top of the tree leads to: their parents go round in a circle.</summary>
    private const string FindCircle = """
        WITH RECURSIVE tree AS (
            SELECT id FROM geosan.ward WHERE parent_id IS NULL AND valid_to IS NULL
            UNION
            SELECT w.id FROM geosan.ward AS w JOIN tree AS t ON w.parent_id = t.id WHERE w.valid_to IS NULL
        )
        SELECT code FROM geosan.ward WHERE valid_to IS NULL AND id NOT IN (SELECT id FROM tree)
          AND (parent_id IS NULL OR parent_id IN (SELECT id FROM geosan.ward WHERE valid_to IS NULL))
        ORDER BY code LIMIT 1
        """;

    /// <summary>The same answer as the import of issues gives: of the wards that cover the point the deepest of the tree, then the lowest code.</summary>
    private const string AssignIssues = """
        WITH assigned AS (
            SELECT i.id, i.ward_id AS old_id, w.id AS new_id, w.code AS new_code
            FROM geosan.issue AS i CROSS JOIN LATERAL (
                SELECT id, code FROM geosan.ward WHERE valid_to IS NULL AND ST_Covers(geom, i.geom) ORDER BY nlevel(path) DESC, code COLLATE "C" LIMIT 1) AS w
            WHERE (i.ward_id IS NULL OR @all) AND i.ward_id IS DISTINCT FROM w.id
        ), noted AS (
            INSERT INTO geosan.issue_event (issue_id, actor, kind, note, payload)
            SELECT a.id, @actor, 'edited', 'assigned to another ward', jsonb_build_object('ward', jsonb_build_array(o.code, a.new_code))
            FROM assigned AS a LEFT JOIN geosan.ward AS o ON o.id = a.old_id
        )
        UPDATE geosan.issue AS i SET ward_id = a.new_id, version = version + 1, updated_at = now() FROM assigned AS a WHERE i.id = a.id
        """;

    private const string Refuse = """
        INSERT INTO geosan.import_reject (import_id, line, column_name, value, reason)
        SELECT @import, line, nullif(column_name, ''), value, reason FROM unnest(@lines, @columns, @values, @reasons) AS r (line, column_name, value, reason)
        """;

    /// <summary>Does the whole import and commits; a dry run does it and takes it back.</summary>
    /// <param name="ticket">The import.</param>
    /// <param name="wards">What was taken; codes are unique, parents are in the list or in the table.</param>
    /// <param name="refused">What was not.</param>
    /// <param name="reassign">True assigns every issue anew, false only those without a ward.</param>
    /// <param name="actor">Who imports.</param>
    /// <param name="mappingJson">What was taken from which property.</param>
    /// <param name="warningsJson">A JSON array of texts.</param>
    /// <param name="cancellation">Stops; nothing is kept.</param>
    /// <returns>What became of the features, how many boundaries were redrawn, and how many issues got a ward.</returns>
    /// <exception cref="WardTreeException">The parents go round in a circle.</exception>
    public static async Task<(ImportCounts Counts, long Redrawn, long Assigned)> RunAsync(
        ImportTicket ticket, IReadOnlyList<StagedWard> wards, IReadOnlyList<RefusedWard> refused, bool reassign, string actor,
        string mappingJson, string warningsJson, CancellationToken cancellation)
    {
        await using var transaction = await ticket.BeginAsync(cancellation);
        await ticket.ExecuteAsync(CreateStage, cancellation);
        await CopyAsync(ticket.Connection, wards, cancellation);
        await ticket.ExecuteAsync($"LOCK TABLE geosan.ward IN SHARE ROW EXCLUSIVE MODE; {CreateMatch}", cancellation);
        long staged, matched, changed, redrawn;
        await using (var count = ticket.Command(CountMatch))
        await using (var reader = await count.ExecuteReaderAsync(cancellation))
        {
            await reader.ReadAsync(cancellation);
            (staged, matched, changed, redrawn) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
        }
        var counts = new ImportCounts(staged - matched, matched - changed, changed, refused.Count);
        long assigned = 0;
        if (counts.Loaded + counts.Updated > 0)
        {
            await ticket.ExecuteAsync(Edit, cancellation);
            if (redrawn > 0)
            {
                await ticket.ExecuteAsync(Redraw, cancellation);
            }
            await ticket.ExecuteAsync(Add, cancellation);
            await ticket.ExecuteAsync(SetParents, cancellation);
            await using (var circle = ticket.Command(FindCircle))
            {
                if (await circle.ExecuteScalarAsync(cancellation) is string code)
                {
                    throw new WardTreeException(code);
                }
            }
            await ticket.ExecuteAsync(SetPaths, cancellation);
        }
        if (reassign || counts.Loaded + redrawn > 0)
        {
            assigned = await ticket.ExecuteAsync(AssignIssues, cancellation, ("all", reassign), ("actor", actor));
        }
        if (ticket.DryRun)
        {
            await transaction.RollbackAsync(cancellation);
            return (counts, redrawn, assigned);
        }
        if (refused.Count > 0)
        {
            await ticket.ExecuteAsync(Refuse, cancellation, ("import", ticket.Id), ("lines", refused.Select(r => r.Line).ToArray()),
                ("columns", refused.Select(r => r.Column).ToArray()), ("values", refused.Select(r => r.Value).ToArray()), ("reasons", refused.Select(r => r.Reason).ToArray()));
        }
        await ticket.RecordEndAsync(counts, mappingJson, warningsJson, cancellation);
        await transaction.CommitAsync(cancellation);
        return (counts, redrawn, assigned);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<StagedWard> wards, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyStage, cancellation);
        foreach (var ward in wards)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(ward.Line, NpgsqlDbType.Bigint, cancellation);
            foreach (var text in (string?[])[ward.Code, ward.Name, ward.NameEn, ward.Level, ward.ParentCode, ward.Responsible])
            {
                await (text is null ? copy.WriteNullAsync(cancellation) : copy.WriteAsync(text, NpgsqlDbType.Text, cancellation));
            }
            await (ward.Population is { } people ? copy.WriteAsync(people, NpgsqlDbType.Integer, cancellation) : copy.WriteNullAsync(cancellation));
            await copy.WriteAsync(ward.Geometry, NpgsqlDbType.Geometry, cancellation);
        }
        await copy.CompleteAsync(cancellation);
    }
}

/// <summary>A ward is, through its parents, its own parent.</summary>
/// <param name="code">The ward.</param>
public sealed class WardTreeException(string code) : Exception($"the parents of ward {code} go round in a circle");
