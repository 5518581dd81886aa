using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Changes;

/// <summary>
/// Tells what has changed. A change is taken when the reader's snapshot shows the transaction that wrote it and its last snapshot did not,
/// so that one which commits late is taken late, and none is lost.
/// </summary>
public sealed class ChangeFeed(Database database)
{
    private const string ChannelName = "geosan_change";

    // Servers ask all the time; one that was away for longer reads everything again.
    private const string ForgetAfter = "10 minutes";

    // Who follows changes from elsewhere may be away for a weekend, and for a holiday.
    private const string LoseAfter = "7 days";

    private const string Look = """
        SELECT pg_current_snapshot()::text, f.database_id, f.forgotten_xid >= pg_snapshot_xmin(@since::pg_snapshot),
            EXISTS (SELECT FROM geosan.change WHERE xid >= pg_snapshot_xmin(@since::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, @since::pg_snapshot))
        FROM geosan.feed AS f
        """;

    private const string Position = "SELECT pg_current_snapshot()::text, database_id, forgotten + (SELECT count(*) FROM geosan.change), forgotten_xid FROM geosan.feed";

    private const string ListChanges = """
        SELECT kind, id_from, id_to FROM geosan.change
        WHERE xid >= pg_snapshot_xmin(@since::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, @since::pg_snapshot)
        """;

    /// <summary>The row of the feed is locked first, so that two servers do not count the same rows. What is forgotten here is kept in the log for longer.</summary>
    private const string Forget = $"""
        WITH locked AS (SELECT FROM geosan.feed FOR UPDATE),
        old AS (
            DELETE FROM geosan.change USING locked
            WHERE at < now() - interval '{ForgetAfter}' AND xid < pg_snapshot_xmin(pg_current_snapshot())
            RETURNING change.*),
        kept AS (INSERT INTO geosan.old_change SELECT * FROM old)
        UPDATE geosan.feed SET forgotten = forgotten + n, forgotten_xid = greatest(forgotten_xid, last)
        FROM (SELECT count(*) AS n, max(xid) AS last FROM old) AS gone WHERE n > 0;
        WITH locked AS (SELECT FROM geosan.feed FOR UPDATE),
        lost AS (
            DELETE FROM geosan.old_change USING locked
            WHERE at < now() - interval '{LoseAfter}'
            RETURNING xid)
        UPDATE geosan.feed SET lost_xid = greatest(lost_xid, last)
        FROM (SELECT count(*) AS n, max(xid) AS last FROM lost) AS gone WHERE n > 0
        """;

    /// <summary>Looks whether anything has changed.</summary>
    /// <param name="since">Where the reader stands; null for nowhere.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Where the reader stands now when nothing has changed; null when there is something to read.</returns>
    public async Task<FeedPosition?> LookAsync(FeedPosition? since, CancellationToken cancellation)
    {
        if (since is null)
        {
            return null;
        }
        await using var command = database.Source.CreateCommand(Look);
        command.Parameters.Add(new("since", NpgsqlDbType.Text) { Value = since.Snapshot });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.GetString(1) == since.DatabaseId && !reader.GetBoolean(2) && !reader.GetBoolean(3) ? since with { Snapshot = reader.GetString(0) } : null;
    }

    /// <summary>Opens a reading of what has changed; all of it is of one moment.</summary>
    /// <param name="since">Where the reader stands; null reads everything.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<ChangeReading> ReadAsync(FeedPosition? since, CancellationToken cancellation)
    {
        var connection = await database.Source.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            await using var command = new NpgsqlCommand(Position, connection, transaction);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var position = new FeedPosition(reader.GetString(1), reader.GetInt64(2), reader.GetString(0));
            var forgotten = reader.GetFieldValue<ulong>(3);
            await reader.DisposeAsync();
            if (since is null || since.DatabaseId != position.DatabaseId || forgotten >= since.Xmin)
            {
                return new ChangeReading(connection, transaction, position, [IdRange.All], tablesChanged: true);
            }
            var (ranges, tables) = await ChangesAsync(connection, since, cancellation);
            return new ChangeReading(connection, transaction, position, IdRange.Merge(ranges), tables);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Forgets changes that every server has had the time to read, and loses those that nobody can ask for any more.</summary>
    public async Task ForgetAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Forget);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Waits, and calls each time that something was committed or that a while has passed; ends only by cancelling or by a lost connection.</summary>
    /// <param name="patience">The while.</param>
    /// <param name="onChange">Is awaited before the next waiting.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task WatchAsync(TimeSpan patience, Func<Task> onChange, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using (var listen = new NpgsqlCommand($"LISTEN {ChannelName}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellation);
        }
        while (true)
        {
            await onChange();
            await connection.WaitAsync(patience, cancellation);
        }
    }

    private static async Task<(List<IdRange> Issues, bool Tables)> ChangesAsync(NpgsqlConnection connection, FeedPosition since, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ListChanges, connection);
        command.Parameters.Add(new("since", NpgsqlDbType.Text) { Value = since.Snapshot });
        var (ranges, tables) = (new List<IdRange>(), false);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.GetString(0) == "issue")
            {
                ranges.Add(new IdRange(reader.GetInt64(1), reader.GetInt64(2)));
            }
            else
            {
                tables = true;
            }
        }
        return (ranges, tables);
    }
}
