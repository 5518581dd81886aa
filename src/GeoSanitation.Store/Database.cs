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
    /// Names what a reader sees now: equal strings mean equal data. It is the number of changes that the feed has seen (see <see cref="Changes.ChangeFeed"/>),
    /// with the database's name before it and, behind it, the last deadline that passed (microseconds since 1970), because an issue turns overdue without being written.
    /// </summary>
    internal const string DataVersionSql = """
        SELECT f.database_id || '-' || (f.forgotten + (SELECT count(*) FROM geosan.change)) || coalesce('-' || (
            SELECT (extract(epoch FROM max(due_at)) * 1000000)::bigint FROM geosan.issue
            WHERE due_at <= now() AND status IN ('reported', 'accepted', 'dispatched')), '')
        FROM geosan.feed AS f
        """;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
