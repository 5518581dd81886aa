namespace GeoSanitation.Hotspots;

/// <summary>n points in a projected CRS as parallel arrays; checked once, read only afterwards.</summary>
/// <remarks>The arrays are kept, not copied: whoever made them must not write to them any more.</remarks>
public sealed class Points
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[]? _weight;
    private readonly double[]? _timeDays;

    /// <summary>Takes the columns of n points.</summary>
    /// <param name="xMeters">Eastings, meters, finite.</param>
    /// <param name="yMeters">Northings, meters, finite; as long as <paramref name="xMeters"/>.</param>
    /// <param name="weight">Weight of each point, finite and &gt;= 0; null means every point weighs 1.</param>
    /// <param name="timeDays">Instant of each point in days from any fixed origin, finite; null when time plays no part.</param>
    /// <exception cref="ArgumentException">The arrays differ in length or hold a value that is not allowed.</exception>
    public Points(double[] xMeters, double[] yMeters, double[]? weight = null, double[]? timeDays = null)
    {
        ArgumentNullException.ThrowIfNull(xMeters);
        ArgumentNullException.ThrowIfNull(yMeters);
        RequireFinite(xMeters, xMeters.Length, nameof(xMeters));
        RequireFinite(yMeters, xMeters.Length, nameof(yMeters));
        if (weight is not null)
        {
            RequireFinite(weight, xMeters.Length, nameof(weight));
            for (var i = 0; i < weight.Length; i++)
            {
                if (weight[i] < 0)
                {
                    throw new ArgumentException($"weight[{i}] is {weight[i]}; it must be >= 0.", nameof(weight));
                }
            }
        }
        if (timeDays is not null)
        {
            RequireFinite(timeDays, xMeters.Length, nameof(timeDays));
        }
        (_x, _y, _weight, _timeDays) = (xMeters, yMeters, weight, timeDays);
    }

    /// <summary>Number of points, n.</summary>
    public int Count => _x.Length;

    /// <summary>Eastings, meters, length n.</summary>
    public ReadOnlySpan<double> XMeters => _x;

    /// <summary>Northings, meters, length n.</summary>
    public ReadOnlySpan<double> YMeters => _y;

    /// <summary>Weights, length n, or empty when every point weighs 1.</summary>
    public ReadOnlySpan<double> Weight => _weight;

    /// <summary>Instants in days, length n, or empty when none were given.</summary>
    public ReadOnlySpan<double> TimeDays => _timeDays;

    /// <summary>Whether the points carry weights of their own.</summary>
    public bool HasWeight => _weight is not null;

    /// <summary>Whether the points carry instants.</summary>
    public bool HasTime => _timeDays is not null;

    /// <summary>Sum of the weights; n when every point weighs 1.</summary>
    public double TotalWeight
    {
        get
        {
            if (_weight is null)
            {
                return Count;
            }
            var sum = 0.0;
            foreach (var w in _weight)
            {
                sum += w;
            }
            return sum;
        }
    }

    /// <summary>Weight of point <paramref name="i"/>; 1 when the points carry none.</summary>
    public double WeightOf(int i) => _weight is null ? 1.0 : _weight[i];

    /// <summary>Smallest box that holds every point, meters; all zero when there are no points.</summary>
    internal (double MinX, double MinY, double MaxX, double MaxY) Bounds()
    {
        if (Count == 0)
        {
            return default;
        }
        double minX = _x[0], maxX = _x[0], minY = _y[0], maxY = _y[0];
        for (var i = 1; i < _x.Length; i++)
        {
            minX = Math.Min(minX, _x[i]);
            maxX = Math.Max(maxX, _x[i]);
            minY = Math.Min(minY, _y[i]);
            maxY = Math.Max(maxY, _y[i]);
        }
        return (minX, minY, maxX, maxY);
    }

    private static void RequireFinite(double[] values, int length, string name)
    {
        if (values.Length != length)
        {
            throw new ArgumentException($"{name} has {values.Length} values; xMeters has {length}.", name);
        }
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException($"{name}[{i}] is {values[i]}; it must be finite.", name);
            }
        }
    }
}
