namespace GeoSanitation.Hotspots.Density;

/// <summary>Bandwidths from the data.</summary>
public static class BandwidthRule
{
    /// <summary>Search radius for the quartic kernel, robust against outliers: 0.9 min(SD, sqrt(1 / ln 2) D) n^(-1/5).</summary>
    /// <param name="points">Points, meters. SD is the standard distance from the weighted mean center, D the weighted median of the distances from it
    /// (the first whose cumulative weight reaches half, or between it and the next when it is exactly half), n the total weight.</param>
    /// <returns>Meters; 0 when there is no spread or no point.</returns>
    /// <remarks>The rule that Esri's Kernel Density tool is reported to use by default.</remarks>
    public static double EsriRadiusMeters(Points points)
    {
        var (standard, median) = Spread(points);
        return points.TotalWeight > 0 ? 0.9 * Math.Min(standard, Math.Sqrt(1 / Math.Log(2)) * median) * Math.Pow(points.TotalWeight, -0.2) : 0;
    }

    /// <summary>Standard deviations for a Gaussian kernel by axis: sd n^(-1/6), sd with divisor n - 1 (Silverman 1986; Scott's rule is the same in two dimensions).</summary>
    /// <param name="points">Points, meters; weights play no part.</param>
    /// <returns>Meters by axis; 0 along an axis without spread, or with fewer than two points.</returns>
    public static (double XMeters, double YMeters) Silverman(Points points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count < 2)
        {
            return (0, 0);
        }
        var factor = Math.Pow(points.Count, -1.0 / 6);
        return (SampleDeviation(points.XMeters) * factor, SampleDeviation(points.YMeters) * factor);
    }

    /// <summary>Chooses a quartic search radius: <see cref="EsriRadiusMeters"/>, but not below a floor.</summary>
    /// <param name="points">Points, meters.</param>
    /// <param name="floorMeters">Smallest radius to return, &gt; 0, such as three raster cells.</param>
    public static Choice ChooseRadius(Points points, double floorMeters)
    {
        CheckFloor(floorMeters);
        var radius = EsriRadiusMeters(points);
        var (standard, median) = Spread(points);
        return radius >= floorMeters
            ? new Choice(radius, "esri-default-radius", $"0.9 x min(standard distance {standard:0.#} m, 1.2 x median distance {median:0.#} m) x n^-0.2 with n = {points.TotalWeight:0.#}.")
            : new Choice(floorMeters, "floor", $"The points' spread gives a radius of {radius:0.##} m, which is below the smallest allowed.");
    }

    /// <summary>Chooses the standard deviation of a Gaussian kernel: that of the quartic kernel with <see cref="EsriRadiusMeters"/>, radius / sqrt 8, but not below a floor.</summary>
    /// <param name="points">Points, meters.</param>
    /// <param name="floorMeters">Smallest standard deviation to return, &gt; 0, such as one raster cell.</param>
    public static Choice ChooseDeviation(Points points, double floorMeters)
    {
        CheckFloor(floorMeters);
        var radius = ChooseRadius(points, floorMeters * Math.Sqrt(8));
        return radius with { Meters = radius.Meters / Math.Sqrt(8), Reason = radius.Reason + " The standard deviation is the radius / sqrt 8." };
    }

    private static void CheckFloor(double floorMeters)
    {
        if (!(floorMeters > 0 && double.IsFinite(floorMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(floorMeters), floorMeters, "floorMeters must be a positive number.");
        }
    }

    /// <summary>Standard distance from the weighted mean center, and weighted median of the distances from it.</summary>
    internal static (double StandardDistance, double MedianDistance) Spread(Points points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var total = points.TotalWeight;
        if (!(total > 0))
        {
            return (0, 0);
        }
        // From the first point, as large coordinates would cost digits.
        var (originX, originY) = (points.XMeters[0], points.YMeters[0]);
        var (centerX, centerY) = (0.0, 0.0);
        for (var i = 0; i < points.Count; i++)
        {
            centerX += points.WeightOf(i) * (points.XMeters[i] - originX);
            centerY += points.WeightOf(i) * (points.YMeters[i] - originY);
        }
        (centerX, centerY) = (originX + centerX / total, originY + centerY / total);
        var distances = new double[points.Count];
        var order = new int[points.Count];
        var squares = 0.0;
        for (var i = 0; i < points.Count; i++)
        {
            distances[i] = double.Hypot(points.XMeters[i] - centerX, points.YMeters[i] - centerY);
            squares += points.WeightOf(i) * distances[i] * distances[i];
            order[i] = i;
        }
        Array.Sort(distances, order);
        var (sum, at) = (points.WeightOf(order[0]), 0);
        while (sum < total / 2 && at + 1 < order.Length)
        {
            sum += points.WeightOf(order[++at]);
        }
        var median = sum == total / 2 && at + 1 < order.Length ? (distances[at] + distances[at + 1]) / 2 : distances[at];
        return (Math.Sqrt(squares / total), median);
    }

    private static double SampleDeviation(ReadOnlySpan<double> values)
    {
        var mean = 0.0;
        foreach (var value in values)
        {
            mean += value - values[0];
        }
        mean = values[0] + mean / values.Length;
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }
        return Math.Sqrt(squares / (values.Length - 1));
    }
}
