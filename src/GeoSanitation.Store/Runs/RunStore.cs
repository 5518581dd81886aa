using System.Runtime.CompilerServices;
using NetTopologySuite.Geometries;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Runs;

/// <summary>Kept analyses and their results.</summary>
public sealed class RunStore(Database database)
{
    private const int PreviousColumn = 18;

    /// <summary>Puts a run on record, as queued.</summary>
    /// <param name="run">The run.</param>
    /// <param name="owner">Number of the server that will do it (<see cref="RunOwner"/>).</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Its id.</returns>
    public async Task<long> AddAsync(NewRun run, int owner, CancellationToken cancellation)
    {
        await using var command = Command(RunSql.Add,
            Text("name", run.Name), Text("method", run.Method), new("method_version", run.MethodVersion), Json("parameters", run.ParametersJson), Json("filter", run.FilterJson),
            Text("data_version", run.DataVersion), Text("actor", run.Actor), new("kept", run.Kept), new("owner", owner),
            new("callback", NpgsqlDbType.Jsonb) { Value = (object?)run.CallbackJson ?? DBNull.Value });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The run of an id, or null.</summary>
    public Task<RunRecord?> FindAsync(long id, CancellationToken cancellation) => FirstAsync(Command(RunSql.Find, Id(id)), cancellation);

    /// <summary>The run published last, or null.</summary>
    public Task<RunRecord?> LastPublishedAsync(CancellationToken cancellation) => FirstAsync(Command(RunSql.LastPublished), cancellation);

    /// <summary>Runs, latest first.</summary>
    /// <param name="before">Only those with a lower id; null for all.</param>
    /// <param name="method">Only those of a method; null for all.</param>
    /// <param name="state">Only those in a state; null for all.</param>
    /// <param name="published">Only published ones (true), only others (false), or all (null).</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<RunRecord>> ListAsync(long? before, string? method, string? state, bool? published, int most, CancellationToken cancellation)
    {
        await using var command = Command(RunSql.List,
            new("before", before ?? long.MaxValue), Text("method", method), Text("state", state),
            new("published", NpgsqlDbType.Boolean) { Value = (object?)published ?? DBNull.Value }, new("most", most));
        return await AllAsync(command, cancellation);
    }

    /// <summary>Runs, latest first.</summary>
    public async Task<IReadOnlyList<RunRecord>> ListAsync(RunSelection which, CancellationToken cancellation)
    {
        await using var command = Command(RunSql.ListJobs,
            new("before", which.Before ?? long.MaxValue), Texts("methods", which.Methods), Texts("states", which.States), Time("from", which.CreatedFrom), Time("to", which.CreatedBefore),
            Seconds("shortest", which.ShortestSeconds), Seconds("longest", which.LongestSeconds), new("most", which.Most));
        return await AllAsync(command, cancellation);

        static NpgsqlParameter Texts(string name, IReadOnlyList<string>? texts) => new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = texts is null ? DBNull.Value : texts.ToArray() };

        static NpgsqlParameter Time(string name, DateTimeOffset? time) => new(name, NpgsqlDbType.TimestampTz) { Value = (object?)time?.UtcDateTime ?? DBNull.Value };

        static NpgsqlParameter Seconds(string name, int? seconds) => new(name, NpgsqlDbType.Double) { Value = (double?)seconds is { } some ? some : DBNull.Value };
    }

    /// <summary>What a run was given as <see cref="NewRun.CallbackJson"/>; null for nothing.</summary>
    public async Task<string?> CallbackAsync(long id, CancellationToken cancellation)
    {
        await using var command = Command(RunSql.Callback, Id(id));
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    /// <summary>The run of each method that was published last, by the methods' names.</summary>
    public async Task<IReadOnlyList<RunRecord>> LastPublishedOfEachAsync(CancellationToken cancellation)
    {
        await using var command = Command(RunSql.LastPublishedOfEach);
        return await AllAsync(command, cancellation);
    }

    /// <summary>Published runs, the one published last first, each with the one of its name and method that was published before.</summary>
    /// <param name="name">Only those of a name, or, without a name, of a method of this name; null for all.</param>
    /// <param name="since">Only those that were published later and are the last of their name and method; null for all.</param>
    /// <param name="most">How many at most; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<(RunRecord Run, long? Previous)>> ListPublishedAsync(string? name, DateTime? since, int? most, CancellationToken cancellation)
    {
        await using var command = Command(
            RunSql.ListPublished, Text("name", name), new("since", NpgsqlDbType.TimestampTz) { Value = (object?)since ?? DBNull.Value }, new("most", NpgsqlDbType.Integer) { Value = (object?)most ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var runs = new List<(RunRecord, long?)>();
        while (await reader.ReadAsync(cancellation))
        {
            runs.Add((Read(reader), reader.IsDBNull(PreviousColumn) ? null : reader.GetInt64(PreviousColumn)));
        }
        return runs;
    }

    /// <summary>Records that a run is at work, and how far it is.</summary>
    public async Task ProgressAsync(long id, double progress, CancellationToken cancellation)
    {
        await using var command = Command(RunSql.Progress, Id(id), new("progress", (float)Math.Clamp(progress, 0, 1)));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Records the result of a run, all of it or, when the run has ended otherwise meanwhile, nothing.</summary>
    /// <param name="id">The run.</param>
    /// <param name="dataVersion">The data that the result is of.</param>
    /// <param name="explainJson">How it came about: an object.</param>
    /// <param name="columnsJson">Names and types of the attributes.</param>
    /// <param name="features">The features in their order.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task FinishAsync(long id, string dataVersion, string explainJson, string columnsJson, IEnumerable<(string Key, string PropertiesJson, Geometry Geometry)> features, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var count = 0;
        await using (var copy = await connection.BeginBinaryImportAsync(RunSql.CopyFeatures, cancellation))
        {
            copy.Timeout = TimeSpan.Zero;
            foreach (var (key, properties, geometry) in features)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(id, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(++count, NpgsqlDbType.Integer, cancellation);
                await copy.WriteAsync(key, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(properties, NpgsqlDbType.Jsonb, cancellation);
                await copy.WriteAsync(geometry, NpgsqlDbType.Geometry, cancellation);
            }
            await copy.CompleteAsync(cancellation);
        }
        await using var finish = new NpgsqlCommand(RunSql.Finish, connection, transaction)
        {
            Parameters =
            {
                Id(id), Text("data_version", dataVersion), Json("explain", explainJson), Json("columns", columnsJson), new("feature_count", count),
            },
        };
        if (await finish.ExecuteNonQueryAsync(cancellation) == 1)
        {
            await transaction.CommitAsync(cancellation);
        }
    }

    /// <summary>Records that a run came to nothing.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancelled">True when somebody stopped it, false when it failed.</param>
    /// <param name="error">Why, for a person to read.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task EndWithNothingAsync(long id, bool cancelled, string error, CancellationToken cancellation)
    {
        await using var command = Command(RunSql.EndWithNothing, Id(id), Text("state", cancelled ? "cancelled" : "failed"), Text("error", error));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Publishes a run that is done; one that is published stays as it is.</summary>
    /// <returns>False when there is no such run with a result.</returns>
    public Task<bool> PublishAsync(long id, CancellationToken cancellation) => ChangeAsync(RunSql.Publish, id, cancellation);

    /// <summary>Takes a run back.</summary>
    /// <returns>False when there is no such run.</returns>
    public Task<bool> UnpublishAsync(long id, CancellationToken cancellation) => ChangeAsync(RunSql.Unpublish, id, cancellation);

    /// <summary>Removes a run with its result.</summary>
    /// <returns>False when there is none, or it is at work, or published.</returns>
    public Task<bool> DeleteAsync(long id, CancellationToken cancellation) => ChangeAsync(RunSql.Delete, id, cancellation);

    /// <summary>Removes the runs that nobody asked to be kept, but for the last.</summary>
    public async Task PruneAsync(int most, CancellationToken cancellation)
    {
        await using var command = Command(RunSql.Prune, new NpgsqlParameter("most", most));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Marks the runs as failed whose server ended before they did; a server does so at its start.</summary>
    public async Task BuryDeadAsync(CancellationToken cancellation)
    {
        await using var command = Command(RunSql.BuryDead, new NpgsqlParameter("lock", RunOwner.LifeLock));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The features of a run, in their order, one at a time.</summary>
    public async IAsyncEnumerable<RunFeature> FeaturesAsync(long id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = Command(RunSql.ListFeatures, Id(id));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            yield return new RunFeature(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<Geometry>(3));
        }
    }

    private async Task<bool> ChangeAsync(string sql, long id, CancellationToken cancellation)
    {
        await using var command = Command(sql, Id(id));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private static async Task<RunRecord?> FirstAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            return await reader.ReadAsync(cancellation) ? Read(reader) : null;
        }
    }

    private static async Task<IReadOnlyList<RunRecord>> AllAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var runs = new List<RunRecord>();
        while (await reader.ReadAsync(cancellation))
        {
            runs.Add(Read(reader));
        }
        return runs;
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = database.Source.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static NpgsqlParameter Id(long id) => new("id", id);

    private static NpgsqlParameter Text(string name, string? text) => new(name, NpgsqlDbType.Text) { Value = (object?)text ?? DBNull.Value };

    private static NpgsqlParameter Json(string name, string json) => new(name, NpgsqlDbType.Jsonb) { Value = json };

    private static RunRecord Read(NpgsqlDataReader reader)
    {
        return new RunRecord(
            reader.GetInt64(0), Text(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetString(7), reader.GetString(8),
            reader.GetFloat(9), Text(10), reader.GetString(11), reader.GetInt32(12), Text(13), reader.GetDateTime(14), Time(15), Time(16), Time(17));

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        DateTime? Time(int column) => reader.IsDBNull(column) ? null : reader.GetDateTime(column);
    }
}
