using System.Globalization;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Emerging;
using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Hotspots;

/// <summary>A year of a town in which one street is bad all the time, one was, and one has just become so.</summary>
public sealed class EmergingAnalysisTests : IAsyncLifetime
{
    private static readonly DateTimeOffset FirstMonth = new(2024, 1, 1, 0, 0, 0, TimeSpan.FromHours(8));

    private static readonly PlantedIssue[] Issues =
    [
        .. from month in Enumerable.Range(0, 14) from i in Enumerable.Range(0, 12) select At(month, i, 0.001 + (37 * month + 11 * i) % 101 / 101.0 * 0.08, 0.001 + (53 * month + 29 * i) % 97 / 97.0 * 0.08),
        .. from month in Enumerable.Range(0, 14) from i in Enumerable.Range(0, 15) select At(month, i, 0.0101, 0.0101),
        .. from month in Enumerable.Range(0, 11) from i in Enumerable.Range(0, 15) select At(month, i, 0.0401, 0.0101),
        .. from i in Enumerable.Range(0, 40) select At(12, i, 0.0401, 0.0401),
    ];

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Data.PlantWardAsync("town", "town", PlantedIssues.Box(120, 30.2, 120.082, 30.282));
        await _server.Data.PlantAsync(Issues);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("cell=square&size=500&distance=500", 1)]
    [InlineData("cell=square&size=500&neighbors=queen&time_lag=0", 0)]
    [InlineData("cell=hex&size=700&distance=1400&time_lag=2&trend_alpha=0.3", 2)]
    public async Task Every_cell_has_the_pattern_and_the_numbers_that_the_library_gives(string query, int lag)
    {
        var answer = await _server.AnalyzeAsync("emerging?" + query);
        var cells = Features(answer);
        CellGrid grid = query.Contains("hex") ? new HexGrid(700) : new SquareGrid(500);
        var position = cells.Select((c, i) => (Id: Property(c, "cell").GetString()!, i)).ToDictionary(c => c.Id, c => c.i);
        var (x, y) = Project(Issues);
        // The first month begins before the first report and the last one ends after the last: twelve whole months lie between.
        var edges = Enumerable.Range(1, 13).Select(m => (FirstMonth.AddMonths(m) - DateTimeOffset.UnixEpoch).TotalDays).ToArray();
        var points = new Points(x, y, timeDays: [.. Issues.Select(i => (Time(i) - DateTimeOffset.UnixEpoch).TotalDays)]);
        var cube = SpaceTimeCube.Count(points, Enumerable.Range(0, x.Length).Select(i => position[grid.Id(grid.CellAt(x[i], y[i]))]).ToArray(), cells.Count, edges);
        var band = DistanceBand.Build(Centers(cells), query.Contains("queen") ? 500 * Math.Sqrt(2) : query.Contains("hex") ? 1400 : 500);

        var expected = EmergingHotspots.Analyze(cube, band, lag, query.Contains("trend_alpha") ? 0.3 : 0.1);

        for (var i = 0; i < cells.Count; i++)
        {
            var place = expected.Places[i];
            Assert.Equal(Patterns.Name(place.Pattern), Property(cells[i], "pattern").GetString());
            Assert.Equal(place.FinalZ, Number(cells[i], "z"), 1e-9);
            Assert.Equal(place.Trend.Z, Number(cells[i], "trend_z"), 1e-9);
            Assert.Equal(place.Trend.P, Number(cells[i], "trend_p"), 1e-9);
            Assert.Equal(place.ValueTrend.Z, Number(cells[i], "count_trend_z"), 1e-9);
            Assert.Equal((place.HotSteps, place.ColdSteps), (Property(cells[i], "hot_steps").GetInt32(), Property(cells[i], "cold_steps").GetInt32()));
            Assert.Equal(place.HotSteps / 12.0, Number(cells[i], "hot_share"), 1e-6);
        }
        Assert.Equal(12, Parameter(answer, "steps").GetProperty("value").GetInt32());
        Assert.Equal("2024-01-31T16:00:00Z", answer.GetProperty("explain").GetProperty("from").GetString());
        Assert.Equal("2025-01-31T16:00:00Z", answer.GetProperty("explain").GetProperty("before").GetString());
        Assert.Contains(Warnings(answer), w => w.StartsWith("The step at the start and the one at the end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_streets_are_told_apart()
    {
        var answer = await _server.AnalyzeAsync("emerging?cell=square&size=500&distance=500");
        Assert.Equal("persistent hot spot", PatternAt(0.0101, 0.0101));
        Assert.Equal("historical hot spot", PatternAt(0.0401, 0.0101));
        Assert.Equal("new hot spot", PatternAt(0.0401, 0.0401));
        var patterns = answer.GetProperty("explain").GetProperty("patterns");
        Assert.Equal(17, patterns.EnumerateObject().Count());
        Assert.Equal(Features(answer).Count, patterns.EnumerateObject().Sum(p => p.Value.GetInt32()));
        var some = Features(await _server.AnalyzeAsync("emerging?cell=square&size=500&distance=500&output=significant"));
        Assert.Equal(Features(answer).Where(f => Property(f, "pattern").GetString() != "no pattern detected").Select(f => f.GetRawText()), some.Select(f => f.GetRawText()));

        string PatternAt(double east, double north)
        {
            var (x, y) = Project([At(0, 0, east, north)]);
            var grid = new SquareGrid(500);
            return Property(Features(answer).Single(f => Property(f, "cell").GetString() == grid.Id(grid.CellAt(x[0], y[0]))), "pattern").GetString()!;
        }
    }

    [Fact]
    public async Task The_period_and_the_number_of_steps_can_be_given()
    {
        // Days of the filter end at midnight in Greenwich, eight in the morning in the city.
        var months = await _server.AnalyzeAsync("emerging?size=2000&datetime=2024-03-01/2024-08-31");
        Assert.Equal(("2024-03-31T16:00:00Z", "2024-08-31T16:00:00Z"), Period(months));
        var weeks = await _server.AnalyzeAsync("emerging?size=2000&step=week&steps=10");
        Assert.Equal(("2024-12-15T16:00:00Z", "2025-02-23T16:00:00Z"), Period(weeks));
        Assert.Equal("caller", Parameter(weeks, "steps").GetProperty("chosen_by").GetString());
        var days = await _server.AnalyzeAsync("emerging?size=2000&step=P30D&steps=4");
        Assert.Equal("2025-02-26T16:00:00Z", Period(days).Before);
        var few = await _server.AnalyzeAsync("emerging?size=2000&steps=40");
        Assert.Equal(12, Parameter(few, "steps").GetProperty("value").GetInt32());
        Assert.Contains(Warnings(few), w => w.Contains("only 12 whole steps of the 40", StringComparison.Ordinal));
        var none = await _server.AnalyzeAsync("emerging?datetime=2024-03-05/2024-03-10");
        Assert.Empty(Features(none));
        Assert.Contains(Warnings(none), w => w.StartsWith("Only 0 steps", StringComparison.Ordinal));
        Assert.Empty(Features(await _server.AnalyzeAsync("emerging?q=nothing-has-this")));

        static (string? From, string? Before) Period(System.Text.Json.JsonElement answer)
            => (answer.GetProperty("explain").GetProperty("from").GetString(), answer.GetProperty("explain").GetProperty("before").GetString());
    }

    [Fact]
    public async Task Wards_can_be_the_cells()
    {
        await _server.Data.PlantWardAsync("w", "half", PlantedIssues.Box(120, 30.2, 120.041, 30.282), "town");
        await _server.Data.PlantWardAsync("e", "half", PlantedIssues.Box(120.041, 30.2, 120.082, 30.282), "town");
        var answer = await _server.AnalyzeAsync("emerging?cell=ward&level=half&step=week");
        Assert.Equal(["e", "w"], Features(answer).Select(f => Property(f, "cell").GetString()));
        Assert.Contains(Warnings(answer), w => w.StartsWith("Only 2 wards", StringComparison.Ordinal));
    }

    private static PlantedIssue At(int month, int i, double east, double north)
        => new(120 + east, 30.2 + north, ReportedAt: FirstMonth.AddMonths(month).AddDays(1 + 2 * i % 25).AddHours(12).ToString("O", CultureInfo.InvariantCulture));

    private static DateTimeOffset Time(PlantedIssue issue) => DateTimeOffset.Parse(issue.ReportedAt, CultureInfo.InvariantCulture);
}
