using System.Buffers;

namespace GeoSanitation.Server.Http;

/// <summary>A <see cref="RentedArray"/> for what writes into any buffer.</summary>
internal sealed class RentedBytes : IBufferWriter<byte>, IDisposable
{
    private RentedArray _bytes;

    /// <summary>What was written.</summary>
    internal ReadOnlySpan<byte> Written => _bytes.Written;

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
