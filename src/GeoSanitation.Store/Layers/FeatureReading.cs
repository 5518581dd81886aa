using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Layers;

/// <summary>Features while they are read: what is known before the rows, then the rows, one at a time. All of it is as of one moment.</summary>
public sealed class FeatureReading : IAsyncDisposable
{
    private readonly OneMoment _moment;
    private readonly FeatureQuery _query;
    private readonly RowOrder _order;

    private FeatureReading(OneMoment moment, FeatureQuery query) => (_moment, _query, _order) = (moment, query, OrderOf(query));

    /// <summary>What the database showed when these were read; see <see cref="Database.DataVersionSql"/>.</summary>
    public string DataVersion => _moment.DataVersion;

    /// <summary>How many features are meant on all pages; null when nobody counted.</summary>
    public long? Matched { get; private set; }

    /// <summary>Keys of the last row, when there are more behind it; known after the rows.</summary>
    public IReadOnlyList<object>? Next { get; private set; }

    /// <summary>Begins to read.</summary>
    /// <param name="database">A migrated database.</param>
    /// <param name="query">Which features.</param>
    /// <param name="cancellation">Cancels.</param>
    public static Task<FeatureReading> OpenAsync(Database database, FeatureQuery query, CancellationToken cancellation)
        => OneMoment.OpenAsync(database, query.Count ? [CountOf(query), Statement(query)] : [Statement(query)], moment => new FeatureReading(moment, query).BeginAsync(cancellation), cancellation);

    /// <summary>The rows, in order; each is good until the next is asked for.</summary>
    public async IAsyncEnumerable<FeatureRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var row = new ReaderRow(_moment.Rows, _query.Layer);
        var last = ReaderRow.FirstColumn + _query.Columns.Count;
        IReadOnlyList<object>? keys = null;
        for (var n = 0; await _moment.Rows.ReadAsync(cancellation); n++)
        {
            if (n == _query.Limit)
            {
                Next = keys;
                yield break;
            }
            yield return row;
            if (n + 1 == _query.Limit)
            {
                keys = _order.Read(_moment.Rows, last);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _moment.DisposeAsync();

    private async Task<FeatureReading> BeginAsync(CancellationToken cancellation)
    {
        Matched = _query.Count ? await _moment.CountAsync(cancellation) : null;
        return this;
    }

    private static RowOrder OrderOf(FeatureQuery query) => query.Order ?? new RowOrder(query.Layer);

    private static NpgsqlBatchCommand CountOf(FeatureQuery query)
    {
        var count = new NpgsqlBatchCommand();
        count.CommandText = $"SELECT count(*) FROM {query.Layer.Table} {query.Layer.Joins} WHERE {query.Condition(count.Parameters)}";
        return count;
    }

    /// <summary>
    /// First which rows (one more than wanted, to know whether there are more), then what they hold. The subquery is a fence: without it PostgreSQL would rather
    /// read whole tables than some thousands of their rows.
    /// </summary>
    private static NpgsqlBatchCommand Statement(FeatureQuery query)
    {
        var (command, layer, order) = (new NpgsqlBatchCommand(), query.Layer, OrderOf(query));
        var where = query.Condition(command.Parameters);
        if (query.After is { } keys)
        {
            where += "\n  AND " + order.After(keys, command.Parameters);
        }
        command.Parameters.Add(new("take", NpgsqlDbType.Bigint) { Value = query.Limit is { } limit ? limit + 1L : DBNull.Value });
        command.Parameters.Add(new("offset", NpgsqlDbType.Bigint) { Value = query.Offset });
        var (table, alias) = (layer.Table.Split(" AS ")[0], layer.Table.Split(" AS ")[1]);
        var place = !query.Shapes ? "NULL, NULL, NULL"
            : layer.Shape == LayerShape.Point ? $"ST_X({layer.Geometry}), ST_Y({layer.Geometry}), NULL"
            : $"NULL, NULL, {layer.Geometry}";
        command.CommandText = $"""
            WITH page AS MATERIALIZED (
                SELECT {alias}.ctid AS row, {order.Columns}
                FROM {layer.Table} {layer.Joins}
                WHERE {where}
                ORDER BY {order.OrderByTable}
                LIMIT @take OFFSET @offset
            )
            SELECT {layer.Number}::bigint, {layer.Id.Sql}, {place}{string.Concat(query.Columns.Select(c => $", {c.Sql}"))}, {order.Keys}
            FROM page
            CROSS JOIN LATERAL (SELECT * FROM {table} WHERE ctid = page.row OFFSET 0) AS {alias}
            {layer.Joins}
            ORDER BY {order.OrderByColumns}
            """;
        return command;
    }
}
