using System.Buffers;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>A page of issues from the columns in memory, by id.</summary>
/// <param name="Json">Writes them.</param>
/// <param name="Rows">The issues, as positions in chunks.</param>
/// <param name="Returned">How many.</param>
/// <param name="Matched">How many there are on all pages; null when nobody counted.</param>
/// <param name="Last">Id of the last one, where more follow; else null.</param>
internal sealed record ColumnItems(ColumnJson Json, IReadOnlyList<(IssueChunk Chunk, int[] Rows)> Rows, int Returned, long? Matched, long? Last)
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
        var (rows, matched, returned, last, hasMore) = (new List<(IssueChunk, int[])>(), 0L, 0, 0L, false);
        var found = new List<int>();
        foreach (var chunk in view.Columns.Chunks)
        {
            if (chunk.Ids[^1] <= after)
            {
                continue;
            }
            if (hasMore && !query.Count)
            {
                break;
            }
            found.Clear();
            for (var i = 0; i < chunk.Count; i++)
            {
                if (chunk.Ids[i] <= after || !filter.Takes(chunk, i, view.IsOverdue(chunk, i)) || ++matched <= query.Offset)
                {
                    continue;
                }
                hasMore = returned == limit;
                if (!hasMore)
                {
                    found.Add(i);
                    (last, returned) = (chunk.Ids[i], returned + 1);
                }
                else if (!query.Count)
                {
                    break;
                }
            }
            if (found.Count > 0)
            {
                rows.Add((chunk, found.ToArray()));
            }
        }
        return new ColumnItems(json, rows, returned, query.Count ? matched : null, hasMore ? last : null);
    }
}
