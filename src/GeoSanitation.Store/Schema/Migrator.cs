using System.Reflection;
using Npgsql;

namespace GeoSanitation.Store.Schema;

/// <summary>Brings the database to this program's schema: the numbered .sql files of this folder, each once, in order.</summary>
public static class Migrator
{
    // Any constant that no other program uses: two servers starting at once migrate one after the other.
    private const long AdvisoryLock = 0x67656F73616E; // "geosan"

    /// <summary>Applies the migrations that the database does not have yet, each in a transaction of its own.</summary>
    /// <returns>Names of the migrations applied now, in order; empty when the schema was current.</returns>
    /// <exception cref="SchemaException">The database was migrated by a newer program.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({AdvisoryLock})", cancellation);
        try
        {
            await ExecuteAsync(connection, """
                CREATE SCHEMA IF NOT EXISTS geosan;
                CREATE TABLE IF NOT EXISTS geosan.migration (
                    name text PRIMARY KEY,
                    applied_at timestamptz NOT NULL DEFAULT now());
                """, cancellation);
            var applied = await AppliedAsync(connection, cancellation);
            var known = Scripts().ToList();
            if (applied.Except(known.Select(s => s.Name)).FirstOrDefault() is { } unknown)
            {
                throw new SchemaException($"the database has the migration {unknown}, which this program does not know: it was made by a newer version");
            }
            var missing = known.Where(s => !applied.Contains(s.Name)).ToList();
            foreach (var (name, sql) in missing)
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await ExecuteAsync(connection, sql, cancellation);
                await using var record = new NpgsqlCommand("INSERT INTO geosan.migration (name) VALUES ($1)", connection);
                record.Parameters.Add(new() { Value = name });
                await record.ExecuteNonQueryAsync(cancellation);
                await transaction.CommitAsync(cancellation);
            }
            if (missing.Count > 0)
            {
                await connection.ReloadTypesAsync(cancellation);
                database.Source.ReloadTypes();
            }
            return missing.Select(s => s.Name).ToList();
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
        }
    }

    /// <summary>Names of the migrations that the database still needs; every one when it has no schema yet.</summary>
    public static async Task<IReadOnlyList<string>> PendingAsync(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var exists = new NpgsqlCommand("SELECT to_regclass('geosan.migration') IS NOT NULL", connection);
        var applied = (bool)(await exists.ExecuteScalarAsync(cancellation))! ? await AppliedAsync(connection, cancellation) : [];
        return Scripts().Select(s => s.Name).Where(name => !applied.Contains(name)).ToList();
    }

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT name FROM geosan.migration ORDER BY name", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var names = new HashSet<string>();
        while (await reader.ReadAsync(cancellation))
        {
            names.Add(reader.GetString(0));
        }
        return names;
    }

    private static IEnumerable<(string Name, string Sql)> Scripts()
    {
        const string prefix = "Schema.";
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[prefix.Length..], reader.ReadToEnd());
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>The database's schema and this program do not fit.</summary>
public sealed class SchemaException(string message) : Exception(message);
