namespace GeoSanitation.Server.Issues;

/// <summary>Reports over time, in steps that begin at midnight of the city's time zone.</summary>
/// <param name="Step"><c>day</c>, <c>week</c> (from Monday), <c>month</c> or <c>year</c>: the shortest with at most <see cref="MostSteps"/> of them.</param>
/// <param name="Steps">All steps from the first to the last, those without a report too; the first and the last may be cut short by the period.</param>
internal sealed record Trend(string Step, IReadOnlyList<Trend.Count> Steps)
{
    /// <summary>More bars than this are too thin to read.</summary>
    internal const int MostSteps = 60;

    private static readonly (string Name, Func<DateOnly, DateOnly> Start, Func<DateOnly, DateOnly> Next)[] Kinds =
    [
        ("day", day => day, day => day.AddDays(1)),
        ("week", day => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)), day => day.AddDays(7)),
        ("month", day => new DateOnly(day.Year, day.Month, 1), day => day.AddMonths(1)),
        ("year", day => new DateOnly(day.Year, 1, 1), day => day.AddYears(1)),
    ];

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
        var first = DayOf(from?.ToUnixTimeSeconds() ?? reportedAt.Min(), zone);
        var last = DayOf(before is { } end ? end.ToUnixTimeSeconds() - 1 : reportedAt.Max(), zone);
        var (kind, starts) = Kinds.Select(k => (k, Starts(k.Start, k.Next, first, last))).First(k => k.Item2.Count <= MostSteps || k.k.Name == "year");
        var edges = starts.ConvertAll(day => SecondsOf(day, zone)).ToArray();
        var counts = new int[edges.Length];
        foreach (var time in reportedAt)
        {
            var at = Array.BinarySearch(edges, time);
            // What lies before the first midnight is of the first day all the same.
            counts[Math.Max(at < 0 ? ~at - 1 : at, 0)]++;
        }
        return new Trend(kind.Name, [.. starts.Select((day, i) => new Count(day, counts[i]))]);
    }

    private static List<DateOnly> Starts(Func<DateOnly, DateOnly> start, Func<DateOnly, DateOnly> next, DateOnly first, DateOnly last)
    {
        var starts = new List<DateOnly>();
        for (var day = start(first); day <= last; day = next(day))
        {
            starts.Add(day);
        }
        return starts;
    }

    private static DateOnly DayOf(long seconds, TimeZoneInfo zone)
        => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(DateTime.UnixEpoch.AddSeconds(seconds), zone));

    private static long SecondsOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where the clocks skip midnight the day begins an hour later.
        return (long)(TimeZoneInfo.ConvertTimeToUtc(zone.IsInvalidTime(midnight) ? midnight.AddHours(1) : midnight, zone) - DateTime.UnixEpoch).TotalSeconds;
    }

    /// <summary>One step.</summary>
    /// <param name="Start">Its first day.</param>
    /// <param name="Issues">Reports in it.</param>
    internal sealed record Count(DateOnly Start, int Issues);
}
