using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using GeoSanitation.Coordinates;

namespace GeoSanitation.Server.FeatureTables;

/// <summary>A table as FlatGeobuf (flatgeobuf.org, version 3), without an index: these tables are read as a whole.</summary>
internal static class FlatGeobufForm
{
    private static readonly byte[] Magic = [(byte)'f', (byte)'g', (byte)'b', 3, (byte)'f', (byte)'g', (byte)'b', 0];

    private enum GeometryType : byte
    {
        Point = 1,
        Polygon = 3,
        MultiPolygon = 6,
    }

    private enum ValueType : byte
    {
        Long = 7,
        Double = 10,
        String = 11,
        Json = 12,
        DateTime = 13,
    }

    /// <summary>Writes it.</summary>
    /// <param name="table">The features.</param>
    /// <param name="output">System of the coordinates; x is east.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="description">How the features came about, for people.</param>
    /// <param name="file">Where to.</param>
    /// <param name="cancellation">Stops.</param>
    internal static void Write(FeatureTable table, Crs output, string name, string description, Stream file, CancellationToken cancellation)
    {
        var shapes = table.Rows.Select(row => Shape.Of(table, output, row)).ToList();
        var type = table.Places is not null ? GeometryType.Point : shapes.Any(s => s.Polygons.Count != 1) ? GeometryType.MultiPolygon : GeometryType.Polygon;
        var buffer = new FlatBuffer();
        file.Write(Magic);
        file.Write(Header(buffer, table, output, name, description, type, Shape.BoundsOf(shapes)));
        var properties = new ArrayBufferWriter<byte>();
        foreach (var (row, shape) in table.Rows.Zip(shapes))
        {
            cancellation.ThrowIfCancellationRequested();
            buffer.Clear();
            properties.ResetWrittenCount();
            WriteProperties(properties, table, row);
            var (geometry, values) = (Geometry(buffer, shape, type), buffer.Vector(properties.WrittenSpan));
            buffer.StartTable(3);
            buffer.Reference(0, geometry);
            buffer.Reference(1, values);
            file.Write(buffer.Finish(buffer.EndTable()));
        }
    }

    private static ReadOnlySpan<byte> Header(FlatBuffer buffer, FeatureTable table, Crs output, string name, string description, GeometryType type, double[] bounds)
    {
        var columns = buffer.References([.. table.Columns.Select(column =>
        {
            var text = buffer.Text(column.Name);
            buffer.StartTable(11);
            buffer.Reference(0, text);
            buffer.Field(1, (byte)TypeOf(column));
            return buffer.EndTable();
        })]);
        var crs = CrsOf(buffer, output);
        var (layer, told) = (buffer.Text(name), buffer.Text(description));
        var envelope = table.Rows.Count > 0 ? buffer.Vector<double>(bounds) : 0;
        buffer.StartTable(14);
        buffer.Reference(0, layer);
        if (envelope != 0)
        {
            buffer.Reference(1, envelope);
        }
        buffer.Field(2, (byte)type);
        buffer.Reference(7, columns);
        buffer.Field(8, (ulong)table.Rows.Count);
        buffer.Field(9, (ushort)0);
        if (crs != 0)
        {
            buffer.Reference(10, crs);
        }
        buffer.Reference(12, told);
        return buffer.Finish(buffer.EndTable());
    }

    /// <summary>The system by its code; none for GCJ-02 and BD-09, which nobody would know.</summary>
    private static int CrsOf(FlatBuffer buffer, Crs output)
    {
        if ((output == CrsRegistry.Crs84 ? 4326 : output.EpsgCode) is not { } code)
        {
            return 0;
        }
        var (authority, title) = (buffer.Text("EPSG"), buffer.Text(output.Title));
        buffer.StartTable(6);
        buffer.Reference(0, authority);
        buffer.Field(1, code);
        buffer.Reference(2, title);
        return buffer.EndTable();
    }

    private static int Geometry(FlatBuffer buffer, Shape shape, GeometryType type)
    {
        if (type == GeometryType.MultiPolygon)
        {
            var parts = buffer.References([.. shape.Polygons.Select(rings => Geometry(buffer, rings, GeometryType.Polygon))]);
            buffer.StartTable(8);
            buffer.Reference(7, parts);
            buffer.Field(6, (byte)type);
            return buffer.EndTable();
        }
        return Geometry(buffer, shape.Polygons[0], type);
    }

    /// <summary>The rings of a polygon one after the other, with their ends where there are several; a point is a ring of one place.</summary>
    private static int Geometry(FlatBuffer buffer, IReadOnlyList<double[]> rings, GeometryType type)
    {
        var places = buffer.Vector<double>(rings.Count == 1 ? rings[0] : [.. rings.SelectMany(ring => ring)]);
        var ends = 0;
        if (rings.Count > 1)
        {
            var end = 0u;
            ends = buffer.Vector<uint>([.. rings.Select(ring => end += (uint)ring.Length / 2)]);
        }
        buffer.StartTable(8);
        if (ends != 0)
        {
            buffer.Reference(0, ends);
        }
        buffer.Reference(1, places);
        buffer.Field(6, (byte)type);
        return buffer.EndTable();
    }

    private static void WriteProperties(ArrayBufferWriter<byte> output, FeatureTable table, int row)
    {
        for (var i = 0; i < table.Columns.Count; i++)
        {
            var column = table.Columns[i];
            switch (column.Type)
            {
                case ColumnType.Whole:
                    Name(output, i);
                    BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), column.WholeOf(row));
                    output.Advance(8);
                    break;
                case ColumnType.Number when double.IsFinite(column.NumberOf(row)):
                    Name(output, i);
                    BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(8), column.NumberOf(row));
                    output.Advance(8);
                    break;
                case ColumnType.Text or ColumnType.Json or ColumnType.Time when column.WordsOf(row) is { } text:
                    Name(output, i);
                    var bytes = Encoding.UTF8.GetBytes(text);
                    BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), bytes.Length);
                    output.Advance(4);
                    output.Write(bytes);
                    break;
                default:
                    // What has no value is left out.
                    break;
            }
        }
    }

    private static void Name(ArrayBufferWriter<byte> output, int column)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(2), (ushort)column);
        output.Advance(2);
    }

    private static ValueType TypeOf(Column column) => column.Type switch
    {
        ColumnType.Whole => ValueType.Long,
        ColumnType.Number => ValueType.Double,
        ColumnType.Time => ValueType.DateTime,
        ColumnType.Json => ValueType.Json,
        _ => ValueType.String,
    };
}
