using System.Runtime.InteropServices;
using System.Text;
using SkiaSharp;

namespace GeoSanitation.Server.Pictures;

/// <summary>Writes text on a picture with the fonts of the machine: Latin and Chinese from whichever has them. Without any font pictures have no text.</summary>
/// <param name="typefaces">Other fonts than those of the machine.</param>
internal sealed class PictureText(IReadOnlyList<SKTypeface>? typefaces = null) : IDisposable
{
    private readonly IReadOnlyList<SKTypeface> _typefaces = typefaces ?? MachineFonts.All;
    private readonly Dictionary<(int Typeface, float Size), SKFont> _fonts = [];
    private readonly Dictionary<int, HashSet<int>> _letters = [];

    /// <summary>Letters, as code points, that were measured or drawn in each font, by the font's place among them.</summary>
    internal IReadOnlyDictionary<int, HashSet<int>> Letters => _letters;

    /// <summary>Width of a text, pixels.</summary>
    internal float Measure(string text, float size) => Runs(text).Sum(run => FontOf(run.Typeface, size).MeasureText(run.Text));

    /// <summary>Draws a text whose baseline begins at a place.</summary>
    /// <param name="canvas">Where on.</param>
    /// <param name="text">The text.</param>
    /// <param name="x">Left end, pixels.</param>
    /// <param name="y">Baseline, pixels from the top.</param>
    /// <param name="size">Pixels.</param>
    /// <param name="color">Color.</param>
    /// <param name="halo">Color around the letters, or null.</param>
    internal void Draw(SKCanvas canvas, string text, float x, float y, float size, SKColor color, SKColor? halo = null)
    {
        if (halo is { } around)
        {
            using var wide = new SKPaint { Color = around, IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = size / 4, StrokeJoin = SKStrokeJoin.Round };
            DrawRuns(wide);
        }
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        DrawRuns(paint);

        void DrawRuns(SKPaint with)
        {
            var at = x;
            foreach (var (run, typeface) in Runs(text))
            {
                var font = FontOf(typeface, size);
                canvas.DrawText(run, at, y, SKTextAlign.Left, font, with);
                at += font.MeasureText(run);
            }
        }
    }

    /// <summary>Draws a text in lines no wider than given, broken at blanks and between Chinese characters.</summary>
    /// <returns>Baseline of the line after the last.</returns>
    internal float DrawWrapped(SKCanvas canvas, string text, float x, float y, float width, float size, SKColor color)
    {
        var line = "";
        foreach (var word in Words(text))
        {
            if (line.Length > 0 && Measure((line + word).TrimEnd(), size) > width)
            {
                Draw(canvas, line.TrimEnd(), x, y, size, color);
                (line, y) = ("", y + 1.35f * size);
            }
            line += word;
        }
        Draw(canvas, line.TrimEnd(), x, y, size, color);
        return y + 1.35f * size;
    }

    public void Dispose()
    {
        foreach (var font in _fonts.Values)
        {
            font.Dispose();
        }
    }

    private static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ' || text[i] >= 0x2E80)
            {
                yield return text[start..(i + 1)];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    /// <summary>A text in parts of one font each; nothing when there is none at all.</summary>
    private IEnumerable<(string Text, int Typeface)> Runs(string text)
    {
        if (_typefaces.Count == 0)
        {
            yield break;
        }
        var (start, last, at) = (0, -1, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var has = last >= 0 && Has(last, rune) ? last : Enumerable.Range(0, _typefaces.Count).FirstOrDefault(typeface => Has(typeface, rune));
            (CollectionsMarshal.GetValueRefOrAddDefault(_letters, has, out _) ??= []).Add(rune.Value);
            if (last >= 0 && has != last)
            {
                yield return (text[start..at], last);
                start = at;
            }
            (last, at) = (has, at + rune.Utf16SequenceLength);
        }
        if (last >= 0)
        {
            yield return (text[start..], last);
        }
    }

    private bool Has(int typeface, Rune rune) => FontOf(typeface, 12).GetGlyph(rune.Value) != 0;

    private SKFont FontOf(int typeface, float size)
    {
        if (!_fonts.TryGetValue((typeface, size), out var font))
        {
            _fonts[(typeface, size)] = font = new SKFont(_typefaces[typeface], size) { Edging = SKFontEdging.Antialias, Subpixel = true };
        }
        return font;
    }
}
