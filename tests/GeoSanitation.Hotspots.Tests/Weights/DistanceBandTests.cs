using CsCheck;
using GeoSanitation.Hotspots.Weights;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Weights;

public class DistanceBandTests
{
    [Fact]
    public void Neighbors_are_those_within_the_band_and_a_rounding_error_more()
    {
        Gen.Select(Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20]).Array[0, 60], Gen.Double[0.5, 8]).Sample((places, band) =>
        {
            var weights = DistanceBand.Build(new Points([.. places.Select(p => (double)p.Item1)], [.. places.Select(p => (double)p.Item2)]), band);
            for (var i = 0; i < places.Length; i++)
            {
                var expected = Enumerable.Range(0, places.Length)
                    .Where(j => j != i && double.Hypot(places[i].Item1 - places[j].Item1, places[i].Item2 - places[j].Item2) <= band);
                Assert.Equal(expected, weights.NeighborsOf(i).ToArray());
            }
        });
        Assert.Equal(2, DistanceBand.Build(new Points([0, 0.1 + 0.2], [0, 0]), 0.3).LinkCount);
    }

    [Fact]
    public void Bad_bands_and_too_many_links_are_refused()
    {
        var points = new Points([0, 0, 0], [0, 0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => DistanceBand.Build(points, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DistanceBand.Build(points, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => DistanceBand.Build(points, 1, maxLinks: 5));
        Assert.Equal(6, DistanceBand.Build(points, 1, maxLinks: 6).LinkCount);
        Assert.Equal(0, DistanceBand.Build(new Points([], []), 1).Count);
    }
}
