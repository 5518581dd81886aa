using GeoSanitation.Server.Scorecards;
using Xunit;

namespace GeoSanitation.Server.Tests.Scorecards;

public sealed class MedianTests
{
    [Theory]
    [InlineData(new long[] { 7 }, 7)]
    [InlineData(new long[] { 9, 2 }, 5.5)]
    [InlineData(new long[] { 5, 5, 5, 5 }, 5)]
    [InlineData(new long[] { 9, 1, 4 }, 4)]
    [InlineData(new long[] { 8, 1, 2, 100 }, 5)]
    public void It_is_the_value_in_the_middle(long[] values, double median) => Assert.Equal(median, Median.Of(values));

    [Fact]
    public void It_is_that_of_sorting_for_every_length()
    {
        var random = new Random(7);
        for (var n = 1; n <= 300; n++)
        {
            // Few different values, so that many are equal.
            long[] values = [.. Enumerable.Range(0, n).Select(_ => (long)random.Next(n % 3 == 0 ? 5 : 100_000))];
            long[] sorted = [.. values.Order()];
            Assert.Equal((sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0, Median.Of(values));
        }
    }

    [Fact]
    public void Of_nothing_there_is_none() => Assert.Throws<ArgumentOutOfRangeException>(() => Median.Of([]));
}
