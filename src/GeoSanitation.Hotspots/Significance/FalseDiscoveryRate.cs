namespace GeoSanitation.Hotspots.Significance;

/// <summary>Correction for many tests at once (Benjamini and Hochberg 1995, doi 10.1111/j.2517-6161.1995.tb02031.x).</summary>
/// <remarks>For spatial statistics: Caldas de Castro and Singer (2006), doi 10.1111/j.0016-7363.2006.00682.x. Undefined p (NaN) are no tests: they stay NaN and do not count.</remarks>
public static class FalseDiscoveryRate
{
    /// <summary>Adjusted p (q): the smallest rate of false discoveries at which a test is still significant.</summary>
    /// <param name="p">p of each test, in [0, 1], or NaN where undefined.</param>
    /// <returns>q of each test, min over k' &gt;= k of min(1, m p(k') / k'); NaN where p is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A p is outside [0, 1].</exception>
    public static double[] Adjust(ReadOnlySpan<double> p)
    {
        var (sorted, order) = SortDefined(p);
        var q = new double[p.Length];
        Array.Fill(q, double.NaN);
        var smallest = 1.0;
        for (var k = sorted.Length; k >= 1; k--)
        {
            smallest = Math.Min(smallest, sorted.Length * sorted[k - 1] / k);
            q[order[k - 1]] = smallest;
        }
        return q;
    }

    /// <summary>Largest p that is significant when at most a share alpha of the discoveries may be false, or null when none is.</summary>
    /// <param name="p">p of each test, in [0, 1], or NaN where undefined.</param>
    /// <param name="alpha">Rate, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A p is outside [0, 1], or alpha outside (0, 1).</exception>
    public static double? CriticalP(ReadOnlySpan<double> p, double alpha)
    {
        if (!(alpha > 0 && alpha < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha must be between 0 and 1.");
        }
        var (sorted, _) = SortDefined(p);
        for (var k = sorted.Length; k >= 1; k--)
        {
            if (sorted[k - 1] <= (double)k / sorted.Length * alpha)
            {
                return sorted[k - 1];
            }
        }
        return null;
    }

    private static (double[] Sorted, int[] Order) SortDefined(ReadOnlySpan<double> p)
    {
        var defined = 0;
        for (var i = 0; i < p.Length; i++)
        {
            if (p[i] is < 0 or > 1)
            {
                throw new ArgumentOutOfRangeException(nameof(p), p[i], "p must be between 0 and 1.");
            }
            defined += double.IsNaN(p[i]) ? 0 : 1;
        }
        var sorted = new double[defined];
        var order = new int[defined];
        for (int i = 0, k = 0; i < p.Length; i++)
        {
            if (!double.IsNaN(p[i]))
            {
                (sorted[k], order[k]) = (p[i], i);
                k++;
            }
        }
        Array.Sort(sorted, order);
        return (sorted, order);
    }
}
