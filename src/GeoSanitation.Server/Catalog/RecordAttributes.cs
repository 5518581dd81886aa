using GeoSanitation.Server.Filters;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Catalog;

/// <summary>What filters of records may name (OGC API Features, Part 3), with the values as <see cref="CatalogRecord.Write"/> writes them.</summary>
/// <param name="Language">Code of the language of titles and descriptions.</param>
/// <param name="Owner">Who publishes.</param>
internal sealed record RecordAttributes(string Language, string Owner)
{
    private static readonly (LayerColumn Column, Func<RecordAttributes, CatalogRecord, object?> ValueIn)[] All =
    [
        (LayerColumn.InMemory("id", ColumnKind.Text, "Its id"), (_, record) => record.Id),
        (LayerColumn.InMemory("type", ColumnKind.Text, "What it is") with { Values = [CatalogRecord.DataSetType, CatalogRecord.DownloadType] }, (_, record) => record.Type),
        (LayerColumn.InMemory("title", ColumnKind.Text, "Its name, in the language of the answer"), (shown, record) => record.Title.In(shown.Language)),
        (LayerColumn.InMemory("description", ColumnKind.Text, "What is in it, in the language of the answer"), (shown, record) => record.Description.In(shown.Language)),
        (LayerColumn.InMemory("keywords", ColumnKind.Texts, "Words that it is to be found by"), (_, record) => record.Set.Keywords),
        (LayerColumn.InMemory("tags", ColumnKind.Texts, "The same, as ArcGIS Hub calls them"), (_, record) => record.Set.Keywords),
        (LayerColumn.InMemory("formats", ColumnKind.Texts, "Names of the forms that it comes in"), (_, record) => record.Ways.Select(way => way.Format).ToList()),
        (LayerColumn.InMemory("owner", ColumnKind.Text, "Who publishes it"), (shown, _) => shown.Owner),
        (LayerColumn.InMemory("access", ColumnKind.Text, "Who may see it") with { Values = [CatalogRecord.Public] }, (_, _) => CatalogRecord.Public),
        (LayerColumn.InMemory("updated", ColumnKind.Time, "When it was changed last"), (_, record) => record.Set.Modified),
        (LayerColumn.InMemory("modified", ColumnKind.Whole, "The same, in milliseconds since 1970"), (_, record) => record.Modified),
    ];

    /// <summary>The records, as filters see them.</summary>
    internal static Layer Layer { get; } = Layer.InMemory("records", "Records", "Records of the catalog", [.. All.Select(a => a.Column)]);

    /// <summary>Whether a condition is true of a record.</summary>
    internal bool Hold(Predicate condition, CatalogRecord record)
        => new PredicateMatch(name => All.First(a => a.Column.Name == name).ValueIn(this, record), record.Set.Box is { } box ? GeometryFactory.Default.ToGeometry(box) : null).Holds(condition);
}
