using System.Globalization;
using System.IO.Compression;
using GeoSanitation.Coordinates;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>A table of features in one of the forms of map programs and spreadsheets, read from its start to its end.</summary>
/// <param name="form">What such a file is called, for whoever sent it.</param>
internal abstract class FeatureFile(string form) : IDisposable
{
    /// <summary>Names of the attributes, in the file's order.</summary>
    internal IReadOnlyList<string> Columns { get; private protected set; } = [];

    /// <summary>False for a table whose places, if any, stand in its columns.</summary>
    internal bool HasShapes { get; private protected init; } = true;

    /// <summary>The coordinate system the file names, whether it is known here or not; null where it names none.</summary>
    internal string? CrsName { get; private protected init; }

    /// <summary>True where the form cuts names of attributes at ten bytes.</summary>
    internal bool CutsNames { get; private protected init; }

    /// <summary>How many features there are, or null where only reading tells.</summary>
    internal long? Count { get; private protected init; }

    /// <summary>Something odd about the file itself that its owner should know, or null.</summary>
    internal string? Warning { get; private protected init; }

    /// <summary>Number of the feature read last, from 1; of a sheet the number of the row.</summary>
    internal long Number { get; private protected set; }

    /// <summary>Attributes of the feature as texts, in the order of <see cref="Columns"/>; empty where there is no value.</summary>
    internal string[] Texts { get; private protected set; } = [];

    /// <summary>The shape in the file's coordinates, x east, maybe invalid; null where there is none.</summary>
    internal Geometry? Shape { get; private protected set; }

    /// <summary>Why the shape cannot be read, or null.</summary>
    internal string? Defect { get; private protected set; }

    /// <summary>Opens a file by what is in it.</summary>
    /// <param name="file">The file, at its start.</param>
    /// <param name="ofPoints">Whether points are wanted, or areas, where the file has several layers.</param>
    /// <returns>Null when it is in none of these forms; the file is at its start then.</returns>
    /// <exception cref="ImportFileException">It is, and it is broken.</exception>
    internal static FeatureFile? Open(FileStream file, bool ofPoints)
    {
        Span<byte> start = stackalloc byte[16];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        return start.StartsWith("PK\u0003\u0004"u8) ? Opened("ZIP file", () => OpenZip(file))
            : start.StartsWith("SQLite format 3\0"u8) ? Opened("GeoPackage", () => new GeoPackageFeatures(file.Name, ofPoints))
            : start.StartsWith("fgb\u0003fgb"u8) ? Opened("FlatGeobuf file", () => new FlatGeobufFeatures(file))
            : start.StartsWith("PAR1"u8) ? Opened("Parquet file", () => new GeoParquetFeatures(file))
            : start.StartsWith(ShapefileFeatures.FileCode) ? Opened("Shapefile", () => new ShapefileFeatures(file.Name, unpacked: null))
            : start.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]) ? throw new ImportFileException("this is a workbook of Excel before 2007 (.xls); save it as .xlsx or CSV")
            : null;
    }

    /// <summary>Goes to the next feature; false at the end.</summary>
    /// <exception cref="ImportFileException">The file is broken from here on.</exception>
    internal bool Read()
    {
        (Shape, Defect) = (null, null);
        try
        {
            return Next();
        }
        catch (Exception problem) when (problem is not ImportFileException)
        {
            throw new ImportFileException($"the {form} cannot be read after {(HasShapes ? "feature" : "row")} {Number}: {Explain(problem)}");
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Reads the next feature; false at the end.</summary>
    private protected abstract bool Next();

    /// <summary>Takes the shape of a feature, or says what is wrong with it.</summary>
    private protected void Take(Func<Geometry?> shape)
    {
        try
        {
            Shape = shape() is { IsEmpty: false } read ? read : null;
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            Defect = $"the geometry cannot be read: {Explain(problem)}";
        }
    }

    /// <summary>The name of a system that a file describes by a code, by well-known text, or by both.</summary>
    private protected static string? CrsNameOf(string? code, string? wkt)
    {
        if (string.IsNullOrWhiteSpace(wkt) || (code is not null && IsKnown(code)))
        {
            return code;
        }
        try
        {
            return CrsRegistry.FromWkt(wkt).Name;
        }
        catch (UnknownCrsException)
        {
            return code ?? (wkt.Split('"') is [_, { Length: > 0 and < 100 } name, ..] ? name : "one of its own");
        }
    }

    /// <summary>A value as the text that a CSV file would have.</summary>
    private protected static string TextOf(object? value) => value switch
    {
        null or DBNull or byte[] => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => ((long)number).ToString(CultureInfo.InvariantCulture),
        DateTime { TimeOfDay.Ticks: 0, Kind: not DateTimeKind.Utc } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + (time.Kind == DateTimeKind.Utc ? "Z" : ""),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static FeatureFile OpenZip(FileStream file)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        return zip.GetEntry(ExcelBook.Workbook) is not null ? new ExcelRows(file)
            : zip.GetEntry("xl/workbook.bin") is not null ? throw new ImportFileException("this is a binary workbook (.xlsb); save it as .xlsx or CSV")
            : ShapefileFeatures.OfZip(zip);
    }

    private static FeatureFile Opened(string form, Func<FeatureFile> open)
    {
        try
        {
            return open();
        }
        catch (Exception problem) when (problem is not ImportFileException)
        {
            throw new ImportFileException($"the {form} cannot be read: {Explain(problem)}");
        }
    }

    // Readers say broken in many ways: a position outside of the bytes, an early end, a count that no memory holds ...
    private static string Explain(Exception problem) => problem is FormatException or InvalidDataException or Microsoft.Data.Sqlite.SqliteException or System.Xml.XmlException or NotSupportedException
        ? problem.Message.ReplaceLineEndings(" ")
        : "it is cut off or damaged";

    private static bool IsKnown(string name)
    {
        try
        {
            return CrsRegistry.Find(name) is not null;
        }
        catch (UnknownCrsException)
        {
            return false;
        }
    }
}
