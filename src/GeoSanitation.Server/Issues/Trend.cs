namespace GeoSanitation.Server.Issues;

/// <summary>Reports over time, in steps that begin at midnight of the city's time zone.</summary>
/// <param name="Step"><c>day</c>, <c>week</c> (from Monday), <c>month</c> or <c>year</c>: the shortest with at most <see cref="MostSteps"/> of them.</param>
/// <param name="Steps">All steps from the first to the last, those without a report too; the first and the last may be cut short by the period.</param>
internal sealed record Trend(string Step, IReadOnlyList<Trend.Count> Steps)
{
    /// <summary>More bars than this are too thin to read.</summary>
    internal const int MostSteps = 60;

    /// <summary>Counts reports.</summary>
    /// <param name="reportedAt">Times, seconds since 1970.</param>
    /// <param name="from">Start of the period; null for the first report.</param>
    /// <param name="before">End of the period, not in it; null for the last report.</param>
    /// <param name="zone">The city's time zone.</param>
    /// <returns>Null when there is nothing to count.</returns>
    internal static Trend? Of(long[] reportedAt, DateTimeOffset? from, DateTimeOffset? before, TimeZoneInfo zone)
    {
        if (reportedAt.Length == 0)
        {
            return null;
        }
        var steps = TrendSteps.Over(from?.ToUnixTimeSeconds() ?? reportedAt.Min(), before is { } end ? end.ToUnixTimeSeconds() - 1 : reportedAt.Max(), zone, MostSteps);
        var counts = new int[steps.Starts.Count];
        foreach (var time in reportedAt)
        {
            counts[steps.At(time)]++;
        }
        return new Trend(steps.Name, [.. steps.Starts.Select((day, i) => new Count(day, counts[i]))]);
    }

    /// <summary>One step.</summary>
    /// <param name="Start">Its first day.</param>
    /// <param name="Issues">Reports in it.</param>
    internal sealed record Count(DateOnly Start, int Issues);
}
