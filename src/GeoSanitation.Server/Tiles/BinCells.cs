using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>Cells that cover the web map and lie alike in every tile of a zoom. Columns and rows are counted over the whole zoom; places are in tiles, ring coordinates in
/// units of 1/4096 tile from the corner of the world.</summary>
internal abstract class BinCells
{
    /// <summary>Columns of a tile.</summary>
    private protected const int Columns = 16;

    private const int Half = MvtLayer.Extent / Columns / 2;

    internal static BinCells Squares { get; } = new SquareCells();

    internal static BinCells Hexagons { get; } = new HexagonCells();

    /// <summary>Whether a cell may be in several tiles.</summary>
    internal abstract bool CrossTiles { get; }

    /// <summary>Rows of a tile.</summary>
    private protected abstract int Rows { get; }

    /// <summary>The middle of a row, in rows from the north.</summary>
    private protected abstract double MiddleOf(int row);

    /// <summary>The cell of a place.</summary>
    internal abstract (int Column, int Row) CellOf(double xTiles, double yTiles);

    /// <summary>The corners of a cell, x0, y0, x1, y1, ..., clockwise on the screen.</summary>
    internal abstract int[] RingOf(int column, int row);

    /// <summary>What a cell covers on the ground.</summary>
    internal double AreaKm2(int zoom, int row)
    {
        var (_, lat) = WebMercator.ToLonLat(0, MiddleOf(row) / Rows / Math.ScaleB(1, zoom));
        var tileKm = WebMercator.WorldMeters / 1000 * Math.Cos(lat * Math.PI / 180) / Math.ScaleB(1, zoom);
        return tileKm / Columns * (tileKm / Rows);
    }

    private sealed class SquareCells : BinCells
    {
        internal override bool CrossTiles => false;

        private protected override int Rows => Columns;

        private protected override double MiddleOf(int row) => row + 0.5;

        internal override (int Column, int Row) CellOf(double xTiles, double yTiles) => ((int)(xTiles * Columns), (int)(yTiles * Columns));

        internal override int[] RingOf(int column, int row)
        {
            var (x, y) = (2 * Half * column, 2 * Half * row);
            return [x, y, x + 2 * Half, y, x + 2 * Half, y + 2 * Half, x, y + 2 * Half];
        }
    }

    /// <summary>Pointed at the top; every other row is moved half a cell to the east. 18 rows to a tile make them 2.6 % higher than regular ones, and as many above as below a
    /// border of tiles.</summary>
    private sealed class HexagonCells : BinCells
    {
        // Squared height of a row over its width, of regular hexagons: the border between two cells is where both middles are as far.
        private const double RowStretch = 0.75;

        internal override bool CrossTiles => true;

        private protected override int Rows => 18;

        private protected override double MiddleOf(int row) => row;

        internal override (int Column, int Row) CellOf(double xTiles, double yTiles)
        {
            // Even rows make one lattice of rectangles, odd rows another; the nearer middle has the place.
            var (u, v) = (xTiles * Columns, yTiles * Rows);
            var even = (Column: (int)Math.Round(u), Row: 2 * (int)Math.Round(v / 2));
            var odd = (Column: (int)Math.Floor(u), Row: 2 * (int)Math.Floor(v / 2) + 1);
            return Distance(even.Column, even.Row) <= Distance(odd.Column + 0.5, odd.Row) ? even : odd;

            double Distance(double column, double row) => (u - column) * (u - column) + RowStretch * (v - row) * (v - row);
        }

        internal override int[] RingOf(int column, int row)
        {
            var x = 2 * Half * column + (row % 2 == 0 ? 0 : Half);
            return [x, Y(-2), x + Half, Y(-1), x + Half, Y(1), x, Y(2), x - Half, Y(1), x - Half, Y(-1)];

            // Corners are a third and two thirds of a row from the middle; rounded over the whole zoom, so alike in every tile.
            int Y(int thirds) => (int)Math.Round((3L * row + thirds) * MvtLayer.Extent / (3.0 * Rows));
        }
    }
}
