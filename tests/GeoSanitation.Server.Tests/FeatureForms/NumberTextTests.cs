using System.Globalization;
using System.Text;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Snapshot;
using Xunit;

namespace GeoSanitation.Server.Tests.FeatureForms;

public class NumberTextTests
{
    private delegate int Writes(Span<byte> at);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(12_300)]
    [InlineData(99_999_999)]
    [InlineData(100_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Whole_numbers(long value) => Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Text(NumberText.LongestNumber, at => NumberText.Number(at, value)));

    [Fact]
    public void Whole_numbers_of_any_length()
    {
        var random = new Random(1);
        for (var n = 0; n < 20_000; n++)
        {
            var value = random.NextInt64((long)Math.Pow(10, random.Next(1, 11)));
            Whole_numbers(value);
        }
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "0")]
    [InlineData(0.0000001, "0.0000001")]
    [InlineData(-0.00000004, "0")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(-180, "-180")]
    [InlineData(179.99999996, "180")]
    [InlineData(113.1020304, "113.1020304")]
    [InlineData(9.99, "9.99")]
    [InlineData(10.0100000, "10.01")]
    public void Degrees_have_seven_decimals_at_most(double degrees, string text) => Assert.Equal(text, Text(NumberText.LongestDegrees, at => NumberText.Degrees(at, degrees)));

    [Fact]
    public void Degrees_are_what_the_framework_writes()
    {
        var random = new Random(2);
        for (var n = 0; n < 20_000; n++)
        {
            var degrees = Math.Round((random.NextDouble() - 0.5) * 360, random.Next(0, 8));
            Degrees_have_seven_decimals_at_most(degrees, (degrees + 0.0).ToString("0.#######", CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59.999999Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("2024-02-29T10:09:08.07Z")]
    [InlineData("2026-10-31T23:00:00.000001Z")]
    [InlineData("9999-12-31T23:59:59.999999Z")]
    public void Times_are_in_quotation_marks(string time)
    {
        var utc = DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        var microseconds = (utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        Assert.Equal($"\"{time}\"", Text(NumberText.LongestInstant, at => NumberText.Instant(at, microseconds)));
    }

    [Fact]
    public void Times_are_what_other_answers_have()
    {
        var random = new Random(3);
        for (var n = 0; n < 20_000; n++)
        {
            var time = new DateTime(random.NextInt64(DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond) * TimeSpan.TicksPerSecond + random.Next(2) * random.Next(1000) * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
            Times_are_in_quotation_marks(JsonForm.Time(time));
        }
    }

    [Fact]
    public void No_deadline_is_null() => Assert.Equal("null", Text(NumberText.LongestInstant, at => NumberText.Instant(at, IssueChunk.NeverDue)));

    private static string Text(int room, Writes write)
    {
        Span<byte> bytes = stackalloc byte[room];
        return Encoding.UTF8.GetString(bytes[..write(bytes)]);
    }
}
