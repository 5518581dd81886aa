using System.Numerics;
using System.Runtime.CompilerServices;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>Writes single issues as the layer <c>issues</c>: what <see cref="MvtLayer"/> does for any feature, in a small part of its time for these.</summary>
/// <remarks>A feature is shorter than 128 bytes, so the byte before it holds its length, and is filled in when it is known. Bytes are written several at a time, and those
/// behind the end of what is meant are overwritten by what follows.</remarks>
internal sealed class IssueLayer(IReadOnlyList<NamedCode> categories, IssueAttributes attributes = IssueAttributes.All)
{
    // Fields and lengths 16 bytes, id and time at most 15, place 4, and what copies of a kind take.
    private const int LongestFeature = 128;
    private const int UsualFeature = 44;
    private const int Batch = 256;
    private const int KindsPerCategory = 1 << 9;

    // Field 3 with the value 1, a point; field 4 of five bytes: one "move to", and two for each coordinate ...
    private const ulong PointGeometry = 0x09_05_22_01_18;
    private const int PointGeometryBytes = 5;

    // ... from this one on.
    private const int TwoBytes = 0x40;

    private readonly bool _hasTime = attributes.HasFlag(IssueAttributes.ReportedAt);
    private readonly int _told = ToldOf(attributes);

    // Of each category, by severity, status and traits.
    private readonly IssueKind?[]?[] _kinds = new IssueKind?[categories.Count][];
    private readonly IssueValues _values = new();
    private RentedArray _features;

    /// <summary>Makes room for so many features at once.</summary>
    internal void Reserve(int count)
    {
        _features.Reserve((long)count * UsualFeature + Batch * LongestFeature);
        _values.Reserve(_hasTime ? count : 0);
    }

    /// <summary>Adds those of some issues that are in the tile.</summary>
    internal void Add(ReadOnlySpan<PlacedIssue> issues, in TileUnits units)
    {
        while (issues.Length > 0)
        {
            var part = issues[..Math.Min(issues.Length, Batch)];
            _features.Length += (int)Write(part, units, ref _features.Room(part.Length * LongestFeature));
            issues = issues[part.Length..];
        }
    }

    /// <summary>Adds an issue.</summary>
    /// <param name="issue">The issue.</param>
    /// <param name="x">Units from the west, 0 to 4095.</param>
    /// <param name="y">Units from the north, 0 to 4095.</param>
    internal void Add(in PlacedIssue issue, int x, int y) => _features.Length += (int)Write(issue, x, y, ref _features.Room(LongestFeature));

    /// <summary>The tile with this layer in it, nothing at all when there is no feature; the layer is at its end with it.</summary>
    internal byte[] ToTile()
    {
        var tile = _features.Length == 0 ? [] : MvtLayer.ToTile("issues", IssueAttributeNames.Of(attributes), _features.Written, _values.Written);
        _features.Return();
        _values.Return();
        return tile;
    }

    /// <summary>Writes the features of those that are in the tile.</summary>
    /// <returns>How many bytes are meant.</returns>
    private nint Write(ReadOnlySpan<PlacedIssue> issues, in TileUnits units, ref byte at)
    {
        nint n = 0;
        foreach (ref readonly var issue in issues)
        {
            if (units.Has(issue.X, issue.Y, out var x, out var y))
            {
                n += Write(issue, x, y, ref Unsafe.Add(ref at, n));
            }
        }
        return n;
    }

    /// <summary>Writes a feature.</summary>
    /// <returns>How many bytes are meant.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint Write(in PlacedIssue issue, int x, int y, ref byte at)
    {
        var kind = KindOf(issue);
        Unsafe.WriteUnaligned(ref at, 0x08_00_12u); // a feature, its length later; its id
        var n = 3 + Varints.Write(ref Unsafe.Add(ref at, 3), (ulong)issue.Id);
        kind.CopyTo(ref Unsafe.Add(ref at, n));
        n += kind.Length;
        if (_hasTime)
        {
            var length = Varints.Write(ref Unsafe.Add(ref at, n), (uint)_values.NumberOfTime(issue.ReportedAt));
            Unsafe.Add(ref at, n - kind.Length + 1) = (byte)(kind.Length - 2 + length);
            n += length;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, n), PointGeometry);
            n += PointGeometryBytes;
        }
        if (Math.Min(x, y) >= TwoBytes)
        {
            var place = (uint)x | (uint)y << 16;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, n), (place & 0x003F_003F) << 1 | (place & 0x0FC0_0FC0) << 2 | 0x0080_0080);
            n += 4;
        }
        else
        {
            n += WriteShort(x, y, ref Unsafe.Add(ref at, n));
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

    private IssueKind KindOf(in PlacedIssue issue)
        => _kinds[issue.Category] is { } kinds && kinds[KeyOf(issue.Severity, issue.Status, issue.Traits) & _told] is { } kind ? kind : NewKind(issue);

    private static int KeyOf(int severity, int status, IssueTraits traits) => severity << 6 | status << 3 | (int)traits;

    /// <summary>The part of a key that differs between kinds: what is not told of issues does not make them differ.</summary>
    private static int ToldOf(IssueAttributes attributes)
    {
        return KeyOf(
            If(IssueAttributes.Severity, 7), If(IssueAttributes.Status, 7),
            (IssueTraits)(If(IssueAttributes.Overdue, (int)IssueTraits.Overdue) | If(IssueAttributes.Relapse, (int)IssueTraits.Relapse) | If(IssueAttributes.DefaultPoint, (int)IssueTraits.DefaultPoint)));

        int If(IssueAttributes attribute, int bits) => attributes.HasFlag(attribute) ? bits : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private IssueKind NewKind(in PlacedIssue issue)
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
        var kinds = _kinds[issue.Category] ??= new IssueKind?[KindsPerCategory];
        return kinds[KeyOf(issue.Severity, issue.Status, issue.Traits) & _told] = new IssueKind(bytes);
    }
}
