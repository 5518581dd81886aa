namespace GeoSanitation.Server.Issues;

/// <summary>A time cut into steps that begin at midnight of the city's time zone.</summary>
/// <param name="name"><c>day</c>, <c>week</c> (from Monday), <c>month</c> or <c>year</c>.</param>
/// <param name="starts">First days of all steps, ascending; the first and the last step may be cut short by the period.</param>
/// <param name="zone">The city's time zone.</param>
internal sealed class TrendSteps(string name, IReadOnlyList<DateOnly> starts, TimeZoneInfo zone)
{
    private static readonly (string Name, Func<DateOnly, DateOnly> Start, Func<DateOnly, DateOnly> Next)[] Kinds =
    [
        ("day", day => day, day => day.AddDays(1)),
        ("week", day => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)), day => day.AddDays(7)),
        ("month", day => new DateOnly(day.Year, day.Month, 1), day => day.AddMonths(1)),
        ("year", day => new DateOnly(day.Year, 1, 1), day => day.AddYears(1)),
    ];

    // Seconds since 1970.
    private readonly long[] _edges = [.. starts.Select(day => SecondsOf(day, zone))];

    internal string Name { get; } = name;

    internal IReadOnlyList<DateOnly> Starts { get; } = starts;

    /// <summary>The shortest steps of which there are not too many; years, however many.</summary>
    /// <param name="first">First moment, seconds since 1970.</param>
    /// <param name="last">Last moment, seconds since 1970.</param>
    /// <param name="zone">The city's time zone.</param>
    /// <param name="most">Most steps.</param>
    internal static TrendSteps Over(long first, long last, TimeZoneInfo zone, int most)
    {
        var (firstDay, lastDay) = (DayOf(first, zone), DayOf(last, zone));
        var (kind, starts) = Kinds.Select(k => (k, StartsOf(k.Start, k.Next, firstDay, lastDay))).First(k => k.Item2.Count <= most || k.k.Name == "year");
        return new TrendSteps(kind.Name, starts, zone);
    }

    /// <summary>The step of a moment within the period.</summary>
    /// <param name="seconds">The moment, seconds since 1970.</param>
    internal int At(long seconds)
    {
        var at = Array.BinarySearch(_edges, seconds);
        // What lies before the first midnight is of the first day all the same.
        return Math.Max(at < 0 ? ~at - 1 : at, 0);
    }

    /// <summary>The first second of a day, since 1970.</summary>
    internal static long SecondsOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where the clocks skip midnight the day begins an hour later.
        return (long)(TimeZoneInfo.ConvertTimeToUtc(zone.IsInvalidTime(midnight) ? midnight.AddHours(1) : midnight, zone) - DateTime.UnixEpoch).TotalSeconds;
    }

    private static List<DateOnly> StartsOf(Func<DateOnly, DateOnly> start, Func<DateOnly, DateOnly> next, DateOnly first, DateOnly last)
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
}
