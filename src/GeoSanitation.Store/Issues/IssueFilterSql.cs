using System.Text;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Issues;

/// <summary>Writes an <see cref="IssueFilter"/> as a WHERE clause over <c>geosan.issue AS i</c>.</summary>
internal static class IssueFilterSql
{
    /// <summary>States in which an issue waits for somebody, and can be late.</summary>
    internal const string Overdue = "(i.due_at <= now() AND i.status IN ('reported', 'accepted', 'dispatched'))";

    /// <summary>The condition, never empty ("TRUE" for no filter); its values are added to the command as parameters.</summary>
    internal static string Where(IssueFilter filter, NpgsqlParameterCollection parameters)
    {
        var sql = new StringBuilder("TRUE");
        void And(string condition) => sql.Append("\n  AND ").Append(condition);
        string Value(object value, NpgsqlDbType type)
        {
            var name = $"f{parameters.Count}";
            parameters.Add(new(name, type) { Value = value });
            return "@" + name;
        }
        string Texts(IReadOnlyList<string> values) => Value(values.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        string Number(double value) => Value(value, NpgsqlDbType.Double);

        if (filter.Ids.Count > 0)
        {
            And($"i.id = ANY ({Value(filter.Ids.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint)})");
        }
        if (filter.Boxes.Count > 0)
        {
            And("(" + string.Join(" OR ", filter.Boxes.Select(b =>
            {
                var (west, south, east, north) = (Number(b.MinX), Number(b.MinY), Number(b.MaxX), Number(b.MaxY));
                // The index holds boxes of single precision, about a meter wider; the coordinates decide.
                return $"(i.geom && ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326) AND ST_X(i.geom) BETWEEN {west} AND {east} AND ST_Y(i.geom) BETWEEN {south} AND {north})";
            })) + ")");
        }
        if (filter.ReportedFrom is { } from)
        {
            And($"i.reported_at >= {Value(from.UtcDateTime, NpgsqlDbType.TimestampTz)}");
        }
        if (filter.ReportedBefore is { } before)
        {
            And($"i.reported_at < {Value(before.UtcDateTime, NpgsqlDbType.TimestampTz)}");
        }
        if (filter.UpdatedFrom is { } updated)
        {
            And($"i.updated_at >= {Value(updated.UtcDateTime, NpgsqlDbType.TimestampTz)}");
        }
        if (filter.Wards.Count > 0)
        {
            And($"""
                i.ward_id = ANY (ARRAY(SELECT inner_ward.id FROM geosan.ward AS inner_ward JOIN geosan.ward AS outer_ward ON inner_ward.path <@ outer_ward.path
                      WHERE outer_ward.code = ANY ({Texts(filter.Wards)})))
                """);
        }
        if (filter.Categories.Count > 0)
        {
            And($"""
                i.category_code = ANY (ARRAY(SELECT c.code FROM geosan.category AS c CROSS JOIN (SELECT {Texts(filter.Categories)} AS codes) AS asked
                      WHERE c.code = ANY (asked.codes) OR c.parent_code = ANY (asked.codes)))
                """);
        }
        if (filter.Statuses.Count > 0)
        {
            And($"i.status = ANY ({Texts(filter.Statuses)})");
        }
        if (filter.SeverityFrom is { } lowest)
        {
            And($"i.severity >= {Value((short)lowest, NpgsqlDbType.Smallint)}");
        }
        if (filter.SeverityTo is { } highest)
        {
            And($"i.severity <= {Value((short)highest, NpgsqlDbType.Smallint)}");
        }
        if (filter.Overdue is { } overdue)
        {
            And(overdue ? Overdue : $"{Overdue} IS NOT TRUE");
        }
        if (filter.Relapse is { } relapse)
        {
            And(relapse ? "i.relapse_of IS NOT NULL" : "i.relapse_of IS NULL");
        }
        if (filter.Rounds.Count > 0)
        {
            And($"i.round_id = ANY (ARRAY(SELECT r.id FROM geosan.round AS r WHERE r.code = ANY ({Texts(filter.Rounds)})))");
        }
        if (filter.Sources.Count > 0)
        {
            And($"i.source = ANY ({Texts(filter.Sources)})");
        }
        if (filter.Departments.Count > 0)
        {
            And($"i.department = ANY ({Texts(filter.Departments)})");
        }
        if (filter.Near is { } near)
        {
            var point = $"ST_SetSRID(ST_MakePoint({Number(near.LonDegrees)}, {Number(near.LatDegrees)}), 4326)::geography";
            var radius = Number(near.RadiusMeters);
            // The box uses the index on the stored geometry; the geodesic distance decides.
            And($"i.geom && ST_Expand(ST_Buffer({point}, {radius})::geometry, 1e-9) AND ST_DWithin(i.geom::geography, {point}, {radius})");
        }
        if (filter.Text is { } text)
        {
            var pattern = Value("%" + text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_") + "%", NpgsqlDbType.Text);
            And($"(i.title ILIKE {pattern} OR i.description ILIKE {pattern} OR i.address ILIKE {pattern} OR i.external_id ILIKE {pattern})");
        }
        if (filter.Where is { } where)
        {
            var condition = PredicateSql.Where(where, LayerCatalog.Issues, parameters, out var columns);
            // What it names of other tables is looked up for the row at hand.
            And(columns.All(LayerCatalog.Issues.IsOwn) ? condition : $"EXISTS (SELECT FROM (SELECT 1) AS one {LayerCatalog.Issues.Joins} WHERE {condition})");
        }
        if (!filter.IncludeDefaultPoints)
        {
            And("i.location_quality = 'ok'");
        }
        return sql.ToString();
    }
}
