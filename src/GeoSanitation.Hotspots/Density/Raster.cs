namespace GeoSanitation.Hotspots.Density;

/// <summary>Place and size of a raster of square cells in a projected CRS.</summary>
/// <param name="WestMeters">Easting of the west edge.</param>
/// <param name="SouthMeters">Northing of the south edge.</param>
/// <param name="CellMeters">Side of a cell, &gt; 0.</param>
/// <param name="Columns">Cells from west to east, &gt;= 1.</param>
/// <param name="Rows">Cells from south to north, &gt;= 1.</param>
public sealed record RasterFrame(double WestMeters, double SouthMeters, double CellMeters, int Columns, int Rows)
{
    /// <summary>Center of a cell, meters.</summary>
    /// <param name="column">Column from the west.</param>
    /// <param name="row">Row from the south.</param>
    public (double XMeters, double YMeters) Center(int column, int row)
        => (WestMeters + (column + 0.5) * CellMeters, SouthMeters + (row + 0.5) * CellMeters);

    /// <summary>The smallest frame on whole multiples of the cell side that holds all points and a margin around them.</summary>
    /// <param name="points">At least one point, meters.</param>
    /// <param name="cellMeters">Side of a cell, &gt; 0.</param>
    /// <param name="marginMeters">Margin, &gt;= 0, so that density is not cut off at the outermost points.</param>
    /// <param name="maxCells">Most cells allowed.</param>
    /// <exception cref="ArgumentException">There are no points.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its interval, or the frame would have more than maxCells cells.</exception>
    public static RasterFrame Around(Points points, double cellMeters, double marginMeters, int maxCells)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0)
        {
            throw new ArgumentException("There are no points to frame.", nameof(points));
        }
        if (!(cellMeters > 0 && double.IsFinite(cellMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(cellMeters), cellMeters, "cellMeters must be a positive number.");
        }
        if (!(marginMeters >= 0 && double.IsFinite(marginMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(marginMeters), marginMeters, "marginMeters must be a number >= 0.");
        }
        var (minX, minY, maxX, maxY) = points.Bounds();
        var west = Math.Floor((minX - marginMeters) / cellMeters);
        var south = Math.Floor((minY - marginMeters) / cellMeters);
        var columns = Math.Floor((maxX + marginMeters) / cellMeters) - west + 1;
        var rows = Math.Floor((maxY + marginMeters) / cellMeters) - south + 1;
        if (columns * rows > maxCells)
        {
            throw new ArgumentOutOfRangeException(
                nameof(cellMeters), cellMeters, $"A raster of {columns:0} x {rows:0} cells would be needed; at most {maxCells} cells are allowed.");
        }
        return new RasterFrame(west * cellMeters, south * cellMeters, cellMeters, (int)columns, (int)rows);
    }

    internal void Check()
    {
        if (!(CellMeters > 0 && double.IsFinite(CellMeters) && double.IsFinite(WestMeters) && double.IsFinite(SouthMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(CellMeters), CellMeters, "The cell side must be a positive number and the corner finite.");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(Columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rows, 1);
    }
}

/// <summary>Values at the cell centers of a frame.</summary>
/// <param name="Frame">Place and size.</param>
/// <param name="Values">Row by row from the south, each from the west; length columns x rows.</param>
public sealed record Raster(RasterFrame Frame, double[] Values)
{
    /// <summary>Value of a cell.</summary>
    /// <param name="column">Column from the west.</param>
    /// <param name="row">Row from the south.</param>
    public double this[int column, int row] => Values[row * Frame.Columns + column];

    /// <summary>Largest value.</summary>
    public double Max
    {
        get
        {
            var max = Values[0];
            foreach (var value in Values)
            {
                max = Math.Max(max, value);
            }
            return max;
        }
    }
}
