using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Wards;

/// <summary>Reads single wards; <see cref="WardPage"/> reads lists.</summary>
public sealed class WardStore(Database database)
{
    private const string FindWard = $"""
        SELECT {Ward.Columns}
        FROM geosan.ward AS w LEFT JOIN geosan.ward AS p ON p.id = w.parent_id
        WHERE w.code = @code
          AND CASE WHEN @at::timestamptz IS NULL THEN w.valid_to IS NULL ELSE w.valid_from <= @at AND (w.valid_to IS NULL OR w.valid_to > @at) END
        """;

    /// <summary>Of several boundaries the latest names the ward.</summary>
    private const string ListAncestors = """
        SELECT DISTINCT ON (array_position(@path, code)) code, name, name_en, level
        FROM geosan.ward WHERE code = ANY (@path) AND code <> @code
        ORDER BY array_position(@path, code), valid_from DESC
        """;

    private const string ListChildren = """
        SELECT w.code, w.name, w.name_en, w.level
        FROM geosan.ward AS w JOIN geosan.ward AS p ON p.id = w.parent_id
        WHERE p.code = @code
          AND CASE WHEN @at::timestamptz IS NULL THEN w.valid_to IS NULL ELSE w.valid_from <= @at AND (w.valid_to IS NULL OR w.valid_to > @at) END
        ORDER BY w.code COLLATE "C"
        """;

    private const string ListPeriods = "SELECT valid_from, valid_to FROM geosan.ward WHERE code = @code ORDER BY valid_from";

    /// <summary>From the top of the tree down. Where wards of one depth share the border that the place is on, the lowest code comes last, so that the last ward of
    /// the list is the one that an issue there is given.</summary>
    private const string ListAtPlace = $"""
        SELECT {Ward.Columns}
        FROM geosan.ward AS w LEFT JOIN geosan.ward AS p ON p.id = w.parent_id
        WHERE w.valid_to IS NULL AND ST_Covers(w.geom, ST_SetSRID(ST_MakePoint(@lon, @lat), 4326))
        ORDER BY nlevel(w.path), w.code COLLATE "C" DESC
        """;

    private const string Exists = "SELECT EXISTS (SELECT FROM geosan.ward WHERE code = @code)";

    /// <summary>A ward and what is around it, or null.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="at">A moment whose boundaries are meant; null for those in force.</param>
    /// <param name="outlines">False leaves the polygons out.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<WardFamily?> FindAsync(string code, DateTimeOffset? at, bool outlines, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        NpgsqlParameter[] Named() => [new("code", code), new("at", NpgsqlDbType.TimestampTz) { Value = (object?)at?.UtcDateTime ?? DBNull.Value }];
        if ((await ListAsync(connection, FindWard, [.. Named(), new("outline", outlines)], Ward.Read, cancellation)) is not [var ward])
        {
            return null;
        }
        return new WardFamily(
            ward, await ListAsync(connection, ListAncestors, [.. Named(), new("path", ward.Path.ToArray())], Name, cancellation),
            await ListAsync(connection, ListChildren, Named(), Name, cancellation),
            await ListAsync(connection, ListPeriods, Named(), r => new WardPeriod(r.GetDateTime(0), r.IsDBNull(1) ? null : r.GetDateTime(1)), cancellation));
    }

    /// <summary>The wards in force that hold a place, from the top of the tree down; the last one is the one that an issue there is given.</summary>
    /// <param name="lonDegrees">Longitude.</param>
    /// <param name="latDegrees">Latitude.</param>
    /// <param name="outlines">False leaves the polygons out.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<Ward>> AtAsync(double lonDegrees, double latDegrees, bool outlines, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await ListAsync(connection, ListAtPlace, [new("lon", lonDegrees), new("lat", latDegrees), new("outline", outlines)], Ward.Read, cancellation);
    }

    /// <summary>When a boundary was opened or closed last, UTC; null when there is none.</summary>
    public async Task<DateTime?> LastChangeAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand("SELECT greatest(max(valid_from), max(valid_to)) FROM geosan.ward");
        return (DateTime?)(await command.ExecuteScalarAsync(cancellation) is DateTime time ? time : null);
    }

    /// <summary>Whether there is, or was, a ward of this code.</summary>
    public async Task<bool> ExistsAsync(string code, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return (await ListAsync(connection, Exists, [new("code", code)], r => r.GetBoolean(0), cancellation))[0];
    }

    private static WardName Name(NpgsqlDataReader r) => new(r.GetString(0), r.GetString(1), Ward.Text(r, 2), r.GetString(3));

    private static async Task<IReadOnlyList<T>> ListAsync<T>(
        NpgsqlConnection connection, string sql, IEnumerable<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }
        var list = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            list.Add(read(reader));
        }
        return list;
    }
}
