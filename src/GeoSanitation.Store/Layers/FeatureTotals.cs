using NetTopologySuite.Geometries;

namespace GeoSanitation.Store.Layers;

/// <summary>Numbers about all features that a query means, on all its pages.</summary>
public static class FeatureTotals
{
    /// <summary>How many there are.</summary>
    public static async Task<long> CountAsync(Database database, FeatureQuery query, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {query.Layer.Table} {query.Layer.Joins} WHERE {query.Condition(command.Parameters)}";
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>How many there are, and the lon/lat box around their shapes, which is null (in the sense of the envelope) when there are none.</summary>
    public static async Task<(long Count, Envelope Box)> ExtentAsync(Database database, FeatureQuery query, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand();
        command.CommandText = $"""
            SELECT n, ST_XMin(box), ST_XMax(box), ST_YMin(box), ST_YMax(box)
            FROM (SELECT count(*) AS n, ST_Extent({query.Layer.Geometry})::box3d AS box FROM {query.Layer.Table} {query.Layer.Joins} WHERE {query.Condition(command.Parameters)}) AS all_of_them
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? new Envelope() : new Envelope(reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetDouble(4)));
    }

    /// <summary>Whether the shapes of a layer of any are points, as its first one tells; false when there is none.</summary>
    public static async Task<bool> ArePointsAsync(Database database, Layer layer, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand();
        command.CommandText = $"SELECT ST_Dimension({layer.Geometry}) = 0 FROM {layer.Table} WHERE {layer.Always} ORDER BY {layer.Number} LIMIT 1";
        return await command.ExecuteScalarAsync(cancellation) is true;
    }
}
