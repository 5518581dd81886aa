using SkiaSharp;

namespace GeoSanitation.Server.Styles;

/// <summary>The outline of a letter as line segments, and how far places are from it.</summary>
internal sealed class GlyphOutline
{
    // How far a line may be off its curve, pixels: of a field's 255 steps over 8 pixels less than one.
    private const float Tolerance = 0.02f;
    private const int MostLinesPerCurve = 64;

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
                    Curve(t => Mix(Mix(a, b, t), Mix(b, c, t), t), a, Bend(a, b, c) / 4);
                    at = c;
                    break;
                case SKPathVerb.Cubic:
                    Curve(t => Mix(Mix(Mix(a, b, t), Mix(b, c, t), t), Mix(Mix(b, c, t), Mix(c, d, t), t), t), a, 0.75f * Math.Max(Bend(a, b, c), Bend(b, c, d)));
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

    /// <summary>Distances from the outline, in its own unit, of the middles of squares of side 1; below 0 inside (winding number not 0).</summary>
    /// <param name="left">Where the first column begins.</param>
    /// <param name="top">Where the first row begins.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="reach">What is farther away counts as so far.</param>
    /// <returns>Row by row.</returns>
    internal double[] Distances(double left, double top, int width, int height, double reach)
    {
        var (distances, turns) = (new double[width * height], new int[width * height]);
        Array.Fill(distances, reach * reach);
        // Each line reaches only the squares around it: of a Chinese letter's hundreds of lines a few reach a square.
        foreach (var (x0, y0, x1, y1) in _segments)
        {
            var (firstX, firstY) = (x0 - left - 0.5, y0 - top - 0.5);
            var (dx, dy) = ((double)x1 - x0, (double)y1 - y0);
            var (firstRow, lastRow) = Within(firstY, firstY + dy, reach, height);
            var (firstColumn, lastColumn) = Within(firstX, firstX + dx, reach, width);
            var perLength = 1 / (dx * dx + dy * dy);
            for (var row = firstRow; row <= lastRow; row++)
            {
                var y = row - firstY;
                for (var column = firstColumn; column <= lastColumn; column++)
                {
                    var x = column - firstX;
                    var t = Math.Clamp((x * dx + y * dy) * perLength, 0, 1);
                    var (ex, ey) = (x - t * dx, y - t * dy);
                    ref var nearest = ref distances[row * width + column];
                    nearest = Math.Min(nearest, ex * ex + ey * ey);
                }
                if (y >= 0 != y >= dy && Math.Min(width, (int)Math.Ceiling(firstX + y / dy * dx)) is var end and > 0)
                {
                    // Squares to the left of the crossing are turned around once more; this is the last of them.
                    turns[row * width + end - 1] += dy > 0 ? 1 : -1;
                }
            }
        }
        for (var row = 0; row < height; row++)
        {
            var winding = 0;
            for (var i = (row + 1) * width - 1; i >= row * width; i--)
            {
                winding += turns[i];
                distances[i] = winding == 0 ? Math.Sqrt(distances[i]) : -Math.Sqrt(distances[i]);
            }
        }
        return distances;
    }

    /// <summary>The rows or columns that a stretch and its surroundings reach.</summary>
    private static (int First, int Last) Within(double from, double to, double reach, int count)
        => ((int)Math.Max(0, Math.Ceiling(Math.Min(from, to) - reach)), (int)Math.Min(count - 1, Math.Floor(Math.Max(from, to) + reach)));

    /// <param name="at">The curve, from 0 to 1.</param>
    /// <param name="from">Its start.</param>
    /// <param name="bend">How far its control points are from a straight line, pixels.</param>
    private void Curve(Func<float, SKPoint> at, SKPoint from, float bend)
    {
        var lines = Math.Clamp((int)MathF.Ceiling(MathF.Sqrt(bend / Tolerance)), 1, MostLinesPerCurve);
        for (var i = 1; i <= lines; i++)
        {
            var to = at((float)i / lines);
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

    /// <summary>Second difference: 0 for three points at even steps on a line. A quadratic curve in n lines is off by a quarter of it over n², a cubic one by three quarters of the larger.</summary>
    private static float Bend(SKPoint a, SKPoint b, SKPoint c) => (a - b + (c - b)).Length;
}
