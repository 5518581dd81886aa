using CsCheck;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Density;

public class KernelDensityTests
{
    [SharedTheory("golden/kde")]
    [GoldenCases("kde/kde_gaussian")]
    public void Gaussian_equals_scikit_learn(string name)
    {
        var (points, x, y, expected) = Read(name);
        var density = KernelDensity.GaussianAt(points, Golden.Case(name).GetProperty("bandwidth_sd_m").GetDouble(), x, y);
        for (var i = 0; i < expected.Length; i++)
        {
            Golden.AssertClose(expected[i], density[i], expected[i] > 1e-6 ? 1e-7 : 0, expected[i] > 1e-6 ? 0 : 1e-9, $"place {i}");
        }
    }

    [SharedTheory("golden/kde")]
    [GoldenCases("kde/kde_quartic")]
    public void Quartic_equals_spatstat(string name)
    {
        var (points, x, y, expected) = Read(name);
        var density = KernelDensity.QuarticAt(points, Golden.Case(name).GetProperty("radius_m").GetDouble(), x, y);
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] == 0)
            {
                Assert.Equal(0, density[i]);
            }
            // The peer adds in another order, and a point on the very edge of the radius leaves only rounding.
            Golden.AssertClose(expected[i], density[i], 1e-9, 0, $"place {i}");
        }
    }

    [SharedTheory("golden/kde")]
    [GoldenCases("kde/kde_gaussian")]
    public void The_exact_raster_differs_from_scikit_learn_by_no_more_than_the_cut(string name)
    {
        var (points, x, y, expected) = Read(name);
        var sd = Golden.Case(name).GetProperty("bandwidth_sd_m").GetDouble();
        var frame = FrameOf(x, y);
        var raster = KernelDensity.GaussianExact(points, frame, sd);
        var cut = points.TotalWeight * Math.Exp(-KernelDensity.CutDeviations * KernelDensity.CutDeviations / 2) / (2 * Math.PI * sd * sd) * 1e6;
        for (var i = 0; i < expected.Length; i++)
        {
            Golden.AssertClose(expected[i], At(raster, x[i], y[i]), 1e-9, cut, $"place {i}");
        }
    }

    [SharedTheory("golden/kde")]
    [GoldenCases("kde/kde_quartic")]
    public void The_quartic_raster_equals_spatstat(string name)
    {
        var (points, x, y, expected) = Read(name);
        var raster = KernelDensity.Quartic(points, FrameOf(x, y), Golden.Case(name).GetProperty("radius_m").GetDouble());
        for (var i = 0; i < expected.Length; i++)
        {
            Golden.AssertClose(expected[i], At(raster, x[i], y[i]), 1e-9, 0, $"place {i}");
        }
    }

    [GoldenFact("edge_cases", "KDE")]
    public void Edge_cases_are_as_defined()
    {
        foreach (var edge in Golden.EdgeCases("KDE", 5))
        {
            if (!edge.TryGetProperty("kernel", out _))
            {
                var none = new Points([], []);
                Assert.Equal(edge.GetProperty("density").GetDouble(), KernelDensity.QuarticAt(none, 100, [0], [0])[0]);
                Assert.Equal(edge.GetProperty("density").GetDouble(), KernelDensity.GaussianAt(none, 100, [0], [0])[0]);
                continue;
            }
            var at = Golden.Numbers(edge.GetProperty("at"));
            var origin = new Points([0], [0]);
            var density = edge.GetProperty("kernel").GetString() == "quartic"
                ? KernelDensity.QuarticAt(origin, edge.GetProperty("radius").GetDouble(), [at[0]], [at[1]])
                : KernelDensity.GaussianAt(origin, edge.GetProperty("sd").GetDouble(), [at[0]], [at[1]]);
            Golden.AssertClose(edge.GetProperty("density_per_m2").GetDouble(), density[0] / 1e6, 1e-14);
        }
        Assert.Equal([0.0], KernelDensity.GaussianAt(new Points([], []), 10, [0], [0]));
        Assert.Equal(0, KernelDensity.Gaussian(new Points([], []), new RasterFrame(0, 0, 1, 5, 5), 10).Max);
    }

    [Fact]
    public void The_binned_raster_is_within_a_thousandth_of_the_peak_of_the_exact_one()
    {
        var points = Clumps(20_000, 1);
        var frame = new RasterFrame(0, 0, 20, 250, 250);
        var exact = KernelDensity.GaussianExact(points, frame, 100);
        var binned = KernelDensity.Gaussian(points, frame, 100);
        var worst = exact.Values.Zip(binned.Values, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(worst / exact.Max, 1e-12, 1e-3);
    }

    [Theory]
    [InlineData(20_000, 100)]
    [InlineData(20_000, 400)]
    [InlineData(300, 100)]
    public void From_and_into_lent_memory_the_densities_are_the_same(int count, double sd)
    {
        var points = Clumps(count, 7);
        var frame = new RasterFrame(100, 200, 20, 130, 70);
        double[] weight = [.. Enumerable.Range(0, count).Select(i => (double)(i % 3))];
        double[] x = [1e9, .. points.XMeters, 4], y = [2, .. points.YMeters, 5], of = [3, .. weight, 6];
        var lent = new LentPoints(x.AsSpan(1, count), y.AsSpan(1, count), of.AsSpan(1, count));
        var densities = Enumerable.Repeat(double.NaN, 130 * 70 + 2).ToArray();
        KernelDensity.Gaussian(lent, frame, sd, densities.AsSpan(1, 130 * 70));
        Assert.Equal([double.NaN, .. KernelDensity.Gaussian(new Points(points.XMeters.ToArray(), points.YMeters.ToArray(), weight), frame, sd).Values, double.NaN], densities);
        Assert.Throws<ArgumentException>(() => KernelDensity.Gaussian(new LentPoints([1], [1], []), frame, sd, densities));
        Assert.Throws<ArgumentException>(() => new LentPoints([1, 2], [1], []).Count);
    }

    [Fact]
    public void The_binned_raster_counts_weights_as_copies()
    {
        var points = Clumps(20_001, 3);
        double[] weight = [.. Enumerable.Range(0, points.Count).Select(i => (double)(i % 3))];
        int[] copies = [.. Enumerable.Range(0, points.Count).SelectMany(i => Enumerable.Repeat(i, i % 3))];
        var frame = new RasterFrame(800, 900, 20, 171, 93);
        var weighted = KernelDensity.Gaussian(new Points(points.XMeters.ToArray(), points.YMeters.ToArray(), weight), frame, 110);
        var copied = KernelDensity.Gaussian(new Points([.. copies.Select(i => points.XMeters[i])], [.. copies.Select(i => points.YMeters[i])]), frame, 110);
        Assert.All(weighted.Values.Zip(copied.Values), pair => Golden.AssertClose(pair.Second, pair.First, 1e-12, 1e-12 * copied.Max));
    }

    [Fact]
    public void Points_outside_the_frame_count_as_far_as_they_reach_in()
    {
        var outside = new Points([-50], [50]);
        var frame = new RasterFrame(0, 0, 10, 10, 10);
        var expected = KernelDensity.GaussianAt(outside, 60, [5], [55])[0];
        Golden.AssertClose(expected, KernelDensity.GaussianExact(outside, frame, 60)[0, 5], 1e-12);
        var many = Clumps(20_000, 9);
        var corner = new RasterFrame(1500, 1500, 20, 50, 50);
        var exact = KernelDensity.GaussianExact(many, corner, 150);
        var binned = KernelDensity.Gaussian(many, corner, 150);
        Assert.InRange(exact.Values.Zip(binned.Values, (a, b) => Math.Abs(a - b)).Max() / exact.Max, 1e-12, 1e-3);
    }

    [Theory]
    [InlineData(195)]
    [InlineData(205)]
    [InlineData(433)]
    public void A_kernel_much_wider_than_the_cells_keeps_the_bound(double sd)
    {
        var points = Clumps(20_000, 4);
        var frame = new RasterFrame(1203, 1107, 5, 301, 207);
        var exact = KernelDensity.GaussianExact(points, frame, sd);
        var fast = KernelDensity.Gaussian(points, frame, sd);
        Assert.InRange(exact.Values.Zip(fast.Values, (a, b) => Math.Abs(a - b)).Max() / exact.Max, 1e-12, 1e-3);
    }

    [Fact]
    public void A_kernel_wider_than_the_world_is_answered_at_once()
        => Assert.True(KernelDensity.Gaussian(Clumps(20_000, 4), new RasterFrame(0, 0, 1, 256, 256), 1e9).Max > 0);

    [Theory]
    [InlineData(20, 100)]
    [InlineData(5, 400)]
    public void Many_points_at_one_place_stay_within_the_stated_bound(double cell, int cells)
    {
        var heap = new Points([.. Enumerable.Repeat(1003.0, 20_000)], [.. Enumerable.Repeat(996.0, 20_000)]);
        var frame = new RasterFrame(0, 0, cell, cells, cells);
        var exact = KernelDensity.GaussianExact(heap, frame, 120);
        var binned = KernelDensity.Gaussian(heap, frame, 120);
        Assert.InRange(exact.Values.Zip(binned.Values, (a, b) => Math.Abs(a - b)).Max() / exact.Max, 1e-12, 20.0 * 20 / (6 * 120 * 120));
    }

    [Fact]
    public void The_raster_adds_up_to_the_total_weight()
    {
        var points = new Points([500, 520], [500, 480], weight: [3, 4]);
        var frame = new RasterFrame(0, 0, 10, 100, 100);
        Assert.Equal(7, KernelDensity.Gaussian(points, frame, 60).Values.Sum() * 100 / 1e6, 1e-4);
        Assert.Equal(7, KernelDensity.GaussianExact(points, frame, 60).Values.Sum() * 100 / 1e6, 1e-4);
        Assert.Equal(7, KernelDensity.Quartic(points, frame, 200).Values.Sum() * 100 / 1e6, 1e-2);
    }

    [Fact]
    public void Weight_two_equals_two_copies_and_turning_the_points_turns_the_raster()
    {
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 200]).Array[1, 30].Sample(places =>
        {
            var frame = new RasterFrame(0, 0, 10, 20, 20);
            var x = places.Select(p => (double)p.Item1).ToArray();
            var y = places.Select(p => (double)p.Item2).ToArray();
            var weighted = KernelDensity.Gaussian(new Points(x, y, [.. x.Select(_ => 2.0)]), frame, 50);
            var copies = KernelDensity.Gaussian(new Points([.. x, .. x], [.. y, .. y]), frame, 50);
            var turned = KernelDensity.GaussianExact(new Points([.. y.Select(v => 200 - v)], x), frame, 50);
            var straight = KernelDensity.GaussianExact(new Points(x, y), frame, 50);
            for (var row = 0; row < 20; row++)
            {
                for (var column = 0; column < 20; column++)
                {
                    Golden.AssertClose(weighted[column, row], copies[column, row], 1e-12);
                    Golden.AssertClose(straight[column, row], turned[19 - row, column], 1e-9);
                }
            }
        }, iter: 50);
    }

    [Fact]
    public void Bad_bandwidths_and_frames_are_refused()
    {
        var points = new Points([0], [0]);
        var frame = new RasterFrame(0, 0, 1, 5, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelDensity.Gaussian(points, frame, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelDensity.Quartic(points, frame, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelDensity.Gaussian(points, frame with { Columns = 0 }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelDensity.Gaussian(points, frame with { CellMeters = 0 }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RasterFrame.Around(points, 0.001, 1000, 1_000_000));
        Assert.Throws<ArgumentException>(() => RasterFrame.Around(new Points([], []), 1, 1, 100));
    }

    [Fact]
    public void A_frame_around_points_holds_them_and_their_margin_on_whole_cells()
        => Assert.Equal(new RasterFrame(-20, 90, 10, 7, 4), RasterFrame.Around(new Points([3, 27], [105, 105]), 10, 15, 100));

    internal static Points Clumps(int count, int seed)
    {
        var random = new Random(seed);
        var centers = Enumerable.Range(0, 8).Select(_ => (X: 1000 + random.NextDouble() * 3000, Y: 1000 + random.NextDouble() * 3000)).ToArray();
        var x = new double[count];
        var y = new double[count];
        for (var i = 0; i < count; i++)
        {
            var center = centers[i % centers.Length];
            (x[i], y[i]) = (center.X + (random.NextDouble() + random.NextDouble() - 1) * 400, center.Y + (random.NextDouble() + random.NextDouble() - 1) * 400);
        }
        return new Points(x, y);
    }

    private static (Points Points, double[] X, double[] Y, double[] Expected) Read(string name)
    {
        var points = Golden.Table(name, "points.csv");
        var expected = Golden.Table(name, "expected.csv");
        return (new Points(points.Numbers("x"), points.Numbers("y"), points.Numbers("weight")),
            expected.Numbers("x"), expected.Numbers("y"), expected.Numbers("density_per_km2"));
    }

    /// <summary>A frame whose cell centers are exactly the places of the golden lattice.</summary>
    private static RasterFrame FrameOf(double[] x, double[] y)
    {
        var columns = x.Distinct().Order().ToArray();
        var rows = y.Distinct().Order().ToArray();
        var step = columns[1] - columns[0];
        var rowStep = rows[1] - rows[0];
        var cell = Gcd((int)step, (int)rowStep);
        return new RasterFrame(columns[0] - cell / 2.0, rows[0] - cell / 2.0, cell, (int)((columns[^1] - columns[0]) / cell) + 1, (int)((rows[^1] - rows[0]) / cell) + 1);
    }

    private static double At(Raster raster, double x, double y)
        => raster[(int)((x - raster.Frame.WestMeters) / raster.Frame.CellMeters), (int)((y - raster.Frame.SouthMeters) / raster.Frame.CellMeters)];

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
