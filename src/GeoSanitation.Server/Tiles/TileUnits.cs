namespace GeoSanitation.Server.Tiles;

/// <summary>The grid of whole units that a tile's coordinates are on.</summary>
/// <param name="tile">Which tile.</param>
internal readonly struct TileUnits(TileAddress tile)
{
    private readonly double _world = Math.ScaleB(MvtLayer.Extent, tile.Zoom);
    private readonly double _west = (double)tile.X * MvtLayer.Extent;
    private readonly double _north = (double)tile.Y * MvtLayer.Extent;

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
}
