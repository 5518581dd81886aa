using GeoSanitation.Store.Access;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Imports;

/// <summary>Rows of a file by what became of them; they add up to the rows read.</summary>
/// <param name="Loaded">New.</param>
/// <param name="Unchanged">Here already, saying the same.</param>
/// <param name="Updated">Here already, saying something else.</param>
/// <param name="Refused">Not taken; each has its reason.</param>
public sealed record ImportCounts(long Loaded, long Unchanged, long Updated, long Refused)
{
    /// <summary>Rows of the file.</summary>
    public long Read => Loaded + Unchanged + Updated + Refused;
}

/// <summary>What an import is of and by whom.</summary>
/// <param name="Kind"><c>issues</c> or <c>wards</c>.</param>
/// <param name="FileName">Name of the file, without its folder.</param>
/// <param name="Source">The source given for the whole file, if one was.</param>
/// <param name="Actor">Who asked for it.</param>
public sealed record ImportHeader(string Kind, string FileName, string? Source, string Actor);

/// <summary>
/// One import from its record in <c>geosan.import</c> to its end, on a connection of its own. The connection holds a lock for as long as the
/// import lives, so that one whose program was killed can be told from one at work.
/// </summary>
public sealed class ImportTicket : IAsyncDisposable
{
    // First keys of two-part advisory locks; any constants no other program uses.
    private const int LifeLock = 0x67730001;
    private const int TurnLock = 0x67730002;

    /// <summary>Id of the import.</summary>
    public long Id { get; }

    /// <summary>True when nothing may be left behind.</summary>
    public bool DryRun { get; }

    internal NpgsqlConnection Connection { get; }

    private readonly Database _database;

    private ImportTicket(Database database, long id, bool dryRun, NpgsqlConnection connection)
        => (_database, Id, DryRun, Connection) = (database, id, dryRun, connection);

    /// <summary>Records a new import as running; first, marks those as failed whose program ended before they did.</summary>
    /// <param name="database">A migrated database.</param>
    /// <param name="header">What it is of.</param>
    /// <param name="dryRun">Records nothing; the id is then 0.</param>
    /// <param name="cancellation">Stops.</param>
    public static async Task<ImportTicket> OpenAsync(Database database, ImportHeader header, bool dryRun, CancellationToken cancellation)
    {
        var connection = await database.Source.OpenConnectionAsync(cancellation);
        try
        {
            return new ImportTicket(database, dryRun ? 0 : await RecordAsync(connection, header, cancellation), dryRun, connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Marks the imports as failed whose program ended before they did; a server does so at its start.</summary>
    public static async Task BuryDeadAsync(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await BuryDeadAsync(connection, cancellation);
    }

    /// <summary>Records that the import came to nothing.</summary>
    /// <param name="cancelled">True when somebody stopped it, false when it failed.</param>
    /// <param name="error">Why, for a person to read.</param>
    public async Task EndWithNothingAsync(bool cancelled, string error)
    {
        if (DryRun)
        {
            return;
        }
        // Over another connection: the import's own may have ended in the middle of something.
        await using var command = _database.Source.CreateCommand("""
            UPDATE geosan.import SET state = $2, error = $3, finished_at = now(), loaded = 0, unchanged = 0, updated = 0, refused = 0
            WHERE id = $1 AND state = 'running'
            """);
        command.Parameters.Add(new() { Value = Id });
        command.Parameters.Add(new() { Value = cancelled ? "cancelled" : "failed" });
        command.Parameters.Add(new() { Value = error });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Begins the one transaction of the import, when every import before it has ended its own.</summary>
    internal async Task<NpgsqlTransaction> BeginAsync(CancellationToken cancellation)
    {
        var transaction = await Connection.BeginTransactionAsync(cancellation);
        try
        {
            await ExecuteAsync($"SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '256MB'; SELECT pg_advisory_xact_lock({TurnLock}, 0)", cancellation);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Records what came of the import, within its transaction.</summary>
    internal async Task RecordEndAsync(ImportCounts counts, string? mappingJson, string warningsJson, CancellationToken cancellation)
    {
        if (DryRun)
        {
            return;
        }
        await using var command = new NpgsqlCommand("""
            UPDATE geosan.import
            SET state = 'done', finished_at = clock_timestamp(), rows_read = $2, loaded = $3, unchanged = $4, updated = $5, refused = $6,
                mapping = $7, warnings = $8
            WHERE id = $1
            """, Connection);
        foreach (var number in (long[])[Id, counts.Read, counts.Loaded, counts.Unchanged, counts.Updated, counts.Refused])
        {
            command.Parameters.Add(new() { Value = number });
        }
        command.Parameters.Add(new() { Value = (object?)mappingJson ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = warningsJson, NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal async Task<int> ExecuteAsync(string sql, CancellationToken cancellation, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    internal NpgsqlCommand Command(string sql, params (string Name, object Value)[] parameters)
    {
        var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(new(name, value));
        }
        return command;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    private static async Task BuryDeadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var bury = new NpgsqlCommand($"""
            UPDATE geosan.import AS dead
            SET state = 'failed', error = 'the program ended before the import did; nothing of it was kept', finished_at = now()
            WHERE dead.state = 'running' AND NOT EXISTS (
                SELECT FROM pg_locks
                WHERE locktype = 'advisory' AND classid = {LifeLock} AND objid = (dead.id & 2147483647)::oid AND objsubid = 2
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """, connection);
        await bury.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<long> RecordAsync(NpgsqlConnection connection, ImportHeader header, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await BuryDeadAsync(connection, cancellation);
        await using var record = new NpgsqlCommand($"""
            WITH new AS (INSERT INTO geosan.import (kind, file_name, source, actor) VALUES ($1, $2, $3, $4) RETURNING id)
            SELECT id, pg_advisory_lock({LifeLock}, (id & 2147483647)::integer) FROM new
            """, connection);
        record.Parameters.Add(new() { Value = header.Kind });
        record.Parameters.Add(new() { Value = header.FileName });
        record.Parameters.Add(new() { Value = (object?)header.Source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        record.Parameters.Add(new() { Value = header.Actor });
        var id = (long)(await record.ExecuteScalarAsync(cancellation))!;
        await AuditStore.AddAsync(connection, header.Actor, $"import {header.Kind}", $"imports/{id}", payloadJson: null, cancellation);
        await transaction.CommitAsync(cancellation);
        return id;
    }
}
