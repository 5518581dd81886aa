using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Changes;

/// <summary>What programs may ask for that count changes in generations, as Esri's do.</summary>
/// <param name="Least">Changes from this generation on are known one by one.</param>
/// <param name="Now">The generation that changes to come belong to: all before it are finished.</param>
public readonly record struct Generations(long Least, long Now);

/// <summary>An issue that was changed between two generations, however often.</summary>
/// <param name="Issue">Its number.</param>
/// <param name="IsNew">Whether it was not there before.</param>
/// <param name="IsThere">Whether it is there now.</param>
/// <param name="Last">What it was before the last change; null where that made it.</param>
public readonly record struct GenerationChange(long Issue, bool IsNew, bool IsThere, IssueRow? Last);

/// <summary>
/// Tells issue by issue what was changed between two generations. A generation is a whole number: the id of a transaction before which all others had ended.
/// What is in one never changes any more, so that whoever asks from generation to generation is told each change once; what a transaction does that takes long is told when it
/// and those beside it have ended.
/// </summary>
public sealed class GenerationLog(Database database)
{
    /// <summary>Most issues that are told of one by one.</summary>
    public const int Most = 100_000;

    // A row of very many issues tells that they changed, not how. The generation moves only when issues do: nothing that is still at work can belong to one before the oldest transaction.
    private const string Ends = """
        SELECT ends.least, greatest(ends.least, 1 + (
            SELECT max(xid) FROM geosan.known_change WHERE kind = 'issue' AND xid < pg_snapshot_xmin(pg_current_snapshot()))::text::bigint)
        FROM (
            SELECT 1 + greatest(f.lost_xid, f.began_xid, (
                SELECT max(xid) FROM geosan.known_change WHERE id_from <> id_to AND xid < pg_snapshot_xmin(pg_current_snapshot())))::text::bigint AS least
            FROM geosan.feed AS f) AS ends
        """;

    private const string List = """
        SELECT c.id_from, (c.first).id IS NULL, EXISTS (SELECT FROM geosan.issue WHERE id = c.id_from), (c.last).*
        FROM (
            SELECT id_from, (array_agg(before ORDER BY at, xid))[1] AS first, (array_agg(before ORDER BY at DESC, xid DESC))[1] AS last
            FROM geosan.known_change
            WHERE kind = 'issue' AND xid >= @since::text::xid8 AND xid < @until::text::xid8
            GROUP BY id_from
            ORDER BY id_from
            LIMIT @most) AS c
        ORDER BY c.id_from
        """;

    private const int LastColumn = 3;

    // The feed forgets, and rows that are there do not tell of those that are gone.
    private const string LastOfIssues = "SELECT greatest((SELECT max(at) FROM geosan.known_change), (SELECT max(updated_at) FROM geosan.issue))";
    private const string LastOfWards = "SELECT greatest((SELECT max(at) FROM geosan.known_change WHERE kind = 'ward'), (SELECT max(greatest(valid_from, valid_to)) FROM geosan.ward))";

    /// <summary>Which generations may be asked for.</summary>
    public async Task<Generations> EndsAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Ends);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new Generations(reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>When issues, or what is told with them, were changed last, as far as that is known, UTC; null when they never were.</summary>
    public Task<DateTime?> LastOfIssuesAsync(CancellationToken cancellation) => LastAsync(LastOfIssues, cancellation);

    /// <summary>When wards were changed last, as far as that is known, UTC; null when they never were.</summary>
    public Task<DateTime?> LastOfWardsAsync(CancellationToken cancellation) => LastAsync(LastOfWards, cancellation);

    private async Task<DateTime?> LastAsync(string sql, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellation) as DateTime?;
    }

    /// <summary>Reads what was changed in some generations, by the numbers of the issues; one more than <see cref="Most"/> where there is more.</summary>
    /// <param name="since">The first of them, one that <see cref="EndsAsync"/> knows.</param>
    /// <param name="until">The first after them.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<GenerationChange>> ReadAsync(long since, long until, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(List);
        command.Parameters.Add(new("since", NpgsqlDbType.Bigint) { Value = since });
        command.Parameters.Add(new("until", NpgsqlDbType.Bigint) { Value = until });
        command.Parameters.Add(new("most", Most + 1));
        var changes = new List<GenerationChange>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            changes.Add(new GenerationChange(reader.GetInt64(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.IsDBNull(LastColumn) ? null : ChangeReading.RowOf(reader, LastColumn)));
        }
        return changes;
    }
}
