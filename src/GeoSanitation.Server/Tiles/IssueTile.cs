using GeoSanitation.Server.Http;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>Vector tiles of single issues. Every issue is in exactly one tile of a zoom.</summary>
internal static class IssueTile
{
    /// <summary>Rounding to the grid moves a place by half a unit at most.</summary>
    private const double Rim = 0.5 / MvtLayer.Extent;

    /// <summary>One tile, each issue by itself.</summary>
    /// <param name="points">The issues.</param>
    /// <param name="tile">Which tile.</param>
    /// <param name="attributes">What is said of each.</param>
    /// <returns>The tile, in memory to be given back.</returns>
    /// <remarks>Places are rounded to the grid of the whole zoom, and the rounded place decides on the tile.</remarks>
    internal static RentedBytes Encode(PointSnapshot points, TileAddress tile, IssueAttributes attributes = IssueAttributes.All)
    {
        var layer = new IssueLayer(points.Chosen, attributes);
        var units = new TileUnits(tile);
        var inside = points.Chosen.InSquare(tile.Zoom, tile.X, tile.Y);
        layer.Reserve(inside.Sum(stretch => stretch.Count));
        foreach (var stretch in inside)
        {
            layer.Add(stretch, units);
        }
        foreach (var near in points.Chosen.Around(tile.Zoom, tile.X, tile.Y, Rim))
        {
            layer.Add(near, units);
        }
        return layer.ToTile();
    }
}
