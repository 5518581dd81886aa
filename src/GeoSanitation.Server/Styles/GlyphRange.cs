using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Tiles;
using SkiaSharp;

namespace GeoSanitation.Server.Styles;

/// <summary>Letters for map programs: 256 of them as distance fields in Protocol Buffers, the form of github.com/mapbox/node-fontnik (proto/glyphs.proto).</summary>
internal static class GlyphRange
{
    /// <summary>Letters of a range.</summary>
    internal const int Size = 256;

    /// <summary>Pixels of the em square.</summary>
    private const int EmPixels = 24;

    /// <summary>Pixels around each letter.</summary>
    private const int Buffer = 3;

    /// <summary>Distance, in pixels, over which a field goes through all values; a quarter of it lies outside the outline.</summary>
    private const double RadiusPixels = 8;
    private const double OutsideShare = 0.25;

    /// <summary>Map programs count the top of a letter from this line, so many pixels over the baseline: the usual ascender.</summary>
    private const int TopLine = 26;

    /// <summary>One range.</summary>
    /// <param name="stack">Name of the fonts, as it was asked for; letters come from the fonts that there are.</param>
    /// <param name="first">First code point, a multiple of <see cref="Size"/>.</param>
    internal static byte[] Encode(string stack, int first)
    {
        var (letters, letter) = (new ProtobufWriter(), new ProtobufWriter());
        letters.Text(1, stack);
        letters.Text(2, FormattableString.Invariant($"{first}-{first + Size - 1}"));
        SKFont[] fonts = [.. MachineFonts.All.Select(typeface => new SKFont(typeface, EmPixels) { LinearMetrics = true })];
        for (var code = first; code < first + Size; code++)
        {
            var at = code;
            if (fonts.FirstOrDefault(f => f.GetGlyph(at) != 0) is { } font)
            {
                letter.Clear();
                Write(letter, font, code);
                letters.Bytes(3, letter.Written);
            }
        }
        foreach (var font in fonts)
        {
            font.Dispose();
        }
        var range = new ProtobufWriter();
        range.Bytes(1, letters.Written);
        return range.Written.ToArray();
    }

    private static void Write(ProtobufWriter letter, SKFont font, int code)
    {
        var glyph = font.GetGlyph(code);
        using var path = font.GetGlyphPath(glyph) ?? new SKPath();
        var outline = new GlyphOutline(path);
        var box = path.TightBounds;
        var (left, top) = ((int)Math.Floor(box.Left), (int)Math.Floor(box.Top));
        var (width, height) = outline.IsEmpty ? (0, 0) : ((int)Math.Ceiling(box.Right) - left, (int)Math.Ceiling(box.Bottom) - top);
        letter.Number(1, (ulong)code);
        if (!outline.IsEmpty)
        {
            letter.Bytes(2, Field(outline, left - Buffer, top - Buffer, width + 2 * Buffer, height + 2 * Buffer));
        }
        letter.Number(3, (ulong)width);
        letter.Number(4, (ulong)height);
        letter.Number(5, MvtLayer.ZigZag(outline.IsEmpty ? 0 : left));
        letter.Number(6, MvtLayer.ZigZag((outline.IsEmpty ? 0 : -top) - TopLine));
        letter.Number(7, (ulong)Math.Round(Math.Max(0, font.GetGlyphWidths([glyph])[0])));
    }

    /// <summary>The distances of pixels' middles from the outline: 255 deep inside, 191 on it, 0 far outside.</summary>
    private static byte[] Field(GlyphOutline outline, int left, int top, int width, int height)
    {
        var distances = outline.Distances(left, top, width, height, (1 - OutsideShare) * RadiusPixels);
        var field = Array.ConvertAll(distances, distance => (byte)Math.Round(255 * Math.Clamp(1 - OutsideShare - distance / RadiusPixels, 0, 1)));
        return field;
    }
}
