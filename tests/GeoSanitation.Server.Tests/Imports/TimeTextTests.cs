using System.Text;
using GeoSanitation.Server.Imports;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00")]
    [InlineData("2026-1-2 3:04", "2026-01-02T03:04:00")]
    [InlineData("2026-01-31T08:05:09", "2026-01-31T08:05:09")]
    [InlineData("2026-01-31 08:05:09.25", "2026-01-31T08:05:09.25")]
    [InlineData("2026/1/31 8:05", "2026-01-31T08:05:00")]
    [InlineData("20260131", "2026-01-31T00:00:00")]
    [InlineData("46053", "2026-01-31T00:00:00")]
    [InlineData("46053.336921296", "2026-01-31T08:05:10")]
    [InlineData("202601310805", "2026-01-31T08:05:00")]
    [InlineData("20260131080509", "2026-01-31T08:05:09")]
    [InlineData("01/31/2026 12:20:09 AM", "2026-01-31T00:20:09")]
    [InlineData("01/31/2026 12:20:09 PM", "2026-01-31T12:20:09")]
    [InlineData("1/31/2026 1:02 pm", "2026-01-31T13:02:00")]
    [InlineData("2026年1月31日", "2026-01-31T00:00:00")]
    [InlineData("2026年1月31日8时5分", "2026-01-31T08:05:00")]
    [InlineData("2026年1月31日 下午3:20", "2026-01-31T15:20:00")]
    [InlineData("2026-01-31 上午9:00:01", "2026-01-31T09:00:01")]
    public void Common_ways_of_writing_a_local_time_are_read(string text, string expected)
    {
        Assert.True(TimeText.TryRead(Encoding.UTF8.GetBytes(text), DayOrder.MonthFirst, out var time));
        Assert.Equal(DateTime.Parse(expected), time.Local);
        Assert.Null(time.Offset);
    }

    [Theory]
    [InlineData("2026-01-31T08:05:09Z", 0)]
    [InlineData("2026-01-31T08:05:09+08:00", 480)]
    [InlineData("2026-01-31 08:05:09 -0530", -330)]
    [InlineData("2026-01-31T08:05:09.123456789+08", 480)]
    [InlineData("2026-01-31 08:05:09 UTC", 0)]
    public void An_offset_behind_the_time_is_read(string text, int minutes)
    {
        Assert.True(TimeText.TryRead(Encoding.UTF8.GetBytes(text), DayOrder.MonthFirst, out var time));
        Assert.Equal(TimeSpan.FromMinutes(minutes), time.Offset);
        Assert.Equal(new DateTime(2026, 1, 31, 8, 5, 9), time.Local, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("1769846709", "2026-01-31T08:05:09")]
    [InlineData("1769846709123", "2026-01-31T08:05:09.123")]
    public void Seconds_and_milliseconds_since_1970_are_utc(string text, string expected)
    {
        Assert.True(TimeText.TryRead(Encoding.UTF8.GetBytes(text), DayOrder.MonthFirst, out var time));
        Assert.Equal(DateTime.Parse(expected), DateTime.SpecifyKind(time.Local, DateTimeKind.Unspecified));
        Assert.Equal(TimeSpan.Zero, time.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-02-29")]
    [InlineData("2026-13-01")]
    [InlineData("31/31/2026")]
    [InlineData("1/2/26")]
    [InlineData("2026-01-31 24:00")]
    [InlineData("2026-01-31 08:60")]
    [InlineData("2026-01-31 08:05 xm")]
    [InlineData("2026-01-31T")]
    [InlineData("2026-01-3108:05")]
    [InlineData("20261301")]
    [InlineData("99999999999999")]
    [InlineData("2026-01-31T08:05+99:00")]
    public void Other_texts_are_no_times(string text)
        => Assert.False(TimeText.TryRead(Encoding.UTF8.GetBytes(text), DayOrder.MonthFirst, out _));

    [Fact]
    public void The_order_of_day_and_month_is_that_of_the_column()
    {
        var text = "03/04/2026"u8;
        Assert.True(TimeText.TryRead(text, DayOrder.DayFirst, out var dayFirst));
        Assert.True(TimeText.TryRead(text, DayOrder.MonthFirst, out var monthFirst));

        Assert.Equal(new DateTime(2026, 4, 3), dayFirst.Local);
        Assert.Equal(new DateTime(2026, 3, 4), monthFirst.Local);
        Assert.Null(TimeText.OrderOf(text));
        Assert.Equal(DayOrder.DayFirst, TimeText.OrderOf("13/04/2026"u8));
        Assert.Equal(DayOrder.MonthFirst, TimeText.OrderOf("04/13/2026"u8));
    }

    [Fact]
    public void A_given_format_is_the_only_one_read()
    {
        Assert.True(TimeText.TryReadExact("31.01.26 08:05"u8, "dd.MM.yy HH:mm", out var time));
        Assert.Equal(new DateTime(2026, 1, 31, 8, 5, 0), time.Local);
        Assert.False(TimeText.TryReadExact("2026-01-31 08:05"u8, "dd.MM.yy HH:mm", out _));
    }
}

public sealed class LocalClockTests
{
    private static readonly LocalClock Boston = new(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));

    [Theory]
    [InlineData("2015-01-01T00:20:09", "2015-01-01T05:20:09")]
    [InlineData("2015-07-01T00:20:09", "2015-07-01T04:20:09")]
    // The clocks go from 02:00 to 03:00: 02:30 is what 03:30 is called.
    [InlineData("2015-03-08T01:59:59", "2015-03-08T06:59:59")]
    [InlineData("2015-03-08T02:30:00", "2015-03-08T07:30:00")]
    [InlineData("2015-03-08T03:30:00", "2015-03-08T07:30:00")]
    // 01:30 comes twice: the first is meant.
    [InlineData("2015-11-01T01:30:00", "2015-11-01T05:30:00")]
    [InlineData("2015-11-01T02:30:00", "2015-11-01T07:30:00")]
    public void Local_times_become_utc(string local, string utc)
        => Assert.Equal(DateTime.Parse(utc), DateTime.SpecifyKind(Boston.ToUtc(DateTime.Parse(local)), DateTimeKind.Unspecified));

    [Fact]
    public void Every_hour_of_a_year_is_as_the_system_says()
    {
        for (var utc = new DateTime(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc); utc.Year == 2015; utc = utc.AddMinutes(30))
        {
            var local = TimeZoneInfo.ConvertTimeFromUtc(utc, Boston.Zone);
            var back = Boston.ToUtc(local);
            Assert.True(back == utc || Boston.Zone.IsAmbiguousTime(local) && utc - back == TimeSpan.FromHours(1), $"{utc:u} was {local:u}, came back as {back:u}");
        }
    }
}
