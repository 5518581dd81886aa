using GeoSanitation.Store.Issues;
using GeoSanitation.Testing;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Benchmarks;

/// <summary>The synthetic issues, and their wards where they are wanted, in a server's own tables.</summary>
internal static class CityDatabase
{
    // Meters of the city are those of UTM zone 43N.
    private const int CityCrs = 32643;

    /// <summary>A database with so many issues in the 40 wards of the city.</summary>
    public static async Task<TestDatabase> CreateAsync(int issues)
    {
        var city = SyntheticCity.Make(issues);
        var rings = SyntheticWards.Rings();
        var wards = new int[issues];
        SyntheticWards.Locator(rings).Locate(city.X, city.Y, wards);
        var data = await TestDatabase.CreateAsync();
        await FillWardsAsync(data, rings);
        await FillAsync(data, SyntheticIssues.Of(city), [.. wards.Select(w => w + 1)]);
        return data;
    }

    /// <summary>Fills an empty database, in one transaction and without checks that these rows need not pass.</summary>
    /// <param name="data">The database.</param>
    /// <param name="issues">The issues.</param>
    /// <param name="wards">Ward of each issue, from 1; 0 for none.</param>
    public static async Task FillAsync(TestDatabase data, IssuePoints issues, int[]? wards = null)
    {
        await using var source = data.OpenSource();
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, "create temp table row (id bigint, category text, severity smallint, status text, reported float8, lon float8, lat float8, ward integer)");
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
                await writer.WriteAsync(wards?[i] ?? 0, NpgsqlDbType.Integer);
            }
            await writer.CompleteAsync();
        }
        await ExecuteAsync(connection, "insert into geosan.category (code, name) select distinct category, category from row");
        await ExecuteAsync(connection, "set session_replication_role = replica");
        await ExecuteAsync(connection, "drop index geosan.issue_geom, geosan.issue_reported, geosan.issue_ward, geosan.issue_category");
        await ExecuteAsync(connection, """
            insert into geosan.issue (id, source, external_id, category_code, severity, status, reported_at, closed_at, ward_id, geom)
            select id, 'synthetic', id::text, category, severity, status, to_timestamp(reported), case when status = 'closed' then to_timestamp(reported) end, nullif(ward, 0), ST_SetSRID(ST_MakePoint(lon, lat), 4326)
            from row order by 1
            """);
        // No trigger has told the servers.
        await ExecuteAsync(connection, "select geosan.note_bulk_change()");
    }

    /// <summary>Adds the wards of the city, as ids from 1 in their order.</summary>
    /// <param name="data">The database, without wards.</param>
    /// <param name="rings">Each x0, y0, x1, y1 ..., meters of the city.</param>
    public static async Task FillWardsAsync(TestDatabase data, double[][] rings)
    {
        foreach (var (w, ring) in rings.Index())
        {
            await data.ExecuteAsync($"""
                insert into geosan.ward (id, code, name, level, path, geom) overriding system value
                values ({w + 1}, 'w{w}', 'Ward {w + 1}', 'ward', 'w{w}', ST_Multi(ST_Transform(ST_GeomFromText('{SyntheticWards.WellKnownText(ring)}', {CityCrs}), 4326)))
                """);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
