namespace GeoSanitation.Store.Runs;

/// <summary>The statements of <see cref="RunStore"/>.</summary>
internal static class RunSql
{
    private const string Columns = """
        id, name, method, method_version, parameters::text, filter::text, data_version, actor, state, progress, explain::text, columns::text, feature_count,
        error, created_at, started_at, finished_at, published_at
        """;

    internal const string Add = """
        INSERT INTO geosan.run (name, method, method_version, parameters, filter, data_version, actor, kept, owner, callback)
        VALUES (@name, @method, @method_version, @parameters, @filter, @data_version, @actor, @kept, @owner, @callback)
        RETURNING id
        """;

    internal const string Find = $"SELECT {Columns} FROM geosan.run WHERE id = @id";

    internal const string List = $"""
        SELECT {Columns} FROM geosan.run
        WHERE id < @before AND (@method IS NULL OR method = @method) AND (@state IS NULL OR state = @state) AND (@published IS NULL OR (published_at IS NOT NULL) = @published)
        ORDER BY id DESC
        LIMIT @most
        """;

    /// <summary>A run takes from its start to its end, or until now.</summary>
    internal const string ListJobs = $"""
        SELECT {Columns} FROM geosan.run
        WHERE id < @before AND (@methods IS NULL OR method = ANY (@methods)) AND (@states IS NULL OR state = ANY (@states))
          AND (@from IS NULL OR created_at >= @from) AND (@to IS NULL OR created_at < @to)
          AND (@shortest IS NULL OR coalesce(finished_at, now()) - started_at >= make_interval(secs => @shortest))
          AND (@longest IS NULL OR coalesce(finished_at, now()) - started_at <= make_interval(secs => @longest))
        ORDER BY id DESC
        LIMIT @most
        """;

    internal const string Callback = "SELECT callback::text FROM geosan.run WHERE id = @id";

    internal const string LastPublished = $"SELECT {Columns} FROM geosan.run WHERE published_at IS NOT NULL ORDER BY published_at DESC, id DESC LIMIT 1";

    internal const string LastPublishedOfEach = $"""
        SELECT DISTINCT ON (method) {Columns} FROM geosan.run WHERE published_at IS NOT NULL
        ORDER BY method, published_at DESC, id DESC
        """;

    /// <summary>Runs without a name belong together by their method.</summary>
    internal const string ListPublished = $"""
        SELECT {Columns}, previous
        FROM (
            SELECT *, lag(id) OVER line AS previous, lead(id) OVER line AS next
            FROM geosan.run WHERE published_at IS NOT NULL
            WINDOW line AS (PARTITION BY name, method ORDER BY published_at, id)) AS published
        WHERE (@name IS NULL OR coalesce(name, method) = @name) AND (@since IS NULL OR (published_at > @since AND next IS NULL))
        ORDER BY published_at DESC, id DESC
        LIMIT @most
        """;

    internal const string Progress = """
        UPDATE geosan.run SET state = 'running', progress = @progress, started_at = coalesce(started_at, now())
        WHERE id = @id AND state IN ('queued', 'running')
        """;

    internal const string Finish = """
        UPDATE geosan.run
        SET state = 'done', progress = 1, data_version = @data_version, explain = @explain, columns = @columns, feature_count = @feature_count,
            started_at = coalesce(started_at, now()), finished_at = clock_timestamp()
        WHERE id = @id AND state IN ('queued', 'running')
        """;

    internal const string CopyFeatures = "COPY geosan.run_feature (run_id, id, key, properties, geom) FROM STDIN (FORMAT BINARY)";

    internal const string EndWithNothing = """
        UPDATE geosan.run SET state = @state, error = @error, finished_at = now()
        WHERE id = @id AND state IN ('queued', 'running')
        """;

    internal const string Publish = "UPDATE geosan.run SET published_at = coalesce(published_at, now()) WHERE id = @id AND state = 'done'";

    internal const string Unpublish = "UPDATE geosan.run SET published_at = NULL WHERE id = @id";

    internal const string Delete = "DELETE FROM geosan.run WHERE id = @id AND state NOT IN ('queued', 'running') AND published_at IS NULL";

    /// <summary>Of the runs that nobody asked to be kept, all but the last.</summary>
    internal const string Prune = """
        DELETE FROM geosan.run
        WHERE NOT kept AND published_at IS NULL AND state NOT IN ('queued', 'running') AND id <= (
            SELECT id FROM geosan.run WHERE NOT kept AND published_at IS NULL AND state NOT IN ('queued', 'running') ORDER BY id DESC OFFSET @most LIMIT 1)
        """;

    internal const string ListFeatures = "SELECT id, key, properties::text, geom FROM geosan.run_feature WHERE run_id = @id ORDER BY id";

    /// <summary>Runs whose server ended before they did.</summary>
    internal const string BuryDead = """
        UPDATE geosan.run AS dead
        SET state = 'failed', error = 'the server ended before the run did', finished_at = now()
        WHERE dead.state IN ('queued', 'running') AND NOT EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND classid = @lock::integer::oid AND objid = dead.owner::oid AND objsubid = 2
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """;
}
