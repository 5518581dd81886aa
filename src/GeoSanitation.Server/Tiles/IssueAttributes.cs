using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.Tiles;

/// <summary>What a vector tile says of a single issue. Names in the tile are those here in snake_case, in this order.</summary>
[Flags]
internal enum IssueAttributes
{
    None = 0,

    /// <summary>Always 1, so that sums over issues and over bins are written alike.</summary>
    Count = 1,
    Category = 2,
    Severity = 4,
    Status = 8,
    Overdue = 16,
    Relapse = 32,
    DefaultPoint = 64,
    ReportedAt = 128,
    All = 255,
}

/// <summary>Names of <see cref="IssueAttributes"/>.</summary>
internal static class IssueAttributeNames
{
    private static readonly string[] Names = ["count", "category", "severity", "status", "overdue", "relapse", "default_point", "reported_at"];

    /// <summary>All names.</summary>
    internal static IReadOnlyList<string> All => Names;

    /// <summary>Their names.</summary>
    internal static string[] Of(IssueAttributes attributes) => [.. Names.Where((_, i) => ((int)attributes >> i & 1) != 0)];

    /// <summary>The attributes of names with commas between; all of them for null.</summary>
    /// <param name="parameter">Name of the parameter, for the refusal.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="BadParameterException">A name is none of these.</exception>
    internal static IssueAttributes Parse(string parameter, string? text)
    {
        if (text is null)
        {
            return IssueAttributes.All;
        }
        var attributes = IssueAttributes.None;
        foreach (var name in text.Split(','))
        {
            attributes |= Array.IndexOf(Names, name) is var i and >= 0
                ? (IssueAttributes)(1 << i)
                : throw new BadParameterException(parameter, text, "some of these with commas between: " + string.Join(", ", Names));
        }
        return attributes;
    }
}
