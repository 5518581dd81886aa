using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Hotspots.Emerging;

/// <summary>Emerging hot spot analysis: Gi* of every bin of a space-time cube, and what the series of bins of each place amounts to.</summary>
/// <remarks>As described on Esri's space-time pattern mining pages. A bin's neighbors are the bins of neighboring places, itself included, in the same step and
/// the steps just before it; mean and deviation are those of the whole cube. Bins that share neighbors are correlated, so the trend's p is too small by construction.</remarks>
public static class EmergingHotspots
{
    /// <summary>Computes the bins and the pattern of every place.</summary>
    /// <param name="cube">Values of L places over T steps.</param>
    /// <param name="weights">Which places are neighbors; only binary weights are defined here. The place itself is added.</param>
    /// <param name="stepsBack">Earlier steps that count as neighbors, &gt;= 0.</param>
    /// <param name="trendAlpha">Level at which a trend of the z scores is significant, in (0, 1).</param>
    /// <returns>Bins at l T + t, as in the cube, and places 0 to L - 1.</returns>
    /// <exception cref="ArgumentException">cube and weights differ in length, a value is not finite, or the weights are not binary.</exception>
    /// <exception cref="ArgumentOutOfRangeException">stepsBack or trendAlpha is outside its interval.</exception>
    public static EmergingResult Analyze(SpaceTimeCube cube, SpatialWeights weights, int stepsBack = 1, double trendAlpha = 0.10)
    {
        ArgumentNullException.ThrowIfNull(cube);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNegative(stepsBack);
        if (!(trendAlpha > 0 && trendAlpha < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(trendAlpha), trendAlpha, "trendAlpha must be between 0 and 1.");
        }
        if (weights.Count != cube.Locations || !weights.IsBinary)
        {
            throw new ArgumentException($"There must be binary weights for {cube.Locations} locations.", nameof(weights));
        }
        var (mean, s) = Moments.MeanAndDeviation(cube.Values);
        var z = BinScores(cube, weights, stepsBack, mean, s);
        var p = Array.ConvertAll(z, Normal.TwoSidedP);
        var q = FalseDiscoveryRate.Adjust(p);
        var places = new EmergingPlace[cube.Locations];
        var classes = new int[cube.Steps];
        var rounded = new double[cube.Steps];
        for (var l = 0; l < places.Length; l++)
        {
            var (hot, cold, defined) = (0, 0, true);
            for (var t = 0; t < cube.Steps; t++)
            {
                var bin = l * cube.Steps + t;
                classes[t] = HotspotClass.Of(z[bin], q[bin]);
                hot += classes[t] > 0 ? 1 : 0;
                cold += classes[t] < 0 ? 1 : 0;
                defined &= !double.IsNaN(z[bin]);
                // Scores that are equal on paper may differ in the last bit, and must tie.
                rounded[t] = Math.Round(z[bin], 12);
            }
            var trend = MannKendall.Test(defined ? rounded : []);
            places[l] = new EmergingPlace(
                Patterns.Classify(classes, trend.Trend(trendAlpha)), trend, MannKendall.Test(cube.SeriesOf(l)), hot, cold, z[(l + 1) * cube.Steps - 1]);
        }
        return new EmergingResult(mean, s, z, p, q, places);
    }

    private static double[] BinScores(SpaceTimeCube cube, SpatialWeights weights, int stepsBack, double mean, double s)
    {
        var steps = cube.Steps;
        var n = (double)cube.Locations * steps;
        var z = new double[cube.Values.Length];
        var around = new double[steps];
        for (var l = 0; l < cube.Locations; l++)
        {
            // Deviations from the mean, summed over the place and its neighbors, step by step.
            cube.SeriesOf(l).CopyTo(around);
            foreach (var j in weights.NeighborsOf(l))
            {
                var series = cube.SeriesOf(j);
                for (var t = 0; t < steps; t++)
                {
                    around[t] += series[t];
                }
            }
            var places = weights.NeighborsOf(l).Length + 1;
            for (var t = 0; t < steps; t++)
            {
                around[t] -= places * mean;
            }
            for (var t = 0; t < steps; t++)
            {
                var first = Math.Max(0, t - stepsBack);
                var sum = 0.0;
                for (var u = first; u <= t; u++)
                {
                    sum += around[u];
                }
                var w = (double)places * (t - first + 1);
                var variance = (n * w - w * w) / (n - 1);
                z[l * steps + t] = n < 3 || s == 0 || variance <= 1e-12 * n * w ? double.NaN : sum / (s * Math.Sqrt(variance));
            }
        }
        return z;
    }
}

/// <summary>Emerging hot spot analysis of L places over T steps.</summary>
/// <param name="Mean">Mean over all bins.</param>
/// <param name="Deviation">Standard deviation over all bins, divisor L T.</param>
/// <param name="Z">Gi* of each bin; NaN where undefined: fewer than three bins, no spread, or every bin a neighbor.</param>
/// <param name="P">Two-sided p of each bin.</param>
/// <param name="Q">p after the correction of Benjamini and Hochberg over all bins.</param>
/// <param name="Places">What the series of each place amounts to.</param>
public sealed record EmergingResult(double Mean, double Deviation, double[] Z, double[] P, double[] Q, EmergingPlace[] Places);

/// <summary>One place of an emerging hot spot analysis.</summary>
/// <param name="Pattern">Its pattern; steps count as hot or cold from 90 % confidence after the correction.</param>
/// <param name="Trend">Mann-Kendall test of its z scores.</param>
/// <param name="ValueTrend">Mann-Kendall test of its raw values.</param>
/// <param name="HotSteps">Significantly hot steps.</param>
/// <param name="ColdSteps">Significantly cold steps.</param>
/// <param name="FinalZ">z of the final step.</param>
public sealed record EmergingPlace(Pattern Pattern, MannKendallResult Trend, MannKendallResult ValueTrend, int HotSteps, int ColdSteps, double FinalZ);
