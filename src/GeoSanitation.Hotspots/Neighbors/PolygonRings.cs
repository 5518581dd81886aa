namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>One polygon or multi-polygon, with or without holes, as flat rings.</summary>
/// <remarks>A place is inside when a ray from it crosses the rings an odd number of times, so neither the direction of
/// the rings nor which hole belongs to which shell matters as long as the polygon is valid. Coordinates are in any one unit: meters of a CRS or degrees.</remarks>
public sealed class PolygonRings
{
    private readonly double[][] _rings;

    /// <summary>Takes the rings, each x0, y0, x1, y1, ...; the first position may be repeated at the end or not.</summary>
    /// <param name="rings">Rings of at least three positions, all finite; kept, not copied. No ring at all is an empty polygon, which covers nothing.</param>
    /// <exception cref="ArgumentException">A ring has an odd length, fewer than three positions, or a value that is not finite.</exception>
    public PolygonRings(IReadOnlyList<double[]> rings)
    {
        ArgumentNullException.ThrowIfNull(rings);
        _rings = [.. rings];
        (MinX, MinY, MaxX, MaxY) = (double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        for (var r = 0; r < _rings.Length; r++)
        {
            var ring = _rings[r];
            if (ring.Length < 6 || ring.Length % 2 != 0)
            {
                throw new ArgumentException($"Ring {r} has {ring.Length} numbers; a ring has two a position and at least three positions.", nameof(rings));
            }
            for (var i = 0; i < ring.Length; i += 2)
            {
                if (!double.IsFinite(ring[i]) || !double.IsFinite(ring[i + 1]))
                {
                    throw new ArgumentException($"Ring {r} holds ({ring[i]}, {ring[i + 1]}); coordinates must be finite.", nameof(rings));
                }
                MinX = Math.Min(MinX, ring[i]);
                MaxX = Math.Max(MaxX, ring[i]);
                MinY = Math.Min(MinY, ring[i + 1]);
                MaxY = Math.Max(MaxY, ring[i + 1]);
            }
        }
    }

    /// <summary>The rings as given, each x0, y0, x1, y1, ...</summary>
    public IReadOnlyList<double[]> Rings => _rings;

    internal double MinX { get; }

    internal double MinY { get; }

    internal double MaxX { get; }

    internal double MaxY { get; }

    internal bool IsEmpty => _rings.Length == 0;
}
