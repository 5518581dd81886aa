namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>Whether two sets of points come near each other, without testing every pair.</summary>
internal static class Proximity
{
    private const int FewPairs = 256;

    /// <summary>Whether any a and any b are at most a distance apart. Reorders both sets.</summary>
    /// <remarks>Splits the wider set in two and drops or accepts pairs of boxes as a whole. Rounding is monotone, so a box is never
    /// judged differently from the points in it.</remarks>
    public static bool AnyPairWithin(Span<double> ax, Span<double> ay, Span<double> bx, Span<double> by, double distanceSquared)
    {
        var a = Box.Around(ax, ay);
        var b = Box.Around(bx, by);
        var gapX = Math.Max(Math.Max(a.MinX - b.MaxX, b.MinX - a.MaxX), 0);
        var gapY = Math.Max(Math.Max(a.MinY - b.MaxY, b.MinY - a.MaxY), 0);
        if (gapX * gapX + gapY * gapY > distanceSquared)
        {
            return false;
        }
        var spanX = Math.Max(a.MaxX - b.MinX, b.MaxX - a.MinX);
        var spanY = Math.Max(a.MaxY - b.MinY, b.MaxY - a.MinY);
        if (spanX * spanX + spanY * spanY <= distanceSquared)
        {
            return true;
        }
        if ((long)ax.Length * bx.Length <= FewPairs)
        {
            for (var i = 0; i < ax.Length; i++)
            {
                for (var j = 0; j < bx.Length; j++)
                {
                    var dx = bx[j] - ax[i];
                    var dy = by[j] - ay[i];
                    if (dx * dx + dy * dy <= distanceSquared)
                    {
                        return true;
                    }
                }
            }
            return false;
        }
        if (a.Widest < b.Widest)
        {
            return AnyPairWithin(bx, by, ax, ay, distanceSquared);
        }
        // The wider set is more than one place: two single places were decided above.
        var middle = a.Split(ax, ay);
        return AnyPairWithin(ax[..middle], ay[..middle], bx, by, distanceSquared)
            || AnyPairWithin(ax[middle..], ay[middle..], bx, by, distanceSquared);
    }

    private readonly record struct Box(double MinX, double MinY, double MaxX, double MaxY)
    {
        public double Widest => Math.Max(MaxX - MinX, MaxY - MinY);

        public static Box Around(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        {
            var box = new Box(x[0], y[0], x[0], y[0]);
            for (var i = 1; i < x.Length; i++)
            {
                box = new Box(Math.Min(box.MinX, x[i]), Math.Min(box.MinY, y[i]), Math.Max(box.MaxX, x[i]), Math.Max(box.MaxY, y[i]));
            }
            return box;
        }

        /// <summary>Moves the points of the lower half of the longer side to the front; both parts hold at least one point.</summary>
        public int Split(Span<double> x, Span<double> y)
        {
            var byX = MaxX - MinX >= MaxY - MinY;
            var along = byX ? x : y;
            var (low, high) = byX ? (MinX, MaxX) : (MinY, MaxY);
            var cut = low + (high - low) / 2;
            var front = 0;
            for (var i = 0; i < along.Length; i++)
            {
                if (along[i] <= cut && along[i] < high)
                {
                    (x[front], x[i]) = (x[i], x[front]);
                    (y[front], y[i]) = (y[i], y[front]);
                    front++;
                }
            }
            return front;
        }
    }
}
