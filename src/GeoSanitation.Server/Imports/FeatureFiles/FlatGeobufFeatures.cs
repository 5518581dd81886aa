using System.Buffers.Binary;
using System.Text;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>The features of a FlatGeobuf file (flatgeobuf.org, version 3), with or without an index.</summary>
internal sealed class FlatGeobufFeatures : FeatureFile
{
    private const int MagicBytes = 8;
    private const int LargestHeader = 1 << 24;
    private const int LargestFeature = 1 << 26;
    private const int IndexNodeBytes = 40;
    private const int DeepestNesting = 8;

    private readonly FileStream _file;
    private readonly byte _type;
    private readonly byte[] _columnTypes;
    private byte[] _buffer = new byte[1 << 12];

    /// <summary>Reads the header and passes over the index.</summary>
    /// <param name="file">The file; whoever has it closes it.</param>
    internal FlatGeobufFeatures(FileStream file) : base("FlatGeobuf file")
    {
        _file = file;
        _file.Position = MagicBytes;
        var header = FlatTable.RootOf(Block(LargestHeader) ?? throw new InvalidDataException("it has no header"));
        _type = header.Number<byte>(2);
        var names = new string[header.CountOf(7)];
        _columnTypes = new byte[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var column = header.Table(7, i);
            (names[i], _columnTypes[i]) = (column.Text(0) is { Length: > 0 } name ? name : $"column {i + 1}", column.Number<byte>(1));
        }
        Columns = names;
        Texts = new string[names.Length];
        var count = header.Number<ulong>(8);
        Count = count is > 0 and <= int.MaxValue ? (long)count : null;
        CrsName = header.Has(10) ? CrsOf(header.Table(10)) : null;
        SkipIndex(count, header.Number<ushort>(9, 16));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private protected override bool Next()
    {
        if (Block(LargestFeature) is not { } block)
        {
            return false;
        }
        Number++;
        var feature = FlatTable.RootOf(block);
        Array.Fill(Texts, "");
        ReadProperties(feature.Vector<byte>(1));
        if (feature.Has(0))
        {
            Take(() => ShapeOf(FlatTable.RootOf(block).Table(0), _type, 0));
        }
        return true;
    }

    private static string? CrsOf(FlatTable crs)
    {
        var number = crs.Number<int>(1);
        var code = number > 0 ? $"{crs.Text(0) ?? "EPSG"}:{number}" : crs.Text(5);
        return CrsNameOf(code, crs.Text(4)) ?? crs.Text(2);
    }

    /// <summary>A packed tree stands between the header and the features: its leaves, and a node for every so many of the level below.</summary>
    private void SkipIndex(ulong count, int nodeSize)
    {
        if (nodeSize == 0 || count == 0)
        {
            return;
        }
        var (level, nodes) = (count, count);
        do
        {
            level = (level - 1) / (ulong)Math.Max(nodeSize, 2) + 1;
            nodes += level;
        }
        while (level > 1 && nodes <= (ulong)_file.Length);
        if (nodes * IndexNodeBytes > (ulong)(_file.Length - _file.Position))
        {
            throw new InvalidDataException("its index is cut off");
        }
        _file.Position += (long)nodes * IndexNodeBytes;
    }

    /// <summary>The next part of the file, its size in front; null at the end. Valid until the next call.</summary>
    private ArraySegment<byte>? Block(int most)
    {
        Span<byte> size = stackalloc byte[4];
        var read = _file.ReadAtLeast(size, 4, throwOnEndOfStream: false);
        if (read == 0)
        {
            return null;
        }
        var length = read == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(size) : throw new InvalidDataException("it is cut off");
        if (length > most || length > _file.Length - _file.Position)
        {
            throw new InvalidDataException($"a part of it is said to have {length} bytes, more than there are or may be");
        }
        if (_buffer.Length < length)
        {
            _buffer = new byte[length];
        }
        _file.ReadExactly(_buffer, 0, (int)length);
        return new ArraySegment<byte>(_buffer, 0, (int)length);
    }

    /// <summary>Pairs of a column's number and its value, as wide as its type.</summary>
    private void ReadProperties(ReadOnlySpan<byte> values)
    {
        while (!values.IsEmpty)
        {
            var column = BinaryPrimitives.ReadUInt16LittleEndian(values);
            if (column >= _columnTypes.Length)
            {
                throw new InvalidDataException($"a feature has a value for column {column}, which there is not");
            }
            values = values[2..];
            var (value, size) = ValueOf(_columnTypes[column], values);
            Texts[column] = TextOf(value);
            values = values[size..];
        }
    }

    private static (object Value, int Size) ValueOf(byte type, ReadOnlySpan<byte> values)
    {
        switch (type)
        {
            case 0: return ((sbyte)values[0], 1);
            case 1: return (values[0], 1);
            case 2: return (values[0] != 0, 1);
            case 3: return (BinaryPrimitives.ReadInt16LittleEndian(values), 2);
            case 4: return (BinaryPrimitives.ReadUInt16LittleEndian(values), 2);
            case 5: return (BinaryPrimitives.ReadInt32LittleEndian(values), 4);
            case 6: return (BinaryPrimitives.ReadUInt32LittleEndian(values), 4);
            case 7: return (BinaryPrimitives.ReadInt64LittleEndian(values), 8);
            case 8: return (BinaryPrimitives.ReadUInt64LittleEndian(values), 8);
            case 9: return (BinaryPrimitives.ReadSingleLittleEndian(values), 4);
            case 10: return (BinaryPrimitives.ReadDoubleLittleEndian(values), 8);
            case 11 or 12 or 13 or 14:
                // Texts, JSON, times as texts; and bytes, which say nothing here.
                var text = values.Slice(4, BinaryPrimitives.ReadInt32LittleEndian(values));
                return (type == 14 ? "" : Encoding.UTF8.GetString(text), 4 + text.Length);
            default:
                throw new InvalidDataException($"a column has the type {type}, which the format does not have");
        }
    }

    private static Geometry? ShapeOf(FlatTable shape, byte type, int depth)
    {
        type = type == 0 ? shape.Number<byte>(6) : type;
        var xy = shape.Vector<double>(1);
        switch (type)
        {
            case 1:
                return xy.Length >= 2 ? ShapeBuilder.PointOf(xy[0], xy[1]) : null;
            case 3:
                return ShapeBuilder.PolygonOf(RingsOf(ShapeBuilder.PlacesOf(xy), shape.Vector<uint>(0)));
            case 4:
                return ShapeBuilder.Factory.CreateMultiPointFromCoords(ShapeBuilder.PlacesOf(xy));
            case 6 or 7 when depth <= DeepestNesting:
                var parts = new List<Geometry>();
                for (var i = 0; i < shape.CountOf(7); i++)
                {
                    if (ShapeOf(shape.Table(7, i), type == 6 ? (byte)3 : (byte)0, depth + 1) is { } part)
                    {
                        parts.Add(part);
                    }
                }
                return type == 6 ? ShapeBuilder.Factory.CreateMultiPolygon([.. parts.OfType<Polygon>()]) : ShapeBuilder.Factory.CreateGeometryCollection([.. parts]);
            default:
                throw new FormatException($"its kind {type} is neither a point nor a polygon");
        }
    }

    private static List<Coordinate[]> RingsOf(Coordinate[] places, ReadOnlySpan<uint> ends)
    {
        var rings = new List<Coordinate[]>();
        var start = 0;
        foreach (var end in ends)
        {
            rings.Add(places[start..checked((int)end)]);
            start = (int)end;
        }
        return ends.IsEmpty ? [places] : rings;
    }
}
