using GeoSanitation.Hotspots.Emerging;
using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare gi-star</c>: Gi* of 400 x 400 cells beside spdep, and emerging hot spots of 24 such slices.</summary>
internal static class GiStarComparison
{
    private const int Side = 400;
    private const int Slices = 24;
    private const double CellMeters = SyntheticCity.Size / Side;
    private const int Rounds = 15;

    public static async Task RunAsync(Report report, string folder)
    {
        report.Note($"Counts of 1,000,000 points of the synthetic city in {Side} x {Side} cells of {CellMeters} m; binary weights, the cell itself among its neighbors. One thread of ours.");
        var (cells, values, cube) = Count(SyntheticCity.Make(1_000_000));
        var peer = new Peer(folder);
        peer.Write("values", values);
        var grid = new SquareGrid(CellMeters);
        foreach (var (reach, neighbors) in new[] { (1.5, 9), (3.5, 37) })
        {
            var band = new GridBand(grid, cells, reach * CellMeters);
            var (ours, spdep) = await Timing.AroundAsync(Rounds, () => GiStar.Compute(values, band), () => peer.RunAsync("gi-star.R", ["spdep"], Side, reach));
            var withWeights = Timing.Measure(Rounds, () => GiStar.Compute(values, new GridBand(grid, cells, reach * CellMeters)));
            report.Row($"ours, {neighbors} cells", ours);
            report.Row($"ours, {neighbors} cells, neighborhoods too", withWeights);
            if (spdep is not null)
            {
                var parts = spdep.Parts;
                report.Row($"spdep {spdep.Version}, localG alone, {neighbors} cells", parts["statistic"], ours);
                var all = new Timing([parts.Values.Sum(p => p.Wall)], [parts.Values.Sum(p => p.Cpu)], parts["statistic"].PeakBytes);
                report.Row($"spdep, dnearneigh, nb2listw and localG, {neighbors} cells", all, withWeights);
                report.Faster($"spdep localG alone, {neighbors} cells", parts["statistic"], ours, 100);
                report.Faster($"spdep with weights, {neighbors} cells", all, withWeights, 2_000);
                var difference = GiStar.Compute(values, band).Z.Zip(peer.Read<double>("z")).Max(pair => Math.Abs(pair.First - pair.Second));
                report.Check($"z of {neighbors} cells is spdep's within 1e-9 (largest difference {difference:0.0e+0})", difference <= 1e-9);
            }
        }
        var near = new GridBand(grid, cells, 1.5 * CellMeters);
        var emerging = Timing.Measure(Rounds, () => EmergingHotspots.Analyze(cube, near));
        report.Row($"ours, emerging hot spots, {Slices} slices, 9 cells", emerging);
        report.AtMost($"emerging hot spots of {Slices} slices of {Side} x {Side}", emerging.Cpu * 1e3, 60, "ms CPU");
    }

    private static (GridCell[] Cells, double[] Values, SpaceTimeCube Cube) Count(SyntheticCity city)
    {
        var cells = new GridCell[Side * Side];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = new GridCell(i % Side, i / Side);
        }
        var cellOfPoint = new int[city.Count];
        var values = new double[cells.Length];
        for (var i = 0; i < city.Count; i++)
        {
            var column = Math.Min((int)((city.X[i] - SyntheticCity.West) / CellMeters), Side - 1);
            var row = Math.Min((int)((city.Y[i] - SyntheticCity.South) / CellMeters), Side - 1);
            cellOfPoint[i] = row * Side + column;
            values[cellOfPoint[i]]++;
        }
        double[] edges = [.. Enumerable.Range(0, Slices + 1).Select(s => (double)SyntheticCity.Days * s / Slices)];
        return (cells, values, SpaceTimeCube.Count(city.First(city.Count), cellOfPoint, cells.Length, edges));
    }
}
