using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.Tiles;

/// <summary>Writes one layer of a Mapbox Vector Tile, version 2.1 (github.com/mapbox/vector-tile-spec): features with attributes on a grid of whole units.</summary>
/// <remarks>A feature is begun, given its attributes, and ended by its geometry. Equal attribute values are stored once.</remarks>
internal sealed class MvtLayer(string name)
{
    /// <summary>Units along a side of the tile.</summary>
    internal const int Extent = 4096;

    /// <summary>Bytes that are left free before features, for what stands before them in a tile.</summary>
    internal const int FrameRoom = 256;

    private const int Version = 2;
    private const int PointType = 1;
    private const int PolygonType = 3;
    private const uint MoveTo = 1;
    private const uint LineTo = 2;
    private const uint ClosePath = 7;

    private readonly ProtobufWriter _features = new();
    private readonly ProtobufWriter _feature = new();
    private readonly ProtobufWriter _packed = new();
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, int> _keyNumbers = [];
    private readonly ProtobufWriter _values = new();
    private readonly ProtobufWriter _value = new();
    private readonly Dictionary<string, int> _texts = [];
    private readonly Dictionary<long, int> _integers = [];
    private readonly Dictionary<double, int> _doubles = [];
    private readonly int[] _booleans = [-1, -1];
    private readonly List<int> _tags = [];
    private int _valueCount;
    private ulong _id;

    /// <summary>Features so far.</summary>
    internal int Count { get; private set; }

    /// <summary>Begins a feature.</summary>
    /// <param name="id">Its id, &gt;= 0; a map in a browser keeps those below 2^53.</param>
    internal void Begin(long id)
    {
        _id = (ulong)id;
        _tags.Clear();
    }

    /// <summary>An attribute of the feature begun; a null is left out.</summary>
    internal void Tag(string key, string? value)
    {
        if (value is null)
        {
            return;
        }
        if (!_texts.TryGetValue(value, out var number))
        {
            _texts[value] = number = NewValue(v => v.Text(1, value));
        }
        AddTag(key, number);
    }

    /// <summary>An attribute of the feature begun.</summary>
    internal void Tag(string key, long value)
    {
        if (!_integers.TryGetValue(value, out var number))
        {
            _integers[value] = number = NewValue(v => v.Number(4, (ulong)value));
        }
        AddTag(key, number);
    }

    /// <summary>An attribute of the feature begun.</summary>
    internal void Tag(string key, double value)
    {
        if (!_doubles.TryGetValue(value, out var number))
        {
            _doubles[value] = number = NewValue(v => v.Double(3, value));
        }
        AddTag(key, number);
    }

    /// <summary>An attribute of the feature begun.</summary>
    internal void Tag(string key, bool value)
    {
        ref var number = ref _booleans[value ? 1 : 0];
        if (number < 0)
        {
            number = NewValue(v => v.Number(7, value ? 1UL : 0));
        }
        AddTag(key, number);
    }

    /// <summary>Ends the feature begun with a point.</summary>
    /// <param name="x">Units from the west.</param>
    /// <param name="y">Units from the north.</param>
    internal void EndPoint(int x, int y)
    {
        _packed.Clear();
        _packed.Varint(Command(MoveTo, 1));
        _packed.Varint(ZigZag(x));
        _packed.Varint(ZigZag(y));
        End(PointType);
    }

    /// <summary>Ends the feature begun with polygons.</summary>
    /// <param name="rings">Each x0, y0, x1, y1, ... without the repeated last position, at least three positions. A ring of positive area (surveyor's formula in these
    /// units, y downwards) begins a polygon, those of negative area that follow are its holes.</param>
    internal void EndPolygons(IReadOnlyList<int[]> rings)
    {
        _packed.Clear();
        var (atX, atY) = (0, 0);
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length; i += 2)
            {
                if (i <= 2)
                {
                    _packed.Varint(i == 0 ? Command(MoveTo, 1) : Command(LineTo, ring.Length / 2 - 1));
                }
                _packed.Varint(ZigZag(ring[i] - atX));
                _packed.Varint(ZigZag(ring[i + 1] - atY));
                (atX, atY) = (ring[i], ring[i + 1]);
            }
            _packed.Varint(Command(ClosePath, 1));
        }
        End(PolygonType);
    }

    /// <summary>The tile with this layer in it; nothing at all when there is no feature.</summary>
    internal byte[] ToTile()
    {
        if (Count == 0)
        {
            return [];
        }
        var tile = new RentedArray();
        tile.Skip(FrameRoom);
        tile.Add(_features.Written);
        var start = Frame(name, _keys, ref tile, _values.Written);
        using var bytes = new RentedBytes(tile, start);
        return bytes.Written.ToArray();
    }

    /// <summary>A tile with one layer, from what was written elsewhere.</summary>
    /// <param name="name">Name of the layer.</param>
    /// <param name="keys">Names of its attributes.</param>
    /// <param name="features">Behind <see cref="FrameRoom"/> its features, each with its field number; becomes the tile.</param>
    /// <param name="values">Values of attributes, each with its field number.</param>
    /// <returns>Where the tile begins.</returns>
    internal static int Frame(string name, IEnumerable<string> keys, ref RentedArray features, ReadOnlySpan<byte> values)
    {
        var (start, rest, frame) = (new ProtobufWriter(), new ProtobufWriter(), new ProtobufWriter());
        start.Number(15, Version);
        start.Text(1, name);
        foreach (var key in keys)
        {
            rest.Text(3, key);
        }
        features.Add(rest.Written);
        features.Add(values);
        rest.Clear();
        rest.Number(5, Extent);
        features.Add(rest.Written);
        frame.Begin(3, start.Length + features.Length - FrameRoom);
        var at = FrameRoom - start.Length - frame.Length;
        frame.Written.CopyTo(features.Before(FrameRoom)[at..]);
        start.Written.CopyTo(features.Before(FrameRoom)[(at + frame.Length)..]);
        return at;
    }

    private static uint Command(uint command, int count) => command | (uint)count << 3;

    internal static uint ZigZag(int value) => (uint)(value << 1 ^ value >> 31);

    private int NewValue(Action<ProtobufWriter> write)
    {
        _value.Clear();
        write(_value);
        _values.Bytes(4, _value.Written);
        return _valueCount++;
    }

    private void AddTag(string key, int value)
    {
        if (!_keyNumbers.TryGetValue(key, out var number))
        {
            _keyNumbers[key] = number = _keys.Count;
            _keys.Add(key);
        }
        _tags.Add(number);
        _tags.Add(value);
    }

    /// <summary>Takes the geometry from the packed numbers.</summary>
    private void End(int type)
    {
        _feature.Clear();
        _feature.Number(1, _id);
        _value.Clear();
        foreach (var tag in _tags)
        {
            _value.Varint((uint)tag);
        }
        _feature.Bytes(2, _value.Written);
        _feature.Number(3, (uint)type);
        _feature.Bytes(4, _packed.Written);
        _features.Bytes(2, _feature.Written);
        Count++;
    }
}
