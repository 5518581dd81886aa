using Npgsql;

namespace GeoSanitation.Store.Checks;

/// <summary>What a database server is.</summary>
/// <param name="Version">Of PostgreSQL.</param>
/// <param name="PostgisVersion">Of PostGIS; null when the database does not have it.</param>
/// <param name="PostgisInstalled">Of the PostGIS that is installed on the server; null when none is.</param>
/// <param name="SizeBytes">Of the database on disk.</param>
public sealed record ServerFacts(string Version, string? PostgisVersion, string? PostgisInstalled, long SizeBytes);

/// <summary>How much there is.</summary>
/// <param name="Wards">Wards valid now.</param>
/// <param name="Issues">Issues.</param>
/// <param name="Unplaced">Issues in no ward.</param>
/// <param name="Categories">Categories.</param>
public sealed record DataCounts(long Wards, long Issues, long Unplaced, long Categories);

/// <summary>A ward at the bottom of the tree where nobody answers for some categories.</summary>
/// <param name="WardCode">Its code.</param>
/// <param name="WardName">Its name.</param>
/// <param name="Categories">How many categories.</param>
public sealed record ResponsibilityGap(string WardCode, string WardName, long Categories);

/// <summary>Two rules of the same reach and time that name different bodies.</summary>
/// <param name="WardCode">The ward of both; null for every ward.</param>
/// <param name="CategoryCode">The category of both; null for every category.</param>
/// <param name="Body">Whom one names.</param>
/// <param name="OtherBody">Whom the other names.</param>
public sealed record ResponsibilityOverlap(string? WardCode, string? CategoryCode, string Body, string OtherBody);

/// <summary>A ward that reaches out of its parent.</summary>
/// <param name="WardCode">Its code.</param>
/// <param name="ParentCode">Its parent's.</param>
/// <param name="OutsideSquareMeters">The area of it outside the parent.</param>
public sealed record WardOutsideParent(string WardCode, string ParentCode, double OutsideSquareMeters);

/// <summary>Looks for what is wrong in a database without changing it.</summary>
public sealed class DatabaseChecks(Database database)
{
    /// <summary>What the server is; works on any database, migrated or not.</summary>
    public Task<ServerFacts> ServerAsync(CancellationToken cancellation) => SingleAsync("""
        SELECT current_setting('server_version'),
            (SELECT extversion FROM pg_extension WHERE extname = 'postgis'),
            (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'),
            pg_database_size(current_database())
        """, r => new ServerFacts(r.GetString(0), Text(r, 1), Text(r, 2), r.GetInt64(3)), cancellation);

    /// <summary>How much there is.</summary>
    public Task<DataCounts> CountsAsync(CancellationToken cancellation) => SingleAsync("""
        SELECT (SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL),
            (SELECT count(*) FROM geosan.issue),
            (SELECT count(*) FROM geosan.issue WHERE ward_id IS NULL),
            (SELECT count(*) FROM geosan.category)
        """, r => new DataCounts(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3)), cancellation);

    /// <summary>Whether anybody at all is named as responsible, by a rule or on a ward.</summary>
    public Task<bool> NamesResponsibleAsync(CancellationToken cancellation) => SingleAsync("""
        SELECT EXISTS (SELECT FROM geosan.responsibility) OR EXISTS (SELECT FROM geosan.ward WHERE valid_to IS NULL AND responsible IS NOT NULL)
        """, r => r.GetBoolean(0), cancellation);

    /// <summary>Wards at the bottom of the tree where, today, no rule and no ward above names who answers for some category at the bottom of the taxonomy.</summary>
    public Task<List<ResponsibilityGap>> ResponsibilityGapsAsync(CancellationToken cancellation) => ListAsync("""
        WITH line AS (
            SELECT w.id, w.code, w.name, array_agg(a.code) AS codes, bool_or(a.responsible IS NOT NULL) AS has_responsible
            FROM geosan.ward AS w
            JOIN geosan.ward AS a ON a.path @> w.path AND a.valid_to IS NULL
            WHERE w.valid_to IS NULL AND NOT EXISTS (SELECT FROM geosan.ward AS c WHERE c.parent_id = w.id AND c.valid_to IS NULL)
            GROUP BY w.id, w.code, w.name)
        SELECT l.code, l.name, count(*)
        FROM line AS l
        CROSS JOIN geosan.category AS c
        WHERE NOT l.has_responsible
          AND NOT EXISTS (SELECT FROM geosan.category AS child WHERE child.parent_code = c.code)
          AND NOT EXISTS (
            SELECT FROM geosan.responsibility AS r
            WHERE (r.ward_code IS NULL OR r.ward_code = ANY (l.codes))
              AND (r.category_code IS NULL OR r.category_code IN (c.code, c.parent_code))
              AND r.valid_from <= current_date AND (r.valid_to IS NULL OR r.valid_to > current_date))
        GROUP BY l.code, l.name
        ORDER BY l.code
        """, r => new ResponsibilityGap(r.GetString(0), r.GetString(1), r.GetInt64(2)), cancellation);

    /// <summary>Rules of the same ward, category and time that name different bodies.</summary>
    public Task<List<ResponsibilityOverlap>> ResponsibilityOverlapsAsync(CancellationToken cancellation) => ListAsync("""
        SELECT a.ward_code, a.category_code, a.body, b.body
        FROM geosan.responsibility AS a
        JOIN geosan.responsibility AS b ON a.id < b.id AND a.body <> b.body
            AND a.ward_code IS NOT DISTINCT FROM b.ward_code AND a.category_code IS NOT DISTINCT FROM b.category_code
            AND daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)
        ORDER BY a.id, b.id
        """, r => new ResponsibilityOverlap(Text(r, 0), Text(r, 1), r.GetString(2), r.GetString(3)), cancellation);

    /// <summary>Wards of which more than a thousandth lies outside the parent: what a digitizer's hand leaves is not meant.</summary>
    public Task<List<WardOutsideParent>> WardsOutsideParentAsync(CancellationToken cancellation) => ListAsync("""
        SELECT w.code, p.code, outside.area
        FROM geosan.ward AS w
        JOIN geosan.ward AS p ON p.id = w.parent_id
        CROSS JOIN LATERAL (SELECT ST_Area(ST_Difference(w.geom, p.geom)::geography) AS area) AS outside
        WHERE w.valid_to IS NULL AND NOT ST_Covers(p.geom, w.geom) AND outside.area > 0.001 * ST_Area(w.geom::geography)
        ORDER BY w.code
        """, r => new WardOutsideParent(r.GetString(0), r.GetString(1), r.GetDouble(2)), cancellation);

    private async Task<T> SingleAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation) => (await ListAsync(sql, read, cancellation)).Single();

    private async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
