using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>Features of one kind on their way to a client or a file, wherever they come from.</summary>
/// <param name="Name">Name of the layer: letters, digits, dashes.</param>
/// <param name="Description">What they are, or how they came about.</param>
/// <param name="Shape">What their shapes are.</param>
/// <param name="Columns">The attributes, in the order of the rows.</param>
/// <param name="Rows">The features, once through.</param>
internal sealed record FeatureSet(string Name, string Description, LayerShape Shape, IReadOnlyList<LayerColumn> Columns, IAsyncEnumerable<FeatureRow> Rows)
{
    /// <summary>How many there are; null where nobody counted.</summary>
    internal long? Count { get; init; }

    /// <summary>The features of a table.</summary>
    internal static FeatureSet Of(FeatureTable table, string name, string description)
    {
        var row = new TableRow(table);
        var shape = table.Places is not null ? LayerShape.Point : table.Rows.All(r => table.OutlineOf!(r).Count == 1) ? LayerShape.Polygon : LayerShape.MultiPolygon;
        return new FeatureSet(name, description, shape, TableRow.ColumnsOf(table), table.Rows.ToAsyncEnumerable().Select(r => (FeatureRow)row.At(r))) { Count = table.Rows.Count };
    }
}
