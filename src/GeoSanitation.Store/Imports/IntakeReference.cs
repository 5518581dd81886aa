using NetTopologySuite.Geometries;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Imports;

/// <summary>A ward in force.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Code">Its code.</param>
/// <param name="Level">Its level.</param>
/// <param name="Codes">Its own code and those of the wards around it, itself first.</param>
/// <param name="Responsible">Who answers for it: its own, or the nearest of those around it.</param>
/// <param name="Geometry">Polygons, longitude and latitude.</param>
public sealed record WardShape(int Id, string Code, string Level, IReadOnlyList<string> Codes, string? Responsible, Geometry Geometry);

/// <summary>A category of the taxonomy.</summary>
/// <param name="Code">Its code.</param>
/// <param name="ParentCode">The code above.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Department">Who answers for it; its own or the parent's.</param>
/// <param name="DeadlineAmount">Time allowed, its own or the parent's; null for none.</param>
/// <param name="DeadlineUnit"><c>hours</c> or <c>working_hours</c>.</param>
/// <param name="DefaultSeverity">1 to 5.</param>
public sealed record CategoryShape(
    string Code, string? ParentCode, string Name, string? NameEn, string? Department, int? DeadlineAmount, string? DeadlineUnit, short DefaultSeverity);

/// <summary>Who answers for a ward and a category, for a time.</summary>
/// <param name="WardCode">The ward, its parts included; null for all.</param>
/// <param name="CategoryCode">The category, its children included; null for all.</param>
/// <param name="Body">Who.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidTo">The day after the last, or null.</param>
public sealed record ResponsibilityRule(string? WardCode, string? CategoryCode, string Body, DateOnly ValidFrom, DateOnly? ValidTo);

/// <summary>What rows are checked against and completed from: read once for a file, or for one issue.</summary>
/// <param name="Wards">In order of precedence: the deepest of the tree first, then by code.</param>
/// <param name="Categories">All of the taxonomy.</param>
/// <param name="Rounds">Inspection rounds by code.</param>
/// <param name="Responsibilities">All rules.</param>
/// <param name="Days">Days that differ from the ordinary week: true for a working one.</param>
public sealed record IntakeReference(
    IReadOnlyList<WardShape> Wards, IReadOnlyList<CategoryShape> Categories, IReadOnlyDictionary<string, int> Rounds, IReadOnlyList<ResponsibilityRule> Responsibilities,
    IReadOnlyDictionary<DateOnly, bool> Days)
{
    private const string ListWards = """
        SELECT w.id, w.code, w.level, w.geom,
            (SELECT array_agg(a.code ORDER BY nlevel(a.path) DESC, a.code) FROM geosan.ward AS a WHERE a.path @> w.path AND a.valid_to IS NULL),
            (SELECT a.responsible FROM geosan.ward AS a WHERE a.path @> w.path AND a.valid_to IS NULL AND a.responsible IS NOT NULL
             ORDER BY nlevel(a.path) DESC, a.code LIMIT 1)
        FROM geosan.ward AS w
        WHERE w.valid_to IS NULL AND (@at::geometry IS NULL OR ST_Covers(w.geom, @at::geometry))
        ORDER BY nlevel(w.path) DESC, w.code COLLATE "C"
        """;

    private const string ListCategories = """
        SELECT c.code, c.parent_code, c.name, c.name_en, coalesce(c.department, p.department), coalesce(c.deadline_amount, p.deadline_amount),
            coalesce(c.deadline_unit, p.deadline_unit), c.default_severity
        FROM geosan.category AS c LEFT JOIN geosan.category AS p ON p.code = c.parent_code
        ORDER BY c.code
        """;

    private const string ListRounds = "SELECT code, id FROM geosan.round ORDER BY code";

    private const string ListRules = """
        SELECT ward_code, category_code, body, CASE WHEN isfinite(valid_from) THEN valid_from ELSE '0001-01-01' END, valid_to
        FROM geosan.responsibility ORDER BY id
        """;

    private const string ListDays = "SELECT day, working FROM geosan.calendar_day ORDER BY day";

    /// <summary>Reads it as it stands now.</summary>
    /// <param name="database">A migrated database.</param>
    /// <param name="at">Only the wards that cover this point, longitude and latitude; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<IntakeReference> LoadAsync(Database database, Point? at, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await LoadAsync(connection, at, cancellation);
    }

    /// <summary>Days that differ from the ordinary week: true for a working one.</summary>
    public static async Task<IReadOnlyDictionary<DateOnly, bool>> LoadDaysAsync(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await LoadDaysAsync(connection, cancellation);
    }

    internal static async Task<IntakeReference> LoadAsync(NpgsqlConnection connection, Point? at, CancellationToken cancellation)
    {
        await using var wardsAt = new NpgsqlCommand(ListWards, connection) { Parameters = { new("at", NpgsqlDbType.Geometry) { Value = (object?)at ?? DBNull.Value } } };
        var wards = await ListAsync(
            wardsAt, r => new WardShape(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetFieldValue<string[]>(4), Text(r, 5), r.GetFieldValue<Geometry>(3)), cancellation);
        var categories = await ListAsync(connection, ListCategories,
            r => new CategoryShape(r.GetString(0), Text(r, 1), r.GetString(2), Text(r, 3), Text(r, 4), r.IsDBNull(5) ? null : r.GetInt32(5), Text(r, 6), r.GetInt16(7)), cancellation);
        var rounds = await ListAsync(connection, ListRounds, r => (Code: r.GetString(0), Id: r.GetInt32(1)), cancellation);
        var rules = await ListAsync(connection, ListRules,
            r => new ResponsibilityRule(Text(r, 0), Text(r, 1), r.GetString(2), r.GetFieldValue<DateOnly>(3), r.IsDBNull(4) ? null : r.GetFieldValue<DateOnly>(4)), cancellation);
        return new IntakeReference(wards, categories, rounds.ToDictionary(r => r.Code, r => r.Id), rules, await LoadDaysAsync(connection, cancellation));
    }

    private static async Task<IReadOnlyDictionary<DateOnly, bool>> LoadDaysAsync(NpgsqlConnection connection, CancellationToken cancellation)
        => (await ListAsync(connection, ListDays, r => (Day: r.GetFieldValue<DateOnly>(0), Working: r.GetBoolean(1)), cancellation)).ToDictionary(d => d.Day, d => d.Working);

    private static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await ListAsync(command, read, cancellation);
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var list = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            list.Add(read(reader));
        }
        return list;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
