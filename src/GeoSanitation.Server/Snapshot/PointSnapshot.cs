using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Snapshot;

/// <summary>One immutable version of the points of a filter, with what is worked out of them once.</summary>
internal sealed class PointSnapshot
{
    // Positions on each axis, of which a tile's x and y are the leading bits.
    private const int AxisBits = 31;

    private readonly Lazy<QuadOrder> _order;

    internal PointSnapshot(IssuePoints issues)
    {
        Issues = issues;
        var (x, y) = (new double[issues.Count], new double[issues.Count]);
        for (var i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = WebMercator.FromLonLat(issues.LonDegrees[i], issues.LatDegrees[i]);
            Bounds.ExpandToInclude(issues.LonDegrees[i], issues.LatDegrees[i]);
        }
        (MercatorX, MercatorY) = (x, y);
        _order = new(() => new QuadOrder(x, y));
    }

    /// <summary>The columns, by id.</summary>
    internal IssuePoints Issues { get; }

    /// <summary>Inspection rounds: when and where somebody looked.</summary>
    internal IReadOnlyList<Round> Rounds { get; init; } = [];

    /// <summary>Lon/lat box around the points, degrees; null (in the sense of the envelope) when there is none.</summary>
    internal Envelope Bounds { get; } = new();

    /// <summary>Latitude in the middle of <see cref="Bounds"/>, degrees; 0 when there is no point.</summary>
    internal double MiddleLatDegrees => Bounds.Centre?.Y ?? 0;

    /// <summary>Fractions of the web map's square, from the west.</summary>
    internal double[] MercatorX { get; }

    /// <summary>Fractions of the web map's square, from the north.</summary>
    internal double[] MercatorY { get; }

    /// <summary>The issues whose place lies in a square of the web map, quarter by quarter: those of any smaller square of it are neighbors.</summary>
    /// <param name="zoom">Zoom of the square, 0 to 31.</param>
    /// <param name="x">Its column from the west.</param>
    /// <param name="y">Its row from the north.</param>
    /// <returns>Positions in <see cref="Issues"/>, within the smallest square by id.</returns>
    internal ReadOnlySpan<int> InSquare(int zoom, int x, int y)
    {
        var shift = 2 * (AxisBits - zoom);
        var first = Interleave(x, y) << shift;
        return _order.Value.Between(first, first + (1L << shift));
    }

    private static long Interleave(long x, long y)
    {
        return Spread(x) | (Spread(y) << 1);

        static long Spread(long bits)
        {
            bits = (bits | (bits << 16)) & 0x0000FFFF0000FFFF;
            bits = (bits | (bits << 8)) & 0x00FF00FF00FF00FF;
            bits = (bits | (bits << 4)) & 0x0F0F0F0F0F0F0F0F;
            bits = (bits | (bits << 2)) & 0x3333333333333333;
            return (bits | (bits << 1)) & 0x5555555555555555;
        }
    }

    /// <summary>The points along the curve that visits the four quarters of a square one after the other.</summary>
    private sealed class QuadOrder
    {
        private readonly long[] _keys;
        private readonly int[] _points;

        internal QuadOrder(double[] x, double[] y)
        {
            var keyed = new (long Key, int Point)[x.Length];
            for (var i = 0; i < keyed.Length; i++)
            {
                keyed[i] = (Interleave((long)(x[i] * (1L << AxisBits)), (long)(y[i] * (1L << AxisBits))), i);
            }
            Array.Sort(keyed);
            _keys = Array.ConvertAll(keyed, k => k.Key);
            _points = Array.ConvertAll(keyed, k => k.Point);
        }

        internal ReadOnlySpan<int> Between(long first, long end)
        {
            var from = First(first);
            return _points.AsSpan(from, First(end) - from);
        }

        private int First(long key)
        {
            var (low, high) = (0, _keys.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _keys[middle] < key ? (middle + 1, high) : (low, middle);
            }
            return low;
        }
    }
}
