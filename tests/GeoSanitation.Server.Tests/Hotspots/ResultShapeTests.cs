using GeoSanitation.Server.Hotspots;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Hotspots;

public sealed class ResultShapeTests(HotspotServer shared) : IClassFixture<HotspotServer>
{
    [Theory]
    [InlineData("dbscan", "clusters?eps=80&min_points=10")]
    [InlineData("hdbscan", "clusters?method=hdbscan")]
    [InlineData("st-dbscan", "clusters?method=st-dbscan&eps=80&eps_days=400")]
    [InlineData("gi-star", "gi-star?size=1000")]
    [InlineData("local-moran", "local-moran?size=1000")]
    [InlineData("emerging", "emerging?size=1000")]
    [InlineData("scan", "scan?size=1000&replications=9&output=all")]
    [InlineData("density", "density")]
    public async Task Without_any_data_a_method_has_the_attributes_that_its_features_have(string method, string path)
    {
        var shape = ResultShape.Of(HotspotMethod.Find("method", method), new Settings());

        Assert.Empty(shape.Rows);
        var feature = Features(await shared.Server.AnalyzeAsync(path))[0].GetProperty("properties");
        string[] given = [.. feature.EnumerateObject().Select(p => p.Name)];
        // Why a cell has no z-score is said only where there is such a cell.
        Assert.Equal(given, shape.Columns.Select(c => c.Name).Where(name => name != "reason" || given.Contains(name)));
    }

    [Fact]
    public void No_method_goes_without_a_shape()
        => Assert.All(HotspotMethod.All, method => Assert.True(ResultShape.Of(method, new Settings()).Columns.Count > 1, method.Name));

    [Fact]
    public void A_scan_in_time_has_a_start_and_an_end_without_any_data_too()
    {
        string[] Names(string model) => [.. AnalysisRequest.Parse(ScanAnalysis.Method, new Microsoft.AspNetCore.Http.QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["model"] = model }))
            .Run(ResultShape.NoPoints, ResultShape.NoWards, new Settings(), new AnalysisWork(1, new Progress<double>(), default)).Table.Columns.Select(c => c.Name)];

        Assert.Equal(["start", "end"], Names("space-time-permutation").Except(Names("poisson")));
    }
}
