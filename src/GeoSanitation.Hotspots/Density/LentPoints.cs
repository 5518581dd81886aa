namespace GeoSanitation.Hotspots.Density;

/// <summary>n points in a projected CRS for one call: parts of arrays that whoever calls has further use for, so that a picture after the other needs no new memory.</summary>
public readonly ref struct LentPoints
{
    /// <summary>Takes the columns of n points.</summary>
    /// <param name="xMeters">Eastings, meters, finite.</param>
    /// <param name="yMeters">Northings, meters, finite; as long as <paramref name="xMeters"/>.</param>
    /// <param name="weight">Weight of each point, finite and &gt;= 0; empty means every point weighs 1.</param>
    /// <exception cref="ArgumentException">They differ in length.</exception>
    public LentPoints(ReadOnlySpan<double> xMeters, ReadOnlySpan<double> yMeters, ReadOnlySpan<double> weight)
    {
        if (yMeters.Length != xMeters.Length || (weight.Length != xMeters.Length && !weight.IsEmpty))
        {
            throw new ArgumentException($"xMeters has {xMeters.Length} values, yMeters {yMeters.Length}, weight {weight.Length}.", nameof(yMeters));
        }
        XMeters = xMeters;
        YMeters = yMeters;
        Weight = weight;
    }

    internal LentPoints(Points points) : this(points.XMeters, points.YMeters, points.Weight)
    {
    }

    /// <summary>Number of points, n.</summary>
    public int Count => XMeters.Length;

    internal ReadOnlySpan<double> XMeters { get; }

    internal ReadOnlySpan<double> YMeters { get; }

    internal ReadOnlySpan<double> Weight { get; }

    internal double WeightOf(int i) => Weight.IsEmpty ? 1.0 : Weight[i];
}
