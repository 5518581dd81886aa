using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Tiles;

namespace GeoSanitation.Server.Scorecards;

/// <summary>The tallies of a filter and of the time before it, of one data version.</summary>
/// <param name="Basis">What was counted.</param>
/// <param name="Wards">The wards.</param>
/// <param name="Now">The period.</param>
/// <param name="Before">The time of the same length before; null where the period has no two ends.</param>
internal sealed record ScorecardReading(ScorecardBasis Basis, WardSnapshot Wards, WardTallies Now, WardTallies? Before)
{
    /// <summary>How some wards stand.</summary>
    internal IReadOnlyList<WardScorecard> Of(IEnumerable<WardOutline> wards) => [.. wards.Select(w => Now.Of(w, Before))];
}

/// <summary>Counts for scorecards.</summary>
internal sealed class ScorecardReader(DataSnapshots data, PointSnapshots points, WardSnapshots wards, Settings settings)
{
    /// <summary>The city's time zone.</summary>
    internal TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(settings.City.TimeZone);

    /// <summary>Counts the issues of a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="version">A data version that the caller has; the answer is of it or of a newer one.</param>
    /// <param name="cancellation">Cancels.</param>
    internal async Task<ScorecardReading> ReadAsync(IssueFilter filter, string version, CancellationToken cancellation)
    {
        var outlines = await wards.GetAsync(version, cancellation);
        var view = data.Latest!;
        var earlier = PreviousOf(filter);
        var (chosen, of) = await ChooseAsync(filter, view, version, cancellation);
        var now = new WardTallies(chosen, view, outlines, filter, Zone);
        var before = earlier is null ? null : new WardTallies((await ChooseAsync(earlier, view, version, cancellation)).Chosen, view, outlines, earlier, Zone);
        var steps = now.Steps is { } s ? new ScorecardSteps(s.Name, s.Starts) : null;
        return new(new ScorecardBasis(of, Zone.Id, filter.ReportedFrom?.UtcDateTime, filter.ReportedBefore?.UtcDateTime, earlier?.ReportedFrom?.UtcDateTime, steps), outlines, now, before);
    }

    /// <summary>The same filter in the time of the same length before.</summary>
    private static IssueFilter? PreviousOf(IssueFilter filter)
        => filter is { ReportedFrom: { } from, ReportedBefore: { } before } && from.UtcTicks > (before - from).Ticks
            ? filter with { ReportedFrom = from - (before - from), ReportedBefore = from }
            : null;

    /// <summary>The issues of a filter in the columns. Where only the database can tell which they are it names them, and what it saw names the answer.</summary>
    private async Task<(IReadOnlyList<IssueStretch> Chosen, string Version)> ChooseAsync(IssueFilter filter, DataView view, string version, CancellationToken cancellation)
    {
        if (view.Choose(filter) is { } chosen)
        {
            return (chosen.Parts, view.Version);
        }
        var found = (await points.GetAsync(filter, version, cancellation)).Gather();
        return (found.Count == 0 ? [] : view.Choose(new IssueFilter { Ids = found.Ids })!.Parts, found.DataVersion);
    }
}
