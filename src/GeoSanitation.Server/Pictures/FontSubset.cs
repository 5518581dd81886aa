using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace GeoSanitation.Server.Pictures;

/// <summary>
/// Cuts a font down to the letters that a document takes: Skia, as it is built here, puts whole fonts into a PDF, and a Chinese one has megabytes of shapes.
/// Shapes in the TrueType form (glyf) keep their numbers; those of letters that are not taken become empty. Source: ISO/IEC 14496-22 (OpenType), chapters 4 and 5.
/// </summary>
internal static class FontSubset
{
    /// <summary>Tables that stay as they are, where a font has them; what is for laying out, or for other letters, goes.</summary>
    private static readonly string[] Kept = ["OS/2", "cvt ", "fpgm", "hhea", "hmtx", "maxp", "name", "prep"];

    /// <summary>A font with some of the letters of another.</summary>
    /// <param name="whole">The font.</param>
    /// <param name="runes">The letters, as code points; those that the font does not have are passed over.</param>
    /// <returns>The new font; null where the font's shapes are not in the TrueType form.</returns>
    internal static SKTypeface? Of(SKTypeface whole, IEnumerable<int> runes)
    {
        if (Table(whole, "glyf") is not { } shapes || Table(whole, "loca") is not { } places || Table(whole, "head") is not { } head || Table(whole, "post") is not { Length: >= 32 } post)
        {
            return null;
        }
        using var font = new SKFont(whole);
        var letters = new SortedDictionary<int, ushort>();
        foreach (var rune in runes)
        {
            if (font.GetGlyph(rune) is not 0 and var glyph)
            {
                letters[rune] = glyph;
            }
        }
        var (newShapes, newPlaces) = Shapes(shapes, Places(places, BinaryPrimitives.ReadInt16BigEndian(head.AsSpan(50)) != 0), letters.Values);
        // The sum over the whole font and the width of places follow from what is written.
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), 0);
        // Version 3: shapes without names.
        BinaryPrimitives.WriteUInt32BigEndian(post, 0x00030000);
        var tables = new SortedDictionary<string, byte[]>(StringComparer.Ordinal) { ["cmap"] = LettersTable(letters), ["glyf"] = newShapes, ["head"] = head, ["loca"] = newPlaces, ["post"] = post[..32] };
        foreach (var name in Kept)
        {
            if (Table(whole, name) is { } table)
            {
                tables[name] = table;
            }
        }
        using var data = SKData.CreateCopy(FileOf(tables));
        return SKTypeface.FromData(data);
    }

    private static byte[]? Table(SKTypeface font, string name)
        => font.TryGetTableData(BinaryPrimitives.ReadUInt32BigEndian(Encoding.ASCII.GetBytes(name)), out var table) ? table : null;

    /// <summary>Where each shape begins, and where the last one ends.</summary>
    private static int[] Places(byte[] table, bool wide)
    {
        var places = new int[table.Length / (wide ? 4 : 2)];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = wide ? BinaryPrimitives.ReadInt32BigEndian(table.AsSpan(4 * i)) : 2 * BinaryPrimitives.ReadUInt16BigEndian(table.AsSpan(2 * i));
        }
        return places;
    }

    /// <summary>The shapes that are taken, with those that they are made of and the one for what is missing.</summary>
    private static (byte[] Shapes, byte[] Places) Shapes(byte[] shapes, int[] places, IEnumerable<ushort> glyphs)
    {
        var taken = new HashSet<int> { 0 };
        var open = new Stack<int>(glyphs.Select(glyph => (int)glyph));
        while (open.TryPop(out var glyph))
        {
            if (glyph + 1 < places.Length && taken.Add(glyph))
            {
                PartsOf(shapes.AsSpan(places[glyph]..places[glyph + 1]), open);
            }
        }
        using var file = new MemoryStream();
        var newPlaces = new byte[4 * places.Length];
        for (var i = 0; i + 1 < places.Length; i++)
        {
            if (taken.Contains(i))
            {
                file.Write(shapes, places[i], places[i + 1] - places[i]);
                file.SetLength(file.Position += (4 - file.Position % 4) % 4);
            }
            BinaryPrimitives.WriteInt32BigEndian(newPlaces.AsSpan(4 * (i + 1)), (int)file.Position);
        }
        return (file.ToArray(), newPlaces);
    }

    /// <summary>Shapes that a shape is made of, as accented letters are.</summary>
    private static void PartsOf(ReadOnlySpan<byte> shape, Stack<int> parts)
    {
        const int wideOffsets = 1, scale = 8, more = 0x20, twoScales = 0x40, matrix = 0x80;
        if (shape.Length < 10 || BinaryPrimitives.ReadInt16BigEndian(shape) >= 0)
        {
            return;
        }
        int flags;
        var at = 10;
        do
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(shape[at..]);
            parts.Push(BinaryPrimitives.ReadUInt16BigEndian(shape[(at + 2)..]));
            at += 4 + ((flags & wideOffsets) != 0 ? 4 : 2) + ((flags & scale) != 0 ? 2 : (flags & twoScales) != 0 ? 4 : (flags & matrix) != 0 ? 8 : 0);
        }
        while ((flags & more) != 0);
    }

    /// <summary>Which shape a letter has: one subtable of format 12 for all of Unicode.</summary>
    private static byte[] LettersTable(SortedDictionary<int, ushort> letters)
    {
        var table = new byte[12 + 16 + 12 * letters.Count];
        var at = 0;
        Write16(0, 1, 3, 10);
        Write32(12);
        Write16(12, 0);
        Write32((uint)table.Length - 12, 0, (uint)letters.Count);
        foreach (var (rune, glyph) in letters)
        {
            Write32((uint)rune, (uint)rune, glyph);
        }
        return table;

        void Write16(params ReadOnlySpan<ushort> values)
        {
            foreach (var value in values)
            {
                BinaryPrimitives.WriteUInt16BigEndian(table.AsSpan(at), value);
                at += 2;
            }
        }

        void Write32(params ReadOnlySpan<uint> values)
        {
            foreach (var value in values)
            {
                BinaryPrimitives.WriteUInt32BigEndian(table.AsSpan(at), value);
                at += 4;
            }
        }
    }

    /// <summary>A font's file: which tables there are, where and with which sums, and the tables.</summary>
    private static byte[] FileOf(SortedDictionary<string, byte[]> tables)
    {
        var count = tables.Count;
        var power = System.Numerics.BitOperations.Log2((uint)count);
        var begin = 12 + 16 * count;
        var file = new byte[begin + tables.Values.Sum(table => Padded(table.Length))];
        BinaryPrimitives.WriteUInt32BigEndian(file, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(4), (ushort)count);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(6), (ushort)(16 << power));
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(8), (ushort)power);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(10), (ushort)(16 * count - (16 << power)));
        var (entry, at, head) = (12, begin, 0);
        foreach (var (name, table) in tables)
        {
            table.CopyTo(file, at);
            Encoding.ASCII.GetBytes(name, file.AsSpan(entry));
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(entry + 4), Sum(file.AsSpan(at, Padded(table.Length))));
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(entry + 8), at);
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(entry + 12), table.Length);
            head = name == "head" ? at : head;
            (entry, at) = (entry + 16, at + Padded(table.Length));
        }
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(head + 8), 0xB1B0AFBA - Sum(file));
        return file;
    }

    private static int Padded(int length) => (length + 3) / 4 * 4;

    private static uint Sum(ReadOnlySpan<byte> words)
    {
        var sum = 0u;
        for (var i = 0; i < words.Length; i += 4)
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(words[i..]);
        }
        return sum;
    }
}
