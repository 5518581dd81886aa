using System.Security.Cryptography;
using System.Text;
using GeoSanitation.Store.Imports;

namespace GeoSanitation.Server.Imports;

/// <summary>A category as rows need it.</summary>
/// <param name="Code">Its code, UTF-8.</param>
/// <param name="Shape">What the taxonomy says of it.</param>
/// <param name="Department">The department in charge, UTF-8; empty for none.</param>
/// <param name="IsNew">True when the taxonomy does not have it yet.</param>
internal sealed record KnownCategory(byte[] Code, CategoryShape Shape, byte[] Department, bool IsNew);

/// <summary>Finds the category that a text of a file means: by code, by name in either language, or a new one under <c>imported</c>.</summary>
internal sealed class CategoryWords
{
    /// <summary>More new categories than this are no categories: the column is another one.</summary>
    internal const int MostNew = 5_000;

    private const int LongestCode = 120;
    private const string Unspecified = "unspecified";

    private readonly Dictionary<string, KnownCategory> _known = new(StringComparer.OrdinalIgnoreCase);
    private int _new;

    internal CategoryWords(IReadOnlyList<CategoryShape> taxonomy)
    {
        // Codes win over names, and names over English names, wherever they are spelled alike.
        foreach (var word in (Func<CategoryShape, string?>[])[c => c.Code, c => c.Name, c => c.NameEn])
        {
            foreach (var category in taxonomy)
            {
                if (word(category) is { } text)
                {
                    _known.TryAdd(text, new KnownCategory(
                        Encoding.UTF8.GetBytes(category.Code), category, Encoding.UTF8.GetBytes(category.Department ?? ""), IsNew: false));
                }
            }
        }
    }

    /// <summary>The category of a text; empty is the category of issues without one.</summary>
    /// <exception cref="ImportFileException">There are too many new ones.</exception>
    internal KnownCategory Find(string text)
    {
        text = text.Length > 0 ? text : Unspecified;
        if (_known.TryGetValue(text, out var known))
        {
            return known;
        }
        var code = CodeOf(text);
        if (!_known.TryGetValue(code, out known))
        {
            if (++_new > MostNew)
            {
                throw new ImportFileException($"the column of the category has more than {MostNew} different texts that the taxonomy does not know, such as {text}; name another column: {{\"category\": \"COLUMN\"}} (--map)");
            }
            known = new KnownCategory(Encoding.UTF8.GetBytes(code), new CategoryShape(code, "imported", text, null, null, null, null, 3), [], IsNew: true);
            _known[code] = known;
        }
        _known[text] = known;
        return known;
    }

    /// <summary><c>imported.</c> and the text in small letters with dashes for what is neither a letter nor a digit.</summary>
    private static string CodeOf(string text)
    {
        var slug = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                slug.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }
        var plain = slug.ToString().TrimEnd('-');
        return plain.Length > 0 && Encoding.UTF8.GetByteCount(plain) <= LongestCode
            ? "imported." + plain
            : "imported.x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
