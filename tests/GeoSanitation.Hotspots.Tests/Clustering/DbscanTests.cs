using CsCheck;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Clustering;

public class DbscanTests
{
    private static readonly Gen<(double X, double Y)[]> LatticePoints = Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30], (x, y) => ((double)x, (double)y)).Array[0, 120];

    private static readonly Gen<(double X, double Y)[]> LoosePoints = Gen.Select(Gen.Double[0, 100], Gen.Double[0, 100]).Array[0, 150];

    [SharedTheory("golden/dbscan")]
    [GoldenCases("dbscan/")]
    public void Labels_equal_scikit_learn_point_for_point(string name)
    {
        var parameters = Golden.Case(name);
        var table = Golden.Table(name, "points.csv");
        var labels = new int[table.Count];
        var clusters = Dbscan.Label(
            new Points(table.Numbers("x"), table.Numbers("y")), parameters.GetProperty("eps").GetDouble(), parameters.GetProperty("min_points").GetInt32(), labels);
        Assert.Equal(Golden.Table(name, "expected.csv").Whole("label"), labels);
        Assert.Equal(parameters.GetProperty("clusters").GetInt32(), clusters);
    }

    [GoldenFact("edge_cases", "DBSCAN")]
    public void Edge_cases_are_as_defined()
    {
        foreach (var edge in Golden.EdgeCases("DBSCAN", 7))
        {
            var points = edge.GetProperty("points").EnumerateArray().Select(Golden.Numbers).ToArray();
            var labels = new int[points.Length];
            Dbscan.Label(Of(points.Select(p => (p[0], p[1]))), edge.GetProperty("eps").GetDouble(), edge.GetProperty("min_points").GetInt32(), labels);
            Assert.Equal(edge.GetProperty("labels").EnumerateArray().Select(l => l.GetInt32()), labels);
        }
    }

    [Fact]
    public void Two_rows_of_points_worked_by_hand()
    {
        // 0 1 2 are a chain with gaps of 10, 3 is alone, 4 5 6 another chain; with minPoints 3 only the middles are core.
        var points = Of([(0, 0), (10, 0), (20, 0), (50, 50), (100, 0), (110, 0), (120, 0)]);
        var labels = new int[7];
        Assert.Equal(2, Dbscan.Label(points, 10, 3, labels));
        Assert.Equal([0, 0, 0, -1, 1, 1, 1], labels);
    }

    [Fact]
    public void A_point_exactly_eps_away_is_a_neighbor()
    {
        var labels = new int[2];
        Assert.Equal(1, Dbscan.Label(Of([(0, 0), (3, 4)]), 5, 2, labels));
        Assert.Equal([0, 0], labels);
    }

    [Fact]
    public void Clusters_are_numbered_by_their_first_core_point()
    {
        // The first point in input order, at 100, is only a border point; the first core belongs to the cluster at zero.
        var points = Of([(100, 0), (0, 0), (1, 0), (2, 0), (101.5, 0), (103, 0), (104, 0)]);
        var labels = new int[7];
        Dbscan.Label(points, 1.5, 3, labels);
        Assert.Equal([1, 0, 0, 0, 1, 1, 1], labels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_bad_eps_is_refused(double eps)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Dbscan.Label(Of([(0, 0)]), eps, 1, new int[1]));

    [Fact]
    public void Other_bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Dbscan.Label(Of([(0, 0)]), 1, 0, new int[1]));
        Assert.Throws<ArgumentException>(() => Dbscan.Label(Of([(0, 0)]), 1, 1, new int[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dbscan.Label(Of([(0, 0), (1e9, 0)]), 0.5, 1, new int[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dbscan.LabelWeighted(Of([(0, 0)]), 1, double.NaN, new int[1]));
    }

    [Fact]
    public void A_far_outlier_costs_neither_memory_nor_neighbors()
    {
        var labels = new int[4];
        Dbscan.Label(Of([(0, 0), (1, 0), (9e8, 9e8), (9e8, 9e8 + 1)]), 1, 2, labels);
        Assert.Equal([0, 0, 1, 1], labels);
    }

    [Fact]
    public void Two_dense_heaps_just_out_of_reach_stay_apart_and_join_over_one_close_pair()
    {
        // 2 x 20,000 points on two short vertical lines: testing every pair would take 400 million steps.
        var points = Enumerable.Range(0, 40_000).Select(i => (X: i % 2 == 0 ? 0.0 : 10.01, Y: i / 2 * 1e-4)).ToList();
        var labels = new int[points.Count];
        Assert.Equal(2, Dbscan.Label(Of(points), 10, 5, labels));
        points[^1] = (10, points[^2].Y);
        Assert.Equal(1, Dbscan.Label(Of(points), 10, 5, labels));
    }

    [Fact]
    public void Any_points_are_labelled_as_by_the_definition()
    {
        Gen.Select(Gen.OneOf(LatticePoints, LoosePoints), Gen.Int[0, 4].Select(k => new[] { 1.0, 2.0, 5.0, 7.3, 12.0 }[k]), Gen.Int[1, 12])
            .Sample((points, eps, minPoints) =>
            {
                var labels = new int[points.Length];
                Dbscan.Label(Of(points), eps, minPoints, labels);
                Assert.Equal(ByDefinition(points, eps, minPoints), labels);
            });
    }

    [Fact]
    public void Turning_and_shifting_change_nothing()
    {
        Gen.Select(LatticePoints, Gen.Int[1, 6]).Sample((points, minPoints) =>
        {
            var labels = new int[points.Length];
            Dbscan.Label(Of(points), 3, minPoints, labels);
            var moved = new int[points.Length];
            Dbscan.Label(Of(points.Select(p => (500_000 - p.Y, 4_500_000 + p.X))), 3, minPoints, moved);
            Assert.Equal(labels, moved);
        });
    }

    [Fact]
    public void The_order_of_the_points_changes_neither_the_noise_nor_the_partition_of_cores()
    {
        Gen.Select(LatticePoints, Gen.Int[1, 6]).Sample((points, minPoints) =>
        {
            var labels = new int[points.Length];
            var clusters = Dbscan.Label(Of(points), 3, minPoints, labels);
            var reversed = new int[points.Length];
            Assert.Equal(clusters, Dbscan.Label(Of(points.Reverse()), 3, minPoints, reversed));
            Array.Reverse(reversed);
            var numbers = new Dictionary<int, int>();
            for (var i = 0; i < points.Length; i++)
            {
                Assert.Equal(labels[i] < 0, reversed[i] < 0);
                if (points.Count(p => Near(p, points[i], 3)) >= minPoints)
                {
                    Assert.Equal(numbers.TryAdd(labels[i], reversed[i]) ? reversed[i] : numbers[labels[i]], reversed[i]);
                }
            }
        });
    }

    [Fact]
    public void A_weight_of_two_equals_two_copies()
    {
        Gen.Select(LatticePoints, Gen.Int[1, 8]).Sample((points, minPoints) =>
        {
            var weights = points.Select((_, i) => 1.0 + i % 3).ToArray();
            var labels = new int[points.Length];
            Dbscan.LabelWeighted(new Points([.. points.Select(p => p.X)], [.. points.Select(p => p.Y)], weights), 3, minPoints, labels);
            var copies = points.SelectMany((p, i) => Enumerable.Repeat(p, 1 + i % 3)).ToArray();
            var labelsOfCopies = new int[copies.Length];
            Dbscan.Label(Of(copies), 3, minPoints, labelsOfCopies);
            Assert.Equal(points.SelectMany((_, i) => Enumerable.Repeat(labels[i], 1 + i % 3)), labelsOfCopies);
        });
    }

    internal static Points Of(IEnumerable<(double X, double Y)> points)
    {
        var list = points.ToList();
        return new Points([.. list.Select(p => p.X)], [.. list.Select(p => p.Y)]);
    }

    private static bool Near((double X, double Y) a, (double X, double Y) b, double eps)
        => (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y) <= eps * eps;

    /// <summary>The definition, word for word: every pair, input order, a cluster grown from each core that has none yet.</summary>
    private static int[] ByDefinition((double X, double Y)[] points, double eps, int minPoints)
    {
        var neighbors = points.Select(p => Enumerable.Range(0, points.Length).Where(j => Near(p, points[j], eps)).ToArray()).ToArray();
        var labels = Enumerable.Repeat(-1, points.Length).ToArray();
        var next = 0;
        for (var i = 0; i < points.Length; i++)
        {
            if (labels[i] >= 0 || neighbors[i].Length < minPoints)
            {
                continue;
            }
            var open = new Queue<int>([i]);
            labels[i] = next;
            while (open.TryDequeue(out var core))
            {
                foreach (var j in neighbors[core].Where(j => labels[j] < 0))
                {
                    labels[j] = next;
                    if (neighbors[j].Length >= minPoints)
                    {
                        open.Enqueue(j);
                    }
                }
            }
            next++;
        }
        return labels;
    }
}
