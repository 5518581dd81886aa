using System.Buffers.Binary;
using System.Text;

namespace GeoSanitation.Server.Tiles;

/// <summary>Writes the Protocol Buffers wire format: the few kinds of field that vector tiles need.</summary>
internal sealed class ProtobufWriter
{
    private const int VarintWire = 0;
    private const int Fixed64Wire = 1;
    private const int BytesWire = 2;
    private const int MaxVarint = 10;

    private byte[] _bytes = new byte[256];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    /// <summary>A number field.</summary>
    internal void Number(int field, ulong value)
    {
        Varint((uint)(field << 3 | VarintWire));
        Varint(value);
    }

    /// <summary>A field of 64-bit floating point.</summary>
    internal void Double(int field, double value)
    {
        Varint((uint)(field << 3 | Fixed64Wire));
        BinaryPrimitives.WriteDoubleLittleEndian(Reserve(sizeof(double)), value);
        Length += sizeof(double);
    }

    /// <summary>A field of bytes, or of a message written elsewhere.</summary>
    internal void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Begin(field, bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Where a field of bytes begins that is written elsewhere.</summary>
    internal void Begin(int field, int length)
    {
        Varint((uint)(field << 3 | BytesWire));
        Varint((uint)length);
    }

    /// <summary>A field of text.</summary>
    internal void Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A number without a field, as in a packed list.</summary>
    internal void Varint(ulong value)
    {
        var target = Reserve(MaxVarint);
        var n = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[n++] = (byte)(value | 0x80);
        }
        target[n++] = (byte)value;
        Length += n;
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + count));
        }
        return _bytes.AsSpan(Length);
    }
}
