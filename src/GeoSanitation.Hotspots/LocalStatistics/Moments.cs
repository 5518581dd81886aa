namespace GeoSanitation.Hotspots.LocalStatistics;

/// <summary>Mean and spread of values in two passes, so that large offsets cost no digits.</summary>
internal static class Moments
{
    /// <summary>Mean and standard deviation with divisor n; equal values have a deviation of exactly zero.</summary>
    public static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return (0, 0);
        }
        var (sum, equal) = (0.0, true);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"values holds {value}; values must be finite.", nameof(values));
            }
            sum += value;
            equal &= value == values[0];
        }
        if (equal)
        {
            return (values[0], 0);
        }
        var mean = sum / values.Length;
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }
        return (mean, Math.Sqrt(squares / values.Length));
    }
}
