using CsCheck;
using GeoSanitation.Hotspots.Weights;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Weights;

public class NearestNeighborsTests
{
    [Fact]
    public void Neighbors_are_the_k_nearest_equally_near_ones_in_input_order()
    {
        Gen.Select(Gen.Select(Gen.Int[0, 15], Gen.Int[0, 15]).Array[0, 120], Gen.Int[1, 8]).Sample((places, k) =>
        {
            var weights = NearestNeighbors.Build(new Points([.. places.Select(p => (double)p.Item1)], [.. places.Select(p => (double)p.Item2)]), k);
            for (var i = 0; i < places.Length; i++)
            {
                var expected = Enumerable.Range(0, places.Length).Where(j => j != i)
                    .OrderBy(j => (places[i].Item1 - places[j].Item1) * (places[i].Item1 - places[j].Item1) + (places[i].Item2 - places[j].Item2) * (places[i].Item2 - places[j].Item2))
                    .ThenBy(j => j).Take(k).Order();
                Assert.Equal(expected, weights.NeighborsOf(i).ToArray());
            }
        });
    }

    [Fact]
    public void A_k_below_one_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => NearestNeighbors.Build(new Points([0], [0]), 0));
}
