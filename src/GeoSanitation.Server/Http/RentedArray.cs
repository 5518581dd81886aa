using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoSanitation.Server.Http;

/// <summary>Bytes that are written one after the other into a rented array, which grows: new memory would take longer to get than to fill.</summary>
internal struct RentedArray
{
    private const int Least = 4096;

    private byte[]? _array;

    /// <summary>How many bytes are written; whoever writes into <see cref="Room"/> or <see cref="Free"/> moves it on.</summary>
    internal int Length;

    /// <summary>What is written.</summary>
    internal readonly ReadOnlySpan<byte> Written => _array.AsSpan(0, Length);

    /// <summary>What is written, for as long as the memory is not given back.</summary>
    internal readonly ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    /// <summary>Bytes that were written, to be written over.</summary>
    internal readonly Span<byte> Before(int end) => _array.AsSpan(0, end);

    /// <summary>What is free behind it.</summary>
    internal readonly Memory<byte> Free => _array.AsMemory(Length);

    /// <summary>Makes so many bytes free at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Reserve(long more)
    {
        if ((_array?.Length ?? 0) - Length < more)
        {
            Grow(more);
        }
    }

    /// <summary>Where the next byte goes, with so many free.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref byte Room(int bytes)
    {
        Reserve(Math.Max(bytes, 1));
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array!), Length);
    }

    /// <summary>Leaves bytes free, to be written later.</summary>
    internal void Skip(int bytes)
    {
        Room(bytes);
        Length += bytes;
    }

    /// <summary>Writes bytes.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref Room(bytes.Length), bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Gives the memory back, and begins anew.</summary>
    internal void Return()
    {
        if (_array is not null)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }
        this = default;
    }

    /// <exception cref="OutOfMemoryException">No array is so large.</exception>
    /// <remarks>Not inlined: in a loop that writes it would take the registers from what is done each time.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(long more)
    {
        var usual = Math.Max(Least, Math.Min(2L * Length, Array.MaxLength));
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(Length + more, usual), int.MaxValue));
        Written.CopyTo(larger);
        var length = Length;
        Return();
        (_array, Length) = (larger, length);
    }
}
