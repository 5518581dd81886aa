using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Issues;

/// <summary>A photo or paper of an issue, without its contents.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Name of the file.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">Hash of its contents, 32 bytes.</param>
/// <param name="CreatedAt">When it came, UTC.</param>
public sealed record Attachment(long Id, string Name, string MediaType, long Bytes, byte[] Sha256, DateTime CreatedAt);

/// <summary>What came of an attachment.</summary>
public enum AttachmentOutcome
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>The issue has the same contents already.</summary>
    AlreadyThere,

    /// <summary>The issue has as many as it may.</summary>
    Full,

    /// <summary>There is no such issue.</summary>
    NoIssue,
}

/// <summary>Photos and papers of issues, kept in the database with them.</summary>
public sealed class AttachmentStore(Database database)
{
    private const string Columns = "id, name, media_type, octet_length(content)::bigint, sha256, created_at";

    private const string List = $"""
        SELECT a.* FROM geosan.issue AS i LEFT JOIN LATERAL (SELECT {Columns} FROM geosan.attachment WHERE issue_id = i.id) AS a ON true WHERE i.id = @issue ORDER BY a.id
        """;

    private const string ListFirstImages = """
        SELECT DISTINCT ON (issue_id) issue_id, id FROM geosan.attachment WHERE issue_id = ANY (@issues) AND media_type LIKE 'image/%' ORDER BY issue_id, id
        """;

    private const string FindTwin = $"SELECT {Columns} FROM geosan.attachment WHERE issue_id = @issue AND sha256 = @sha256";

    private const string Insert = $"""
        INSERT INTO geosan.attachment (issue_id, name, media_type, sha256, content) VALUES (@issue, @name, @media_type, @sha256, @content) RETURNING {Columns}
        """;

    /// <summary>Adds an attachment with a line of the issue's history, unless the issue has the same contents already.</summary>
    /// <param name="issueId">The issue.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="mediaType">What it is.</param>
    /// <param name="content">Its contents.</param>
    /// <param name="sha256">Hash of its contents, 32 bytes.</param>
    /// <param name="most">Most attachments the issue may have.</param>
    /// <param name="change">The line of history.</param>
    /// <param name="actor">Who adds it.</param>
    /// <param name="cancellation">Cancels; nothing is kept.</param>
    /// <returns>The attachment, new or old; null where there is none.</returns>
    public async Task<(Attachment? Attachment, AttachmentOutcome Outcome)> AddAsync(
        long issueId, string name, string mediaType, byte[] content, byte[] sha256, int most, IssueChange change, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var lockIssue = new NpgsqlCommand(IssueSql.Lock, connection) { Parameters = { new("id", issueId) } };
        if (await lockIssue.ExecuteScalarAsync(cancellation) is null)
        {
            return (null, AttachmentOutcome.NoIssue);
        }
        await using var findTwin = new NpgsqlCommand(FindTwin, connection) { Parameters = { new("issue", issueId), new("sha256", sha256) } };
        if (await ReadOneAsync(findTwin, cancellation) is { } twin)
        {
            return (twin, AttachmentOutcome.AlreadyThere);
        }
        await using var count = new NpgsqlCommand("SELECT count(*) FROM geosan.attachment WHERE issue_id = @issue", connection) { Parameters = { new("issue", issueId) } };
        if ((long)(await count.ExecuteScalarAsync(cancellation))! >= most)
        {
            return (null, AttachmentOutcome.Full);
        }
        await using var insert = new NpgsqlCommand(Insert, connection)
        {
            Parameters = { new("issue", issueId), new("name", name), new("media_type", mediaType), new("sha256", sha256), new("content", content) },
        };
        var added = await ReadOneAsync(insert, cancellation);
        await IssueSql.RecordAsync(connection, issueId, change, actor, "attach to issue", cancellation);
        await transaction.CommitAsync(cancellation);
        return (added, AttachmentOutcome.Added);
    }

    /// <summary>Attachments of an issue, oldest first; null when there is no such issue.</summary>
    public async Task<IReadOnlyList<Attachment>?> ListAsync(long issueId, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(List);
        command.Parameters.Add(new("issue", NpgsqlDbType.Bigint) { Value = issueId });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var attachments = new List<Attachment>();
        var isThere = false;
        while (await reader.ReadAsync(cancellation))
        {
            isThere = true;
            if (!reader.IsDBNull(0))
            {
                attachments.Add(Read(reader));
            }
        }
        return isThere ? attachments : null;
    }

    /// <summary>Numbers of the first photo of each of several issues; nothing for one without.</summary>
    public async Task<IReadOnlyDictionary<long, long>> FirstImagesAsync(IReadOnlyList<long> issueIds, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(ListFirstImages);
        command.Parameters.Add(new("issues", NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = issueIds.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var images = new Dictionary<long, long>();
        while (await reader.ReadAsync(cancellation))
        {
            images.Add(reader.GetInt64(0), reader.GetInt64(1));
        }
        return images;
    }

    /// <summary>An attachment with its contents, or null.</summary>
    public async Task<(Attachment Attachment, byte[] Content)?> FindAsync(long issueId, long id, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand($"SELECT {Columns}, content FROM geosan.attachment WHERE issue_id = @issue AND id = @id");
        command.Parameters.Add(new("issue", issueId));
        command.Parameters.Add(new("id", id));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (Read(reader), reader.GetFieldValue<byte[]>(6)) : null;
    }

    private static async Task<Attachment?> ReadOneAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    private static Attachment Read(NpgsqlDataReader r)
        => new(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetFieldValue<byte[]>(4), r.GetDateTime(5));
}
