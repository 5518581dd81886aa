using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Clusters of issues by density.</summary>
internal static class ClusterAnalysis
{
    /// <summary>Smallest eps chosen: half a street's width of error in placing an issue.</summary>
    private const double EpsFloorMeters = 20;
    private const int LeastMinPoints = 4;
    private const double DefaultEpsDays = 30;

    private static readonly Parameter<double?> Eps = HotspotParameters.Meters("eps", "Radius in which neighbors are counted; from the data when left out", 80);
    internal static readonly Parameter<int?> MinPoints = Parameter.Whole(
        "min_points", 1, 1_000_000, "Issues within reach, itself included, that make a place dense (with weight=severity: the sum of their severities); from the data when left out, as many as min_cluster_size with hdbscan", 10);

    private static readonly Parameter<double?> EpsDays = Parameter.Number("eps_days", 0, 36_500, "days", "How far apart in time two reports may be and still count as neighbors; 30 when left out", 14);
    internal static readonly Parameter<string> Output = Parameter.Word("output", "Hulls of clusters, or each issue with its cluster (-1 for none)", "clusters", "points");

    internal static HotspotMethod DbscanMethod { get; } = new("dbscan", 1, "Clusters of issues by density (DBSCAN)", [Eps, MinPoints, Output], ParseDbscan);

    internal static HotspotMethod StDbscanMethod { get; } = new(
        "st-dbscan", 1, "Clusters of issues by density in space and time (ST-DBSCAN)", [Eps, EpsDays, MinPoints, Output], ParseStDbscan);

    private static Analysis ParseDbscan(IQueryCollection values)
    {
        var (givenEps, givenMinPoints, asPoints) = (Eps.Read(values), MinPoints.Read(values), Output.Read(values) == "points");
        return (input, explain, work) =>
        {
            var points = input.Points;
            // Weights of three on average ask for three times as much to be dense.
            var meanWeight = points.Count > 0 ? Math.Max(points.TotalWeight / points.Count, 1e-9) : 1;
            var dense = ChooseMinPoints(input, givenMinPoints, meanWeight, explain);
            var eps = ChooseEps(input, givenEps, dense / meanWeight, explain);
            work.ThrowIfCancelled();
            var labels = new int[points.Count];
            var clusters = input.BySeverity ? Dbscan.LabelWeighted(points, eps, dense, labels) : Dbscan.Label(points, eps, (int)dense, labels);
            work.ThrowIfCancelled();
            return ClusterTable.Of(input, labels, clusters, eps / 2, asPoints, explain);
        };
    }

    private static Analysis ParseStDbscan(IQueryCollection values)
    {
        var (givenEps, givenMinPoints, asPoints) = (Eps.Read(values), MinPoints.Read(values), Output.Read(values) == "points");
        var epsDays = EpsDays.Read(values) ?? DefaultEpsDays;
        return (input, explain, work) =>
        {
            var minPoints = (int)ChooseMinPoints(input, givenMinPoints, meanWeight: 1, explain);
            var eps = ChooseEps(input, givenEps, minPoints, explain);
            explain.Parameter("eps_days", epsDays);
            if (input.BySeverity)
            {
                explain.Warn("ST-DBSCAN knows no weights: severities add up in the clusters' weight and do not change what a cluster is.");
            }
            work.ThrowIfCancelled();
            var labels = new int[input.Points.Count];
            var clusters = StDbscan.Label(input.Points, eps, epsDays, minPoints, labels);
            work.ThrowIfCancelled();
            return ClusterTable.Of(input, labels, clusters, eps / 2, asPoints, explain);
        };
    }

    private static double ChooseMinPoints(AnalysisInput input, int? given, double meanWeight, Explain explain)
    {
        if (given is { } points)
        {
            explain.Parameter("min_points", points);
            return points;
        }
        var chosen = Math.Round(Math.Max(LeastMinPoints, Math.Ceiling(Math.Log(Math.Max(input.Points.Count, 1)))) * meanWeight, 3);
        explain.Chosen("min_points", chosen, "logarithm", $"The natural logarithm of {input.Points.Count} issues, rounded up, at least {LeastMinPoints}{(meanWeight == 1 ? "" : $", times their mean weight of {meanWeight:0.###}")}.");
        return chosen;
    }

    private static double ChooseEps(AnalysisInput input, double? given, double minPoints, Explain explain)
        => explain.Parameter("eps", given, () => EpsRule.ChooseEps(input.Points, Math.Max(1, (int)Math.Ceiling(minPoints)), EpsFloorMeters));
}
