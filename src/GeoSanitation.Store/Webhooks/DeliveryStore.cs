using Npgsql;

namespace GeoSanitation.Store.Webhooks;

/// <summary>What is sent once of runs, until it has arrived. The database itself adds to it, when a run begins and when it ends.</summary>
public sealed class DeliveryStore(Database database)
{
    private const string Columns = "d.id, d.run_id, d.content, d.subscription_id, d.url, r.callback::text, d.failures, d.error, d.next_at, d.dead_at";

    private const string Lease = $"""
        UPDATE geosan.delivery AS d SET leased_until = clock_timestamp() + @lease
        FROM geosan.run AS r
        WHERE r.id = d.run_id AND d.id = (
            SELECT id FROM geosan.delivery
            WHERE dead_at IS NULL AND next_at <= clock_timestamp() AND leased_until < clock_timestamp() AND content = ANY (@contents)
            ORDER BY id
            FOR UPDATE SKIP LOCKED
            LIMIT 1)
        RETURNING {Columns}
        """;

    private const string Remove = """
        WITH gone AS (DELETE FROM geosan.delivery WHERE id = @id RETURNING subscription_id)
        UPDATE geosan.subscription SET delivered = delivered + 1, delivered_at = clock_timestamp() WHERE id = (SELECT subscription_id FROM gone)
        """;

    private const string Fail = """
        UPDATE geosan.delivery
        SET failures = failures + 1, error = @error, next_at = clock_timestamp() + @wait, leased_until = '-infinity', dead_at = CASE WHEN failures + 1 >= @most THEN clock_timestamp() END
        WHERE id = @id
        """;

    private const string ListFailing = $"SELECT {Columns} FROM geosan.delivery AS d JOIN geosan.run AS r ON r.id = d.run_id WHERE d.failures > 0 ORDER BY d.id DESC LIMIT @most";

    /// <summary>Takes the first that is due; null where there is none.</summary>
    /// <param name="contents">Of these contents.</param>
    /// <param name="lease">For so long no other server takes it.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<Delivery?> LeaseAsync(IReadOnlyList<string> contents, TimeSpan lease, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Lease);
        command.Parameters.Add(new("contents", contents.ToArray()));
        command.Parameters.Add(new("lease", lease));
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>One has arrived.</summary>
    public async Task RemoveAsync(long id, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Remove);
        command.Parameters.Add(new("id", id));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>One has not arrived.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="error">Why.</param>
    /// <param name="wait">After what time it is tried again.</param>
    /// <param name="most">After so many failures it is given up.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task FailAsync(long id, string error, TimeSpan wait, int most, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Fail);
        command.Parameters.Add(new("id", id));
        command.Parameters.Add(new("error", error));
        command.Parameters.Add(new("wait", wait));
        command.Parameters.Add(new("most", most));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Those that did not arrive so far or were given up, latest first.</summary>
    public async Task<IReadOnlyList<Delivery>> ListFailingAsync(int most, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(ListFailing);
        command.Parameters.Add(new("most", most));
        return await ReadAsync(command, cancellation);
    }

    private static async Task<IReadOnlyList<Delivery>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var deliveries = new List<Delivery>();
        await using var r = await command.ExecuteReaderAsync(cancellation);
        while (await r.ReadAsync(cancellation))
        {
            deliveries.Add(new Delivery(
                r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.IsDBNull(3) ? null : r.GetInt32(3), Text(4), Text(5), r.GetInt32(6), Text(7), r.GetDateTime(8), r.IsDBNull(9) ? null : r.GetDateTime(9)));
        }
        return deliveries;

        string? Text(int column) => r.IsDBNull(column) ? null : r.GetString(column);
    }
}
