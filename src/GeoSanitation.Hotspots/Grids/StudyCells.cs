using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Hotspots.Grids;

/// <summary>The cells of a grid that make up a study area, with what each holds; cells without a point are there too, as zeros.</summary>
/// <remarks>A cell belongs to the study area when the area covers its center, or when it holds a point that the area covers. Points outside the
/// area are left out. So empty places inside count (they belong to the mean and the variance of Gi*), places outside do not, and no point of the area is lost.</remarks>
public sealed class StudyCells
{
    private readonly GridCell[] _cells;
    private readonly int[] _counts;
    private readonly double[] _weights;
    private readonly int[] _cellOfPoint;

    private StudyCells(CellGrid grid, GridCell[] cells, int[] counts, double[] weights, int[] cellOfPoint)
        => (Grid, _cells, _counts, _weights, _cellOfPoint) = (grid, cells, counts, weights, cellOfPoint);

    /// <summary>The grid that the cells belong to.</summary>
    public CellGrid Grid { get; }

    /// <summary>Number of cells.</summary>
    public int Count => _cells.Length;

    /// <summary>The cells, by row from the south, within a row from the west.</summary>
    public ReadOnlySpan<GridCell> Cells => _cells;

    /// <summary>Points in each cell, in the order of <see cref="Cells"/>.</summary>
    public ReadOnlySpan<int> PointCounts => _counts;

    /// <summary>Sum of the points' weights in each cell; equal to the counts when the points carry no weights.</summary>
    public ReadOnlySpan<double> WeightSums => _weights;

    /// <summary>For each point the position of its cell in <see cref="Cells"/>, or -1 when the study area does not cover the point.</summary>
    public ReadOnlySpan<int> CellOfPoint => _cellOfPoint;

    /// <summary>Finds the cells of a study area and counts the points in them.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="area">The study area: every place that one of these polygons covers. Meters of the same CRS as the grid.</param>
    /// <param name="points">Points, meters of the same CRS.</param>
    /// <param name="maxCells">Most cells that may be looked at: the sum, over the outer bounds of all polygons, of the cells in them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The area would need more than maxCells cells; nothing was allocated for them.</exception>
    public static StudyCells Cover(CellGrid grid, PolygonLocator area, Points points, int maxCells)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(area);
        ArgumentNullException.ThrowIfNull(points);
        RequireFewEnough(grid, area, maxCells);
        var keys = new List<long>();
        foreach (var polygon in area.Polygons)
        {
            AddCoveredCenters(grid, area, polygon, keys);
        }
        var keyOfPoint = new long[points.Count];
        for (var i = 0; i < keyOfPoint.Length; i++)
        {
            var (x, y) = (points.XMeters[i], points.YMeters[i]);
            keyOfPoint[i] = area.Locate(x, y) < 0 ? long.MinValue : Key(grid.CellAt(x, y));
            if (keyOfPoint[i] != long.MinValue)
            {
                keys.Add(keyOfPoint[i]);
            }
        }
        var sorted = keys.ToArray();
        Array.Sort(sorted);
        var count = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                sorted[count++] = sorted[i];
            }
        }
        var unique = sorted.AsSpan(0, count);
        var cells = new GridCell[count];
        for (var i = 0; i < count; i++)
        {
            cells[i] = new GridCell((int)((unique[i] & 0xFFFFFFFF) + int.MinValue), (int)(unique[i] >> 32));
        }
        var counts = new int[count];
        var weights = new double[count];
        var cellOfPoint = new int[points.Count];
        for (var i = 0; i < cellOfPoint.Length; i++)
        {
            cellOfPoint[i] = keyOfPoint[i] == long.MinValue ? -1 : unique.BinarySearch(keyOfPoint[i]);
            if (cellOfPoint[i] >= 0)
            {
                counts[cellOfPoint[i]]++;
                weights[cellOfPoint[i]] += points.WeightOf(i);
            }
        }
        return new StudyCells(grid, cells, counts, weights, cellOfPoint);
    }

    /// <summary>The centers of the cells, in the order of <see cref="Cells"/>.</summary>
    public Points Centers()
    {
        var x = new double[Count];
        var y = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            (x[i], y[i]) = Grid.Center(_cells[i]);
        }
        return new Points(x, y);
    }

    /// <summary>Which cells have centers within a distance of each other, without a list of pairs.</summary>
    /// <param name="bandMeters">Greatest distance, meters, &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">bandMeters is not a positive number.</exception>
    public GridBand Band(double bandMeters) => new(Grid, _cells, bandMeters);

    /// <summary>Which cells of the study area touch which.</summary>
    /// <param name="corners">Whether sharing one corner is enough (queen) or an edge is needed (rook); the same for hexagons.</param>
    public SpatialWeights Contiguity(bool corners = true)
    {
        var position = new Dictionary<GridCell, int>(Count);
        for (var i = 0; i < Count; i++)
        {
            position.Add(_cells[i], i);
        }
        var lists = new List<int>[Count];
        for (var i = 0; i < Count; i++)
        {
            lists[i] = [];
            foreach (var neighbor in Grid.Neighbors(_cells[i], corners))
            {
                if (position.TryGetValue(neighbor, out var j))
                {
                    lists[i].Add(j);
                }
            }
        }
        return SpatialWeights.FromNeighborLists(lists);
    }

    // Sorts by row, then column.
    private static long Key(GridCell cell) => ((long)cell.Row << 32) + ((long)cell.Column - int.MinValue);

    private static void RequireFewEnough(CellGrid grid, PolygonLocator area, int maxCells)
    {
        var needed = 0.0;
        foreach (var polygon in area.Polygons)
        {
            if (!polygon.IsEmpty)
            {
                needed += ((polygon.MaxX - polygon.MinX) / grid.SizeMeters + 1) * ((polygon.MaxY - polygon.MinY) / grid.RowSpacingMeters + 1);
            }
        }
        if (needed > maxCells)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maxCells), maxCells, $"Cells of size {grid.SizeMeters} would number about {needed:0} in the bounds of the study area; at most {maxCells} are allowed.");
        }
    }

    private static void AddCoveredCenters(CellGrid grid, PolygonLocator area, PolygonRings polygon, List<long> keys)
    {
        if (polygon.IsEmpty)
        {
            return;
        }
        var (firstColumn, firstRow) = grid.CellAt(polygon.MinX, polygon.MinY);
        var (lastColumn, lastRow) = grid.CellAt(polygon.MaxX, polygon.MaxY);
        for (var row = firstRow - 1; row <= lastRow + 1; row++)
        {
            for (var column = firstColumn - 1; column <= lastColumn + 1; column++)
            {
                var cell = new GridCell(column, row);
                var (x, y) = grid.Center(cell);
                if (x >= polygon.MinX && x <= polygon.MaxX && y >= polygon.MinY && y <= polygon.MaxY && area.Locate(x, y) >= 0)
                {
                    keys.Add(Key(cell));
                }
            }
        }
    }
}
