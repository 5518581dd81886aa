namespace GeoSanitation.Hotspots.Grids;

/// <summary>Regular hexagons with a corner to the north; the center of cell (0, 0) is the origin of the CRS.</summary>
/// <remarks>The size is the width: the distance between the flat west and east sides, which is also the distance between neighboring centers.
/// The side is width / sqrt 3. Odd rows stand half a width further east ("odd-r" offset columns).</remarks>
/// <param name="sizeMeters">Width, meters, between 0.1 and 10,000,000.</param>
/// <exception cref="ArgumentOutOfRangeException">sizeMeters is outside its interval.</exception>
public sealed class HexGrid(double sizeMeters) : CellGrid(sizeMeters, 'h')
{
    // Every corner and center is a whole number of half widths east and of half sides north: so shared corners are equal bit for bit.
    private readonly double _halfWidth = sizeMeters / 2;
    private readonly double _halfSide = sizeMeters / (2 * Math.Sqrt(3));

    /// <inheritdoc/>
    public override double CellAreaSquareMeters => Math.Sqrt(3) / 2 * SizeMeters * SizeMeters;

    internal override double RowSpacingMeters => 3 * _halfSide;

    /// <inheritdoc/>
    public override GridCell CellAt(double xMeters, double yMeters)
    {
        // The nearest center is in one of the two rows whose centers enclose y.
        var below = Whole(Math.Floor(yMeters / (3 * _halfSide)));
        var lower = NearestInRow(below, xMeters);
        var upper = NearestInRow(below + 1, xMeters);
        return SquaredDistance(lower, xMeters, yMeters) <= SquaredDistance(upper, xMeters, yMeters) ? lower : upper;
    }

    /// <inheritdoc/>
    public override (double XMeters, double YMeters) Center(GridCell cell)
        => ((2.0 * cell.Column + (cell.Row & 1)) * _halfWidth, 3.0 * cell.Row * _halfSide);

    /// <inheritdoc/>
    public override double[] Ring(GridCell cell)
    {
        var x = 2.0 * cell.Column + (cell.Row & 1);
        var y = 3.0 * cell.Row;
        var (west, middle, east) = ((x - 1) * _halfWidth, x * _halfWidth, (x + 1) * _halfWidth);
        var (bottom, low, high, top) = ((y - 2) * _halfSide, (y - 1) * _halfSide, (y + 1) * _halfSide, (y + 2) * _halfSide);
        return [middle, bottom, east, low, east, high, middle, top, west, high, west, low, middle, bottom];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<GridCell> Neighbors(GridCell cell, bool corners = true)
    {
        var (c, r) = cell;
        var shift = c + (r & 1); // column of the north-east and south-east neighbor
        return [new(shift - 1, r - 1), new(shift, r - 1), new(c - 1, r), new(c + 1, r), new(shift - 1, r + 1), new(shift, r + 1)];
    }

    internal override (int First, int Last) ColumnsWithin(double distanceMeters, int row, int rowOffset)
    {
        // Half widths to the east: twice the columns, and one more or less between an even and an odd row.
        var shift = ((row + rowOffset) & 1) - (row & 1);
        var steps = StepsWithin(distanceMeters, 3.0 * rowOffset * _halfSide, _halfWidth);
        return steps < 0 ? (0, -1) : (-((steps + shift) >> 1), (steps - shift) >> 1);
    }

    private GridCell NearestInRow(int row, double xMeters)
        => new(Whole(Math.Floor(xMeters / SizeMeters - 0.5 * (row & 1) + 0.5)), row);

    private double SquaredDistance(GridCell cell, double xMeters, double yMeters)
    {
        var (x, y) = Center(cell);
        return (x - xMeters) * (x - xMeters) + (y - yMeters) * (y - yMeters);
    }
}
