using System.Runtime.InteropServices;
using GeoSanitation.Coordinates;
using GeoSanitation.Hotspots;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Points of an analysis in meters, by id, and where they came from.</summary>
/// <param name="Issues">The columns.</param>
/// <param name="Wards">The wards.</param>
/// <param name="Crs">The metric plane.</param>
/// <param name="Points">n points with the times of their reports (days since 1970), and with weights when severity counts.</param>
/// <param name="Rows">Position of each point in <paramref name="Issues"/>.</param>
/// <param name="Filter">The filter that the issues were chosen by.</param>
/// <param name="Zone">The city's time zone.</param>
internal sealed record AnalysisInput(IssuePoints Issues, WardSnapshot Wards, Crs Crs, Points Points, int[] Rows, IssueFilter Filter, TimeZoneInfo Zone)
{
    internal const double SecondsPerDay = 86400;

    private const int FewIssues = 30;
    private const int ManyAtOnePlace = 50;
    private const double LargeShare = 0.05;

    // Around issues and wards, more than a circle can reach beyond them without meaning all.
    private const double AroundDegrees = 1;

    /// <summary>Projects the points that take part and writes down what was left out.</summary>
    internal static AnalysisInput Of(PointSnapshot snapshot, WardSnapshot wards, Settings settings, AnalysisRequest request, Explain explain)
    {
        var issues = snapshot.Gather();
        var (crs, reason) = AnalysisCrs.Choose(settings.Analysis.Crs, wards.Bounds, snapshot.Bounds);
        var rows = new List<int>(issues.Count);
        var defaultPoints = 0;
        for (var i = 0; i < issues.Count; i++)
        {
            if (!request.DefaultPoints && issues.Has(i, IssueTraits.DefaultPoint))
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
        var weight = request.BySeverity ? Array.ConvertAll(used, i => (double)issues.Severity[i]) : null;
        var days = Array.ConvertAll(used, i => issues.ReportedAt[i] / SecondsPerDay);

        explain.Parameter("weight", request.BySeverity ? "severity" : "none");
        explain.Parameter("include_default_points", request.DefaultPoints);
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
        var around = wards.Bounds.ExpandedBy(snapshot.Bounds);
        around.ExpandBy(AroundDegrees);
        return new AnalysisInput(issues, wards, crs, new Points(x, y, weight, days), used, request.Filter, TimeZoneInfo.FindSystemTimeZoneById(settings.City.TimeZone))
        {
            Places = FilterPlaces.Of(request.Filter, around),
            Rounds = snapshot.Rounds,
            Limits = settings.Analysis.Limits,
        };
    }

    /// <summary>Where the issues of the filter can lie.</summary>
    internal required FilterPlaces Places { get; init; }

    /// <summary>Inspection rounds: when and where somebody looked.</summary>
    internal IReadOnlyList<Round> Rounds { get; init; } = [];

    /// <summary>How much may be asked for.</summary>
    internal AnalysisLimits Limits { get; init; } = new();

    /// <summary>Whether an issue weighs its severity.</summary>
    internal bool BySeverity => Points.HasWeight;

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
