using GeoSanitation.Hotspots.Significance;

namespace GeoSanitation.Hotspots.Scan;

/// <summary>Draws data sets without clusters; one object for each thread.</summary>
internal abstract class NullModel
{
    /// <summary>Draws counts by location and step.</summary>
    internal abstract void Draw(ref RandomStream random, Span<int> counts);
}

/// <summary>All cases fall independently, by what is expected: a multinomial, drawn as a chain of binomials, or case by case where these are few.</summary>
internal sealed class DrawnCases : NullModel
{
    // A binomial costs about as much as so many cases.
    private const int CasesPerCell = 3;

    private readonly double[] _expected;
    private readonly double[] _cumulative;
    private readonly int _total;
    private readonly Binomial _binomial;

    internal DrawnCases(double[] expected, int total)
    {
        (_expected, _total, _binomial) = (expected, total, new Binomial(total));
        _cumulative = new double[expected.Length];
        double sum = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            _cumulative[i] = sum += expected[i];
        }
    }

    internal override void Draw(ref RandomStream random, Span<int> counts)
    {
        if (_total < CasesPerCell * _expected.Length)
        {
            DrawEach(ref random, counts);
            return;
        }
        var (cases, left) = (_total, _cumulative[^1]);
        for (var i = 0; i < counts.Length; i++)
        {
            var drawn = left > 0 && _expected[i] > 0 ? _expected[i] >= left ? cases : _binomial.Draw(ref random, cases, _expected[i] / left) : 0;
            counts[i] = drawn;
            cases -= drawn;
            left -= _expected[i];
        }
        // What rounding of the shares has left over.
        counts[Array.FindLastIndex(_expected, e => e > 0)] += cases;
    }

    private void DrawEach(ref RandomStream random, Span<int> counts)
    {
        counts.Clear();
        for (var n = 0; n < _total; n++)
        {
            var at = Array.BinarySearch(_cumulative, random.Uniform() * _cumulative[^1]);
            // The first cell whose end lies beyond; one with nothing expected has no length.
            at = Math.Min(at >= 0 ? at + 1 : ~at, counts.Length - 1);
            while (_expected[at] == 0)
            {
                at = at + 1 < counts.Length ? at + 1 : Array.FindLastIndex(_expected, e => e > 0);
            }
            counts[at]++;
        }
    }
}

/// <summary>Every case keeps its place and gets the time of another one: both margins stay.</summary>
internal sealed class PermutedTimes : NullModel
{
    private readonly int[] _locations;
    private readonly int[] _times;
    private readonly int[] _shuffled;
    private readonly int _steps;

    internal PermutedTimes(ScanData data)
    {
        (_locations, _times, _shuffled, _steps) = (new int[data.Total], new int[data.Total], new int[data.Total], data.Steps);
        var n = 0;
        for (var i = 0; i < data.Cases.Length; i++)
        {
            for (var c = 0; c < data.Cases[i]; c++)
            {
                (_locations[n], _times[n]) = (i / _steps, i % _steps);
                n++;
            }
        }
    }

    internal override void Draw(ref RandomStream random, Span<int> counts)
    {
        counts.Clear();
        _times.CopyTo(_shuffled, 0);
        for (var n = _shuffled.Length - 1; n >= 0; n--)
        {
            var other = random.Below(n + 1);
            (_shuffled[n], _shuffled[other]) = (_shuffled[other], _shuffled[n]);
            counts[_locations[n] * _steps + _shuffled[n]]++;
        }
    }
}
