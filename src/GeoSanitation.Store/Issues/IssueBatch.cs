using Npgsql;

namespace GeoSanitation.Store.Issues;

/// <summary>Changes of several issues in one transaction: kept together, or not at all. Disposing without <see cref="CommitAsync"/> leaves everything as it was.</summary>
public sealed class IssueBatch : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private IssueBatch(NpgsqlConnection connection, NpgsqlTransaction transaction) => (Connection, _transaction) = (connection, transaction);

    /// <summary>Where the changes are made.</summary>
    internal NpgsqlConnection Connection { get; }

    /// <summary>Begins it.</summary>
    public static async Task<IssueBatch> BeginAsync(Database database, CancellationToken cancellation)
    {
        var connection = await database.Source.OpenConnectionAsync(cancellation);
        try
        {
            return new IssueBatch(connection, await connection.BeginTransactionAsync(cancellation));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps others from changing some issues until the batch ends. Whoever locks all it will change at once waits for others, but never with them for each other.</summary>
    /// <param name="ids">Their ids; those that are not there count for nothing.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task LockAsync(IReadOnlyCollection<long> ids, CancellationToken cancellation)
    {
        await using var command = Connection.CreateCommand();
        command.CommandText = "SELECT FROM geosan.issue WHERE id = ANY (@ids) ORDER BY id FOR UPDATE";
        command.Parameters.AddWithValue("ids", ids.ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Keeps the changes.</summary>
    public Task CommitAsync(CancellationToken cancellation) => _transaction.CommitAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
