using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Hotspots.LocalStatistics;

/// <summary>A neighborhood distance for Gi* and local Moran from the data.</summary>
public static class BandRule
{
    private const double SignificantZ = 1.96;

    /// <summary>Chooses the distance at which clustering is most marked: the first peak of the z score of global Moran's I over growing distances.</summary>
    /// <param name="centers">n units, meters.</param>
    /// <param name="values">Value of each unit, finite.</param>
    /// <param name="stepMeters">First distance and step, meters, &gt; 0: for a grid its cell size.</param>
    /// <param name="steps">Number of distances, &gt;= 1.</param>
    /// <returns>The distance of the first significant z (above 1.96) that is larger than the ones before and after it; if z is significant but has no such
    /// peak 2.5 steps, two rings around a unit; else 1.5 steps, the nearest ring (with the corners, for squares).</returns>
    /// <remarks>Incremental spatial autocorrelation. Without a peak the values follow a trend across the area, town against country: the largest distance would
    /// show that and nothing else, while two rings (19 hexagons, 21 squares) keep streets apart and are enough for the normal distribution of z. Binary weights, moments under randomization (Cliff and Ord 1981, p. 46). Takes as
    /// many steps as there are pairs of units within the largest distance; nothing is stored by pair.</remarks>
    /// <exception cref="ArgumentException">centers and values differ in length, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">stepMeters is not a positive number, or steps &lt; 1.</exception>
    public static Choice ChooseBand(Points centers, ReadOnlySpan<double> values, double stepMeters, int steps = 10)
    {
        ArgumentNullException.ThrowIfNull(centers);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(stepMeters > 0 && double.IsFinite(stepMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(stepMeters), stepMeters, "stepMeters must be a positive number.");
        }
        if (values.Length != centers.Count)
        {
            throw new ArgumentException($"There are {values.Length} values for {centers.Count} units.", nameof(values));
        }
        var z = MoranZ(centers, values, stepMeters, steps);
        var significant = false;
        for (var s = 0; s < steps; s++)
        {
            if (z[s] > SignificantZ)
            {
                if (s > 0 && s + 1 < steps && z[s] > z[s - 1] && z[s] > z[s + 1])
                {
                    return new Choice((s + 1) * stepMeters, "autocorrelation-peak", $"Moran's I has its first peak here, z = {z[s]:0.0}, over {steps} distances of {stepMeters:0.#} m.");
                }
                significant = true;
            }
        }
        return significant
            ? new Choice(2.5 * stepMeters, "two-rings", $"Moran's I has no peak over {steps} distances of {stepMeters:0.#} m, so a trend crosses the whole area: two rings of units.")
            : new Choice(1.5 * stepMeters, "nearest-ring", $"Moran's I is not significant at any of {steps} distances of {stepMeters:0.#} m: the nearest ring of units.");
    }

    /// <summary>z of global Moran's I for the bands of 1, 2, ... steps; NaN where undefined.</summary>
    internal static double[] MoranZ(Points centers, ReadOnlySpan<double> values, double stepMeters, int steps)
    {
        var n = values.Length;
        var (mean, s) = Moments.MeanAndDeviation(values);
        var z = new double[steps];
        Array.Fill(z, double.NaN);
        if (n < 4 || s == 0)
        {
            return z;
        }
        var deviations = new double[n];
        var fourth = 0.0;
        for (var i = 0; i < n; i++)
        {
            deviations[i] = (values[i] - mean) / s;
            fourth += deviations[i] * deviations[i] * deviations[i] * deviations[i];
        }
        var reach = steps * stepMeters * (1 + 1e-9);
        var grid = new GridIndex(centers.XMeters, centers.YMeters, reach * (1 + 1e-6), reach: 1);
        var (x, y) = (centers.XMeters.ToArray(), centers.YMeters.ToArray());
        var products = new double[steps];
        var neighbors = new int[n * steps];
        DistanceBand.ForEachPair(grid, reach * reach, (i, j) =>
        {
            var distance = double.Hypot(x[j] - x[i], y[j] - y[i]);
            var step = Math.Clamp((int)Math.Ceiling(distance / stepMeters * (1 - 1e-9)) - 1, 0, steps - 1);
            products[step] += deviations[i] * deviations[j];
            neighbors[i * steps + step]++;
        });
        double product = 0, kurtosis = fourth / n, expected = -1.0 / (n - 1);
        for (var step = 0; step < steps; step++)
        {
            product += products[step];
            double s0 = 0, s2 = 0;
            for (var i = 0; i < n; i++)
            {
                neighbors[i * steps + step] += step > 0 ? neighbors[i * steps + step - 1] : 0;
                double k = neighbors[i * steps + step];
                s0 += k;
                s2 += 4 * k * k;
            }
            var s1 = 2 * s0;
            var nn = (double)n;
            var variance = (nn * ((nn * nn - 3 * nn + 3) * s1 - nn * s2 + 3 * s0 * s0) - kurtosis * ((nn * nn - nn) * s1 - 2 * nn * s2 + 6 * s0 * s0))
                / ((nn - 1) * (nn - 2) * (nn - 3) * s0 * s0) - expected * expected;
            z[step] = s0 > 0 && variance > 0 ? (product / s0 - expected) / Math.Sqrt(variance) : double.NaN;
        }
        return z;
    }
}
