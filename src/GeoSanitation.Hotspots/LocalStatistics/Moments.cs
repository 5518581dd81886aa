using System.Runtime.Intrinsics;

namespace GeoSanitation.Hotspots.LocalStatistics;

/// <summary>Mean and spread of values in two passes, so that large offsets cost no digits.</summary>
internal static class Moments
{
    /// <summary>Mean and standard deviation with divisor n; equal values have a deviation of exactly zero.</summary>
    /// <remarks>Four sums side by side on every machine, so that the digits do not depend on how wide its vectors are.</remarks>
    public static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return (0, 0);
        }
        if (!values.ContainsAnyExcept(values[0]))
        {
            RequireFinite(values);
            return (values[0], 0);
        }
        var sums = Vector256<double>.Zero;
        var fours = values.Length - values.Length % Vector256<double>.Count;
        for (var i = 0; i < fours; i += Vector256<double>.Count)
        {
            sums += Vector256.Create(values[i..]);
        }
        var sum = Vector256.Sum(sums);
        foreach (var value in values[fours..])
        {
            sum += value;
        }
        if (!double.IsFinite(sum))
        {
            RequireFinite(values);
        }
        var mean = sum / values.Length;
        var squares = Vector256<double>.Zero;
        for (var i = 0; i < fours; i += Vector256<double>.Count)
        {
            var deviation = Vector256.Create(values[i..]) - Vector256.Create(mean);
            squares += deviation * deviation;
        }
        var square = Vector256.Sum(squares);
        foreach (var value in values[fours..])
        {
            square += (value - mean) * (value - mean);
        }
        return (mean, Math.Sqrt(square / values.Length));
    }

    private static void RequireFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"values holds {value}; values must be finite.", nameof(values));
            }
        }
    }
}
