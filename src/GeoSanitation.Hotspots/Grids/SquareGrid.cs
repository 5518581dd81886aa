namespace GeoSanitation.Hotspots.Grids;

/// <summary>Squares with sides along the axes; cell (0, 0) has its lower left corner at the origin of the CRS.</summary>
/// <remarks>A point on an edge belongs to the cell east or north of it.</remarks>
/// <param name="sizeMeters">Side, meters, between 0.1 and 10,000,000.</param>
/// <exception cref="ArgumentOutOfRangeException">sizeMeters is outside its interval.</exception>
public sealed class SquareGrid(double sizeMeters) : CellGrid(sizeMeters, 's')
{
    /// <inheritdoc/>
    public override double CellAreaSquareMeters => SizeMeters * SizeMeters;

    internal override double RowSpacingMeters => SizeMeters;

    /// <inheritdoc/>
    public override GridCell CellAt(double xMeters, double yMeters)
        => new(Whole(Math.Floor(xMeters / SizeMeters)), Whole(Math.Floor(yMeters / SizeMeters)));

    /// <inheritdoc/>
    public override (double XMeters, double YMeters) Center(GridCell cell)
        => ((cell.Column + 0.5) * SizeMeters, (cell.Row + 0.5) * SizeMeters);

    /// <inheritdoc/>
    public override double[] Ring(GridCell cell)
    {
        var (west, east) = (cell.Column * SizeMeters, (cell.Column + 1.0) * SizeMeters);
        var (south, north) = (cell.Row * SizeMeters, (cell.Row + 1.0) * SizeMeters);
        return [west, south, east, south, east, north, west, north, west, south];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<GridCell> Neighbors(GridCell cell, bool corners = true)
    {
        var (c, r) = cell;
        return corners
            ? [new(c - 1, r - 1), new(c, r - 1), new(c + 1, r - 1), new(c - 1, r), new(c + 1, r), new(c - 1, r + 1), new(c, r + 1), new(c + 1, r + 1)]
            : [new(c, r - 1), new(c - 1, r), new(c + 1, r), new(c, r + 1)];
    }

    internal override (int First, int Last) ColumnsWithin(double distanceMeters, int row, int rowOffset)
    {
        var steps = StepsWithin(distanceMeters, rowOffset * SizeMeters, SizeMeters);
        return steps < 0 ? (0, -1) : (-steps, steps);
    }
}
