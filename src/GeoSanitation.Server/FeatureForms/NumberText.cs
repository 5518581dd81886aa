using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>Numbers, degrees and times as text in UTF-8, eight digits at a time: what is behind the meant bytes is written over, too.</summary>
internal static class NumberText
{
    /// <summary>Room that any number needs.</summary>
    internal const int LongestNumber = 24;

    /// <summary>Room that any degrees need.</summary>
    internal const int LongestDegrees = 16;

    /// <summary>Room that any time needs.</summary>
    internal const int LongestInstant = 32;

    // Eight characters, the first in the lowest byte: zeros, and what makes of zeros the signs of a date and a time.
    private const ulong Zeros = 0x3030303030303030;
    private const ulong Hyphens = Zeros - 0x0300000300000000;
    private const ulong Colons = Zeros + 0x00000A00000A0000;

    private const uint TooLarge = 100_000_000;

    private static readonly int FirstDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Writes bytes.</summary>
    /// <returns>Where the next byte goes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Put(Span<byte> at, int n, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(at[n..]);
        return n + bytes.Length;
    }

    /// <summary>Writes a whole number.</summary>
    /// <param name="at">Where to, with room for <see cref="LongestNumber"/>.</param>
    /// <param name="value">The number.</param>
    /// <returns>How many bytes are meant of what was written.</returns>
    internal static int Number(Span<byte> at, long value)
    {
        if ((ulong)value >= TooLarge)
        {
            Utf8Formatter.TryFormat(value, at, out var length);
            return length;
        }
        var digits = Digits((uint)value);
        var zeros = Math.Min(7, BitOperations.TrailingZeroCount(digits) / 8);
        BinaryPrimitives.WriteUInt64LittleEndian(at, (digits + Zeros) >> (8 * zeros));
        return 8 - zeros;
    }

    /// <summary>Writes degrees to the seventh decimal, about a centimeter; zeros at the end left out.</summary>
    /// <param name="at">Where to, with room for <see cref="LongestDegrees"/>.</param>
    /// <param name="degrees">Below 200 on either side of 0.</param>
    /// <returns>How many bytes are meant of what was written.</returns>
    internal static int Degrees(Span<byte> at, double degrees)
    {
        const uint unit = 10_000_000;
        var (value, n) = ((int)Math.Round(degrees * unit), 0);
        if (value < 0)
        {
            at[n++] = (byte)'-';
        }
        var (whole, rest) = Math.DivRem((uint)Math.Abs(value), unit);
        if (whole >= 100)
        {
            at[n++] = (byte)('0' + whole / 100);
        }
        if (whole >= 10)
        {
            at[n++] = (byte)('0' + whole / 10 % 10);
        }
        at[n++] = (byte)('0' + whole % 10);
        if (rest == 0)
        {
            return n;
        }
        at[n++] = (byte)'.';
        var digits = Digits(10 * rest);
        BinaryPrimitives.WriteUInt64LittleEndian(at[n..], digits + Zeros);
        return n + 8 - BitOperations.LeadingZeroCount(digits) / 8;
    }

    /// <summary>Writes a time as <see cref="JsonForm.Time"/> does, in quotation marks; null for <see cref="IssueChunk.NeverDue"/>.</summary>
    /// <param name="at">Where to, with room for <see cref="LongestInstant"/>.</param>
    /// <param name="microseconds">Since 1970.</param>
    /// <returns>How many bytes are meant of what was written.</returns>
    internal static int Instant(Span<byte> at, long microseconds)
    {
        if (microseconds == IssueChunk.NeverDue)
        {
            return Put(at, 0, "null"u8);
        }
        var (day, time) = Math.DivRem((ulong)(microseconds + FirstDay * TimeSpan.MicrosecondsPerDay), (ulong)TimeSpan.MicrosecondsPerDay);
        var (year, month, dayOfMonth) = DateOnly.FromDayNumber((int)day);
        var seconds = (uint)(time / 1_000_000);
        var fraction = (uint)(time - 1_000_000ul * seconds);
        var minutes = seconds / 60;
        var hours = minutes / 60;
        at[0] = (byte)'"';
        // Where the numbers have a zero, the sign between them.
        BinaryPrimitives.WriteUInt64LittleEndian(at[1..], Digits((uint)(10_000 * year + 10 * month)) + Hyphens);
        at[9] = (byte)('0' + dayOfMonth / 10);
        at[10] = (byte)('0' + dayOfMonth % 10);
        at[11] = (byte)'T';
        BinaryPrimitives.WriteUInt64LittleEndian(at[12..], Digits(1_000_000 * hours + 1_000 * (minutes - 60 * hours) + seconds - 60 * minutes) + Colons);
        var n = 20;
        if (fraction != 0)
        {
            at[n++] = (byte)'.';
            var digits = Digits(100 * fraction);
            BinaryPrimitives.WriteUInt64LittleEndian(at[n..], digits + Zeros);
            n += 8 - BitOperations.LeadingZeroCount(digits) / 8;
        }
        return Put(at, n, "Z\""u8);
    }

    /// <summary>The eight decimal digits of a number, the first in the lowest byte: halves are halved, all at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Digits(uint value)
    {
        // Fours, twos and ones; the products with these numbers, shifted, are the quotients by 100 and by 10.
        var (high, low) = Math.DivRem(value, 10_000);
        var fours = high | (ulong)low << 32;
        var hundreds = fours * 10_486 >> 20 & 0x0000007F0000007F;
        var twos = hundreds | (fours - 100 * hundreds) << 16;
        var tens = twos * 103 >> 10 & 0x000F000F000F000F;
        return tens | (twos - 10 * tens) << 8;
    }
}
