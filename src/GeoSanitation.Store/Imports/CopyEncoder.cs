using System.Buffers.Binary;

namespace GeoSanitation.Store.Imports;

/// <summary>Rows in PostgreSQL's binary COPY form, built in one growing buffer without an object a row.</summary>
/// <remarks>Source of the format: PostgreSQL documentation, COPY, "Binary Format".</remarks>
internal sealed class CopyEncoder
{
    private static readonly long EpochTicks = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private byte[] _buffer = new byte[1 << 17];

    internal CopyEncoder()
    {
        // The signature, then flags and the length of an extension, both zero.
        "PGCOPY\n"u8.CopyTo(Next(7));
        ReadOnlySpan<byte> rest = [0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];
        rest.CopyTo(Next(rest.Length));
    }

    internal int Length { get; private set; }

    internal ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    internal void Clear() => Length = 0;

    internal void StartRow(short fields) => BinaryPrimitives.WriteInt16BigEndian(Next(2), fields);

    internal void End() => BinaryPrimitives.WriteInt16BigEndian(Next(2), -1);

    internal void Null() => BinaryPrimitives.WriteInt32BigEndian(Next(4), -1);

    /// <summary>UTF-8 text; empty is NULL.</summary>
    internal void Text(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            Null();
            return;
        }
        BinaryPrimitives.WriteInt32BigEndian(Next(4), utf8.Length);
        utf8.CopyTo(Next(utf8.Length));
    }

    internal void Int16(short? value)
    {
        if (value is { } number)
        {
            BinaryPrimitives.WriteInt32BigEndian(Next(4), 2);
            BinaryPrimitives.WriteInt16BigEndian(Next(2), number);
        }
        else
        {
            Null();
        }
    }

    internal void Int32(int? value)
    {
        if (value is { } number)
        {
            BinaryPrimitives.WriteInt32BigEndian(Next(4), 4);
            BinaryPrimitives.WriteInt32BigEndian(Next(4), number);
        }
        else
        {
            Null();
        }
    }

    internal void Int64(long? value)
    {
        if (value is { } number)
        {
            BinaryPrimitives.WriteInt32BigEndian(Next(4), 8);
            BinaryPrimitives.WriteInt64BigEndian(Next(8), number);
        }
        else
        {
            Null();
        }
    }

    internal void Single(float? value)
    {
        if (value is { } number)
        {
            BinaryPrimitives.WriteInt32BigEndian(Next(4), 4);
            BinaryPrimitives.WriteSingleBigEndian(Next(4), number);
        }
        else
        {
            Null();
        }
    }

    internal void Double(double value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Next(4), 8);
        BinaryPrimitives.WriteDoubleBigEndian(Next(8), value);
    }

    /// <summary>A UTC time as timestamptz.</summary>
    internal void Time(DateTime? utc)
        => Int64(utc is { } time ? (time.Ticks - EpochTicks) / TimeSpan.TicksPerMicrosecond : null);

    /// <summary>16 bytes as uuid.</summary>
    internal void Uuid(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(Next(4), 16);
        bytes.CopyTo(Next(16));
    }

    private Span<byte> Next(int count)
    {
        if (Length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }
        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }
}
