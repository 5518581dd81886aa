using GeoSanitation.Store.Access;
using GeoSanitation.Store.Imports;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GeoSanitation.Store.Issues;

/// <summary>One issue while it is changed: read and locked, then saved or deleted, in a transaction of its own or in that of a batch. Disposing without either leaves it as it was.</summary>
public sealed class IssueEdit : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    // Null in the transaction of others, who end it.
    private readonly IssueBatch? _own;

    private IssueEdit(NpgsqlConnection connection, IssueBatch? own, Issue issue, DateTime now)
        => (_connection, _own, Issue, Now) = (connection, own, issue, now);

    /// <summary>The issue as it is.</summary>
    public Issue Issue { get; }

    /// <summary>The database's clock after the issue was locked, UTC.</summary>
    public DateTime Now { get; }

    /// <summary>Wards at a place, categories, rounds and rules, as they are now.</summary>
    public Task<IntakeReference> ReferenceAsync(Point at, CancellationToken cancellation) => IntakeReference.LoadAsync(_connection, at, cancellation);

    /// <summary>Saves the issue, with a line of its history and of the audit.</summary>
    /// <param name="changed">What it is to be.</param>
    /// <param name="replaced">True when its place or its category changed: then it is judged anew whether it is a relapse.</param>
    /// <param name="change">What was done.</param>
    /// <param name="relapse">The relapse rule.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="cancellation">Cancels; nothing is kept.</param>
    /// <returns>The issue as it is now.</returns>
    public async Task<Issue> SaveAsync(Issue changed, bool replaced, IssueChange change, RelapseRule relapse, string actor, CancellationToken cancellation)
    {
        await IssueSql.UpdateAsync(_connection, changed, replaced, relapse, cancellation);
        await IssueSql.RecordAsync(_connection, changed.Id, change, actor, change.Kind is "transition" or "reopened" ? "move issue" : "edit issue", cancellation);
        var saved = await IssueSql.FindAsync(_connection, changed.Id, cancellation);
        await CommitAsync(cancellation);
        return saved!;
    }

    /// <summary>Deletes the issue with its history and its attachments; only the audit remembers it.</summary>
    /// <param name="actor">Who did it.</param>
    /// <param name="cancellation">Cancels; nothing is kept.</param>
    public async Task DeleteAsync(string actor, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(IssueSql.Delete, _connection) { Parameters = { new("id", Issue.Id) } };
        var summary = (string)(await command.ExecuteScalarAsync(cancellation))!;
        await AuditStore.AddAsync(_connection, actor, "delete issue", $"issues/{Issue.Id}", summary, cancellation);
        await CommitAsync(cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal static async Task<IssueEdit?> BeginAsync(Database database, IssueBatch? batch, long id, CancellationToken cancellation)
    {
        var own = batch is null ? await IssueBatch.BeginAsync(database, cancellation) : null;
        var edit = (IssueEdit?)null;
        try
        {
            var connection = (batch ?? own!).Connection;
            await using var lockIssue = new NpgsqlCommand(IssueSql.Lock, connection) { Parameters = { new("id", id) } };
            if (await lockIssue.ExecuteScalarAsync(cancellation) is not null)
            {
                // A statement of its own: it sees what was committed while the lock was waited for.
                var issue = await IssueSql.FindAsync(connection, id, cancellation);
                await using var clock = new NpgsqlCommand("SELECT clock_timestamp()", connection);
                edit = new IssueEdit(connection, own, issue!, (DateTime)(await clock.ExecuteScalarAsync(cancellation))!);
            }
            return edit;
        }
        finally
        {
            if (edit is null && own is not null)
            {
                await own.DisposeAsync();
            }
        }
    }

    private Task CommitAsync(CancellationToken cancellation) => _own?.CommitAsync(cancellation) ?? Task.CompletedTask;
}
