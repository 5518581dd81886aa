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
            undefined[i] = Scale(n, s, w, w2, out var scale);
            z[i] = sum * scale;
        }
        return new GiStarResult(mean, s, z, neighborCounts, undefined);
    }

    /// <summary>Computes z, p and q of every cell of a grid whose neighbors are those within a distance: binary weights, without listing them.</summary>
    /// <param name="values">Value of each cell, finite.</param>
    /// <param name="band">Neighbors of each cell.</param>
    /// <returns>What <see cref="Compute(ReadOnlySpan{double}, SpatialWeights)"/> gives for the same neighbors, but for rounding.</returns>
    /// <exception cref="ArgumentException">values and band differ in length, or a value is not finite.</exception>
    public static GiStarResult Compute(ReadOnlySpan<double> values, GridBand band)
    {
        ArgumentNullException.ThrowIfNull(band);
        if (values.Length != band.Count)
        {
            throw new ArgumentException($"There are {values.Length} values and {band.Count} cells.", nameof(band));
        }
        var (mean, s) = Moments.MeanAndDeviation(values);
        var n = values.Length;
        var z = new double[n];
        var undefined = new UndefinedReason[n];
        band.SumAround(values, 1, mean, z);
        // Few different numbers of neighbors occur, so each is looked at once.
        var scales = new double[band.MaxNeighborCount + 1];
        var reasons = new UndefinedReason[scales.Length];
        for (var w = 1; w < scales.Length; w++)
        {
            reasons[w] = Scale(n, s, w, w, out scales[w]);
        }
        for (var i = 0; i < n; i++)
        {
            z[i] *= scales[band.NeighborCounts[i]];
            undefined[i] = reasons[band.NeighborCounts[i]];
        }
        return new GiStarResult(mean, s, z, band.NeighborCounts, undefined);
    }

    /// <summary>What makes a z score of a sum of deviations over units of weights that sum to w and, squared, to w2; NaN with a reason where there is none.</summary>
    internal static UndefinedReason Scale(double n, double s, double w, double w2, out double scale)
    {
        var variance = (n * w2 - w * w) / (n - 1);
        var undefined = n < 3 ? UndefinedReason.TooFewUnits
            : s == 0 ? UndefinedReason.NoSpread
            // With all units as neighbors and equal weights the difference is zero but for rounding.
            : variance <= 1e-12 * n * w2 ? UndefinedReason.EveryoneIsNeighbor
            : UndefinedReason.None;
        scale = undefined == UndefinedReason.None ? 1 / (s * Math.Sqrt(variance)) : double.NaN;
        return undefined;
    }
}

/// <summary>Gi* of n units; p and q are worked out when they are first asked for.</summary>
public sealed class GiStarResult
{
    private readonly Lazy<double[]> _p;
    private readonly Lazy<double[]> _q;

    internal GiStarResult(double mean, double deviation, double[] z, int[] neighborCounts, UndefinedReason[] undefined, double[]? p = null)
    {
        (Mean, Deviation, Z, NeighborCounts, Undefined) = (mean, deviation, z, neighborCounts, undefined);
        _p = new Lazy<double[]>(() => p ?? Array.ConvertAll(z, Normal.TwoSidedP));
        _q = new Lazy<double[]>(() => FalseDiscoveryRate.Adjust(P));
    }

    /// <summary>Mean of the values over all units.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation S of the values, divisor n.</summary>
    public double Deviation { get; }

    /// <summary>The statistic, a z score; NaN where undefined.</summary>
    public double[] Z { get; }

    /// <summary>Two-sided p under the normal distribution, or what <see cref="WithP"/> put in its place; NaN where undefined.</summary>
    public double[] P => _p.Value;

    /// <summary>p after the correction of Benjamini and Hochberg over all defined units; NaN where undefined.</summary>
    public double[] Q => _q.Value;

    /// <summary>Units that entered each sum, itself included; below about 8 the normal p is crude (Ord and Getis 1995).</summary>
    public int[] NeighborCounts { get; }

    /// <summary>Why a unit has no value.</summary>
    public UndefinedReason[] Undefined { get; }

    /// <summary>The same with the pseudo p of drawn values; q and classes follow it.</summary>
    /// <param name="counts">Of the same values and neighbors.</param>
    /// <exception cref="ArgumentException">They are of more or fewer units.</exception>
    public GiStarResult WithP(PermutationCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.AtLeast.Length != Z.Length)
        {
            throw new ArgumentException($"There are {Z.Length} units and counts of {counts.AtLeast.Length}.", nameof(counts));
        }
        return new GiStarResult(Mean, Deviation, Z, NeighborCounts, Undefined, [.. counts.FoldedP().Select((p, i) => Undefined[i] == UndefinedReason.None ? p : double.NaN)]);
    }

    /// <summary>Class of unit i from -3 to 3 (<see cref="HotspotClass"/>).</summary>
    /// <param name="i">The unit.</param>
    /// <param name="corrected">Whether q decides, or p without the correction.</param>
    public int ClassOf(int i, bool corrected = true) => HotspotClass.Of(Z[i], corrected ? Q[i] : P[i]);
}
