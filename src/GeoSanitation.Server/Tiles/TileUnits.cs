using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>The grid of whole units that a tile's coordinates are on.</summary>
/// <param name="tile">Which tile.</param>
internal readonly struct TileUnits(TileAddress tile)
{
    /// <summary>Stands for a place that is not in the tile.</summary>
    internal const uint Outside = uint.MaxValue;

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

    /// <summary>The same for many places at once.</summary>
    /// <param name="lonDegrees">Their longitudes.</param>
    /// <param name="mercatorY">Fractions of the web map's square, from the north.</param>
    /// <param name="places">Of each the units from the west, and 2^16 times those from the north; <see cref="Outside"/> for what is not in the tile.</param>
    internal void Places(ReadOnlySpan<double> lonDegrees, ReadOnlySpan<double> mercatorY, Span<uint> places)
    {
        var i = 0;
        if (Avx.IsSupported)
        {
            var world = Vector256.Create(_world[0]);
            var (cornerX, cornerY) = (Vector256.Create(_corner[0]), Vector256.Create(_corner[1]));
            var (lastX, lastY) = (Vector128.Create(_last[0]), Vector128.Create(_last[1]));
            for (; i <= places.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            {
                var x = WebMercator.XOf(Vector256.Create(lonDegrees[i..]));
                var unitsX = Vector128.Min(Avx.ConvertToVector128Int32(x * world - cornerX), lastX);
                var unitsY = Vector128.Min(Avx.ConvertToVector128Int32(Vector256.Create(mercatorY[i..]) * world - cornerY), lastY);
                var isInside = Vector128.Equals((unitsX | unitsY) & Vector128.Create(~(MvtLayer.Extent - 1)), Vector128<int>.Zero);
                ((unitsX | unitsY << 16) | ~isInside).AsUInt32().CopyTo(places[i..]);
            }
        }
        for (; i < places.Length; i++)
        {
            places[i] = Has(WebMercator.XOf(lonDegrees[i]), mercatorY[i], out var x, out var y) ? (uint)x | (uint)y << 16 : Outside;
        }
    }

    private static int LastOf(int position, int zoom) => position + 1 == 1 << zoom ? MvtLayer.Extent - 1 : int.MaxValue;
}
