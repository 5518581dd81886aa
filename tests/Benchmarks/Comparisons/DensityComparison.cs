using GeoSanitation.Hotspots.Density;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare density</c>: Gaussian density of a million points on 512 x 512 cells, beside spatstat, scipy and scikit-learn.</summary>
internal static class DensityComparison
{
    private const int Side = 512;
    private const double SdMeters = 300;
    private const int Rounds = 15;
    private const int PeerRounds = 5;

    // Cells that scikit-learn is asked for; its whole raster would take minutes.
    private const int Asked = 2_000;

    public static async Task RunAsync(Report report, string folder)
    {
        var city = SyntheticCity.Make(1_000_000);
        var points = city.First(city.Count);
        var frame = new RasterFrame(SyntheticCity.West, SyntheticCity.South, SyntheticCity.Size / Side, Side, Side);
        report.Note($"Gaussian density, standard deviation {SdMeters} m, of {points.Count:N0} points of the synthetic city on {Side} x {Side} cells of {frame.CellMeters:0.0} m, no edge correction. One thread of ours. scikit-learn is timed for {Asked:N0} cells drawn at random, and its time multiplied by {Side * Side / (double)Asked:0}.");
        var random = new Random(512);
        int[] cells = [.. Enumerable.Range(0, Asked).Select(_ => random.Next(Side * Side))];
        double[] x = [.. cells.Select(c => frame.Center(c % Side, c / Side).XMeters)];
        double[] y = [.. cells.Select(c => frame.Center(c % Side, c / Side).YMeters)];
        var peer = new Peer(folder);
        peer.Write("points", city.X, city.Y);
        peer.Write("places", x, y);

        var exact = KernelDensity.GaussianExact(points, frame, SdMeters);
        var fast = KernelDensity.Gaussian(points, frame, SdMeters);
        object[] arguments = [frame.WestMeters, frame.SouthMeters, SyntheticCity.Size, Side, SdMeters, PeerRounds];
        var (ours, spatstat) = await Timing.AroundAsync(Rounds, () => KernelDensity.Gaussian(points, frame, SdMeters), () => peer.RunAsync("density.R", ["spatstat.explore"], arguments));
        report.Row("ours, binned", ours);
        if (spatstat is not null)
        {
            report.Row($"spatstat {spatstat.Version}", spatstat.Timing, ours);
            report.Faster("spatstat", spatstat.Timing, ours, 150);
            report.Note($"Largest error of spatstat, in parts of the peak: {Error(exact, peer.Read<double>("spatstat")):0.0e+0}.");
        }
        (ours, var python) = await Timing.AroundAsync(Rounds, () => KernelDensity.Gaussian(points, frame, SdMeters), () => peer.RunAsync("density.py", ["scipy", "sklearn"], [.. arguments, Asked]));
        if (python is not null)
        {
            report.Row($"{python.Version}: bincount, gaussian_filter (float32)", python.Parts["filter"], ours);
            report.Faster("scipy", python.Parts["filter"], ours, 2);
            report.Note($"Largest error of scipy, in parts of the peak: {Error(exact, peer.Read<double>("filter")):0.0e+0}.");
            var oursExact = Timing.Measure(3, () => KernelDensity.GaussianExact(points, frame, SdMeters));
            report.Row("ours, exact", oursExact);
            var (part, whole) = (python.Parts["tree"], Side * Side / (double)Asked);
            var tree = new Timing([part.Wall * whole], [part.Cpu * whole], part.PeakBytes);
            report.Row("scikit-learn KernelDensity, rtol 1e-4 (whole raster, by extrapolation)", tree, oursExact);
            report.Faster("scikit-learn, rtol 1e-4, beside the exact mode", tree, oursExact, 150);
            var theirs = peer.Read<double>("tree");
            var worst = Enumerable.Range(0, Asked).Max(i => Math.Abs(theirs[i] - exact.Values[cells[i]]) / exact.Max);
            report.Check($"the exact mode is scikit-learn's within 1e-4 of the peak at {Asked:N0} cells (largest difference {worst:0.0e+0})", worst <= 1e-4);
        }
        var error = Error(exact, fast.Values);
        report.AtMost("largest error of the binned mode, in parts of the peak", error, 1e-3, "");
        report.Check($"the binned mode is the exact one within 1e-3 of the peak ({error:0.0e+0})", error <= 1e-3);
    }

    private static double Error(Raster exact, double[] values) => exact.Values.Zip(values).Max(pair => Math.Abs(pair.First - pair.Second)) / exact.Max;
}
