using System.Text;

namespace GeoSanitation.Server.Imports;

/// <summary>The fields of one row as UTF-8, in memory that the next row uses again.</summary>
/// <param name="columns">How many there are.</param>
internal sealed class FieldTexts(int columns)
{
    private readonly (int Start, int Length)[] _fields = new (int, int)[columns];
    private byte[] _texts = new byte[1 << 12];
    private int _length;

    /// <summary>A field; empty when it was not set.</summary>
    internal ReadOnlyMemory<byte> this[int column] => _texts.AsMemory(_fields[column].Start, _fields[column].Length);

    /// <summary>Forgets the row.</summary>
    internal void Clear()
    {
        Array.Clear(_fields);
        _length = 0;
    }

    /// <summary>Keeps a field.</summary>
    internal void Set(int column, string text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_length + size > _texts.Length)
        {
            Array.Resize(ref _texts, Math.Max(_texts.Length * 2, _length + size));
        }
        var written = Encoding.UTF8.GetBytes(text, _texts.AsSpan(_length));
        _fields[column] = (_length, written);
        _length += written;
    }
}
