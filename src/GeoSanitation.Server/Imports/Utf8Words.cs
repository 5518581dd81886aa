using System.Text;

namespace GeoSanitation.Server.Imports;

/// <summary>What a word of a file means, worked out once: the same few thousand words come back in millions of rows.</summary>
/// <param name="meaning">Works it out.</param>
internal sealed class Utf8Words<T>(Func<string, T> meaning)
{
    // Beyond this a column does not hold words but texts; they are worked out each time, and memory stays bounded.
    private const int MostKept = 20_000;
    private const int LongestKept = 256;

    private readonly Dictionary<string, T> _known = [];

    internal T this[ReadOnlySpan<byte> word]
    {
        get
        {
            if (word.Length > LongestKept)
            {
                return meaning(Encoding.UTF8.GetString(word));
            }
            Span<char> text = stackalloc char[LongestKept];
            text = text[..Encoding.UTF8.GetChars(word, text)];
            var lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
            if (!lookup.TryGetValue(text, out var value))
            {
                value = meaning(text.ToString());
                if (_known.Count < MostKept)
                {
                    lookup[text] = value;
                }
            }
            return value;
        }
    }
}
