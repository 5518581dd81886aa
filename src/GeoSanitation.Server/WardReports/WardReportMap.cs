using GeoSanitation.Store.Issues;
using NetTopologySuite.Geometries;
using SkiaSharp;

namespace GeoSanitation.Server.WardReports;

/// <summary>The ward with the issues in it.</summary>
internal static class WardReportMap
{
    private static readonly SKColor Land = new(0xF6, 0xF5, 0xF1);
    private static readonly SKColor Border = new(0x5B, 0x64, 0x72);
    private static readonly SKColor Overdue = new(0xD5, 0x5E, 0x00);
    private static readonly SKColor Other = new(0x00, 0x72, 0xB2, 0xB0);

    internal static void Draw(SKCanvas canvas, SKRect box, WardReport report)
    {
        var outline = report.Ward.Geometry!;
        var bounds = outline.EnvelopeInternal;
        // Degrees of longitude shrink towards the poles; over one ward that is one number.
        var shrink = Math.Cos(bounds.Centre.Y * Math.PI / 180);
        var scale = 0.94 * Math.Min(box.Width / (bounds.Width * shrink), box.Height / bounds.Height);
        SKPoint At(double lon, double lat) => new((float)(box.MidX + (lon - bounds.Centre.X) * shrink * scale), (float)(box.MidY - (lat - bounds.Centre.Y) * scale));

        using var path = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        foreach (var ring in outline.Geometries.Cast<Polygon>().SelectMany(p => p.InteriorRings.Prepend(p.ExteriorRing)))
        {
            path.MoveTo(At(ring.Coordinates[0].X, ring.Coordinates[0].Y));
            foreach (var corner in ring.Coordinates.Skip(1))
            {
                path.LineTo(At(corner.X, corner.Y));
            }
            path.Close();
        }
        using var shape = path.Detach();
        using var land = new SKPaint { Color = Land, IsAntialias = true };
        using var line = new SKPaint { Color = Border, IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 1 };
        canvas.DrawPath(shape, land);
        canvas.DrawPath(shape, line);
        canvas.Save();
        canvas.ClipRect(box);
        var issues = report.Points.Gather();
        // What is overdue lies on top. One dot where several would lie over each other: a city has more issues than a page has room.
        var drawn = new HashSet<(int X, int Y, bool Overdue)>();
        foreach (var overdue in (bool[])[false, true])
        {
            using var dot = new SKPaint { Color = overdue ? Overdue : Other, IsAntialias = true };
            for (var i = 0; i < issues.Count; i++)
            {
                if (issues.Has(i, IssueTraits.Overdue) == overdue && At(issues.LonDegrees[i], issues.LatDegrees[i]) is var at && drawn.Add(((int)at.X, (int)at.Y, overdue)))
                {
                    canvas.DrawCircle(at, overdue ? 2f : 1.2f, dot);
                }
            }
        }
        canvas.Restore();
    }
}
