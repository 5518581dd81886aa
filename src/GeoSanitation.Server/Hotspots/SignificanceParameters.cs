using System.Text.Json.Nodes;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>From which p on a cell is significant.</summary>
/// <param name="Alpha">Greatest p, or q after the correction.</param>
/// <param name="Corrected">Whether q decides, or p.</param>
internal sealed record SignificanceParameters(double Alpha, bool Corrected)
{
    /// <summary>Below it the normal distribution of z is crude (Ord and Getis 1995).</summary>
    private const int FewNeighbors = 8;

    private static readonly Parameter<double?> Level = Parameter.Number("alpha", 1e-9, 0.5, "largest share of false discoveries", "Level of significance", 0.05);
    private static readonly Parameter<string> Correction = Parameter.Word("correction", "Correction for many tests: false discovery rate (Benjamini-Hochberg), or none", "fdr", "none");

    /// <summary>The parameters that say so.</summary>
    internal static IReadOnlyList<Parameter> All { get; } = [Level, Correction];

    internal static SignificanceParameters Read(IQueryCollection values, double defaultAlpha) => new(Level.Read(values) ?? defaultAlpha, Correction.Read(values) == "fdr");

    /// <summary>Which cells are significant; an undefined p is not.</summary>
    /// <param name="p">p of each cell.</param>
    /// <param name="q">q of each cell.</param>
    /// <param name="explain">Is told the level, the correction and how many there are.</param>
    internal HashSet<int> Significant(double[] p, double[] q, Explain explain)
    {
        explain.Parameter("alpha", Alpha);
        explain.Parameter("correction", Corrected ? "fdr" : "none");
        var significant = Enumerable.Range(0, p.Length).Where(i => (Corrected ? q[i] : p[i]) <= Alpha).ToHashSet();
        explain.Root["significant"] = significant.Count;
        if (Corrected && FalseDiscoveryRate.CriticalP(p, Alpha) is { } critical)
        {
            explain.Root["critical_p"] = critical;
        }
        return significant;
    }

    /// <summary>Writes down how many neighbors cells have, and warns of too few.</summary>
    /// <param name="counts">Cells that enter the sum of each cell, itself included.</param>
    /// <param name="explain">Is told.</param>
    internal static void DescribeNeighbors(IReadOnlyList<int> counts, Explain explain)
    {
        if (counts.Count == 0)
        {
            return;
        }
        var mean = counts.Average();
        explain.Root["neighbors"] = new JsonObject { ["min"] = counts.Min(), ["mean"] = Math.Round(mean, 2), ["max"] = counts.Max() };
        if (mean < FewNeighbors)
        {
            explain.Warn($"Cells have {mean:0.#} neighbors on average, themselves included; below {FewNeighbors} the normal distribution of z is a rough approximation.");
        }
    }

    /// <summary>Warns of cells without a statistic.</summary>
    internal static void DescribeUndefined(IEnumerable<UndefinedReason> reasons, Explain explain)
    {
        foreach (var reason in reasons.Where(r => r != UndefinedReason.None).CountBy(r => r).OrderBy(r => r.Key))
        {
            explain.Warn($"No statistic is defined for {reason.Value} cells: {Words(reason.Key)}.");
        }
    }

    /// <summary>A reason for people; null when there is nothing to give one for.</summary>
    internal static string? Words(UndefinedReason reason) => reason switch
    {
        UndefinedReason.None => null,
        UndefinedReason.TooFewUnits => "there are fewer than three cells",
        UndefinedReason.NoSpread => "all cells have the same value",
        UndefinedReason.EveryoneIsNeighbor => "every cell is a neighbor, so nothing is left to compare with",
        UndefinedReason.NoNeighbor => "the cell has no neighbor",
        UndefinedReason.ValueIsMean => "the cell's value is the mean, which leaves no variance",
        _ => reason.ToString(),
    };
}
