using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using GeoSanitation.Coordinates;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>Features as FlatGeobuf (flatgeobuf.org, version 3), without an index: it is written while rows are read.</summary>
internal static class FlatGeobufForm
{
    private static readonly byte[] Magic = [(byte)'f', (byte)'g', (byte)'b', 3, (byte)'f', (byte)'g', (byte)'b', 0];

    private enum GeometryType : byte
    {
        Unknown = 0,
        Point = 1,
        Polygon = 3,
        MultiPolygon = 6,
    }

    private enum ValueType : byte
    {
        Bool = 2,
        Long = 7,
        Double = 10,
        String = 11,
        Json = 12,
        DateTime = 13,
    }

    /// <summary>Writes them, one after the other.</summary>
    /// <param name="features">The features.</param>
    /// <param name="output">System of the coordinates; x is east.</param>
    /// <param name="file">Where to.</param>
    /// <param name="cancellation">Stops.</param>
    internal static async Task WriteAsync(FeatureSet features, Crs output, Stream file, CancellationToken cancellation)
    {
        var type = features.Shape switch
        {
            LayerShape.Point => GeometryType.Point,
            LayerShape.Polygon => GeometryType.Polygon,
            LayerShape.MultiPolygon => GeometryType.MultiPolygon,
            _ => GeometryType.Unknown,
        };
        var buffer = new FlatBuffer();
        var properties = new ArrayBufferWriter<byte>();
        await file.WriteAsync(Magic, cancellation);
        await file.WriteAsync(Header(buffer, features, output, type), cancellation);
        await foreach (var row in features.Rows.WithCancellation(cancellation))
        {
            buffer.Clear();
            properties.ResetWrittenCount();
            WriteProperties(properties, features.Columns, row);
            var shape = Rings.Of(row, output);
            var geometry = shape.Polygons.Count == 0 ? 0 : Geometry(buffer, shape, type);
            var values = buffer.Vector(properties.WrittenSpan);
            buffer.StartTable(3);
            if (geometry != 0)
            {
                buffer.Reference(0, geometry);
            }
            buffer.Reference(1, values);
            await file.WriteAsync(buffer.Finish(buffer.EndTable()), cancellation);
        }
    }

    private static ReadOnlyMemory<byte> Header(FlatBuffer buffer, FeatureSet features, Crs output, GeometryType type)
    {
        var columns = buffer.References([.. features.Columns.Select(column =>
        {
            var text = buffer.Text(column.Name);
            buffer.StartTable(11);
            buffer.Reference(0, text);
            buffer.Field(1, (byte)TypeOf(column.Kind));
            return buffer.EndTable();
        })]);
        var crs = CrsOf(buffer, output);
        var (layer, told) = (buffer.Text(features.Name), buffer.Text(features.Description));
        buffer.StartTable(14);
        buffer.Reference(0, layer);
        buffer.Field(2, (byte)type);
        buffer.Reference(7, columns);
        // Zero says that nobody counted.
        buffer.Field(8, (ulong)(features.Count ?? 0));
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

    private static int Geometry(FlatBuffer buffer, Rings shape, GeometryType type)
    {
        var own = type != GeometryType.Unknown ? type : shape.IsPoint ? GeometryType.Point : shape.Polygons.Count == 1 ? GeometryType.Polygon : GeometryType.MultiPolygon;
        if (own == GeometryType.MultiPolygon)
        {
            var parts = buffer.References([.. shape.Polygons.Select(rings => Geometry(buffer, rings, GeometryType.Polygon))]);
            buffer.StartTable(8);
            buffer.Reference(7, parts);
            buffer.Field(6, (byte)own);
            return buffer.EndTable();
        }
        return Geometry(buffer, shape.Polygons[0], own);
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

    /// <summary>Values with the numbers of their columns; what has none is left out.</summary>
    private static void WriteProperties(ArrayBufferWriter<byte> output, IReadOnlyList<LayerColumn> columns, FeatureRow row)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (row.IsNull(i) || (columns[i].Kind == ColumnKind.Number && !double.IsFinite(row.Real(i))))
            {
                continue;
            }
            BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(2), (ushort)i);
            output.Advance(2);
            switch (columns[i].Kind)
            {
                case ColumnKind.Whole:
                    BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), row.Whole(i));
                    output.Advance(8);
                    break;
                case ColumnKind.Number:
                    BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(8), row.Real(i));
                    output.Advance(8);
                    break;
                case ColumnKind.Flag:
                    output.GetSpan(1)[0] = row.Flag(i) ? (byte)1 : (byte)0;
                    output.Advance(1);
                    break;
                default:
                    var bytes = Encoding.UTF8.GetBytes(RowJson.Words(row, columns[i].Kind, i));
                    BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), bytes.Length);
                    output.Advance(4);
                    output.Write(bytes);
                    break;
            }
        }
    }

    private static ValueType TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Whole => ValueType.Long,
        ColumnKind.Number => ValueType.Double,
        ColumnKind.Flag => ValueType.Bool,
        ColumnKind.Time => ValueType.DateTime,
        ColumnKind.Json or ColumnKind.Texts => ValueType.Json,
        _ => ValueType.String,
    };
}
