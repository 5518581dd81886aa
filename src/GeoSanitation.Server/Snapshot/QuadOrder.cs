using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Issues along the curve that visits the four quarters of a square one after the other: those of a tile are one stretch of it.</summary>
internal sealed class QuadOrder
{
    /// <summary>Positions on each axis are below 2^31; a tile's x and y are their leading bits.</summary>
    internal const int AxisBits = 31;

    // Bits of a key that are sorted by at a time.
    private const int DigitBits = 11;

    private const int FewIssues = 32;
    private const int Batch = 1 << 14;

    private readonly PlacedIssue[] _issues;

    // Where each is in the columns; nothing where the order was taken from another.
    private readonly int[] _rows = [];

    internal QuadOrder(IssuePoints issues)
    {
        var placed = new PlacedIssue[issues.Count];
        var keys = new long[placed.Length];
        Parallel.For(0, (placed.Length + Batch - 1) / Batch, batch =>
        {
            for (var i = batch * Batch; i < Math.Min(placed.Length, (batch + 1) * Batch); i++)
            {
                placed[i] = PlacedIssue.Of(issues, i);
                keys[i] = KeyOf(placed[i]);
            }
        });
        _rows = Sorted(keys);
        _issues = Array.ConvertAll(_rows, i => placed[i]);
    }

    /// <summary>Some of the issues of another order, without sorting them anew.</summary>
    /// <param name="all">The order of all.</param>
    /// <param name="taken">Which of them, from <see cref="Along"/>.</param>
    /// <param name="count">How many these are.</param>
    internal QuadOrder(QuadOrder all, bool[] taken, int count)
    {
        _issues = new PlacedIssue[count];
        var n = 0;
        foreach (ref readonly var issue in all.Walk(taken))
        {
            _issues[n++] = issue;
        }
    }

    /// <summary>Puts marks of issues in the order of the curve.</summary>
    /// <param name="isChosen">By their rows in the columns.</param>
    internal bool[] Along(bool[] isChosen) => Array.ConvertAll(_rows, row => isChosen[row]);

    /// <summary>The issues one after the other.</summary>
    /// <param name="taken">Which of them, from <see cref="Along"/>; empty for all.</param>
    internal QuadWalk Walk(ReadOnlySpan<bool> taken) => new(_issues, taken);

    /// <summary>The issues in a square; those at one place by id.</summary>
    internal ReadOnlySpan<PlacedIssue> InSquare(int zoom, int x, int y) => _issues.AsSpan(Stretch(_issues.Length, KeyAt, zoom, x, y));

    /// <summary>Few stretches of the curve that hold every issue around a square within a margin of it, and some others outside of it.</summary>
    /// <param name="zoom">Zoom of the square.</param>
    /// <param name="x">Its column from the west.</param>
    /// <param name="y">Its row from the north.</param>
    /// <param name="margin">The margin, parts of 2^<see cref="AxisBits"/> of the world's side.</param>
    internal List<ReadOnlyMemory<PlacedIssue>> Around(int zoom, int x, int y, long margin)
    {
        var side = 1L << (AxisBits - zoom);
        var (west, north, last) = (x * side - margin, y * side - margin, (1 << zoom) - 1);
        var (east, south) = ((x + 1) * side - 1 + margin, (y + 1) * side - 1 + margin);
        var found = new List<ReadOnlyMemory<PlacedIssue>>();
        for (var row = Math.Max(0, y - 1); row <= Math.Min(last, y + 1); row++)
        {
            for (var column = Math.Max(0, x - 1); column <= Math.Min(last, x + 1); column++)
            {
                if (column != x || row != y)
                {
                    var (key, all) = (KeyOf(column * side, row * side), 0.._issues.Length);
                    Collect(column * side, row * side, side, First(key, all, KeyAt), First(key + side * side, all, KeyAt));
                }
            }
        }
        return found;

        // A square that reaches into the margin is divided until it has few issues.
        void Collect(long left, long top, long width, int first, int end)
        {
            if (first == end || left > east || left + width <= west || top > south || top + width <= north)
            {
                return;
            }
            if (end - first <= FewIssues || width == 1)
            {
                found.Add(_issues.AsMemory(first..end));
                return;
            }
            var half = width / 2;
            var key = KeyOf(left, top);
            for (var quarter = 0; quarter < 4; quarter++)
            {
                var next = quarter == 3 ? end : First(key + (quarter + 1) * half * half, first..end, KeyAt);
                Collect(left + (quarter & 1) * half, top + (quarter >> 1) * half, half, first, next);
                first = next;
            }
        }
    }

    private long KeyAt(int i) => KeyOf(_issues[i]);

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
        return First(first, 0..count, keyOf)..First(first + (1L << shift), 0..count, keyOf);
    }

    /// <summary>The first of some things that lie along the curve at or behind a key.</summary>
    private static int First(long key, Range among, Func<int, long> keyOf)
    {
        var (low, high) = (among.Start.Value, among.End.Value);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = keyOf(middle) < key ? (middle + 1, high) : (low, middle);
        }
        return low;
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
