using System.Buffers;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Density;

namespace GeoSanitation.Server.Tiles;

/// <summary>The points whose kernels reach into a box, in pixels from its lower left corner; in rented memory, as to touch new memory would take as long as to draw them.</summary>
internal readonly struct NearPoints : IDisposable
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _weight;

    /// <summary>Finds them.</summary>
    /// <param name="cells">Points along the curve, all that may reach into it.</param>
    /// <param name="world">Pixels of the web map's side.</param>
    /// <param name="west">West of the box, pixels from the west of the web map.</param>
    /// <param name="south">South of the box, pixels from the north of the web map.</param>
    /// <param name="width">Width of the box, pixels.</param>
    /// <param name="height">Its height.</param>
    /// <param name="reach">How far a kernel reaches, pixels.</param>
    internal NearPoints(IReadOnlyList<ReadOnlyMemory<HeatmapCell>> cells, double world, double west, double south, double width, double height, double reach)
    {
        var most = cells.Sum(part => part.Length);
        (_x, _y, _weight) = (ArrayPool<double>.Shared.Rent(most), ArrayPool<double>.Shared.Rent(most), ArrayPool<double>.Shared.Rent(most));
        var pixelsPerUnit = world / HeatmapCell.World;
        var (right, top, n) = (width + reach, height + reach, 0);
        foreach (var part in cells)
        {
            foreach (ref readonly var cell in part.Span)
            {
                var (x, y) = (cell.X * pixelsPerUnit - west, south - cell.Y * pixelsPerUnit);
                (_x[n], _y[n], _weight[n]) = (x, y, cell.Weight);
                n += x >= -reach & x <= right & y >= -reach & y <= top ? 1 : 0;
            }
        }
        Count = n;
    }

    /// <summary>How many they are.</summary>
    internal int Count { get; }

    /// <summary>The points, until they are disposed of.</summary>
    internal LentPoints Lent => new(_x.AsSpan(0, Count), _y.AsSpan(0, Count), _weight.AsSpan(0, Count));

    /// <summary>The points in memory of their own.</summary>
    internal Points ToPoints() => new(_x[..Count], _y[..Count], _weight[..Count]);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_x);
        ArrayPool<double>.Shared.Return(_y);
        ArrayPool<double>.Shared.Return(_weight);
    }
}
