using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Layers;

/// <summary>Features while they are read: what is known before the rows, then the rows, one at a time. All of it is as of one moment.</summary>
public sealed class FeatureReading : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly FeatureQuery _query;
    private readonly RowOrder _order;
    private NpgsqlTransaction? _transaction;
    private NpgsqlBatch? _batch;
    private NpgsqlDataReader? _reader;

    private FeatureReading(NpgsqlConnection connection, FeatureQuery query) => (_connection, _query, _order) = (connection, query, query.Order ?? new RowOrder(query.Layer));

    /// <summary>What the database showed when these were read; see <see cref="Database.DataVersionSql"/>.</summary>
    public string DataVersion { get; private set; } = "";

    /// <summary>How many features are meant on all pages; null when nobody counted.</summary>
    public long? Matched { get; private set; }

    /// <summary>Keys of the last row, when there are more behind it; known after the rows.</summary>
    public IReadOnlyList<object>? Next { get; private set; }

    /// <summary>Begins to read.</summary>
    /// <param name="database">A migrated database.</param>
    /// <param name="query">Which features.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<FeatureReading> OpenAsync(Database database, FeatureQuery query, CancellationToken cancellation)
    {
        var reading = new FeatureReading(await database.Source.OpenConnectionAsync(cancellation), query);
        try
        {
            await reading.BeginAsync(cancellation);
            return reading;
        }
        catch
        {
            await reading.DisposeAsync();
            throw;
        }
    }

    /// <summary>The rows, in order; each is good until the next is asked for.</summary>
    public async IAsyncEnumerable<FeatureRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var row = new ReaderRow(_reader!, _query.Layer);
        var last = ReaderRow.FirstColumn + _query.Columns.Count;
        IReadOnlyList<object>? keys = null;
        for (var n = 0; await _reader!.ReadAsync(cancellation); n++)
        {
            if (n == _query.Limit)
            {
                Next = keys;
                yield break;
            }
            yield return row;
            if (n + 1 == _query.Limit)
            {
                keys = _order.Read(_reader, last);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }
        if (_batch is not null)
        {
            await _batch.DisposeAsync();
        }
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
        }
        await _connection.DisposeAsync();
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        _transaction = await _connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        _batch = new NpgsqlBatch(_connection, _transaction) { BatchCommands = { new NpgsqlBatchCommand(Database.DataVersionSql) } };
        if (_query.Count)
        {
            var count = new NpgsqlBatchCommand();
            count.CommandText = $"SELECT count(*) FROM {_query.Layer.Table} {_query.Layer.Joins} WHERE {_query.Condition(count.Parameters)}";
            _batch.BatchCommands.Add(count);
        }
        _batch.BatchCommands.Add(Rows());
        _reader = await _batch.ExecuteReaderAsync(cancellation);
        await _reader.ReadAsync(cancellation);
        DataVersion = _reader.GetString(0);
        await _reader.NextResultAsync(cancellation);
        if (_query.Count)
        {
            await _reader.ReadAsync(cancellation);
            Matched = _reader.GetInt64(0);
            await _reader.NextResultAsync(cancellation);
        }
    }

    /// <summary>
    /// First which rows (one more than wanted, to know whether there are more), then what they hold. The subquery is a fence: without it PostgreSQL would rather
    /// read whole tables than some thousands of their rows.
    /// </summary>
    private NpgsqlBatchCommand Rows()
    {
        var (command, layer) = (new NpgsqlBatchCommand(), _query.Layer);
        var where = _query.Condition(command.Parameters);
        if (_query.After is { } keys)
        {
            where += "\n  AND " + _order.After(keys, command.Parameters);
        }
        command.Parameters.Add(new("take", NpgsqlDbType.Bigint) { Value = _query.Limit is { } limit ? limit + 1L : DBNull.Value });
        command.Parameters.Add(new("offset", NpgsqlDbType.Bigint) { Value = _query.Offset });
        var (table, alias) = (layer.Table.Split(" AS ")[0], layer.Table.Split(" AS ")[1]);
        var place = !_query.Shapes ? "NULL, NULL, NULL"
            : layer.Shape == LayerShape.Point ? $"ST_X({layer.Geometry}), ST_Y({layer.Geometry}), NULL"
            : $"NULL, NULL, {layer.Geometry}";
        command.CommandText = $"""
            WITH page AS MATERIALIZED (
                SELECT {alias}.ctid AS row, {_order.Columns}
                FROM {layer.Table} {layer.Joins}
                WHERE {where}
                ORDER BY {_order.OrderByTable}
                LIMIT @take OFFSET @offset
            )
            SELECT {layer.Number}::bigint, {layer.Id.Sql}, {place}{string.Concat(_query.Columns.Select(c => $", {c.Sql}"))}, {_order.Keys}
            FROM page
            CROSS JOIN LATERAL (SELECT * FROM {table} WHERE ctid = page.row OFFSET 0) AS {alias}
            {layer.Joins}
            ORDER BY {_order.OrderByColumns}
            """;
        return command;
    }
}
