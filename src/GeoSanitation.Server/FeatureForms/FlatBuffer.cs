using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>Writes one FlatBuffer, back to front as the format wants it: children first, then what refers to them.</summary>
/// <remarks>Positions are counted in bytes from the end. Source: FlatBuffers internals, flatbuffers.dev/internals.</remarks>
internal sealed class FlatBuffer
{
    private const int ReferenceBytes = 4;
    private const int LargestAlignment = 8;

    private byte[] _bytes = new byte[1 << 10];
    private int _used;
    private int[] _fields = [];
    private int _tableStart;

    /// <summary>Forgets what was written and keeps the memory.</summary>
    internal void Clear() => _used = 0;

    /// <summary>Writes a text.</summary>
    internal int Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Align(ReferenceBytes, length + 1);
        Take(1)[0] = 0;
        Encoding.UTF8.GetBytes(text, Take(length));
        BinaryPrimitives.WriteInt32LittleEndian(Take(ReferenceBytes), length);
        return _used;
    }

    /// <summary>Writes a vector of numbers.</summary>
    internal int Vector<T>(ReadOnlySpan<T> items)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(items);
        Align(ReferenceBytes, bytes.Length);
        Align(items.IsEmpty ? 1 : bytes.Length / items.Length, bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
        BinaryPrimitives.WriteInt32LittleEndian(Take(ReferenceBytes), items.Length);
        return _used;
    }

    /// <summary>Writes a vector of references to what was written before.</summary>
    internal int References(IReadOnlyList<int> positions)
    {
        Align(ReferenceBytes, ReferenceBytes * positions.Count);
        for (var i = positions.Count - 1; i >= 0; i--)
        {
            Refer(positions[i]);
        }
        BinaryPrimitives.WriteInt32LittleEndian(Take(ReferenceBytes), positions.Count);
        return _used;
    }

    /// <summary>Begins a table of so many fields; no other may be open.</summary>
    internal void StartTable(int fields) => (_fields, _tableStart) = (new int[fields], _used);

    /// <summary>A field that holds a number.</summary>
    internal void Field<T>(int field, T value)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));
        Align(bytes.Length, 0);
        bytes.CopyTo(Take(bytes.Length));
        _fields[field] = _used;
    }

    /// <summary>A field that refers to what was written before.</summary>
    internal void Reference(int field, int position)
    {
        Align(ReferenceBytes, 0);
        Refer(position);
        _fields[field] = _used;
    }

    internal int EndTable()
    {
        Align(ReferenceBytes, 0);
        Take(ReferenceBytes);
        var table = _used;
        for (var i = _fields.Length - 1; i >= 0; i--)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)(_fields[i] == 0 ? 0 : table - _fields[i]));
        }
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)(table - _tableStart));
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)(2 * (_fields.Length + 2)));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_bytes.Length - table), _used - table);
        return table;
    }

    /// <summary>The whole, its size in front; valid until the next change.</summary>
    internal ReadOnlyMemory<byte> Finish(int root)
    {
        Align(LargestAlignment, 2 * ReferenceBytes);
        Refer(root);
        BinaryPrimitives.WriteInt32LittleEndian(Take(ReferenceBytes), _used - ReferenceBytes);
        return _bytes.AsMemory(_bytes.Length - _used);
    }

    private void Refer(int position) => BinaryPrimitives.WriteInt32LittleEndian(Take(ReferenceBytes), _used - position);

    // So that what comes after so many more bytes lies on a multiple of its size.
    private void Align(int size, int before) => Take(-(_used + before) & (size - 1)).Clear();

    private Span<byte> Take(int count)
    {
        if (_used + count > _bytes.Length)
        {
            var larger = new byte[Math.Max(2 * _bytes.Length, _used + count)];
            _bytes.AsSpan(_bytes.Length - _used).CopyTo(larger.AsSpan(larger.Length - _used));
            _bytes = larger;
        }
        _used += count;
        return _bytes.AsSpan(_bytes.Length - _used, count);
    }
}
