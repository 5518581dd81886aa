using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>Vector tiles of single issues. Every issue is in exactly one tile of a zoom.</summary>
internal static class IssueTile
{
    /// <summary>Around a tile lies a rim of squares of which a side has 2^5: rounding to the grid moves a place by much less.</summary>
    private const int RimZoom = 5;

    /// <summary>One tile, each issue by itself.</summary>
    /// <param name="points">The issues.</param>
    /// <param name="tile">Which tile.</param>
    /// <param name="attributes">What is said of each.</param>
    /// <remarks>Places are rounded to the grid of the whole zoom, and the rounded place decides on the tile.</remarks>
    internal static byte[] Encode(PointSnapshot points, TileAddress tile, IssueAttributes attributes = IssueAttributes.All)
    {
        var layer = new IssueLayer(points.Issues.Categories, attributes);
        var units = new TileUnits(tile);
        var inside = points.InSquare(tile.Zoom, tile.X, tile.Y);
        layer.Reserve(inside.Length);
        Add(layer, units, inside);
        foreach (var (x, y) in tile.Rim(RimZoom))
        {
            Add(layer, units, points.InSquare(tile.Zoom + RimZoom, x, y));
        }
        return layer.ToTile();
    }

    private static void Add(IssueLayer layer, TileUnits units, ReadOnlySpan<PlacedIssue> issues)
    {
        foreach (ref readonly var issue in issues)
        {
            if (units.Has(issue.X, issue.Y, out var x, out var y))
            {
                layer.Add(issue, x, y);
            }
        }
    }
}
