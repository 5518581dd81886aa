using Npgsql;

namespace GeoSanitation.Store.Runs;

/// <summary>
/// A server at work on runs. It holds a numbered lock on a connection of its own for as long as it lives, so that runs whose server was killed can be told from those at work.
/// </summary>
public sealed class RunOwner(Database database) : IAsyncDisposable
{
    // First key of two-part advisory locks; any constant that no other program uses.
    internal const int LifeLock = 0x67730003;

    private readonly SemaphoreSlim _turn = new(1);
    private NpgsqlConnection? _connection;
    private int _number;

    /// <summary>Its number; the lock is held when this returns, also where the connection was lost since the last call.</summary>
    public async Task<int> NumberAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_connection is null || !await IsAliveAsync(_connection, cancellation))
            {
                await CloseAsync();
                var connection = await database.Source.OpenConnectionAsync(cancellation);
                await using var take = new NpgsqlCommand("""
                    WITH mine AS (SELECT CASE WHEN @number = 0 THEN nextval('geosan.run_owner')::integer ELSE @number END AS number)
                    SELECT number, pg_advisory_lock(@lock, number) FROM mine
                    """, connection);
                take.Parameters.Add(new("number", _number));
                take.Parameters.Add(new("lock", LifeLock));
                _number = (int)(await take.ExecuteScalarAsync(cancellation))!;
                _connection = connection;
            }
            return _number;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _turn.Dispose();
    }

    private static async Task<bool> IsAliveAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellation);
            return true;
        }
        catch (Exception problem) when (problem is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
