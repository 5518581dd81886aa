using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Changes;

/// <summary>Something that was changed between two moments, however often.</summary>
/// <param name="Issue">Number of the issue; null for a table.</param>
/// <param name="Before">What the issue was before; null when it was not there.</param>
/// <param name="Table">The table that was changed: <c>ward</c>, <c>category</c>, <c>round</c>, <c>calendar_day</c>; null for an issue.</param>
/// <param name="At">When it was changed first, UTC.</param>
/// <param name="Transaction">The transaction that changed it first.</param>
public readonly record struct Change(long? Issue, IssueRow? Before, string? Table, DateTime At, ulong Transaction);

/// <summary>What was changed between two moments.</summary>
/// <param name="Changes">In the order in which it was changed first, the same whenever it is asked for.</param>
/// <param name="Forgotten">True when the earlier moment is too long ago, or of another database: nothing is known.</param>
/// <param name="TooMany">True when there is more than is told one by one.</param>
public sealed record ChangeList(IReadOnlyList<Change> Changes, bool Forgotten = false, bool TooMany = false);

/// <summary>Tells issue by issue what was changed between two moments of the feed.</summary>
public sealed class ChangeLog(Database database)
{
    /// <summary>Most changes that are told one by one.</summary>
    public const int Most = 1000;

    private const string List = """
        SELECT f.database_id = @database AND f.lost_xid < pg_snapshot_xmin(@since::pg_snapshot) AND pg_snapshot_xmax(@since::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()),
            c.kind, c.id_from, c.id_to, c.at, c.xid, (c.before).*
        FROM geosan.feed AS f
        LEFT JOIN LATERAL (
            SELECT * FROM geosan.known_change
            WHERE xid >= pg_snapshot_xmin(@since::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, @since::pg_snapshot) AND pg_visible_in_snapshot(xid, @until::pg_snapshot)
            ORDER BY at, xid, kind, id_from
            LIMIT @most) AS c ON true
        ORDER BY c.at, c.xid, c.kind, c.id_from
        """;

    private const int BeforeColumn = 6;

    /// <summary>Reads the changes that a moment shows and an earlier one did not.</summary>
    /// <param name="since">The earlier moment.</param>
    /// <param name="until">The moment, as <see cref="FeedPosition.Snapshot"/> is written.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<ChangeList> ReadAsync(FeedPosition since, string until, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(List);
        command.Parameters.Add(new("database", since.DatabaseId));
        command.Parameters.Add(new("since", NpgsqlDbType.Text) { Value = since.Snapshot });
        command.Parameters.Add(new("until", NpgsqlDbType.Text) { Value = until });
        command.Parameters.Add(new("most", Most + 1));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (changes, known, rows) = (new List<Change>(), new HashSet<(long?, string?)>(), 0);
        while (await reader.ReadAsync(cancellation))
        {
            if (!reader.GetBoolean(0))
            {
                return new ChangeList([], Forgotten: true);
            }
            if (await reader.IsDBNullAsync(1, cancellation))
            {
                break;
            }
            var isIssue = reader.GetString(1) == "issue";
            if (++rows > Most || (isIssue && reader.GetInt64(2) != reader.GetInt64(3)))
            {
                return new ChangeList([], TooMany: true);
            }
            // The first change of an issue knows what it was before all of them.
            var (issue, table) = isIssue ? (reader.GetInt64(2), null) : ((long?)null, reader.GetString(1));
            if (known.Add((issue, table)))
            {
                changes.Add(new Change(issue, reader.IsDBNull(BeforeColumn) ? null : ChangeReading.RowOf(reader, BeforeColumn), table, reader.GetDateTime(4), reader.GetFieldValue<ulong>(5)));
            }
        }
        return new ChangeList(changes);
    }
}
