namespace GeoSanitation.Store.Issues;

/// <summary>Points of issues as parallel arrays of length n, ordered by id; read only.</summary>
public sealed class IssuePoints
{
    /// <summary>Statuses by the numbers in <see cref="Status"/>.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["reported", "accepted", "dispatched", "resolved", "closed", "rejected"];

    /// <summary>What the database showed when these were read; see <see cref="Database.DataVersionSql"/>.</summary>
    public required string DataVersion { get; init; }

    /// <summary>Every category by the numbers in <see cref="Category"/>.</summary>
    public required IReadOnlyList<NamedCode> Categories { get; init; }

    /// <summary>Ids, ascending.</summary>
    public required long[] Ids { get; init; }

    /// <summary>Longitudes, degrees.</summary>
    public required double[] LonDegrees { get; init; }

    /// <summary>Latitudes, degrees.</summary>
    public required double[] LatDegrees { get; init; }

    /// <summary>Positions in <see cref="Categories"/>.</summary>
    public required int[] Category { get; init; }

    /// <summary>1 to 5.</summary>
    public required byte[] Severity { get; init; }

    /// <summary>Positions in <see cref="Statuses"/>.</summary>
    public required byte[] Status { get; init; }

    /// <summary>Seconds since 1970-01-01T00:00Z.</summary>
    public required long[] ReportedAt { get; init; }

    /// <summary>Rows of the wards that the issues were assigned to; 0 for none.</summary>
    public required int[] Ward { get; init; }

    /// <summary>What is so of each issue.</summary>
    public required IssueTraits[] Traits { get; init; }

    /// <summary>n.</summary>
    public int Count => Ids.Length;

    /// <summary>Whether issue <paramref name="i"/> has a trait.</summary>
    public bool Has(int i, IssueTraits trait) => (Traits[i] & trait) != 0;

    /// <summary>The same issues at other places.</summary>
    /// <param name="lonDegrees">Longitudes, degrees.</param>
    /// <param name="latDegrees">Latitudes, degrees.</param>
    public IssuePoints At(double[] lonDegrees, double[] latDegrees) => new()
    {
        DataVersion = DataVersion,
        Categories = Categories,
        Ids = Ids,
        LonDegrees = lonDegrees,
        LatDegrees = latDegrees,
        Category = Category,
        Severity = Severity,
        Status = Status,
        ReportedAt = ReportedAt,
        Ward = Ward,
        Traits = Traits,
    };
}

/// <summary>Yes-or-no columns of an issue.</summary>
[Flags]
public enum IssueTraits : byte
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Past its deadline and not yet resolved.</summary>
    Overdue = 1,

    /// <summary>Linked to an earlier closed issue.</summary>
    Relapse = 2,

    /// <summary>Stands on a geocoder's default point.</summary>
    DefaultPoint = 4,
}

/// <summary>A code with its names.</summary>
/// <param name="Code">Unique.</param>
/// <param name="Name">For people.</param>
/// <param name="NameEn">In English, where known.</param>
public sealed record NamedCode(string Code, string Name, string? NameEn);
