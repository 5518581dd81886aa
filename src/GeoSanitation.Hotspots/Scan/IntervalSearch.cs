using System.Runtime.Intrinsics;

namespace GeoSanitation.Hotspots.Scan;

/// <summary>Looks through the intervals of one circle after the other for a stronger one than all before, the shortest first, and of these the earliest.</summary>
/// <param name="total">All cases.</param>
/// <param name="minCases">Fewest cases of a window.</param>
/// <param name="maxSteps">Longest interval, at most the steps that are looked through.</param>
/// <param name="than">Only stronger ones are looked for.</param>
internal struct IntervalSearch(double total, int minCases, int maxSteps, double than)
{
    // Equal but for rounding is not stronger.
    private const double Stronger = 1 + 1e-12;
    private const double LeastStrength = 1e-12;

    // Single precision must not hide the strongest: it errs by less, with a thousand steps added up.
    private const float OfExpected = 1 - 1e-4f;
    private const float OfBound = 1.02f;

    /// <summary>Strength of the strongest so far.</summary>
    internal double Strongest { get; private set; } = than;

    /// <summary>Its first step, counted from the first that was looked through.</summary>
    internal int Start { get; private set; }

    /// <summary>Its last step.</summary>
    internal int End { get; private set; }

    /// <summary>Its cases.</summary>
    internal int Observed { get; private set; }

    /// <summary>What is expected in it.</summary>
    internal double Expected { get; private set; }

    /// <summary>Looks through the intervals that end with the last step.</summary>
    /// <param name="cases">Cases of the circle by step.</param>
    /// <param name="expected">Expected ones.</param>
    /// <returns>Whether one of them is the strongest now.</returns>
    internal bool UpToTheLast(ReadOnlySpan<int> cases, ReadOnlySpan<double> expected)
    {
        var (c, e, found) = (0, 0.0, false);
        for (var start = cases.Length - 1; start >= cases.Length - maxSteps; start--)
        {
            c += cases[start];
            e += expected[start];
            found |= IsStrongest(start, cases.Length - 1, c, e);
        }
        return found;
    }

    /// <summary>Looks through all intervals.</summary>
    /// <param name="cases">Cases of the circle by step.</param>
    /// <param name="expected">Expected ones.</param>
    /// <param name="sums">Room for four rows of as many numbers and a vector more, zero behind the steps of a row.</param>
    /// <returns>Whether one of them is the strongest now.</returns>
    internal bool All(ReadOnlySpan<int> cases, ReadOnlySpan<double> expected, Span<float> sums)
    {
        var row = sums.Length / 4;
        var held = sums[..row];
        var step = sums.Slice(row, row);
        var heldExpected = sums.Slice(2 * row, row);
        var stepExpected = sums[(3 * row)..];
        for (var t = 0; t < cases.Length; t++)
        {
            held[t] = step[t] = cases[t];
            heldExpected[t] = stepExpected[t] = (float)expected[t];
        }
        var found = false;
        for (var length = 1; length <= maxSteps; length++)
        {
            // Seldom could an interval be the strongest so far; several are ruled out at once.
            var last = cases.Length - length;
            for (var start = 0; start <= last; start += Vector256<float>.Count)
            {
                var c = Vector256.LoadUnsafe(ref held[0], (nuint)start);
                var e = Vector256.LoadUnsafe(ref heldExpected[0], (nuint)start);
                if (CanBeStronger(c, e))
                {
                    found |= Exactly(cases, expected, start, Math.Min(start + Vector256<float>.Count - 1, last), length);
                }
                (c + Vector256.LoadUnsafe(ref step[length], (nuint)start)).StoreUnsafe(ref held[0], (nuint)start);
                (e + Vector256.LoadUnsafe(ref stepExpected[length], (nuint)start)).StoreUnsafe(ref heldExpected[0], (nuint)start);
            }
        }
        return found;
    }

    // The chi-square distance bounds the strength from above and costs no logarithm.
    private readonly bool CanBeStronger(Vector256<float> cases, Vector256<float> expected)
    {
        var excess = Vector256.Max(cases - expected * OfExpected, Vector256<float>.Zero);
        return Vector256.GreaterThanAny(excess * excess * ((float)total * OfBound), expected * (Vector256.Create((float)total) - expected) * (float)Strongest);
    }

    private bool Exactly(ReadOnlySpan<int> cases, ReadOnlySpan<double> expected, int first, int last, int length)
    {
        var found = false;
        for (var start = first; start <= last; start++)
        {
            var (c, e) = (0, 0.0);
            for (var t = start; t < start + length; t++)
            {
                c += cases[t];
                e += expected[t];
            }
            found |= IsStrongest(start, start + length - 1, c, e);
        }
        return found;
    }

    private bool IsStrongest(int start, int end, int cases, double expected)
    {
        var excess = cases - expected;
        if (excess <= 0 || cases < minCases || excess * excess * total <= Strongest * (1 - 1e-9) * expected * (total - expected))
        {
            return false;
        }
        var strength = ScanWindows.LogLikelihoodRatio(cases, expected, total);
        if (strength <= LeastStrength || strength <= Strongest * Stronger)
        {
            return false;
        }
        (Strongest, Start, End, Observed, Expected) = (strength, start, end, cases, expected);
        return true;
    }
}
