namespace GeoSanitation.Server.Imports;

/// <summary>
/// Local times of one zone as UTC. A time that the clocks skip is read with the offset before the change (02:30 becomes what 03:30 is called);
/// one that comes twice is the first of the two.
/// </summary>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    private readonly Dictionary<int, long?> _offsetTicksOfDay = [];

    internal TimeZoneInfo Zone => zone;

    internal DateTime ToUtc(DateTime local)
    {
        var day = (int)(local.Ticks / TimeSpan.TicksPerDay);
        if (!_offsetTicksOfDay.TryGetValue(day, out var offset))
        {
            _offsetTicksOfDay[day] = offset = OffsetOfWholeDay(local.Date);
        }
        return new DateTime(local.Ticks - (offset ?? OffsetOf(local)), DateTimeKind.Utc);
    }

    private long? OffsetOfWholeDay(DateTime day)
    {
        var next = day.AddDays(1);
        var offset = zone.GetUtcOffset(day);
        return offset == zone.GetUtcOffset(next) && offset == zone.GetUtcOffset(day.AddHours(12))
            && !zone.IsInvalidTime(day) && !zone.IsAmbiguousTime(day) && !zone.IsInvalidTime(next) && !zone.IsAmbiguousTime(next)
                ? offset.Ticks
                : null;
    }

    private long OffsetOf(DateTime local)
        => zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddHours(-6)).Ticks
            : zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max().Ticks
            : zone.GetUtcOffset(local).Ticks;
}
