using GeoSanitation.Server.Imports;
using GeoSanitation.Store.Imports;

namespace GeoSanitation.Server.Issues;

/// <summary>
/// Time as deadlines count it: calendar hours, or office hours of the city's working days. A working day is Monday to Friday, unless the calendar says otherwise of it.
/// </summary>
/// <param name="city">Zone and office hours.</param>
/// <param name="days">Days that differ from the ordinary week: true for a working one.</param>
internal sealed class WorkClock(CitySettings city, IReadOnlyDictionary<DateOnly, bool> days)
{
    internal const string WorkingHours = "working_hours";

    // A deadline farther off is none.
    private const int MostDays = 36_500;

    private readonly LocalClock _clock = new(TimeZoneInfo.FindSystemTimeZoneById(city.TimeZone));

    /// <summary>Refuses settings that no deadline can be computed with.</summary>
    /// <exception cref="InvalidOperationException">The zone is not known, or the office closes before it opens.</exception>
    internal static void Check(CitySettings city)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(city.TimeZone, out _))
        {
            throw new InvalidOperationException($"City:TimeZone was {city.TimeZone}; it must be an IANA name, such as Asia/Shanghai");
        }
        if (city.WorkEnds <= city.WorkStarts)
        {
            throw new InvalidOperationException($"City:WorkEnds was {city.WorkEnds:HH:mm}; it must be after City:WorkStarts, {city.WorkStarts:HH:mm}");
        }
    }

    /// <summary>The local day of a moment.</summary>
    internal DateOnly DayOf(DateTime utc) => DateOnly.FromDateTime(utc + _clock.Zone.GetUtcOffset(utc));

    /// <summary>By when something must be done.</summary>
    /// <param name="start">When the clock started, UTC.</param>
    /// <param name="category">Says how long it may take.</param>
    /// <returns>UTC; null when the category sets no deadline, or one beyond a hundred years.</returns>
    internal DateTime? DueAt(DateTime start, CategoryShape category)
    {
        if (category.DeadlineAmount is not { } hours || hours > MostDays * 24L)
        {
            return null;
        }
        if (category.DeadlineUnit != WorkingHours)
        {
            return start.AddHours(hours);
        }
        var left = TimeSpan.FromHours(hours);
        var first = DayOf(start);
        for (var i = 0; i < MostDays; i++)
        {
            if (OfficeHours(first.AddDays(i)) is not var (opens, closes) || closes <= start)
            {
                continue;
            }
            var from = opens > start ? opens : start;
            if (closes - from >= left)
            {
                return from + left;
            }
            left -= closes - from;
        }
        return null;
    }

    /// <summary>The time from one moment to another, as the deadline of a unit counts it.</summary>
    internal TimeSpan Between(DateTime from, DateTime to, string? unit)
    {
        if (unit != WorkingHours)
        {
            return to - from;
        }
        var sum = TimeSpan.Zero;
        var (first, last) = (DayOf(from), DayOf(to));
        for (var day = first; day <= last && day.DayNumber - first.DayNumber < MostDays; day = day.AddDays(1))
        {
            if (OfficeHours(day) is var (opens, closes) && closes > from && opens < to)
            {
                sum += (closes < to ? closes : to) - (opens > from ? opens : from);
            }
        }
        return sum;
    }

    private (DateTime Opens, DateTime Closes)? OfficeHours(DateOnly day)
    {
        var isWorking = days.TryGetValue(day, out var said) ? said : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
        return isWorking ? (_clock.ToUtc(day.ToDateTime(city.WorkStarts)), _clock.ToUtc(day.ToDateTime(city.WorkEnds))) : null;
    }
}
