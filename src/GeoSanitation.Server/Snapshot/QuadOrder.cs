namespace GeoSanitation.Server.Snapshot;

/// <summary>The order of the map: a curve that visits the four quarters of a square one after the other, so that what is in a tile is one stretch of it.</summary>
internal static class QuadOrder
{
    /// <summary>Positions on each axis are below 2^31; a tile's x and y are their leading bits.</summary>
    internal const int AxisBits = 31;

    // Bits of a key that are sorted by at a time.
    private const int DigitBits = 11;
    private const int KeyBits = 64;

    /// <summary>How far along the curve a place is.</summary>
    /// <param name="x">Fraction of the web map's square from the west, below 1.</param>
    /// <param name="y">Fraction from the north, below 1.</param>
    internal static long KeyOf(double x, double y) => KeyOf((long)(x * (1L << AxisBits)), (long)(y * (1L << AxisBits)));

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

    /// <summary>The keys of a square of the web map: from the first to before the end.</summary>
    /// <param name="zoom">Zoom of the square, 0 to 31.</param>
    /// <param name="x">Its column from the west.</param>
    /// <param name="y">Its row from the north.</param>
    internal static (long First, long End) KeysOf(int zoom, int x, int y)
    {
        var shift = 2 * (AxisBits - zoom);
        var first = KeyOf((long)x, y) << shift;
        return (first, first + (1L << shift));
    }

    /// <summary>How many of some things along the curve are before a key.</summary>
    /// <param name="count">How many things.</param>
    /// <param name="key">The key.</param>
    /// <param name="keyOf">How far along the curve each is, ascending.</param>
    internal static int FirstAt(int count, long key, Func<int, long> keyOf)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = keyOf(middle) < key ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>Positions by ascending key, equal ones in their order: digit by digit from the last, leaving out digits that all keys share.</summary>
    internal static int[] Sorted(ReadOnlySpan<long> keys)
    {
        var (order, next) = (new int[keys.Length], new int[keys.Length]);
        long differing = 0;
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            differing |= keys[i] ^ keys[0];
        }
        for (var shift = 0; shift < KeyBits && differing >>> shift != 0; shift += DigitBits)
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

        // With the sign turned, so that what is below 0 comes first.
        static int Digit(long key, int shift) => (int)(((key ^ long.MinValue) >>> shift) & ((1 << DigitBits) - 1));
    }
}
