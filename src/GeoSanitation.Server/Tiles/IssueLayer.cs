using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>Writes single issues as the layer <c>issues</c>: what <see cref="MvtLayer"/> does for any feature, in a small part of its time for these.</summary>
/// <remarks>A feature is shorter than 128 bytes, so the byte before it holds its length, and is filled in when it is known. Bytes are written several at a time, and those
/// behind the end of what is meant are overwritten by what follows.</remarks>
internal sealed class IssueLayer(ChosenIssues issues, IssueAttributes attributes = IssueAttributes.All)
{
    // Fields and lengths 16 bytes, id and time at most 15, place 4, and what copies of a kind take.
    private const int LongestFeature = 128;
    private const int UsualFeature = 44;
    private const int Batch = 256;


    // Field 3 with the value 1, a point; field 4 of five bytes: one "move to", and two for each coordinate ...
    private const ulong PointGeometry = 0x09_05_22_01_18;
    private const int PointGeometryBytes = 5;

    // ... from this one on.
    private const int TwoBytes = 0x40;

    private readonly bool _hasTime = attributes.HasFlag(IssueAttributes.ReportedAt);
    private readonly bool _hasOverdue = attributes.HasFlag(IssueAttributes.Overdue);
    private readonly int _told = ToldOf(attributes);
    private readonly int _kindBits = KindBitsOf(attributes);
    private readonly long _lastDeadline = issues.LastDeadline;

    // Of the issues that are at hand, from TileUnits.
    private readonly uint[] _places = new uint[Batch];
    private readonly double[] _lonDegrees = new double[Batch];
    private readonly double[] _mercatorY = new double[Batch];

    // By category and, within it, what is told of severity, status and traits.
    private readonly IssueKind?[] _kinds = new IssueKind?[issues.CategoryCodes.Length << KindBitsOf(attributes)];
    private readonly IssueValues _values = new();
    private RentedArray _features = Begun();

    /// <summary>Makes room for so many features at once.</summary>
    internal void Reserve(int count)
    {
        _features.Reserve((long)count * UsualFeature + Batch * LongestFeature);
        _values.Reserve(_hasTime ? count : 0);
    }

    /// <summary>Adds those of some issues that are in the tile.</summary>
    internal void Add(IssueStretch stretch, in TileUnits units)
    {
        for (var rows = stretch.Rows.Span; rows.Length > 0; rows = rows[Math.Min(rows.Length, Batch)..])
        {
            var batch = rows[..Math.Min(rows.Length, Batch)];
            Locate(stretch.Chunk, batch, units);
            if (_places.AsSpan(0, batch.Length).ContainsAnyExcept(TileUnits.Outside))
            {
                _features.Length += (int)Write(stretch.Chunk, batch, ref _features.Room(batch.Length * LongestFeature));
            }
        }
    }

    /// <summary>The tile with this layer in it, nothing at all when there is no feature; the layer is at its end with it.</summary>
    internal RentedBytes ToTile()
    {
        var hasAny = _features.Length > MvtLayer.FrameRoom;
        var start = hasAny ? MvtLayer.Frame("issues", IssueAttributeNames.Of(attributes), ref _features, _values.Written) : _features.Length;
        _values.Return();
        var tile = new RentedBytes(_features, start);
        _features = default;
        return tile;
    }

    /// <summary>Finds the places of some issues.</summary>
    private void Locate(IssueChunk chunk, ReadOnlySpan<int> rows, in TileUnits units)
    {
        var places = _places.AsSpan(0, rows.Length);
        if (IssueStretch.IsWithoutGaps(rows))
        {
            units.Places(chunk.LonDegrees.AsSpan(rows[0], rows.Length), chunk.MercatorY.AsSpan(rows[0], rows.Length), places);
            return;
        }
        for (var k = 0; k < rows.Length; k++)
        {
            (_lonDegrees[k], _mercatorY[k]) = (chunk.LonDegrees[rows[k]], chunk.MercatorY[rows[k]]);
        }
        units.Places(_lonDegrees, _mercatorY, places);
    }

    /// <summary>Writes the features of those issues that were found to be in the tile.</summary>
    /// <returns>How many bytes are meant.</returns>
    private nint Write(IssueChunk chunk, ReadOnlySpan<int> rows, ref byte at)
    {
        ref var places = ref MemoryMarshal.GetArrayDataReference(_places);
        ref var ids = ref MemoryMarshal.GetArrayDataReference(chunk.Ids.Short);
        ref var marks = ref MemoryMarshal.GetArrayDataReference(chunk.Marks);
        ref var traits = ref MemoryMarshal.GetArrayDataReference(chunk.Traits);
        ref var categories = ref MemoryMarshal.GetArrayDataReference(chunk.Category.Places);
        ref var numbers = ref MemoryMarshal.GetArrayDataReference(chunk.Category.Numbers);
        var areShort = chunk.Ids.AreShort;
        nint n = 0;
        for (var k = 0; k < rows.Length; k++)
        {
            var place = Unsafe.Add(ref places, k);
            if (place == TileUnits.Outside)
            {
                continue;
            }
            var i = rows[k];
            var trait = Unsafe.Add(ref traits, i) | (_hasOverdue && chunk.IsOverdue(i, _lastDeadline) ? IssueTraits.Overdue : IssueTraits.None);
            var kind = KindOf(Unsafe.Add(ref marks, i), trait);
            n += Write(areShort ? Unsafe.Add(ref ids, i) : (ulong)chunk.Ids[i], Unsafe.Add(ref numbers, Unsafe.Add(ref categories, i)), kind, _hasTime ? DataView.Seconds(chunk.ReportedAt[i]) : 0, place, ref Unsafe.Add(ref at, n));
        }
        return n;
    }

    /// <summary>Writes a feature.</summary>
    /// <returns>How many bytes are meant.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint Write(ulong id, int category, int kindOfIt, long reportedAt, uint place, ref byte at)
    {
        var kind = _kinds[PlaceOf(category, kindOfIt)] ?? NewKind(category, kindOfIt);
        Unsafe.WriteUnaligned(ref at, 0x08_00_12u); // a feature, its length later; its id
        var n = 3 + Varints.Write(ref Unsafe.Add(ref at, 3), id);
        kind.CopyTo(ref Unsafe.Add(ref at, n));
        n += kind.Length;
        if (_hasTime)
        {
            var length = Varints.Write(ref Unsafe.Add(ref at, n), (uint)_values.NumberOfTime(reportedAt));
            Unsafe.Add(ref at, n - kind.Length + 1) = (byte)(kind.Length - 2 + length);
            n += length;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, n), PointGeometry);
            n += PointGeometryBytes;
        }
        if (Math.Min((ushort)place, place >> 16) >= TwoBytes)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, n), (place & 0x003F_003F) << 1 | (place & 0x0FC0_0FC0) << 2 | 0x0080_0080);
            n += 4;
        }
        else
        {
            n += WriteShort((ushort)place, (int)(place >> 16), ref Unsafe.Add(ref at, n));
        }
        Unsafe.Add(ref at, 1) = (byte)(n - 2);
        return n;
    }

    /// <summary>Writes a place of which a coordinate takes one byte, and corrects the length before it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint WriteShort(int x, int y, ref byte at)
    {
        var n = Varints.Write(ref at, MvtLayer.ZigZag(x));
        n += Varints.Write(ref Unsafe.Add(ref at, n), MvtLayer.ZigZag(y));
        Unsafe.Add(ref at, -2) = (byte)(1 + n);
        return n;
    }

    private static RentedArray Begun()
    {
        var features = new RentedArray();
        features.Skip(MvtLayer.FrameRoom);
        return features;
    }

    private static int KindOf(int severity, int status, IssueTraits traits) => severity << 6 | status << 3 | (int)traits;

    private static int KindOf(byte marks, IssueTraits traits) => (marks & ~IssueChunk.PunctualityBits) << 1 | (int)traits;

    /// <summary>The place of a kind among all.</summary>
    private int PlaceOf(int category, int kind)
        => category << _kindBits | (Bmi2.IsSupported ? (int)Bmi2.ParallelBitExtract((uint)kind, (uint)_told) : kind & _told);

    /// <summary>How many bits tell a kind from the others of its category.</summary>
    private static int KindBitsOf(IssueAttributes attributes)
        => Bmi2.IsSupported ? BitOperations.PopCount((uint)ToldOf(attributes)) : BitOperations.Log2((uint)ToldOf(IssueAttributes.All)) + 1;

    /// <summary>The part of a number that differs between kinds: what is not told of issues does not make them differ.</summary>
    private static int ToldOf(IssueAttributes attributes)
    {
        return KindOf(
            If(IssueAttributes.Severity, 7), If(IssueAttributes.Status, 7),
            (IssueTraits)(If(IssueAttributes.Overdue, (int)IssueTraits.Overdue) | If(IssueAttributes.Relapse, (int)IssueTraits.Relapse) | If(IssueAttributes.DefaultPoint, (int)IssueTraits.DefaultPoint)));

        int If(IssueAttributes attribute, int bits) => attributes.HasFlag(attribute) ? bits : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private IssueKind NewKind(int category, int kind)
    {
        var traits = (IssueTraits)(kind & 7);
        var values = new (IssueAttributes Attribute, object Value)[]
        {
            (IssueAttributes.Count, 1),
            (IssueAttributes.Category, issues.CategoryCodes[category]!),
            (IssueAttributes.Severity, kind >> 6),
            (IssueAttributes.Status, IssuePoints.Statuses[kind >> 3 & 7]),
            (IssueAttributes.Overdue, (traits & IssueTraits.Overdue) != 0),
            (IssueAttributes.Relapse, (traits & IssueTraits.Relapse) != 0),
            (IssueAttributes.DefaultPoint, (traits & IssueTraits.DefaultPoint) != 0),
        };
        var tags = new ProtobufWriter();
        var key = 0u;
        foreach (var (_, value) in values.Where(v => attributes.HasFlag(v.Attribute)))
        {
            tags.Varint(key++);
            tags.Varint((uint)_values.NumberOf(value));
        }
        if (_hasTime)
        {
            tags.Varint(key);
        }
        var field = new ProtobufWriter();
        field.Bytes(2, tags.Written);
        byte[] bytes = _hasTime ? [.. field.Written] : [.. field.Written, .. BitConverter.GetBytes(PointGeometry).AsSpan(0, PointGeometryBytes)];
        return _kinds[PlaceOf(category, kind)] = new IssueKind(bytes);
    }
}
