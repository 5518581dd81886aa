using System.Globalization;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GeoSanitation.Store.Layers;

/// <summary>A feature of the database, under the reader.</summary>
internal sealed class ReaderRow(NpgsqlDataReader reader, Layer layer) : FeatureRow
{
    /// <summary>Number, id, longitude, latitude and shape stand before the attributes.</summary>
    internal const int FirstColumn = 5;

    public override long Number => reader.GetInt64(0);

    public override string Id => HasWholeId ? reader.GetInt64(1).ToString(CultureInfo.InvariantCulture) : reader.GetString(1);

    public override bool HasWholeId => layer.Id.Kind == ColumnKind.Whole;

    public override (double LonDegrees, double LatDegrees)? Place
        => !reader.IsDBNull(2) ? (reader.GetDouble(2), reader.GetDouble(3)) : Whatever is Point point ? (point.X, point.Y) : null;

    public override Geometry? Shape => Whatever is { } shape and not Point ? shape : null;

    private Geometry? Whatever => layer.Shape == LayerShape.Point || reader.IsDBNull(4) ? null : reader.GetFieldValue<Geometry>(4);

    public override bool IsNull(int column) => reader.IsDBNull(FirstColumn + column);

    public override string Text(int column) => reader.GetString(FirstColumn + column);

    public override long Whole(int column) => reader.GetFieldType(FirstColumn + column) switch
    {
        var type when type == typeof(long) => reader.GetInt64(FirstColumn + column),
        var type when type == typeof(short) => reader.GetInt16(FirstColumn + column),
        _ => reader.GetInt32(FirstColumn + column),
    };

    public override double Real(int column) => reader.GetDouble(FirstColumn + column);

    public override bool Flag(int column) => reader.GetBoolean(FirstColumn + column);

    public override DateTime Time(int column) => reader.GetDateTime(FirstColumn + column);

    public override string[] Texts(int column) => reader.GetFieldValue<string[]>(FirstColumn + column);
}
