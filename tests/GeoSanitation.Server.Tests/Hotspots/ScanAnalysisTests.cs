using System.Text.Json;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Hotspots;

public sealed class ScanAnalysisTests(HotspotServer town) : IClassFixture<HotspotServer>
{
    [Fact]
    public async Task The_strongest_circle_is_around_the_largest_planted_cluster()
    {
        var answer = await town.Server.AnalyzeAsync("scan?cell=square&size=1000&replications=99&max_radius=1500&output=all");
        var features = Features(answer);
        var (first, explain) = (features[0], answer.GetProperty("explain"));

        Assert.Equal(HotspotServer.Usable, explain.GetProperty("cases").GetInt32());
        Assert.Equal(features.Count, explain.GetProperty("clusters").GetInt32());
        Assert.True(Property(first, "observed").GetInt32() >= 60);
        Assert.Equal(0.01, Property(first, "p").GetDouble());
        Assert.Equal("c11", Property(first, "wards")[0].GetProperty("code").GetString());
        // The planted place lies in the circle.
        var ring = first.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Select(p => (X: p[0].GetDouble(), Y: p[1].GetDouble())).ToList();
        Assert.InRange(120.07, ring.Min(p => p.X), ring.Max(p => p.X));
        Assert.InRange(30.27, ring.Min(p => p.Y), ring.Max(p => p.Y));
        foreach (var feature in features)
        {
            double c = Property(feature, "observed").GetInt32(), e = Property(feature, "expected").GetDouble(), total = HotspotServer.Usable;
            Assert.Equal(c * Math.Log(c / e) + (total - c) * Math.Log((total - c) / (total - e)), Property(feature, "llr").GetDouble(), 1e-9);
            Assert.Equal(c / e / ((total - c) / (total - e)), Property(feature, "relative_risk").GetDouble(), 1e-9);
        }
        Assert.Equal(features.Select(f => Property(f, "llr").GetDouble()).OrderDescending(), features.Select(f => Property(f, "llr").GetDouble()));
        Assert.Equal(features.Count(f => Property(f, "p").GetDouble() <= 0.05), Features(await town.Server.AnalyzeAsync("scan?cell=square&size=1000&replications=99&max_radius=1500")).Count);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_answer_and_another_one_another_p()
    {
        const string Path = "scan?cell=ward&level=community&replications=199&output=all";
        double[] P(JsonElement answer) => [.. Features(answer).Select(f => Property(f, "p").GetDouble())];
        var one = P(await town.Server.AnalyzeAsync(Path + "&seed=1"));

        Assert.Equal(one, P(await town.Server.AnalyzeAsync(Path)));
        Assert.NotEqual(one, P(await town.Server.AnalyzeAsync(Path + "&seed=2")));
    }

    [Fact]
    public async Task In_space_and_time_clusters_begin_and_end()
    {
        // Of the 60 at one place 58 were reported on February 1; most others on March 1.
        var answer = await town.Server.AnalyzeAsync("scan?model=space-time-permutation&cell=ward&level=community&step=day&replications=99&max_days=10&output=all");
        var first = Features(answer)[0];

        Assert.Equal("2025-01-31T16:00:00Z", Property(first, "start").GetString());
        Assert.Equal("2025-02-01T16:00:00Z", Property(first, "end").GetString());
        Assert.Equal(58, Property(first, "observed").GetInt32());
        Assert.Equal(0.01, Property(first, "p").GetDouble());
        Assert.Equal(10, answer.GetProperty("explain").GetProperty("max_steps").GetInt32());

        var poisson = await town.Server.AnalyzeAsync("scan?model=space-time-poisson&cell=ward&level=community&step=week&replications=19&prospective=true&output=all");
        Assert.All(Features(poisson), f => Assert.Equal(poisson.GetProperty("explain").GetProperty("before").GetString(), Property(f, "end").GetString()));
    }

    [Theory]
    [InlineData("scan?model=circle", "model")]
    [InlineData("scan?replications=8", "replications")]
    [InlineData("scan?replications=100000", "replications")]
    [InlineData("scan?max_days=3", "max_days")]
    [InlineData("scan?prospective=true", "prospective")]
    [InlineData("scan?step=day", "step")]
    [InlineData("scan?model=space-time-permutation&rate=area", "rate")]
    [InlineData("scan?max_radius=-1", "max_radius")]
    [InlineData("scan?size=100", "size")]
    [InlineData("scan?distance=100", "distance")]
    [InlineData("scan?model=space-time-poisson&size=400&step=day&replications=9999", "replications")]
    [InlineData("clusters?method=hdbscan&min_cluster_size=1", "min_cluster_size")]
    [InlineData("clusters?method=hdbscan&eps=10", "eps")]
    [InlineData("clusters?method=hdbscan&selection=all", "selection")]
    public Task A_bad_parameter_is_a_problem_that_names_it(string path, string parameter) => town.Server.AssertRefusedAsync(path, parameter);

    [Fact]
    public async Task Hdbscan_finds_the_planted_clusters_and_tells_how_much_each_issue_belongs()
    {
        var clusters = Features(await town.Server.AnalyzeAsync("clusters?method=hdbscan&min_cluster_size=20&min_points=5"));
        var points = Features(await town.Server.AnalyzeAsync("clusters?method=hdbscan&min_cluster_size=20&min_points=5&output=points"));

        var labels = points.OrderBy(p => Property(p, "id").GetInt32()).Select(p => Property(p, "cluster").GetInt32()).ToList();
        int LabelOf(int first, int count) => labels.GetRange(HotspotServer.Scattered + first, count).Distinct().Single();
        int[] planted = [LabelOf(0, 60), LabelOf(60, 40), LabelOf(100, 25)];
        Assert.Equal(3, planted.Distinct().Count(label => label >= 0));
        Assert.All(clusters, c => Assert.True(Property(c, "stability").GetDouble() > 0));
        Assert.Equal(HotspotServer.Usable, points.Count);
        foreach (var point in points)
        {
            var (cluster, probability) = (Property(point, "cluster").GetInt32(), Property(point, "probability").GetDouble());
            Assert.Equal(cluster < 0, probability == 0);
            Assert.InRange(probability, 0, 1);
            Assert.InRange(Property(point, "outlier_score").GetDouble(), 0, 1);
        }
        Assert.Equal(clusters.Select(c => Property(c, "count").GetInt32()), points.Where(p => Property(p, "cluster").GetInt32() >= 0).CountBy(p => Property(p, "cluster").GetInt32()).OrderBy(c => c.Key).Select(c => c.Value));
        Assert.True(Features(await town.Server.AnalyzeAsync("clusters?method=hdbscan&selection=leaf&min_cluster_size=20&min_points=5")).Count >= clusters.Count);
        Assert.Equal(14, Parameter(await town.Server.AnalyzeAsync("clusters?method=hdbscan"), "min_cluster_size").GetProperty("value").GetDouble());
    }
}
