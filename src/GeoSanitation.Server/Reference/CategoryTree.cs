using GeoSanitation.Store.Reference;

namespace GeoSanitation.Server.Reference;

/// <summary>The taxonomy of problems.</summary>
/// <param name="Categories">Those at the top, by code.</param>
internal sealed record CategoryTree(IReadOnlyList<CategoryNode> Categories)
{
    /// <summary>Puts categories into their tree; what one leaves open it takes from the one above.</summary>
    internal static CategoryTree Of(IReadOnlyList<Category> all)
    {
        var children = all.ToLookup(c => c.ParentCode);
        return new CategoryTree(Below(null, null));

        IReadOnlyList<CategoryNode> Below(string? code, Category? above) => [.. children[code].Select(c =>
        {
            var known = c with
            {
                Department = c.Department ?? above?.Department,
                DeadlineAmount = c.DeadlineAmount ?? above?.DeadlineAmount,
                DeadlineUnit = c.DeadlineUnit ?? above?.DeadlineUnit,
            };
            return new CategoryNode(
                c.Code, c.ParentCode, c.Name, c.NameEn, c.Clause, known.Department, known.DeadlineAmount, known.DeadlineAmount is null ? null : known.DeadlineUnit, c.DefaultSeverity, Below(c.Code, known));
        })];
    }
}

/// <summary>A category.</summary>
/// <param name="Code">Its code.</param>
/// <param name="ParentCode">Code of the category above it; null at the top.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name, where known.</param>
/// <param name="Clause">The clause of the city's own standard that it stands for.</param>
/// <param name="Department">Who answers for it.</param>
/// <param name="DeadlineAmount">Hours allowed from dispatch to resolution; null for any time.</param>
/// <param name="DeadlineUnit">Whether these are <c>hours</c> of the calendar, or <c>working_hours</c> of the city's office.</param>
/// <param name="DefaultSeverity">Severity of an issue that does not say its own, 1 to 5.</param>
/// <param name="Children">The categories below it, by code.</param>
internal sealed record CategoryNode(
    string Code, string? ParentCode, string Name, string? NameEn, string? Clause, string? Department, int? DeadlineAmount, string? DeadlineUnit, int DefaultSeverity, IReadOnlyList<CategoryNode> Children);
