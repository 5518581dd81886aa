using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GeoSanitation.Hotspots.Significance;

namespace GeoSanitation.Hotspots.Emerging;

/// <summary>Does a series rise or fall? Mann-Kendall test with correction for ties.</summary>
/// <remarks>Sources: Mann (1945), doi 10.2307/1907187; Kendall (1975), Rank Correlation Methods; Gilbert (1987), chapter 16; slope: Sen (1968), doi 10.1080/01621459.1968.10480934.
/// Serial correlation makes p too small; nothing is done about it here.</remarks>
public static class MannKendall
{
    /// <summary>Tests a series at equal time steps, oldest first. O(n^2), meant for some hundreds of steps.</summary>
    /// <param name="series">Values, finite.</param>
    /// <returns>S, its variance and z with continuity correction; p NaN with fewer than two values, 1 when all are equal.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static MannKendallResult Test(ReadOnlySpan<double> series)
    {
        long s = 0;
        for (var i = 0; i < series.Length; i++)
        {
            if (!double.IsFinite(series[i]))
            {
                throw new ArgumentException($"series[{i}] is {series[i]}; it must be finite.", nameof(series));
            }
            for (var j = i + 1; j < series.Length; j++)
            {
                s += series[j].CompareTo(series[i]);
            }
        }
        var sorted = series.ToArray();
        Array.Sort(sorted);
        double ties = 0, tiedPairs = 0;
        for (int from = 0, to; from < sorted.Length; from = to)
        {
            for (to = from + 1; to < sorted.Length && sorted[to] == sorted[from]; to++)
            {
            }
            var t = (double)(to - from);
            ties += t * (t - 1) * (2 * t + 5);
            tiedPairs += t * (t - 1) / 2;
        }
        return MannKendallResult.Of(series.Length, s, ties, tiedPairs);
    }

    /// <summary>Tests many series of the same length, several at a time; the same results as one by one.</summary>
    /// <param name="values">The series one after the other, or any whole numbers of the same order.</param>
    /// <param name="steps">Length of a series.</param>
    /// <param name="results">Output, one for each series.</param>
    internal static void TestEach(ReadOnlySpan<long> values, int steps, Span<MannKendallResult> results)
    {
        // The narrower a number, the more series fit into a vector; sums of squares up to steps^3 / 3 must fit too.
        var used = 0L;
        foreach (var value in values)
        {
            used |= value ^ (value >> 63);
        }
        if (used <= short.MaxValue && steps <= 46)
        {
            TestEach<short>(values, steps, results);
        }
        else if (used <= int.MaxValue && steps <= 1_800)
        {
            TestEach<int>(values, steps, results);
        }
        else
        {
            TestEach<long>(values, steps, results);
        }
    }

    private static void TestEach<T>(ReadOnlySpan<long> values, int steps, Span<MannKendallResult> results)
        where T : struct, IBinaryInteger<T>
    {
        var lanes = Vector256<T>.Count;
        var columns = new T[steps * lanes];
        for (var first = 0; first < results.Length; first += lanes)
        {
            // One series in each lane; the last one stands again in lanes that are left over.
            for (var lane = 0; lane < lanes; lane++)
            {
                ref var to = ref columns[lane];
                foreach (var value in values.Slice(Math.Min(first + lane, results.Length - 1) * steps, steps))
                {
                    to = T.CreateTruncating(value);
                    to = ref Unsafe.Add(ref to, lanes);
                }
            }
            Compare(columns, steps, results.Slice(first, Math.Min(lanes, results.Length - first)));
        }
    }

    private static void Compare<T>(T[] columns, int steps, Span<MannKendallResult> results)
        where T : struct, IBinaryInteger<T>
    {
        var lanes = Vector256<T>.Count;
        ref var origin = ref MemoryMarshal.GetArrayDataReference(columns);
        Vector256<T> allRising = default, allEqual = default, equalSquares = default;
        for (var i = 0; i < steps; i++)
        {
            var own = Vector256.LoadUnsafe(ref origin, (nuint)(i * lanes));
            Vector256<T> rising = default, equal = default;
            for (var j = i + 1; j < steps; j++)
            {
                // True is -1.
                var other = Vector256.LoadUnsafe(ref origin, (nuint)(j * lanes));
                rising -= Vector256.LessThan(own, other);
                equal -= Vector256.Equals(own, other);
            }
            allRising += rising;
            allEqual += equal;
            equalSquares += equal * equal;
        }
        var pairs = (long)steps * (steps - 1) / 2;
        for (var lane = 0; lane < results.Length; lane++)
        {
            // Of t equal values the first has t - 1 equal ones after it, the next t - 2 ...: over these f, 6 sum f (f + 2) is t (t - 1) (2 t + 5).
            var equal = long.CreateTruncating(allEqual[lane]);
            var squares = long.CreateTruncating(equalSquares[lane]);
            results[lane] = MannKendallResult.Of(steps, 2 * long.CreateTruncating(allRising[lane]) + equal - pairs, 6.0 * (squares + 2 * equal), equal);
        }
    }

    /// <summary>Sen's slope: the median of all slopes between two values. Takes n^2 / 2 numbers of memory.</summary>
    /// <param name="series">Values at equal time steps, oldest first.</param>
    /// <returns>Change a step; NaN with fewer than two values.</returns>
    public static double SenSlope(ReadOnlySpan<double> series)
    {
        if (series.Length < 2)
        {
            return double.NaN;
        }
        var slopes = new double[series.Length * (series.Length - 1) / 2];
        var at = 0;
        for (var i = 0; i < series.Length; i++)
        {
            for (var j = i + 1; j < series.Length; j++)
            {
                slopes[at++] = (series[j] - series[i]) / (j - i);
            }
        }
        Array.Sort(slopes);
        return (slopes[(slopes.Length - 1) / 2] + slopes[slopes.Length / 2]) / 2;
    }
}

/// <summary>Outcome of a Mann-Kendall test.</summary>
/// <param name="Count">Length of the series.</param>
/// <param name="S">Rising pairs minus falling pairs.</param>
/// <param name="Variance">Variance of S when there is no trend, ties accounted for.</param>
/// <param name="TiedPairs">Pairs of equal values.</param>
public readonly record struct MannKendallResult(int Count, long S, double Variance, double TiedPairs)
{
    /// <summary>S, one nearer to zero, over the root of the variance; 0 when all values are equal.</summary>
    public double Z => Variance > 0 ? (S - Math.Sign(S)) / Math.Sqrt(Variance) : 0;

    /// <summary>Two-sided p under the normal distribution, crude for fewer than 8 values; NaN for fewer than two.</summary>
    public double P => Count < 2 ? double.NaN : Normal.TwoSidedP(Z);

    /// <summary>Kendall's tau-b; NaN when all values are equal.</summary>
    public double TauB
    {
        get
        {
            var pairs = Count * (Count - 1.0) / 2;
            return pairs > TiedPairs ? S / Math.Sqrt(pairs * (pairs - TiedPairs)) : double.NaN;
        }
    }

    /// <summary>+1 for a significant rise, -1 for a significant fall, else 0; never significant with fewer than 4 values, whose smallest exact p is 1/3.</summary>
    /// <param name="alpha">Level, such as 0.10.</param>
    public int Trend(double alpha) => Count >= 4 && P <= alpha ? Math.Sign(S) : 0;

    /// <param name="count">Length n of the series.</param>
    /// <param name="s">Rising pairs minus falling pairs.</param>
    /// <param name="ties">Sum of t (t - 1) (2 t + 5) over groups of t equal values.</param>
    /// <param name="tiedPairs">Sum of t (t - 1) / 2.</param>
    internal static MannKendallResult Of(int count, long s, double ties, double tiedPairs)
    {
        var n = (double)count;
        return new MannKendallResult(count, s, (n * (n - 1) * (2 * n + 5) - ties) / 18, tiedPairs);
    }
}
