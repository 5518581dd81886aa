using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GeoSanitation.Server.Tiles;

/// <summary>The grid of whole units that a tile's coordinates are on.</summary>
/// <param name="tile">Which tile.</param>
internal readonly struct TileUnits(TileAddress tile)
{
    private readonly double _world = Math.ScaleB(MvtLayer.Extent, tile.Zoom);
    private readonly double _west = (double)tile.X * MvtLayer.Extent;
    private readonly double _north = (double)tile.Y * MvtLayer.Extent;

    // The last place that is not rounded out of the tile into another: of the world's last tile its last unit.
    private readonly int _lastX = tile.X + 1 == 1 << tile.Zoom ? MvtLayer.Extent - 1 : int.MaxValue;
    private readonly int _lastY = tile.Y + 1 == 1 << tile.Zoom ? MvtLayer.Extent - 1 : int.MaxValue;

    /// <summary>A place in units from the tile's corner, halves to the even side as ST_AsMVTGeom rounds; what would be rounded out of the world stays in it.</summary>
    /// <param name="mercatorX">Fraction of the web map's square, from the west.</param>
    /// <param name="mercatorY">Fraction of the web map's square, from the north.</param>
    /// <param name="x">Units from the west.</param>
    /// <param name="y">Units from the north.</param>
    /// <returns>Whether it is in the tile: of all tiles of a zoom one has it.</returns>
    internal bool Has(double mercatorX, double mercatorY, out int x, out int y)
    {
        // The tile's corner is a whole number, so it is all the same whether it is taken off before or after the rounding.
        var place = Vector128.Create(mercatorX, mercatorY) * Vector128.Create(_world) - Vector128.Create(_west, _north);
        if (Sse2.IsSupported)
        {
            // In one step, to the nearest and halves to the even side too; what is far too large becomes the least number.
            var units = Sse2.ConvertToVector128Int32(place);
            (x, y) = (units[0], units[1]);
        }
        else
        {
            (x, y) = ((int)Math.Round(place[0]), (int)Math.Round(place[1]));
        }
        (x, y) = (Math.Min(x, _lastX), Math.Min(y, _lastY));
        return (uint)(x | y) < MvtLayer.Extent;
    }
}
