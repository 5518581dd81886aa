using System.Runtime.Intrinsics;

namespace GeoSanitation.Hotspots.Scan;

/// <summary>A circle and an interval, with what is in it.</summary>
/// <param name="Center">Position of the center among <see cref="Circles.Centers"/>.</param>
/// <param name="Members">Locations of the circle.</param>
/// <param name="Start">First step.</param>
/// <param name="End">Last step.</param>
/// <param name="Observed">Cases.</param>
/// <param name="Expected">Cases expected.</param>
/// <param name="LogLikelihoodRatio">Its strength.</param>
internal readonly record struct Window(int Center, int Members, int Start, int End, int Observed, double Expected, double LogLikelihoodRatio);

/// <summary>Goes through every circle and interval.</summary>
internal sealed class ScanWindows
{
    private const int ExactInSinglePrecision = 1 << 24;

    private readonly ScanData _data;
    private readonly Circles _circles;
    private readonly int _maxSteps;
    private readonly int _minCases;
    private readonly bool _prospective;

    // For a single step: what a member's circle expects, and what makes a bound of its strength; 0 where no circle ends.
    private readonly float[] _expected = [];
    private readonly float[] _bound = [];
    private readonly double[] _exactExpected = [];
    private readonly int _longest;

    internal ScanWindows(ScanData data, Circles circles, ScanOptions options)
    {
        (_data, _circles, _minCases, _prospective) = (data, circles, options.MinCases, options.Prospective);
        _maxSteps = Math.Min(options.MaxSteps ?? Math.Max(1, data.Steps / 2), data.Steps);
        if (data.Steps == 1)
        {
            _longest = Enumerable.Range(0, circles.Centers.Length).Select(c => circles.Starts[c + 1] - circles.Starts[c]).DefaultIfEmpty(0).Max();
            (_expected, _bound, _exactExpected) = (new float[circles.Members.Length], new float[circles.Members.Length], new double[circles.Members.Length]);
            Span<double> one = stackalloc double[1];
            for (var c = 0; c < circles.Centers.Length; c++)
            {
                one.Clear();
                for (var k = circles.Starts[c]; k < circles.Starts[c + 1]; k++)
                {
                    data.AddExpected(circles.Members[k], one);
                    _exactExpected[k] = one[0];
                    _expected[k] = (float)one[0];
                    // Somewhat more than it is: single precision must not hide the strongest.
                    _bound[k] = circles.IsEnd[k] && one[0] > 0 && one[0] < data.Total ? (float)(1.001 * data.Total / (one[0] * (data.Total - one[0]))) : 0;
                }
            }
        }
    }

    /// <summary>The strength of a window: 0 unless more cases than expected are in it (Kulldorff 1997).</summary>
    internal static double LogLikelihoodRatio(double cases, double expected, double total)
        => cases <= expected ? 0 : cases * Math.Log(cases / expected) + (cases < total ? (total - cases) * Math.Log((total - cases) / (total - expected)) : 0);

    /// <summary>The strongest window of all.</summary>
    /// <param name="counts">Cases at location * steps + step.</param>
    /// <param name="cancellation">Ends it.</param>
    internal double Strongest(ReadOnlySpan<int> counts, CancellationToken cancellation)
    {
        if (_data is { Steps: 1, Total: < ExactInSinglePrecision })
        {
            return StrongestCircle(counts);
        }
        double strongest = 0;
        for (var c = 0; c < _circles.Centers.Length; c++)
        {
            cancellation.ThrowIfCancellationRequested();
            strongest = Best(counts, c, 0, _data.Steps - 1, strongest)?.LogLikelihoodRatio ?? strongest;
        }
        return strongest;
    }

    /// <summary>The strongest window around a center within some steps; of equal ones the smallest circle, then the shortest, then the earliest. Null when none is stronger.</summary>
    /// <param name="counts">Cases at location * steps + step.</param>
    /// <param name="center">Position among the centers.</param>
    /// <param name="from">First step.</param>
    /// <param name="to">Last step.</param>
    /// <param name="than">Only stronger ones are looked for.</param>
    internal Window? Best(ReadOnlySpan<int> counts, int center, int from, int to, double than)
    {
        var steps = _data.Steps;
        Span<int> cases = steps <= 512 ? stackalloc int[steps] : new int[steps];
        Span<double> expected = steps <= 512 ? stackalloc double[steps] : new double[steps];
        // Twice what a step holds and twice what an interval does, each with room for the last vector.
        var row = to - from + 1 + Vector256<float>.Count;
        Span<float> sums = _prospective ? [] : row <= 512 ? stackalloc float[4 * row] : new float[4 * row];
        cases.Clear();
        expected.Clear();
        sums.Clear();
        var search = new IntervalSearch(_data.Total, _minCases, Math.Min(_maxSteps, to - from + 1), than);
        var first = _circles.Starts[center];
        Window? best = null;
        for (var k = first; k < _circles.Starts[center + 1]; k++)
        {
            var member = _circles.Members[k];
            var added = counts.Slice(member * steps, steps);
            for (var t = 0; t < added.Length; t++)
            {
                cases[t] += added[t];
            }
            _data.AddExpected(member, expected);
            if (!_circles.IsEnd[k])
            {
                continue;
            }
            var held = cases.Slice(from, to - from + 1);
            var heldExpected = expected.Slice(from, to - from + 1);
            if (_prospective ? search.UpToTheLast(held, heldExpected) : search.All(held, heldExpected, sums))
            {
                best = new Window(center, k - first + 1, from + search.Start, from + search.End, search.Observed, search.Expected, search.Strongest);
            }
        }
        return best;
    }

    private double StrongestCircle(ReadOnlySpan<int> counts)
    {
        double strongest = 0, total = _data.Total;
        var held = new float[_longest];
        for (var c = 0; c < _circles.Centers.Length; c++)
        {
            var first = _circles.Starts[c];
            var members = _circles.Members.AsSpan(first, _circles.Starts[c + 1] - first);
            var cases = 0;
            for (var k = 0; k < members.Length; k++)
            {
                cases += counts[members[k]];
                held[k] = cases;
            }
            for (var k = 0; k < members.Length;)
            {
                // Seldom could a window be the strongest so far; several are ruled out at once.
                if (k + Vector256<float>.Count <= members.Length && !CanBeStronger(held, first, k, (float)strongest))
                {
                    k += Vector256<float>.Count;
                    continue;
                }
                for (var end = Math.Min(k + Vector256<float>.Count, members.Length); k < end; k++)
                {
                    if (_bound[first + k] > 0 && held[k] >= _minCases)
                    {
                        strongest = Math.Max(strongest, LogLikelihoodRatio(held[k], _exactExpected[first + k], total));
                    }
                }
            }
        }
        return strongest;
    }

    private bool CanBeStronger(float[] held, int first, int k, float than)
    {
        var excess = Vector256.Max(Vector256.LoadUnsafe(ref held[0], (nuint)k) - Vector256.LoadUnsafe(ref _expected[first], (nuint)k), Vector256<float>.Zero);
        return Vector256.GreaterThanAny(excess * excess * Vector256.LoadUnsafe(ref _bound[first], (nuint)k), Vector256.Create(than));
    }
}
