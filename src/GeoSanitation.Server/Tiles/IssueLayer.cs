using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>Writes single issues as the layer <c>issues</c>: what <see cref="MvtLayer"/> does for any feature, in a small part of its time for these.</summary>
/// <remarks>A feature is shorter than 128 bytes, so the byte before it holds its length, and is filled in when it is known. Bytes are written eight or more at a time, and those
/// behind the end of what is meant are overwritten by what follows. Times are not looked for among those that came before: few are equal, and looking would take longer than all
/// else.</remarks>
internal sealed class IssueLayer(IReadOnlyList<NamedCode> categories, IssueAttributes attributes = IssueAttributes.All)
{
    private const int LongestFeature = 128;
    private const int UsualFeature = 44;
    private const int Batch = 256;
    private const int UsualValue = 8;

    // The longest tags but the time's are seven keys with five bytes of value each, behind their field and length: 45 bytes, copied sixteen at a time.
    private const int KindBytes = 64;
    private const int KindsPerCategory = 1 << 9;

    // Field 3 with the value 1, a point; field 4 of a length yet to come, one "move to".
    private const ulong PointGeometry = 0x09_00_22_01_18;

    private readonly bool _hasTime = attributes.HasFlag(IssueAttributes.ReportedAt);
    private readonly byte _timeKey = (byte)(BitOperations.PopCount((uint)attributes) - 1);
    private readonly ProtobufWriter _value = new();
    private readonly ProtobufWriter _framed = new();

    // Of each category, where in the kinds the tags of a severity, status and traits are, -1 for none: few kinds of issue come again and again.
    private readonly int[]?[] _kindsOf = new int[categories.Count][];
    private readonly Dictionary<object, int> _known = [];
    private byte[] _kinds = new byte[16 * KindBytes];
    private int _kindsLength;

    private RentedArray _features;
    private RentedArray _values;
    private int _valueCount;
    private (long Seconds, int Number) _lastTime = (0, -1);

    /// <summary>Makes room for so many features at once.</summary>
    internal void Reserve(int count)
    {
        _features.Reserve((long)count * UsualFeature + Batch * LongestFeature);
        _values.Reserve(_hasTime ? (long)count * UsualValue : 0);
    }

    /// <summary>Adds those of some issues that are in the tile.</summary>
    internal void Add(ReadOnlySpan<PlacedIssue> issues, TileUnits units)
    {
        while (issues.Length > 0)
        {
            var part = issues[..Math.Min(issues.Length, Batch)];
            ref var at = ref _features.Room(part.Length * LongestFeature);
            nint length = 0;
            foreach (ref readonly var issue in part)
            {
                if (units.Has(issue.X, issue.Y, out var x, out var y))
                {
                    length += Write(issue, (uint)x << 1, (uint)y << 1, ref Unsafe.Add(ref at, length));
                }
            }
            _features.Length += (int)length;
            issues = issues[part.Length..];
        }
    }

    /// <summary>Adds an issue.</summary>
    /// <param name="issue">The issue.</param>
    /// <param name="x">Units from the west, 0 to 4095.</param>
    /// <param name="y">Units from the north, 0 to 4095.</param>
    internal void Add(in PlacedIssue issue, int x, int y) => _features.Length += Write(issue, (uint)x << 1, (uint)y << 1, ref _features.Room(LongestFeature));

    /// <summary>Writes a feature.</summary>
    /// <returns>How many bytes are meant.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Write(in PlacedIssue issue, uint x, uint y, ref byte at)
    {
        var kind = KindOf(issue);
        Unsafe.WriteUnaligned(ref at, 0x08_00_12u); // a feature, its length later; its id
        var n = 3 + Varint(ref Unsafe.Add(ref at, 3), (ulong)issue.Id);
        n += CopyKind(kind, ref at, n);
        if (_hasTime)
        {
            var tags = n;
            n += Varint(ref Unsafe.Add(ref at, n), (uint)Time(issue.ReportedAt));
            Unsafe.Add(ref at, tags - _kinds[kind] + 1) += (byte)(n - tags);
        }
        if (x >= 0x80 & y >= 0x80)
        {
            // Two bytes each, as nearly always.
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, n), PointGeometry | 5u << 24);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, n + 5), x & 0x7F | 0x80 | x >> 7 << 8 | (y & 0x7F | 0x80 | y >> 7 << 8) << 16);
            n += 9;
        }
        else
        {
            var (lengthX, lengthY) = (x < 0x80 ? 1 : 2, y < 0x80 ? 1 : 2);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, n), PointGeometry | (uint)(1 + lengthX + lengthY) << 24);
            Varint(ref Unsafe.Add(ref at, n + 5), x);
            Varint(ref Unsafe.Add(ref at, n + 5 + lengthX), y);
            n += 5 + lengthX + lengthY;
        }
        Unsafe.Add(ref at, 1) = (byte)(n - 2);
        return n;
    }

    /// <summary>The tile with this layer in it, nothing at all when there is no feature; the layer is at its end with it.</summary>
    internal byte[] ToTile()
    {
        var tile = _features.Length == 0 ? [] : MvtLayer.ToTile("issues", IssueAttributeNames.Of(attributes), _features.Written, _values.Written);
        _features.Return();
        _values.Return();
        return tile;
    }

    /// <summary>Where the tags of an issue are, behind their length: all but the number of its time.</summary>
    private int KindOf(in PlacedIssue issue)
    {
        var kinds = _kindsOf[issue.Category] ??= [.. Enumerable.Repeat(-1, KindsPerCategory)];
        ref var kind = ref kinds[issue.Severity << 6 | issue.Status << 3 | (int)issue.Traits];
        return kind >= 0 ? kind : kind = AddKind(issue);
    }

    private int AddKind(in PlacedIssue issue)
    {
        var values = new (IssueAttributes Attribute, object Value)[]
        {
            (IssueAttributes.Count, 1),
            (IssueAttributes.Category, categories[issue.Category].Code),
            (IssueAttributes.Severity, (int)issue.Severity),
            (IssueAttributes.Status, IssuePoints.Statuses[issue.Status]),
            (IssueAttributes.Overdue, issue.Has(IssueTraits.Overdue)),
            (IssueAttributes.Relapse, issue.Has(IssueTraits.Relapse)),
            (IssueAttributes.DefaultPoint, issue.Has(IssueTraits.DefaultPoint)),
        };
        if (_kinds.Length - _kindsLength < KindBytes)
        {
            Array.Resize(ref _kinds, 2 * _kinds.Length);
        }
        var at = _kinds.AsSpan(_kindsLength, KindBytes);
        var n = 3; // the whole length; the field of attributes, their length
        byte key = 0;
        foreach (var (_, value) in values.Where(v => attributes.HasFlag(v.Attribute)))
        {
            at[n++] = key++;
            n += Varint(ref at[n], (uint)Number(value));
        }
        if (_hasTime)
        {
            at[n++] = _timeKey;
        }
        (at[0], at[1], at[2]) = ((byte)(n - 1), 0x12, (byte)(n - 3));
        _kindsLength += KindBytes;
        return _kindsLength - KindBytes;
    }

    /// <summary>Writes the tags of a kind, sixteen bytes at a time.</summary>
    /// <returns>How many are meant.</returns>
    private int CopyKind(int kind, ref byte at, int n)
    {
        ref var from = ref MemoryMarshal.GetArrayDataReference(_kinds);
        from = ref Unsafe.Add(ref from, kind);
        int length = from;
        for (var i = 0; i < length; i += 16)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, n + i), Unsafe.ReadUnaligned<UInt128>(ref Unsafe.Add(ref from, 1 + i)));
        }
        return length;
    }

    private int Number(object value)
    {
        if (!_known.TryGetValue(value, out var number))
        {
            _value.Clear();
            switch (value)
            {
                case string text:
                    _value.Bytes(1, Encoding.UTF8.GetBytes(text));
                    break;
                case bool flag:
                    _value.Number(7, flag ? 1UL : 0);
                    break;
                default:
                    _value.Number(4, (ulong)(int)value);
                    break;
            }
            _framed.Clear();
            _framed.Bytes(4, _value.Written);
            _values.Add(_framed.Written);
            _known[value] = number = _valueCount++;
        }
        return number;
    }

    private int Time(long seconds)
    {
        if (_lastTime.Number < 0 || _lastTime.Seconds != seconds)
        {
            // A value that is a whole number without sign: from 1978 to 3058 one of five bytes.
            ref var at = ref _values.Room(16);
            var value = (ulong)seconds;
            if (value is >= 1UL << 28 and < 1UL << 35)
            {
                Unsafe.WriteUnaligned(ref at, 0x20_06_22 | (value & 0x7F | value << 1 & 0x7F00 | value << 2 & 0x7F0000 | value << 3 & 0x7F000000 | value << 4 & 0x7F00000000 | 0x80808080) << 24);
                _values.Length += 8;
            }
            else
            {
                var length = Varint(ref Unsafe.Add(ref at, 3), value);
                Unsafe.WriteUnaligned(ref at, (ushort)(0x22 | (1 + length) << 8));
                Unsafe.Add(ref at, 2) = 0x20;
                _values.Length += 3 + length;
            }
            _lastTime = (seconds, _valueCount++);
        }
        return _lastTime.Number;
    }

    // Nearly all take two or three bytes: those are written at once.
    private static int Varint(ref byte at, ulong value)
    {
        if (value is >= 0x4000 and < 0x200000)
        {
            Unsafe.WriteUnaligned(ref at, (uint)(value & 0x7F | 0x80 | (value >> 7 & 0x7F | 0x80) << 8 | value >> 14 << 16));
            return 3;
        }
        if (value is >= 0x80 and < 0x4000)
        {
            Unsafe.WriteUnaligned(ref at, (ushort)(value & 0x7F | 0x80 | value >> 7 << 8));
            return 2;
        }
        var n = 0;
        for (; value >= 0x80; value >>= 7)
        {
            Unsafe.Add(ref at, n++) = (byte)(value | 0x80);
        }
        Unsafe.Add(ref at, n) = (byte)value;
        return n + 1;
    }
}
