using GeoSanitation.Hotspots.Neighbors;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Neighbors;

public class WithinTests
{
    [Fact]
    public void Many_at_a_time_count_what_one_at_a_time_counts_for_every_length()
    {
        var random = new Random(3);
        for (var length = 0; length <= 1024; length++)
        {
            // Whole numbers: many points are exactly 5 away.
            var x = Enumerable.Range(0, length).Select(_ => (double)random.Next(12)).ToArray();
            var y = Enumerable.Range(0, length).Select(_ => (double)random.Next(12)).ToArray();
            foreach (var (atX, atY) in new[] { (6.0, 6.0), (0.0, 11.0), (30.0, 6.0), (16.0, 0.0) })
            {
                var expected = Within.CountOneByOne(x, y, atX, atY, 25);
                Assert.Equal(expected, Within.Count(x, y, atX, atY, 25));
                Assert.Equal(expected > 0, Within.Any(x, y, atX, atY, 25));
            }
        }
    }
}
