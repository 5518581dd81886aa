namespace GeoSanitation.Hotspots.Grids;

/// <summary>A cell size from the data.</summary>
public static class CellSizeRule
{
    /// <summary>Chooses the cell size so that a cell holds two points on average, rounded up to 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten.</summary>
    /// <param name="pointCount">Points in the study area.</param>
    /// <param name="areaSquareMeters">Size of the study area, square meters, &gt; 0.</param>
    /// <param name="minMeters">Smallest size to return, &gt;= 1.</param>
    /// <param name="maxCells">Most cells the study area may be cut into, &gt;= 1.</param>
    /// <returns>Size of a square; a hexagon of that width has 0.87 of the area.</returns>
    /// <remarks>The usual quadrat rule, side = sqrt(2 A / n): smaller cells hold mostly zeros, larger ones hide what is inside.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its interval.</exception>
    public static Choice ChooseSize(int pointCount, double areaSquareMeters, double minMeters = 50, int maxCells = 250_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pointCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCells, 1);
        if (!(areaSquareMeters > 0 && double.IsFinite(areaSquareMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(areaSquareMeters), areaSquareMeters, "areaSquareMeters must be a positive number.");
        }
        if (!(minMeters >= 1 && double.IsFinite(minMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(minMeters), minMeters, "minMeters must be a number >= 1.");
        }
        var quadrat = Math.Sqrt(2 * areaSquareMeters / Math.Max(pointCount, 1));
        var smallest = Math.Max(minMeters, Math.Sqrt(areaSquareMeters / maxCells));
        var size = RoundUp(Math.Max(quadrat, smallest));
        return quadrat >= smallest
            ? new Choice(size, "quadrat", $"sqrt(2 x {areaSquareMeters / 1e6:0.###} km2 / {pointCount} points) = {quadrat:0.#} m, rounded up.")
            : new Choice(size, "floor", $"The quadrat rule gives {quadrat:0.#} m; at least {smallest:0.#} m are required, rounded up.");
    }

    private static double RoundUp(double meters)
    {
        ReadOnlySpan<double> steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
        var power = Math.Pow(10, Math.Floor(Math.Log10(meters)));
        foreach (var step in steps)
        {
            if (step * power >= meters * (1 - 1e-12))
            {
                return step * power;
            }
        }
        return 10 * power;
    }
}
