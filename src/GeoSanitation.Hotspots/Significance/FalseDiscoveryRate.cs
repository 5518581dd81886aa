using System.Numerics;
using System.Runtime.Intrinsics;

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
            if (sorted.Length * sorted[k - 1] / k <= alpha)
            {
                return sorted[k - 1];
            }
        }
        return null;
    }

    /// <summary>Smallest |z| whose q (of two-sided p) is at most alpha, or infinity when none is: what <see cref="Adjust"/> decides, without sorting all of them.</summary>
    /// <param name="z">z scores, or NaN where undefined.</param>
    /// <param name="alpha">Rate, in (0, 1).</param>
    internal static double CriticalZ(ReadOnlySpan<double> z, double alpha)
    {
        // No q is less than its p: only z with a p of at most alpha come into question. If there are k of them, the largest significant p is at most
        // alpha k / m; of these fewer are left, and so on, until all that are left fulfill it.
        var lowest = LeastZWithP(alpha);
        var left = AtLeast(z, lowest);
        var tests = z.Length - CountUndefined(z);
        for (var (before, count) = (-1, left.Length); count > 0 && count != before; before = count, count = CountAtLeast(left, lowest))
        {
            lowest = LeastZWithP(alpha * count / tests);
        }
        var critical = double.PositiveInfinity;
        foreach (var value in left)
        {
            critical = value >= lowest ? Math.Min(critical, value) : critical;
        }
        return critical;
    }

    private static int CountUndefined(ReadOnlySpan<double> z)
    {
        var (count, i, lanes) = (0, 0, Vector256<double>.Count);
        for (; i <= z.Length - lanes; i += lanes)
        {
            count += BitOperations.PopCount(Vector256.IsNaN(Vector256.Create(z[i..])).ExtractMostSignificantBits());
        }
        foreach (var value in z[i..])
        {
            count += double.IsNaN(value) ? 1 : 0;
        }
        return count;
    }

    /// <summary>How many |z| are at least as large as the lowest.</summary>
    private static int CountAtLeast(ReadOnlySpan<double> z, double lowest)
    {
        var (count, i, lanes) = (0, 0, Vector256<double>.Count);
        for (; i <= z.Length - lanes; i += lanes)
        {
            count += BitOperations.PopCount(Vector256.GreaterThanOrEqual(Vector256.Abs(Vector256.Create(z[i..])), Vector256.Create(lowest)).ExtractMostSignificantBits());
        }
        foreach (var value in z[i..])
        {
            count += Math.Abs(value) >= lowest ? 1 : 0;
        }
        return count;
    }

    /// <summary>The |z| that are at least as large as the lowest.</summary>
    private static double[] AtLeast(ReadOnlySpan<double> z, double lowest)
    {
        var found = GC.AllocateUninitializedArray<double>(CountAtLeast(z, lowest));
        var (count, i, lanes) = (0, 0, Vector256<double>.Count);
        for (; i <= z.Length - lanes && count <= found.Length - lanes; i += lanes)
        {
            var absolute = Vector256.Abs(Vector256.Create(z[i..]));
            var large = Vector256.GreaterThanOrEqual(absolute, Vector256.Create(lowest)).ExtractMostSignificantBits();
            if (large != 0)
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    // Without a branch: what is not kept is written over by the next.
                    found[count] = absolute[lane];
                    count += (int)(large >> lane) & 1;
                }
            }
        }
        for (; count < found.Length; i++)
        {
            found[count] = Math.Abs(z[i]);
            count += found[count] >= lowest ? 1 : 0;
        }
        return found;
    }

    /// <summary>Smallest z whose two-sided p is at most this.</summary>
    private static double LeastZWithP(double p)
    {
        var (low, high) = (0.0, 40.0);
        while (low + (high - low) / 2 is var middle && middle > low && middle < high)
        {
            (low, high) = Normal.TwoSidedP(middle) > p ? (middle, high) : (low, middle);
        }
        return high;
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
