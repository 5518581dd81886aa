using System.Globalization;

namespace GeoSanitation.Hotspots.Grids;

/// <summary>A cell of a <see cref="CellGrid"/> by its place in the grid.</summary>
/// <param name="Column">Column, growing eastwards; may be negative.</param>
/// <param name="Row">Row, growing northwards; may be negative.</param>
public readonly record struct GridCell(int Column, int Row);

/// <summary>A regular grid over the whole plane of a projected CRS, anchored at the origin of that CRS.</summary>
/// <remarks>The anchor never moves, so a cell keeps its id and its place when data, filters or the study area change.</remarks>
public abstract class CellGrid
{
    private protected CellGrid(double sizeMeters, char prefix)
    {
        if (!(sizeMeters >= 0.1 && sizeMeters <= 1e7))
        {
            throw new ArgumentOutOfRangeException(nameof(sizeMeters), sizeMeters, "sizeMeters must be between 0.1 and 10,000,000.");
        }
        SizeMeters = sizeMeters;
        Name = prefix + sizeMeters.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Distance between the centers of two cells that share an edge, meters: the side of a square, the width of a hexagon.</summary>
    public double SizeMeters { get; }

    /// <summary>Area of a cell, square meters.</summary>
    public abstract double CellAreaSquareMeters { get; }

    /// <summary>Kind and size, the first part of every cell id: <c>h250</c>, <c>s100</c>.</summary>
    public string Name { get; }

    /// <summary>Distance between two rows of centers, meters.</summary>
    internal abstract double RowSpacingMeters { get; }

    /// <summary>The cell that holds a point. Every point belongs to exactly one cell, border points included.</summary>
    /// <param name="xMeters">Easting, meters.</param>
    /// <param name="yMeters">Northing, meters.</param>
    /// <exception cref="ArgumentOutOfRangeException">The point is not finite or more than two billion cells from the origin.</exception>
    public abstract GridCell CellAt(double xMeters, double yMeters);

    /// <summary>Center of a cell, meters.</summary>
    /// <param name="cell">The cell.</param>
    public abstract (double XMeters, double YMeters) Center(GridCell cell);

    /// <summary>Outline of a cell: x0, y0, x1, y1, ..., a closed counter-clockwise ring in meters. Adjoining cells share their corners bit for bit.</summary>
    /// <param name="cell">The cell.</param>
    public abstract double[] Ring(GridCell cell);

    /// <summary>Cells that touch a cell, in a fixed order.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="corners">Whether sharing one corner is enough (queen); otherwise an edge is needed (rook). Hexagons that share a corner share an edge.</param>
    public abstract IReadOnlyList<GridCell> Neighbors(GridCell cell, bool corners = true);

    /// <summary>Columns of the cells of another row whose centers are within a distance, as differences from a cell's own column; last &lt; first when there are none.</summary>
    /// <param name="distanceMeters">Distance, at most as many cells as an int can count.</param>
    /// <param name="row">Row of the cell; only whether it is odd matters.</param>
    /// <param name="rowOffset">Rows from the cell's to the other, northwards.</param>
    internal abstract (int First, int Last) ColumnsWithin(double distanceMeters, int row, int rowOffset);

    /// <summary>Most steps along a row that stay within a distance, a number of meters away from it; -1 when even the nearest place is too far.</summary>
    private protected static int StepsWithin(double distanceMeters, double rowMeters, double stepMeters)
    {
        var square = distanceMeters * distanceMeters - rowMeters * rowMeters;
        if (square < 0)
        {
            return -1;
        }
        return (int)Math.Min(Math.Sqrt(square) / stepMeters, int.MaxValue / 4);
    }

    /// <summary>Stable id of a cell: grid, column and row, such as <c>h250:12:-7</c>.</summary>
    /// <param name="cell">The cell.</param>
    public string Id(GridCell cell) => string.Create(CultureInfo.InvariantCulture, $"{Name}:{cell.Column}:{cell.Row}");

    private protected static int Whole(double value)
    {
        if (!(Math.Abs(value) < 2e9))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "The point is not finite or too far from the origin for this cell size.");
        }
        return (int)value;
    }
}
