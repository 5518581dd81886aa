using System.Globalization;
using GeoSanitation.Server.Runs;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Tiles;
using NetTopologySuite.Geometries;
using NetTopologySuite.Simplify;

namespace GeoSanitation.Server.Catalog;

/// <summary>
/// An emergency. There are two kinds, and both ask somebody to act. A ward in which issues of the highest severity are open and past their deadline: whoever answers for it has not done in time what
/// cannot wait. And hotspots of a run that was published last of its name and not longer than thirty days ago, which are <see cref="PublishedRuns.IsGrave">significant and new or growing</see>.
/// Nothing is kept of them: one that is no longer told is over, and one that has changed is another.
/// </summary>
/// <param name="Identifier">Tells it from all others of this database, and is the same as long as it does not change.</param>
/// <param name="Sent">Since when it is as it is, whole seconds, UTC.</param>
/// <param name="Expires">When it is over at the latest; null where that is not known.</param>
/// <param name="Event">What kind it is.</param>
/// <param name="Headline">What it is about, in a line.</param>
/// <param name="Description">More of it.</param>
/// <param name="Instruction">What is to be done.</param>
/// <param name="Urgency">In CAP's words.</param>
/// <param name="Severity">In CAP's words.</param>
/// <param name="Certainty">In CAP's words.</param>
/// <param name="Page">Where more is to be read, from the server's root.</param>
/// <param name="AreaName">Where, in words.</param>
/// <param name="Ward">Code of the ward; null for none.</param>
/// <param name="Shape">Where: polygons or points, longitude and latitude.</param>
internal sealed record Alert(
    string Identifier, DateTime Sent, DateTime? Expires, string Event, string Headline, string Description, string Instruction, string Urgency, string Severity, string Certainty, string Page,
    string AreaName, string? Ward, Geometry Shape)
{
    private const byte HighestSeverity = 5;

    // Outlines are simplified by so much of their longer side: an alert is read on small screens.
    private const double Simplification = 0.01;

    /// <summary>So long after a run was published what is new in it is.</summary>
    internal static readonly TimeSpan NewsFor = TimeSpan.FromDays(30);

    /// <summary>All there are, the latest first.</summary>
    /// <param name="view">The issues.</param>
    /// <param name="wards">The wards.</param>
    /// <param name="runs">The runs that were published last of their name, not longer than <see cref="NewsFor"/> ago.</param>
    internal static IReadOnlyList<Alert> All(DataView view, WardSnapshot wards, IReadOnlyList<PublishedRun> runs)
    {
        var database = view.Data.Position.DatabaseId;
        return [.. OfWards(view, wards, database).Concat(OfRuns(runs, database)).OrderByDescending(a => a.Sent).ThenBy(a => a.Identifier, StringComparer.Ordinal)];
    }

    private static IEnumerable<Alert> OfWards(DataView view, WardSnapshot wards, string database)
    {
        // By their codes: an issue keeps the boundary that it was assigned, also when there is a newer one.
        var overdue = new Dictionary<string, List<(Coordinate Place, DateTime DueAt)>>();
        foreach (var chunk in view.Columns.Chunks)
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                if (chunk.Severity(i) == HighestSeverity && view.IsOverdue(chunk, i))
                {
                    var code = wards.Find(chunk.Ward[i])?.Code ?? "";
                    if (!overdue.TryGetValue(code, out var issues))
                    {
                        overdue[code] = issues = [];
                    }
                    issues.Add((new Coordinate(chunk.LonDegrees[i], chunk.LatDegrees[i]), DateTime.UnixEpoch.AddMicroseconds(chunk.DueAt[i])));
                }
            }
        }
        foreach (var (code, issues) in overdue)
        {
            // The last row of a code is the one in force, or was it last.
            var ward = code == "" ? null : wards.Current.FirstOrDefault(w => w.Code == code) ?? wards.Outlines.Wards.Last(w => w.Code == code);
            var sent = Seconds(issues.Max(i => i.DueAt));
            var (name, many) = (NameOf(ward), issues.Count == 1 ? "1 sanitation issue" : $"{issues.Count} sanitation issues");
            yield return new Alert(
                string.Create(CultureInfo.InvariantCulture, $"{database}-ward-{ward?.Id ?? 0}-{sent:yyyyMMddHHmmss}-{issues.Count}"), sent, null, "Overdue sanitation issues of the highest severity", $"{name}: {many} of the highest severity overdue",
                $"{many} of severity 5 {(issues.Count == 1 ? "is" : "are")} open past the deadline in {name}, the longest since {Text(issues.Min(i => i.DueAt))}, the last since {Text(sent)}.",
                ward?.Responsible is { } responsible ? $"To be dealt with by {responsible}." : "To be dealt with by whoever answers for the place.", "Immediate", "Severe", "Observed",
                $"/api/issues?severity=5&overdue=true{(ward is null ? "" : "&ward=" + Uri.EscapeDataString(ward.Code))}", name, ward?.Code,
                ward?.Geometry is { } outline ? Simplified(outline) : new GeometryFactory().CreateMultiPointFromCoords([.. issues.Select(i => i.Place)]));
        }
    }

    private static IEnumerable<Alert> OfRuns(IReadOnlyList<PublishedRun> runs, string database)
    {
        foreach (var (run, _, news) in runs)
        {
            var sent = Seconds(run.PublishedAt!.Value);
            if (news.Grave is { } shape)
            {
                var many = news.GraveCount == 1 ? "1 hotspot" : $"{news.GraveCount} hotspots";
                yield return new Alert(
                    string.Create(CultureInfo.InvariantCulture, $"{database}-run-{run.Id}-{sent:yyyyMMddHHmmss}"), sent, sent + NewsFor, "New or growing hotspots of sanitation issues", $"{run.Name ?? run.Method}: {many} new or growing",
                    run.Method == "emerging" ? $"{many} of the analysis published last, {run.Name ?? run.Method}, {(news.GraveCount == 1 ? "is" : "are")} new or intensifying."
                        : $"{many} of the analysis published last, {run.Name ?? run.Method}, {(news.GraveCount == 1 ? "is" : "are")} significant at 99 % and new or stronger than in the one before.",
                    "To be inspected first.", "Expected", "Moderate", "Likely", $"/api/runs/{run.Id}/result", $"{many} of {run.Name ?? run.Method}", null, shape);
            }
        }
    }

    private static string NameOf(WardOutline? ward) => ward is null ? "Outside of all wards" : ward.NameEn is { } english ? $"{ward.Name} ({english})" : ward.Name;

    private static Geometry Simplified(MultiPolygon outline)
    {
        var box = outline.EnvelopeInternal;
        return TopologyPreservingSimplifier.Simplify(outline, Simplification * Math.Max(box.Width, box.Height));
    }

    private static DateTime Seconds(DateTime time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    private static string Text(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
