using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Clusters of issues of any density, without an eps.</summary>
internal static class HdbscanAnalysis
{
    private const int LeastClusterSize = 10;

    private static readonly Parameter<int?> MinClusterSize = Parameter.Whole(
        "min_cluster_size", 2, 1_000_000, "Issues that make a cluster (with weight=severity: the sum of their severities); from their number when left out", 40);

    private static readonly Parameter<string> Selection = Parameter.Word("selection", "Which clusters of the hierarchy: those of most excess of mass (eom), or the smallest ones (leaf)", "eom", "leaf");

    internal static HotspotMethod Method { get; } = new(
        "hdbscan", 1, "Clusters of issues of any density (HDBSCAN)", [MinClusterSize, ClusterAnalysis.MinPoints, Selection, ClusterAnalysis.Output], Parse);

    private static Analysis Parse(IQueryCollection values)
    {
        var (givenSize, minPoints, asPoints) = (MinClusterSize.Read(values), ClusterAnalysis.MinPoints.Read(values), ClusterAnalysis.Output.Read(values) == "points");
        var selection = Selection.Read(values);
        return (input, explain, work) =>
        {
            var size = ChooseSize(input, givenSize, explain);
            explain.Parameter("min_points", minPoints ?? size);
            explain.Parameter("selection", selection);
            var options = new HdbscanOptions(size, minPoints, selection == "eom" ? ClusterSelectionMethod.ExcessOfMass : ClusterSelectionMethod.Leaf, Weighted: input.BySeverity);
            var result = Hdbscan.Compute(input.Points, options, work.Threads, work.Cancellation);
            work.ThrowIfCancelled();
            return ClusterTable.Of(input, result.Labels, result.Clusters.Length, 1, asPoints, explain,
                [Column.Number("probability", p => result.Probabilities[p]), Column.Number("outlier_score", p => result.OutlierScores[p])],
                [Column.Number("stability", c => result.Clusters[c].Stability), Column.Number("birth_m", c => result.Clusters[c].BirthMeters)]);
        };
    }

    private static double ChooseSize(AnalysisInput input, int? given, Explain explain)
    {
        if (given is { } size)
        {
            explain.Parameter("min_cluster_size", size);
            return size;
        }
        var (count, meanWeight) = (input.Points.Count, input.Points.Count > 0 ? Math.Max(input.Points.TotalWeight / input.Points.Count, 1e-9) : 1);
        var chosen = Math.Round(Math.Max(LeastClusterSize, Math.Ceiling(Math.Sqrt(count) / 2)) * (input.BySeverity ? meanWeight : 1), 3);
        explain.Chosen("min_cluster_size", chosen, "square-root", $"Half the square root of {count} issues, rounded up, at least {LeastClusterSize}{(input.BySeverity ? $", times their mean weight of {meanWeight:0.###}" : "")}.");
        return chosen;
    }
}
