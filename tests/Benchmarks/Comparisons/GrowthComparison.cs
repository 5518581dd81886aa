using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare growth</c>: how time grows with size, of ours alone.</summary>
internal static class GrowthComparison
{
    private const int Rounds = 5;
    private const int Least = 10_000;
    private const int Most = 10_000_000;

    public static async Task RunAsync(Report report, string folder)
    {
        report.Note("Ours alone, one thread. DBSCAN and density: the first K points of the synthetic city, so that ten times as many are ten times as dense; for DBSCAN also with eps such that a point keeps as many neighbors. Gi*: a square of K cells, 37 neighbors. The ratio is to the row above.");
        var plot = new GrowthPlot();
        var city = SyntheticCity.Make(Most);
        var frame = new RasterFrame(SyntheticCity.West, SyntheticCity.South, SyntheticCity.Size / 512, 512, 512);
        Grow(report, plot, "DBSCAN, eps 50 m, minPts 10", count =>
        {
            var (points, labels) = (city.First(count), new int[count]);
            return () => Dbscan.Label(points, 50, 10, labels);
        });
        Grow(report, plot, "DBSCAN, eps 50 m at 1,000,000, as many neighbors at the others", count =>
        {
            var (points, labels, eps) = (city.First(count), new int[count], 50 * Math.Sqrt(1e6 / count));
            return () => Dbscan.Label(points, eps, 10, labels);
        });
        Grow(report, plot, "density on 512 x 512 cells, 300 m", count =>
        {
            var points = city.First(count);
            return () => KernelDensity.Gaussian(points, frame, 300);
        });
        Grow(report, plot, "Gi* of cells, 37 neighbors", count =>
        {
            var side = (int)Math.Sqrt(count);
            var random = new Random(count);
            var values = new double[side * side];
            var cells = new GridCell[values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                (values[i], cells[i]) = (random.Next(20), new GridCell(i % side, i / side));
            }
            var band = new GridBand(new SquareGrid(100), cells, 350);
            return () => GiStar.Compute(values, band);
        });
        await Report.KeepAsync("growth.svg", plot.ToSvg());
        report.Note("![Processor time over size, both logarithmic; dashed: n log n](growth.svg)");
    }

    private static void Grow(Report report, GrowthPlot plot, string what, Func<int, Action> prepare)
    {
        Timing? before = null;
        plot.Begin(what);
        for (var count = Least; count <= Most; count *= 10)
        {
            var timing = Timing.Measure(Rounds, prepare(count));
            report.Row($"{what}: {count:N0}", timing, before);
            plot.Add(count, timing.Cpu);
            before = timing;
        }
    }
}
