using NetTopologySuite.Geometries;
using Npgsql;

namespace GeoSanitation.Store.Layers;

/// <summary>A feature as it is read: its shape, and its attributes by their position in <see cref="FeatureQuery.Columns"/>.</summary>
public sealed class FeatureRow
{
    internal const int FirstColumn = 4;

    private readonly NpgsqlDataReader _reader;
    private readonly Layer _layer;

    internal FeatureRow(NpgsqlDataReader reader, Layer layer) => (_reader, _layer) = (reader, layer);

    /// <summary>Its number: 64 bits, positive, the same as long as the feature is.</summary>
    public long Number => _reader.GetInt64(0);

    /// <summary>Its place, degrees, where the layer is of points and shapes were asked for; otherwise null.</summary>
    public (double LonDegrees, double LatDegrees)? Place => _reader.IsDBNull(1) ? null : (_reader.GetDouble(1), _reader.GetDouble(2));

    /// <summary>Its shape, longitude and latitude, where the layer is of others; null where there is none or it was not asked for.</summary>
    public Geometry? Shape => _layer.Shape == LayerShape.Point || _reader.IsDBNull(3) ? null : _reader.GetFieldValue<Geometry>(3);

    /// <summary>Whether there is no value.</summary>
    public bool IsNull(int column) => _reader.IsDBNull(FirstColumn + column);

    /// <summary>A text, or the text of JSON.</summary>
    public string Text(int column) => _reader.GetString(FirstColumn + column);

    /// <summary>A whole number, whatever its width in the database.</summary>
    public long Whole(int column) => _reader.GetFieldType(FirstColumn + column) switch
    {
        var type when type == typeof(long) => _reader.GetInt64(FirstColumn + column),
        var type when type == typeof(short) => _reader.GetInt16(FirstColumn + column),
        _ => _reader.GetInt32(FirstColumn + column),
    };

    /// <summary>A number.</summary>
    public double Real(int column) => _reader.GetDouble(FirstColumn + column);

    /// <summary>True or false.</summary>
    public bool Flag(int column) => _reader.GetBoolean(FirstColumn + column);

    /// <summary>An instant, UTC.</summary>
    public DateTime Time(int column) => _reader.GetDateTime(FirstColumn + column);

    /// <summary>A list of texts.</summary>
    public string[] Texts(int column) => _reader.GetFieldValue<string[]>(FirstColumn + column);
}
