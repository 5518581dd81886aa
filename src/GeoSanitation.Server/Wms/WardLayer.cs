using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Tiles;
using SkiaSharp;

namespace GeoSanitation.Server.Wms;

/// <summary>Outlines of the wards, those of the upper levels bolder; levels that would only be a mesh are left out.</summary>
internal static class WardLayer
{
    /// <summary>The style that writes their names too.</summary>
    internal const string Named = "named";

    private const double LeastPixels = 24;
    private const double LeastNamedPixels = 60;
    private const float LetterPixels = 12;

    private static readonly SKColor Line = SKColor.Parse("#6b7280");

    /// <summary>The legend.</summary>
    internal static IReadOnlyList<Key> Keys { get; } = [new(new Look(SKColors.Transparent, Line, 1.6f), "County", null), new(new Look(SKColors.Transparent, Line, 1.1f), "Wards in it", null)];

    internal static void Draw(SKCanvas canvas, MapView view, WardSnapshot wards, bool named)
    {
        var seen = view.Degrees;
        double PixelsOf(WardOutline ward) => ward.Geometry!.EnvelopeInternal.Width / Math.Max(seen.Width, 1e-12) * view.Width;
        var levels = wards.Current.GroupBy(w => w.Level).Select(level => (Wards: level, Pixels: level.Average(PixelsOf))).Where(level => level.Pixels >= LeastPixels)
            .OrderBy(level => level.Pixels).ToList();
        using var line = new SKPaint { Style = SKPaintStyle.Stroke, IsAntialias = true, StrokeJoin = SKStrokeJoin.Round, Color = Line };
        foreach (var ward in levels.SelectMany(level => level.Wards).Where(w => w.Geometry!.EnvelopeInternal.Intersects(seen)))
        {
            line.StrokeWidth = Math.Max(0.5f, 1.6f - 0.5f * (wards.Chain(ward.Id).Count() - 1));
            using var path = view.PathOf(ward.Geometry!);
            canvas.DrawPath(path, line);
        }
        if (named && levels.Find(level => level.Pixels >= LeastNamedPixels) is { Wards: { } smallest })
        {
            Name(canvas, view, wards, smallest.Where(w => w.Geometry!.EnvelopeInternal.Intersects(seen)));
        }
    }

    private static void Name(SKCanvas canvas, MapView view, WardSnapshot wards, IEnumerable<WardOutline> named)
    {
        using var text = new PictureText();
        var taken = new List<SKRect>();
        // Where there is no room for all, the larger wards are named.
        foreach (var ward in named.OrderByDescending(w => w.Geometry!.EnvelopeInternal.Area).ThenBy(w => w.Code, StringComparer.Ordinal))
        {
            var label = wards.LabelPoint(ward);
            var (at, width) = (view.At(label.X, label.Y), text.Measure(ward.Name, LetterPixels));
            var box = SKRect.Create(at.X - width / 2, at.Y - LetterPixels / 2, width, LetterPixels);
            if (taken.Exists(box.IntersectsWith))
            {
                continue;
            }
            taken.Add(box);
            text.Draw(canvas, ward.Name, box.Left, at.Y + 0.35f * LetterPixels, LetterPixels, PicturePanel.Ink, SKColors.White.WithAlpha(220));
        }
    }
}
