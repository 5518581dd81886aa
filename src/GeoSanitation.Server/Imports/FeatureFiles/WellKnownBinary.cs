using System.Buffers.Binary;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>Reads well-known binary (OGC 06-103r4, and PostGIS's dialect of it) from bytes that nobody vouches for: a count that the bytes cannot hold is refused before memory is taken.</summary>
internal ref struct WellKnownBinary(ReadOnlySpan<byte> bytes)
{
    private const int DeepestNesting = 8;

    private ReadOnlySpan<byte> _rest = bytes;
    private bool _bigEndian;

    /// <summary>The shape, without heights and measures.</summary>
    /// <exception cref="FormatException">It is of a kind that no place and no area is, or damaged.</exception>
    internal static Geometry Read(ReadOnlySpan<byte> bytes) => new WellKnownBinary(bytes).Shape(0);

    private Geometry Shape(int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new FormatException("collections stand in one another too deeply");
        }
        _bigEndian = Take(1)[0] == 0;
        var type = Whole();
        if ((type & 0x20000000) != 0)
        {
            Take(4);
        }
        var dimensions = 2 + ((type & 0x80000000) != 0 ? 1 : 0) + ((type & 0x40000000) != 0 ? 1 : 0);
        type &= 0x1FFFFFFF;
        dimensions += (type / 1000) switch { 1 or 2 => 1, 3 => 2, _ => 0 };
        switch (type % 1000)
        {
            case 1:
                var place = Take(8 * dimensions);
                return ShapeBuilder.PointOf(Real(place), Real(place[8..]));
            case 2:
                return ShapeBuilder.Factory.CreateLineString(Places(dimensions));
            case 3:
                var rings = new Coordinate[Counted(4)][];
                for (var i = 0; i < rings.Length; i++)
                {
                    rings[i] = Places(dimensions);
                }
                return ShapeBuilder.PolygonOf(rings);
            case >= 4 and <= 7 and var kind:
                var parts = new Geometry[Counted(9)];
                for (var i = 0; i < parts.Length; i++)
                {
                    parts[i] = Shape(depth + 1);
                }
                return kind switch
                {
                    4 => ShapeBuilder.Factory.CreateMultiPoint([.. parts.OfType<Point>()]),
                    6 => ShapeBuilder.Factory.CreateMultiPolygon([.. parts.OfType<Polygon>()]),
                    _ => ShapeBuilder.Factory.CreateGeometryCollection(parts),
                };
            default:
                throw new FormatException($"its kind {type} is neither a point nor a polygon");
        }
    }

    private Coordinate[] Places(int dimensions)
    {
        var xy = new double[2 * Counted(8 * dimensions)];
        for (var i = 0; i < xy.Length; i += 2)
        {
            var at = Take(8 * dimensions);
            (xy[i], xy[i + 1]) = (Real(at), Real(at[8..]));
        }
        return ShapeBuilder.PlacesOf(xy);
    }

    /// <summary>A number of things that take at least so many bytes each.</summary>
    private int Counted(int leastBytes) => Whole() is var count && count <= (uint)(_rest.Length / leastBytes) ? (int)count : throw new FormatException("it is cut off");

    private uint Whole() => Take(4) is var four && _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(four) : BinaryPrimitives.ReadUInt32LittleEndian(four);

    private readonly double Real(ReadOnlySpan<byte> eight) => _bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(eight) : BinaryPrimitives.ReadDoubleLittleEndian(eight);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new FormatException("it is cut off");
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
