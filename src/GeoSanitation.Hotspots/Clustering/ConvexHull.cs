using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Clustering;

/// <summary>Convex hull of points, used as the outline of a cluster.</summary>
/// <remarks>Monotone chain (Andrew 1979, doi 10.1016/0020-0190(79)90072-3) with exact turns, so the ring is strictly convex.</remarks>
public static class ConvexHull
{
    // A hull whose area is a smaller part of the square of its length is a line but for rounding.
    private const double Sliver = 1e-9;

    /// <summary>The corners of the hull.</summary>
    /// <param name="xMeters">Eastings, meters, finite.</param>
    /// <param name="yMeters">Northings, same length.</param>
    /// <returns>x0, y0, x1, y1, ...: a closed counter-clockwise ring, starting at the westernmost (then southernmost) point; the two ends
    /// when all points lie on one line; the one place when they are identical; nothing when there are none.</returns>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static double[] Corners(ReadOnlySpan<double> xMeters, ReadOnlySpan<double> yMeters)
    {
        if (xMeters.Length != yMeters.Length)
        {
            throw new ArgumentException($"xMeters has {xMeters.Length} values; yMeters has {yMeters.Length}.", nameof(yMeters));
        }
        var sorted = new (double X, double Y)[xMeters.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = (xMeters[i], yMeters[i]);
        }
        Array.Sort(sorted);
        var chain = new List<(double X, double Y)>();
        Extend(sorted, chain);
        if (chain.Count > 1)
        {
            Array.Reverse(sorted);
            Extend(sorted, chain);
        }
        if (chain.Count == 3)
        {
            chain.RemoveAt(2); // there and back again: a line
        }
        var ring = new double[2 * chain.Count];
        for (var i = 0; i < chain.Count; i++)
        {
            (ring[2 * i], ring[2 * i + 1]) = chain[i];
        }
        return ring;
    }

    /// <summary>The hull as a ring that always encloses an area: a place becomes a square, a line a rectangle around it.</summary>
    /// <param name="xMeters">Eastings, meters, finite; at least one.</param>
    /// <param name="yMeters">Northings, same length.</param>
    /// <param name="marginMeters">Distance that a square or rectangle keeps from the place or line, meters, &gt; 0; a hull with area is not widened. Places in a line but for rounding are a line.</param>
    /// <returns>x0, y0, x1, y1, ...: a closed counter-clockwise ring.</returns>
    /// <exception cref="ArgumentException">There is no point, or the spans differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">marginMeters is not a positive number.</exception>
    public static double[] Outline(ReadOnlySpan<double> xMeters, ReadOnlySpan<double> yMeters, double marginMeters)
    {
        if (!(marginMeters > 0 && double.IsFinite(marginMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(marginMeters), marginMeters, "marginMeters must be a positive number.");
        }
        if (xMeters.IsEmpty)
        {
            throw new ArgumentException("There is no point to outline.", nameof(xMeters));
        }
        var corners = Corners(xMeters, yMeters);
        // The first corner is the westernmost: of places in a line one of its ends.
        var (x1, y1, x2, y2, length) = (corners[0], corners[1], corners[0], corners[1], 0.0);
        for (var i = 2; i < corners.Length; i += 2)
        {
            if (double.Hypot(corners[i] - x1, corners[i + 1] - y1) is var distance && distance > length)
            {
                (x2, y2, length) = (corners[i], corners[i + 1], distance);
            }
        }
        if (SignedArea(corners) > Sliver * length * length)
        {
            return corners;
        }
        var (ux, uy) = length > 0 ? ((x2 - x1) / length * marginMeters, (y2 - y1) / length * marginMeters) : (marginMeters, 0.0);
        return
        [
            x1 - ux + uy, y1 - uy - ux,
            x2 + ux + uy, y2 + uy - ux,
            x2 + ux - uy, y2 + uy + ux,
            x1 - ux - uy, y1 - uy + ux,
            x1 - ux + uy, y1 - uy - ux,
        ];
    }

    /// <summary>Area inside a ring, square meters, negative when it runs clockwise.</summary>
    /// <param name="ring">x0, y0, x1, y1, ... in meters, closed or not.</param>
    public static double SignedArea(ReadOnlySpan<double> ring)
    {
        var twice = 0.0;
        for (var i = 2; i + 3 < ring.Length; i += 2)
        {
            // Relative to the first corner: large coordinates would cost digits.
            twice += (ring[i] - ring[0]) * (ring[i + 3] - ring[1]) - (ring[i + 2] - ring[0]) * (ring[i + 1] - ring[1]);
        }
        return twice / 2;
    }

    private static void Extend((double X, double Y)[] sorted, List<(double X, double Y)> chain)
    {
        var fixedCount = chain.Count;
        foreach (var point in sorted)
        {
            if (chain.Count > 0 && chain[^1] == point)
            {
                continue;
            }
            while (chain.Count > Math.Max(fixedCount, 1)
                && Orientation.Sign(chain[^2].X, chain[^2].Y, chain[^1].X, chain[^1].Y, point.X, point.Y) <= 0)
            {
                chain.RemoveAt(chain.Count - 1);
            }
            chain.Add(point);
        }
    }
}
