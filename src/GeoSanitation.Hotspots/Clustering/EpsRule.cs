using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Clustering;

/// <summary>A neighborhood radius for DBSCAN from the data.</summary>
public static class EpsRule
{
    private const int MaxSample = 10_000;

    /// <summary>Chooses eps at the knee of the k-distance curve (Ester and others 1996, section 4.2).</summary>
    /// <param name="points">Points, meters.</param>
    /// <param name="minPoints">The minPoints that DBSCAN will be run with, &gt;= 1: distances are taken to the nearest point that would complete it.</param>
    /// <param name="floorMeters">Smallest eps to return, &gt; 0: data snapped to a lattice or to one address have k-distances of zero.</param>
    /// <returns>The eps and its reason.</returns>
    /// <remarks>The distances, of at most 10,000 points spread evenly over the input, are sorted; the knee is the point of the curve, up to its 98th percentile,
    /// that lies farthest below the straight line between the ends (Satopaa and others 2011 call this Kneedle). Outliers beyond would move the line.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">minPoints &lt; 1, or floorMeters is not a positive number.</exception>
    public static Choice ChooseEps(Points points, int minPoints, double floorMeters)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(minPoints, 1);
        if (!(floorMeters > 0 && double.IsFinite(floorMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(floorMeters), floorMeters, "floorMeters must be a positive number.");
        }
        var others = Math.Max(minPoints - 1, 1);
        if (points.Count <= others)
        {
            return new Choice(floorMeters, "floor", $"{points.Count} points are too few for distances to the {others}-th neighbor.");
        }
        var tree = new KdTree(points.XMeters, points.YMeters);
        var curve = new double[Math.Min(points.Count, MaxSample)];
        var squared = new double[others];
        var indices = new int[others];
        for (var s = 0; s < curve.Length; s++)
        {
            var i = (int)((long)s * points.Count / curve.Length);
            tree.Nearest(points.XMeters[i], points.YMeters[i], squared, indices, except: i);
            curve[s] = Math.Sqrt(squared[others - 1]);
        }
        Array.Sort(curve);
        var last = (int)(0.98 * (curve.Length - 1));
        var (knee, deepest) = (last, 0.0);
        for (var s = 0; s <= last; s++)
        {
            var depth = curve[0] + (curve[last] - curve[0]) * s / Math.Max(last, 1) - curve[s];
            if (depth > deepest)
            {
                (knee, deepest) = (s, depth);
            }
        }
        return curve[knee] >= floorMeters
            ? new Choice(curve[knee], "k-distance-knee", $"Knee of the sorted distances of {curve.Length} points to their {others}-th neighbor.")
            : new Choice(floorMeters, "floor", $"The knee of the distances to the {others}-th neighbor is {curve[knee]:0.##} m, below the smallest allowed.");
    }
}
