using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace GeoSanitation.Store.Access;

/// <summary>What a key may do; each role is named after who holds it.</summary>
public static class Roles
{
    /// <summary>Reads, where reading is not open to all.</summary>
    public const string Reader = "reader";

    /// <summary>Reports issues and checks what was done.</summary>
    public const string Inspector = "inspector";

    /// <summary>Handles issues of a department.</summary>
    public const string Handler = "handler";

    /// <summary>May do everything.</summary>
    public const string Administrator = "administrator";

    /// <summary>Every role.</summary>
    public static IReadOnlyList<string> All { get; } = [Reader, Inspector, Handler, Administrator];
}

/// <summary>A key as the database knows it: everything but the key itself.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Whose it is.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Prefix">The eight characters that tell keys apart.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastUsedAt">When it was last presented, to the minute; null when never.</param>
/// <param name="RevokedAt">When it was made useless; null while it works.</param>
public sealed record ApiKey(int Id, string Name, string Role, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>
/// API keys: <c>gs_</c>, a prefix of 8 characters to tell them apart, <c>_</c>, and 256 random bits as 43 characters of base64url.
/// Only the SHA-256 of the whole text is kept; a secret that long needs no slow hash.
/// </summary>
public sealed class KeyStore(Database database)
{
    private const int PrefixLength = 8;
    private const int SecretBytes = 32;

    private const string Columns = "id, name, role, prefix, created_at, last_used_at, revoked_at";

    /// <summary>Makes a key.</summary>
    /// <param name="name">Whose it is; not empty.</param>
    /// <param name="role">One of <see cref="Roles"/>.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The key's text, which exists nowhere else.</returns>
    public async Task<string> AddAsync(string name, string role, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await InsertAsync(connection, name, role, cancellation);
    }

    /// <summary>Makes the first administrator's key, unless the table has ever held one of any role.</summary>
    /// <returns>The key's text, or null when there was a key already.</returns>
    public async Task<string?> AddFirstAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Two servers that start together make one key.
        await using var empty = new NpgsqlCommand("LOCK TABLE geosan.api_key IN SHARE ROW EXCLUSIVE MODE; SELECT NOT EXISTS (SELECT FROM geosan.api_key)", connection);
        if (!(bool)(await empty.ExecuteScalarAsync(cancellation))!)
        {
            return null;
        }
        var text = await InsertAsync(connection, "first administrator", Roles.Administrator, cancellation);
        await transaction.CommitAsync(cancellation);
        return text;
    }

    /// <summary>Every key ever made, oldest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand($"SELECT {Columns} FROM geosan.api_key ORDER BY id");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var keys = new List<ApiKey>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(Read(reader));
        }
        return keys;
    }

    /// <summary>Makes a key useless from now on.</summary>
    /// <returns>False when no working key has this prefix.</returns>
    public async Task<bool> RevokeAsync(string prefix, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand("UPDATE geosan.api_key SET revoked_at = now() WHERE prefix = $1 AND revoked_at IS NULL");
        command.Parameters.Add(new() { Value = prefix });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>The working key of a presented text, noting that it was used.</summary>
    /// <param name="text">What a caller presented; anything at all.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Null when it is not a key, or one that was revoked.</returns>
    public async Task<ApiKey?> FindAsync(string text, CancellationToken cancellation)
    {
        // A minute is near enough for "last used", and spares a write at every request.
        await using var command = database.Source.CreateCommand($"""
            WITH used AS (
                UPDATE geosan.api_key SET last_used_at = now()
                WHERE hash = $1 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'))
            SELECT {Columns} FROM geosan.api_key WHERE hash = $1 AND revoked_at IS NULL
            """);
        command.Parameters.Add(new() { Value = Hash(text) });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    private static async Task<string> InsertAsync(NpgsqlConnection connection, string name, string role, CancellationToken cancellation)
    {
        var prefix = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", PrefixLength);
        var text = $"gs_{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        await using var command = new NpgsqlCommand("INSERT INTO geosan.api_key (name, role, prefix, hash) VALUES ($1, $2, $3, $4)", connection)
        {
            Parameters = { new() { Value = name }, new() { Value = role }, new() { Value = prefix }, new() { Value = Hash(text) } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
        return text;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static ApiKey Read(NpgsqlDataReader reader) => new(
        reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4),
        reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
        reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6));
}
