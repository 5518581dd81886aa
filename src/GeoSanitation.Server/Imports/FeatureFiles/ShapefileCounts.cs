using System.Buffers.Binary;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>Checks the counts in a .shp against its bytes (Esri, 1998, pp. 4-14): the library that reads shapes believes them, and loops over what is not there.</summary>
internal static class ShapefileCounts
{
    private const int HeaderBytes = 100;
    private const int RecordHeaderBytes = 8;
    private const int PlaceBytes = 16;

    // Kind, box, number of parts, number of places.
    private const int StartBytes = 44;

    /// <exception cref="InvalidDataException">A record says more than it holds.</exception>
    internal static void Check(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        file.Position = HeaderBytes;
        Span<byte> start = stackalloc byte[StartBytes];
        for (var record = 1L; file.Position < file.Length; record++)
        {
            var header = start[..RecordHeaderBytes];
            var length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length ? 2L * BinaryPrimitives.ReadInt32BigEndian(header[4..]) : -1;
            var end = file.Position + length;
            if (length < 4 || end > file.Length || !Fits(file, start, length))
            {
                throw new InvalidDataException($"its record {record} says that it holds more than it does");
            }
            file.Position = end;
        }
    }

    private static bool Fits(FileStream file, Span<byte> start, long length)
    {
        start.Clear();
        file.ReadExactly(start[..(int)Math.Min(length, StartBytes)]);
        int Whole(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        switch (Whole(start, 0))
        {
            case 0:
                return true;
            case 1 or 11 or 21:
                return length >= 4 + PlaceBytes;
            case 8 or 18 or 28:
                return Whole(start, 36) is >= 0 and var places && length >= 40 + (long)PlaceBytes * places;
            case 3 or 5 or 13 or 15 or 23 or 25:
                var (parts, all) = (Whole(start, 36), Whole(start, 40));
                return parts >= 0 && all >= 0 && length >= StartBytes + 4L * parts + (long)PlaceBytes * all && PartsAscend(file, parts, all);
            default:
                return false;
        }
    }

    private static bool PartsAscend(FileStream file, int parts, int places)
    {
        Span<byte> index = stackalloc byte[4];
        for (var (i, last) = (0, -1); i < parts; i++)
        {
            file.ReadExactly(index);
            var first = BinaryPrimitives.ReadInt32LittleEndian(index);
            if (first <= last || first >= places || (i == 0 && first != 0))
            {
                return false;
            }
            last = first;
        }
        return true;
    }
}
