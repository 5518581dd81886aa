using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GeoSanitation.Server.Snapshot;

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
        var column = Math.Min(Math.Round(mercatorX * _world), _world - 1) - _west;
        var row = Math.Min(Math.Round(mercatorY * _world), _world - 1) - _north;
        (x, y) = ((int)column, (int)row);
        return column is >= 0 and < MvtLayer.Extent && row is >= 0 and < MvtLayer.Extent;
    }

    /// <summary>The same of an issue, in a third of the time: both coordinates at once.</summary>
    internal bool Has(in PlacedIssue issue, out int x, out int y)
    {
        if (!Sse2.IsSupported)
        {
            return Has(issue.X, issue.Y, out x, out y);
        }
        // X and Y come first, one behind the other.
        var place = Vector128.LoadUnsafe(ref Unsafe.As<PlacedIssue, double>(ref Unsafe.AsRef(in issue)));
        // To the nearest, halves to the even side. The tile's corner is a whole number, so it is all the same whether it is taken off before.
        var units = Sse2.ConvertToVector128Int32(place * Vector128.Create(_world) - Vector128.Create(_west, _north));
        (x, y) = (Math.Min(units[0], _lastX), Math.Min(units[1], _lastY));
        return (uint)(x | y) < MvtLayer.Extent;
    }
}
