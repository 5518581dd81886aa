using System.Data;
using System.Globalization;
using System.Text;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GeoSanitation.Store.Issues;

/// <summary>Reads the points of issues into columns, for filters that only the database can judge: one pass over the rows, no object for each.</summary>
public sealed class IssuePointStore(Database database)
{
    private const int FirstCapacity = 1 << 12;

    private const string ListCategories = """SELECT code, name, name_en FROM geosan.category ORDER BY code COLLATE "C" """;

    /// <summary>Categories are numbered in the order of <see cref="ListCategories"/>, so that no text crosses the wire for each row.</summary>
    private const string ListPoints = """
        SELECT i.id, ST_X(i.geom), ST_Y(i.geom), c.number, i.severity,
            array_position(ARRAY['reported', 'accepted', 'dispatched', 'resolved', 'closed', 'rejected'], i.status) - 1,
            floor(extract(epoch FROM i.reported_at))::bigint, coalesce(i.ward_id, 0),
            coalesce({0}, false)::int + 2 * (i.relapse_of IS NOT NULL)::int + 4 * (i.location_quality = 'default_point')::int
        FROM geosan.issue AS i
        JOIN (SELECT code, row_number() OVER (ORDER BY code COLLATE "C")::int - 1 AS number FROM geosan.category) AS c ON c.code = i.category_code
        WHERE {1}
        ORDER BY i.id
        """;

    private static readonly CompositeFormat PointsFormat = CompositeFormat.Parse(ListPoints);

    /// <summary>The key of the filter that takes all issues.</summary>
    public static string EveryKey { get; } = KeyOf(IssueFilter.All);

    /// <summary>A text that is equal only for filters that mean the same.</summary>
    public static string KeyOf(IssueFilter filter)
    {
        using var command = new NpgsqlCommand();
        var key = new StringBuilder(IssueFilterSql.Where(filter, command.Parameters));
        foreach (NpgsqlParameter parameter in command.Parameters)
        {
            string[] values = parameter.Value switch
            {
                string[] texts => texts,
                long[] numbers => [.. numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))],
                DateTime time => [time.ToString("O", CultureInfo.InvariantCulture)],
                double number => [number.ToString("R", CultureInfo.InvariantCulture)],
                Geometry shape => [shape.AsText()],
                var other => [Convert.ToString(other, CultureInfo.InvariantCulture)!],
            };
            // With their lengths: no text can pass for two.
            key.Append('\n').Append(values.Length).AppendJoin("", values.Select(value => $" {value.Length}:{value}"));
        }
        return key.ToString();
    }

    /// <summary>Reads the points, the names of their categories and the data version as of one moment.</summary>
    /// <param name="filter">Which issues.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IssuePoints> ReadAsync(IssueFilter filter, CancellationToken cancellation)
    {
        await using var moment = await OneMoment.OpenAsync(database, [new NpgsqlBatchCommand(ListCategories), Points(filter)], Task.FromResult, cancellation);
        var categories = new List<NamedCode>();
        while (await moment.Rows.ReadAsync(cancellation))
        {
            categories.Add(new NamedCode(moment.Rows.GetString(0), moment.Rows.GetString(1), moment.Rows.IsDBNull(2) ? null : moment.Rows.GetString(2)));
        }
        await moment.NextAsync(cancellation);
        return await ColumnsAsync(moment.Rows, moment.DataVersion, categories, cancellation);
    }

    private static NpgsqlBatchCommand Points(IssueFilter filter)
    {
        var command = new NpgsqlBatchCommand();
        var where = IssueFilterSql.Where(filter, command.Parameters);
        command.CommandText = string.Format(CultureInfo.InvariantCulture, PointsFormat, IssueFilterSql.Overdue, where);
        return command;
    }

    private static async Task<IssuePoints> ColumnsAsync(NpgsqlDataReader reader, string version, List<NamedCode> categories, CancellationToken cancellation)
    {
        var (ids, lon, lat) = (new long[FirstCapacity], new double[FirstCapacity], new double[FirstCapacity]);
        var (category, severity, status) = (new int[FirstCapacity], new byte[FirstCapacity], new byte[FirstCapacity]);
        var (reported, ward, traits) = (new long[FirstCapacity], new int[FirstCapacity], new IssueTraits[FirstCapacity]);
        var n = 0;
        while (await reader.ReadAsync(cancellation))
        {
            if (n == ids.Length)
            {
                ResizeAll(2 * n);
            }
            ids[n] = reader.GetInt64(0);
            lon[n] = reader.GetDouble(1);
            lat[n] = reader.GetDouble(2);
            category[n] = reader.GetInt32(3);
            severity[n] = (byte)reader.GetInt16(4);
            status[n] = (byte)reader.GetInt32(5);
            reported[n] = reader.GetInt64(6);
            ward[n] = reader.GetInt32(7);
            traits[n] = (IssueTraits)reader.GetInt32(8);
            n++;
        }
        ResizeAll(n);
        return new IssuePoints
        {
            DataVersion = version,
            Categories = categories,
            Ids = ids,
            LonDegrees = lon,
            LatDegrees = lat,
            Category = category,
            Severity = severity,
            Status = status,
            ReportedAt = reported,
            Ward = ward,
            Traits = traits,
        };

        void ResizeAll(int length)
        {
            Array.Resize(ref ids, length);
            Array.Resize(ref lon, length);
            Array.Resize(ref lat, length);
            Array.Resize(ref category, length);
            Array.Resize(ref severity, length);
            Array.Resize(ref status, length);
            Array.Resize(ref reported, length);
            Array.Resize(ref ward, length);
            Array.Resize(ref traits, length);
        }
    }
}
