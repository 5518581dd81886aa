using GeoSanitation.Hotspots.Weights;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Weights;

public class SpatialWeightsTests
{
    [Fact]
    public void Neighbor_lists_are_sorted_and_cleaned()
    {
        var weights = SpatialWeights.FromNeighborLists([[2, 1, 1, 0], [], [0]]);
        Assert.Equal([1, 2], weights.NeighborsOf(0).ToArray());
        Assert.Equal(3, weights.LinkCount);
        Assert.Equal(1, weights.IsolatedCount);
        Assert.True(weights.IsBinary);
        Assert.True(weights.WeightsOf(0).IsEmpty);
    }

    [Fact]
    public void Row_standardized_weights_sum_to_one_and_an_isolated_unit_keeps_none()
    {
        var weights = SpatialWeights.FromNeighborLists([[1, 2], [0], [], []]).RowStandardized();
        Assert.Equal([0.5, 0.5], weights.WeightsOf(0).ToArray());
        Assert.Equal([1.0], weights.WeightsOf(1).ToArray());
        Assert.Empty(weights.WeightsOf(3).ToArray());
        Assert.Equal([0.25, 0.75], new SpatialWeights([0, 2, 2, 2], [1, 2], [1, 3]).RowStandardized().WeightsOf(0).ToArray());
    }

    [Fact]
    public void Matrices_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SpatialWeights([], []));
        Assert.Throws<ArgumentException>(() => new SpatialWeights([0, 1], [0]));
        Assert.Throws<ArgumentException>(() => new SpatialWeights([0, 1, 1], [2]));
        Assert.Throws<ArgumentException>(() => new SpatialWeights([0, 2, 2, 2], [2, 1]));
        Assert.Throws<ArgumentException>(() => new SpatialWeights([0, 1, 1], [1], [double.NaN]));
        Assert.Throws<ArgumentException>(() => new SpatialWeights([0, 1, 1], [1], []));
    }
}
