using System.Text.Json;
using GeoSanitation.Testing;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Hotspots;

/// <summary>What a filter leaves out is no place without issues: the study area ends where the filter does.</summary>
public sealed class FilterPlacesTests(HotspotServer shared) : IClassFixture<HotspotServer>
{
    private const string Box = "POLYGON((120.04 30.24,120.08 30.24,120.08 30.28,120.04 30.28,120.04 30.24))";
    private const string WestHalf = "POLYGON((120.04 30.24,120.06 30.24,120.06 30.28,120.04 30.28,120.04 30.24))";
    private const string EastHalf = "POLYGON((120.06 30.24,120.08 30.24,120.08 30.28,120.06 30.28,120.06 30.24))";

    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("bbox=120.04,30.24,120.08,30.28", 1)]
    [InlineData("bbox=120.04,30.24,120.08,30.28&ward=c11", 1)]
    [InlineData("bbox=120.04,30.24,120.06,30.28&ward=c11", 0.5)]
    [InlineData("bbox=120.04,30.24,120.08,30.28&ward=town", 1)]
    [InlineData($"filter=S_INTERSECTS(geom,{Box})", 1)]
    [InlineData($"filter=S_INTERSECTS({Box},geom)", 1)]
    [InlineData($"filter=S_WITHIN(geom,{Box})", 1)]
    [InlineData($"filter=S_CONTAINS({Box},geom)", 1)]
    [InlineData($"filter=NOT S_DISJOINT(geom,{Box})", 1)]
    [InlineData($"filter=severity>0 AND S_INTERSECTS(geom,{Box})", 1)]
    [InlineData($"filter=S_INTERSECTS(geom,{WestHalf}) OR S_INTERSECTS(geom,{EastHalf})", 1)]
    [InlineData($"filter=S_INTERSECTS(geom,{Box}) AND NOT S_INTERSECTS(geom,{EastHalf})", 0.5)]
    [InlineData($"filter=S_INTERSECTS(geom,{WestHalf})&bbox=120.04,30.24,120.08,30.26", 0.25)]
    [InlineData($"filter=NOT S_INTERSECTS(geom,{Box})", 24)]
    [InlineData($"filter=S_DISJOINT(geom,{Box})", 24)]
    [InlineData("filter=severity>0 OR status='closed'", 25)]
    public async Task The_study_area_is_as_large_as_the_places_of_the_filter(string filter, double communities)
    {
        var ward = (await ExplainAsync("ward=c11")).GetProperty("study_area_km2").GetDouble();

        var explain = await ExplainAsync(filter);

        Assert.Equal(communities, explain.GetProperty("study_area_km2").GetDouble() / ward, communities * 2e-3);
        Assert.Equal(0, explain.GetProperty("outside_study_area").GetInt32());
        Assert.Equal(communities < 25 ? "wards, within the places of the filter" : "wards", explain.GetProperty("study_area").GetString());
        Assert.DoesNotContain(Texts(explain), w => w.StartsWith("The filter tells where", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(3_000)]
    [InlineData(9_000)]
    public async Task A_circle_loses_no_issue_at_its_rim(double radius)
    {
        var explain = await ExplainAsync($"near=120.1,30.3&radius={radius}");

        Assert.Equal(0, explain.GetProperty("outside_study_area").GetInt32());
        Assert.True(explain.GetProperty("issues").GetInt32() > 0);
        Assert.Equal(Math.PI * radius * radius / 1e6, explain.GetProperty("study_area_km2").GetDouble(), Math.PI * radius * radius / 1e6 * 0.03);
    }

    [Theory]
    [InlineData($"filter=severity>4 OR S_INTERSECTS(geom,{Box})")]
    [InlineData($"filter=S_TOUCHES(geom,{Box})")]
    [InlineData("filter=S_INTERSECTS(geom,LINESTRING(120 30.2,120.2 30.4))")]
    [InlineData($"filter=NOT (severity>4 AND S_INTERSECTS(geom,{Box}))")]
    public async Task Where_no_area_can_follow_the_filter_a_warning_says_so(string filter)
    {
        var explain = await ExplainAsync(filter);

        Assert.Equal("wards", explain.GetProperty("study_area").GetString());
        Assert.Single(Texts(explain), w => w.StartsWith("The filter tells where issues lie", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_hot_within_a_box_is_hot_beside_the_rest_of_the_box()
    {
        // The cluster is hot beside the rest of its ward; a box that is all cluster has nothing beside it.
        var ward = await _server.AnalyzeAsync("gi-star?size=200&distance=400&bbox=120.04,30.24,120.08,30.28&output=significant");
        var cell = await _server.AnalyzeAsync("gi-star?size=60&distance=100&bbox=120.0696,30.2696,120.0704,30.2704&output=significant");

        Assert.NotEmpty(Features(ward));
        Assert.All(Features(ward), f => Assert.True(Property(f, "class").GetInt32() > 0));
        Assert.Empty(Features(cell));
    }

    [Fact]
    public async Task Wards_outside_of_the_places_are_no_cells()
    {
        var whole = await _server.AnalyzeAsync("gi-star?cell=ward&level=community&bbox=120.04,30.24,120.12,30.28&output=all");
        Assert.Equal(["c11", "c21"], Features(whole).Select(f => Property(f, "cell").GetString()!).Order());
        Assert.DoesNotContain(Warnings(whole), w => w.Contains("only in part", StringComparison.Ordinal));

        var part = await _server.AnalyzeAsync("gi-star?cell=ward&level=community&bbox=120.04,30.24,120.10,30.28&output=all");
        Assert.Equal(2, Features(part).Count);
        Assert.Contains(Warnings(part), w => w.StartsWith("1 of 2 wards lie only in part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_density_for_the_area_keeps_to_the_places()
    {
        var answer = await _server.AnalyzeAsync("density?rate=area&bandwidth=300&bbox=120.04,30.24,120.08,30.28");
        Assert.NotEmpty(Features(answer));
        Assert.All(Features(answer).SelectMany(Ring), p =>
        {
            Assert.InRange(p.X, 120.039, 120.081);
            Assert.InRange(p.Y, 30.239, 30.281);
        });
    }

    [Fact]
    public async Task A_place_beyond_all_wards_is_no_error()
    {
        foreach (var method in (string[])["gi-star", "gi-star?cell=ward&level=community", "local-moran", "emerging", "scan", "density?rate=area"])
        {
            var answer = await _server.AnalyzeAsync($"{method}{(method.Contains('?', StringComparison.Ordinal) ? '&' : '?')}bbox=10,10,11,11");
            Assert.Empty(Features(answer));
        }
    }

    private async Task<JsonElement> ExplainAsync(string filter) => (await _server.AnalyzeAsync("gi-star?size=400&" + filter.Replace(" ", "%20", StringComparison.Ordinal))).GetProperty("explain");

    private static string[] Texts(JsonElement explain) => [.. explain.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)];
}
