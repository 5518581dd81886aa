using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>Writes single issues as the layer <c>issues</c>: what <see cref="MvtLayer"/> does for any feature, in a small part of its time for these.</summary>
/// <remarks>A feature is shorter than 128 bytes, so the byte before it holds its length, and is filled in when it is known. Times are not looked for among those
/// that came before: few are equal, and looking would take longer than all else.</remarks>
internal sealed class IssueLayer(IReadOnlyList<NamedCode> categories)
{
    private const int LongestFeature = 128;
    private const int UsualFeature = 48;
    private const byte PointType = 1;
    private const byte MoveToOne = 9;

    private static readonly string[] Keys = ["count", "category", "severity", "status", "overdue", "relapse", "default_point", "reported_at"];

    // The longest tags but the time's are seven keys with five bytes of value each, behind their length.
    private const int KindBytes = 48;
    private const int KindsPerCategory = 1 << 9;

    // Numbers of the values so far, -1 for none: of what an attribute may be there is little.
    private readonly int[] _categories = Unknown(categories.Count);
    private readonly int[] _numbers = Unknown(6);
    private readonly int[] _statuses = Unknown(IssuePoints.Statuses.Count);
    private readonly int[] _booleans = Unknown(2);
    private readonly ProtobufWriter _value = new();
    private readonly ProtobufWriter _values = new();

    // Of each category, where in the kinds the tags of a severity, status and traits are, -1 for none: few kinds of issue come again and again.
    private readonly int[]?[] _kindsOf = new int[categories.Count][];
    private byte[] _kinds = new byte[16 * KindBytes];
    private int _kindsLength;

    private byte[] _features = [];
    private int _length;
    private int _valueCount;
    private (long Time, int Number) _lastTime = (0, -1);

    /// <summary>Makes room for so many features at once.</summary>
    internal void Reserve(int count) => Grow((int)Math.Min((long)count * UsualFeature, Array.MaxLength - _length));

    /// <summary>Adds an issue.</summary>
    /// <param name="issue">The issue.</param>
    /// <param name="x">Units from the west.</param>
    /// <param name="y">Units from the north.</param>
    internal void Add(in PlacedIssue issue, int x, int y)
    {
        if (_features.Length - _length < LongestFeature)
        {
            Grow(Math.Max(_length, 4096));
        }
        var at = _features.AsSpan(_length, LongestFeature);
        (at[0], at[2]) = (0x12, 0x08); // a feature, its length later; its id
        var n = Varint(at, 3, (ulong)issue.Id);
        at[n++] = 0x12; // its attributes, their length later
        var tags = ++n;
        var known = KindOf(issue); // first: it may make the kinds longer
        var kind = _kinds.AsSpan(known, KindBytes);
        // All of it is faster than what there is of it.
        kind[1..].CopyTo(at[n..]);
        n = Varint(at, n + kind[0], (uint)Time(issue.ReportedAt));
        at[tags - 1] = (byte)(n - tags);
        (at[n], at[n + 1], at[n + 2], at[n + 4]) = (0x18, PointType, 0x22, MoveToOne); // its kind; its geometry
        var geometry = n + 4;
        n = Varint(at, geometry + 1, MvtLayer.ZigZag(x));
        n = Varint(at, n, MvtLayer.ZigZag(y));
        at[geometry - 1] = (byte)(n - geometry);
        at[1] = (byte)(n - 2);
        _length += n;
    }

    /// <summary>The tile with this layer in it, nothing at all when there is no feature; the layer is at its end with it.</summary>
    internal byte[] ToTile()
    {
        var tile = _length == 0 ? [] : MvtLayer.ToTile("issues", Keys, _features.AsSpan(0, _length), _values.Written);
        if (_features.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_features);
            (_features, _length) = ([], 0);
        }
        return tile;
    }

    /// <summary>Where the tags of an issue but the number of its time are.</summary>
    private int KindOf(in PlacedIssue issue)
    {
        var kinds = _kindsOf[issue.Category] ??= Unknown(KindsPerCategory);
        ref var kind = ref kinds[issue.Severity << 6 | issue.Status << 3 | (int)issue.Traits];
        return kind >= 0 ? kind : kind = AddKind(issue);
    }

    private int AddKind(in PlacedIssue issue)
    {
        if (_kinds.Length - _kindsLength < KindBytes)
        {
            Array.Resize(ref _kinds, 2 * _kinds.Length);
        }
        var at = _kinds.AsSpan(_kindsLength, KindBytes);
        var n = Tag(at, 1, 0, WholeNumber(1));
        n = Tag(at, n, 1, _categories[issue.Category] is var category and >= 0 ? category : AddText(_categories, issue.Category, categories[issue.Category].Code));
        n = Tag(at, n, 2, WholeNumber(issue.Severity));
        n = Tag(at, n, 3, _statuses[issue.Status] is var status and >= 0 ? status : AddText(_statuses, issue.Status, IssuePoints.Statuses[issue.Status]));
        n = Tag(at, n, 4, Boolean(issue.Has(IssueTraits.Overdue)));
        n = Tag(at, n, 5, Boolean(issue.Has(IssueTraits.Relapse)));
        n = Tag(at, n, 6, Boolean(issue.Has(IssueTraits.DefaultPoint)));
        at[n] = 7; // the key of the time
        at[0] = (byte)n;
        _kindsLength += KindBytes;
        return _kindsLength - KindBytes;
    }

    private int WholeNumber(int value) => _numbers[value] is var number and >= 0 ? number : _numbers[value] = AddNumber(4, (ulong)value);

    private int Boolean(bool value) => _booleans[value ? 1 : 0] is var number and >= 0 ? number : _booleans[value ? 1 : 0] = AddNumber(7, value ? 1UL : 0);

    private int Time(long seconds)
    {
        if (_lastTime.Number < 0 || _lastTime.Time != seconds)
        {
            _values.Message(4, 4, (ulong)seconds);
            _lastTime = (seconds, _valueCount++);
        }
        return _lastTime.Number;
    }

    private int AddText(int[] known, int i, string text)
    {
        _value.Clear();
        _value.Bytes(1, Encoding.UTF8.GetBytes(text));
        _values.Bytes(4, _value.Written);
        return known[i] = _valueCount++;
    }

    private int AddNumber(int field, ulong value)
    {
        _values.Message(4, field, value);
        return _valueCount++;
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(_length + more);
        _features.AsSpan(0, _length).CopyTo(larger);
        if (_features.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_features);
        }
        _features = larger;
    }

    private static int Tag(Span<byte> at, int n, byte key, int value)
    {
        at[n] = key;
        return Varint(at, n + 1, (uint)value);
    }

    // Nearly all take two or three bytes: those are written at once.
    private static int Varint(Span<byte> at, int n, ulong value)
    {
        if (value is >= 0x80 and < 0x4000)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(at[n..], (ushort)(value & 0x7F | 0x80 | value >> 7 << 8));
            return n + 2;
        }
        if (value is >= 0x4000 and < 0x200000)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(at[n..], (uint)(value & 0x7F | 0x80 | (value >> 7 & 0x7F | 0x80) << 8 | value >> 14 << 16));
            return n + 3;
        }
        for (; value >= 0x80; value >>= 7)
        {
            at[n++] = (byte)(value | 0x80);
        }
        at[n++] = (byte)value;
        return n;
    }

    private static int[] Unknown(int count)
    {
        var numbers = new int[count];
        Array.Fill(numbers, -1);
        return numbers;
    }
}
