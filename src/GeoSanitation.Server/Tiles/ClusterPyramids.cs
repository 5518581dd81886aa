using System.Runtime.CompilerServices;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>The clusters of snapshots, each worked out once; they go with the snapshot.</summary>
internal sealed class ClusterPyramids
{
    private readonly ConditionalWeakTable<PointSnapshot, Lazy<ClusterPyramid>> _known = [];

    internal ClusterPyramid Of(PointSnapshot points)
        => _known.GetValue(points, p => new Lazy<ClusterPyramid>(() => new ClusterPyramid(p.Chosen))).Value;
}
