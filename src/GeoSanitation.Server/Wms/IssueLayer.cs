using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Snapshot;
using SkiaSharp;

namespace GeoSanitation.Server.Wms;

/// <summary>Issues as dots, the gravest on top.</summary>
internal static class IssueLayer
{
    private const float DotPixels = 3.4f;

    private static readonly SKColor[] BySeverity = [.. new[] { "#f7d07a", "#f3a95a", "#e57b43", "#c64533", "#8a1538" }.Select(SKColor.Parse)];

    private static readonly string[] Words = ["1, slight", "2", "3", "4", "5, gravest"];

    /// <summary>The legend.</summary>
    internal static IReadOnlyList<Key> Keys { get; } = [.. Words.Select((words, i) => new Key(new Look(BySeverity[i], SKColors.White, 0.8f), "Severity " + words, null))];

    internal static void Draw(SKCanvas canvas, MapView view, PointSnapshot points)
    {
        using var fill = new SKPaint { Style = SKPaintStyle.Fill, IsAntialias = true };
        using var line = new SKPaint { Style = SKPaintStyle.Stroke, IsAntialias = true, Color = SKColors.White, StrokeWidth = 0.8f };
        // One dot a pixel: more would only be drawn over.
        var gravest = new Dictionary<(int X, int Y), (byte Severity, SKPoint At)>();
        foreach (var (chunk, i) in Within(view, points.Chosen, (int)DotPixels + 1))
        {
            var at = view.At(chunk.LonDegrees[i], chunk.LatDegrees[i]);
            var pixel = ((int)at.X, (int)at.Y);
            if (!gravest.TryGetValue(pixel, out var known) || known.Severity < chunk.Severity(i))
            {
                gravest[pixel] = (chunk.Severity(i), at);
            }
        }
        foreach (var (severity, at) in gravest.Values.OrderBy(d => d.Severity).ThenBy(d => d.At.Y).ThenBy(d => d.At.X))
        {
            fill.Color = BySeverity[Math.Clamp(severity, (byte)1, (byte)5) - 1];
            canvas.DrawCircle(at, DotPixels, fill);
            canvas.DrawCircle(at, DotPixels, line);
        }
    }

    /// <summary>The issues within some pixels of a place on the picture, nearest first.</summary>
    internal static IEnumerable<long> Near(MapView view, PointSnapshot points, int column, int row, int pixels)
        => Within(view, points.Chosen, pixels)
            .Select(at => (Id: at.Chunk.Ids[at.Row], Distance: SKPoint.Distance(view.At(at.Chunk.LonDegrees[at.Row], at.Chunk.LatDegrees[at.Row]), new SKPoint(column + 0.5f, row + 0.5f))))
            .Where(i => i.Distance <= pixels).OrderBy(i => i.Distance).ThenBy(i => i.Id).Select(i => i.Id);

    /// <summary>The issues on the picture, or so near to it that their dots are.</summary>
    private static IEnumerable<(IssueChunk Chunk, int Row)> Within(MapView view, ChosenIssues issues, int marginPixels)
    {
        var seen = view.Degrees;
        seen.ExpandBy(seen.Width / view.Width * marginPixels, seen.Height / view.Height * marginPixels);
        foreach (var (chunk, rows) in issues.Parts)
        {
            for (var n = 0; n < rows.Length; n++)
            {
                var i = rows.Span[n];
                if (seen.Contains(chunk.LonDegrees[i], chunk.LatDegrees[i]))
                {
                    yield return (chunk, i);
                }
            }
        }
    }
}
