using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>What all pictures of a zoom are drawn from.</summary>
/// <param name="Cells">The issues that are shown.</param>
/// <param name="Zoom">Zoom.</param>
/// <param name="SdPixels">Standard deviation of the Gaussian kernel, pixels of a tile that is 256 pixels wide.</param>
/// <param name="Peak">Highest density over all issues, weight per square pixel; 0 without issues.</param>
internal sealed record HeatmapSurface(HeatmapCells Cells, int Zoom, double SdPixels, double Peak);

/// <summary>Cells and peaks, each worked out once for a snapshot; they go with it.</summary>
internal sealed class HeatmapSurfaces
{
    private readonly ConditionalWeakTable<PointSnapshot, Known> _known = [];

    internal HeatmapSurface Of(PointSnapshot points, int zoom, HeatmapStyle style)
    {
        var known = _known.GetOrCreateValue(points);
        return known.Surfaces.GetOrAdd((zoom, style), _ => new(() =>
        {
            var level = HeatmapCells.LevelFor(zoom, style.SdPixels);
            var cells = known.Cells.GetOrAdd((level, style.BySeverity, style.DefaultPoints), _ => new(() => new HeatmapCells(points, level, style))).Value;
            return new HeatmapSurface(cells, zoom, style.SdPixels, Heatmap.Peak(cells, zoom, style.SdPixels));
        })).Value;
    }

    private sealed class Known
    {
        internal ConcurrentDictionary<(int Zoom, HeatmapStyle Style), Lazy<HeatmapSurface>> Surfaces { get; } = [];

        internal ConcurrentDictionary<(int Level, bool BySeverity, bool DefaultPoints), Lazy<HeatmapCells>> Cells { get; } = [];
    }
}
