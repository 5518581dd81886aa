using System.IO.Compression;
using System.Text;
using System.Text.Unicode;
using NetTopologySuite.IO.Esri;
using NetTopologySuite.IO.Esri.Shapefiles.Readers;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>The features of a Shapefile (Esri, 1998): a .shp with its companions beside it, or all of them in a ZIP file.</summary>
internal sealed class ShapefileFeatures : FeatureFile
{
    // What a packed Shapefile may unpack to.
    private const long MostUnpackedBytes = 1L << 30;

    // As much of a table tells its encoding.
    private const int SampledBytes = 1 << 24;

    private static readonly string[] Parts = [".shp", ".shx", ".dbf", ".prj", ".cpg"];

    private readonly ShapefileReader _reader;
    private readonly DirectoryInfo? _unpacked;

    /// <summary>Opens one.</summary>
    /// <param name="path">The .shp.</param>
    /// <param name="unpacked">A folder to remove in the end, or null.</param>
    internal ShapefileFeatures(string path, DirectoryInfo? unpacked) : base("Shapefile")
    {
        string? Beside(string extension)
            => (string[])[Path.ChangeExtension(path, extension), Path.ChangeExtension(path, extension.ToUpperInvariant())] is var paths ? paths.FirstOrDefault(File.Exists) : null;
        if (Beside(".dbf") is not { } table)
        {
            throw new ImportFileException("the Shapefile's .dbf is missing; it must stand beside the .shp, or both in one .zip");
        }
        ShapefileCounts.Check(path);
        CrsName = Beside(".prj") is { } projection ? CrsNameOf(null, File.ReadAllText(projection)) : null;
        CutsNames = true;
        _reader = Shapefile.OpenRead(path, new ShapefileReaderOptions { GeometryBuilderMode = GeometryBuilderMode.IgnoreInvalidShapes, Encoding = EncodingOf(table, Beside(".cpg")) });
        Count = _reader.RecordCount;
        Columns = [.. _reader.Fields.Select(field => field.Name)];
        Texts = new string[Columns.Count];
        _unpacked = unpacked;
    }

    /// <summary>How a .shp begins: the number 9994.</summary>
    internal static ReadOnlySpan<byte> FileCode => [0, 0, 0x27, 0x0A];

    /// <summary>Opens the only one in a ZIP file.</summary>
    internal static ShapefileFeatures OfZip(ZipArchive zip)
    {
        // Macs put a second file of the same ending beside each.
        var shapes = zip.Entries.Where(e => e.Name.EndsWith(".shp", StringComparison.OrdinalIgnoreCase) && !e.Name.StartsWith("._", StringComparison.Ordinal)).ToList();
        if (shapes.Count != 1)
        {
            throw new ImportFileException($"the ZIP file has {shapes.Count} Shapefiles (.shp) in it and no Excel workbook; it must have one");
        }
        var stem = Path.ChangeExtension(shapes[0].FullName, null);
        var folder = Directory.CreateTempSubdirectory("geosan-shapefile-");
        try
        {
            var left = MostUnpackedBytes;
            foreach (var entry in zip.Entries.Where(e => Path.ChangeExtension(e.FullName, null) == stem))
            {
                var extension = Path.GetExtension(entry.Name).ToLowerInvariant();
                if (Parts.Contains(extension))
                {
                    using var from = new BoundedStream(entry.Open(), left, "the ZIP file");
                    using var to = File.Create(Path.Combine(folder.FullName, "features" + extension));
                    from.CopyTo(to);
                    left -= to.Length;
                }
            }
            return new ShapefileFeatures(Path.Combine(folder.FullName, "features.shp"), folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _reader.Dispose();
        _unpacked?.Delete(recursive: true);
    }

    private protected override bool Next()
    {
        bool deleted;
        do
        {
            if (!_reader.Read(out deleted))
            {
                return false;
            }
        }
        while (deleted);
        Number++;
        for (var i = 0; i < Texts.Length; i++)
        {
            Texts[i] = TextOf(_reader.Fields[i].Value);
        }
        Take(() => _reader.Geometry);
        return true;
    }

    /// <summary>The encoding of a .dbf: what its .cpg says; else UTF-8 if it is, else GB 18030.</summary>
    private static Encoding EncodingOf(string table, string? codePage)
    {
        if (codePage is not null)
        {
            var name = File.ReadAllText(codePage).Trim();
            if (name.Replace("-", "", StringComparison.Ordinal).Equals("UTF8", StringComparison.OrdinalIgnoreCase))
            {
                return Encoding.UTF8;
            }
            try
            {
                return CodePagesEncodingProvider.Instance.GetEncoding(name)
                    ?? (int.TryParse(name, out var number) ? CodePagesEncodingProvider.Instance.GetEncoding(number) : null)
                    ?? Encoding.GetEncoding(name);
            }
            catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
            {
                // An unknown name says nothing; the bytes may.
            }
        }
        using var file = File.OpenRead(table);
        var bytes = new byte[(int)Math.Min(file.Length, SampledBytes)];
        file.ReadExactly(bytes);
        // Header and records have the lengths that stand at 8 and 10; the sample ends with a record.
        var (header, record) = bytes.Length >= 12 ? (BitConverter.ToUInt16(bytes, 8), BitConverter.ToUInt16(bytes, 10)) : (bytes.Length, 0);
        var length = record > 0 && header < bytes.Length ? (bytes.Length - header) / record * record : 0;
        return Utf8.IsValid(bytes.AsSpan(Math.Min(header, bytes.Length), length)) ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
    }
}
