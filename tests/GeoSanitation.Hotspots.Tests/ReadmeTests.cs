using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Hotspots.Emerging;
using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Hotspots.Scan;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests;

/// <summary>The examples of the library's README, run.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_examples_hold()
    {
        var points = new Points([0, 10, 20, 300, 310, 900], [0, 0, 0, 0, 0, 0], weight: [1, 2, 1, 5, 1, 1]);
        Assert.Equal(11, points.TotalWeight);

        var labels = new int[points.Count];
        var clusters = Dbscan.Label(points, epsMeters: 15, minPoints: 2, labels);
        Assert.Equal(2, clusters);
        Assert.Equal([0, 0, 0, 1, 1, -1], labels);
        Assert.Equal(2, Dbscan.LabelWeighted(points, epsMeters: 15, minWeight: 4, labels));
        double[] outline = ConvexHull.Outline(points.XMeters[..3], points.YMeters[..3], marginMeters: 5);
        Assert.Equal(30 * 10, ConvexHull.SignedArea(outline), 1e-9);

        var mixed = new Points([0, 1, 2, 3, 500, 520, 540, 560, 2000], new double[9]);
        var hierarchy = Hdbscan.Compute(mixed, new HdbscanOptions(MinClusterSize: 4));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, -1], hierarchy.Labels);
        Assert.Equal(0, hierarchy.Probabilities[8]);

        var west = new PolygonRings([[0, 0, 500, 0, 500, 500, 0, 500, 0, 0]]);
        var east = new PolygonRings([[500, 0, 1000, 0, 1000, 500, 500, 500, 500, 0]]);
        var wards = new PolygonLocator([west, east]);
        Assert.Equal(0, wards.Locate(500, 250));
        Assert.Equal(-1, wards.Locate(1001, 250));

        var cells = StudyCells.Cover(new SquareGrid(100), wards, points, maxCells: 10_000);
        Assert.Equal(50, cells.Count);
        Assert.Equal("s100:3:0", cells.Grid.Id(cells.Cells[cells.CellOfPoint[4]]));
        Assert.Equal([3, 0, 0, 2, 0, 0, 0, 0, 0, 1], cells.PointCounts[..10].ToArray());

        double[] counts = [0, 0, 0, 0, 0, 0, 1, 7, 9, 8];
        var row = DistanceBand.Build(new Points([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], new double[10]), bandMeters: 1);
        var gi = GiStar.Compute(counts, row);
        Assert.Equal(2.967, gi.Z[8], 1e-3);
        Assert.Equal(2, gi.ClassOf(8));
        Assert.Equal(3, gi.ClassOf(8, corrected: false));

        var moran = LocalMoran.Compute(counts, row);
        Assert.Equal(Quadrant.HighHigh, moran.Quadrants[8]);
        Assert.Equal(Quadrant.LowHigh, moran.Quadrants[6]);

        var drawn = ConditionalPermutation.Count(counts, row, replications: 9_999, seed: 1);
        Assert.Equal(1 / 36.0, gi.WithP(drawn).P[8], 0.01);

        var line = new Points([0, 100, 200, 300], new double[4]);
        var scan = KulldorffScan.Poisson(line, cases: [9, 7, 2, 2], expected: [1, 1, 1, 1], steps: 1, new ScanOptions { Replications = 99 });
        Assert.Equal([0, 1], scan.Clusters[0].Locations);
        Assert.Equal(16 * Math.Log(1.6) + 4 * Math.Log(0.4), scan.Clusters[0].LogLikelihoodRatio, 1e-12);

        var frame = RasterFrame.Around(points, cellMeters: 10, marginMeters: 200, maxCells: 1_000_000);
        var raster = KernelDensity.Gaussian(points, frame, sdMeters: 40);
        Assert.Equal(points.TotalWeight, raster.Values.Sum() * 10 * 10 / 1e6, 1e-3);
        var bands = Contours.Bands(raster, Contours.EqualLevels(raster, 5));
        Assert.Equal(5, bands.Count);

        var choice = CellSizeRule.ChooseSize(pointCount: 20_000, areaSquareMeters: 1e9);
        Assert.Equal((400, "quadrat"), (choice.Meters, choice.Rule));

        var trend = MannKendall.Test([1, 2, 2, 3, 5, 4, 6, 7]);
        Assert.Equal(25, trend.S);
        Assert.Equal(1, trend.Trend(alpha: 0.05));
    }

    [Fact]
    public void The_page_shows_the_lines_that_are_run()
    {
        var run = Lines("tests/GeoSanitation.Hotspots.Tests/ReadmeTests.cs").ToHashSet();
        var shown = 0;
        var inCode = false;
        foreach (var line in Lines("src/GeoSanitation.Hotspots/README.md"))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inCode = !inCode;
            }
            else if (inCode)
            {
                Assert.Contains(line, run);
                shown++;
            }
        }
        Assert.True(shown > 30);
    }

    private static IEnumerable<string> Lines(string path)
        => File.ReadAllLines(Path.Combine(SharedData.RepositoryRoot, path)).Select(line => line.Trim());
}
