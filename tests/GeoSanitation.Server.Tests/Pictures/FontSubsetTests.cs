using GeoSanitation.Server.Pictures;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Server.Tests.Pictures;

/// <summary>Fonts cut down to some letters.</summary>
public sealed class FontSubsetTests
{
    // Two of them are made of other shapes; the Chinese ones are in a Chinese font only.
    private const string Letters = "AÅé3–环卫";

    [Fact]
    public void The_letters_keep_their_shapes_and_widths_and_no_others_are_there()
    {
        Assert.True(MachineFonts.All.Length > 0, "this machine has no fonts");
        var cut = 0;
        foreach (var whole in MachineFonts.All)
        {
            using var part = FontSubset.Of(whole, Letters.EnumerateRunes().Select(rune => rune.Value));
            if (part is null)
            {
                Assert.False(whole.TryGetTableData(0x676C7966, out _), $"{whole.FamilyName} has glyf, and was not cut");
                continue;
            }
            cut++;
            using var before = new SKFont(whole, 100);
            using var after = new SKFont(part, 100);
            foreach (var rune in Letters.EnumerateRunes())
            {
                var glyph = before.GetGlyph(rune.Value);
                Assert.Equal(glyph, after.GetGlyph(rune.Value));
                using var shape = before.GetGlyphPath(glyph);
                using var same = after.GetGlyphPath(glyph);
                Assert.Equal(shape?.ToSvgPathData(), same?.ToSvgPathData());
                Assert.Equal(before.MeasureText(rune.ToString()), after.MeasureText(rune.ToString()));
            }
            Assert.NotEqual(0, before.GetGlyph('B'));
            Assert.Equal(0, after.GetGlyph('B'));
            using var shapeOfB = after.GetGlyphPath(before.GetGlyph('B'));
            Assert.True(shapeOfB is null || shapeOfB.IsEmpty);
        }
        Assert.True(cut > 0, "no font of this machine has shapes in the TrueType form");
    }

    [Fact]
    public void Nothing_is_left_but_what_stands_for_missing_letters_where_none_are_taken()
    {
        var whole = MachineFonts.All.First(font => font.TryGetTableData(0x676C7966, out _));
        using var part = FontSubset.Of(whole, [])!;
        using var font = new SKFont(part, 100);
        Assert.All(Letters.EnumerateRunes(), rune => Assert.Equal(0, font.GetGlyph(rune.Value)));
        Assert.Equal(whole.GlyphCount, part.GlyphCount);
        Assert.True(part.TryGetTableData(0x676C7966, out var shapes));
        Assert.InRange(shapes.Length, 0, 2000);
    }
}
