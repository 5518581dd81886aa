using System.Runtime.Intrinsics;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Hotspots.Emerging;

/// <summary>Emerging hot spot analysis: Gi* of every bin of a space-time cube, and what the series of bins of each place amounts to.</summary>
/// <remarks>As described on Esri's space-time pattern mining pages. A bin's neighbors are the bins of neighboring places, itself included, in the same step and
/// the steps just before it; mean and deviation are those of the whole cube. Bins that share neighbors are correlated, so the trend's p is too small by construction.</remarks>
public static class EmergingHotspots
{
    // Places whose trends are tested together: as many as small counts fit into a vector.
    private const int Batch = 16;

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
        ArgumentNullException.ThrowIfNull(weights);
        Check(cube, weights.Count, stepsBack, trendAlpha);
        if (!weights.IsBinary)
        {
            throw new ArgumentException("The weights must be binary.", nameof(weights));
        }
        var neighborCounts = new int[cube.Locations];
        for (var l = 0; l < neighborCounts.Length; l++)
        {
            neighborCounts[l] = weights.NeighborsOf(l).Length + 1;
        }
        var (mean, s) = Moments.MeanAndDeviation(cube.Values);
        var sums = new double[cube.Values.Length];
        weights.SumAround(cube.Values, cube.Steps, mean, sums);
        return Analyze(cube, mean, s, sums, neighborCounts, stepsBack, trendAlpha);
    }

    /// <summary>The same for cells of a grid that are neighbors within a distance, without listing them.</summary>
    /// <param name="cube">Values of L places over T steps.</param>
    /// <param name="band">Which places are neighbors.</param>
    /// <param name="stepsBack">Earlier steps that count as neighbors, &gt;= 0.</param>
    /// <param name="trendAlpha">Level at which a trend of the z scores is significant, in (0, 1).</param>
    /// <returns>Bins at l T + t, as in the cube, and places 0 to L - 1.</returns>
    /// <exception cref="ArgumentException">cube and band differ in length, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">stepsBack or trendAlpha is outside its interval.</exception>
    public static EmergingResult Analyze(SpaceTimeCube cube, GridBand band, int stepsBack = 1, double trendAlpha = 0.10)
    {
        ArgumentNullException.ThrowIfNull(band);
        Check(cube, band.Count, stepsBack, trendAlpha);
        var (mean, s) = Moments.MeanAndDeviation(cube.Values);
        var sums = GC.AllocateUninitializedArray<double>(cube.Values.Length);
        band.SumAround(cube.Values, cube.Steps, mean, sums);
        return Analyze(cube, mean, s, sums, band.NeighborCounts, stepsBack, trendAlpha);
    }

    private static void Check(SpaceTimeCube cube, int locations, int stepsBack, double trendAlpha)
    {
        ArgumentNullException.ThrowIfNull(cube);
        ArgumentOutOfRangeException.ThrowIfNegative(stepsBack);
        if (!(trendAlpha > 0 && trendAlpha < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(trendAlpha), trendAlpha, "trendAlpha must be between 0 and 1.");
        }
        if (locations != cube.Locations)
        {
            throw new ArgumentException($"There are neighbors of {locations} locations and values of {cube.Locations}.");
        }
    }

    /// <param name="cube">Values.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="s">Their deviation.</param>
    /// <param name="z">Deviations from the mean, added up over the place and its neighbors step by step; becomes the z scores.</param>
    /// <param name="neighborCounts">Places that entered each sum.</param>
    /// <param name="stepsBack">Earlier steps that count.</param>
    /// <param name="trendAlpha">Level of a trend.</param>
    private static EmergingResult Analyze(SpaceTimeCube cube, double mean, double s, double[] z, int[] neighborCounts, int stepsBack, double trendAlpha)
    {
        var steps = cube.Steps;
        var places = new EmergingPlace[cube.Locations];
        var scores = new BinScores(steps, z.Length, mean, s, stepsBack);
        var (keys, valueKeys) = (new long[Batch * steps], new long[Batch * steps]);
        Span<MannKendallResult> trends = stackalloc MannKendallResult[Batch];
        Span<MannKendallResult> valueTrends = stackalloc MannKendallResult[Batch];
        for (var first = 0; first < places.Length; first += Batch)
        {
            var count = Math.Min(Batch, places.Length - first);
            var undefined = 0;
            for (var i = 0; i < count; i++)
            {
                var own = new Range(i * steps, (i + 1) * steps);
                BinScores.Keys(cube.SeriesOf(first + i), valueKeys.AsSpan(own));
                undefined |= scores.Make(neighborCounts[first + i], z.AsSpan((first + i) * steps, steps), keys.AsSpan(own)) ? 0 : 1 << i;
            }
            MannKendall.TestEach(keys.AsSpan(0, count * steps), steps, trends[..count]);
            MannKendall.TestEach(valueKeys.AsSpan(0, count * steps), steps, valueTrends[..count]);
            for (var i = 0; i < count; i++)
            {
                var trend = (undefined >> i & 1) != 0 ? MannKendall.Test([]) : trends[i];
                places[first + i] = new EmergingPlace(Pattern.None, trend, valueTrends[i], 0, 0, z[(first + i + 1) * steps - 1]);
            }
        }
        Classify(places, z, steps, FalseDiscoveryRate.CriticalZ(z, HotspotClass.LeastSignificant), trendAlpha);
        return new EmergingResult(mean, s, z, places);
    }

    /// <summary>Finds the pattern of each place, now that it is known from which score on a bin is significant.</summary>
    private static void Classify(EmergingPlace[] places, ReadOnlySpan<double> z, int steps, double critical, double trendAlpha)
    {
        var classes = new int[steps];
        for (var l = 0; l < places.Length; l++)
        {
            var series = z.Slice(l * steps, steps);
            if (!AnyBeyond(series, critical))
            {
                continue;
            }
            var (hot, cold) = (0, 0);
            for (var t = 0; t < series.Length; t++)
            {
                classes[t] = series[t] >= critical ? 1 : series[t] <= -critical ? -1 : 0;
                hot += classes[t] > 0 ? 1 : 0;
                cold += classes[t] < 0 ? 1 : 0;
            }
            places[l] = places[l] with { Pattern = Patterns.Classify(classes, places[l].Trend.Trend(trendAlpha)), HotSteps = hot, ColdSteps = cold };
        }
    }

    private static bool AnyBeyond(ReadOnlySpan<double> series, double critical)
    {
        var t = 0;
        for (; t <= series.Length - Vector256<double>.Count; t += Vector256<double>.Count)
        {
            if (Vector256.GreaterThanOrEqualAny(Vector256.Abs(Vector256.Create(series[t..])), Vector256.Create(critical)))
            {
                return true;
            }
        }
        for (; t < series.Length; t++)
        {
            if (Math.Abs(series[t]) >= critical)
            {
                return true;
            }
        }
        return false;
    }
}

/// <summary>Emerging hot spot analysis of L places over T steps; p and q of the bins are worked out when they are first asked for.</summary>
public sealed class EmergingResult
{
    private readonly Lazy<double[]> _p;
    private readonly Lazy<double[]> _q;

    internal EmergingResult(double mean, double deviation, double[] z, EmergingPlace[] places)
    {
        (Mean, Deviation, Z, Places) = (mean, deviation, z, places);
        _p = new Lazy<double[]>(() => Array.ConvertAll(z, Normal.TwoSidedP));
        _q = new Lazy<double[]>(() => FalseDiscoveryRate.Adjust(P));
    }

    /// <summary>Mean over all bins.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation over all bins, divisor L T.</summary>
    public double Deviation { get; }

    /// <summary>Gi* of each bin; NaN where undefined: fewer than three bins, no spread, or every bin a neighbor.</summary>
    public double[] Z { get; }

    /// <summary>Two-sided p of each bin.</summary>
    public double[] P => _p.Value;

    /// <summary>p after the correction of Benjamini and Hochberg over all bins.</summary>
    public double[] Q => _q.Value;

    /// <summary>What the series of each place amounts to.</summary>
    public EmergingPlace[] Places { get; }
}

/// <summary>One place of an emerging hot spot analysis.</summary>
/// <param name="Pattern">Its pattern; steps count as hot or cold from 90 % confidence after the correction.</param>
/// <param name="Trend">Mann-Kendall test of its z scores.</param>
/// <param name="ValueTrend">Mann-Kendall test of its raw values.</param>
/// <param name="HotSteps">Significantly hot steps.</param>
/// <param name="ColdSteps">Significantly cold steps.</param>
/// <param name="FinalZ">z of the final step.</param>
public readonly record struct EmergingPlace(Pattern Pattern, MannKendallResult Trend, MannKendallResult ValueTrend, int HotSteps, int ColdSteps, double FinalZ);
