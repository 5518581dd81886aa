using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Weights;

/// <summary>Neighbors are the k nearest units.</summary>
public static class NearestNeighbors
{
    /// <summary>Binary weights: the k nearest other units, equally near ones in input order. Not symmetric.</summary>
    /// <param name="centers">n units, meters.</param>
    /// <param name="k">Neighbors of each unit, &gt;= 1; all others when there are fewer.</param>
    /// <exception cref="ArgumentOutOfRangeException">k &lt; 1.</exception>
    public static SpatialWeights Build(Points centers, int k)
    {
        ArgumentNullException.ThrowIfNull(centers);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var n = centers.Count;
        var each = Math.Max(Math.Min(k, n - 1), 0);
        var tree = new KdTree(centers.XMeters, centers.YMeters);
        var starts = new int[n + 1];
        var neighbors = new int[checked(n * each)];
        var distances = new double[each];
        for (var i = 0; i < n && each > 0; i++)
        {
            var row = neighbors.AsSpan(i * each, each);
            tree.Nearest(centers.XMeters[i], centers.YMeters[i], distances, row, except: i);
            row.Sort();
            starts[i + 1] = (i + 1) * each;
        }
        return new SpatialWeights(starts, neighbors);
    }
}
