using System.Text.Json;
using GeoSanitation.Hotspots.Scan;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Scan;

public class KulldorffScanTests
{
    private const int Replications = 999;

    [SharedTheory("golden/scan")]
    [GoldenCases("scan/")]
    public void Clusters_are_SaTScan_s(string name)
    {
        var parameters = Golden.Case(name);
        var result = Run(name, parameters);

        Assert.Equal(parameters.GetProperty("total_cases").GetInt32(), result.Cases);
        AssertClusters(parameters.GetProperty("clusters"), result.Clusters);
        if (parameters.TryGetProperty("clusters_space_time_rule", out var byTime) && byTime.ValueKind == JsonValueKind.Array)
        {
            AssertClusters(byTime, result.SpaceTimeClusters);
        }
    }

    [GoldenFact("edge_cases", "scan")]
    public void Edge_cases_are_as_defined()
    {
        foreach (var formula in Golden.EdgeCases("scan", 5).Where(c => c.TryGetProperty("formula", out _)))
        {
            Golden.AssertClose(formula.GetProperty("llr").GetDouble(), ScanWindows.LogLikelihoodRatio(formula.GetProperty("c").GetDouble(), formula.GetProperty("e").GetDouble(), formula.GetProperty("C").GetDouble()), 1e-12);
        }
        var line = new Points([0, 100, 200, 300], new double[4]);
        Assert.Empty(KulldorffScan.Poisson(line, new int[4], [1, 1, 1, 1], 1, new ScanOptions()).Clusters);
        Assert.Empty(KulldorffScan.SpaceTimePermutation(line, [3, 5, 0, 0, 0, 0, 0, 0], 2, new ScanOptions { MaxShare = 1 }).Clusters);
    }

    [Fact]
    public void Four_locations_worked_by_hand()
    {
        // 20 cases, 5 expected everywhere; the pair at the left holds 16 of 10: 16 ln 1.6 + 4 ln 0.4.
        var line = new Points([0, 100, 200, 300], new double[4]);
        var best = KulldorffScan.Poisson(line, [9, 7, 2, 2], [1, 1, 1, 1], 1, new ScanOptions { Replications = 99 }).Clusters[0];

        Assert.Equal([0, 1], best.Locations);
        Assert.Equal((0, 100.0, 16, 10.0), (best.Center, best.RadiusMeters, best.Observed, best.Expected));
        Assert.Equal(16 * Math.Log(1.6) + 4 * Math.Log(0.4), best.LogLikelihoodRatio, 1e-12);
        Assert.Equal(1.6 / 0.4, best.RelativeRisk, 1e-12);
        Assert.InRange(best.P, 0.01, 0.2);
        Assert.Equal(Math.Round(100 * best.P), 100 * best.P, 1e-9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Neither_threads_nor_chance_beside_the_seed_change_anything(bool permutation)
    {
        var random = new Random(5);
        var places = new Points([.. Enumerable.Range(0, 60).Select(_ => 1000 * random.NextDouble())], [.. Enumerable.Range(0, 60).Select(_ => 1000 * random.NextDouble())]);
        int[] cases = [.. Enumerable.Range(0, 60 * 6).Select(_ => random.Next(3))];
        double[] expected = [.. Enumerable.Repeat(1.0, 60 * 6)];
        // Something that is neither very likely nor very unlikely.
        cases[6 * 7 + 3] += 5;
        ScanResult Scan(int threads, ulong seed)
        {
            var options = new ScanOptions { Replications = 200, Threads = threads, Seed = seed };
            return permutation ? KulldorffScan.SpaceTimePermutation(places, cases, 6, options) : KulldorffScan.Poisson(places, cases, expected, 6, options);
        }

        var one = Scan(1, 9);
        Assert.Equal(one.Clusters.Select(c => c.P), Scan(3, 9).Clusters.Select(c => c.P));
        Assert.NotEqual(one.Clusters.Select(c => c.P), Scan(1, 10).Clusters.Select(c => c.P));
        Assert.Equal(one.Clusters.SelectMany(c => c.Locations).Count(), one.Clusters.SelectMany(c => c.Locations).Distinct().Count());
    }

    [Fact]
    public void The_fast_way_over_circles_finds_the_strongest_that_the_plain_one_finds()
    {
        var random = new Random(8);
        for (var round = 0; round < 200; round++)
        {
            var n = 2 + random.Next(60);
            // On a lattice, so that distances are equal and places shared.
            var places = new Points([.. Enumerable.Range(0, n).Select(_ => 100.0 * random.Next(8))], [.. Enumerable.Range(0, n).Select(_ => 100.0 * random.Next(8))]);
            int[] cases = [.. Enumerable.Range(0, n).Select(_ => random.Next(4) * random.Next(30))];
            var data = ScanData.Poisson(cases, [.. Enumerable.Range(0, n).Select(_ => 0.2 + random.NextDouble())], 1);
            var options = new ScanOptions { MaxShare = 0.2 + 0.8 * random.NextDouble(), MinCases = 1 + random.Next(5) };
            if (data.Total < 2)
            {
                continue;
            }
            var circles = Circles.Around(places, data, options, default);
            var windows = new ScanWindows(data, circles, options);
            var plain = Enumerable.Range(0, circles.Centers.Length).Select(c => windows.Best(cases, c, 0, 0, 0)?.LogLikelihoodRatio ?? 0).DefaultIfEmpty(0).Max();
            Assert.Equal(plain, windows.Strongest(cases, default), 1e-9 * Math.Max(1, plain));
        }
    }

    [Theory]
    [InlineData(40, 0.01)]
    [InlineData(40, 0.4)]
    [InlineData(3_000, 0.002)]
    [InlineData(3_000, 0.3)]
    [InlineData(50_000, 0.9)]
    public void Binomial_numbers_have_their_mean_and_variance(int trials, double p)
    {
        var (binomial, stream) = (new Binomial(trials), new RandomStream(11, 0));
        const int Draws = 200_000;
        double sum = 0, squares = 0;
        for (var i = 0; i < Draws; i++)
        {
            double k = binomial.Draw(ref stream, trials, p);
            Assert.InRange(k, 0, trials);
            sum += k;
            squares += (k - trials * p) * (k - trials * p);
        }
        var variance = trials * p * (1 - p);
        Assert.InRange(sum / Draws, trials * p - 5 * Math.Sqrt(variance / Draws), trials * p + 5 * Math.Sqrt(variance / Draws));
        Assert.InRange(squares / Draws / variance, 0.97, 1.03);
    }

    [Fact]
    public void Circles_end_with_all_locations_at_the_same_distance_and_at_the_radius()
    {
        // A plus sign: four arms at 100 m around location 0, which holds nothing.
        var plus = new Points([0, 100, -100, 0, 0, 5000], [0, 0, 0, 100, -100, 0]);
        int[] cases = [0, 9, 9, 9, 9, 4];
        var best = KulldorffScan.Poisson(plus, cases, [1, 1, 1, 1, 1, 5], 1, new ScanOptions { MaxShare = 0.9, Replications = 0 }).Clusters[0];
        Assert.Equal([0, 1, 2, 3, 4], best.Locations);
        Assert.True(double.IsNaN(best.P));
        Assert.All(KulldorffScan.Poisson(plus, cases, [1, 1, 1, 1, 1, 5], 1, new ScanOptions { MaxRadiusMeters = 50, Replications = 0 }).Clusters, c => Assert.Single(c.Locations));
    }

    [Fact]
    public void Bad_arguments_and_cancelling_are_told()
    {
        var two = new Points([0, 1], [0, 0]);
        Assert.Throws<ArgumentException>(() => KulldorffScan.Poisson(two, [1], [1, 1], 1, new ScanOptions()));
        Assert.Throws<ArgumentException>(() => KulldorffScan.Poisson(two, [1, 2], [1], 1, new ScanOptions()));
        Assert.Throws<ArgumentException>(() => KulldorffScan.Poisson(two, [1, 2], [1, 0], 1, new ScanOptions()));
        Assert.Throws<ArgumentException>(() => KulldorffScan.Poisson(two, [1, 2], [1, double.NaN], 1, new ScanOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => KulldorffScan.SpaceTimePermutation(two, [1, -2], 1, new ScanOptions()));
        Assert.Throws<ArgumentException>(() => KulldorffScan.SpaceTimePermutation(two, [1, 2], 1, new ScanOptions { MaxShare = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => KulldorffScan.SpaceTimePermutation(two, [], 0, new ScanOptions()));
        Assert.ThrowsAny<OperationCanceledException>(() => KulldorffScan.Poisson(two, [1, 9], [1, 1], 1, new ScanOptions(), cancellation: new CancellationToken(canceled: true)));
    }

    private static ScanResult Run(string name, JsonElement parameters)
    {
        var places = Golden.Table(name, "locations.csv");
        var rows = Golden.Table(name, "cases.csv");
        var steps = parameters.GetProperty("time_steps").GetInt32();
        var points = new Points(places.Numbers("x"), places.Numbers("y"));
        var cases = new int[points.Count * steps];
        var (at, t, count) = (rows.Whole("location"), rows.Whole("t"), rows.Whole("count"));
        for (var i = 0; i < at.Length; i++)
        {
            cases[at[i] * steps + t[i]] += count[i];
        }
        var options = new ScanOptions
        {
            MaxShare = parameters.GetProperty("max_spatial_fraction").GetDouble(),
            MaxSteps = parameters.GetProperty("max_time_steps").ValueKind == JsonValueKind.Number ? parameters.GetProperty("max_time_steps").GetInt32() : null,
            Prospective = parameters.TryGetProperty("prospective", out var prospective) && prospective.GetBoolean(),
            Replications = Replications,
            Threads = 2,
        };
        if (name.Contains("permutation", StringComparison.Ordinal))
        {
            return KulldorffScan.SpaceTimePermutation(points, cases, steps, options);
        }
        var expected = new double[cases.Length];
        if (name.EndsWith("newmexico", StringComparison.Ordinal))
        {
            var given = rows.Numbers("expected");
            for (var i = 0; i < at.Length; i++)
            {
                expected[at[i] * steps + t[i]] = given[i];
            }
        }
        else
        {
            var people = places.Numbers("population");
            for (var i = 0; i < expected.Length; i++)
            {
                expected[i] = people[i / steps];
            }
        }
        return KulldorffScan.Poisson(points, cases, expected, steps, options);
    }

    private static void AssertClusters(JsonElement expected, IReadOnlyList<ScanCluster> actual)
    {
        var rank = 0;
        foreach (var cluster in expected.EnumerateArray())
        {
            var found = actual[rank++];
            Assert.Equal(cluster.GetProperty("locations").EnumerateArray().Select(l => l.GetInt32()), found.Locations);
            if (cluster.GetProperty("t_start").ValueKind == JsonValueKind.Number)
            {
                Assert.Equal((cluster.GetProperty("t_start").GetInt32(), cluster.GetProperty("t_end").GetInt32()), (found.Start, found.End));
            }
            Assert.Equal(cluster.GetProperty("observed").GetInt32(), found.Observed);
            Golden.AssertClose(cluster.GetProperty("expected").GetDouble(), found.Expected, 1e-8);
            Golden.AssertClose(cluster.GetProperty("llr").GetDouble(), found.LogLikelihoodRatio, 1e-9);
            if (cluster.TryGetProperty("relative_risk", out var risk))
            {
                Golden.AssertClose(risk.GetDouble(), found.RelativeRisk, 1e-8);
            }
            if (cluster.TryGetProperty("p_satscan", out var p))
            {
                var satscan = double.Parse(p.GetString()!, System.Globalization.CultureInfo.InvariantCulture);
                // The tolerance of the case's "compare".
                Assert.Equal(satscan, found.P, 4 * Math.Sqrt(satscan * (1 - satscan) * (1.0 / 9_999 + 1.0 / Replications)) + 1.0 / (Replications + 1));
            }
        }
    }
}
