using Xunit;

namespace GeoSanitation.Hotspots.Tests;

public class RowsTests
{
    [Fact]
    public void Many_at_a_time_give_what_one_at_a_time_gives_for_every_length()
    {
        var random = new Random(5);
        for (var length = 0; length <= 1024; length++)
        {
            var (a, b, c) = (Numbers(random, length), Numbers(random, length), Numbers(random, length));
            AssertSame(a, target => Rows.Add(target, b), i => a[i] + b[i]);
            AssertSame(a, target => Rows.AddDifference(target, b, c), i => a[i] + (b[i] - c[i]));
            AssertSame(a, target => Rows.AddScaled(target, b, 0.3), i => a[i] + 0.3 * b[i]);
            AssertSame(a, target => Rows.Multiply(target, b), i => a[i] * b[i]);
            AssertSame(a, target => Rows.RunOn(target, b, c, 0.7), i => b[i] + (c[i] - 0.7));
        }
    }

    private static void AssertSame(double[] target, Action<double[]> action, Func<int, double> expected)
    {
        var result = target.ToArray();
        action(result);
        Assert.True(result.AsSpan().SequenceEqual([.. Enumerable.Range(0, result.Length).Select(expected)]), $"length {target.Length}");
    }

    private static double[] Numbers(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
}
