using CsCheck;
using GeoSanitation.Hotspots.Emerging;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Emerging;

public class EmergingHotspotsTests
{
    [Fact]
    public void A_rate_is_a_value_per_unit_of_its_place_in_every_step()
    {
        var cube = new SpaceTimeCube(2, 3, [1, 2, 3, 4, 6, 0]);
        Assert.Equal([2.0, 4, 6, 2, 3, 0], cube.Per([0.5, 2]).Values.ToArray());
        Assert.Throws<ArgumentException>(() => cube.Per([1]));
        Assert.Throws<ArgumentException>(() => cube.Per([1, 0]));
    }

    [GoldenFact("ehsa/ehsa_cube")]
    public void A_whole_cube_equals_spdep_bin_by_bin_and_the_reference_place_by_place()
    {
        var parameters = Golden.Case("ehsa/ehsa_cube");
        var table = Golden.Table("ehsa/ehsa_cube", "cube.csv");
        var (cell, t, x, y, count) = (table.Whole("cell"), table.Whole("t"), table.Numbers("x"), table.Numbers("y"), table.Numbers("count"));
        var (locations, steps) = (cell.Max() + 1, t.Max() + 1);
        var (values, centerX, centerY) = (new double[locations * steps], new double[locations], new double[locations]);
        for (var i = 0; i < table.Count; i++)
        {
            values[cell[i] * steps + t[i]] = count[i];
            (centerX[cell[i]], centerY[cell[i]]) = (x[i], y[i]);
        }
        var weights = DistanceBand.Build(new Points(centerX, centerY), parameters.GetProperty("band_m").GetDouble());
        var result = EmergingHotspots.Analyze(new SpaceTimeCube(locations, steps, values), weights, parameters.GetProperty("time_steps_back").GetInt32());
        Golden.AssertClose(parameters.GetProperty("global_mean").GetDouble(), result.Mean, 1e-12);
        Golden.AssertClose(parameters.GetProperty("global_S").GetDouble(), result.Deviation, 1e-12);

        var bins = Golden.Table("ehsa/ehsa_cube", "expected_bins.csv");
        var (z, p, q, withFdr, withoutFdr) = (bins.Numbers("gi_z"), bins.Numbers("p"), bins.Numbers("p_bh"), bins.Whole("bin_fdr"), bins.Whole("bin_no_fdr"));
        Assert.Equal(values.Length, bins.Count);
        for (var i = 0; i < bins.Count; i++)
        {
            var bin = bins.Whole("cell")[i] * steps + bins.Whole("t")[i];
            Golden.AssertClose(z[i], result.Z[bin], 1e-9, 1e-12);
            Golden.AssertClose(p[i], result.P[bin], 1e-9);
            Golden.AssertClose(q[i], result.Q[bin], 1e-9);
            Assert.Equal(withFdr[i], HotspotClass.Of(result.Z[bin], result.Q[bin]));
            Assert.Equal(withoutFdr[i], HotspotClass.Of(result.Z[bin], result.P[bin]));
        }

        var cells = Golden.Table("ehsa/ehsa_cube", "expected_cells.csv");
        Assert.Equal(locations, cells.Count);
        for (var i = 0; i < cells.Count; i++)
        {
            var place = result.Places[i];
            Assert.Equal(cells.Numbers("mk_S")[i], place.Trend.S);
            Golden.AssertClose(cells.Numbers("mk_z")[i], place.Trend.Z, 1e-9);
            Golden.AssertClose(cells.Numbers("mk_p")[i], place.Trend.P, 1e-9);
            Assert.Equal(cells.Whole("trend")[i], place.Trend.Trend(0.10));
            Assert.Equal(cells.Numbers("count_mk_S")[i], place.ValueTrend.S);
            Golden.AssertClose(cells.Numbers("count_mk_p")[i], place.ValueTrend.P, 1e-9);
            Assert.Equal((cells.Whole("hot_steps")[i], cells.Whole("cold_steps")[i]), (place.HotSteps, place.ColdSteps));
            Assert.Equal(cells.Text("category")[i], Patterns.Name(place.Pattern));
        }
    }

    [Fact]
    public void A_cube_of_one_step_is_plain_gi_star()
    {
        double[] values = [1, 5, 2, 8, 3, 3];
        var weights = SpatialWeights.FromNeighborLists([[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]);
        var gi = GiStar.Compute(values, weights);
        var cube = EmergingHotspots.Analyze(new SpaceTimeCube(6, 1, values), weights);
        for (var i = 0; i < 6; i++)
        {
            Golden.AssertClose(gi.Z[i], cube.Z[i], 1e-12);
        }
    }

    [Fact]
    public void Points_are_counted_in_half_open_steps()
    {
        var points = new Points([0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], weight: [1, 1, 1, 3, 1, 1], timeDays: [0, 9.99, 10, 15, 20, -0.01]);
        var cube = SpaceTimeCube.Count(points, [0, 0, 0, 1, 1, 1], 2, [0, 10, 20]);
        Assert.Equal([2, 1, 0, 3], cube.Values.ToArray());
        Assert.Equal([0, 3], cube.SeriesOf(1).ToArray());
        Assert.Equal(0, SpaceTimeCube.Count(points, [-1, -1, -1, -1, -1, -1], 2, [0, 10]).Values.ToArray().Sum());
    }

    [Fact]
    public void A_cube_of_equal_values_has_no_patterns()
    {
        var result = EmergingHotspots.Analyze(new SpaceTimeCube(3, 12, [.. Enumerable.Repeat(2.0, 36)]), SpatialWeights.FromNeighborLists([[1], [0], []]));
        Assert.All(result.Z, z => Assert.True(double.IsNaN(z)));
        Assert.All(result.Places, place => Assert.Equal(Pattern.None, place.Pattern));
        Assert.Empty(EmergingHotspots.Analyze(new SpaceTimeCube(0, 12, []), SpatialWeights.FromNeighborLists([])).Places);
    }

    [Fact]
    public void Trends_are_those_of_the_rounded_scores_and_of_the_values_counts_or_not()
    {
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 26], Gen.Int[0, 3], Gen.OneOf(Gen.Const(1.0), Gen.Const(1.0 / 3), Gen.Const(-1e13)), Gen.Int[0, 6].Array[12 * 26]).Sample((places, steps, stepsBack, unit, counts) =>
        {
            var values = counts.Take(places * steps).Select(c => c * unit).ToArray();
            var weights = SpatialWeights.FromNeighborLists([.. Enumerable.Range(0, places).Select(i => new[] { i / 2 })]);
            var result = EmergingHotspots.Analyze(new SpaceTimeCube(places, steps, values), weights, stepsBack);
            for (var l = 0; l < places; l++)
            {
                var scores = result.Z.AsSpan(l * steps, steps).ToArray();
                var rounded = scores.Any(double.IsNaN) ? [] : scores.Select(z => Math.Round(z, 12)).ToArray();
                // Scores that are equal on paper, but for the last bits, may lie on both sides of where rounding changes: the exact ranking ties them, this one does not.
                if (CountNearTies(scores) is > 0 and var nearTies)
                {
                    Assert.InRange(result.Places[l].Trend.S - MannKendall.Test(rounded).S, -nearTies, nearTies);
                }
                else
                {
                    Assert.Equal(MannKendall.Test(rounded), result.Places[l].Trend);
                }
                Assert.Equal(MannKendall.Test(values.AsSpan(l * steps, steps)), result.Places[l].ValueTrend);
                var classes = Enumerable.Range(l * steps, steps).Select(i => HotspotClass.Of(result.Z[i], result.Q[i])).ToArray();
                Assert.Equal(Patterns.Classify(classes, result.Places[l].Trend.Trend(0.10)), result.Places[l].Pattern);
                Assert.Equal((classes.Count(c => c > 0), classes.Count(c => c < 0)), (result.Places[l].HotSteps, result.Places[l].ColdSteps));
            }
        });
    }

    /// <summary>Pairs of scores that differ, but by no more than rounding to twelve digits can hide.</summary>
    internal static int CountNearTies(ReadOnlySpan<double> scores)
    {
        var pairs = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                pairs += scores[i] != scores[j] && Math.Abs(scores[i] - scores[j]) <= 2e-12 ? 1 : 0;
            }
        }
        return pairs;
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        var cube = new SpaceTimeCube(1, 2, [1, 2]);
        var weights = SpatialWeights.FromNeighborLists([[]]);
        Assert.Throws<ArgumentException>(() => new SpaceTimeCube(2, 2, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpaceTimeCube(2, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmergingHotspots.Analyze(cube, weights, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmergingHotspots.Analyze(cube, weights, 1, 0));
        Assert.Throws<ArgumentException>(() => EmergingHotspots.Analyze(cube, SpatialWeights.FromNeighborLists([[], []])));
        Assert.Throws<ArgumentException>(() => SpaceTimeCube.Count(new Points([0], [0]), [0], 1, [0, 1]));
        Assert.Throws<ArgumentException>(() => SpaceTimeCube.Count(new Points([0], [0], timeDays: [0]), [1], 1, [0, 1]));
        Assert.Throws<ArgumentException>(() => SpaceTimeCube.Count(new Points([0], [0], timeDays: [0]), [0], 1, [1, 1]));
    }
}
