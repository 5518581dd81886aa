using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GeoSanitation.Server.Tiles;

/// <summary>What is the same in the features of all issues with equal attributes but the time: few kinds of issue come again and again.</summary>
internal sealed class IssueKind
{
    /// <summary>Bytes that must be free for a copy.</summary>
    internal const int Room = 64;

    private readonly Vector256<byte> _begin;
    private readonly Vector256<byte> _rest;

    /// <param name="bytes">The bytes, at most <see cref="Room"/>.</param>
    internal IssueKind(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[Room];
        whole.Clear();
        bytes.CopyTo(whole);
        (_begin, _rest, Length) = (Vector256.Create<byte>(whole), Vector256.Create<byte>(whole[Vector256<byte>.Count..]), bytes.Length);
    }

    /// <summary>How many bytes are meant.</summary>
    internal nint Length { get; }

    /// <summary>Writes the bytes; those behind them may be written over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CopyTo(ref byte at)
    {
        Unsafe.WriteUnaligned(ref at, _begin);
        if (Length > Vector256<byte>.Count)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, Vector256<byte>.Count), _rest);
        }
    }
}
