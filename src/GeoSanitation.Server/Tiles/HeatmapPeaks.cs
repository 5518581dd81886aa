using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>The highest densities, each worked out once for a snapshot, zoom and style; they go with the snapshot.</summary>
internal sealed class HeatmapPeaks
{
    private readonly ConditionalWeakTable<PointSnapshot, ConcurrentDictionary<(int Zoom, HeatmapStyle Style), Lazy<double>>> _known = [];

    internal double Of(PointSnapshot points, int zoom, HeatmapStyle style)
        => _known.GetOrCreateValue(points).GetOrAdd((zoom, style), _ => new Lazy<double>(() => Heatmap.Peak(points, zoom, style))).Value;
}
