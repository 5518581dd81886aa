using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>Issues near each other as one point, in 12 bytes.</summary>
/// <param name="X">Their mean place, parts of 2^32 of the web map's square from the west.</param>
/// <param name="Y">The same from the north.</param>
/// <param name="Weight">Their weight together.</param>
internal readonly record struct HeatmapCell(uint X, uint Y, float Weight)
{
    /// <summary>Units of <see cref="X"/> and <see cref="Y"/> in the square.</summary>
    internal const double World = 1L << 32;
}

/// <summary>The issues of a heatmap, those of a square much smaller than its kernel put together: a busy tile has far more issues than such squares.</summary>
internal sealed class HeatmapCells
{
    /// <summary>Squares of which the world's side has 2^31: each issue by itself, but for those at one place.</summary>
    private const int Finest = QuadOrder.AxisBits;

    /// <summary>From here on squares hold hardly more than one issue, and the finest serve all zooms.</summary>
    private const int LastCoarse = 22;

    // Issues of a square at their mean place lack the spread within it: 1 / 12 of the square's area, here at most 1 / 300 of the kernel's variance.
    private const double SquaresPerDeviation = 5;

    private readonly HeatmapCell[] _cells;

    /// <summary>Puts the issues together.</summary>
    /// <param name="points">The issues.</param>
    /// <param name="level">From <see cref="LevelFor"/>.</param>
    /// <param name="style">Which issues, and what each weighs.</param>
    internal HeatmapCells(PointSnapshot points, int level, HeatmapStyle style)
    {
        var cells = new List<HeatmapCell>();
        var shift = 2 * (Finest - level);
        var (key, x, y, weight) = (-1L, 0.0, 0.0, 0.0);
        foreach (var (chunk, rows) in points.Chosen.Parts)
        {
            foreach (var i in rows.Span)
            {
                if (!style.Shows(chunk, i))
                {
                    continue;
                }
                var (atX, atY) = (chunk.MercatorX(i), chunk.MercatorY[i]);
                var its = QuadOrder.KeyOf(atX, atY) >> shift;
                if (its != key)
                {
                    Flush();
                    (key, x, y, weight) = (its, 0, 0, 0);
                }
                var w = style.WeightOf(chunk, i);
                (x, y, weight) = (x + w * Math.Floor(atX * HeatmapCell.World), y + w * Math.Floor(atY * HeatmapCell.World), weight + w);
            }
        }
        Flush();
        _cells = [.. cells];

        void Flush()
        {
            if (weight > 0)
            {
                cells.Add(new HeatmapCell((uint)(x / weight), (uint)(y / weight), (float)weight));
            }
        }
    }

    /// <summary>All of them, quarter by quarter.</summary>
    internal ReadOnlyMemory<HeatmapCell> All => _cells;

    /// <summary>How small the squares are for a kernel.</summary>
    /// <returns>n, where the world's side has 2^n of them.</returns>
    internal static int LevelFor(int zoom, double sdPixels)
    {
        var level = zoom + (int)Math.Ceiling(Math.Log2(Heatmap.TilePixels * SquaresPerDeviation / sdPixels));
        return level > LastCoarse ? Finest : Math.Max(level, 0);
    }

    /// <summary>Those in a square of the web map that is no smaller than a cell.</summary>
    /// <param name="zoom">Zoom of the square.</param>
    /// <param name="x">Its column from the west.</param>
    /// <param name="y">Its row from the north.</param>
    internal ReadOnlyMemory<HeatmapCell> InSquare(int zoom, int x, int y)
    {
        var (first, end) = QuadOrder.KeysOf(zoom, x, y);
        return _cells.AsMemory(FirstAt(first)..FirstAt(end));

        int FirstAt(long key) => QuadOrder.FirstAt(_cells.Length, key, i => QuadOrder.KeyOf(_cells[i].X >> 1, _cells[i].Y >> 1));
    }
}
