using GeoSanitation.Hotspots.Significance;

namespace GeoSanitation.Hotspots.Scan;

/// <summary>Kulldorff's scan statistics: of all circles, and times, which hold more cases than chance would put there?</summary>
/// <remarks>
/// Kulldorff (1997), doi 10.1080/03610929708831995; space-time: Kulldorff et al. (1998), doi 10.2105/AJPH.88.9.1377; space-time permutation: Kulldorff et al. (2005),
/// doi 10.1371/journal.pmed.0020059. High rates are looked for, around every location.
/// </remarks>
public static class KulldorffScan
{
    /// <summary>SaTScan 10.3: a center contributes windows before and after its best one when they are stronger than this.</summary>
    private const double LeastSecondary = 1;

    /// <summary>Scans where a number of cases is expected everywhere: for one step purely in space, for more in space and time.</summary>
    /// <param name="locations">L locations.</param>
    /// <param name="cases">Cases at location * steps + step, each not negative.</param>
    /// <param name="expected">What is expected there, in any unit: population, area, visits; scaled to the cases here. There are no cases where it is 0.</param>
    /// <param name="steps">Number of steps, T.</param>
    /// <param name="options">How to go about it.</param>
    /// <param name="progress">Is told the part done, 0 to 1.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a number is not what it must be.</exception>
    public static ScanResult Poisson(
        Points locations, ReadOnlySpan<int> cases, ReadOnlySpan<double> expected, int steps, ScanOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Check(locations, cases, steps, options);
        return Scan(locations, ScanData.Poisson(cases, expected, steps), options, progress, cancellation);
    }

    /// <summary>Scans in space and time with nothing but the cases: is there more of a place's share of them at a time than at others?</summary>
    /// <inheritdoc cref="Poisson(Points, ReadOnlySpan{int}, ReadOnlySpan{double}, int, ScanOptions, IProgress{double}?, CancellationToken)"/>
    public static ScanResult SpaceTimePermutation(
        Points locations, ReadOnlySpan<int> cases, int steps, ScanOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Check(locations, cases, steps, options);
        return Scan(locations, ScanData.Permutation(cases, steps), options, progress, cancellation);
    }

    private static ScanResult Scan(Points locations, ScanData data, ScanOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (data.Total < 2)
        {
            return new ScanResult(data.Total, [], []);
        }
        var circles = Circles.Around(locations, data, options, cancellation);
        var windows = new ScanWindows(data, circles, options);
        var (best, all) = (new List<Window>(), new List<Window>());
        for (var center = 0; center < circles.Centers.Length; center++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (windows.Best(data.Cases, center, 0, data.Steps - 1, 0) is { } window)
            {
                best.Add(window);
                all.Add(window);
                if (!options.Prospective)
                {
                    AddAround(window, 0, data.Steps - 1);
                }
            }
        }
        var maxima = best.Count > 0 ? Maxima(data, windows, options, progress, cancellation) : [];
        Array.Sort(maxima);
        var clusters = Keep(best, apartInTime: false);
        return new ScanResult(data.Total, clusters, data.Steps > 1 && !options.Prospective ? Keep(all, apartInTime: true) : clusters);

        void AddAround(Window window, int from, int to)
        {
            foreach (var (first, last) in ((int, int)[])[(from, window.Start - 1), (window.End + 1, to)])
            {
                if (first <= last && windows.Best(data.Cases, window.Center, first, last, LeastSecondary) is { } other)
                {
                    all.Add(other);
                    AddAround(other, first, last);
                }
            }
        }

        List<ScanCluster> Keep(List<Window> candidates, bool apartInTime)
        {
            var kept = new List<ScanCluster>();
            foreach (var window in candidates.OrderByDescending(w => Math.Round(w.LogLikelihoodRatio, 11)).ThenBy(w => w.Members).ThenBy(w => circles.Centers[w.Center]).ThenBy(w => w.Start))
            {
                var first = circles.Starts[window.Center];
                int[] members = [.. circles.Members.AsSpan(first, window.Members)];
                Array.Sort(members);
                if (kept.TrueForAll(k => (apartInTime && (k.End < window.Start || window.End < k.Start)) || !k.Locations.AsSpan().ContainsAny(members)))
                {
                    kept.Add(ClusterOf(window, members));
                }
            }
            return kept;
        }

        ScanCluster ClusterOf(Window window, int[] members)
        {
            var center = circles.Centers[window.Center];
            var radius = members.Max(m => double.Hypot(locations.XMeters[m] - locations.XMeters[center], locations.YMeters[m] - locations.YMeters[center]));
            double outside = data.Total - window.Observed, outsideExpected = data.Total - window.Expected;
            var risk = outside > 0 ? window.Observed / window.Expected / (outside / outsideExpected) : double.PositiveInfinity;
            return new ScanCluster(center, members, radius, window.Start, window.End, window.Observed, window.Expected, window.LogLikelihoodRatio, MonteCarlo.P(maxima, window.LogLikelihoodRatio), risk);
        }
    }

    /// <summary>The strongest window of each random data set. Every cluster is compared with these, also one that is not the strongest.</summary>
    private static double[] Maxima(ScanData data, ScanWindows windows, ScanOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (maxima, done) = (new double[options.Replications], 0);
        Parallel.For(0, options.Replications, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, () => (Null: data.Null(), Counts: new int[data.Cases.Length]), (r, _, own) =>
        {
            var random = new RandomStream(options.Seed, r);
            own.Null.Draw(ref random, own.Counts);
            maxima[r] = windows.Strongest(own.Counts, cancellation);
            progress?.Report((double)Interlocked.Increment(ref done) / options.Replications);
            return own;
        }, _ => { });
        return maxima;
    }

    private static void Check(Points locations, ReadOnlySpan<int> cases, int steps, ScanOptions options)
    {
        ArgumentNullException.ThrowIfNull(locations);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (cases.Length != (long)locations.Count * steps)
        {
            throw new ArgumentException($"There are {cases.Length} counts; {locations.Count} locations of {steps} steps have {(long)locations.Count * steps}.", nameof(cases));
        }
        if (!(options.MaxShare is > 0 and <= 1) || options.MaxRadiusMeters is not (null or (>= 0 and <= double.MaxValue)) || options.MaxSteps < 1 || options.MinCases < 1 || options.Replications < 0 || options.Threads < 1)
        {
            throw new ArgumentException("MaxShare must be in (0, 1], MaxRadiusMeters not negative, MaxSteps, MinCases and Threads at least 1, Replications not negative.", nameof(options));
        }
    }
}
