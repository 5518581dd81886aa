namespace GeoSanitation.Server.Scorecards;

/// <summary>How some issues stand. Each rate comes with the number of issues that it stands on; it is null where that is 0.</summary>
internal record ScorecardFigures
{
    /// <summary>Issues reported in the period.</summary>
    public int Total { get; init; }

    /// <summary>Of them neither closed nor rejected.</summary>
    public int Open { get; init; }

    /// <summary>Of them closed.</summary>
    public int Closed { get; init; }

    /// <summary>Of them rejected.</summary>
    public int Rejected { get; init; }

    /// <summary>Of them past the deadline and not yet resolved.</summary>
    public int Overdue { get; init; }

    /// <summary>Of them linked to an earlier closed one.</summary>
    public int Relapses { get; init; }

    /// <summary>Relapses of all, 0 to 1.</summary>
    public double? RelapseRate { get; init; }

    /// <summary>Issues that the relapse rate stands on: all of them.</summary>
    public int RelapseRateOf { get; init; }

    /// <summary>Resolved, or else closed, no later than the deadline.</summary>
    public int OnTime { get; init; }

    /// <summary>On time of those with a deadline that are done or overdue, 0 to 1.</summary>
    public double? OnTimeRate { get; init; }

    /// <summary>Issues that the on-time rate stands on: those with a deadline that are resolved or closed, and those that are overdue.</summary>
    public int OnTimeRateOf { get; init; }

    /// <summary>Median days from the report to the closing.</summary>
    public double? MedianDaysToClose { get; init; }

    /// <summary>Issues that the median stands on: those that are closed.</summary>
    public int MedianDaysToCloseOf { get; init; }

    /// <summary>Issues for each square kilometer of the ward; null for what is no ward.</summary>
    public double? PerKm2 { get; init; }

    /// <summary>Each figure by its name, for forms of one value beside the other.</summary>
    internal static IReadOnlyList<ScorecardFigure> ByName { get; } =
    [
        Whole("total", f => f.Total, "Issues reported in the period"),
        Whole("open", f => f.Open, "Of them neither closed nor rejected"),
        Whole("closed", f => f.Closed, "Of them closed"),
        Whole("rejected", f => f.Rejected, "Of them rejected"),
        Whole("overdue", f => f.Overdue, "Of them past the deadline and not yet resolved"),
        Whole("relapses", f => f.Relapses, "Of them linked to an earlier closed one"),
        new("relapse_rate", f => f.RelapseRate, "Relapses of all, 0 to 1"),
        Whole("relapse_rate_of", f => f.RelapseRateOf, "Issues that the relapse rate stands on"),
        Whole("on_time", f => f.OnTime, "Resolved, or else closed, no later than the deadline"),
        new("on_time_rate", f => f.OnTimeRate, "On time of those with a deadline that are done or overdue, 0 to 1"),
        Whole("on_time_rate_of", f => f.OnTimeRateOf, "Issues that the on-time rate stands on"),
        new("median_days_to_close", f => f.MedianDaysToClose, "Median days from the report to the closing"),
        Whole("median_days_to_close_of", f => f.MedianDaysToCloseOf, "Issues that the median stands on"),
        new("per_km2", f => f.PerKm2, "Issues for each square kilometer of the ward"),
    ];

    private static ScorecardFigure Whole(string name, Func<ScorecardFigures, double?> value, string description) => new(name, value, description) { IsWhole = true };
}

/// <summary>One figure of scorecards.</summary>
/// <param name="Name">Its name, in snake_case.</param>
/// <param name="Value">Its value; null where there is nothing for it to stand on.</param>
/// <param name="Description">What it says, for people.</param>
internal sealed record ScorecardFigure(string Name, Func<ScorecardFigures, double?> Value, string Description)
{
    /// <summary>Whether it is a whole number.</summary>
    internal bool IsWhole { get; init; }

    internal void Deconstruct(out string name, out Func<ScorecardFigures, double?> value) => (name, value) = (Name, Value);
}

/// <summary>How a ward stands, with the wards within it.</summary>
internal sealed record WardScorecard : ScorecardFigures
{
    internal WardScorecard(ScorecardFigures figures)
        : base(figures)
    {
    }

    /// <summary>Its code.</summary>
    public required string Code { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its English name, where known.</summary>
    public required string? NameEn { get; init; }

    /// <summary>Its level, such as county, community or grid.</summary>
    public required string Level { get; init; }

    /// <summary>Code of the ward around it; null at the top of the tree.</summary>
    public required string? Parent { get; init; }

    /// <summary>Who answers for it.</summary>
    public required string? Responsible { get; init; }

    /// <summary>People who live in it; null where nobody counted.</summary>
    public required int? Population { get; init; }

    /// <summary>Area on the ellipsoid, km2.</summary>
    public required double AreaKm2 { get; init; }

    /// <summary>Reports in each step.</summary>
    public required IReadOnlyList<int> Trend { get; init; }

    /// <summary>The same in the time of the same length before; null where the period has no two ends.</summary>
    public required ScorecardFigures? Previous { get; init; }
}

/// <summary>What scorecards were counted from.</summary>
/// <param name="DataVersion">The data.</param>
/// <param name="TimeZone">IANA name of the city's time zone, in which days begin.</param>
/// <param name="From">Start of the period; null for the beginning of the data.</param>
/// <param name="Before">End of the period, not in it; null for the end of the data.</param>
/// <param name="PreviousFrom">Start of the time of the same length before, which ends where the period begins; null where the period has no two ends.</param>
/// <param name="Steps">Steps of the trends; null when there is no issue.</param>
internal sealed record ScorecardBasis(string DataVersion, string TimeZone, DateTime? From, DateTime? Before, DateTime? PreviousFrom, ScorecardSteps? Steps);

/// <summary>Steps of trends; the first and the last may be cut short by the period.</summary>
/// <param name="Step"><c>day</c>, <c>week</c> (from Monday), <c>month</c> or <c>year</c>.</param>
/// <param name="Starts">Their first days.</param>
internal sealed record ScorecardSteps(string Step, IReadOnlyList<DateOnly> Starts);

/// <summary>Wards of a level, or all of them.</summary>
/// <param name="Basis">What they were counted from.</param>
/// <param name="Level">The level; null for all.</param>
/// <param name="Levels">All levels there are, the outermost first.</param>
/// <param name="All">All issues of the filter, in a ward or not.</param>
/// <param name="WithoutWard">How many of them are in no ward.</param>
/// <param name="Wards">The wards in force by code, those without an issue too.</param>
internal sealed record ScorecardList(ScorecardBasis Basis, string? Level, IReadOnlyList<WardLevel> Levels, ScorecardFigures All, int WithoutWard, IReadOnlyList<WardScorecard> Wards);

/// <summary>A level of wards.</summary>
/// <param name="Level">Its word.</param>
/// <param name="Wards">Wards in force.</param>
internal sealed record WardLevel(string Level, int Wards);

/// <summary>One ward.</summary>
/// <param name="Basis">What it was counted from.</param>
/// <param name="Ward">The ward.</param>
/// <param name="Children">The wards right below it, by code.</param>
internal sealed record ScorecardOfWard(ScorecardBasis Basis, WardScorecard Ward, IReadOnlyList<WardScorecard> Children);
