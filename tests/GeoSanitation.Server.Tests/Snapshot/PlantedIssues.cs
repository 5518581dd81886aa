using System.Globalization;
using System.Text;
using GeoSanitation.Testing;

namespace GeoSanitation.Server.Tests.Snapshot;

/// <summary>An issue that a test puts into the database.</summary>
internal sealed record PlantedIssue(
    double Lon, double Lat, string Category = "litter", int Severity = 3, string Status = "dispatched", string ReportedAt = "2025-03-01T08:00:00Z",
    string? DueAt = null, string? Ward = null, bool DefaultPoint = false, int? RelapseOf = null);

/// <summary>Puts issues and wards into a test's database, without the import.</summary>
internal static class PlantedIssues
{
    /// <summary>Adds issues with ids from 1, in order.</summary>
    internal static async Task PlantAsync(this TestDatabase data, IEnumerable<PlantedIssue> issues)
    {
        await data.ExecuteAsync("""
            INSERT INTO geosan.category (code, name, name_en) VALUES ('litter', '暴露垃圾', 'Exposed rubbish'), ('sewage', '污水横流', 'Standing sewage')
            ON CONFLICT DO NOTHING
            """);
        foreach (var chunk in issues.Select((issue, i) => (issue, Id: i + 1)).Chunk(5000))
        {
            var sql = new StringBuilder("""
                INSERT INTO geosan.issue (id, source, external_id, category_code, severity, status, reported_at, closed_at, due_at, ward_id, relapse_of, location_quality, geom) VALUES
                """);
            sql.AppendJoin(',', chunk.Select(row => string.Create(CultureInfo.InvariantCulture, $"""
                ({row.Id}, 'test', 'x{row.Id}', '{row.issue.Category}', {row.issue.Severity}, '{row.issue.Status}', '{row.issue.ReportedAt}',
                 {(row.issue.Status == "closed" ? $"'{row.issue.ReportedAt}'" : "NULL")}, {(row.issue.DueAt is { } due ? $"'{due}'" : "NULL")},
                 (SELECT id FROM geosan.ward WHERE code = '{row.issue.Ward}' AND valid_to IS NULL), {row.issue.RelapseOf?.ToString(CultureInfo.InvariantCulture) ?? "NULL"},
                 '{(row.issue.DefaultPoint ? "default_point" : "ok")}', ST_SetSRID(ST_MakePoint({row.issue.Lon:R}, {row.issue.Lat:R}), 4326))
                """)));
            await data.ExecuteAsync(sql.ToString());
        }
    }

    /// <summary>Adds a ward with an outline in WKT.</summary>
    internal static Task PlantWardAsync(this TestDatabase data, string code, string level, string polygonWkt, string? parent = null, string? name = null)
        => data.ExecuteAsync($"""
            INSERT INTO geosan.ward (code, name, name_en, level, parent_id, path, geom)
            SELECT '{code}', '{name ?? code}', 'Ward {code}', '{level}', p.id,
                CASE WHEN p.id IS NULL THEN geosan.ward_label('{code}')::ltree ELSE p.path || geosan.ward_label('{code}') END,
                ST_Multi(ST_GeomFromText('{polygonWkt}', 4326))
            FROM (SELECT) AS one LEFT JOIN geosan.ward AS p ON p.code = '{parent}' AND p.valid_to IS NULL
            """);

    /// <summary>A box as WKT.</summary>
    internal static string Box(double west, double south, double east, double north) => string.Create(CultureInfo.InvariantCulture,
        $"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))");
}
