using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Scan;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare scan</c>: Kulldorff's spatial Poisson scan of 40 x 40 cells beside numpy.</summary>
internal static class ScanComparison
{
    private const int Side = 40;
    private const int Cells = Side * Side;
    private const int Cases = 50_000;
    private const int Replications = 999;
    private const int PeerReplications = 30;

    private const int TimedCells = 400;
    private const int TimedSteps = 52;
    private const int TimedMaxSteps = 8;
    private const int TimedCases = 5_000;
    private const int TimedReplications = 20;

    public static async Task RunAsync(Report report, string folder)
    {
        var random = new Random(1600);
        // Jittered, so that no two distances are equal.
        double[] x = [.. Enumerable.Range(0, Cells).Select(i => 100.0 * (i % Side) + 20 * random.NextDouble())];
        double[] y = [.. Enumerable.Range(0, Cells).Select(i => 100.0 * (i / Side) + 20 * random.NextDouble())];
        double[] expected = [.. Enumerable.Range(0, Cells).Select(_ => 0.5 + random.NextDouble())];
        var cases = new int[Cells];
        for (var n = 0; n < Cases; n++)
        {
            cases[random.Next(Cells)]++;
        }
        var places = new Points(x, y);
        ScanResult Scan(int threads, int replications) => KulldorffScan.Poisson(places, cases, expected, 1, new ScanOptions { Replications = replications, Threads = threads });
        report.Note($"{Cells:N0} cells, {Cases:N0} cases, circles to half of the expected cases, {Replications} replications of ours and {PeerReplications} of numpy's; times are of one replication, drawing included. Sorting the neighbors, which both do once, is left out.");
        var peer = new Peer(folder);
        peer.Write("cells", x, y, [.. cases.Select(c => (double)c)], expected);

        // What is done once is measured by a scan of no replications and taken off.
        var (once, numpy) = await Timing.AroundAsync(3, () => Scan(1, 0), () => peer.RunAsync("scan.py", ["numpy"], Cells, PeerReplications));
        var one = Each(Timing.Measure(3, () => Scan(1, Replications)), once);
        var two = Each(Timing.Measure(3, () => Scan(2, Replications)), once);
        report.Row("ours, one thread", one);
        report.Row("ours, two threads", two);
        report.AtLeast("two threads beside one (wall time)", one.Wall / two.Wall, 1.8, "times");
        StepByStep(report, places);
        if (numpy is not null)
        {
            report.Row($"{numpy.Version}, every circle's ratio", numpy.Parts["all"], one);
            report.Row($"{numpy.Version}, ratios only where there are more cases than expected", numpy.Parts["hot"], one);
            report.Faster("numpy, one core", numpy.Parts["all"], one, 8);
            var (theirs, ours) = (peer.Read<double>("llr")[0], Scan(1, 0).Clusters[0].LogLikelihoodRatio);
            report.Check($"the strongest cluster is numpy's within 1e-9 (difference {Math.Abs(theirs - ours):0.0e+0})", Math.Abs(theirs - ours) <= 1e-9);
        }
    }

    /// <summary>In space and time, of ours alone: the first 400 cells over 52 steps.</summary>
    private static void StepByStep(Report report, Points places)
    {
        var random = new Random(400);
        var first = new Points(places.XMeters[..TimedCells].ToArray(), places.YMeters[..TimedCells].ToArray());
        var cases = new int[TimedCells * TimedSteps];
        for (var n = 0; n < TimedCases; n++)
        {
            cases[random.Next(cases.Length)]++;
        }
        ScanResult Scan(int replications, bool prospective) => KulldorffScan.SpaceTimePermutation(
            first, cases, TimedSteps, new ScanOptions { Replications = replications, Threads = 1, MaxSteps = TimedMaxSteps, Prospective = prospective });
        foreach (var prospective in (bool[])[true, false])
        {
            var once = Timing.Measure(3, () => Scan(0, prospective));
            var all = Timing.Measure(3, () => Scan(TimedReplications, prospective));
            report.Row(
                $"ours, one thread, {(prospective ? "prospective " : "")}space-time permutation, {TimedCells} cells, {TimedSteps} steps, at most {TimedMaxSteps}, {TimedCases:N0} cases",
                new([(all.Wall - once.Wall) / TimedReplications], [(all.Cpu - once.Cpu) / TimedReplications]));
        }
    }

    private static Timing Each(Timing all, Timing once) => new([(all.Wall - once.Wall) / Replications], [(all.Cpu - once.Cpu) / Replications], all.PeakBytes);
}
