using System.Runtime.CompilerServices;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;
using Npgsql;

namespace GeoSanitation.Store.Changes;

/// <summary>What has changed, as of one moment: read the rows of <see cref="Issues"/>, then dispose.</summary>
public sealed class ChangeReading : IAsyncDisposable
{
    private const string SelectIssues = """
        SELECT i.id, ST_X(i.geom), ST_Y(i.geom), i.reported_at, i.due_at, coalesce(i.ward_id, 0), i.category_code, i.source, i.department, coalesce(i.round_id, 0),
            array_position(ARRAY['reported', 'accepted', 'dispatched', 'resolved', 'closed', 'rejected'], i.status) - 1, i.severity,
            2 * (i.relapse_of IS NOT NULL)::int + 4 * (i.location_quality = 'default_point')::int, coalesce(i.resolved_at, i.closed_at), i.closed_at, i.responsible
        FROM geosan.issue AS i
        """;

    private const string ListAll = $"{SelectIssues} ORDER BY i.id";

    private const string ListRanges = $"{SelectIssues} JOIN unnest(@from, @to) AS r (low, high) ON i.id BETWEEN r.low AND r.high ORDER BY i.id";

    private const string ListCategories = """SELECT code, name, name_en, parent_code FROM geosan.category ORDER BY code COLLATE "C" """;

    private const string ListWards = "SELECT id, code, path::text FROM geosan.ward ORDER BY id";

    private const string ListRounds = $"SELECT {RoundStore.Columns}, id FROM geosan.round ORDER BY id";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    internal ChangeReading(NpgsqlConnection connection, NpgsqlTransaction transaction, FeedPosition position, IReadOnlyList<IdRange> issues, bool tablesChanged)
        => (_connection, _transaction, Position, Issues, TablesChanged) = (connection, transaction, position, issues, tablesChanged);

    /// <summary>Where the reader stands after this.</summary>
    public FeedPosition Position { get; }

    /// <summary>Issues that were added, changed or deleted, ascending: what is there of them now comes from <see cref="ReadIssuesAsync"/>.</summary>
    public IReadOnlyList<IdRange> Issues { get; }

    /// <summary>Whether wards, categories, rounds or working days have changed.</summary>
    public bool TablesChanged { get; }

    /// <summary>The issues of <see cref="Issues"/> that are there, by id.</summary>
    public async IAsyncEnumerable<IssueRow> ReadIssuesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Issues.Count == 0)
        {
            yield break;
        }
        var all = Issues is [var only] && only == IdRange.All;
        await using var command = new NpgsqlCommand(all ? ListAll : ListRanges, _connection, _transaction) { CommandTimeout = 0 };
        if (!all)
        {
            command.Parameters.Add(new("from", Issues.Select(r => r.From).ToArray()));
            command.Parameters.Add(new("to", Issues.Select(r => r.To).ToArray()));
        }
        await using var r = await command.ExecuteReaderAsync(cancellation);
        while (await r.ReadAsync(cancellation))
        {
            yield return RowOf(r, 0);
        }
    }

    /// <summary>The tables that filters refer to.</summary>
    public async Task<FilterTables> ReadTablesAsync(CancellationToken cancellation)
    {
        var categories = await ListAsync(ListCategories, r => new CategoryRow(new NamedCode(r.GetString(0), r.GetString(1), Text(r, 2)), Text(r, 3)), cancellation);
        var wards = await ListAsync(ListWards, r => new WardRow(r.GetInt32(0), r.GetString(1), r.GetString(2)), cancellation);
        return new FilterTables(categories, wards, await ListAsync(ListRounds, r => new RoundRow(r.GetInt32(8), RoundStore.Read(r)), cancellation));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>An issue as <see cref="SelectIssues"/> and the feed's <c>before</c> write it, from a column on.</summary>
    internal static IssueRow RowOf(NpgsqlDataReader r, int first)
    {
        return new IssueRow(
            r.GetInt64(first), r.GetDouble(first + 1), r.GetDouble(first + 2), Microseconds(r.GetDateTime(first + 3)), Moment(4), r.GetInt32(first + 5),
            r.GetString(first + 6), r.GetString(first + 7), Text(r, first + 8), r.GetInt32(first + 9), (byte)r.GetInt32(first + 10), (byte)r.GetInt16(first + 11),
            (IssueTraits)r.GetInt32(first + 12), Moment(13), Moment(14), Text(r, first + 15));

        long? Moment(int column) => r.IsDBNull(first + column) ? null : Microseconds(r.GetDateTime(first + column));
    }

    private static long Microseconds(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static string? Text(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var list = new List<T>();
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            list.Add(read(reader));
        }
        return list;
    }
}
