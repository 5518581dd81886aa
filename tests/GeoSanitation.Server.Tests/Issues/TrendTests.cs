using GeoSanitation.Server.Issues;
using Xunit;

namespace GeoSanitation.Server.Tests.Issues;

public sealed class TrendTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    [Theory]
    [InlineData("2025-01-01", "2025-01-01", "day", 1)]
    [InlineData("2025-01-01", "2025-03-01", "day", 60)]
    [InlineData("2025-01-01", "2025-03-02", "week", 9)]
    [InlineData("2024-01-01", "2025-12-31", "month", 24)]
    [InlineData("2020-01-01", "2024-12-31", "month", 60)]
    [InlineData("2020-01-01", "2025-01-01", "year", 6)]
    [InlineData("1900-01-01", "2025-01-01", "year", 126)]
    public void The_step_is_the_shortest_that_leaves_few_enough(string from, string to, string step, int steps)
    {
        var trend = Trend.Of([Seconds(from + "T04:00:00Z"), Seconds(to + "T04:00:00Z")], null, null, Shanghai)!;
        Assert.Equal((step, steps), (trend.Step, trend.Steps.Count));
        Assert.Equal(2, trend.Steps.Sum(s => s.Issues));
    }

    [Fact]
    public void Weeks_begin_on_Monday_and_months_on_the_first()
    {
        // 1 January 2025 is a Wednesday.
        Assert.Equal(new DateOnly(2024, 12, 30), Trend.Of([Seconds("2025-01-01T04:00:00Z"), Seconds("2025-06-01T04:00:00Z")], null, null, Shanghai)!.Steps[0].Start);
        Assert.Equal(new DateOnly(2025, 1, 1), Trend.Of([Seconds("2025-01-20T04:00:00Z"), Seconds("2026-12-01T04:00:00Z")], null, null, Shanghai)!.Steps[0].Start);
    }

    [Fact]
    public void A_day_begins_at_local_midnight_when_the_clocks_change_too()
    {
        var trend = Trend.Of(
            [Seconds("2015-03-08T04:59:59Z"), Seconds("2015-03-08T05:00:00Z"), Seconds("2015-03-09T03:59:59Z"), Seconds("2015-03-09T04:00:00Z")], null, null, NewYork)!;
        Assert.Equal([(new DateOnly(2015, 3, 7), 1), (new DateOnly(2015, 3, 8), 2), (new DateOnly(2015, 3, 9), 1)], trend.Steps.Select(s => (s.Start, s.Issues)));
    }

    [Fact]
    public void The_period_asked_for_is_shown_whole()
    {
        var trend = Trend.Of([Seconds("2025-01-02T04:00:00Z")], DateTimeOffset.Parse("2024-12-31T16:00:00Z"), DateTimeOffset.Parse("2025-01-04T16:00:00Z"), Shanghai)!;
        Assert.Equal([0, 1, 0, 0], trend.Steps.Select(s => s.Issues));
        Assert.Null(Trend.Of([], null, null, Shanghai));
    }

    private static long Seconds(string time) => DateTimeOffset.Parse(time).ToUnixTimeSeconds();
}
