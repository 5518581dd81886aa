using SkiaSharp;

namespace GeoSanitation.Server.Styles;

/// <summary>The outline of a letter as line segments, and how far a place is from it.</summary>
internal sealed class GlyphOutline
{
    // Of a letter 24 pixels high, a curve in so many lines is off by less than a hundredth of a pixel.
    private const int LinesPerCurve = 8;

    private readonly List<(float X0, float Y0, float X1, float Y1)> _segments = [];

    internal GlyphOutline(SKPath path)
    {
        using var steps = path.CreateRawIterator();
        Span<SKPoint> points = stackalloc SKPoint[4];
        SKPoint start = default, at = default;
        for (var verb = steps.Next(points); verb != SKPathVerb.Done; verb = steps.Next(points))
        {
            var (a, b, c, d) = (points[0], points[1], points[2], points[3]);
            switch (verb)
            {
                case SKPathVerb.Move:
                    Line(at, start);
                    (start, at) = (a, a);
                    break;
                case SKPathVerb.Line:
                    Line(a, b);
                    at = b;
                    break;
                case SKPathVerb.Quad or SKPathVerb.Conic:
                    Curve(t => Mix(Mix(a, b, t), Mix(b, c, t), t), a);
                    at = c;
                    break;
                case SKPathVerb.Cubic:
                    Curve(t => Mix(Mix(Mix(a, b, t), Mix(b, c, t), t), Mix(Mix(b, c, t), Mix(c, d, t), t), t), a);
                    at = d;
                    break;
                case SKPathVerb.Close:
                    Line(at, start);
                    at = start;
                    break;
            }
        }
        Line(at, start);
    }

    internal bool IsEmpty => _segments.Count == 0;

    /// <summary>Distance of a place from the outline, in its own unit; below 0 inside (winding number not 0).</summary>
    internal double SignedDistance(double x, double y)
    {
        var (nearest, winding) = (double.MaxValue, 0);
        foreach (var (x0, y0, x1, y1) in _segments)
        {
            double dx = x1 - x0, dy = y1 - y0;
            var t = Math.Clamp(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0, 1);
            var (ex, ey) = (x - x0 - t * dx, y - y0 - t * dy);
            nearest = Math.Min(nearest, ex * ex + ey * ey);
            if (y0 <= y != y1 <= y && x < x0 + (y - y0) / dy * dx)
            {
                winding += y1 > y0 ? 1 : -1;
            }
        }
        return winding == 0 ? Math.Sqrt(nearest) : -Math.Sqrt(nearest);
    }

    private void Curve(Func<float, SKPoint> at, SKPoint from)
    {
        for (var i = 1; i <= LinesPerCurve; i++)
        {
            var to = at((float)i / LinesPerCurve);
            Line(from, to);
            from = to;
        }
    }

    private void Line(SKPoint from, SKPoint to)
    {
        if (from != to)
        {
            _segments.Add((from.X, from.Y, to.X, to.Y));
        }
    }

    private static SKPoint Mix(SKPoint a, SKPoint b, float t) => new(a.X + t * (b.X - a.X), a.Y + t * (b.Y - a.Y));
}
