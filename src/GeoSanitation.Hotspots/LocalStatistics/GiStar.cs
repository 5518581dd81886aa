using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Hotspots.LocalStatistics;

/// <summary>Getis-Ord Gi*: does a unit, together with its neighbors, hold more or less than chance would give it?</summary>
/// <remarks>Sources: Getis and Ord (1992), doi 10.1111/j.1538-4632.1992.tb00261.x; Ord and Getis (1995), doi 10.1111/j.1538-4632.1995.tb00912.x.</remarks>
public static class GiStar
{
    /// <summary>Computes z, p and q of every unit.</summary>
    /// <param name="values">Value of each unit, finite; units of the study area without events belong in it as zeros.</param>
    /// <param name="weights">Neighbors of each unit; the unit itself is added with weight 1. Binary weights are the usual choice.</param>
    /// <returns>Arrays of length n. z = (sum_j w_ij x_j - mean W_i) / (S sqrt((n W2_i - W_i^2) / (n - 1))), S^2 with divisor n over all units.</returns>
    /// <exception cref="ArgumentException">values and weights differ in length, or a value is not finite.</exception>
    public static GiStarResult Compute(ReadOnlySpan<double> values, SpatialWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (values.Length != weights.Count)
        {
            throw new ArgumentException($"There are {values.Length} values and weights for {weights.Count} units.", nameof(weights));
        }
        var (mean, s) = Moments.MeanAndDeviation(values);
        var n = values.Length;
        var z = new double[n];
        var p = new double[n];
        var undefined = new UndefinedReason[n];
        var neighborCounts = new int[n];
        for (var i = 0; i < n; i++)
        {
            var neighbors = weights.NeighborsOf(i);
            var rowWeights = weights.WeightsOf(i);
            neighborCounts[i] = neighbors.Length + 1;
            // Deviations from the mean instead of the values: the same sum, with fewer digits lost.
            double sum = values[i] - mean, w = 1, w2 = 1;
            if (rowWeights.IsEmpty)
            {
                foreach (var j in neighbors)
                {
                    sum += values[j] - mean;
                }
                w = w2 = neighbors.Length + 1;
            }
            else
            {
                for (var k = 0; k < neighbors.Length; k++)
                {
                    sum += rowWeights[k] * (values[neighbors[k]] - mean);
                    w += rowWeights[k];
                    w2 += rowWeights[k] * rowWeights[k];
                }
            }
            var variance = (n * w2 - w * w) / (n - 1);
            undefined[i] = n < 3 ? UndefinedReason.TooFewUnits
                : s == 0 ? UndefinedReason.NoSpread
                // With all units as neighbors and equal weights the difference is zero but for rounding.
                : variance <= 1e-12 * n * w2 ? UndefinedReason.EveryoneIsNeighbor
                : UndefinedReason.None;
            z[i] = undefined[i] == UndefinedReason.None ? sum / (s * Math.Sqrt(variance)) : double.NaN;
            p[i] = Normal.TwoSidedP(z[i]);
        }
        return new GiStarResult(mean, s, z, p, FalseDiscoveryRate.Adjust(p), neighborCounts, undefined);
    }
}

/// <summary>Gi* of n units.</summary>
/// <param name="Mean">Mean of the values over all units.</param>
/// <param name="Deviation">Their standard deviation S, divisor n.</param>
/// <param name="Z">The statistic, a z score; NaN where undefined.</param>
/// <param name="P">Two-sided p under the normal distribution; NaN where undefined.</param>
/// <param name="Q">p after the correction of Benjamini and Hochberg over all defined units; NaN where undefined.</param>
/// <param name="NeighborCounts">Units that entered each sum, itself included; below about 8 the normal p is crude (Ord and Getis 1995).</param>
/// <param name="Undefined">Why a unit has no value.</param>
public sealed record GiStarResult(
    double Mean, double Deviation, double[] Z, double[] P, double[] Q, int[] NeighborCounts, UndefinedReason[] Undefined)
{
    /// <summary>Class of unit i from -3 to 3 (<see cref="HotspotClass"/>).</summary>
    /// <param name="i">The unit.</param>
    /// <param name="corrected">Whether q decides, or p without the correction.</param>
    public int ClassOf(int i, bool corrected = true) => HotspotClass.Of(Z[i], corrected ? Q[i] : P[i]);
}
