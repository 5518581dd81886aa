using CsCheck;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Clustering;

public class StDbscanTests
{
    private static readonly Gen<(double X, double Y, double T)[]> Lattice =
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12], Gen.Int[0, 12], (x, y, t) => ((double)x, (double)y, (double)t)).Array[0, 120];

    [SharedTheory("golden/stdbscan")]
    [GoldenCases("stdbscan/")]
    public void Labels_equal_scikit_learn_on_the_joint_neighborhood(string name)
    {
        var parameters = Golden.Case(name);
        var table = Golden.Table(name, "points.csv");
        var labels = new int[table.Count];
        var clusters = StDbscan.Label(
            new Points(table.Numbers("x"), table.Numbers("y"), timeDays: table.Numbers("t_days")), parameters.GetProperty("eps_space_m").GetDouble(),
            parameters.GetProperty("eps_time_days").GetDouble(), parameters.GetProperty("min_points").GetInt32(), labels);
        Assert.Equal(Golden.Table(name, "expected.csv").Whole("label"), labels);
        Assert.Equal(parameters.GetProperty("clusters").GetInt32(), clusters);
    }

    [Fact]
    public void Near_in_space_but_not_in_time_is_apart()
    {
        var points = new Points([0, 1, 2, 0, 1, 2], [0, 0, 0, 0, 0, 0], timeDays: [0, 1, 2, 10, 11, 12]);
        var labels = new int[6];
        Assert.Equal(2, StDbscan.Label(points, 5, 2, 3, labels));
        Assert.Equal([0, 0, 0, 1, 1, 1], labels);
        Assert.Equal(1, StDbscan.Label(points, 5, 8, 3, labels));
        Assert.Equal(0, StDbscan.Label(new Points([], [], timeDays: []), 5, 8, 3, []));
    }

    [Fact]
    public void Any_points_are_labelled_as_by_the_definition()
    {
        Gen.Select(Lattice, Gen.Int[1, 6], Gen.Int[1, 4], Gen.Int[0, 5]).Sample((points, minPoints, eps, days) =>
        {
            var labels = new int[points.Length];
            StDbscan.Label(Of(points), eps, days, minPoints, labels);
            Assert.Equal(ByDefinition(points, eps, days, minPoints), labels);
        }, iter: 300);
    }

    [Fact]
    public void With_all_time_in_the_world_it_is_dbscan()
    {
        Gen.Select(Lattice, Gen.Int[1, 6]).Sample((points, minPoints) =>
        {
            var (inTime, without) = (new int[points.Length], new int[points.Length]);
            StDbscan.Label(Of(points), 2, 1e6, minPoints, inTime);
            Dbscan.Label(Of(points), 2, minPoints, without);
            Assert.Equal(without, inTime);
        }, iter: 300);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        var points = new Points([0], [0], timeDays: [0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => StDbscan.Label(points, 0, 1, 1, new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => StDbscan.Label(points, 1, -1, 1, new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => StDbscan.Label(points, 1, double.NaN, 1, new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => StDbscan.Label(points, 1, 1, 0, new int[1]));
        Assert.Throws<ArgumentException>(() => StDbscan.Label(points, 1, 1, 1, new int[2]));
        Assert.Throws<ArgumentException>(() => StDbscan.Label(new Points([0], [0]), 1, 1, 1, new int[1]));
    }

    private static Points Of((double X, double Y, double T)[] points)
        => new([.. points.Select(p => p.X)], [.. points.Select(p => p.Y)], timeDays: [.. points.Select(p => p.T)]);

    private static int[] ByDefinition((double X, double Y, double T)[] points, double eps, double days, int minPoints)
    {
        var neighbors = points.Select(p => Enumerable.Range(0, points.Length).Where(j =>
            (p.X - points[j].X) * (p.X - points[j].X) + (p.Y - points[j].Y) * (p.Y - points[j].Y) <= eps * eps && Math.Abs(p.T - points[j].T) <= days).ToArray()).ToArray();
        var labels = Enumerable.Repeat(-1, points.Length).ToArray();
        var next = 0;
        for (var i = 0; i < points.Length; i++)
        {
            if (labels[i] >= 0 || neighbors[i].Length < minPoints)
            {
                continue;
            }
            var open = new Queue<int>([i]);
            labels[i] = next;
            while (open.TryDequeue(out var core))
            {
                foreach (var j in neighbors[core].Where(j => labels[j] < 0))
                {
                    labels[j] = next;
                    if (neighbors[j].Length >= minPoints)
                    {
                        open.Enqueue(j);
                    }
                }
            }
            next++;
        }
        return labels;
    }
}
