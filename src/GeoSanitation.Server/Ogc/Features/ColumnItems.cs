using System.Buffers;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>A page of issues from the columns in memory, by id.</summary>
/// <param name="Json">Writes them.</param>
/// <param name="Page">The issues; the first of them are meant.</param>
/// <param name="Returned">How many are meant.</param>
/// <param name="Matched">How many there are on all pages; null when nobody counted.</param>
/// <param name="Last">Id of the last one, where more follow; else null.</param>
internal sealed record ColumnItems(ColumnJson Json, IssuesById Page, int Returned, long? Matched, long? Last)
{
    /// <summary>The page; null where only the database can tell what is on it: other attributes than the columns hold, another order, a condition on other attributes.</summary>
    /// <param name="view">The data.</param>
    /// <param name="query">What is meant, with a limit.</param>
    internal static ColumnItems? Of(DataView view, FeatureQuery query)
    {
        var meant = query.Issues with { Boxes = [.. query.Issues.Boxes, .. query.Boxes] };
        if (query.Layer.Name != LayerCatalog.Issues.Name || query is not { Order: null, Where: null, Ids: null, Numbers: null, Limit: { } limit } || (query.Boxes.Count > 0 && query.Issues.Boxes.Count > 0)
            || ColumnFilter.Of(meant, view) is not { } filter
            || ColumnJson.Of(view, query.Columns) is not { } json)
        {
            return null;
        }
        // Then no issue need be looked at.
        var takesAll = IssuePointStore.KeyOf(meant) == IssuePointStore.EveryKey;
        var after = query.After is [long id] ? id : long.MinValue;
        var page = view.Columns.ById(after, query.Offset, limit + 1, Takes);
        var returned = Math.Min(page.Ids.Count, limit);
        var matched = !query.Count ? null : (long?)(takesAll ? view.Columns.Count : view.Columns.Chunks.Sum(Count));
        return new ColumnItems(json, page, returned, matched, page.Ids.Count > limit ? page.Ids[limit - 1] : null);

        bool Takes(IssueChunk chunk, int i) => takesAll || filter.Takes(chunk, i, view.IsOverdue(chunk, i));

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
