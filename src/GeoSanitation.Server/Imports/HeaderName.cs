using System.Text;

namespace GeoSanitation.Server.Imports;

/// <summary>A column's name, to be compared with the words that headers use: without case, blanks and punctuation.</summary>
internal readonly struct HeaderName
{
    // A name as long as this may have lost its end: ten bytes, or nine where a Chinese character did not fit.
    private const int CutBytes = 9;

    private readonly string _plain;
    private readonly bool _mayBeCut;

    /// <summary>Of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cut">True when the form of its file cuts names.</param>
    internal HeaderName(string name, bool cut)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name.Where(char.IsLetterOrDigit))
        {
            plain.Append(char.ToLowerInvariant(c));
        }
        (_plain, _mayBeCut) = (plain.ToString(), cut && Encoding.UTF8.GetByteCount(name) >= CutBytes);
    }

    /// <summary>Whether it is a word, or the beginning of one that was cut.</summary>
    internal bool Means(string word) => _plain == word || (_mayBeCut && word.Length > _plain.Length && word.StartsWith(_plain, StringComparison.Ordinal));
}
