using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GeoSanitation.Server.Tiles;

/// <summary>The grid of whole units that a tile's coordinates are on.</summary>
/// <param name="tile">Which tile.</param>
internal readonly struct TileUnits(TileAddress tile)
{
    private readonly Vector128<double> _world = Vector128.Create(Math.ScaleB(MvtLayer.Extent, tile.Zoom));
    private readonly Vector128<double> _corner = Vector128.Create(MvtLayer.Extent * (double)tile.X, MvtLayer.Extent * (double)tile.Y);

    // The last place that is not rounded out of the tile into another: of the world's last tile its last unit.
    private readonly Vector128<int> _last = Vector128.Create(LastOf(tile.X, tile.Zoom), LastOf(tile.Y, tile.Zoom), int.MaxValue, int.MaxValue);

    /// <summary>A place in units from the tile's corner, halves to the even side as ST_AsMVTGeom rounds; what would be rounded out of the world stays in it.</summary>
    /// <param name="mercatorX">Fraction of the web map's square, from the west.</param>
    /// <param name="mercatorY">Fraction of the web map's square, from the north.</param>
    /// <param name="x">Units from the west.</param>
    /// <param name="y">Units from the north.</param>
    /// <returns>Whether it is in the tile: of all tiles of a zoom one has it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Has(double mercatorX, double mercatorY, out int x, out int y)
    {
        // The tile's corner is a whole number, so it is all the same whether it is taken off before or after the rounding.
        var place = Vector128.Create(mercatorX, mercatorY) * _world - _corner;
        // In one step where there is one, to the nearest and halves to the even side too; what is far too large becomes the least number.
        var units = Sse2.IsSupported ? Sse2.ConvertToVector128Int32(place) : Vector128.Create((int)Math.Round(place[0]), (int)Math.Round(place[1]), 0, 0);
        var both = Vector128.Min(units, _last).AsUInt64().ToScalar();
        (x, y) = ((int)both, (int)(both >> 32));
        return (both & ~((ulong)(MvtLayer.Extent - 1) << 32 | (MvtLayer.Extent - 1))) == 0;
    }

    private static int LastOf(int position, int zoom) => position + 1 == 1 << zoom ? MvtLayer.Extent - 1 : int.MaxValue;
}
