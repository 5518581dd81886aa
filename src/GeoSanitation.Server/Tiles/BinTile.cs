using System.Runtime.InteropServices;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>
/// Vector tiles of issues counted by cells that lie alike in every tile of a zoom: squares, of which a tile has 16 x 16, or hexagons, 16 to a row and 18 rows. A square is in
/// one tile; a hexagon on a border is whole in each of its tiles, with the same id, place and numbers.
/// </summary>
internal static class BinTile
{
    /// <summary>Cells get no smaller from here on.</summary>
    private const int LastZoom = 16;

    /// <summary>Units around the tile within which hexagons are written too, so that a map draws their borders.</summary>
    private const int Buffer = 64;

    /// <summary>Issues of so much around the tile are counted: a hexagon reaches less far. Squares of which a tile's side has 2^3.</summary>
    private const int RimZoom = 3;

    /// <summary>Ids of bins begin here, above those of clusters.</summary>
    private const long FirstId = 1L << 49;

    /// <summary>One tile.</summary>
    /// <param name="points">The issues.</param>
    /// <param name="cells">The cells.</param>
    /// <param name="tile">Which tile.</param>
    internal static byte[] Encode(PointSnapshot points, BinCells cells, TileAddress tile)
    {
        var deeper = Math.Max(0, tile.Zoom - LastZoom);
        var counted = new TileAddress(tile.Zoom - deeper, tile.X >> deeper, tile.Y >> deeper);
        var sums = new Dictionary<(int Row, int Column), MapCluster>();
        Count(points.Chosen.InSquare(counted.Zoom, counted.X, counted.Y));
        if (cells.CrossTiles)
        {
            foreach (var (x, y) in counted.Rim(RimZoom))
            {
                Count(points.Chosen.InSquare(counted.Zoom + RimZoom, x, y));
            }
        }
        var layer = new MvtLayer("bins");
        foreach (var ((row, column), sum) in sums.OrderBy(s => s.Key))
        {
            var ring = cells.RingOf(column, row);
            for (var i = 0; i < ring.Length; i += 2)
            {
                ring[i] = Local(ring[i], tile.X);
                ring[i + 1] = Local(ring[i + 1], tile.Y);
            }
            if (IsShown(ring, cells.CrossTiles ? Buffer : 0))
            {
                layer.Begin(FirstId + ((long)counted.Zoom << 43) + ((long)row << 21) + column);
                layer.Tag("count", sum.Count);
                layer.Tag("density", Math.Round(sum.Count / cells.AreaKm2(counted.Zoom, row), 3));
                sum.TagSums(layer);
                layer.EndPolygons([ring]);
            }
        }
        return layer.ToTile();

        void Count(List<IssueStretch> issues)
        {
            var world = Math.ScaleB(1, counted.Zoom);
            foreach (var (chunk, rows) in issues)
            {
                foreach (var i in rows.Span)
                {
                    var (column, row) = cells.CellOf(chunk.MercatorX(i) * world, chunk.MercatorY[i] * world);
                    CollectionsMarshal.GetValueRefOrAddDefault(sums, (row, column), out _).Add(chunk.Status(i), chunk.TraitsAt(i, points.Chosen.LastDeadline), chunk.Severity(i));
                }
            }
        }

        // From units of the whole zoom that was counted to units of the tile.
        int Local(int units, int tileAt) => (int)(((long)units << deeper) - (long)tileAt * MvtLayer.Extent);
    }

    private static bool IsShown(int[] ring, int buffer)
    {
        var (west, north, east, south) = (int.MaxValue, int.MaxValue, int.MinValue, int.MinValue);
        for (var i = 0; i < ring.Length; i += 2)
        {
            (west, east) = (Math.Min(west, ring[i]), Math.Max(east, ring[i]));
            (north, south) = (Math.Min(north, ring[i + 1]), Math.Max(south, ring[i + 1]));
        }
        return west < MvtLayer.Extent + buffer && east > -buffer && north < MvtLayer.Extent + buffer && south > -buffer;
    }
}
