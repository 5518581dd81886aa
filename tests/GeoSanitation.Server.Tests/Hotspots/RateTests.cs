using GeoSanitation.Testing;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Hotspots;

/// <summary>The town of <see cref="HotspotServer"/>; people live in 20 of its 25 communities, and inspectors went to its western half 4 times and to all of it twice.</summary>
public sealed class RateTests : IAsyncLifetime
{
    private readonly HotspotServer _town = new();

    public async Task InitializeAsync()
    {
        await _town.InitializeAsync();
        await _town.Server.Data.ExecuteAsync("""
            UPDATE geosan.ward SET population = 1000 + 100 * id WHERE level = 'community' AND code NOT LIKE 'c4%';
            INSERT INTO geosan.round (code, name, kind, starts_at, ends_at, area, visits) VALUES
                ('west', 'W', 'covert', '2025-01-01', '2025-06-01', ST_Multi(ST_MakeEnvelope(120, 30.2, 120.1, 30.4, 4326)), 4),
                ('town', 'T', 'covert', '2025-01-01', '2025-06-01', ST_Multi(ST_MakeEnvelope(120, 30.2, 120.2, 30.4, 4326)), 2),
                ('unknown', 'U', 'covert', '2025-01-01', '2025-06-01', NULL, NULL),
                ('later', 'L', 'covert', '2030-01-01', '2030-06-01', NULL, 9),
                ('away', 'A', 'covert', '2020-01-01', '2020-06-01', ST_Multi(ST_MakeEnvelope(0, 0, 1, 1, 4326)), 9)
            """);
    }

    public Task DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task Wards_are_compared_by_people_and_those_that_nobody_counted_are_left_out()
    {
        var answer = await _town.Server.AnalyzeAsync("gi-star?cell=ward&level=community&rate=population");
        var features = Features(answer);

        Assert.Equal(20, features.Count);
        foreach (var feature in features)
        {
            var people = await _town.Server.Data.ScalarAsync<int>($"SELECT population FROM geosan.ward WHERE code = '{feature.GetProperty("id").GetString()}'");
            Assert.Equal(people / 1000.0, Property(feature, "exposure").GetDouble(), 1e-12);
            Assert.Equal(Property(feature, "count").GetInt32() / (people / 1000.0), Property(feature, "rate").GetDouble(), 1e-9);
        }
        Assert.Equal(features.Average(f => Property(f, "rate").GetDouble()), answer.GetProperty("explain").GetProperty("mean").GetDouble(), 1e-9);
        Assert.Contains(answer.GetProperty("explain").GetProperty("warnings").EnumerateArray(), w => w.GetString()!.StartsWith("5 of 25 wards were left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task By_area_is_by_the_square_kilometers_of_a_ward()
    {
        var features = Features(await _town.Server.AnalyzeAsync("local-moran?cell=ward&level=community&rate=area"));

        Assert.Equal(25, features.Count);
        foreach (var feature in features)
        {
            var km2 = await _town.Server.Data.ScalarAsync<double>($"SELECT ST_Area(ST_Transform(geom, 32651)) / 1e6 FROM geosan.ward WHERE code = '{feature.GetProperty("id").GetString()}'");
            Assert.Equal(Property(feature, "count").GetInt32() / km2, Property(feature, "rate").GetDouble(), 1e-3);
        }
    }

    [Fact]
    public async Task Where_inspectors_looked_more_often_an_issue_weighs_less()
    {
        var answer = await _town.Server.AnalyzeAsync("gi-star?cell=hex&size=1000&output=all&rate=visits&datetime=2025-01-01/2025-12-31");
        var features = Features(answer);
        var explain = answer.GetProperty("explain");

        Assert.Equal((2, 6), (explain.GetProperty("rounds").GetInt32(), explain.GetProperty("visits").GetInt32()));
        Assert.Equal([2.0, 6.0], features.Select(f => Property(f, "exposure").GetDouble()).Distinct().Order());
        Assert.All(features, f => Assert.Equal(Property(f, "count").GetInt32() / Property(f, "exposure").GetDouble(), Property(f, "rate").GetDouble(), 1e-12));
        // The middle of the town is at 120.1; a cell that lies on it belongs to where its center is.
        foreach (var feature in features)
        {
            var middle = feature.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Skip(1).Average(p => p[0].GetDouble());
            if (Math.Abs(middle - 120.1) > 0.001)
            {
                Assert.Equal(middle < 120.1 ? 6 : 2, Property(feature, "exposure").GetDouble());
            }
        }
        Assert.Contains(explain.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.StartsWith("1 of 3 inspection rounds do not say", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_looked_is_no_part_of_the_study_area()
    {
        var explain = (await _town.Server.AnalyzeAsync("gi-star?cell=hex&size=1000&rate=visits&round=west")).GetProperty("explain");
        var whole = (await _town.Server.AnalyzeAsync("gi-star?cell=hex&size=1000")).GetProperty("explain");

        Assert.Equal(0.5, explain.GetProperty("study_area_km2").GetDouble() / whole.GetProperty("study_area_km2").GetDouble(), 1e-3);
    }

    [Fact]
    public async Task Over_time_the_bins_are_rates()
    {
        const string Path = "emerging?cell=ward&level=community&step=day&output=all&datetime=2025-01-01/2025-12-31";
        var answer = await _town.Server.AnalyzeAsync(Path + "&rate=population");
        var (features, explain) = (Features(answer), answer.GetProperty("explain"));

        Assert.Equal(20, features.Count);
        Assert.Equal(20 * 364, explain.GetProperty("bins").GetInt32());
        Assert.All(features, f => Assert.Equal(Property(f, "count").GetInt32() / Property(f, "exposure").GetDouble(), Property(f, "rate").GetDouble(), 1e-12));
        Assert.Equal(features.Sum(f => Property(f, "rate").GetDouble()) / (20 * 364), explain.GetProperty("mean").GetDouble(), 1e-12);
        var counted = (await _town.Server.AnalyzeAsync(Path)).GetProperty("explain");
        Assert.Equal(25 * 364, counted.GetProperty("bins").GetInt32());
    }

    [Fact]
    public async Task Risk_is_a_density_over_that_of_visits_of_people_or_of_the_area()
    {
        // Around the planted place, in the middle of a ward: what is known is the same everywhere that the kernel reaches.
        const string Path = "density?bandwidth=100&bbox=120.06,30.26,120.08,30.28";
        var peak = (await _town.Server.AnalyzeAsync(Path)).GetProperty("explain").GetProperty("peak_per_km2").GetDouble();
        async Task<double> PeakAsync(string rate) => (await _town.Server.AnalyzeAsync($"{Path}&rate={rate}")).GetProperty("explain").GetProperty("peak").GetDouble();
        var people = await _town.Server.Data.ScalarAsync<double>("SELECT population / (ST_Area(ST_Transform(geom, 32651)) / 1e6) FROM geosan.ward WHERE code = 'c11'");

        Assert.True(peak > 0);
        Assert.Equal(1, await PeakAsync("area") / peak, 1e-3);
        Assert.Equal(1 / 6.0, await PeakAsync("visits&datetime=2025-01-01/2025-12-31") / peak, 1e-3);
        Assert.Equal(1, await PeakAsync("population") / (peak / (people / 1000)), 5e-3);
    }

    [Fact]
    public async Task Issues_where_nobody_counted_people_are_no_part_of_the_risk()
    {
        var explain = (await _town.Server.AnalyzeAsync("density?rate=population")).GetProperty("explain");
        var known = await _town.Server.Data.ScalarAsync<long>("SELECT sum(population)::bigint FROM geosan.ward");

        Assert.Equal("community", explain.GetProperty("population_level").GetString());
        Assert.Equal(known, explain.GetProperty("population").GetInt64());
        Assert.Equal("issues per thousand people", explain.GetProperty("rate_unit").GetString());
        Assert.Contains(explain.GetProperty("warnings").EnumerateArray(), w => w.GetString()!.EndsWith("issues lie where it is not known what to divide by, and were not counted.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("clusters?rate=area", "rate")]
    [InlineData("clusters?method=hdbscan&rate=area", "rate")]
    [InlineData("emerging?rate=visits", "rate")]
    [InlineData("emerging?rate=population", "rate")]
    [InlineData("density?rate=people", "rate")]
    [InlineData("density?rate=visits&datetime=2010-01-01/2010-12-31", "rate")]
    [InlineData("gi-star?rate=population", "rate")]
    [InlineData("gi-star?rate=people", "rate")]
    [InlineData("gi-star?rate=visits&datetime=2010-01-01/2010-12-31", "rate")]
    [InlineData("gi-star?rate=visits&datetime=2020-01-01/2020-12-31", "rate")]
    [InlineData("gi-star?rate=visits&round=unknown", "rate")]
    public Task A_rate_by_what_nobody_knows_is_refused(string path, string parameter) => _town.Server.AssertRefusedAsync(path, parameter);
}
