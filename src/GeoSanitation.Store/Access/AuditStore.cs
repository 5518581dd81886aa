using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Access;

/// <summary>Who did what: a line for every write. Where the write has a transaction, its line is in it.</summary>
public sealed class AuditStore(Database database)
{
    private const string Insert = "INSERT INTO geosan.audit (actor, action, target, payload) VALUES (@actor, @action, @target, @payload)";

    /// <summary>Adds a line.</summary>
    /// <param name="actor">Name of the caller's key.</param>
    /// <param name="action">What was done: "stop import".</param>
    /// <param name="target">To what: "imports/7".</param>
    /// <param name="payloadJson">More of it, as JSON; null for nothing.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task AddAsync(string actor, string action, string target, string? payloadJson, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await AddAsync(connection, actor, action, target, payloadJson, cancellation);
    }

    /// <summary>Adds a line in the transaction of a connection.</summary>
    internal static async Task AddAsync(NpgsqlConnection connection, string actor, string action, string target, string? payloadJson, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new("actor", actor), new("action", action), new("target", target), new("payload", NpgsqlDbType.Jsonb) { Value = (object?)payloadJson ?? DBNull.Value },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
