using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GeoSanitation.Server.GeoJson;

namespace GeoSanitation.Server.Hotspots;

// What answers look like, for the OpenAPI document. They are written without these, by Features/GeoJsonForm.cs.

/// <summary>The result of an analysis as a GeoJSON FeatureCollection.</summary>
/// <typeparam name="T">Properties of its features.</typeparam>
/// <param name="Type">Always FeatureCollection.</param>
/// <param name="Features">The result.</param>
/// <param name="Explain">How it came about: parameters and who chose them, what was counted and left out, warnings.</param>
internal sealed record AnalysisAnswer<T>(string Type, IReadOnlyList<Feature<T>> Features, Explanation Explain)
{
    /// <summary>System of the coordinates; left out for longitude and latitude.</summary>
    [JsonPropertyName("coordRefSys")]
    public string? CoordRefSys { get; init; }
}

/// <summary>How a result came about; each method adds numbers of its own.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="MethodVersion">Grows when the same data and parameters give other numbers than before.</param>
/// <param name="Parameters">Each parameter with its value, who chose it (caller, default, or the name of a rule), and why.</param>
/// <param name="Crs">The metric system that was calculated in.</param>
/// <param name="CrsTitle">Its name in words.</param>
/// <param name="CrsReason">Why it was chosen.</param>
/// <param name="DataVersion">The state of the data that was read.</param>
/// <param name="Issues">Issues that took part.</param>
/// <param name="ExcludedDefaultPoints">Issues left out because they stand on a geocoder's default point.</param>
/// <param name="Warnings">What to be careful about.</param>
internal sealed record Explanation(
    string Method, int MethodVersion, JsonObject Parameters, string Crs, string CrsTitle, string CrsReason, string DataVersion, int Issues, int ExcludedDefaultPoints, IReadOnlyList<string> Warnings);

/// <summary>A cluster; with output=points an issue of one.</summary>
internal sealed record ClusterProperties
{
    /// <summary>Number of the cluster from 0; -1 for an issue of none.</summary>
    public required int Cluster { get; init; }

    /// <summary>Issues.</summary>
    public int Count { get; init; }

    /// <summary>Their sum of weights.</summary>
    public double Weight { get; init; }

    /// <summary>Area of the hull, m2.</summary>
    public double? AreaM2 { get; init; }

    /// <summary>Issues per km2 of the hull.</summary>
    public double? DensityPerKm2 { get; init; }

    /// <summary>Excess of mass, 1 / meter; of HDBSCAN only.</summary>
    public double? Stability { get; init; }

    /// <summary>Distance below which the cluster stands apart, meters; of HDBSCAN only.</summary>
    public double? BirthM { get; init; }

    /// <summary>How much an issue belongs to its cluster, 0 to 1; of HDBSCAN with output=points only.</summary>
    public double? Probability { get; init; }

    /// <summary>How much sparser it is around an issue than in its cluster (GLOSH), 0 to 1; of HDBSCAN with output=points only.</summary>
    public double? OutlierScore { get; init; }

    /// <summary>First report.</summary>
    public DateTime FirstReported { get; init; }

    /// <summary>Last report.</summary>
    public DateTime LastReported { get; init; }

    /// <summary>The categories with most issues, most first.</summary>
    public IReadOnlyList<CountedName> TopCategories { get; init; } = [];

    /// <summary>The wards with issues, most first.</summary>
    public IReadOnlyList<CountedName> Wards { get; init; } = [];

    /// <summary>Issues past their deadline and not yet resolved.</summary>
    public int Overdue { get; init; }

    /// <summary>Issues that came back after an earlier one was closed.</summary>
    public int Relapses { get; init; }

    /// <summary>Number of the issue (output=points).</summary>
    public long Id { get; init; }

    /// <summary>Code of its category (output=points).</summary>
    public string? Category { get; init; }

    /// <summary>1 to 5 (output=points).</summary>
    public int Severity { get; init; }

    /// <summary>Its status (output=points).</summary>
    public string? Status { get; init; }

    /// <summary>When it was reported (output=points).</summary>
    public DateTime ReportedAt { get; init; }
}

/// <summary>A name with how many issues it has.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name, where known.</param>
/// <param name="Count">Issues.</param>
internal sealed record CountedName(string Code, string Name, string? NameEn, int Count);

/// <summary>A cell with its Gi* statistic.</summary>
/// <param name="Cell">Its id in the grid, or the ward's code.</param>
/// <param name="Count">Issues in it.</param>
/// <param name="Z">z-score; null where it is undefined.</param>
/// <param name="P">Two-sided p; null where it is undefined.</param>
/// <param name="Q">p after the correction; null where it is undefined.</param>
/// <param name="Class">-3 to 3: cold or hot with 99, 95 or 90 % confidence, 0 not significant.</param>
/// <param name="Neighbors">Cells within the distance, itself included.</param>
internal sealed record GiStarProperties(string Cell, int Count, double? Z, double? P, double? Q, int Class, int Neighbors)
{
    /// <summary>Sum of weights, where an issue does not count one.</summary>
    public double? Weight { get; init; }

    /// <summary>Why there is no z-score, where there is none.</summary>
    public string? Reason { get; init; }

    /// <summary>Name of the ward, with cell=ward.</summary>
    public string? Name { get; init; }

    /// <summary>Its English name, with cell=ward.</summary>
    public string? NameEn { get; init; }
}

/// <summary>The area between two levels of density.</summary>
/// <param name="Lower">Lower level, issues per km2, or in the unit of the rate.</param>
/// <param name="Upper">Upper level in the same unit; for the topmost area the highest density.</param>
internal sealed record DensityProperties(double Lower, double Upper);

/// <summary>A cell with its local Moran's I.</summary>
/// <param name="Cell">Its id in the grid, or the ward's code.</param>
/// <param name="Count">Issues in it.</param>
/// <param name="I">The statistic; null where it is undefined.</param>
/// <param name="Z">z-score under conditional randomization; null where it is undefined.</param>
/// <param name="P">Two-sided p; null where it is undefined.</param>
/// <param name="Q">p after the correction; null where it is undefined.</param>
/// <param name="Quadrant">HH or LL: like its neighbors; HL or LH: unlike them; NS: not significant.</param>
/// <param name="Neighbors">Its neighbors.</param>
internal sealed record LocalMoranProperties(string Cell, int Count, double? I, double? Z, double? P, double? Q, string Quadrant, int Neighbors)
{
    /// <summary>Sum of weights, where an issue does not count one.</summary>
    public double? Weight { get; init; }

    /// <summary>Why there is no z-score, where there is none.</summary>
    public string? Reason { get; init; }

    /// <summary>Name of the ward, with cell=ward.</summary>
    public string? Name { get; init; }

    /// <summary>Its English name, with cell=ward.</summary>
    public string? NameEn { get; init; }
}

/// <summary>A cell with its history.</summary>
/// <param name="Cell">Its id in the grid, or the ward's code.</param>
/// <param name="Count">Issues in it, those outside the steps too.</param>
/// <param name="Pattern">One of the 17 patterns: "new hot spot" ... "no pattern detected".</param>
/// <param name="Z">Gi* of the last step; null where it is undefined.</param>
/// <param name="TrendZ">Mann-Kendall's z of the z-scores; null where they are undefined.</param>
/// <param name="TrendP">Its two-sided p.</param>
/// <param name="HotSteps">Significantly hot steps.</param>
/// <param name="ColdSteps">Significantly cold steps.</param>
/// <param name="HotShare">Hot steps as a part of all.</param>
/// <param name="CountTrendZ">Mann-Kendall's z of the counts.</param>
/// <param name="CountTrendP">Its two-sided p.</param>
internal sealed record EmergingProperties(
    string Cell, int Count, string Pattern, double? Z, double? TrendZ, double? TrendP, int HotSteps, int ColdSteps, double HotShare, double? CountTrendZ, double? CountTrendP)
{
    /// <summary>Sum of weights, where an issue does not count one.</summary>
    public double? Weight { get; init; }

    /// <summary>Name of the ward, with cell=ward.</summary>
    public string? Name { get; init; }

    /// <summary>Its English name, with cell=ward.</summary>
    public string? NameEn { get; init; }
}

/// <summary>A circle, and a time, with more issues than expected.</summary>
/// <param name="Rank">1 for the strongest.</param>
/// <param name="Observed">Issues in it.</param>
/// <param name="Expected">Issues expected in it.</param>
/// <param name="Llr">Log likelihood ratio: its strength.</param>
/// <param name="RelativeRisk">Observed over expected inside, over the same outside; null when all issues are inside.</param>
/// <param name="P">Pseudo p of random data sets.</param>
/// <param name="Start">When it begins; only with a space-time model.</param>
/// <param name="End">When it ends.</param>
/// <param name="RadiusM">Distance of the farthest cell's middle from that of the one in the middle, meters; 0 for one cell.</param>
/// <param name="Cells">Cells in it.</param>
/// <param name="Wards">Wards of the issues in it, most issues first.</param>
internal sealed record ScanProperties(
    int Rank, int Observed, double Expected, double Llr, double? RelativeRisk, double P, DateTime? Start, DateTime? End, double RadiusM, int Cells, IReadOnlyList<CountedName> Wards);
