using System.Globalization;
using GeoSanitation.Server.Issues;
using GeoSanitation.Store.Imports;
using Xunit;

namespace GeoSanitation.Server.Tests.Issues;

public sealed class WorkClockTests
{
    // Labor Day of 2025: 1 to 5 May off, Sunday 27 April made up for.
    private static readonly WorkClock Clock = new(new CitySettings(), new Dictionary<DateOnly, bool>
    {
        [new(2025, 4, 27)] = true,
        [new(2025, 5, 1)] = false,
        [new(2025, 5, 2)] = false,
        [new(2025, 5, 5)] = false,
    });

    // Local times of Shanghai, offices open from 9 to 17.
    [Theory]
    [InlineData("2025-03-05 10:00", 4, "2025-03-05 14:00")]
    [InlineData("2025-03-05 10:00", 7, "2025-03-05 17:00")]
    [InlineData("2025-03-05 16:00", 2, "2025-03-06 10:00")]
    [InlineData("2025-03-05 20:00", 1, "2025-03-06 10:00")]
    [InlineData("2025-03-05 03:00", 8, "2025-03-05 17:00")]
    [InlineData("2025-03-07 16:00", 2, "2025-03-10 10:00")]
    [InlineData("2025-03-08 12:00", 8, "2025-03-10 17:00")]
    [InlineData("2025-04-26 12:00", 8, "2025-04-27 17:00")]
    [InlineData("2025-04-30 15:00", 3, "2025-05-06 10:00")]
    [InlineData("2025-03-03 09:00", 80, "2025-03-14 17:00")]
    public void Working_hours_run_in_office_hours_of_working_days(string start, int hours, string due)
    {
        var end = Clock.DueAt(Utc(start), Category(hours, "working_hours"));
        Assert.Equal(Utc(due), end);
        Assert.Equal(TimeSpan.FromHours(hours), Clock.Between(Utc(start), end!.Value, "working_hours"));
    }

    [Fact]
    public void Hours_run_on() => Assert.Equal(Utc("2025-05-02 15:00"), Clock.DueAt(Utc("2025-04-30 15:00"), Category(48, "hours")));

    [Fact]
    public void No_deadline_and_one_beyond_a_hundred_years_are_none()
    {
        Assert.Null(Clock.DueAt(Utc("2025-04-30 15:00"), Category(null, null)));
        Assert.Null(Clock.DueAt(Utc("2025-04-30 15:00"), Category(int.MaxValue, "hours")));
        Assert.Null(Clock.DueAt(Utc("2025-04-30 15:00"), Category(500_000, "working_hours")));
    }

    [Fact]
    public void The_day_the_clocks_change_has_its_own_office_hours()
    {
        var boston = new WorkClock(new CitySettings { TimeZone = "America/New_York" }, new Dictionary<DateOnly, bool>());
        // Friday 16:00 is 21:00 UTC in winter; Monday 10:00 is 14:00 UTC, after the change of 9 March 2025.
        Assert.Equal(new DateTime(2025, 3, 10, 14, 0, 0, DateTimeKind.Utc), boston.DueAt(new DateTime(2025, 3, 7, 21, 0, 0, DateTimeKind.Utc), Category(2, "working_hours")));
    }

    [Theory]
    [InlineData("Mars/Olympus", "09:00", "17:00", "City:TimeZone")]
    [InlineData("UTC", "17:00", "09:00", "City:WorkEnds")]
    public void Settings_that_no_deadline_comes_of_are_refused(string zone, string from, string to, string named)
    {
        var city = new CitySettings { TimeZone = zone, WorkStarts = TimeOnly.Parse(from, CultureInfo.InvariantCulture), WorkEnds = TimeOnly.Parse(to, CultureInfo.InvariantCulture) };
        Assert.StartsWith(named, Assert.Throws<InvalidOperationException>(() => WorkClock.Check(city)).Message);
    }

    private static DateTime Utc(string shanghai) => DateTime.SpecifyKind(DateTime.Parse(shanghai, CultureInfo.InvariantCulture).AddHours(-8), DateTimeKind.Utc);

    private static CategoryShape Category(int? hours, string? unit) => new("c", null, "c", null, null, hours, unit, 3);
}
