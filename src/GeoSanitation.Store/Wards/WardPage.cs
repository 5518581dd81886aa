using System.Runtime.CompilerServices;
using NetTopologySuite.Geometries;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Wards;

/// <summary>Which wards are meant.</summary>
public sealed record WardQuery
{
    /// <summary>A moment whose boundaries are meant; null for those in force.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Only this level.</summary>
    public string? Level { get; init; }

    /// <summary>Only those right below the ward of this code.</summary>
    public string? ParentCode { get; init; }

    /// <summary>Only those that a lon/lat box of these touches.</summary>
    public IReadOnlyList<Envelope> Boxes { get; init; } = [];

    /// <summary>Only those with this text in code, name or English name.</summary>
    public string? Text { get; init; }

    /// <summary>False leaves the polygons out.</summary>
    public bool Outlines { get; init; } = true;
}

/// <summary>A page of wards while it is read, by code: what is known before its rows, then the rows. All of it is as of one moment.</summary>
public sealed class WardPage : IAsyncDisposable
{
    private const string InForce = "(CASE WHEN @at::timestamptz IS NULL THEN w.valid_to IS NULL ELSE w.valid_from <= @at AND (w.valid_to IS NULL OR w.valid_to > @at) END)";

    private const string Meant = $"""
        FROM geosan.ward AS w LEFT JOIN geosan.ward AS p ON p.id = w.parent_id
        WHERE {InForce}
          AND (@level::text IS NULL OR w.level = @level)
          AND (@parent::text IS NULL OR p.code = @parent)
          AND (@pattern::text IS NULL OR w.code ILIKE @pattern OR w.name ILIKE @pattern OR w.name_en ILIKE @pattern)
          AND (@boxes::geometry IS NULL OR (w.geom && @boxes AND ST_Intersects(w.geom, @boxes)))
        """;

    private const string CountMeant = $"SELECT count(*) {Meant}";

    /// <summary>The last code of the page, and whether there is one behind it.</summary>
    private const string FindEnd = $"""
        SELECT w.code {Meant} AND (@after::text IS NULL OR w.code COLLATE "C" > @after) ORDER BY w.code COLLATE "C" OFFSET @limit::bigint - 1 LIMIT 2
        """;

    private const string ListPage = $"""
        SELECT {Ward.Columns} {Meant} AND (@after::text IS NULL OR w.code COLLATE "C" > @after) ORDER BY w.code COLLATE "C" LIMIT @limit
        """;

    private readonly OneMoment _moment;

    private WardPage(OneMoment moment) => _moment = moment;

    /// <summary>What the database showed when these were read; see <see cref="Database.DataVersionSql"/>.</summary>
    public string DataVersion => _moment.DataVersion;

    /// <summary>How many wards are meant on all pages.</summary>
    public long Matched { get; private set; }

    /// <summary>Code of the last one, when there are more behind it.</summary>
    public string? Next { get; private set; }

    /// <summary>Begins to read a page.</summary>
    /// <param name="database">A migrated database.</param>
    /// <param name="query">Which wards.</param>
    /// <param name="after">Only those behind this code; null for the first page.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    public static Task<WardPage> OpenAsync(Database database, WardQuery query, string? after, int? limit, CancellationToken cancellation)
        => OneMoment.OpenAsync(
            database, from sql in (string[])[CountMeant, FindEnd, ListPage] select Statement(sql, query, after, limit), moment => new WardPage(moment).BeginAsync(cancellation), cancellation);

    /// <summary>The rows, by code.</summary>
    public async IAsyncEnumerable<Ward> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await _moment.Rows.ReadAsync(cancellation))
        {
            yield return Ward.Read(_moment.Rows);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _moment.DisposeAsync();

    private async Task<WardPage> BeginAsync(CancellationToken cancellation)
    {
        Matched = await _moment.CountAsync(cancellation);
        if (await _moment.Rows.ReadAsync(cancellation))
        {
            var last = _moment.Rows.GetString(0);
            Next = await _moment.Rows.ReadAsync(cancellation) ? last : null;
        }
        await _moment.NextAsync(cancellation);
        return this;
    }

    private static NpgsqlBatchCommand Statement(string sql, WardQuery query, string? after, int? limit)
    {
        var command = new NpgsqlBatchCommand(sql);
        AddParameters(command.Parameters, query);
        command.Parameters.Add(Value("after", NpgsqlDbType.Text, after));
        command.Parameters.Add(Value("limit", NpgsqlDbType.Bigint, limit ?? (long)int.MaxValue));
        return command;
    }

    private static void AddParameters(NpgsqlParameterCollection parameters, WardQuery query)
    {
        parameters.Add(Value("at", NpgsqlDbType.TimestampTz, query.At?.UtcDateTime));
        parameters.Add(Value("level", NpgsqlDbType.Text, query.Level));
        parameters.Add(Value("parent", NpgsqlDbType.Text, query.ParentCode));
        parameters.Add(Value("pattern", NpgsqlDbType.Text, query.Text is { } text ? "%" + text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_") + "%" : null));
        parameters.Add(Value("boxes", NpgsqlDbType.Geometry, BoxesOf(query.Boxes)));
        parameters.Add(Value("outline", NpgsqlDbType.Boolean, query.Outlines));
    }

    private static MultiPolygon? BoxesOf(IReadOnlyList<Envelope> boxes)
    {
        var factory = new GeometryFactory(new PrecisionModel(), 4326);
        return boxes.Count == 0 ? null : factory.CreateMultiPolygon([.. boxes.Select(box => factory.CreatePolygon(
        [
            new(box.MinX, box.MinY), new(box.MaxX, box.MinY), new(box.MaxX, box.MaxY), new(box.MinX, box.MaxY), new(box.MinX, box.MinY),
        ]))]);
    }

    private static NpgsqlParameter Value(string name, NpgsqlDbType type, object? value) => new(name, type) { Value = value ?? DBNull.Value };
}
