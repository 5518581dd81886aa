namespace GeoSanitation.Hotspots.Scan;

/// <summary>Cases by location and step, and how many are expected where there is no cluster.</summary>
internal sealed class ScanData
{
    private readonly double[] _expected;

    /// <param name="cases">Cases at location * steps + step.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="expected">What is expected there, in any unit; null for what time and place give independently of each other.</param>
    private ScanData(int[] cases, int steps, double[]? expected)
    {
        (Cases, Steps, Total, IsPermutation) = (cases, steps, cases.Sum(), expected is null);
        _expected = expected ?? Independent(cases, steps, Total);
    }

    /// <summary>Cases at location * <see cref="Steps"/> + step.</summary>
    internal int[] Cases { get; }

    internal int Steps { get; }

    /// <summary>All cases.</summary>
    internal int Total { get; }

    /// <summary>Whether times are permuted; otherwise cases are drawn by what is expected.</summary>
    internal bool IsPermutation { get; }

    /// <summary>Expected counts are scaled so that they sum to the cases (Kulldorff 1997).</summary>
    internal static ScanData Poisson(ReadOnlySpan<int> cases, ReadOnlySpan<double> expected, int steps)
    {
        if (expected.Length != cases.Length)
        {
            throw new ArgumentException($"There are {cases.Length} counts and {expected.Length} expected ones.", nameof(expected));
        }
        double sum = 0;
        foreach (var e in expected)
        {
            sum += e >= 0 && double.IsFinite(e) ? e : throw new ArgumentException($"expected holds {e}; it must be a number that is not negative.", nameof(expected));
        }
        var data = new ScanData(Checked(cases), steps, expected.ToArray());
        for (var i = 0; i < expected.Length; i++)
        {
            data._expected[i] *= sum > 0 ? data.Total / sum : 0;
            if (data.Cases[i] > 0 && data._expected[i] == 0)
            {
                throw new ArgumentException($"There are cases at location {i / steps} in step {i % steps}, where none are expected.", nameof(expected));
            }
        }
        return data;
    }

    /// <summary>Expected is what time and place give independently of each other (Kulldorff et al. 2005).</summary>
    internal static ScanData Permutation(ReadOnlySpan<int> cases, int steps) => new(Checked(cases), steps, null);

    /// <summary>How much of the circle's limit a location takes up.</summary>
    internal double SizeOf(int location)
    {
        double size = 0;
        for (var t = 0; t < Steps; t++)
        {
            size += IsPermutation ? Cases[location * Steps + t] : _expected[location * Steps + t];
        }
        return size;
    }

    /// <summary>Adds the expected counts of a location, step by step.</summary>
    internal void AddExpected(int location, Span<double> steps)
    {
        var expected = _expected.AsSpan(location * Steps, steps.Length);
        for (var t = 0; t < steps.Length; t++)
        {
            steps[t] += expected[t];
        }
    }

    /// <summary>Something that draws data sets as they would be without clusters.</summary>
    internal NullModel Null() => IsPermutation ? new PermutedTimes(this) : new DrawnCases(_expected, Total);

    private static double[] Independent(int[] cases, int steps, int total)
    {
        var (ofLocation, ofStep) = (new int[cases.Length / steps], new int[steps]);
        for (var i = 0; i < cases.Length; i++)
        {
            ofLocation[i / steps] += cases[i];
            ofStep[i % steps] += cases[i];
        }
        var expected = new double[cases.Length];
        for (var i = 0; i < expected.Length && total > 0; i++)
        {
            expected[i] = (double)ofLocation[i / steps] * ofStep[i % steps] / total;
        }
        return expected;
    }

    private static int[] Checked(ReadOnlySpan<int> cases)
    {
        foreach (var count in cases)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(cases));
        }
        return cases.ToArray();
    }
}
