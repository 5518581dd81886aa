using GeoSanitation.Store.Access;
using NetTopologySuite.Geometries;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Reference;

/// <summary>An inspection round.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Kind">"covert", "campaign", "routine" or any word.</param>
/// <param name="StartsAt">Start, UTC.</param>
/// <param name="EndsAt">End, UTC; after the start.</param>
/// <param name="Area">Where inspectors looked, longitude and latitude; null for everywhere or unknown.</param>
/// <param name="Visits">How often they did; null for unknown.</param>
public sealed record Round(string Code, string Name, string? NameEn, string Kind, DateTime StartsAt, DateTime EndsAt, MultiPolygon? Area, int? Visits);

/// <summary>Reads and writes inspection rounds.</summary>
public sealed class RoundStore(Database database)
{
    internal const string Columns = "code, name, name_en, kind, starts_at, ends_at, area, visits";

    private const string List = $"""SELECT {Columns} FROM geosan.round WHERE @kind::text IS NULL OR kind = @kind ORDER BY starts_at DESC, code COLLATE "C" """;

    private const string Find = $"SELECT {Columns} FROM geosan.round WHERE code = @code";

    private const string Add = $"INSERT INTO geosan.round ({Columns}) VALUES (@code, @name, @name_en, @kind, @starts_at, @ends_at, @area, @visits) ON CONFLICT (code) DO NOTHING";

    private const string Change = """
        UPDATE geosan.round SET name = @name, name_en = @name_en, kind = @kind, starts_at = @starts_at, ends_at = @ends_at, area = @area, visits = @visits WHERE code = @code
        """;

    /// <summary>Rounds, latest first.</summary>
    /// <param name="kind">Only this kind; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<Round>> ListAsync(string? kind, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(List);
        command.Parameters.Add(new("kind", NpgsqlDbType.Text) { Value = (object?)kind ?? DBNull.Value });
        return await ReadAsync(command, cancellation);
    }

    /// <summary>A round, or null.</summary>
    public async Task<Round?> FindAsync(string code, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Find);
        command.Parameters.Add(new("code", code));
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>Adds a round.</summary>
    /// <returns>False when there is one of this code.</returns>
    public Task<bool> AddAsync(Round round, string actor, CancellationToken cancellation) => WriteAsync(Add, "add round", round, actor, cancellation);

    /// <summary>Changes all of a round but its code.</summary>
    /// <returns>False when there is none of this code.</returns>
    public Task<bool> ChangeAsync(Round round, string actor, CancellationToken cancellation) => WriteAsync(Change, "change round", round, actor, cancellation);

    private async Task<bool> WriteAsync(string sql, string action, Round round, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters =
            {
                new("code", round.Code), new("name", round.Name), new("name_en", NpgsqlDbType.Text) { Value = (object?)round.NameEn ?? DBNull.Value }, new("kind", round.Kind),
                new("starts_at", round.StartsAt), new("ends_at", round.EndsAt), new("area", NpgsqlDbType.Geometry) { Value = (object?)round.Area ?? DBNull.Value },
                new("visits", NpgsqlDbType.Integer) { Value = (object?)round.Visits ?? DBNull.Value },
            },
        };
        if (await command.ExecuteNonQueryAsync(cancellation) == 0)
        {
            return false;
        }
        await AuditStore.AddAsync(connection, actor, action, $"rounds/{round.Code}", payloadJson: null, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task<IReadOnlyList<Round>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var rounds = new List<Round>();
        await using var r = await command.ExecuteReaderAsync(cancellation);
        while (await r.ReadAsync(cancellation))
        {
            rounds.Add(Read(r));
        }
        return rounds;
    }

    /// <summary>A round of a row that begins with <see cref="Columns"/>.</summary>
    internal static Round Read(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2), r.GetString(3), r.GetDateTime(4), r.GetDateTime(5),
        r.IsDBNull(6) ? null : r.GetFieldValue<MultiPolygon>(6), r.IsDBNull(7) ? null : r.GetInt32(7));
}
