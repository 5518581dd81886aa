using System.Runtime.Intrinsics;
using GeoSanitation.Hotspots.LocalStatistics;

namespace GeoSanitation.Hotspots.Emerging;

/// <summary>z scores of the bins of one place, and whole numbers in the order of its series, in which equal means equal.</summary>
/// <param name="steps">Steps of a series, T.</param>
/// <param name="bins">Bins of the whole cube.</param>
/// <param name="mean">Their mean.</param>
/// <param name="deviation">Their deviation S.</param>
/// <param name="stepsBack">Earlier steps that count as neighbors.</param>
internal sealed class BinScores(int steps, double bins, double mean, double deviation, int stepsBack)
{
    // Adding and taking away this number rounds to a whole one, and leaves it in the lowest bits.
    private const double Rounder = 3L << 51;
    private const double LargestKey = 1L << 40;

    // Scores that are equal on paper may differ in the last bits, and must tie.
    private const double Tie = 1e-12;

    private readonly Dictionary<int, Scales> _scalesOfCount = [];
    private readonly double[] _around = new double[steps];
    private Scales? _scales;

    /// <summary>Makes scores of the sums of deviations around a place.</summary>
    /// <param name="neighborCount">Places that entered each sum.</param>
    /// <param name="series">The sums step by step; becomes the scores.</param>
    /// <param name="keys">Output, length T: whole numbers in the order of the scores.</param>
    /// <returns>Whether all scores are defined; otherwise they are NaN where they are not, and the keys say nothing.</returns>
    public bool Make(int neighborCount, Span<double> series, Span<long> keys)
    {
        if (_scales?.NeighborCount != neighborCount && !_scalesOfCount.TryGetValue(neighborCount, out _scales))
        {
            _scalesOfCount.Add(neighborCount, _scales = ScalesOf(neighborCount));
        }
        series.CopyTo(_around);
        for (var back = 1; back <= stepsBack && back < steps; back++)
        {
            Rows.Add(series[back..], _around);
        }
        var exact = _scales!.Defined && CountKeys(series, _scales, keys);
        Rows.Multiply(series, _scales.OfStep);
        if (_scales.Defined && !exact)
        {
            for (var t = 0; t < steps; t++)
            {
                keys[t] = (long)Math.Round(series[t] / Tie);
            }
        }
        return _scales.Defined;
    }

    /// <summary>Whole numbers in the order of the values: themselves, or their bits.</summary>
    public static void Keys(ReadOnlySpan<double> values, Span<long> keys)
    {
        if (!WholeKeys(values, 0, 0, keys))
        {
            BitKeys(values, keys);
        }
    }

    /// <summary>The values plus a number, as whole numbers; false when they are not, within a tolerance.</summary>
    private static bool WholeKeys(ReadOnlySpan<double> values, double plus, double tolerance, Span<long> keys)
    {
        var t = 0;
        for (; t <= values.Length - Vector256<double>.Count; t += Vector256<double>.Count)
        {
            var sum = Vector256.Create(values[t..]) + Vector256.Create(plus);
            var shifted = sum + Vector256.Create(Rounder);
            (shifted.AsInt64() - Vector256.Create(BitConverter.DoubleToInt64Bits(Rounder))).CopyTo(keys[t..]);
            if (Vector256.GreaterThanAny(Vector256.Abs(shifted - Vector256.Create(Rounder) - sum), Vector256.Create(tolerance))
                || Vector256.GreaterThanAny(Vector256.Abs(sum), Vector256.Create(LargestKey)))
            {
                return false;
            }
        }
        for (; t < values.Length; t++)
        {
            var sum = values[t] + plus;
            var shifted = sum + Rounder;
            keys[t] = BitConverter.DoubleToInt64Bits(shifted) - BitConverter.DoubleToInt64Bits(Rounder);
            if (Math.Abs(shifted - Rounder - sum) > tolerance || Math.Abs(sum) > LargestKey)
            {
                return false;
            }
        }
        return true;
    }

    private static void BitKeys(ReadOnlySpan<double> values, Span<long> keys)
    {
        for (var t = 0; t < values.Length; t++)
        {
            // Adding zero makes one zero of both. Negative numbers grow as their bits fall.
            var bits = BitConverter.DoubleToInt64Bits(values[t] + 0.0);
            keys[t] = bits < 0 ? bits ^ long.MaxValue : bits;
        }
    }

    /// <summary>Keys where the values are counts: twice the count around a bin in its window of steps. The first step's window is shorter; its key is
    /// the count that would score the same in a full one, or the odd number between two counts.</summary>
    /// <returns>False when the values are no counts, or several steps have shorter windows.</returns>
    private bool CountKeys(ReadOnlySpan<double> sums, Scales scales, Span<long> keys)
    {
        var full = Math.Min(stepsBack, steps - 1);
        if (full > 1)
        {
            return false;
        }
        var expected = scales.NeighborCount * (full + 1) * mean;
        var tie = Tie / scales.OfStep[full];
        if (!WholeKeys(sums[full..], expected, tie, keys[full..]))
        {
            return false;
        }
        foreach (ref var key in keys)
        {
            key *= 2;
        }
        if (full == 1)
        {
            var count = sums[0] * scales.OfStep[0] / scales.OfStep[1] + expected;
            var whole = Math.Round(count);
            keys[0] = Math.Abs(whole - count) <= tie ? 2 * (long)whole : 2 * (long)Math.Floor(count) + 1;
        }
        return true;
    }

    private Scales ScalesOf(int neighborCount)
    {
        var scales = new Scales(neighborCount, new double[steps], true);
        for (var t = 0; t < steps; t++)
        {
            var w = (double)neighborCount * (Math.Min(t, stepsBack) + 1);
            scales.Defined &= GiStar.Scale(bins, deviation, w, w, out scales.OfStep[t]) == UndefinedReason.None;
        }
        return scales;
    }

    private sealed record Scales(int NeighborCount, double[] OfStep, bool Defined)
    {
        public bool Defined { get; set; } = Defined;
    }
}
