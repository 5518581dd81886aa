using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Tiles;
using SkiaSharp;

namespace GeoSanitation.Server.Wms;

/// <summary>What the colors of a layer mean, as a picture.</summary>
internal static class Legend
{
    internal const int Width = 180;

    private const int RowPixels = 20;
    private const int HeatSteps = 8;

    /// <summary>How high it is, pixels.</summary>
    internal static int HeightOf(WmsLayer layer) => KeysOf(layer, layer.Styles[0].Name, HeatRamp.Palettes[0]).Count * RowPixels + 8;

    /// <summary>Draws it, as PNG; the palette is that of the heatmap.</summary>
    internal static byte[] Draw(WmsLayer layer, string style, string palette)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, HeightOf(layer), SKColorType.Rgba8888, SKAlphaType.Premul));
        using var text = new PictureText();
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        var y = 4f;
        foreach (var key in KeysOf(layer, style, palette))
        {
            using var fill = new SKPaint { Color = key.Look.Fill, IsAntialias = true };
            using var line = new SKPaint { Color = key.Look.LineWidth > 0 ? key.Look.Line : SKColors.Gray.WithAlpha(90), StrokeWidth = Math.Max(key.Look.LineWidth, 0.6f), Style = SKPaintStyle.Stroke, IsAntialias = true };
            var box = SKRect.Create(6, y + 3, 22, 14);
            canvas.DrawRect(box, fill);
            canvas.DrawRect(box, line);
            text.Draw(canvas, key.Words, 36, y + 14.5f, 12, PicturePanel.Ink);
            y += RowPixels;
        }
        return MapEndpoint.Encode(surface, "image/png");
    }

    private static IReadOnlyList<Key> KeysOf(WmsLayer layer, string style, string palette) => layer.Name switch
    {
        WmsLayer.Issues => IssueLayer.Keys,
        WmsLayer.Wards => WardLayer.Keys,
        WmsLayer.Hotspots => FeatureStyle.HotAndCold,
        _ => [.. Enumerable.Range(1, HeatSteps).Reverse().Select(step =>
        {
            var (red, green, blue, alpha) = HeatRamp.Of(palette, onDark: style == "dark")[255 * step / HeatSteps];
            return new Key(new Look(new SKColor(red, green, blue, alpha), SKColors.Transparent, 0), FormattableString.Invariant($"{100 * HeatRamp.ShareOf(255 * step / HeatSteps):0} % of the densest"), null);
        })],
    };
}
