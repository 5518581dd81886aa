using CsCheck;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Clustering;

public class HdbscanTests
{
    private static readonly Gen<(double X, double Y)[]> LatticePoints = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 15], (x, y) => ((double)x, (double)y)).Array[0, 60];

    // CsCheck likes numbers so small that distances differ in their last bit alone.
    private static readonly Gen<(double X, double Y)[]> LoosePoints = Gen.Select(Gen.Double[0, 100], Gen.Double[0, 100]).Array[0, 60];

    private static readonly Gen<HdbscanOptions> AnyOptions = Gen.Select(
        Gen.Int[2, 7], Gen.Int[1, 8], Gen.Bool, Gen.Bool, Gen.Int[0, 2], Gen.Enum<StabilityRule>(), (size, points, leaf, single, epsilon, rule) => new HdbscanOptions(
            size, points, leaf ? ClusterSelectionMethod.Leaf : ClusterSelectionMethod.ExcessOfMass, single, new[] { 0, 3, 20 }[epsilon], Stability: rule));

    [SharedTheory("golden/hdbscan")]
    [GoldenCases("hdbscan/")]
    public void Labels_memberships_and_stabilities_equal_R_and_the_hdbscan_package(string name)
    {
        var parameters = Golden.Case(name);
        var expected = Golden.Table(name, "expected.csv");
        var result = Hdbscan.Compute(
            PointsOf(name), new HdbscanOptions(parameters.GetProperty("min_cluster_size").GetInt32(), parameters.GetProperty("min_points_incl_self").GetInt32()));
        var (labels, agreed, membership) = (expected.Whole("label"), expected.Whole("all_peers_agree"), expected.Numbers("membership_hdbscan"));
        var ours = new Dictionary<int, int> { [-1] = -1 };
        for (var i = 0; i < labels.Length; i++)
        {
            if (agreed[i] == 1)
            {
                Assert.Equal(ours.TryAdd(labels[i], result.Labels[i]) ? result.Labels[i] : ours[labels[i]], result.Labels[i]);
                Golden.AssertClose(membership[i], result.Probabilities[i], 0, 1e-6, $"membership of {i}");
            }
        }
        var clusters = parameters.GetProperty("clusters").GetInt32();
        Assert.Equal(clusters + 1, ours.Values.Distinct().Count());
        Assert.Equal(clusters, result.Clusters.Length);
        var everyoneAgrees = parameters.GetProperty("points_where_peers_differ").GetInt32() == 0;
        var stabilities = Golden.Numbers(parameters.GetProperty("stabilities_sorted"));
        Assert.All(result.Clusters.Select(c => c.Stability).Order().Zip(stabilities), pair => Golden.AssertClose(pair.Second, pair.First, everyoneAgrees ? 1e-6 : 2e-2));
    }

    [SharedTheory("golden/hdbscan")]
    [GoldenCases("hdbscan/")]
    public void Core_distances_and_the_edges_of_the_spanning_tree_equal_R(string name)
    {
        var parameters = Golden.Case(name);
        var points = PointsOf(name);
        var tree = new KdTree(points.XMeters, points.YMeters);
        var everywhereOne = Enumerable.Repeat(1.0, points.Count).ToArray();
        var core = CoreDistances.Squared(tree, everywhereOne, parameters.GetProperty("min_points_incl_self").GetInt32(), 0, new ParallelOptions());
        var expected = Golden.Table(name, "expected.csv").Numbers("core_distance");
        for (var k = 0; k < core.Length; k++)
        {
            Golden.AssertClose(expected[tree.Order[k]], Math.Sqrt(core[k]), 1e-9);
        }
        var lengths = ReachabilityTree.Find(tree, core, new ParallelOptions()).SquaredLength.Select(Math.Sqrt).Order().ToArray();
        var expectedLengths = Golden.Table(name, "mst_weights.csv").Numbers("edge_weight_sorted");
        Assert.Equal(expectedLengths.Length, lengths.Length);
        Assert.All(lengths.Zip(expectedLengths), pair => Golden.AssertClose(pair.Second, pair.First, 1e-9));
        Golden.AssertClose(parameters.GetProperty("mst_total_weight").GetDouble(), lengths.Sum(), 1e-9);
    }

    [GoldenFact("edge_cases", "HDBSCAN")]
    public void Edge_cases_are_as_defined()
    {
        foreach (var edge in Golden.EdgeCases("HDBSCAN", 2))
        {
            var points = Of(edge.GetProperty("points").EnumerateArray().Select(Golden.Numbers).Select(p => (p[0], p[1])));
            var result = Hdbscan.Compute(points, new HdbscanOptions(edge.GetProperty("min_points").GetInt32()));
            Assert.All(result.Labels, label => Assert.Equal(Hdbscan.Noise, label));
            Assert.Empty(result.Clusters);
            Assert.DoesNotContain(result.Probabilities, double.IsNaN);
        }
    }

    [Fact]
    public void Points_all_at_one_place_are_one_cluster_only_where_one_is_allowed()
    {
        var points = Of(Enumerable.Repeat((500_000.0, 4_500_000.0), 6));
        Assert.All(Hdbscan.Compute(points, new HdbscanOptions(3)).Labels, label => Assert.Equal(Hdbscan.Noise, label));
        var single = Hdbscan.Compute(points, new HdbscanOptions(3, AllowSingleCluster: true));
        Assert.All(single.Labels, label => Assert.Equal(0, label));
        Assert.All(single.Probabilities, p => Assert.Equal(1, p));
        Assert.All(single.OutlierScores, s => Assert.Equal(0, s));
        Assert.Equal((6, double.PositiveInfinity), (single.Clusters[0].Weight, single.Clusters[0].BirthMeters));
        Assert.Equal(6 / 0.001, single.Clusters[0].Stability, 1e-9);
    }

    [Fact]
    public void Two_rows_and_a_straggler_worked_by_hand()
    {
        // Core distances to the nearest other point: 1 in the rows, 18 at 30. The tree's edges are 1 1 8 1 1 18.
        // Everything loses the straggler at 18 and falls in two at 8; both rows fall to pieces at 1.
        var result = Hdbscan.Compute(OnLine(10, 0, 11, 1, 30, 12, 2), new HdbscanOptions(3, 2));
        Assert.Equal([0, 1, 0, 1, -1, 0, 1], result.Labels);
        Assert.Equal([1, 1, 1, 1, 0, 1, 1], result.Probabilities);
        Assert.All(result.Clusters, cluster => Assert.Equal((3, 8, 3 * (1 - 1.0 / 8)), (cluster.Weight, cluster.BirthMeters, cluster.Stability)));
        // The straggler left everything at 1/18; the densest part of everything ends at 1.
        Assert.Equal([0, 0, 0, 0, 1 - 1.0 / 18, 0, 0], result.OutlierScores);
    }

    [Fact]
    public void A_point_that_leaves_early_belongs_less()
    {
        // 4 is 2 away from the row of 0 1 2: core distances 1 1 1 2.
        var result = Hdbscan.Compute(OnLine(0, 1, 2, 4, 20, 21, 22), new HdbscanOptions(3, 2));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1], result.Labels);
        Assert.Equal([1, 1, 1, 0.5, 1, 1, 1], result.Probabilities);
        Assert.Equal(0.5, result.OutlierScores[3]);
        Assert.Equal([(4.0, 3 * (1 - 1.0 / 16) + (0.5 - 1.0 / 16)), (3.0, 3 * (1 - 1.0 / 16))], result.Clusters.Select(c => (c.Weight, c.Stability)));
    }

    [Fact]
    public void A_small_branch_counts_until_it_comes_apart_where_that_is_R_s_rule()
    {
        // Everything falls at 14 into the rows of 0 1 2 and of 16 17 18 20.5 21: in the latter the pair of 20.5 and 21 parts at 2.5 and comes apart at 0.5.
        var points = OnLine(0, 1, 2, 16, 17, 18, 20.5, 21);
        var published = Hdbscan.Compute(points, new HdbscanOptions(3, 2));
        Assert.Equal([0, 0, 0, 1, 1, 1, 1, 1], published.Labels);
        Assert.Equal(3 * (1 - 1.0 / 14) + 2 * (1 / 2.5 - 1.0 / 14), published.Clusters[1].Stability, 1e-12);
        var asInR = Hdbscan.Compute(points, new HdbscanOptions(3, 2, Stability: StabilityRule.RDbscan));
        Assert.Equal(published.Labels, asInR.Labels);
        Assert.Equal(3 * (1 - 1.0 / 14) + 2 * (1 / 0.5 - 1.0 / 14), asInR.Clusters[1].Stability, 1e-12);
        Assert.Equal(published.Probabilities, asInR.Probabilities);
    }

    [Fact]
    public void A_loose_pair_of_tight_rows_is_one_cluster_or_two()
    {
        // Rows of 3 with gaps of 1, 1.5 apart, and a third row 100 away. The pair: 6 points from 1/100 to 1/1.5, then two rows of 3 up to 1.
        var points = OnLine(0, 1, 2, 3.5, 4.5, 5.5, 105.5, 106.5, 107.5);
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 1], Hdbscan.Compute(points, new HdbscanOptions(3, 2)).Labels);
        var leaves = Hdbscan.Compute(points, new HdbscanOptions(3, 2, ClusterSelectionMethod.Leaf));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], leaves.Labels);
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 1], Hdbscan.Compute(points, new HdbscanOptions(3, 2, ClusterSelectionMethod.Leaf, EpsilonMeters: 1.6)).Labels);
        // Below the root nothing is born farther out than 100, and the root may not be the answer unless that is allowed.
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 1], Hdbscan.Compute(points, new HdbscanOptions(3, 2, ClusterSelectionMethod.Leaf, EpsilonMeters: 500)).Labels);
        var all = Hdbscan.Compute(points, new HdbscanOptions(3, 2, EpsilonMeters: 500, AllowSingleCluster: true));
        Assert.All(all.Labels, label => Assert.Equal(0, label));
    }

    [Fact]
    public void Of_two_equal_distances_the_one_between_lower_points_joins_first()
    {
        // Pairs 10 apart: the last of the two equal edges to join, (3, 4), is the first to part. So two pairs stay together for no duration at all.
        var result = Hdbscan.Compute(OnLine(0, 1, 11, 12, 22, 23), new HdbscanOptions(2, 1));
        Assert.Equal([0, 0, 1, 1, 2, 2], result.Labels);
        Assert.All(result.Clusters, cluster => Assert.Equal(10, cluster.BirthMeters));

        // With minPoints 3 the point in the middle, 10 from both rows, has a core distance of 10 and goes with the row that holds the lower point.
        Assert.Equal([0, 0, 0, 1, 1, 1, 0], Hdbscan.Compute(OnLine(0, 1, 2, 22, 23, 24, 12), new HdbscanOptions(3, 3)).Labels);
        Assert.Equal([0, 0, 0, 1, 1, 1, 0], Hdbscan.Compute(OnLine(22, 23, 24, 0, 1, 2, 12), new HdbscanOptions(3, 3)).Labels);
    }

    [Fact]
    public void Distances_that_differ_in_the_last_bit_of_their_squares_are_not_equal()
    {
        // Of the point in the middle the row with lower points is 1e-7 aside: its squared distance is 100 and a bit more, of which the root is 10 again.
        // Found by CsCheck's seed fuwipoIu3AL5, where 0.5 and the root of 0.25 + 3e-17 met; there the definition's own computation compared roots.
        var points = Of([(0, 1e-7), (1, 1e-7), (2, 1e-7), (22, 0), (23, 0), (24, 0), (12, 0)]);
        Assert.Equal(10, Math.Sqrt(10.0 * 10 + 1e-7 * 1e-7));
        Assert.Equal([0, 0, 0, 1, 1, 1, 1], Hdbscan.Compute(points, new HdbscanOptions(3, 2)).Labels);
        // With nothing aside the distances are equal, and the row with lower points has it.
        Assert.Equal([0, 0, 0, 1, 1, 1, 0], Hdbscan.Compute(OnLine(0, 1, 2, 22, 23, 24, 12), new HdbscanOptions(3, 2)).Labels);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        var points = OnLine(0, 1);
        foreach (var options in new HdbscanOptions[]
        {
            new(1), new(double.NaN), new(2, 0), new(2, EpsilonMeters: -1), new(2, EpsilonMeters: double.PositiveInfinity), new(2, FloorMeters: 0), new(0, Weighted: true),
            new(2, Weighted: true, Stability: StabilityRule.RDbscan), new(2, Stability: (StabilityRule)2),
        })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Hdbscan.Compute(points, options));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Hdbscan.Compute(points, new HdbscanOptions(2), maxThreads: 0));
        Assert.Throws<ArgumentException>(() => Hdbscan.Compute(OnLine(0, 1e200), new HdbscanOptions(2)));
        Assert.Throws<OperationCanceledException>(() => Hdbscan.Compute(points, new HdbscanOptions(2), cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Fewer_points_than_a_cluster_or_than_its_neighborhood_are_noise()
    {
        Assert.Empty(Hdbscan.Compute(new Points([], []), new HdbscanOptions(2)).Labels);
        foreach (var options in new HdbscanOptions[] { new(4, 1, AllowSingleCluster: true), new(2, 4, AllowSingleCluster: true) })
        {
            var few = Hdbscan.Compute(OnLine(0, 1, 2), options);
            Assert.Equal([-1, -1, -1], few.Labels);
            Assert.All(few.OutlierScores, score => Assert.True(double.IsNaN(score)));
        }
    }

    [Fact]
    public void A_heap_of_many_reports_at_one_place_costs_no_time()
    {
        // 100,000 at one address are 5 billion pairs.
        var points = Of(Enumerable.Range(0, 101_000).Select(i => i < 100_000 ? (50.0, 50.0) : (i % 37 * 10.0, i % 41 * 10.0)));
        var result = Hdbscan.Compute(points, new HdbscanOptions(5));
        Assert.Single(result.Labels.Take(100_000).Distinct());
        Assert.True(result.Labels[0] >= 0);
    }

    [Fact]
    public void Any_points_are_clustered_as_by_the_definition()
    {
        Gen.Select(Gen.OneOf(LatticePoints, LoosePoints), AnyOptions).Sample((points, options) => AssertSame(HdbscanByDefinition.Compute(points, options), Hdbscan.Compute(Of(points), options)));
    }

    [Fact]
    public void Turning_and_shifting_change_nothing()
    {
        Gen.Select(LatticePoints, AnyOptions).Sample((points, options) => AssertSame(
            Hdbscan.Compute(Of(points), options), Hdbscan.Compute(Of(points.Select(p => (500_000 - p.Y, 4_500_000 + p.X))), options)));
    }

    [Fact]
    public void Where_no_two_distances_are_equal_the_order_of_the_points_changes_nothing()
    {
        // With a neighborhood of two points no core distance is shared by edges to different neighbors.
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 1_000_000], AnyOptions).Sample((count, seed, options) =>
        {
            var random = new Random(seed);
            var points = Enumerable.Range(0, count).Select(_ => (X: 100 * random.NextDouble(), Y: 100 * random.NextDouble())).ToArray();
            options = options with { MinPoints = Math.Min(options.MinPoints!.Value, 2) };
            var result = Hdbscan.Compute(Of(points), options);
            var reversed = Hdbscan.Compute(Of(points.Reverse()), options);
            var numbers = reversed.Labels.Reverse().Where(label => label >= 0).Distinct().ToList();
            AssertSame(result, new HdbscanResult(
                [.. reversed.Labels.Reverse().Select(label => label < 0 ? label : numbers.IndexOf(label))],
                [.. reversed.Probabilities.Reverse()], [.. reversed.OutlierScores.Reverse()], [.. numbers.Select(label => reversed.Clusters[label])]));
        });
    }

    [Fact]
    public void A_weight_of_two_equals_two_copies()
    {
        Gen.Select(LatticePoints, AnyOptions).Sample((points, options) =>
        {
            options = options with { Stability = StabilityRule.Published };
            var weights = points.Select((_, i) => 1.0 + i % 3).ToArray();
            var weighted = Hdbscan.Compute(new Points([.. points.Select(p => p.X)], [.. points.Select(p => p.Y)], weights), options with { Weighted = true });
            var copies = Hdbscan.Compute(Of(points.SelectMany((p, i) => Enumerable.Repeat(p, 1 + i % 3))), options);
            double[] Copied(double[] values) => [.. points.SelectMany((_, i) => Enumerable.Repeat(values[i], 1 + i % 3))];
            AssertSame(copies, new HdbscanResult(
                [.. points.SelectMany((_, i) => Enumerable.Repeat(weighted.Labels[i], 1 + i % 3))], Copied(weighted.Probabilities), Copied(weighted.OutlierScores), weighted.Clusters));
        });
    }

    [Fact]
    public void Weights_that_are_no_whole_numbers_give_the_same_on_any_scale()
    {
        Gen.Select(LatticePoints, AnyOptions).Sample((points, options) =>
        {
            var weights = points.Select((_, i) => 0.1 + i % 7 * 0.3).ToArray();
            HdbscanResult WithScale(double scale) => Hdbscan.Compute(
                new Points([.. points.Select(p => p.X)], [.. points.Select(p => p.Y)], [.. weights.Select(w => w * scale)]),
                options with { Weighted = true, Stability = StabilityRule.Published, MinClusterSize = options.MinClusterSize * scale, MinPoints = options.MinPoints * scale });
            Assert.Equal(WithScale(1).Labels, WithScale(1024).Labels);
        });
    }

    [Fact]
    public void One_thread_and_many_give_the_same_bit_for_bit()
    {
        var points = Of(Enumerable.Range(0, 30_000).Select(i => (Math.Floor(500 * Math.Sin(i) * Math.Sin(i / 7.0)), Math.Floor(500 * Math.Cos(i * 1.7) * Math.Cos(i / 11.0)))));
        var one = Hdbscan.Compute(points, new HdbscanOptions(12, 5));
        Assert.True(one.Clusters.Length > 1);
        for (var threads = 2; threads <= 5; threads++)
        {
            var many = Hdbscan.Compute(points, new HdbscanOptions(12, 5), threads);
            Assert.Equal(one.Labels, many.Labels);
            Assert.Equal(one.Probabilities, many.Probabilities);
            Assert.Equal(one.OutlierScores, many.OutlierScores);
            Assert.Equal(one.Clusters, many.Clusters);
        }
    }

    private static void AssertSame(HdbscanResult expected, HdbscanResult actual)
    {
        Assert.Equal(expected.Labels, actual.Labels);
        for (var i = 0; i < expected.Labels.Length; i++)
        {
            Golden.AssertClose(expected.Probabilities[i], actual.Probabilities[i], 1e-12, 0, $"probability of {i}");
            Golden.AssertClose(expected.OutlierScores[i], actual.OutlierScores[i], 1e-12, 1e-12, $"score of {i}");
        }
        Assert.Equal(expected.Clusters.Length, actual.Clusters.Length);
        foreach (var (first, second) in expected.Clusters.Zip(actual.Clusters))
        {
            Assert.Equal(first.Weight, second.Weight);
            Golden.AssertClose(first.BirthMeters, second.BirthMeters, 1e-12);
            Golden.AssertClose(first.Stability, second.Stability, 1e-9, 1e-12);
        }
    }

    private static Points PointsOf(string name)
    {
        var table = Golden.Table(name, "points.csv");
        return new Points(table.Numbers("x"), table.Numbers("y"));
    }

    private static Points OnLine(params double[] x) => new(x, new double[x.Length]);

    private static Points Of(IEnumerable<(double X, double Y)> points) => DbscanTests.Of(points);
}
