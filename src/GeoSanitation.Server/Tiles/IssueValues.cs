using System.Runtime.CompilerServices;
using System.Text;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.Tiles;

/// <summary>The values of attributes in a layer of single issues, numbered as they come.</summary>
/// <remarks>Times are not looked for among those that came before: few are equal, and looking would take longer than all else.</remarks>
internal sealed class IssueValues
{
    private const int UsualTime = 8;

    private readonly ProtobufWriter _value = new();
    private readonly ProtobufWriter _framed = new();
    private readonly Dictionary<object, int> _known = [];
    private RentedArray _written;
    private int _count;
    private (long Seconds, int Number) _lastTime = (0, -1);

    /// <summary>The values, each with its field number.</summary>
    internal ReadOnlySpan<byte> Written => _written.Written;

    /// <summary>Makes room for so many times at once.</summary>
    internal void Reserve(int times) => _written.Reserve((long)times * UsualTime);

    /// <summary>Number of a text, a flag or a whole number.</summary>
    internal int NumberOf(object value)
    {
        if (!_known.TryGetValue(value, out var number))
        {
            _value.Clear();
            switch (value)
            {
                case string text:
                    _value.Bytes(1, Encoding.UTF8.GetBytes(text));
                    break;
                case bool flag:
                    _value.Number(7, flag ? 1UL : 0);
                    break;
                default:
                    _value.Number(4, (ulong)(int)value);
                    break;
            }
            _framed.Clear();
            _framed.Bytes(4, _value.Written);
            _written.Add(_framed.Written);
            _known[value] = number = _count++;
        }
        return number;
    }

    /// <summary>Number of a time.</summary>
    /// <param name="seconds">Seconds since 1970-01-01T00:00Z.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int NumberOfTime(long seconds)
    {
        if (_lastTime.Number < 0 || _lastTime.Seconds != seconds)
        {
            Add((ulong)seconds);
            _lastTime = (seconds, _count++);
        }
        return _lastTime.Number;
    }

    /// <summary>Gives the memory back.</summary>
    internal void Return() => _written.Return();

    /// <summary>Writes a value that is a whole number without sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ulong value)
    {
        ref var at = ref _written.Room(3 + Varints.Longest);
        if (value - (1UL << 28) < (1UL << 35) - (1UL << 28))
        {
            // From 1978 to 3058 it takes five bytes.
            Unsafe.WriteUnaligned(ref at, 0x20_06_22 | (value & 0x7F | value << 1 & 0x7F00 | value << 2 & 0x7F0000 | value << 3 & 0x7F000000 | value << 4 & 0x7F00000000 | 0x80808080) << 24);
            _written.Length += 8;
        }
        else
        {
            var length = Varints.Write(ref Unsafe.Add(ref at, 3), value);
            Unsafe.WriteUnaligned(ref at, (ushort)(0x22 | (1 + length) << 8));
            Unsafe.Add(ref at, 2) = 0x20;
            _written.Length += (int)(3 + length);
        }
    }
}
