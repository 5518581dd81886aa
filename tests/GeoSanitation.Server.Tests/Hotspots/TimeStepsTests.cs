using System.Globalization;
using GeoSanitation.Server.Hotspots;
using Xunit;

namespace GeoSanitation.Server.Tests.Hotspots;

public sealed class TimeStepsTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    [Fact]
    public void Months_begin_at_the_city_s_midnight()
    {
        var steps = Cut("month", "2025-01-01T00:00:00+08:00", "2025-04-01T00:00:00+08:00");
        Assert.Equal(["2024-12-31T16:00", "2025-01-31T16:00", "2025-02-28T16:00", "2025-03-31T16:00"], Edges(steps));
        Assert.False(steps.PartialAtStart || steps.PartialAtEnd);
    }

    [Fact]
    public void Partial_steps_at_both_ends_are_dropped()
    {
        var steps = Cut("month", "2025-01-02T00:00:00+08:00", "2025-04-30T23:00:00+08:00");
        Assert.Equal(["2025-01-31T16:00", "2025-02-28T16:00", "2025-03-31T16:00"], Edges(steps));
        Assert.True(steps.PartialAtStart && steps.PartialAtEnd);
    }

    [Fact]
    public void Weeks_begin_on_Monday()
    {
        // 2025-06-04 is a Wednesday.
        var steps = Cut("week", "2025-05-18T00:00:00+08:00", "2025-06-04T00:00:00+08:00");
        Assert.Equal(["2025-05-18T16:00", "2025-05-25T16:00", "2025-06-01T16:00"], Edges(steps));
        Assert.True(steps.PartialAtStart && steps.PartialAtEnd);
    }

    [Fact]
    public void A_number_of_days_is_counted_back_from_the_last_midnight()
    {
        var steps = Cut("P10D", "2025-01-01T00:00:00+08:00", "2025-02-02T12:00:00+08:00");
        Assert.Equal(["2025-01-02T16:00", "2025-01-12T16:00", "2025-01-22T16:00", "2025-02-01T16:00"], Edges(steps));
        Assert.True(steps.PartialAtStart && steps.PartialAtEnd);
    }

    [Fact]
    public void The_last_ones_are_taken_when_fewer_are_asked_for()
    {
        var steps = Cut("day", "2025-01-01T00:00:00+08:00", "2025-01-31T00:00:00+08:00", most: 3);
        Assert.Equal(["2025-01-27T16:00", "2025-01-28T16:00", "2025-01-29T16:00", "2025-01-30T16:00"], Edges(steps));
        Assert.False(steps.PartialAtStart);
    }

    [Fact]
    public void A_day_on_which_the_clocks_change_has_23_or_25_hours()
    {
        var spring = Cut("day", "2025-03-08T00:00:00-05:00", "2025-03-11T00:00:00-04:00", zone: NewYork);
        Assert.Equal([24, 23, 24], Hours(spring));
        var autumn = Cut("day", "2025-11-01T00:00:00-04:00", "2025-11-04T00:00:00-05:00", zone: NewYork);
        Assert.Equal([24, 25, 24], Hours(autumn));
    }

    [Theory]
    [InlineData("2025-01-05T00:00:00+08:00", "2025-01-20T00:00:00+08:00")]
    [InlineData("2025-01-05T00:00:00+08:00", "2025-01-05T00:00:00+08:00")]
    [InlineData("2025-01-05T00:00:00+08:00", "2024-01-05T00:00:00+08:00")]
    public void A_period_shorter_than_a_step_has_none(string from, string before) => Assert.Equal(0, Cut("month", from, before).Count);

    [Fact]
    public void The_beginning_of_the_calendar_ends_no_search()
        => Assert.InRange(TimeSteps.Cut(TimeStep.Parse("P3660D")!, DateTimeOffset.MinValue.AddDays(2), Parse("2025-01-01T00:00:00Z"), 1000, Shanghai).Count, 150, 200);

    [Theory]
    [InlineData("P0D")]
    [InlineData("P-1D")]
    [InlineData("PD")]
    [InlineData("P1W")]
    [InlineData("Week")]
    [InlineData("")]
    public void Anything_else_is_no_step(string text) => Assert.Null(TimeStep.Parse(text));

    [Fact]
    public void The_day_of_an_instant_is_the_city_s()
    {
        var late = Parse("2025-01-31T17:00:00Z");
        Assert.Equal(Parse("2025-01-31T16:00:00Z"), TimeSteps.StartOfDay(late, Shanghai));
        Assert.Equal(Parse("2025-02-01T16:00:00Z"), TimeSteps.EndOfDay(late, Shanghai));
    }

    private static TimeSteps Cut(string step, string from, string before, int most = 1000, TimeZoneInfo? zone = null)
        => TimeSteps.Cut(TimeStep.Parse(step)!, Parse(from), Parse(before), most, zone ?? Shanghai);

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Edges(TimeSteps steps) => [.. steps.EdgesUtc.Select(e => e.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture))];

    private static double[] Hours(TimeSteps steps) => [.. steps.EdgesUtc.Zip(steps.EdgesUtc.Skip(1), (a, b) => (b - a).TotalHours)];
}
