using System.Text.Json.Nodes;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Clusters as features: each with its outline and what is in it, or each issue with its cluster.</summary>
internal static class ClusterTable
{
    private const int TopCategories = 5;

    /// <summary>Puts the table together and writes down what came of the clustering.</summary>
    /// <param name="input">The points.</param>
    /// <param name="labels">Cluster of each point, from 0, or -1.</param>
    /// <param name="clusters">Number of clusters.</param>
    /// <param name="marginMeters">Margin of an outline whose points are all at one place or on one line.</param>
    /// <param name="asPoints">Whether issues are the features.</param>
    /// <param name="explain">Is told the counts.</param>
    /// <param name="ofPoint">More columns of each issue.</param>
    /// <param name="ofCluster">More columns of each cluster.</param>
    internal static FeatureTable Of(
        AnalysisInput input, int[] labels, int clusters, double marginMeters, bool asPoints, Explain explain, IReadOnlyList<Column>? ofPoint = null, IReadOnlyList<Column>? ofCluster = null)
    {
        explain.Parameter("output", asPoints ? "points" : "clusters");
        var members = new List<int>[clusters];
        for (var p = 0; p < labels.Length; p++)
        {
            if (labels[p] != Dbscan.Noise)
            {
                (members[labels[p]] ??= []).Add(p);
            }
        }
        explain.Root["clusters"] = clusters;
        explain.Root["noise"] = labels.Length - members.Sum(m => m.Count);
        if (members.Any(m => m.Count > 0.5 * labels.Length))
        {
            explain.Warn("One cluster holds more than half of the issues; parameters that ask for denser places tell places apart.");
        }
        return asPoints ? OfPoints(input, labels, ofPoint ?? []) : OfClusters(input, members, marginMeters, ofCluster ?? []);
    }

    private static FeatureTable OfPoints(AnalysisInput input, int[] labels, IReadOnlyList<Column> more)
    {
        var (issues, rows) = (input.Issues, input.Rows);
        var id = Column.Whole("id", p => issues.Ids[rows[p]]);
        return new FeatureTable
        {
            Plane = input.Crs,
            Rows = [.. Enumerable.Range(0, labels.Length)],
            Places = input.Points,
            Id = id,
            Columns =
            [
                id,
                Column.Whole("cluster", p => labels[p]),
                .. more,
                Column.Text("category", p => issues.Categories[issues.Category[rows[p]]].Code),
                Column.Whole("severity", p => issues.Severity[rows[p]]),
                Column.Text("status", p => IssuePoints.Statuses[issues.Status[rows[p]]]),
                Column.Time("reported_at", p => issues.ReportedAt[rows[p]]),
            ],
        };
    }

    private static FeatureTable OfClusters(AnalysisInput input, List<int>[] members, double marginMeters, IReadOnlyList<Column> more)
    {
        var issues = input.Issues;
        double[][] outlines = [.. members.Select(cluster => ConvexHull.Outline(
            cluster.ConvertAll(p => input.Points.XMeters[p]).ToArray(), cluster.ConvertAll(p => input.Points.YMeters[p]).ToArray(), marginMeters))];
        var areas = Array.ConvertAll(outlines, outline => ConvexHull.SignedArea(outline));
        var rows = Array.ConvertAll(members, cluster => cluster.ConvertAll(p => input.Rows[p]));
        return new FeatureTable
        {
            Plane = input.Crs,
            Rows = [.. Enumerable.Range(0, members.Length)],
            OutlineOf = c => [[outlines[c]]],
            Id = Column.Text("id", c => $"{c}"),
            Columns =
            [
                Column.Whole("cluster", c => c),
                Column.Whole("count", c => members[c].Count),
                Column.Number("weight", c => members[c].Sum(p => input.Points.WeightOf(p))),
                Column.Number("area_m2", c => Math.Round(areas[c], 1)),
                Column.Number("density_per_km2", c => Math.Round(members[c].Count / (areas[c] / 1e6), 3)),
                .. more,
                Column.Time("first_reported", c => rows[c].Min(i => issues.ReportedAt[i])),
                Column.Time("last_reported", c => rows[c].Max(i => issues.ReportedAt[i])),
                Column.Json("top_categories", c => Top(issues, rows[c])),
                Column.Json("wards", c => WardsOf(input, rows[c])),
                Column.Whole("overdue", c => rows[c].Count(i => issues.Has(i, IssueTraits.Overdue))),
                Column.Whole("relapses", c => rows[c].Count(i => issues.Has(i, IssueTraits.Relapse))),
            ],
        };
    }

    private static JsonArray Top(IssuePoints issues, List<int> rows)
        => [.. rows.GroupBy(i => issues.Category[i]).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Take(TopCategories).Select(g => Named(issues.Categories[g.Key], g.Count()))];

    /// <summary>The wards of some issues, most issues first.</summary>
    internal static JsonArray WardsOf(AnalysisInput input, List<int> rows)
    {
        var wards = rows.Where(i => input.Wards.Find(input.Issues.Ward[i]) is not null).GroupBy(i => input.Wards.Find(input.Issues.Ward[i])!.Code);
        return [.. wards.OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var ward = input.Wards.Find(input.Issues.Ward[g.First()])!;
            return Named(new NamedCode(ward.Code, ward.Name, ward.NameEn), g.Count());
        })];
    }

    private static JsonObject Named(NamedCode named, int count) => new() { ["code"] = named.Code, ["name"] = named.Name, ["name_en"] = named.NameEn, ["count"] = count };
}
