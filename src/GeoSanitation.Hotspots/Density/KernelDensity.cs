namespace GeoSanitation.Hotspots.Density;

/// <summary>Kernel density: how many points, or how much weight, per square kilometer there is around a place.</summary>
/// <remarks>Gaussian: sum of w exp(-d^2 / (2 h^2)) / (2 pi h^2), h the standard deviation (Silverman 1986). Quartic: sum of w 3 / (pi R^2) (1 - d^2 / R^2)^2
/// for d &lt; R, the search radius. Both integrate to the total weight; a quartic of radius R has the standard deviation R / sqrt 8. No edge correction.</remarks>
public static class KernelDensity
{
    /// <summary>Distance, in standard deviations, at which the rasters cut the Gaussian off: 3.7e-6 of each point's weight is lost, and
    /// densities are low by at most total weight * exp(-5^2 / 2) / (2 pi h^2).</summary>
    public const double CutDeviations = 5;

    /// <summary>Standard deviations below this many cells are not binned: the binned result would be off by more than 1e-3 of the peak.</summary>
    public const double MinBinnedCells = 5;

    // Up to this many steps the exact way takes a few milliseconds, and few points are where binning is least accurate.
    private const double FewSteps = 1e7;

    private const double PerKm2 = 1e6;

    /// <summary>Gaussian density at given places, exact, without a cut. Takes points times places steps.</summary>
    /// <param name="points">Points, meters.</param>
    /// <param name="sdMeters">Standard deviation of the kernel, meters, &gt; 0.</param>
    /// <param name="xMeters">Eastings of the places.</param>
    /// <param name="yMeters">Northings of the places, same length.</param>
    /// <returns>Weight per km2 at each place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">sdMeters is not a positive number.</exception>
    /// <exception cref="ArgumentException">The places' arrays differ in length.</exception>
    public static double[] GaussianAt(Points points, double sdMeters, ReadOnlySpan<double> xMeters, ReadOnlySpan<double> yMeters)
    {
        Check(points, sdMeters, nameof(sdMeters), xMeters, yMeters);
        var density = new double[xMeters.Length];
        var scale = -0.5 / (sdMeters * sdMeters);
        var height = PerKm2 / (2 * Math.PI * sdMeters * sdMeters);
        for (var q = 0; q < density.Length; q++)
        {
            var sum = 0.0;
            for (var i = 0; i < points.Count; i++)
            {
                var dx = points.XMeters[i] - xMeters[q];
                var dy = points.YMeters[i] - yMeters[q];
                sum += points.WeightOf(i) * Math.Exp((dx * dx + dy * dy) * scale);
            }
            density[q] = sum * height;
        }
        return density;
    }

    /// <summary>Quartic density at given places, exact. Takes points times places steps.</summary>
    /// <param name="points">Points, meters.</param>
    /// <param name="radiusMeters">Search radius, meters, &gt; 0; nothing counts at or beyond it.</param>
    /// <param name="xMeters">Eastings of the places.</param>
    /// <param name="yMeters">Northings of the places, same length.</param>
    /// <returns>Weight per km2 at each place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">radiusMeters is not a positive number.</exception>
    /// <exception cref="ArgumentException">The places' arrays differ in length.</exception>
    public static double[] QuarticAt(Points points, double radiusMeters, ReadOnlySpan<double> xMeters, ReadOnlySpan<double> yMeters)
    {
        Check(points, radiusMeters, nameof(radiusMeters), xMeters, yMeters);
        var density = new double[xMeters.Length];
        for (var q = 0; q < density.Length; q++)
        {
            var sum = 0.0;
            for (var i = 0; i < points.Count; i++)
            {
                var dx = points.XMeters[i] - xMeters[q];
                var dy = points.YMeters[i] - yMeters[q];
                var rest = 1 - (dx * dx + dy * dy) / (radiusMeters * radiusMeters);
                if (rest > 0)
                {
                    sum += points.WeightOf(i) * rest * rest;
                }
            }
            density[q] = sum * PerKm2 * 3 / (Math.PI * radiusMeters * radiusMeters);
        }
        return density;
    }

    /// <summary>Gaussian density on a raster, fast: points are shared among the nearest centers first, of cells or, under a wide kernel, of squares of several cells; then these sums are smoothed.</summary>
    /// <param name="points">Points, meters; those outside the frame count as far as they reach into it.</param>
    /// <param name="frame">The raster; values belong to the cell centers.</param>
    /// <param name="sdMeters">Standard deviation of the kernel, meters, &gt; 0. Below <see cref="MinBinnedCells"/> cells, and for few points, the exact way is taken.</param>
    /// <returns>Weight per km2, within 1e-3 of the peak of the exact density for spread points: sharing a point among the centers around it adds,
    /// on average, the variance c^2 / 6, which is taken off the kernel's. Where all points are at one place it can be off by c^2 / (6 sd^2) of it. c is the cell's side, or the
    /// square's, which is at most sd / <see cref="MinBinnedCells"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">sdMeters or the frame is outside its interval.</exception>
    public static Raster Gaussian(Points points, RasterFrame frame, double sdMeters)
    {
        Check(points, frame, sdMeters, nameof(sdMeters));
        var values = GC.AllocateUninitializedArray<double>(frame.Columns * frame.Rows);
        Gaussian(new LentPoints(points), frame, sdMeters, values);
        return new Raster(frame, values);
    }

    /// <summary>The same as <see cref="Gaussian(Points, RasterFrame, double)"/>, from and into memory of the caller.</summary>
    /// <param name="points">Points, meters.</param>
    /// <param name="frame">The raster.</param>
    /// <param name="sdMeters">Standard deviation of the kernel, meters, &gt; 0.</param>
    /// <param name="perKm2">Output, as many values as the raster has cells, in the order of <see cref="Raster.Values"/>: weight per km2.</param>
    /// <exception cref="ArgumentOutOfRangeException">sdMeters or the frame is outside its interval.</exception>
    /// <exception cref="ArgumentException">perKm2 has another length.</exception>
    public static void Gaussian(LentPoints points, RasterFrame frame, double sdMeters, Span<double> perKm2)
    {
        Check(frame, sdMeters, nameof(sdMeters));
        if (perKm2.Length != frame.Columns * frame.Rows)
        {
            throw new ArgumentException($"perKm2 has {perKm2.Length} values; the frame has {frame.Columns} x {frame.Rows} cells.", nameof(perKm2));
        }
        var cell = frame.CellMeters;
        var reach = ReachCells(sdMeters, cell);
        if (sdMeters < MinBinnedCells * cell || (double)points.Count * Math.Min(2 * reach, frame.Columns) * Math.Min(2 * reach, frame.Rows) <= FewSteps)
        {
            Exact(points, frame, sdMeters, perKm2);
            return;
        }
        BinnedSmoothing.Smooth(points, frame, sdMeters, perKm2);
        var scale = PerKm2 / (cell * cell);
        foreach (ref var value in perKm2)
        {
            value *= scale;
        }
    }

    /// <summary>Gaussian density on a raster, every point at its true place. Takes points times (2 * 5 sd / cell)^2 steps.</summary>
    /// <param name="points">Points, meters; those outside the frame count as far as they reach into it.</param>
    /// <param name="frame">The raster; values belong to the cell centers.</param>
    /// <param name="sdMeters">Standard deviation of the kernel, meters, &gt; 0.</param>
    /// <returns>Weight per km2, exact but for the cut at <see cref="CutDeviations"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">sdMeters or the frame is outside its interval.</exception>
    public static Raster GaussianExact(Points points, RasterFrame frame, double sdMeters)
    {
        Check(points, frame, sdMeters, nameof(sdMeters));
        var values = GC.AllocateUninitializedArray<double>(frame.Columns * frame.Rows);
        Exact(new LentPoints(points), frame, sdMeters, values);
        return new Raster(frame, values);
    }

    private static void Exact(LentPoints points, RasterFrame frame, double sdMeters, Span<double> values)
    {
        values.Clear();
        var scale = -0.5 / (sdMeters * sdMeters);
        var height = PerKm2 / (2 * Math.PI * sdMeters * sdMeters);
        var reach = CutDeviations * sdMeters;
        var alongRow = new double[frame.Columns];
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = (points.XMeters[i], points.YMeters[i]);
            var (firstColumn, lastColumn) = CentersWithin(x - frame.WestMeters, reach, frame.CellMeters, frame.Columns);
            var (firstRow, lastRow) = CentersWithin(y - frame.SouthMeters, reach, frame.CellMeters, frame.Rows);
            // exp(-(dx^2 + dy^2) s) is a product: one row of exponentials, then one for each row of cells.
            for (var column = firstColumn; column <= lastColumn; column++)
            {
                var dx = frame.Center(column, 0).XMeters - x;
                alongRow[column] = points.WeightOf(i) * height * Math.Exp(dx * dx * scale);
            }
            for (var row = firstRow; row <= lastRow && firstColumn <= lastColumn; row++)
            {
                var dy = frame.Center(0, row).YMeters - y;
                var across = Math.Exp(dy * dy * scale);
                Rows.AddScaled(
                    values.Slice(row * frame.Columns + firstColumn, lastColumn - firstColumn + 1),
                    alongRow.AsSpan(firstColumn, lastColumn - firstColumn + 1), across);
            }
        }
    }

    /// <summary>Quartic density on a raster, exact. Takes points times (2 radius / cell)^2 steps.</summary>
    /// <param name="points">Points, meters; those outside the frame count as far as they reach into it.</param>
    /// <param name="frame">The raster; values belong to the cell centers.</param>
    /// <param name="radiusMeters">Search radius, meters, &gt; 0.</param>
    /// <returns>Weight per km2.</returns>
    /// <exception cref="ArgumentOutOfRangeException">radiusMeters or the frame is outside its interval.</exception>
    public static Raster Quartic(Points points, RasterFrame frame, double radiusMeters)
    {
        Check(points, frame, radiusMeters, nameof(radiusMeters));
        var values = new double[frame.Columns * frame.Rows];
        var height = PerKm2 * 3 / (Math.PI * radiusMeters * radiusMeters);
        var scale = 1 / (radiusMeters * radiusMeters);
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = (points.XMeters[i], points.YMeters[i]);
            var (firstColumn, lastColumn) = CentersWithin(x - frame.WestMeters, radiusMeters, frame.CellMeters, frame.Columns);
            var (firstRow, lastRow) = CentersWithin(y - frame.SouthMeters, radiusMeters, frame.CellMeters, frame.Rows);
            for (var row = firstRow; row <= lastRow; row++)
            {
                var dy = frame.Center(0, row).YMeters - y;
                for (var column = firstColumn; column <= lastColumn; column++)
                {
                    var dx = frame.Center(column, 0).XMeters - x;
                    var rest = 1 - (dx * dx + dy * dy) * scale;
                    if (rest > 0)
                    {
                        values[row * frame.Columns + column] += points.WeightOf(i) * height * rest * rest;
                    }
                }
            }
        }
        return new Raster(frame, values);
    }

    /// <summary>Cells after which a Gaussian is cut off.</summary>
    internal static int ReachCells(double sdMeters, double cellMeters) => (int)Math.Min(Math.Ceiling(CutDeviations * sdMeters / cellMeters), int.MaxValue / 4);

    /// <summary>First and last cell, in one direction, whose center is within reach of a place; last &lt; first when there is none.</summary>
    private static (int First, int Last) CentersWithin(double offset, double reach, double cell, int count)
    {
        var first = Math.Ceiling((offset - reach) / cell - 0.5);
        var last = Math.Floor((offset + reach) / cell - 0.5);
        return ((int)Math.Clamp(first, 0, count), (int)Math.Clamp(last, -1, count - 1));
    }

    private static void Check(Points points, double bandwidth, string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ArgumentNullException.ThrowIfNull(points);
        CheckBandwidth(bandwidth, name);
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"xMeters has {x.Length} values; yMeters has {y.Length}.", nameof(y));
        }
    }

    private static void Check(Points points, RasterFrame frame, double bandwidth, string name)
    {
        ArgumentNullException.ThrowIfNull(points);
        Check(frame, bandwidth, name);
    }

    private static void Check(RasterFrame frame, double bandwidth, string name)
    {
        ArgumentNullException.ThrowIfNull(frame);
        frame.Check();
        CheckBandwidth(bandwidth, name);
    }

    private static void CheckBandwidth(double bandwidth, string name)
    {
        if (!(bandwidth > 0 && double.IsFinite(bandwidth)))
        {
            throw new ArgumentOutOfRangeException(name, bandwidth, $"{name} must be a positive number.");
        }
    }
}
