using System.Buffers;

namespace GeoSanitation.Hotspots.Density;

/// <summary>From a smooth surface on squares to the same on the cells in them, by the cubic B-spline.</summary>
/// <remarks>The spline is four squares' sides spread one over the other, so it smooths by four times their variance, c^2 / 12, which whoever made the surface has left out.
/// Its transform is (sin x / x)^4, which is nearly nothing where that of the squares' lattice repeats: of a Gaussian surface of at least five squares to the standard deviation
/// the lattice leaves no trace that counts beside the binning.</remarks>
internal static class SplineRefinement
{
    // The spline reaches two squares to each side.
    private const int Margin = 2;

    /// <summary>What the spline adds to the variance of a kernel, square meters.</summary>
    public static double Variance(double squareMeters) => squareMeters * squareMeters / 3;

    /// <summary>Squares of a whole number of cells, with as many around the frame as the spline needs.</summary>
    public static RasterFrame Coarse(RasterFrame frame, int times) => new(
        frame.WestMeters - Margin * times * frame.CellMeters, frame.SouthMeters - Margin * times * frame.CellMeters, times * frame.CellMeters,
        (frame.Columns - 1) / times + 1 + 2 * Margin, (frame.Rows - 1) / times + 1 + 2 * Margin);

    /// <summary>Weight per cell.</summary>
    /// <param name="values">Weight per square.</param>
    /// <param name="squares">From <see cref="Coarse"/>.</param>
    /// <param name="frame">The cells.</param>
    /// <param name="times">Cells to a square's side.</param>
    /// <param name="fine">Output, a value for each cell.</param>
    public static void Refine(double[] values, RasterFrame squares, RasterFrame frame, int times, Span<double> fine)
    {
        // Rented, because to touch new memory takes longer than to fill it.
        var alongRows = ArrayPool<double>.Shared.Rent(frame.Columns * squares.Rows);
        var perCell = 1.0 / times / times;
        var taps = Enumerable.Range(0, frame.Columns).Select(column => Taps(column, times)).ToArray();
        for (var row = 0; row < squares.Rows; row++)
        {
            var from = values.AsSpan(row * squares.Columns, squares.Columns);
            var to = alongRows.AsSpan(row * frame.Columns, taps.Length);
            for (var column = 0; column < taps.Length; column++)
            {
                var (first, a, b, c, d) = taps[column];
                var four = from.Slice(first, 4);
                to[column] = perCell * (a * four[0] + b * four[1] + c * four[2] + d * four[3]);
            }
        }
        for (var row = 0; row < frame.Rows; row++)
        {
            var (first, a, b, c, d) = Taps(row, times);
            Rows.Mix(fine.Slice(row * frame.Columns, frame.Columns), alongRows.AsSpan(first * frame.Columns, 4 * frame.Columns), a, b, c, d);
        }
        ArrayPool<double>.Shared.Return(alongRows);
    }

    /// <summary>The first of four squares around a cell's center, and what each counts.</summary>
    private static (int First, double A, double B, double C, double D) Taps(int cell, int times)
    {
        var place = (cell + 0.5) / times - 0.5 + Margin;
        var before = (int)place;
        var t = place - before;
        var rest = 1 - t;
        return (before - 1, rest * rest * rest / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * rest * rest + 3 * rest * rest * rest) / 6, t * t * t / 6);
    }
}
