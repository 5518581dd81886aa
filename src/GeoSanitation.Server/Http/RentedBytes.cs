using System.Buffers;

namespace GeoSanitation.Server.Http;

/// <summary>A <see cref="RentedArray"/> for what writes into any buffer.</summary>
internal sealed class RentedBytes : IBufferWriter<byte>, IDisposable
{
    private readonly int _start;
    private RentedArray _bytes;

    /// <summary>Nothing yet.</summary>
    internal RentedBytes()
    {
    }

    /// <summary>What was written elsewhere.</summary>
    /// <param name="bytes">Where; it is given back with this.</param>
    /// <param name="start">How many bytes at its beginning are not meant.</param>
    internal RentedBytes(RentedArray bytes, int start) => (_bytes, _start) = (bytes, start);

    /// <summary>What was written.</summary>
    internal ReadOnlySpan<byte> Written => _bytes.Written[_start..];

    /// <summary>What was written, for as long as it is not given back.</summary>
    internal ReadOnlyMemory<byte> Memory => _bytes.Memory[_start..];

    /// <inheritdoc/>
    public void Advance(int count) => _bytes.Length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        _bytes.Room(sizeHint);
        return _bytes.Free;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _bytes.Return();
}
