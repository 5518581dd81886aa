using System.Runtime.CompilerServices;

namespace GeoSanitation.Server.Tiles;

/// <summary>Whole numbers of the Protocol Buffers wire format, seven bits a byte, where there is room for the longest: what tiles with most features are full of.</summary>
internal static class Varints
{
    /// <summary>Bytes that must be free: the longest number has as many.</summary>
    internal const int Longest = 10;

    /// <summary>Writes a number; bytes behind it may be written over.</summary>
    /// <returns>How many bytes it takes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint Write(ref byte at, ulong value)
    {
        // Nearly all take three or two bytes: those are written at once.
        if (value - 0x4000 < 0x200000 - 0x4000)
        {
            Unsafe.WriteUnaligned(ref at, (uint)value & 0x7F | (uint)value << 1 & 0x7F00 | (uint)value << 2 & 0x7F0000 | 0x8080);
            return 3;
        }
        if (value - 0x80 < 0x4000 - 0x80)
        {
            Unsafe.WriteUnaligned(ref at, (ushort)(value & 0x7F | value << 1 & 0x7F00 | 0x80));
            return 2;
        }
        return WriteAny(ref at, value);
    }

    // Not in the loops that write numbers, where it would take the registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint WriteAny(ref byte at, ulong value)
    {
        nint n = 0;
        for (; value >= 0x80; value >>= 7)
        {
            Unsafe.Add(ref at, n++) = (byte)(value | 0x80);
        }
        Unsafe.Add(ref at, n) = (byte)value;
        return n + 1;
    }
}
