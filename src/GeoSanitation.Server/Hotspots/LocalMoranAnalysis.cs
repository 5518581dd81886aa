using System.Text.Json.Nodes;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Server.FeatureTables;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Cells that are like their neighbors, or unlike them (local Moran's I).</summary>
internal static class LocalMoranAnalysis
{
    private const double DefaultAlpha = 0.05;

    internal static HotspotMethod Method { get; } = new(
        "local-moran", 1, "Clusters and outliers among cells (local Moran's I): HH and LL are like their neighbors, HL and LH unlike them, NS is not significant",
        [.. CellParameters.All, RateParameters.Parameter, .. SignificanceParameters.All, .. PermutationParameters.All, CellTable.Output], Parse);

    private static Analysis Parse(IQueryCollection values)
    {
        var (cells, significance, significantOnly) = (CellParameters.Read(values), SignificanceParameters.Read(values, DefaultAlpha), CellTable.SignificantOnly(values));
        var (rate, permutations) = (RateParameters.Read(values, cells), PermutationParameters.Read(values));
        return (input, explain, work) =>
        {
            var units = CellUnits.Of(input, cells, explain, rate);
            work.ThrowIfCancelled();
            var weights = units.Neighbors(cells, explain);
            work.ThrowIfCancelled();
            var result = LocalMoran.Compute(units.Values, weights);
            work.ThrowIfCancelled();
            if (permutations.Count(units, band: null, weights, explain, work) is { } drawn)
            {
                result = result.WithP(drawn);
            }
            var quadrants = Enumerable.Range(0, units.Count).Select(i => Code(result.SignificantQuadrant(i, significance.Alpha, significance.Corrected))).ToArray();
            explain.Root["mean"] = result.Mean;
            explain.Root["deviation"] = result.Deviation;
            explain.Root["weights"] = "row-standardized";
            explain.Root["moments"] = "conditional randomization";
            var significant = significance.Significant(result.P, result.Q, explain);
            explain.Root["quadrants"] = new JsonObject(Enum.GetValues<Quadrant>().Select(Code).Select(code => KeyValuePair.Create(code, (JsonNode?)quadrants.Count(q => q == code))));
            SignificanceParameters.DescribeNeighbors([.. Enumerable.Range(0, units.Count).Select(i => weights.NeighborsOf(i).Length + 1)], explain);
            SignificanceParameters.DescribeUndefined(result.Undefined, explain);
            return CellTable.Of(input, units, significant, significantOnly, explain,
            [
                Column.Number("i", i => result.I[i]),
                Column.Number("z", i => result.Z[i]),
                Column.Number("p", i => result.P[i]),
                Column.Number("q", i => result.Q[i]),
                Column.Text("quadrant", i => quadrants[i]),
                Column.Whole("neighbors", i => weights.NeighborsOf(i).Length),
                // Where there is no cell, nothing rules it out.
                .. units.Count == 0 || result.Undefined.Any(u => u != UndefinedReason.None) ? [Column.Text("reason", i => SignificanceParameters.Words(result.Undefined[i]))] : (Column[])[],
            ]);
        };
    }

    private static string Code(Quadrant quadrant) => quadrant switch
    {
        Quadrant.HighHigh => "HH",
        Quadrant.LowLow => "LL",
        Quadrant.HighLow => "HL",
        Quadrant.LowHigh => "LH",
        _ => "NS",
    };
}
