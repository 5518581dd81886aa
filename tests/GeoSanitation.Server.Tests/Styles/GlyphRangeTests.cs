using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Styles;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Server.Tests.Styles;

public sealed class GlyphRangeTests
{
    [Fact]
    public void The_distance_from_a_square_is_that_from_its_nearest_side_below_0_inside()
    {
        using var path = SKPath.ParseSvgPathData("M2 2 H12 V12 H2 Z");
        var outline = new GlyphOutline(path);
        Assert.Equal(-5, SignedDistance(outline, 7, 7), 1e-6);
        Assert.Equal(-1, SignedDistance(outline, 3, 7), 1e-6);
        Assert.Equal(0, SignedDistance(outline, 2, 7), 1e-6);
        Assert.Equal(4, SignedDistance(outline, 16, 7), 1e-6);
        Assert.Equal(5, SignedDistance(outline, 15, 16), 1e-6);
    }

    [Fact]
    public void A_hole_is_outside_and_a_curve_is_followed()
    {
        // Circles of radius 10 and, the other way round, 5: each of two arcs in cubic curves.
        const double k = 0.5522847;
        using var path = SKPath.ParseSvgPathData(FormattableString.Invariant($"""
            M10 0 C10 {10 * k} {10 * k} 10 0 10 C{-10 * k} 10 -10 {10 * k} -10 0 C-10 {-10 * k} {-10 * k} -10 0 -10 C{10 * k} -10 10 {-10 * k} 10 0 Z
            M5 0 C5 {-5 * k} {5 * k} -5 0 -5 C{-5 * k} -5 -5 {-5 * k} -5 0 C-5 {5 * k} {-5 * k} 5 0 5 C{5 * k} 5 5 {5 * k} 5 0 Z
            """));
        var outline = new GlyphOutline(path);
        Assert.Equal(5, SignedDistance(outline, 0, 0), 0.1);
        for (var angle = 0.0; angle < 6.3; angle += 0.37)
        {
            Assert.Equal(-2, SignedDistance(outline, 8 * Math.Cos(angle), 8 * Math.Sin(angle)), 0.1);
            Assert.Equal(3, SignedDistance(outline, 13 * Math.Cos(angle), 13 * Math.Sin(angle)), 0.1);
        }
    }

    [Fact]
    public void A_letter_has_its_measures_and_a_field_that_is_191_on_its_outline()
    {
        var range = Read(GlyphRange.Encode("Any", 0));
        if (MachineFonts.All.Length == 0)
        {
            // A machine without fonts has no letters to give, and says so by giving none.
            Assert.Empty(range);
            return;
        }
        var letter = range['H'];
        using var font = new SKFont(MachineFonts.All[0], 24);
        Assert.Equal(Math.Round(font.MeasureText("H")), letter.Advance, 1.0);
        Assert.Equal((letter.Width + 6) * (letter.Height + 6), letter.Field.Length);
        Assert.InRange(letter.Height, 15, 20);
        // An H stands on the baseline, 26 pixels under the line from which tops are counted.
        Assert.Equal(letter.Height - 26, letter.Top, 1.0);
        // Through the stem at the left, a quarter down: from outside, over the outline, in.
        var row = letter.Field.AsSpan((letter.Width + 6) * (3 + letter.Height / 4), letter.Width + 6);
        Assert.True(row[0] < row[1] && row[1] < row[2] && row[2] < 191, string.Join(' ', row.ToArray()));
        Assert.True(row[4] > 191, string.Join(' ', row.ToArray()));
        // A pixel nearer to the outline is 255 / 8 more.
        Assert.Equal(255 / 8.0, row[1] - row[0], 1.0);
        Assert.Equal((0, 0), (range[' '].Width, range[' '].Field.Length));
        Assert.InRange(range[' '].Advance, 4, 12);
    }

    [Fact]
    public void Chinese_letters_come_from_a_font_that_has_them()
    {
        var range = Read(GlyphRange.Encode("Any", '市' / 256 * 256));
        Assert.Equal(MachineFonts.All.Any(HasIt), range.ContainsKey('市'));
        if (range.TryGetValue('市', out var letter))
        {
            Assert.InRange(letter.Advance, 20, 28);
            Assert.InRange(letter.Width, 18, 26);
        }

        static bool HasIt(SKTypeface typeface)
        {
            using var font = new SKFont(typeface);
            return font.GetGlyph('市') != 0;
        }
    }

    private static double SignedDistance(GlyphOutline outline, double x, double y) => outline.Distances(x - 0.5, y - 0.5, 1, 1, 10)[0];

    private sealed record Letter(int Width, int Height, int Left, int Top, int Advance, byte[] Field);

    /// <summary>Reads glyphs.proto of node-fontnik, independently of the product's writer.</summary>
    private static Dictionary<int, Letter> Read(byte[] file)
    {
        var letters = new Dictionary<int, Letter>();
        foreach (var glyph in Fields(Fields(file).Single().Bytes).Where(f => f.Field == 3).Select(f => Fields(f.Bytes)))
        {
            int Number(int field) => (int)glyph.Single(f => f.Field == field).Number;
            int Signed(int field) => Number(field) >> 1 ^ -(Number(field) & 1);
            letters.Add(Number(1), new Letter(Number(3), Number(4), Signed(5), Signed(6), Number(7), glyph.FirstOrDefault(f => f.Field == 2).Bytes ?? []));
        }
        return letters;
    }

    private static List<(int Field, long Number, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, long, byte[])>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint();
            var value = Varint();
            if ((key & 7) == 2)
            {
                fields.Add(((int)(key >> 3), 0, message[at..(at + (int)value)]));
                at += (int)value;
            }
            else
            {
                fields.Add(((int)(key >> 3), value, []));
            }

            long Varint()
            {
                var value = 0L;
                for (var shift = 0; ; shift += 7)
                {
                    value |= (message[at] & 0x7FL) << shift;
                    if (message[at++] < 0x80)
                    {
                        return value;
                    }
                }
            }
        }
        return fields;
    }
}
