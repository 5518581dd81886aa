using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Hotspots.LocalStatistics;

/// <summary>How a unit and its neighbors stand to the mean.</summary>
public enum Quadrant
{
    /// <summary>Undefined, or exactly at the mean.</summary>
    None,

    /// <summary>High among high: a hotspot when significant.</summary>
    HighHigh,

    /// <summary>Low among low: a coldspot when significant.</summary>
    LowLow,

    /// <summary>High among low: an outlier, not a hotspot.</summary>
    HighLow,

    /// <summary>Low among high: an outlier, not a coldspot.</summary>
    LowHigh,
}

/// <summary>Local Moran's I: is a unit like its neighbors, or unlike them, more than chance would make it?</summary>
/// <remarks>Sources: Anselin (1995), doi 10.1111/j.1538-4632.1995.tb00338.x; conditional moments: Sokal, Oden, Thomson (1998), doi 10.1111/j.1538-4632.1998.tb00406.x.</remarks>
public static class LocalMoran
{
    /// <summary>Computes I, z, p and q of every unit, z under conditional randomization: the unit keeps its value, all others are shuffled.</summary>
    /// <param name="values">Value of each unit, finite.</param>
    /// <param name="weights">Neighbors of each unit; they are row-standardized here.</param>
    /// <returns>Arrays of length n. I_i = (d_i / m2) sum_j w_ij d_j with d the deviations from the mean and m2 their mean square (divisor n).</returns>
    /// <exception cref="ArgumentException">values and weights differ in length, or a value is not finite.</exception>
    public static LocalMoranResult Compute(ReadOnlySpan<double> values, SpatialWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (values.Length != weights.Count)
        {
            throw new ArgumentException($"There are {values.Length} values and weights for {weights.Count} units.", nameof(weights));
        }
        var n = values.Length;
        var (mean, s) = Moments.MeanAndDeviation(values);
        var m2 = s * s;
        var standardized = weights.RowStandardized();
        var index = new double[n];
        var expected = new double[n];
        var variance = new double[n];
        var z = new double[n];
        var p = new double[n];
        var quadrants = new Quadrant[n];
        var undefined = new UndefinedReason[n];
        for (var i = 0; i < n; i++)
        {
            var neighbors = standardized.NeighborsOf(i);
            var rowWeights = standardized.WeightsOf(i);
            var own = values[i] - mean;
            double lag = 0, w = 0, w2 = 0;
            for (var k = 0; k < neighbors.Length; k++)
            {
                lag += rowWeights[k] * (values[neighbors[k]] - mean);
                w += rowWeights[k];
                w2 += rowWeights[k] * rowWeights[k];
            }
            undefined[i] = n < 3 ? UndefinedReason.TooFewUnits
                : s == 0 ? UndefinedReason.NoSpread
                : neighbors.IsEmpty ? UndefinedReason.NoNeighbor
                : own == 0 ? UndefinedReason.ValueIsMean
                : UndefinedReason.None;
            index[i] = s == 0 ? double.NaN : own / m2 * lag;
            quadrants[i] = neighbors.IsEmpty ? Quadrant.None : (own, lag) switch
            {
                ( > 0, > 0) => Quadrant.HighHigh,
                ( < 0, < 0) => Quadrant.LowLow,
                ( > 0, < 0) => Quadrant.HighLow,
                ( < 0, > 0) => Quadrant.LowHigh,
                _ => Quadrant.None,
            };
            expected[i] = -own * own * w / ((n - 1) * m2);
            variance[i] = own / m2 * (own / m2) * (n / (n - 2.0)) * (w2 - w * w / (n - 1)) * (m2 - own * own / (n - 1));
            if (undefined[i] == UndefinedReason.None && !(variance[i] > 0))
            {
                undefined[i] = UndefinedReason.EveryoneIsNeighbor;
            }
            z[i] = undefined[i] == UndefinedReason.None ? (index[i] - expected[i]) / Math.Sqrt(variance[i]) : double.NaN;
            p[i] = Normal.TwoSidedP(z[i]);
        }
        return new LocalMoranResult(mean, s, index, expected, variance, z, p, FalseDiscoveryRate.Adjust(p), quadrants, undefined);
    }
}

/// <summary>Local Moran's I of n units.</summary>
/// <param name="Mean">Mean of the values over all units.</param>
/// <param name="Deviation">Their standard deviation, divisor n.</param>
/// <param name="I">The statistic: above its expectation among like neighbors, below it among unlike ones; 0 without neighbors, NaN without spread.</param>
/// <param name="Expected">Its expectation under conditional randomization.</param>
/// <param name="Variance">Its variance under conditional randomization.</param>
/// <param name="Z">(I - expected) / root of the variance; NaN where undefined.</param>
/// <param name="P">Two-sided p under the normal distribution; NaN where undefined.</param>
/// <param name="Q">p after the correction of Benjamini and Hochberg over all defined units; NaN where undefined.</param>
/// <param name="Quadrants">Where unit and neighbors stand, whether significant or not.</param>
/// <param name="Undefined">Why a unit has no z.</param>
public sealed record LocalMoranResult(
    double Mean, double Deviation, double[] I, double[] Expected, double[] Variance, double[] Z, double[] P, double[] Q, Quadrant[] Quadrants, UndefinedReason[] Undefined)
{
    /// <summary>The same with the pseudo p of drawn values; q follows it.</summary>
    /// <param name="counts">Of the same values and neighbors.</param>
    /// <exception cref="ArgumentException">They are of more or fewer units.</exception>
    public LocalMoranResult WithP(PermutationCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.AtLeast.Length != I.Length)
        {
            throw new ArgumentException($"There are {I.Length} units and counts of {counts.AtLeast.Length}.", nameof(counts));
        }
        // I grows with the lag where the unit lies above the mean, and shrinks with it below.
        var p = counts.FoldedP(i => Quadrants[i] is Quadrant.HighHigh or Quadrant.HighLow);
        for (var i = 0; i < p.Length; i++)
        {
            p[i] = Undefined[i] == UndefinedReason.None ? p[i] : double.NaN;
        }
        return this with { P = p, Q = FalseDiscoveryRate.Adjust(p) };
    }

    /// <summary>Quadrant of unit i when it is significant, otherwise <see cref="Quadrant.None"/> (written NS).</summary>
    /// <param name="i">The unit.</param>
    /// <param name="alpha">Level, such as 0.05.</param>
    /// <param name="corrected">Whether q decides, or p without the correction.</param>
    public Quadrant SignificantQuadrant(int i, double alpha, bool corrected = true)
        => (corrected ? Q[i] : P[i]) <= alpha ? Quadrants[i] : Quadrant.None;
}
