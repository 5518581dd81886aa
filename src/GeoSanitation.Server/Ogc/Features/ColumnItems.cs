using System.Buffers;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>A page of issues from the columns in memory, by id.</summary>
/// <param name="Json">Writes them.</param>
/// <param name="Rows">The issues, as positions in chunks.</param>
/// <param name="Matched">How many there are on all pages; null when nobody counted.</param>
/// <param name="Last">Id of the last one, where more follow; else null.</param>
internal sealed record ColumnItems(ColumnJson Json, IReadOnlyList<(IssueChunk Chunk, int Row)> Rows, long? Matched, long? Last)
{
    /// <summary>The page; null where only the database can tell what is on it: other attributes than the columns hold, another order, a condition on other attributes.</summary>
    /// <param name="view">The data.</param>
    /// <param name="query">What is meant, with a limit.</param>
    internal static ColumnItems? Of(DataView view, FeatureQuery query)
    {
        if (query.Layer.Name != LayerCatalog.Issues.Name || query is not { Order: null, Where: null, Ids: null, Numbers: null, Limit: { } limit } || (query.Boxes.Count > 0 && query.Issues.Boxes.Count > 0)
            || ColumnFilter.Of(query.Issues with { Boxes = [.. query.Issues.Boxes, .. query.Boxes] }, view) is not { } filter
            || ColumnJson.Of(view, query.Columns) is not { } json)
        {
            return null;
        }
        var after = query.After is [long id] ? id : long.MinValue;
        var rows = view.Columns.ById(after, limit + 1, Takes).Skip((int)Math.Min(query.Offset, int.MaxValue)).Take(limit + 1).ToList();
        var hasMore = rows.Count > limit;
        if (hasMore)
        {
            rows.RemoveAt(limit);
        }
        return new ColumnItems(json, rows, !query.Count ? null : filter.TakesAll ? view.Columns.Count : view.Columns.Chunks.Sum(Count), hasMore ? rows[^1].Chunk.Ids[rows[^1].Row] : null);

        bool Takes(IssueChunk chunk, int i) => filter.TakesAll || filter.Takes(chunk, i, view.IsOverdue(chunk, i));

        long Count(IssueChunk chunk)
        {
            var count = 0;
            for (var i = 0; i < chunk.Count; i++)
            {
                count += Takes(chunk, i) ? 1 : 0;
            }
            return count;
        }
    }
}
