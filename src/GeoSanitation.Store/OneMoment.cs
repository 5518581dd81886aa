using System.Data;
using Npgsql;

namespace GeoSanitation.Store;

/// <summary>Several statements that all show the database as of one moment: their results, one after the other.</summary>
internal sealed class OneMoment : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private NpgsqlTransaction? _transaction;
    private NpgsqlBatch? _batch;
    private NpgsqlDataReader? _reader;

    private OneMoment(NpgsqlConnection connection) => _connection = connection;

    /// <summary>What the database showed then; see <see cref="Database.DataVersionSql"/>.</summary>
    internal string DataVersion { get; private set; } = "";

    /// <summary>The rows of the result that is at hand.</summary>
    internal NpgsqlDataReader Rows => _reader!;

    /// <summary>Runs the statements; the result of the first is at hand.</summary>
    /// <typeparam name="T">What is made of it; that disposes of it.</typeparam>
    /// <param name="database">A migrated database.</param>
    /// <param name="statements">The statements.</param>
    /// <param name="begin">Reads what comes before the rows.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static async Task<T> OpenAsync<T>(Database database, IEnumerable<NpgsqlBatchCommand> statements, Func<OneMoment, Task<T>> begin, CancellationToken cancellation)
    {
        var moment = new OneMoment(await database.Source.OpenConnectionAsync(cancellation));
        try
        {
            await moment.BeginAsync(statements, cancellation);
            return await begin(moment);
        }
        catch
        {
            await moment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Goes on to the next result.</summary>
    internal Task NextAsync(CancellationToken cancellation) => Rows.NextResultAsync(cancellation);

    /// <summary>The one number of the result at hand; goes on to the next.</summary>
    internal async Task<long> CountAsync(CancellationToken cancellation)
    {
        await Rows.ReadAsync(cancellation);
        var count = Rows.GetInt64(0);
        await NextAsync(cancellation);
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in (IAsyncDisposable?[])[_reader, _batch, _transaction, _connection])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    private async Task BeginAsync(IEnumerable<NpgsqlBatchCommand> statements, CancellationToken cancellation)
    {
        _transaction = await _connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        _batch = new NpgsqlBatch(_connection, _transaction) { BatchCommands = { new NpgsqlBatchCommand(Database.DataVersionSql) } };
        foreach (var statement in statements)
        {
            _batch.BatchCommands.Add(statement);
        }
        _reader = await _batch.ExecuteReaderAsync(cancellation);
        await _reader.ReadAsync(cancellation);
        DataVersion = _reader.GetString(0);
        await NextAsync(cancellation);
    }
}
