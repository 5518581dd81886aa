using System.Runtime.InteropServices;
using GeoSanitation.Coordinates;
using GeoSanitation.Hotspots;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What every analysis asks the same way.</summary>
/// <param name="BySeverity">Whether an issue weighs its severity, or 1.</param>
/// <param name="DefaultPoints">Whether issues on a geocoder's default point take part.</param>
/// <param name="Output">System of the answer's coordinates.</param>
internal sealed record AnalysisOptions(bool BySeverity, bool DefaultPoints, Crs Output);

/// <summary>Points of an analysis in meters, by id, and where they came from.</summary>
/// <param name="Issues">The columns.</param>
/// <param name="Wards">The wards.</param>
/// <param name="Crs">The metric plane.</param>
/// <param name="Points">n points, with weights when severity counts.</param>
/// <param name="Rows">Position of each point in <paramref name="Issues"/>.</param>
internal sealed record AnalysisInput(IssuePoints Issues, WardSnapshot Wards, Crs Crs, Points Points, int[] Rows)
{
    private const int FewIssues = 30;
    private const int ManyAtOnePlace = 50;
    private const double LargeShare = 0.05;

    /// <summary>Projects the points that take part and writes down what was left out.</summary>
    internal static AnalysisInput Of(PointSnapshot snapshot, WardSnapshot wards, string crsSetting, AnalysisOptions options, Explain explain)
    {
        var issues = snapshot.Issues;
        var (crs, reason) = AnalysisCrs.Choose(crsSetting, wards.Bounds, snapshot.Bounds);
        var rows = new List<int>(issues.Count);
        var defaultPoints = 0;
        for (var i = 0; i < issues.Count; i++)
        {
            if (!options.DefaultPoints && issues.Has(i, IssueTraits.DefaultPoint))
            {
                defaultPoints++;
            }
            else
            {
                rows.Add(i);
            }
        }
        var x = Array.ConvertAll([.. rows], i => issues.LonDegrees[i]);
        var y = Array.ConvertAll([.. rows], i => issues.LatDegrees[i]);
        AnalysisCrs.ToMeters(crs, x, y);
        var kept = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (double.IsFinite(x[i]) && double.IsFinite(y[i]))
            {
                (x[kept], y[kept], rows[kept]) = (x[i], y[i], rows[i]);
                kept++;
            }
        }
        var off = x.Length - kept;
        Array.Resize(ref x, kept);
        Array.Resize(ref y, kept);
        int[] used = [.. CollectionsMarshal.AsSpan(rows)[..kept]];
        var weight = options.BySeverity ? Array.ConvertAll(used, i => (double)issues.Severity[i]) : null;

        explain.Parameter("weight", options.BySeverity ? "severity" : "none");
        explain.Parameter("include_default_points", options.DefaultPoints);
        explain.Root["crs"] = crs.Name;
        explain.Root["crs_title"] = crs.Title;
        explain.Root["crs_reason"] = reason;
        explain.Root["data_version"] = issues.DataVersion;
        explain.Root["issues"] = kept;
        explain.Root["excluded_default_points"] = defaultPoints;
        if (off > 0)
        {
            explain.Warn($"{off} issues lie too far away to be shown in {crs.Name} and were left out.");
        }
        WarnOfThePoints(issues, used, explain);
        return new AnalysisInput(issues, wards, crs, new Points(x, y, weight), used);
    }

    private static void WarnOfThePoints(IssuePoints issues, int[] rows, Explain explain)
    {
        if (rows.Length < FewIssues)
        {
            explain.Warn($"Only {rows.Length} issues: too few for a reliable result.");
        }
        var most = 0;
        var atPlace = new Dictionary<(double, double), int>(rows.Length);
        foreach (var i in rows)
        {
            most = Math.Max(most, ++CollectionsMarshal.GetValueRefOrAddDefault(atPlace, (issues.LonDegrees[i], issues.LatDegrees[i]), out _));
        }
        if (most >= ManyAtOnePlace && most >= LargeShare * rows.Length)
        {
            explain.Warn($"{most} of {rows.Length} issues have exactly the same coordinates; if that is a geocoder's stand-in it is no hotspot.");
        }
    }
}
