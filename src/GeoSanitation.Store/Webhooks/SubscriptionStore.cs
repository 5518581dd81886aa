using GeoSanitation.Store.Access;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Webhooks;

/// <summary>Addresses that are told of changes. Of several servers the one that has the lease of an address tells it.</summary>
public sealed class SubscriptionStore(Database database)
{
    private const string Columns = "id, url, secret, collections, wards, events, source, cursor, created_at, delivered, delivered_at, failures, error, next_at, dead_at";

    private const string Add = """
        INSERT INTO geosan.subscription (url, secret, collections, wards, events, source, cursor)
        VALUES (@url, @secret, @collections, @wards, @events, @source, @cursor)
        RETURNING id
        """;

    private const string List = $"SELECT {Columns} FROM geosan.subscription ORDER BY id";

    private const string Find = $"SELECT {Columns} FROM geosan.subscription WHERE id = @id";

    private const string Delete = "DELETE FROM geosan.subscription WHERE id = @id";

    private const string Resume = """
        WITH revived AS (
            UPDATE geosan.delivery SET failures = 0, dead_at = NULL, next_at = now() WHERE subscription_id = @id)
        UPDATE geosan.subscription SET failures = 0, dead_at = NULL, next_at = now() WHERE id = @id
        """;

    private const string ListDue = $"""
        SELECT {Columns} FROM geosan.subscription WHERE dead_at IS NULL AND next_at <= clock_timestamp() AND leased_until < clock_timestamp() ORDER BY id
        """;

    private const string Lease = $"""
        UPDATE geosan.subscription SET leased_until = clock_timestamp() + @lease
        WHERE id = @id AND dead_at IS NULL AND next_at <= clock_timestamp() AND leased_until < clock_timestamp()
        RETURNING {Columns}, leased_until
        """;

    private const string Advance = """
        UPDATE geosan.subscription
        SET cursor = @cursor, leased_until = clock_timestamp() + @lease, delivered = delivered + @taken,
            delivered_at = CASE WHEN @taken = 0 THEN delivered_at ELSE clock_timestamp() END,
            failures = CASE WHEN @taken = 0 THEN failures ELSE 0 END, error = CASE WHEN @taken = 0 THEN error END
        WHERE id = @id AND leased_until = @leased_until
        RETURNING leased_until
        """;

    private const string Fail = """
        UPDATE geosan.subscription
        SET failures = failures + 1, error = @error, next_at = clock_timestamp() + @wait, leased_until = '-infinity', dead_at = CASE WHEN failures + 1 >= @most THEN clock_timestamp() END
        WHERE id = @id AND leased_until = @leased_until
        """;

    private const string Release = "UPDATE geosan.subscription SET leased_until = '-infinity' WHERE id = @id AND leased_until = @leased_until";

    private const string NextDue = """
        SELECT min(greatest(next_at, leased_until)) FROM (
            SELECT next_at, leased_until FROM geosan.subscription WHERE dead_at IS NULL AND failures > 0
            UNION ALL
            SELECT next_at, leased_until FROM geosan.delivery WHERE dead_at IS NULL) AS waiting
        """;

    private const int LeaseColumn = 15;

    /// <summary>Adds one.</summary>
    /// <param name="wanted">What it is to be told.</param>
    /// <param name="cursor">From where on.</param>
    /// <param name="actor">Who subscribes.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Its number.</returns>
    public async Task<int> AddAsync(NewSubscription wanted, string cursor, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(Add, connection)
        {
            Parameters =
            {
                new("url", wanted.Url), new("secret", wanted.Secret), new("collections", wanted.Collections.ToArray()), new("wards", wanted.Wards.ToArray()),
                new("events", wanted.Events.ToArray()), new("source", wanted.Source), new("cursor", cursor),
            },
        };
        var id = (int)(await command.ExecuteScalarAsync(cancellation))!;
        await AuditStore.AddAsync(connection, actor, "add webhook", $"webhooks/{id}", payloadJson: null, cancellation);
        await transaction.CommitAsync(cancellation);
        return id;
    }

    /// <summary>All of them.</summary>
    public Task<IReadOnlyList<Subscription>> ListAsync(CancellationToken cancellation) => ReadAsync(List, null, cancellation);

    /// <summary>The one of a number, or null.</summary>
    public async Task<Subscription?> FindAsync(int id, CancellationToken cancellation) => (await ReadAsync(Find, id, cancellation)).SingleOrDefault();

    /// <summary>Removes one.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> DeleteAsync(int id, string actor, CancellationToken cancellation) => WriteAsync(Delete, "delete webhook", id, actor, cancellation);

    /// <summary>Takes one up again that was given up, or that waits; it goes on after what it was told last.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> ResumeAsync(int id, string actor, CancellationToken cancellation) => WriteAsync(Resume, "resume webhook", id, actor, cancellation);

    /// <summary>Those that may be told something now.</summary>
    public Task<IReadOnlyList<Subscription>> ListDueAsync(CancellationToken cancellation) => ReadAsync(ListDue, null, cancellation);

    /// <summary>When the next one is tried again, of addresses and of what is sent of runs; null where nobody waits.</summary>
    public async Task<DateTime?> NextDueAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(NextDue);
        return await command.ExecuteScalarAsync(cancellation) as DateTime?;
    }

    /// <summary>Takes the lease of one.</summary>
    /// <returns>It, and until when; null when it is not due, or another server has it.</returns>
    public async Task<(Subscription Subscription, DateTime LeasedUntil)?> LeaseAsync(int id, TimeSpan lease, CancellationToken cancellation)
    {
        await using var command = Command(Lease, id, new NpgsqlParameter("lease", lease));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (Read(reader), reader.GetDateTime(LeaseColumn)) : null;
    }

    /// <summary>Puts down what one was told, and has it for longer.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="leasedUntil">The lease.</param>
    /// <param name="cursor">What it was told.</param>
    /// <param name="taken">Events that it took since.</param>
    /// <param name="lease">For how much longer.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The new lease; null when it is lost, as of one that was removed.</returns>
    public async Task<DateTime?> AdvanceAsync(int id, DateTime leasedUntil, string cursor, int taken, TimeSpan lease, CancellationToken cancellation)
    {
        await using var command = Command(Advance, id, new("leased_until", leasedUntil), new("cursor", cursor), new("taken", taken), new("lease", lease));
        return await command.ExecuteScalarAsync(cancellation) as DateTime?;
    }

    /// <summary>Puts down that one took nothing, and gives the lease back.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="leasedUntil">The lease.</param>
    /// <param name="error">Why.</param>
    /// <param name="wait">After what time it is tried again.</param>
    /// <param name="most">After so many failures in a row it is given up.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task FailAsync(int id, DateTime leasedUntil, string error, TimeSpan wait, int most, CancellationToken cancellation)
    {
        await using var command = Command(Fail, id, new("leased_until", leasedUntil), new("error", error), new("wait", wait), new("most", most));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Gives the lease back.</summary>
    public async Task ReleaseAsync(int id, DateTime leasedUntil, CancellationToken cancellation)
    {
        await using var command = Command(Release, id, new NpgsqlParameter("leased_until", leasedUntil));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Command(string sql, int id, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = database.Source.CreateCommand(sql);
        command.Parameters.Add(new("id", id));
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private async Task<bool> WriteAsync(string sql, string action, int id, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new("id", id) } };
        if (await command.ExecuteNonQueryAsync(cancellation) == 0)
        {
            return false;
        }
        await AuditStore.AddAsync(connection, actor, action, $"webhooks/{id}", payloadJson: null, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private async Task<IReadOnlyList<Subscription>> ReadAsync(string sql, int? id, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(sql);
        if (id is { } number)
        {
            command.Parameters.Add(new("id", NpgsqlDbType.Integer) { Value = number });
        }
        var subscriptions = new List<Subscription>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            subscriptions.Add(Read(reader));
        }
        return subscriptions;
    }

    private static Subscription Read(NpgsqlDataReader r) => new(
        r.GetInt32(0), new NewSubscription(r.GetString(1), r.GetString(2), r.GetFieldValue<string[]>(3), r.GetFieldValue<string[]>(4), r.GetFieldValue<string[]>(5), r.GetString(6)), r.GetString(7),
        r.GetDateTime(8), r.GetInt64(9), r.IsDBNull(10) ? null : r.GetDateTime(10), r.GetInt32(11), r.IsDBNull(12) ? null : r.GetString(12), r.GetDateTime(13), r.IsDBNull(14) ? null : r.GetDateTime(14));
}
