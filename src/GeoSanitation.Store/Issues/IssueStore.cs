using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Issues;

/// <summary>Reads issues, and adds new ones; <see cref="IssueEdit"/> changes them.</summary>
/// <param name="database">A migrated database.</param>
/// <param name="batch">What changes are part of; null for each to stand for itself.</param>
public sealed class IssueStore(Database database, IssueBatch? batch = null)
{
    /// <summary>Begins to read a page of issues.</summary>
    public Task<IssuePage> OpenPageAsync(IssuePageRequest request, CancellationToken cancellation) => IssuePage.OpenAsync(database, request, cancellation);

    /// <summary>One issue, or null.</summary>
    public async Task<Issue?> FindAsync(long id, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await IssueSql.FindAsync(connection, id, cancellation);
    }

    /// <summary>Begins to change an issue; nobody else changes it until that ends.</summary>
    /// <returns>Null when there is no such issue.</returns>
    public Task<IssueEdit?> BeginEditAsync(long id, CancellationToken cancellation) => IssueEdit.BeginAsync(database, batch, id, cancellation);

    /// <summary>Adds an issue, with the first line of its history.</summary>
    /// <param name="issue">Everything but what is read only.</param>
    /// <param name="relapse">The relapse rule.</param>
    /// <param name="actor">Who adds it.</param>
    /// <param name="cancellation">Cancels; nothing is kept.</param>
    /// <returns>The issue as it is now; null when its source has that external id already.</returns>
    public async Task<Issue?> AddAsync(Issue issue, RelapseRule relapse, string actor, CancellationToken cancellation)
    {
        if (batch is not null)
        {
            return await InsertAsync(batch.Connection);
        }
        await using var alone = await IssueBatch.BeginAsync(database, cancellation);
        var added = await InsertAsync(alone.Connection);
        await alone.CommitAsync(cancellation);
        return added;

        async Task<Issue?> InsertAsync(NpgsqlConnection connection)
        {
            if (await IssueSql.InsertAsync(connection, issue, relapse, cancellation) is not { } id)
            {
                return null;
            }
            await IssueSql.RecordAsync(connection, id, new IssueChange("created", null, issue.Status, null, null), actor, "create issue", cancellation);
            return await IssueSql.FindAsync(connection, id, cancellation);
        }
    }

    /// <summary>The history of an issue, oldest first; null when there is no such issue.</summary>
    public async Task<IReadOnlyList<IssueEvent>?> EventsAsync(long id, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(IssueSql.ListEvents);
        command.Parameters.Add(new("id", NpgsqlDbType.Bigint) { Value = id });
        await using var r = await command.ExecuteReaderAsync(cancellation);
        var events = new List<IssueEvent>();
        var isThere = false;
        while (await r.ReadAsync(cancellation))
        {
            isThere = true;
            if (!r.IsDBNull(0))
            {
                events.Add(Event(r));
            }
        }
        return isThere ? events : null;
    }

    /// <summary>When issues were reported and changed; null when there is none.</summary>
    public async Task<IssueExtent?> ExtentAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(IssueSql.Extent);
        await using var r = await command.ExecuteReaderAsync(cancellation);
        await r.ReadAsync(cancellation);
        return r.IsDBNull(0) ? null : new IssueExtent(r.GetDateTime(0), r.GetDateTime(1), r.GetDateTime(2));
    }

    /// <summary>The histories of several issues, each oldest first.</summary>
    public async Task<ILookup<long, IssueEvent>> EventsAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(IssueSql.ListEventsOfMany);
        command.Parameters.Add(new("ids", NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = ids.ToArray() });
        await using var r = await command.ExecuteReaderAsync(cancellation);
        var events = new List<(long Issue, IssueEvent Event)>();
        while (await r.ReadAsync(cancellation))
        {
            events.Add((r.GetInt64(8), Event(r)));
        }
        return events.ToLookup(e => e.Issue, e => e.Event);
    }

    private static IssueEvent Event(NpgsqlDataReader r)
        => new(r.GetInt64(0), r.GetDateTime(1), r.GetString(2), r.GetString(3), Text(r, 4), Text(r, 5), Text(r, 6), Text(r, 7));

    private static string? Text(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);
}

/// <summary>When issues were reported and changed, UTC.</summary>
/// <param name="FirstReport">The first report.</param>
/// <param name="LastReport">The last report.</param>
/// <param name="LastChange">The last change.</param>
public sealed record IssueExtent(DateTime FirstReport, DateTime LastReport, DateTime LastChange);

/// <summary>A line of an issue's history.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Who: the name of a key, or of an import's user.</param>
/// <param name="Kind"><c>created</c>, <c>edited</c>, <c>moved</c>, <c>transition</c>, <c>reopened</c>, <c>imported</c>, <c>linked</c> or <c>attached</c>.</param>
/// <param name="FromStatus">Status before, where it changed.</param>
/// <param name="ToStatus">Status after, where it changed.</param>
/// <param name="Note">What was said about it.</param>
/// <param name="PayloadJson">What changed: an object of [before, after].</param>
public sealed record IssueEvent(long Id, DateTime At, string Actor, string Kind, string? FromStatus, string? ToStatus, string? Note, string? PayloadJson);

/// <summary>What is done to an issue, for its history and for the audit.</summary>
/// <param name="Kind">See <see cref="IssueEvent.Kind"/>.</param>
/// <param name="FromStatus">Status before, where it changes.</param>
/// <param name="ToStatus">Status after, where it changes.</param>
/// <param name="Note">What was said about it.</param>
/// <param name="PayloadJson">What changes: an object of [before, after]; anybody may read it.</param>
public sealed record IssueChange(string Kind, string? FromStatus, string? ToStatus, string? Note, string? PayloadJson);
