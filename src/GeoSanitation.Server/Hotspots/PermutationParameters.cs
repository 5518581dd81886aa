using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Whether p comes from the normal distribution, or from drawing values anew.</summary>
/// <param name="Replications">How often values are drawn; 0 takes the normal distribution.</param>
/// <param name="Seed">Names the draws: the same seed gives the same p.</param>
internal sealed record PermutationParameters(int Replications, int Seed)
{
    private const int MostReplications = 99_999;

    private static readonly Parameter<int?> Permutations = Parameter.Whole(
        "permutations", 0, MostReplications, "Draws the neighbors' values anew so often and takes a pseudo p from that, one-sided (conditional permutation); 999 makes it a round number. 0, or left out: p of the normal distribution", 999);

    private static readonly Parameter<int?> SeedOfDraws = Parameter.Whole("seed", 0, int.MaxValue, "Names the draws, beside permutations: the same seed gives the same p; 1 when left out", 1);

    /// <summary>The parameters that say so.</summary>
    internal static IReadOnlyList<Parameter> All { get; } = [Permutations, SeedOfDraws];

    /// <exception cref="BadParameterException">A value is not what it must be, or means nothing beside another.</exception>
    internal static PermutationParameters Read(IQueryCollection values)
    {
        var replications = Permutations.Read(values) ?? 0;
        HotspotParameters.RefuseWhere(values, replications == 0, SeedOfDraws, "permutations=0");
        return new PermutationParameters(replications, SeedOfDraws.Read(values) ?? 1);
    }

    /// <summary>Draws, if that is wanted.</summary>
    /// <param name="units">The cells.</param>
    /// <param name="band">Their neighbors within a distance; null where they are listed.</param>
    /// <param name="weights">Their neighbors; null where a band says them.</param>
    /// <param name="explain">Is told.</param>
    /// <param name="work">Threads, progress, cancelling.</param>
    /// <returns>The counts, or null where the normal distribution is meant.</returns>
    /// <exception cref="BadParameterException">It would take too long.</exception>
    internal PermutationCounts? Count(CellUnits units, GridBand? band, SpatialWeights? weights, Explain explain, AnalysisWork work)
    {
        explain.Parameter("permutations", Replications);
        if (Replications == 0)
        {
            explain.Root["p"] = "normal distribution, two-sided";
            return null;
        }
        if ((long)Replications * units.Count > units.Limits.MaxPermutedCells)
        {
            throw new BadParameterException("permutations", $"{Replications}", $"at most {units.Limits.MaxPermutedCells / units.Count} here, or the cells larger: {units.Count} cells are drawn for each time");
        }
        explain.Parameter("seed", Seed);
        explain.Root["p"] = "conditional permutation, one-sided";
        explain.Warn($"A p of {Replications} permutations is never below {1.0 / (Replications + 1):0.######}; the correction for many tests may then find nothing where few cells are hot.");
        return band is not null
            ? ConditionalPermutation.Count(units.Values, band, Replications, (ulong)Seed, work.Threads, work.Progress, work.Cancellation)
            : ConditionalPermutation.Count(units.Values, weights!, Replications, (ulong)Seed, work.Threads, work.Progress, work.Cancellation);
    }
}
