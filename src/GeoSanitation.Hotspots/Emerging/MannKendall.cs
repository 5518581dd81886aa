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
        var n = (double)series.Length;
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
        var variance = (n * (n - 1) * (2 * n + 5) - ties) / 18;
        var z = variance > 0 ? (s - Math.Sign(s)) / Math.Sqrt(variance) : 0;
        var pairs = n * (n - 1) / 2;
        var tauB = pairs > tiedPairs ? s / Math.Sqrt(pairs * (pairs - tiedPairs)) : double.NaN;
        return new MannKendallResult(series.Length, s, variance, z, series.Length < 2 ? double.NaN : Normal.TwoSidedP(z), tauB);
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
/// <param name="Z">S, one nearer to zero, over the root of the variance; 0 when all values are equal.</param>
/// <param name="P">Two-sided p under the normal distribution, crude for fewer than 8 values; NaN for fewer than two.</param>
/// <param name="TauB">Kendall's tau-b; NaN when all values are equal.</param>
public sealed record MannKendallResult(int Count, long S, double Variance, double Z, double P, double TauB)
{
    /// <summary>+1 for a significant rise, -1 for a significant fall, else 0; never significant with fewer than 4 values, whose smallest exact p is 1/3.</summary>
    /// <param name="alpha">Level, such as 0.10.</param>
    public int Trend(double alpha) => Count >= 4 && P <= alpha ? Math.Sign(S) : 0;
}
