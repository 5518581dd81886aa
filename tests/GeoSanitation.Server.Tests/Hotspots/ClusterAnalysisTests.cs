using System.Globalization;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Hotspots;

public sealed class ClusterAnalysisTests(HotspotServer shared) : IClassFixture<HotspotServer>
{
    private readonly TestServer _server = shared.Server;

    private static IEnumerable<PlantedIssue> Usable => HotspotServer.Issues.Where(i => !i.DefaultPoint);

    [Theory]
    [InlineData(120, 10, 3)]
    [InlineData(400, 0, 4)]
    [InlineData(80, 30, 10)]
    public async Task St_dbscan_labels_every_issue_as_the_library_does(double eps, double epsDays, int minPoints)
    {
        var (x, y) = Project(Usable);
        var days = Usable.Select(i => (DateTimeOffset.Parse(i.ReportedAt, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).TotalDays).ToArray();
        var labels = new int[x.Length];
        var clusters = StDbscan.Label(new Points(x, y, timeDays: days), eps, epsDays, minPoints, labels);
        Assert.True(clusters > 1);

        var answer = await _server.AnalyzeAsync($"clusters?method=st-dbscan&eps={eps}&eps_days={epsDays}&min_points={minPoints}&output=points");

        Assert.Equal(labels, Features(answer).Select(f => Property(f, "cluster").GetInt32()));
        Assert.Equal(clusters, answer.GetProperty("explain").GetProperty("clusters").GetInt32());
        Assert.Equal("st-dbscan", answer.GetProperty("explain").GetProperty("method").GetString());
    }

    [Fact]
    public async Task What_is_near_in_space_but_months_apart_is_one_cluster_only_without_time()
    {
        // Of the 60 issues at one place one was reported a month before all others and one a month after.
        var together = Features(await _server.AnalyzeAsync("clusters?method=st-dbscan&eps=80&eps_days=40&min_points=10"));
        var apart = Features(await _server.AnalyzeAsync("clusters?method=st-dbscan&eps=80&eps_days=5&min_points=10"));
        Assert.Equal(60, Property(together[0], "count").GetInt32());
        Assert.Equal(58, Property(apart[0], "count").GetInt32());
        Assert.Equal("2025-02-01T00:00:00Z", Property(apart[0], "first_reported").GetString());
        Assert.Equal("2025-02-01T00:00:00Z", Property(apart[0], "last_reported").GetString());
    }

    [Fact]
    public async Task With_severity_as_weight_a_place_is_dense_by_the_sum_of_severities()
    {
        var (x, y) = Project(Usable);
        var weights = Usable.Select(i => (double)i.Severity).ToArray();
        var labels = new int[x.Length];
        Dbscan.LabelWeighted(new Points(x, y, weights), 200, 30, labels);
        var counted = new int[x.Length];
        Dbscan.Label(new Points(x, y), 200, 30, counted);
        Assert.NotEqual(counted, labels);

        Assert.Equal(labels, Features(await _server.AnalyzeAsync("clusters?eps=200&min_points=30&weight=severity&output=points")).Select(f => Property(f, "cluster").GetInt32()));
        Assert.Equal(counted, Features(await _server.AnalyzeAsync("clusters?eps=200&min_points=30&output=points")).Select(f => Property(f, "cluster").GetInt32()));
        // Chosen by itself, it grows with the mean weight.
        var chosen = Parameter(await _server.AnalyzeAsync("clusters?weight=severity"), "min_points").GetProperty("value").GetDouble();
        Assert.Equal(Math.Ceiling(Math.Log(HotspotServer.Usable)) * weights.Average(), chosen, 1e-3);
    }

    [Fact]
    public async Task Weights_that_do_nothing_are_warned_of()
        => Assert.Contains(Warnings(await _server.AnalyzeAsync("clusters?method=st-dbscan&weight=severity")), w => w.StartsWith("ST-DBSCAN knows no weights", StringComparison.Ordinal));
}
