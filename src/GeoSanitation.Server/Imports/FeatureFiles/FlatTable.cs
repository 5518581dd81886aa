using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>A table of a FlatBuffer. Nobody vouches for the bytes: a position outside of them throws <see cref="ArgumentOutOfRangeException"/>.</summary>
/// <remarks>Source: FlatBuffers internals, flatbuffers.dev/internals.</remarks>
internal readonly ref struct FlatTable
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _start;
    private readonly ReadOnlySpan<byte> _fields;

    private FlatTable(ReadOnlySpan<byte> bytes, int start)
    {
        _bytes = bytes;
        _start = start;
        var fields = start - BinaryPrimitives.ReadInt32LittleEndian(bytes[start..]);
        _fields = bytes.Slice(fields, BinaryPrimitives.ReadUInt16LittleEndian(bytes[fields..]));
    }

    /// <summary>The table that a buffer holds, its size not in front.</summary>
    internal static FlatTable RootOf(ReadOnlySpan<byte> bytes) => new(bytes, Target(bytes, 0));

    /// <summary>A number; what it is said to be when it is left out.</summary>
    internal T Number<T>(int field, T otherwise = default)
        where T : unmanaged
        => At(field) is > 0 and var at ? MemoryMarshal.Read<T>(_bytes[at..]) : otherwise;

    /// <summary>A text; null when it is left out.</summary>
    internal string? Text(int field) => At(field) > 0 ? Encoding.UTF8.GetString(Vector<byte>(field)) : null;

    /// <summary>A vector of numbers; empty when it is left out.</summary>
    internal ReadOnlySpan<T> Vector<T>(int field)
        where T : unmanaged
    {
        if (At(field) is not (> 0 and var at))
        {
            return [];
        }
        var start = Target(_bytes, at);
        var count = BinaryPrimitives.ReadInt32LittleEndian(_bytes[start..]);
        return MemoryMarshal.Cast<byte, T>(_bytes.Slice(start + 4, checked(count * Unsafe.SizeOf<T>())));
    }

    /// <summary>True when the field is there.</summary>
    internal bool Has(int field) => At(field) > 0;

    /// <summary>A table within.</summary>
    internal FlatTable Table(int field) => new(_bytes, Target(_bytes, At(field)));

    /// <summary>How many tables a vector of them has.</summary>
    internal int CountOf(int field) => Vector<uint>(field).Length;

    /// <summary>One table of a vector.</summary>
    internal FlatTable Table(int field, int index) => new(_bytes, Target(_bytes, Target(_bytes, At(field)) + 4 + 4 * index));

    private int At(int field) => 2 * field + 6 <= _fields.Length && BinaryPrimitives.ReadUInt16LittleEndian(_fields[(2 * field + 4)..]) is > 0 and var offset ? _start + offset : 0;

    private static int Target(ReadOnlySpan<byte> bytes, int at) => checked(at + (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]));
}
