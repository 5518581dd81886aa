using System.Text;
using GeoSanitation.Store.Imports;

namespace GeoSanitation.Server.Imports;

/// <summary>Who answers for an issue: ward x category x date, by the most specific rule; the ward counts before the category.</summary>
internal sealed class Responsibilities(IntakeReference reference)
{
    private readonly Dictionary<(int Ward, string Category), (DateOnly From, DateOnly To, byte[] Body)[]> _rules = [];

    /// <summary>The body, UTF-8; null when no rule speaks of it.</summary>
    /// <param name="ward">Index of the ward in the reference.</param>
    /// <param name="category">The category.</param>
    /// <param name="day">Local day of the report.</param>
    internal byte[]? Find(int ward, CategoryShape category, DateOnly day)
    {
        if (reference.Responsibilities.Count == 0)
        {
            return null;
        }
        if (!_rules.TryGetValue((ward, category.Code), out var rules))
        {
            _rules[(ward, category.Code)] = rules = InOrder(reference.Wards[ward].Codes, category);
        }
        foreach (var (from, to, body) in rules)
        {
            if (from <= day && day < to)
            {
                return body;
            }
        }
        return null;
    }

    private (DateOnly, DateOnly, byte[])[] InOrder(IReadOnlyList<string> wardCodes, CategoryShape category)
        => [.. reference.Responsibilities
            .Select(rule => (Rule: rule, Ward: Rank(rule.WardCode, wardCodes), Category: Rank(rule.CategoryCode, [category.Code, .. category.ParentCode is { } parent ? (string[])[parent] : []])))
            .Where(r => r.Ward is not null && r.Category is not null)
            .OrderBy(r => r.Ward).ThenBy(r => r.Category)
            .Select(r => (r.Rule.ValidFrom, r.Rule.ValidTo ?? DateOnly.MaxValue, Encoding.UTF8.GetBytes(r.Rule.Body)))];

    // 0 for the thing itself, 1 for what is around it, ...; a rule for everything comes last; null when it speaks of something else.
    private static int? Rank(string? code, IReadOnlyList<string> codes)
    {
        if (code is null)
        {
            return int.MaxValue;
        }
        for (var i = 0; i < codes.Count; i++)
        {
            if (codes[i] == code)
            {
                return i;
            }
        }
        return null;
    }
}
