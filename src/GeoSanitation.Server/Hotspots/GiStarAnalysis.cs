using System.Text.Json.Nodes;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Server.FeatureTables;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Hot and cold cells (Getis-Ord Gi*).</summary>
internal static class GiStarAnalysis
{
    private const double DefaultAlpha = 0.10;

    internal static HotspotMethod Method { get; } = new(
        "gi-star", 1, "Hot and cold cells (Getis-Ord Gi*): z, p (normal or by permutation), and q after the correction for many tests",
        [.. CellParameters.All, RateParameters.Parameter, .. SignificanceParameters.All, .. PermutationParameters.All, CellTable.Output], Parse);

    private static Analysis Parse(IQueryCollection values)
    {
        var (cells, significance, significantOnly) = (CellParameters.Read(values), SignificanceParameters.Read(values, DefaultAlpha), CellTable.SignificantOnly(values));
        var (rate, permutations) = (RateParameters.Read(values, cells), PermutationParameters.Read(values));
        return (input, explain, work) =>
        {
            var units = CellUnits.Of(input, cells, explain, rate);
            work.ThrowIfCancelled();
            var band = units.Band(cells, explain);
            var weights = band is null ? units.Neighbors(cells, explain) : null;
            var result = band is not null ? GiStar.Compute(units.Values, band) : GiStar.Compute(units.Values, weights!);
            work.ThrowIfCancelled();
            if (permutations.Count(units, band, weights, explain, work) is { } drawn)
            {
                result = result.WithP(drawn);
            }
            var classes = Enumerable.Range(0, units.Count).Select(i => result.ClassOf(i, significance.Corrected)).ToArray();
            var counts = classes.CountBy(c => c).ToDictionary();
            explain.Root["mean"] = result.Mean;
            explain.Root["deviation"] = result.Deviation;
            var significant = significance.Significant(result.P, result.Q, explain);
            explain.Root["classes"] = new JsonObject(Enumerable.Range(-3, 7).Select(c => KeyValuePair.Create($"{c}", (JsonNode?)counts.GetValueOrDefault(c))));
            SignificanceParameters.DescribeNeighbors(result.NeighborCounts, explain);
            SignificanceParameters.DescribeUndefined(result.Undefined, explain);
            return CellTable.Of(input, units, significant, significantOnly, explain,
            [
                Column.Number("z", i => result.Z[i]),
                Column.Number("p", i => result.P[i]),
                Column.Number("q", i => result.Q[i]),
                Column.Whole("class", i => classes[i]),
                Column.Whole("neighbors", i => result.NeighborCounts[i]),
                // Where there is no cell, nothing rules it out.
                .. units.Count == 0 || result.Undefined.Any(u => u != UndefinedReason.None) ? [Column.Text("reason", i => SignificanceParameters.Words(result.Undefined[i]))] : (Column[])[],
            ]);
        };
    }
}
