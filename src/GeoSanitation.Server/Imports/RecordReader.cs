using System.Buffers;
using System.IO.Compression;
using GeoSanitation.Server.Imports.FeatureFiles;

namespace GeoSanitation.Server.Imports;

/// <summary>The rows of a file, one after the other, as UTF-8 fields; memory does not grow with the file.</summary>
internal abstract class RecordReader : IDisposable
{
    /// <summary>The column of a geometry's x, east.</summary>
    internal const string XColumn = "geometry x";

    /// <summary>The column of a geometry's y, north.</summary>
    internal const string YColumn = "geometry y";

    // Blanks, a record separator (RFC 8142) and the three bytes of a byte order mark.
    private static readonly SearchValues<byte> BeforeJson = SearchValues.Create(" \t\r\n\u001E\uFEFF"u8);

    private readonly FileStream _file;

    private protected RecordReader(FileStream file) => _file = file;

    /// <summary>Names of the columns, in the file's order; without NUL characters, which no message and no record of the import could hold.</summary>
    internal IReadOnlyList<string> Columns
    {
        get;
        private protected set => field = [.. value.Select(name => name.Replace("\0", "", StringComparison.Ordinal))];
    } = [];

    /// <summary>The coordinate system the file names, or null.</summary>
    internal virtual string? CrsName => null;

    /// <summary>True where the form of the file cuts names of columns at ten bytes.</summary>
    internal virtual bool CutsNames => false;

    /// <summary>Where the current row is: its first line, from 1, or the number of the feature.</summary>
    internal long Line { get; private protected set; }

    /// <summary>What is wrong with the current row as a whole, or null; its fields are then not to be used.</summary>
    internal string? Defect { get; private protected set; }

    /// <summary>Bytes of the file (packed, if it is) that were read, of <see cref="TotalBytes"/>.</summary>
    internal virtual long BytesRead => _file.Position;

    internal long TotalBytes => _file.Length;

    /// <summary>Something odd about the file itself that its owner should know, or null.</summary>
    internal string? Warning { get; private protected set; }

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="ImportFileException">The file is broken from here on.</exception>
    internal abstract bool Read();

    /// <summary>A field of the current row, without surrounding blanks; valid until the next <see cref="Read"/>.</summary>
    internal abstract ReadOnlyMemory<byte> this[int column] { get; }

    /// <summary>The current row as it stands in the file, for the list of refused rows.</summary>
    internal abstract ReadOnlySpan<byte> Raw { get; }

    /// <summary>Opens a file by what is in it: CSV or GeoJSON, plain or gzip; GeoPackage, Shapefile, FlatGeobuf, GeoParquet or Excel.</summary>
    /// <exception cref="ImportFileException">It is none of these, broken or empty.</exception>
    internal static RecordReader Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            if (FeatureFile.Open(file, ofPoints: true) is { } features)
            {
                return new FeatureRecords(file, features);
            }
            var start = Unpack(file, out var sample);
            if (sample.IsEmpty)
            {
                throw new ImportFileException("the file is empty");
            }
            return IsJson(sample.Span)
                ? new GeoJsonRecords(file, start)
                : CsvRecords.Open(file, start, sample.Span);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether contents begin as an object or a list of JSON does.</summary>
    internal static bool IsJson(ReadOnlySpan<byte> sample) => sample.IndexOfAnyExcept(BeforeJson) is >= 0 and var first && sample[first] is (byte)'{' or (byte)'[';

    /// <summary>A stream of the contents from their start, and the first up to 64 kB of them.</summary>
    internal static Stream Unpack(FileStream file, out ReadOnlyMemory<byte> sample)
    {
        Span<byte> magic = stackalloc byte[2];
        var packed = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        file.Position = 0;
        var block = new byte[1 << 16];
        try
        {
            using (var peek = packed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : Stream.Null)
            {
                var length = (packed ? peek : file).ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
                sample = block.AsMemory(0, length);
            }
        }
        catch (InvalidDataException)
        {
            throw new ImportFileException("the file begins like gzip but cannot be unpacked");
        }
        file.Position = 0;
        return packed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
    }

    /// <inheritdoc/>
    public virtual void Dispose() => _file.Dispose();
}
