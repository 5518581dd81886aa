using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GeoSanitation.Hotspots.Density;

/// <summary>The fast way to a Gaussian density: points are shared among the nearest cell centers, and these sums are smoothed along rows, then along columns.</summary>
internal static class BinnedSmoothing
{
    // Points whose cells are worked out together, several at a time.
    private const int Batch = 256;

    private const int StripColumns = 64;

    private static readonly int Lanes = Vector256<double>.Count;

    /// <summary>Weight per cell, smoothed.</summary>
    /// <param name="points">Points, meters.</param>
    /// <param name="frame">The raster.</param>
    /// <param name="sdMeters">Standard deviation, at least <see cref="KernelDensity.MinBinnedCells"/> cells.</param>
    /// <param name="values">Output, a value for each cell of the raster.</param>
    public static void Smooth(LentPoints points, RasterFrame frame, double sdMeters, Span<double> values)
    {
        var times = (int)Math.Min(sdMeters / (KernelDensity.MinBinnedCells * frame.CellMeters), 1 << 20);
        if (times <= 1)
        {
            Smooth(points, frame, sdMeters, sdMeters * sdMeters, values);
            return;
        }
        var squares = SplineRefinement.Coarse(frame, times);
        var coarse = ArrayPool<double>.Shared.Rent(squares.Columns * squares.Rows);
        try
        {
            Smooth(points, squares, sdMeters, sdMeters * sdMeters - SplineRefinement.Variance(squares.CellMeters), coarse);
            SplineRefinement.Refine(coarse, squares, frame, times, values);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(coarse);
        }
    }

    private static void Smooth(LentPoints points, RasterFrame frame, double sdMeters, double variance, Span<double> values)
    {
        var cell = frame.CellMeters;
        var reach = KernelDensity.ReachCells(sdMeters, cell);
        var (columns, rows) = (frame.Columns + 2 * reach, frame.Rows + 2 * reach);
        // Rows whose length is a power of two would all want the same lines of the cache.
        var stride = frame.Columns + 2 * Lanes;
        // Rented, because to touch new memory takes a tenth of the time.
        var mass = ArrayPool<double>.Shared.Rent(columns * rows);
        var alongRows = ArrayPool<double>.Shared.Rent(stride * rows);
        try
        {
            Count(points, frame.WestMeters - reach * cell, frame.SouthMeters - reach * cell, cell, columns, rows, mass);
            Smooth(frame, mass, columns, alongRows, stride, Kernel(variance, cell, reach), values);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(mass);
            ArrayPool<double>.Shared.Return(alongRows);
        }
    }

    private static void Smooth(RasterFrame frame, double[] mass, int columns, double[] alongRows, int stride, double[] kernel, Span<double> values)
    {
        for (var row = 0; row < frame.Rows + kernel.Length - 1; row++)
        {
            var source = mass.AsSpan(row * columns, columns);
            var target = alongRows.AsSpan(row * stride, frame.Columns);
            if (source.IndexOfAnyExcept(0.0) >= 0)
            {
                WeightedSums(target, source, 1, kernel);
            }
            else
            {
                target.Clear();
            }
        }
        // A strip of columns as high as the kernel stays in the nearest cache while one row after the other is made.
        for (var column = 0; column < frame.Columns; column += StripColumns)
        {
            var width = Math.Min(StripColumns, frame.Columns - column);
            for (var row = 0; row < frame.Rows; row++)
            {
                WeightedSums(values.Slice(row * frame.Columns + column, width), alongRows.AsSpan(row * stride + column), stride, kernel);
            }
        }
    }

    /// <summary>Spreads each point over the four cell centers around it, by how near they are in each direction.</summary>
    private static void Count(LentPoints points, double west, double south, double cell, int columns, int rows, double[] mass)
    {
        mass.AsSpan(0, columns * rows).Clear();
        ref var cells = ref MemoryMarshal.GetArrayDataReference(mass);
        var weight = points.Weight;
        Span<double> east = stackalloc double[Batch];
        Span<double> north = stackalloc double[Batch];
        Span<double> at = stackalloc double[Batch];
        for (var first = 0; first < points.Count; first += Batch)
        {
            var count = Math.Min(Batch, points.Count - first);
            points.XMeters.Slice(first, count).CopyTo(east);
            points.YMeters.Slice(first, count).CopyTo(north);
            Address(east, north, west, south, 1 / cell, columns, rows, at);
            for (var k = 0; k < count; k++)
            {
                if (at[k] < 0)
                {
                    continue;
                }
                var pair = Vector128.Create(1 - east[k], east[k]);
                pair = weight.IsEmpty ? pair : pair * weight[first + k];
                var upper = pair * north[k];
                // All four are in the table: the address is neither in the last column nor in the last row.
                var lower = (nuint)(int)at[k];
                (Vector128.LoadUnsafe(ref cells, lower) + (pair - upper)).StoreUnsafe(ref cells, lower);
                (Vector128.LoadUnsafe(ref cells, lower + (nuint)columns) + upper).StoreUnsafe(ref cells, lower + (nuint)columns);
            }
        }
    }

    /// <summary>Address of the cell whose center is next to the south-west of each place, or -1 outside the table; of the places only the parts of a cell beyond that center are left.</summary>
    private static void Address(Span<double> east, Span<double> north, double west, double south, double perMeter, int columns, int rows, Span<double> at)
    {
        ref var x = ref MemoryMarshal.GetReference(east);
        ref var y = ref MemoryMarshal.GetReference(north[..east.Length]);
        ref var to = ref MemoryMarshal.GetReference(at[..east.Length]);
        for (nuint i = 0; i < (nuint)east.Length; i += (nuint)Lanes)
        {
            var right = (Vector256.LoadUnsafe(ref x, i) - Vector256.Create(west)) * Vector256.Create(perMeter) - Vector256.Create(0.5);
            var up = (Vector256.LoadUnsafe(ref y, i) - Vector256.Create(south)) * Vector256.Create(perMeter) - Vector256.Create(0.5);
            var (column, row) = (Vector256.Floor(right), Vector256.Floor(up));
            var inside = Vector256.GreaterThanOrEqual(Vector256.Min(column, row), Vector256<double>.Zero)
                & Vector256.LessThan(column, Vector256.Create(columns - 1.0)) & Vector256.LessThan(row, Vector256.Create(rows - 1.0));
            Vector256.ConditionalSelect(inside, row * Vector256.Create((double)columns) + column, Vector256.Create(-1.0)).StoreUnsafe(ref to, i);
            (right - column).StoreUnsafe(ref x, i);
            (up - row).StoreUnsafe(ref y, i);
        }
    }

    /// <summary>Taps -reach..reach of the smoothing, summing to the kernel's mass within reach. Sharing a point among centers has the variance c^2 / 6 on average, which is taken off.</summary>
    private static double[] Kernel(double variance, double cell, int reach)
    {
        variance -= cell * cell / 6;
        var kernel = new double[2 * reach + 1];
        for (var k = -reach; k <= reach; k++)
        {
            kernel[k + reach] = cell / Math.Sqrt(2 * Math.PI * variance) * Math.Exp(-0.5 * (k * cell) * (k * cell) / variance);
        }
        return kernel;
    }

    /// <summary>target[i] = sum over k of kernel[k] source[k stride + i]; sums stay in registers, and each number has its own lane.</summary>
    private static void WeightedSums(Span<double> target, ReadOnlySpan<double> source, int stride, ReadOnlySpan<double> kernel)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(source[..((kernel.Length - 1) * stride + target.Length)]);
        ref var taps = ref MemoryMarshal.GetReference(kernel);
        var i = 0;
        for (; i <= target.Length - 4 * Lanes; i += 4 * Lanes)
        {
            Vector256<double> a = default, b = default, c = default, d = default;
            var at = (nuint)i;
            for (var k = 0; k < kernel.Length; k++, at += (nuint)stride)
            {
                var factor = Vector256.Create(Unsafe.Add(ref taps, k));
                a = Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref from, at), a);
                b = Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref from, at + (nuint)Lanes), b);
                c = Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref from, at + (nuint)(2 * Lanes)), c);
                d = Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref from, at + (nuint)(3 * Lanes)), d);
            }
            a.StoreUnsafe(ref to, (nuint)i);
            b.StoreUnsafe(ref to, (nuint)(i + Lanes));
            c.StoreUnsafe(ref to, (nuint)(i + 2 * Lanes));
            d.StoreUnsafe(ref to, (nuint)(i + 3 * Lanes));
        }
        for (; i < target.Length; i++)
        {
            var sum = 0.0;
            for (var k = 0; k < kernel.Length; k++)
            {
                sum = Math.FusedMultiplyAdd(kernel[k], source[k * stride + i], sum);
            }
            target[i] = sum;
        }
    }
}
