using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Hotspots.Tests.LocalStatistics;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Significance;

public class ConditionalPermutationTests
{
    private const int Replications = 9_999;

    [SharedTheory("golden/manifest.json")]
    [GoldenCases("gistar/", WithColumn = "perm_p_folded_strict")]
    [GoldenCases("localmoran/", WithColumn = "perm_p_folded_strict")]
    public void Pseudo_p_equals_the_golden_one_but_for_chance(string name)
    {
        var expected = Golden.Table(name, "expected.csv").Numbers("perm_p_folded_strict");
        var (values, _, _) = GiStarTests.Units(name, Golden.Case(name));
        var pairs = Golden.Table(name, "neighbours.csv");
        var weights = GiStarTests.FromPairs(values.Length, pairs.Whole("i"), pairs.Whole("j"));

        var counts = ConditionalPermutation.Count(values, weights, Replications, seed: 1, threads: 2);
        var p = name.StartsWith("gistar/", StringComparison.Ordinal) ? GiStar.Compute(values, weights).WithP(counts).P : LocalMoran.Compute(values, weights).WithP(counts).P;

        for (var i = 0; i < p.Length; i++)
        {
            if (double.IsNaN(expected[i]))
            {
                Assert.True(double.IsNaN(p[i]), $"p of {i}");
                continue;
            }
            // The tolerance of golden/README.md.
            var chance = 5 * Math.Sqrt(expected[i] * (1 - expected[i]) * (1.0 / 9_999 + 1.0 / Replications)) + 2.0 / (Replications + 1);
            Assert.InRange(p[i], expected[i] - chance, expected[i] + chance);
        }
    }

    [Fact]
    public void Shares_are_those_of_all_pairs_that_could_be_drawn()
    {
        // Unit 0 keeps its 9; of the ten pairs out of 1 2 3 4 5 one is 9 and none is more, three are at most 5.
        var weights = SpatialWeights.FromNeighborLists([[4, 5], [2], [], [], [], []]);
        double[] values = [9, 1, 2, 3, 4, 5];
        var counts = ConditionalPermutation.Count(values, weights, 100_000 - 1, seed: 7);

        Assert.InRange(counts.AtLeast[0] / 100_000.0, 0.095, 0.105);
        Assert.Equal(99_999, counts.AtMost[0]);
        // Unit 1 keeps its 1; its neighbor is 2 in one of five cases, and never less.
        Assert.Equal(99_999, counts.AtLeast[1]);
        Assert.InRange(counts.AtMost[1] / 100_000.0, 0.19, 0.21);
        Assert.True(double.IsNaN(counts.FoldedP()[2]));
        Assert.Equal((counts.AtLeast[0] + 1) / 100_000.0, counts.FoldedP()[0]);
    }

    [Fact]
    public void Neither_threads_nor_the_way_neighbors_are_held_change_a_count()
    {
        var random = new Random(3);
        GridCell[] cells = [.. Enumerable.Range(0, 30).SelectMany(row => Enumerable.Range(0, 30).Select(column => new GridCell(column, row)))];
        double[] values = [.. cells.Select(_ => (double)random.Next(6))];
        var grid = new SquareGrid(100);
        var centers = cells.Select(grid.Center).ToArray();
        var listed = DistanceBand.Build(new Points([.. centers.Select(c => c.XMeters)], [.. centers.Select(c => c.YMeters)]), 250);

        var one = ConditionalPermutation.Count(values, listed, 200, seed: 5);
        var two = ConditionalPermutation.Count(values, listed, 200, seed: 5, threads: 3);
        var band = ConditionalPermutation.Count(values, new GridBand(grid, cells, 250), 200, seed: 5, threads: 2);
        var other = ConditionalPermutation.Count(values, listed, 200, seed: 6);

        Assert.Equal(one.AtLeast, two.AtLeast);
        Assert.Equal(one.AtMost, two.AtMost);
        Assert.Equal(one.AtLeast, band.AtLeast);
        Assert.Equal(one.AtMost, band.AtMost);
        Assert.NotEqual(one.AtLeast, other.AtLeast);
    }

    [Fact]
    public void Bad_arguments_and_cancelling_are_told()
    {
        var weights = SpatialWeights.FromNeighborLists([[1], [0]]);
        Assert.Throws<ArgumentException>(() => ConditionalPermutation.Count([1], weights, 9, 1));
        Assert.Throws<ArgumentException>(() => ConditionalPermutation.Count([1, double.NaN], weights, 9, 1));
        Assert.Throws<ArgumentException>(() => ConditionalPermutation.Count([1, 2], weights.RowStandardized(), 9, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConditionalPermutation.Count([1, 2], weights, 0, 1));
        Assert.ThrowsAny<OperationCanceledException>(() => ConditionalPermutation.Count([1, 2], weights, 9, 1, cancellation: new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentException>(() => GiStar.Compute([1, 2, 3], SpatialWeights.FromNeighborLists([[1], [0], []])).WithP(ConditionalPermutation.Count([1, 2], weights, 9, 1)));
    }
}
