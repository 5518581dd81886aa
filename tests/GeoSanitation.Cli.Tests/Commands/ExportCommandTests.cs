using System.Text.Json.Nodes;
using Xunit;

namespace GeoSanitation.Cli.Tests.Commands;

public sealed class ExportCommandTests(CountyServer county) : IClassFixture<CountyServer>
{
    [Theory]
    [InlineData("issues", "status=open&severity=4..5&limit=50", "--status", "open", "--severity", "4..5", "--limit", "50")]
    [InlineData("wards", "level=community", "--level", "community")]
    [InlineData("wards", "status=open&ward=990121001&level=community", "--status", "open", "--ward", "990121001", "--level", "community")]
    [InlineData("hotspots", "severity=4..5", "--severity", "4..5")]
    [InlineData("hotspots", "category=street_order&method=dbscan", "--category", "street_order", "--method", "dbscan")]
    public async Task The_issue_filter_chooses_as_it_does_over_HTTP(string layer, string query, params string[] arguments)
    {
        using var geosan = new Geosan();
        var online = await county.Server.Client.GetStringAsync(new Uri($"/api/exports/{layer}.geojson?{query}", UriKind.Relative));
        var features = JsonNode.Parse(online)!["features"]!.AsArray();
        Assert.NotEmpty(features);

        var result = await geosan.RunAsync(["export", layer, .. arguments, "--database", county.Server.Data.ConnectionString, "-o", "f.geojson"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal($"wrote {features.Count} features to f.geojson\n", result.Output);
        Assert.Equal(online, await File.ReadAllTextAsync(Path.Combine(geosan.Home, "f.geojson")));
    }

    [Fact]
    public async Task Without_a_published_run_and_a_filter_there_are_no_hotspots()
    {
        using var geosan = new Geosan();
        var result = await geosan.RunAsync("export", "hotspots", "--database", county.Server.Data.ConnectionString, "-o", "f.gpkg");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("there is no published run yet", result.Errors);
        Assert.False(File.Exists(Path.Combine(geosan.Home, "f.gpkg")));
    }
}
