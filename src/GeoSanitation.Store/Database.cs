using Npgsql;

namespace GeoSanitation.Store;

/// <summary>One PostGIS database: the pool that every store of this project draws its connections from.</summary>
public sealed class Database : IAsyncDisposable
{
    internal NpgsqlDataSource Source { get; }

    private Database(NpgsqlDataSource source) => Source = source;

    /// <summary>Opens a pool; no connection is made yet.</summary>
    /// <param name="connectionString">An Npgsql connection string; several hosts are allowed.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static Database Open(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= "geosan";
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseNetTopologySuite();
        return new Database(builder.Build());
    }

    /// <summary>
    /// Names what a reader sees now: equal strings mean equal data. It is the transaction snapshot of the
    /// server, joined with the last deadline that passed, because an issue turns overdue without being written.
    /// </summary>
    public async Task<string> DataVersionAsync(CancellationToken cancellation)
    {
        await using var command = Source.CreateCommand(DataVersionSql);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The statement of <see cref="DataVersionAsync"/>, for stores that read the version and the data in one transaction.</summary>
    internal const string DataVersionSql = """
        SELECT pg_current_snapshot()::text || ';' || coalesce((
            SELECT extract(epoch FROM max(due_at))::text FROM geosan.issue
            WHERE due_at <= now() AND status IN ('reported', 'accepted', 'dispatched')), '')
        """;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
