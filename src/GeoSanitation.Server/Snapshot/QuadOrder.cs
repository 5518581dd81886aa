using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Issues along the curve that visits the four quarters of a square one after the other: those of a tile are one stretch of it.</summary>
internal sealed class QuadOrder
{
    /// <summary>Positions on each axis are below 2^31; a tile's x and y are their leading bits.</summary>
    internal const int AxisBits = 31;

    // Bits of a key that are sorted by at a time.
    private const int DigitBits = 11;

    private readonly PlacedIssue[] _issues;

    internal QuadOrder(IssuePoints issues)
    {
        var placed = new PlacedIssue[issues.Count];
        var keys = new long[placed.Length];
        for (var i = 0; i < placed.Length; i++)
        {
            placed[i] = PlacedIssue.Of(issues, i);
            keys[i] = KeyOf(placed[i]);
        }
        _issues = Array.ConvertAll(Sorted(keys), i => placed[i]);
    }

    /// <summary>The issues in a square; those at one place by id.</summary>
    internal ReadOnlySpan<PlacedIssue> InSquare(int zoom, int x, int y) => _issues.AsSpan(Stretch(_issues.Length, i => KeyOf(_issues[i]), zoom, x, y));

    /// <summary>How far along the curve an issue is.</summary>
    internal static long KeyOf(in PlacedIssue issue) => KeyOf((long)(issue.X * (1L << AxisBits)), (long)(issue.Y * (1L << AxisBits)));

    /// <summary>How far along the curve a position is.</summary>
    /// <param name="x">From the west, below 2^31.</param>
    /// <param name="y">From the north, below 2^31.</param>
    internal static long KeyOf(long x, long y)
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

    /// <summary>Which of some things that lie along the curve are in a square of the web map.</summary>
    /// <param name="count">How many things.</param>
    /// <param name="keyOf">How far along the curve each is, ascending.</param>
    /// <param name="zoom">Zoom of the square, 0 to 31.</param>
    /// <param name="x">Its column from the west.</param>
    /// <param name="y">Its row from the north.</param>
    internal static Range Stretch(int count, Func<int, long> keyOf, int zoom, int x, int y)
    {
        var shift = 2 * (AxisBits - zoom);
        var first = KeyOf((long)x, y) << shift;
        return First(first)..First(first + (1L << shift));

        int First(long key)
        {
            var (low, high) = (0, count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = keyOf(middle) < key ? (middle + 1, high) : (low, middle);
            }
            return low;
        }
    }

    /// <summary>Positions by ascending key, equal ones in their order: digit by digit from the last, leaving out digits that all keys share.</summary>
    private static int[] Sorted(long[] keys)
    {
        var (order, next) = (new int[keys.Length], new int[keys.Length]);
        long differing = 0;
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            differing |= keys[i] ^ keys[0];
        }
        for (var shift = 0; differing >> shift != 0; shift += DigitBits)
        {
            var starts = new int[(1 << DigitBits) + 1];
            foreach (var key in keys)
            {
                starts[Digit(key, shift) + 1]++;
            }
            for (var digit = 0; digit < 1 << DigitBits; digit++)
            {
                starts[digit + 1] += starts[digit];
            }
            foreach (var i in order)
            {
                next[starts[Digit(keys[i], shift)]++] = i;
            }
            (order, next) = (next, order);
        }
        return order;

        static int Digit(long key, int shift) => (int)((key >> shift) & ((1 << DigitBits) - 1));
    }
}
