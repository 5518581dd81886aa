using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;

namespace GeoSanitation.Store.Changes;

/// <summary>What is kept in memory of an issue.</summary>
/// <param name="Id">Its number.</param>
/// <param name="LonDegrees">Longitude.</param>
/// <param name="LatDegrees">Latitude.</param>
/// <param name="ReportedAt">Microseconds since 1970-01-01T00:00Z.</param>
/// <param name="DueAt">Microseconds since 1970-01-01T00:00Z; null for no deadline.</param>
/// <param name="Ward">Row of its ward; 0 for none.</param>
/// <param name="Category">Code of its category.</param>
/// <param name="Source">How it was found.</param>
/// <param name="Department">Who is in charge.</param>
/// <param name="Round">Row of its round; 0 for none.</param>
/// <param name="Status">Position in <see cref="IssuePoints.Statuses"/>.</param>
/// <param name="Severity">1 to 5.</param>
/// <param name="Traits">Relapse and default point; whether it is overdue depends on the hour.</param>
/// <param name="DoneAt">When it was resolved, or else closed: microseconds since 1970-01-01T00:00Z; null while neither is known.</param>
/// <param name="ClosedAt">When it was closed: microseconds since 1970-01-01T00:00Z; null where it was not.</param>
/// <param name="Responsible">Who answers for it.</param>
public readonly record struct IssueRow(
    long Id, double LonDegrees, double LatDegrees, long ReportedAt, long? DueAt, int Ward, string Category, string Source, string? Department, int Round,
    byte Status, byte Severity, IssueTraits Traits, long? DoneAt, long? ClosedAt, string? Responsible);

/// <summary>Ids of issues, both ends included.</summary>
/// <param name="From">The lowest.</param>
/// <param name="To">The highest.</param>
public readonly record struct IdRange(long From, long To)
{
    /// <summary>Every id.</summary>
    public static IdRange All { get; } = new(long.MinValue, long.MaxValue);

    /// <summary>The same ids as ranges that do not touch, ascending.</summary>
    public static IReadOnlyList<IdRange> Merge(IEnumerable<IdRange> ranges)
    {
        var merged = new List<IdRange>();
        foreach (var range in ranges.OrderBy(r => r.From))
        {
            if (merged.Count > 0 && (merged[^1].To == long.MaxValue || range.From <= merged[^1].To + 1))
            {
                merged[^1] = merged[^1] with { To = Math.Max(merged[^1].To, range.To) };
            }
            else
            {
                merged.Add(range);
            }
        }
        return merged;
    }
}

/// <summary>What the filter of issues refers to.</summary>
/// <param name="Categories">The taxonomy by code.</param>
/// <param name="Wards">All boundaries, of any time.</param>
/// <param name="Rounds">Inspection rounds.</param>
public sealed record FilterTables(IReadOnlyList<CategoryRow> Categories, IReadOnlyList<WardRow> Wards, IReadOnlyList<RoundRow> Rounds);

/// <summary>A category.</summary>
/// <param name="Name">Its code and names.</param>
/// <param name="ParentCode">The code above.</param>
public sealed record CategoryRow(NamedCode Name, string? ParentCode);

/// <summary>A boundary of a ward.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Code">Its code.</param>
/// <param name="Path">Its place in the tree: labels with points between.</param>
public sealed record WardRow(int Id, string Code, string Path);

/// <summary>An inspection round.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Round">What is known of it.</param>
public sealed record RoundRow(int Id, Round Round);
