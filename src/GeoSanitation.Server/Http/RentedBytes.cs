using System.Buffers;

namespace GeoSanitation.Server.Http;

/// <summary>Bytes that are written one after the other into rented memory, for large bodies that come often: new memory would take longer to get than to fill.</summary>
internal sealed class RentedBytes : IBufferWriter<byte>, IDisposable
{
    private const int Least = 1 << 16;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>What was written.</summary>
    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _length < Math.Max(sizeHint, 1))
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, _length + Math.Max(sizeHint, Least)));
            Written.CopyTo(larger);
            Return();
            _bytes = larger;
        }
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Return();
        (_bytes, _length) = ([], 0);
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
