using System.Buffers;
using System.IO.Pipelines;
using GeoSanitation.Server.Tiles;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>Features as Esri's FeatureCollectionPBuffer (github.com/Esri/arcgis-pbf, version 2 of its messages). Coordinates are always on a grid; the answer goes out at its end, as its length stands before it.</summary>
internal sealed class PbfFeatureForm : FeatureForm
{
    /// <summary>Media type of the form.</summary>
    internal const string Type = "application/x-protobuf";

    private const int PointGeometry = 0, PolygonGeometry = 3;

    // A grid about a tenth of a millimeter wide where the request names none.
    private const double FinestDegrees = 1e-9, FinestMeters = 1e-4;

    private static readonly string[] FieldTypes = ["esriFieldTypeSmallInteger", "esriFieldTypeInteger", "esriFieldTypeSingle", "esriFieldTypeDouble", "esriFieldTypeString", "esriFieldTypeDate", "esriFieldTypeOID"];

    private readonly PipeWriter _output;
    private readonly Grid _grid;
    private readonly ProtobufWriter _result = new();
    private readonly ProtobufWriter _feature = new();
    private readonly ProtobufWriter _part = new();
    private readonly ProtobufWriter _packed = new();

    /// <param name="output">Where it goes.</param>
    /// <param name="fields">The fields of each feature.</param>
    /// <param name="hasPoints">Whether shapes are points; null where there are no shapes.</param>
    /// <param name="shapes">How shapes are written.</param>
    internal PbfFeatureForm(PipeWriter output, IReadOnlyList<EsriField> fields, bool? hasPoints, OutputShapes shapes)
        : base(fields, hasPoints, shapes)
        => (_output, _grid) = (output, shapes.Grid ?? new Grid(0, 0, shapes.Crs.IsGeographic ? FinestDegrees : FinestMeters, FromUpper: true, IsView: false));

    internal override string MediaType => Type;

    /// <summary>An answer that is a count.</summary>
    internal static byte[] OfCount(long count)
    {
        var result = new ProtobufWriter();
        result.Number(1, (ulong)count);
        return Whole(2, result);
    }

    /// <summary>An answer that is numbers of features.</summary>
    internal static byte[] OfIds(IEnumerable<long> ids)
    {
        var (result, packed) = (new ProtobufWriter(), new ProtobufWriter());
        foreach (var id in ids)
        {
            packed.Varint((ulong)id);
        }
        result.Text(1, EsriFields.ObjectId);
        result.Bytes(3, packed.Written);
        return Whole(3, result);
    }

    internal override void Begin()
    {
        if (Fields.Any(f => f.Type == EsriFields.OidType))
        {
            _result.Text(1, EsriFields.ObjectId);
            _part.Text(1, EsriFields.ObjectId);
            _part.Number(2, 1);
            Close(_result, 2);
        }
        if (HasPoints is { } points)
        {
            _result.Number(7, (ulong)(points ? PointGeometry : PolygonGeometry));
            var (wkid, latest) = SpatialReferences.NumbersOf(Crs);
            _part.Number(1, (ulong)wkid);
            _part.Number(2, (ulong)latest);
            Close(_result, 8);
            var (scale, translate) = (new ProtobufWriter(), new ProtobufWriter());
            scale.Double(1, _grid.Tolerance);
            scale.Double(2, _grid.Tolerance);
            translate.Double(1, _grid.XOrigin);
            translate.Double(2, _grid.YOrigin);
            _part.Number(1, _grid.FromUpper ? 0UL : 1UL);
            _part.Bytes(2, scale.Written);
            _part.Bytes(3, translate.Written);
            Close(_result, 12);
        }
        foreach (var field in Fields)
        {
            _part.Text(1, field.Name);
            _part.Number(2, (ulong)Array.IndexOf(FieldTypes, field.Type));
            _part.Text(3, field.Name);
            _part.Number(4, 16);
            Close(_result, 13);
        }
    }

    internal override void Write(IReadOnlyList<object?> values, Geometry? shape)
    {
        for (var i = 0; i < values.Count; i++)
        {
            switch (values[i])
            {
                case string text:
                    _part.Text(1, text);
                    break;
                case double number when double.IsFinite(number):
                    _part.Double(3, number);
                    break;
                case long whole when Fields[i].Type == EsriFields.OidType:
                    _part.Number(5, (ulong)whole);
                    break;
                case long whole when Fields[i].Type == EsriFields.TimeType:
                    _part.Number(6, (ulong)whole);
                    break;
                case long whole:
                    _part.Number(whole is >= int.MinValue and <= int.MaxValue ? 4 : 8, ZigZag(whole));
                    break;
            }
            Close(_feature, 1);
        }
        if (shape is not null && shape is Point == HasPoints)
        {
            WriteShape(shape);
        }
        _result.Bytes(15, _feature.Written);
        _feature.Clear();
    }

    internal override ValueTask FlushIfFullAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    internal override async Task EndAsync(bool isCut, CancellationToken cancellation)
    {
        if (isCut)
        {
            _result.Number(9, 1);
        }
        _output.Write(Whole(1, _result));
        await _output.FlushAsync(cancellation);
    }

    private void WriteShape(Geometry shape)
    {
        var lengths = new List<int>();
        if (shape is Point point)
        {
            _part.Number(1, PointGeometry);
            var (x, y) = _grid.Of(point.Coordinate);
            _packed.Varint(ZigZag(x));
            _packed.Varint(ZigZag(y));
        }
        else
        {
            _part.Number(1, PolygonGeometry);
            foreach (var ring in PolygonsOf(shape, outsidesClockwise: true).SelectMany(rings => rings))
            {
                if (OnGrid(ring, _grid) is not { } places)
                {
                    continue;
                }
                lengths.Add(places.Count);
                var last = (X: 0L, Y: 0L);
                foreach (var place in places)
                {
                    _packed.Varint(ZigZag(place.X - last.X));
                    _packed.Varint(ZigZag(place.Y - last.Y));
                    last = place;
                }
            }
        }
        if (lengths.Count > 0)
        {
            var packedLengths = new ProtobufWriter();
            foreach (var length in lengths)
            {
                packedLengths.Varint((ulong)length);
            }
            _part.Bytes(2, packedLengths.Written);
        }
        _part.Bytes(3, _packed.Written);
        _packed.Clear();
        Close(_feature, 2);
    }

    /// <summary>Puts the part that is written into a field of another message.</summary>
    private void Close(ProtobufWriter parent, int field)
    {
        parent.Bytes(field, _part.Written);
        _part.Clear();
    }

    private static byte[] Whole(int kind, ProtobufWriter result)
    {
        var (query, all) = (new ProtobufWriter(), new ProtobufWriter());
        query.Bytes(kind, result.Written);
        all.Text(1, "");
        all.Bytes(2, query.Written);
        return all.Written.ToArray();
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));
}
