using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Testing;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Hotspots;

public sealed class LocalMoranAnalysisTests(HotspotServer shared) : IClassFixture<HotspotServer>
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("cell=hex&size=1000&distance=2000", true)]
    [InlineData("cell=square&size=800&neighbors=knn&k=6", true)]
    [InlineData("cell=square&size=800&neighbors=rook&correction=none&alpha=0.1", false)]
    [InlineData("cell=square&size=800&neighbors=queen&alpha=0.2", true)]
    public async Task Every_cell_has_what_the_library_gives(string query, bool corrected)
    {
        var answer = await _server.AnalyzeAsync("local-moran?" + query);
        var cells = Features(answer);
        var alpha = Parameter(answer, "alpha").GetProperty("value").GetDouble();
        var centers = Centers(cells);
        var weights = query.Contains("knn") ? NearestNeighbors.Build(centers, 6)
            : DistanceBand.Build(centers, query.Contains("rook") ? 800 : query.Contains("queen") ? 800 * Math.Sqrt(2) : 2000);

        var expected = LocalMoran.Compute(cells.Select(c => (double)Property(c, "count").GetInt32()).ToArray(), weights);

        for (var i = 0; i < cells.Count; i++)
        {
            Assert.Equal(expected.I[i], Number(cells[i], "i"), 1e-12);
            Assert.Equal(expected.Z[i], Number(cells[i], "z"), 1e-12);
            Assert.Equal(expected.P[i], Number(cells[i], "p"), 1e-12);
            Assert.Equal(expected.Q[i], Number(cells[i], "q"), 1e-12);
            Assert.Equal(expected.SignificantQuadrant(i, alpha, corrected) switch
            {
                Quadrant.HighHigh => "HH",
                Quadrant.LowLow => "LL",
                Quadrant.HighLow => "HL",
                Quadrant.LowHigh => "LH",
                _ => "NS",
            }, Property(cells[i], "quadrant").GetString());
            Assert.Equal(weights.NeighborsOf(i).Length, Property(cells[i], "neighbors").GetInt32());
        }
        Assert.Contains(cells, c => Property(c, "quadrant").GetString() is "HL" or "HH");
        var quadrants = answer.GetProperty("explain").GetProperty("quadrants");
        Assert.Equal(cells.Count(c => Property(c, "quadrant").GetString() == "NS"), quadrants.GetProperty("NS").GetInt32());
        Assert.Equal(cells.Count, quadrants.EnumerateObject().Sum(q => q.Value.GetInt32()));
    }

    [Fact]
    public async Task Wards_that_touch_are_neighbors()
    {
        var queen = Features(await _server.AnalyzeAsync("local-moran?cell=ward&level=community"));
        var rook = Features(await _server.AnalyzeAsync("local-moran?cell=ward&level=community&neighbors=rook"));
        Assert.Equal([3, 5, 8], queen.Select(f => Property(f, "neighbors").GetInt32()).Distinct().Order());
        Assert.Equal([2, 3, 4], rook.Select(f => Property(f, "neighbors").GetInt32()).Distinct().Order());
        var band = await _server.AnalyzeAsync("local-moran?cell=ward&level=community&neighbors=band");
        Assert.NotEqual("", Parameter(band, "distance").GetProperty("reason").GetString());
        Assert.All(Features(band), f => Assert.True(Property(f, "neighbors").GetInt32() > 0));
    }

    [Fact]
    public async Task Only_significant_cells_are_sent_when_asked()
    {
        var all = Features(await _server.AnalyzeAsync("local-moran?size=1000&distance=2000"));
        var some = Features(await _server.AnalyzeAsync("local-moran?size=1000&distance=2000&output=significant"));
        Assert.NotEmpty(some);
        Assert.Equal(all.Where(f => Number(f, "q") <= 0.05).Select(f => f.GetRawText()), some.Select(f => f.GetRawText()));
    }

    [Fact]
    public async Task A_cell_without_a_statistic_says_why()
    {
        var none = Features(await _server.AnalyzeAsync("local-moran?cell=ward&level=community&q=nothing-has-this"));
        Assert.All(none, f => Assert.Equal("all cells have the same value", Property(f, "reason").GetString()));
        Assert.All(none, f => Assert.Equal("NS", Property(f, "quadrant").GetString()));
    }
}
