using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What DBSCAN is asked for; null means chosen from the data.</summary>
/// <param name="EpsMeters">Neighborhood radius, meters.</param>
/// <param name="MinPoints">Issues, itself included, that make a core.</param>
/// <param name="AsPoints">Whether the answer is each issue with its cluster, or each cluster with its outline.</param>
internal sealed record ClusterParameters(double? EpsMeters, int? MinPoints, bool AsPoints);

/// <summary>Clusters of issues by density (DBSCAN). They are numbered from 0 by their issue with the lowest id that is in a dense place; -1 is noise.</summary>
internal static class ClusterAnalysis
{
    /// <summary>Smallest eps chosen: half a street's width of error in placing an issue.</summary>
    private const double EpsFloorMeters = 20;
    private const int LeastMinPoints = 4;
    private const int TopCategories = 5;

    internal static byte[] Run(AnalysisInput input, ClusterParameters parameters, AnalysisOptions options, Explain explain, CancellationToken cancellation)
    {
        var points = input.Points;
        var minPoints = parameters.MinPoints ?? Math.Max(LeastMinPoints, (int)Math.Ceiling(Math.Log(Math.Max(points.Count, 1))));
        if (parameters.MinPoints is not null)
        {
            explain.Parameter("min_points", minPoints);
        }
        else
        {
            explain.Chosen("min_points", minPoints, "logarithm", $"The natural logarithm of {points.Count} issues, rounded up, at least {LeastMinPoints}.");
        }
        var eps = explain.Parameter("eps", parameters.EpsMeters, () => EpsRule.ChooseEps(points, minPoints, EpsFloorMeters));
        explain.Parameter("output", parameters.AsPoints ? "points" : "clusters");
        cancellation.ThrowIfCancellationRequested();

        var labels = new int[points.Count];
        var clusters = Dbscan.Label(points, eps, minPoints, labels);
        var noise = labels.Count(label => label == Dbscan.Noise);
        explain.Root["clusters"] = clusters;
        explain.Root["noise"] = noise;
        if (clusters > 0 && labels.GroupBy(label => label).Where(g => g.Key != Dbscan.Noise).Max(g => g.Count()) > 0.5 * points.Count)
        {
            explain.Warn("One cluster holds more than half of the issues; a smaller eps or a larger min_points tells places apart.");
        }
        cancellation.ThrowIfCancellationRequested();

        using var writer = new FeatureCollectionWriter(input.Crs, options.Output);
        if (parameters.AsPoints)
        {
            WritePoints(writer, input, labels);
        }
        else
        {
            WriteClusters(writer, input, labels, clusters, eps);
        }
        return writer.Finish(explain.Finish());
    }

    private static void WritePoints(FeatureCollectionWriter writer, AnalysisInput input, int[] labels)
    {
        var issues = input.Issues;
        for (var p = 0; p < labels.Length; p++)
        {
            var i = input.Rows[p];
            writer.BeginPoint(issues.Ids[i], input.Points.XMeters[p], input.Points.YMeters[p]);
            writer.Json.WriteNumber("id", issues.Ids[i]);
            writer.Json.WriteNumber("cluster", labels[p]);
            writer.Json.WriteString("category", issues.Categories[issues.Category[i]].Code);
            writer.Json.WriteNumber("severity", issues.Severity[i]);
            writer.Json.WriteString("status", IssuePoints.Statuses[issues.Status[i]]);
            writer.Time("reported_at", issues.ReportedAt[i]);
            writer.EndFeature();
        }
    }

    private static void WriteClusters(FeatureCollectionWriter writer, AnalysisInput input, int[] labels, int clusters, double eps)
    {
        var members = new List<int>[clusters];
        for (var p = 0; p < labels.Length; p++)
        {
            if (labels[p] != Dbscan.Noise)
            {
                (members[labels[p]] ??= []).Add(p);
            }
        }
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            WriteCluster(writer, input, cluster, members[cluster], eps);
        }
    }

    private static void WriteCluster(FeatureCollectionWriter writer, AnalysisInput input, int cluster, List<int> members, double eps)
    {
        var issues = input.Issues;
        var x = members.ConvertAll(p => input.Points.XMeters[p]).ToArray();
        var y = members.ConvertAll(p => input.Points.YMeters[p]).ToArray();
        // A place or a line gets the width of eps.
        var outline = ConvexHull.Outline(x, y, eps / 2);
        var area = ConvexHull.SignedArea(outline);
        var rows = members.ConvertAll(p => input.Rows[p]);
        writer.BeginPolygons($"{cluster}", [[outline]]);
        writer.Json.WriteNumber("cluster", cluster);
        writer.Json.WriteNumber("count", members.Count);
        writer.Json.WriteNumber("weight", members.Sum(p => input.Points.WeightOf(p)));
        writer.Number("area_m2", Math.Round(area, 1));
        writer.Number("density_per_km2", Math.Round(members.Count / (area / 1e6), 3));
        writer.Time("first_reported", rows.Min(i => issues.ReportedAt[i]));
        writer.Time("last_reported", rows.Max(i => issues.ReportedAt[i]));
        writer.Json.WriteStartArray("top_categories");
        foreach (var category in rows.GroupBy(i => issues.Category[i]).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Take(TopCategories))
        {
            WriteNamed(writer, issues.Categories[category.Key], category.Count());
        }
        writer.Json.WriteEndArray();
        writer.Json.WriteStartArray("wards");
        var wards = rows.GroupBy(i => input.Wards.Find(issues.Ward[i])?.Code).Where(g => g.Key is not null);
        foreach (var ward in wards.OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            var named = input.Wards.Find(issues.Ward[ward.First()])!;
            WriteNamed(writer, new NamedCode(named.Code, named.Name, named.NameEn), ward.Count());
        }
        writer.Json.WriteEndArray();
        writer.Json.WriteNumber("overdue", rows.Count(i => issues.Has(i, IssueTraits.Overdue)));
        writer.Json.WriteNumber("relapses", rows.Count(i => issues.Has(i, IssueTraits.Relapse)));
        writer.EndFeature();
    }

    private static void WriteNamed(FeatureCollectionWriter writer, NamedCode named, int count)
    {
        writer.Json.WriteStartObject();
        writer.Json.WriteString("code", named.Code);
        writer.Json.WriteString("name", named.Name);
        writer.Json.WriteString("name_en", named.NameEn);
        writer.Json.WriteNumber("count", count);
        writer.Json.WriteEndObject();
    }
}
