using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Weights;

/// <summary>Neighbors are all units within a distance.</summary>
public static class DistanceBand
{
    // Centers of a lattice stand a rounding error more or less apart than they should.
    private const double RelativeTolerance = 1e-9;

    /// <summary>Binary weights: j is a neighbor of i when their distance is at most the band (1 + 1e-9).</summary>
    /// <param name="centers">n units, meters; units at the same place are neighbors.</param>
    /// <param name="bandMeters">Greatest distance, meters, &gt; 0.</param>
    /// <param name="maxLinks">Most pairs that may be stored (4 bytes each).</param>
    /// <exception cref="ArgumentOutOfRangeException">bandMeters is not a positive number or less than a billionth of the extent, or there would be more than maxLinks pairs.</exception>
    public static SpatialWeights Build(Points centers, double bandMeters, int maxLinks = 100_000_000)
    {
        ArgumentNullException.ThrowIfNull(centers);
        if (!(bandMeters > 0 && double.IsFinite(bandMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(bandMeters), bandMeters, "bandMeters must be a positive number.");
        }
        var (minX, minY, maxX, maxY) = centers.Bounds();
        if (bandMeters < 1e-9 * Math.Max(maxX - minX, maxY - minY))
        {
            throw new ArgumentOutOfRangeException(nameof(bandMeters), bandMeters, "bandMeters must be at least a billionth of the extent.");
        }
        var reachMeters = bandMeters * (1 + RelativeTolerance);
        var grid = new GridIndex(centers.XMeters, centers.YMeters, reachMeters * (1 + 1e-6), reach: 1);
        var starts = new int[centers.Count + 1];
        long links = 0;
        ForEachPair(grid, reachMeters * reachMeters, (i, _) =>
        {
            starts[i + 1]++;
            if (++links > maxLinks)
            {
                throw new ArgumentOutOfRangeException(nameof(bandMeters), bandMeters, $"The band makes more than {maxLinks} pairs of neighbors.");
            }
        });
        for (var i = 0; i < centers.Count; i++)
        {
            starts[i + 1] += starts[i];
        }
        var neighbors = new int[starts[^1]];
        var next = starts.AsSpan(0, centers.Count).ToArray();
        ForEachPair(grid, reachMeters * reachMeters, (i, j) => neighbors[next[i]++] = j);
        for (var i = 0; i < centers.Count; i++)
        {
            neighbors.AsSpan(starts[i], starts[i + 1] - starts[i]).Sort();
        }
        return new SpatialWeights(starts, neighbors);
    }

    /// <summary>Calls back for every ordered pair of different points within reach; the grid has cells no smaller than the reach.</summary>
    internal static void ForEachPair(GridIndex grid, double reachSquared, Action<int, int> found)
    {
        Span<int> pointer = stackalloc int[3];
        pointer.Clear();
        for (var cell = 0; cell < grid.CellCount; cell++)
        {
            for (var r = 0; r < 3; r++)
            {
                var lowest = grid.Keys[cell] + (r - 1) * grid.Stride - 1;
                while (pointer[r] < grid.CellCount && grid.Keys[pointer[r]] < lowest)
                {
                    pointer[r]++;
                }
                var end = pointer[r];
                while (end < grid.CellCount && grid.Keys[end] <= lowest + 2)
                {
                    end++;
                }
                for (var k = grid.Starts[cell]; k < grid.Starts[cell + 1]; k++)
                {
                    for (var j = grid.Starts[pointer[r]]; j < grid.Starts[end]; j++)
                    {
                        var dx = grid.X[j] - grid.X[k];
                        var dy = grid.Y[j] - grid.Y[k];
                        if (j != k && dx * dx + dy * dy <= reachSquared)
                        {
                            found(grid.Order[k], grid.Order[j]);
                        }
                    }
                }
            }
        }
    }
}
