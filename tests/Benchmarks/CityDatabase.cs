using GeoSanitation.Store.Issues;
using GeoSanitation.Testing;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Benchmarks;

/// <summary>The synthetic issues in a server's own tables.</summary>
internal static class CityDatabase
{
    /// <summary>Fills an empty database, in one transaction and without checks that these rows need not pass.</summary>
    public static async Task FillAsync(TestDatabase data, IssuePoints issues)
    {
        await using var source = data.OpenSource();
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, "create temp table row (id bigint, category text, severity smallint, status text, reported float8, lon float8, lat float8)");
        await using (var writer = await connection.BeginBinaryImportAsync("copy row from stdin (format binary)"))
        {
            for (var i = 0; i < issues.Count; i++)
            {
                await writer.StartRowAsync();
                await writer.WriteAsync(issues.Ids[i], NpgsqlDbType.Bigint);
                await writer.WriteAsync(issues.Categories[issues.Category[i]].Code, NpgsqlDbType.Text);
                await writer.WriteAsync((short)issues.Severity[i], NpgsqlDbType.Smallint);
                await writer.WriteAsync(IssuePoints.Statuses[issues.Status[i]], NpgsqlDbType.Text);
                await writer.WriteAsync((double)issues.ReportedAt[i], NpgsqlDbType.Double);
                await writer.WriteAsync(issues.LonDegrees[i], NpgsqlDbType.Double);
                await writer.WriteAsync(issues.LatDegrees[i], NpgsqlDbType.Double);
            }
            await writer.CompleteAsync();
        }
        await ExecuteAsync(connection, "insert into geosan.category (code, name) select distinct category, category from row");
        await ExecuteAsync(connection, "set session_replication_role = replica");
        await ExecuteAsync(connection, "drop index geosan.issue_geom, geosan.issue_reported, geosan.issue_ward, geosan.issue_category");
        await ExecuteAsync(connection, """
            insert into geosan.issue (id, source, external_id, category_code, severity, status, reported_at, closed_at, geom)
            select id, 'synthetic', id::text, category, severity, status, to_timestamp(reported), case when status = 'closed' then to_timestamp(reported) end, ST_SetSRID(ST_MakePoint(lon, lat), 4326)
            from row order by 1
            """);
        // No trigger has told the servers.
        await ExecuteAsync(connection, "select geosan.note_bulk_change()");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
