using NpgsqlTypes;

namespace GeoSanitation.Store.Imports;

/// <summary>Reference data from files into empty tables: every method takes columns of texts, as the file has them (empty is null), and adds all rows or none.</summary>
public sealed class SeedStore(Database database)
{
    private const string Categories = """
        INSERT INTO geosan.category (code, parent_code, name, name_en, clause, department, deadline_amount, deadline_unit, default_severity)
        SELECT code, nullif(parent_code, ''), name, nullif(name_en, ''), nullif(clause, ''), nullif(department, ''), nullif(deadline_amount, '')::integer,
            nullif(deadline_unit, ''), coalesce(nullif(default_severity, ''), '3')::smallint
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            AS c (code, parent_code, name, name_en, clause, department, deadline_amount, deadline_unit, default_severity)
        ON CONFLICT (code) DO NOTHING
        """;

    private const string Calendar = """
        INSERT INTO geosan.calendar_day (day, working, name)
        SELECT day::date, working::boolean, nullif(name, '') FROM unnest($1, $2, $3) AS d (day, working, name)
        ON CONFLICT (day) DO NOTHING
        """;

    private const string Responsibilities = """
        INSERT INTO geosan.responsibility (ward_code, category_code, body, valid_from, valid_to)
        SELECT nullif(ward_code, ''), nullif(category_code, ''), body, coalesce(nullif(valid_from, ''), '-infinity')::date, nullif(valid_to, '')::date
        FROM unnest($1, $2, $3, $4, $5) AS r (ward_code, category_code, body, valid_from, valid_to)
        """;

    private const string Rounds = """
        INSERT INTO geosan.round (code, name, name_en, kind, starts_at, ends_at, visits)
        SELECT code, name, nullif(name_en, ''), kind, starts_at::timestamptz, ends_at::timestamptz, nullif(visits, '')::integer
        FROM unnest($1, $2, $3, $4, $5, $6, $7) AS r (code, name, name_en, kind, starts_at, ends_at, visits)
        ON CONFLICT (code) DO NOTHING
        """;

    private const string HasTaxonomy = "SELECT EXISTS (SELECT FROM geosan.category WHERE code <> 'imported' AND parent_code IS DISTINCT FROM 'imported')";

    private const string IsEmpty = "SELECT NOT EXISTS (SELECT FROM geosan.ward) AND NOT EXISTS (SELECT FROM geosan.issue)";

    /// <summary>Columns of <see cref="AddCategoriesAsync"/>, in order.</summary>
    public static IReadOnlyList<string> CategoryColumns { get; } = ["code", "parent_code", "name", "name_en", "clause", "department", "deadline_amount", "deadline_unit", "default_severity"];

    /// <summary>Columns of <see cref="AddCalendarAsync"/>, in order.</summary>
    public static IReadOnlyList<string> CalendarColumns { get; } = ["day", "working", "name"];

    /// <summary>Columns of <see cref="AddResponsibilitiesAsync"/>, in order.</summary>
    public static IReadOnlyList<string> ResponsibilityColumns { get; } = ["ward_code", "category_code", "body", "valid_from", "valid_to"];

    /// <summary>Columns of <see cref="AddRoundsAsync"/>, in order.</summary>
    public static IReadOnlyList<string> RoundColumns { get; } = ["code", "name", "name_en", "kind", "starts_at", "ends_at", "visits"];

    /// <summary>True when there are categories that no import made.</summary>
    public Task<bool> HasTaxonomyAsync(CancellationToken cancellation) => AskAsync(HasTaxonomy, cancellation);

    /// <summary>True when there is neither a ward nor an issue.</summary>
    public Task<bool> IsEmptyAsync(CancellationToken cancellation) => AskAsync(IsEmpty, cancellation);

    /// <summary>Adds categories; parents may stand anywhere in the list.</summary>
    public Task AddCategoriesAsync(IReadOnlyList<string[]> columns, CancellationToken cancellation) => AddAsync(Categories, columns, cancellation);

    /// <summary>Adds days that differ from the ordinary week.</summary>
    public Task AddCalendarAsync(IReadOnlyList<string[]> columns, CancellationToken cancellation) => AddAsync(Calendar, columns, cancellation);

    /// <summary>Adds rules of who answers for what.</summary>
    public Task AddResponsibilitiesAsync(IReadOnlyList<string[]> columns, CancellationToken cancellation) => AddAsync(Responsibilities, columns, cancellation);

    /// <summary>Adds inspection rounds.</summary>
    public Task AddRoundsAsync(IReadOnlyList<string[]> columns, CancellationToken cancellation) => AddAsync(Rounds, columns, cancellation);

    private async Task AddAsync(string sql, IReadOnlyList<string[]> columns, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(sql);
        foreach (var column in columns)
        {
            command.Parameters.Add(new() { Value = column, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<bool> AskAsync(string sql, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(sql);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
