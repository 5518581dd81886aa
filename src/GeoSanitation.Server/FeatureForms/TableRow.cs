using System.Globalization;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Runs;
using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>A feature of a table that an analysis has left, at one row after the other.</summary>
internal sealed class TableRow(FeatureTable table) : FeatureRow
{
    private int _row;

    public override long Number => _row + 1;

    public override string Id => table.Id.Type == ColumnType.Whole ? table.Id.WholeOf(_row).ToString(CultureInfo.InvariantCulture) : table.Id.TextOf(_row)!;

    public override bool HasWholeId => table.Id.Type == ColumnType.Whole;

    public override (double LonDegrees, double LatDegrees)? Place => table.Places is null ? null : table.PlaceIn(CrsRegistry.Crs84, _row);

    public override Geometry? Shape => table.Places is null ? RunFeatures.ShapeOf(table, _row) : null;

    /// <summary>The attributes of a table.</summary>
    internal static IReadOnlyList<LayerColumn> ColumnsOf(FeatureTable table) => [.. table.Columns.Select(c => LayerColumn.OfResult(c.Name, c.Type switch
    {
        ColumnType.Whole => ColumnKind.Whole,
        ColumnType.Number => ColumnKind.Number,
        ColumnType.Time => ColumnKind.Time,
        ColumnType.Json => ColumnKind.Json,
        _ => ColumnKind.Text,
    }))];

    /// <summary>Goes to a row of the table.</summary>
    internal TableRow At(int row)
    {
        _row = row;
        return this;
    }

    public override bool IsNull(int column) => table.Columns[column] switch
    {
        { Type: ColumnType.Whole } => false,
        { Type: ColumnType.Number } c => !double.IsFinite(c.NumberOf(_row)),
        var c => c.WordsOf(_row) is null,
    };

    public override string Text(int column) => table.Columns[column].WordsOf(_row)!;

    public override long Whole(int column) => table.Columns[column].WholeOf(_row);

    public override double Real(int column) => table.Columns[column].NumberOf(_row);

    public override bool Flag(int column) => throw new NotSupportedException("tables have no flags");

    public override DateTime Time(int column) => DateTime.UnixEpoch.AddSeconds(table.Columns[column].TimeOf(_row)!.Value);

    public override string[] Texts(int column) => throw new NotSupportedException("tables have no lists of texts");
}
