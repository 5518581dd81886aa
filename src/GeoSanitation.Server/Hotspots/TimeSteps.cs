using System.Globalization;
using GeoSanitation.Server.Imports;

namespace GeoSanitation.Server.Hotspots;

/// <summary>The length of a time step: calendar months, weeks that begin on Monday, or a number of days, all on the city's clock.</summary>
/// <param name="Months">True for calendar months.</param>
/// <param name="Days">Days, when it is not months; 7 with <paramref name="FromMonday"/> for calendar weeks.</param>
/// <param name="FromMonday">True for calendar weeks.</param>
internal sealed record TimeStep(bool Months, int Days, bool FromMonday)
{
    /// <summary>Longest number of days.</summary>
    internal const int MostDays = 3660;

    /// <summary>Reads <c>day</c>, <c>week</c>, <c>month</c> or <c>P10D</c>; null for anything else.</summary>
    internal static TimeStep? Parse(string text) => text switch
    {
        "day" => new TimeStep(false, 1, false),
        "week" => new TimeStep(false, 7, true),
        "month" => new TimeStep(true, 0, false),
        _ => text.Length > 2 && text[0] == 'P' && text[^1] == 'D' && int.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= MostDays
            ? new TimeStep(false, days, false) : null,
    };

    /// <summary>The edge of a step at, or the last one before, a day.</summary>
    internal DateTime AtOrBefore(DateTime day) => Months ? new DateTime(day.Year, day.Month, 1) : FromMonday ? day.AddDays(-(((int)day.DayOfWeek + 6) % 7)) : day;

    /// <summary>The edge before an edge.</summary>
    internal DateTime Before(DateTime edge) => Months ? edge.AddMonths(-1) : edge.AddDays(-Days);
}

/// <summary>Time in equal steps, as many as are wholly within a period; the last one ends as late as it can.</summary>
/// <param name="EdgesUtc">T + 1 instants: step t is [edge t, edge t + 1). Empty when no step fits.</param>
/// <param name="PartialAtStart">Whether the period begins in the middle of a step, which is left out.</param>
/// <param name="PartialAtEnd">Whether it ends in the middle of one.</param>
internal sealed record TimeSteps(IReadOnlyList<DateTime> EdgesUtc, bool PartialAtStart, bool PartialAtEnd)
{
    internal int Count => Math.Max(0, EdgesUtc.Count - 1);

    // Far enough from the first day of the calendar for the longest step to fit in.
    private static readonly DateTime EarliestEdge = new(100, 1, 1);

    /// <summary>Cuts a period into steps.</summary>
    /// <param name="step">Their length.</param>
    /// <param name="from">When the period begins.</param>
    /// <param name="before">When it ends; itself no longer in it.</param>
    /// <param name="most">Most steps: the last ones are taken.</param>
    /// <param name="zone">The city's time zone: steps begin and end at its midnights.</param>
    internal static TimeSteps Cut(TimeStep step, DateTimeOffset from, DateTimeOffset before, int most, TimeZoneInfo zone)
    {
        var clock = new LocalClock(zone);
        var lastMidnight = LocalOf(before).Date;
        var edge = step.AtOrBefore(lastMidnight);
        var partialAtEnd = clock.ToUtc(edge) < before.UtcDateTime;
        var edges = new List<DateTime>();
        while (edges.Count <= most && edge >= EarliestEdge && clock.ToUtc(edge) is var utc && utc >= from.UtcDateTime)
        {
            edges.Add(utc);
            edge = step.Before(edge);
        }
        var partialAtStart = edges.Count <= most && edges.Count > 0 && edges[^1] > from.UtcDateTime;
        edges.Reverse();
        return new TimeSteps(edges.Count > 1 ? edges : [], partialAtStart, partialAtEnd);

        DateTime LocalOf(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).DateTime;
    }

    /// <summary>The midnight at the end of the day of an instant, on the city's clock.</summary>
    internal static DateTimeOffset EndOfDay(DateTimeOffset time, TimeZoneInfo zone) => new(new LocalClock(zone).ToUtc(TimeZoneInfo.ConvertTime(time, zone).Date.AddDays(1)));

    /// <summary>The midnight at its start.</summary>
    internal static DateTimeOffset StartOfDay(DateTimeOffset time, TimeZoneInfo zone) => new(new LocalClock(zone).ToUtc(TimeZoneInfo.ConvertTime(time, zone).Date));
}
