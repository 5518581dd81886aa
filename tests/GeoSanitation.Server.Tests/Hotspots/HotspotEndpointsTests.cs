using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static GeoSanitation.Server.Tests.Hotspots.HotspotAnswers;

namespace GeoSanitation.Server.Tests.Hotspots;

/// <summary>Analyses over HTTP on planted issues.</summary>
public sealed class HotspotEndpointsTests(HotspotServer shared) : IClassFixture<HotspotServer>
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Planted_clusters_are_found_with_their_exact_counts()
    {
        var answer = await GetAsync("clusters?method=dbscan&eps=80&min_points=10");
        var features = Features(answer);
        Assert.Equal([60, 40, 25], features.Select(f => Property(f, "count").GetInt32()));
        Assert.Equal([0, 1, 2], features.Select(f => Property(f, "cluster").GetInt32()));
        var first = features[0];
        Assert.Equal(60, Property(first, "weight").GetDouble());
        Assert.Equal("2025-01-05T00:00:00Z", Property(first, "first_reported").GetString());
        Assert.Equal("2025-03-05T00:00:00Z", Property(first, "last_reported").GetString());
        Assert.Equal([("litter", "暴露垃圾", 45), ("sewage", "污水横流", 15)], Property(first, "top_categories").EnumerateArray()
            .Select(c => (c.GetProperty("code").GetString()!, c.GetProperty("name").GetString()!, c.GetProperty("count").GetInt32())));
        Assert.Equal([("c11", 60)], Property(first, "wards").EnumerateArray().Select(w => (w.GetProperty("code").GetString()!, w.GetProperty("count").GetInt32())));
        Assert.Equal(30, Property(first, "overdue").GetInt32());
        Assert.Equal(6, Property(first, "relapses").GetInt32());
        // The hull of a lattice of 8 by 8 places, 0.0001 degrees apart, of which the last row is half full.
        var area = Property(first, "area_m2").GetDouble();
        Assert.InRange(area, 4500, 5500);
        Assert.Equal(60 / (area / 1e6), Property(first, "density_per_km2").GetDouble(), 1.0);
        Assert.Equal("Polygon", first.GetProperty("geometry").GetProperty("type").GetString());
        Assert.All(Ring(first), p => Assert.True(Math.Abs(p.X - 120.07) < 0.001 && Math.Abs(p.Y - 30.27) < 0.001));

        var explain = answer.GetProperty("explain");
        Assert.Equal("EPSG:32651", explain.GetProperty("crs").GetString());
        Assert.Equal(HotspotServer.DefaultPoints, explain.GetProperty("excluded_default_points").GetInt32());
        Assert.Equal(HotspotServer.Usable, explain.GetProperty("issues").GetInt32());
        Assert.Equal(3, explain.GetProperty("clusters").GetInt32());
        Assert.Equal(HotspotServer.Usable - 125, explain.GetProperty("noise").GetInt32());
    }

    [Fact]
    public async Task As_points_every_issue_comes_with_its_cluster()
    {
        var features = Features(await GetAsync("clusters?eps=80&min_points=10&output=points"));
        var byCluster = features.CountBy(f => Property(f, "cluster").GetInt32()).ToDictionary();
        Assert.Equal(new Dictionary<int, int> { [-1] = HotspotServer.Usable - 125, [0] = 60, [1] = 40, [2] = 25 }, byCluster);
        var planted = features.Single(f => f.GetProperty("id").GetInt32() == HotspotServer.Scattered + 1);
        Assert.Equal(0, Property(planted, "cluster").GetInt32());
        var position = planted.GetProperty("geometry").GetProperty("coordinates");
        Assert.Equal(HotspotServer.Issues[HotspotServer.Scattered].Lon, position[0].GetDouble(), 1e-7);
        Assert.Equal(HotspotServer.Issues[HotspotServer.Scattered].Lat, position[1].GetDouble(), 1e-7);
    }

    [Fact]
    public async Task A_default_point_is_no_cluster_unless_asked_for()
    {
        var counts = Features(await GetAsync("clusters?eps=80&min_points=10&include_default_points=true")).Select(f => Property(f, "count").GetInt32());
        Assert.Equal([60, 40, 25, HotspotServer.DefaultPoints], counts);
    }

    [Fact]
    public async Task Parameters_left_out_are_chosen_and_explained()
    {
        var parameters = (await GetAsync("clusters")).GetProperty("explain").GetProperty("parameters");
        Assert.Equal(Math.Ceiling(Math.Log(HotspotServer.Usable)), parameters.GetProperty("min_points").GetProperty("value").GetDouble());
        Assert.NotEqual("", parameters.GetProperty("eps").GetProperty("reason").GetString());
        Assert.True(parameters.GetProperty("eps").GetProperty("value").GetDouble() >= 20);

        var explain = (await GetAsync("gi-star")).GetProperty("explain");
        foreach (var name in (string[])["size", "distance"])
        {
            var parameter = explain.GetProperty("parameters").GetProperty(name);
            Assert.True(parameter.GetProperty("value").GetDouble() > 0);
            Assert.Contains(parameter.GetProperty("chosen_by").GetString(), (string[])["quadrat", "autocorrelation-peak", "two-rings", "nearest-ring"]);
        }
        Assert.Equal("default", explain.GetProperty("parameters").GetProperty("alpha").GetProperty("chosen_by").GetString());
        Assert.Equal("default", explain.GetProperty("parameters").GetProperty("cell").GetProperty("chosen_by").GetString());
        Assert.Equal("caller", (await GetAsync("gi-star?cell=hex")).GetProperty("explain").GetProperty("parameters").GetProperty("cell").GetProperty("chosen_by").GetString());

        var density = (await GetAsync("density")).GetProperty("explain").GetProperty("parameters").GetProperty("bandwidth");
        Assert.Equal("esri-default-radius", density.GetProperty("chosen_by").GetString());
    }

    [Theory]
    [InlineData("hex", 1000, 1000)]
    [InlineData("hex", 1000, 2000)]
    [InlineData("square", 800, 1200)]
    public async Task Gi_star_is_the_formula_over_all_cells_of_the_study_area(string cell, double size, double distance)
    {
        var answer = await GetAsync($"gi-star?cell={cell}&size={size}&distance={distance}&output=all");
        var features = Features(answer);
        Assert.Equal(features.Count, answer.GetProperty("explain").GetProperty("cells").GetInt32());
        Assert.Equal(HotspotServer.Usable, features.Sum(f => Property(f, "count").GetInt32()));
        Assert.Contains(features, f => Property(f, "count").GetInt32() == 0);

        var x = features.ConvertAll(f => (double)Property(f, "count").GetInt32());
        var at = features.ConvertAll(f => Center(Property(f, "cell").GetString()!));
        var n = x.Count;
        var mean = x.Average();
        var s = Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / n);
        var p = new double[n];
        for (var i = 0; i < n; i++)
        {
            var near = Enumerable.Range(0, n).Where(j => double.Hypot(at[i].X - at[j].X, at[i].Y - at[j].Y) <= distance * (1 + 1e-9)).ToList();
            double k = near.Count;
            var z = (near.Sum(j => x[j]) - mean * k) / (s * Math.Sqrt((n * k - k * k) / (n - 1)));
            Assert.Equal(z, Property(features[i], "z").GetDouble(), 1e-9 * Math.Max(1, Math.Abs(z)));
            p[i] = Normal.TwoSidedP(z);
            Assert.Equal(p[i], Property(features[i], "p").GetDouble(), 1e-9);
        }
        for (var i = 0; i < n; i++)
        {
            // Benjamini and Hochberg, as the definition has it.
            var q = p.Where(other => other >= p[i]).Min(other => Math.Min(1, n * other / p.Count(o => o <= other)));
            Assert.Equal(q, Property(features[i], "q").GetDouble(), 1e-9);
            var confidence = q <= 0.01 ? 3 : q <= 0.05 ? 2 : q <= 0.1 ? 1 : 0;
            Assert.Equal(confidence * Math.Sign(Property(features[i], "z").GetDouble()), Property(features[i], "class").GetInt32());
        }
        var hottest = features.MaxBy(f => Property(f, "z").GetDouble());
        Assert.InRange(Property(hottest, "class").GetInt32(), 2, 3);
    }

    [Theory]
    [InlineData("gi-star")]
    [InlineData("local-moran")]
    public async Task P_can_come_from_drawing_the_neighbors_anew(string method)
    {
        var normal = Features(await GetAsync($"{method}?cell=hex&size=1000&output=all"));
        var answer = await GetAsync($"{method}?cell=hex&size=1000&output=all&permutations=999&seed=3");
        var (drawn, again, other) = (Features(answer), Features(await GetAsync($"{method}?cell=hex&size=1000&output=all&permutations=999&seed=3")), Features(await GetAsync($"{method}?cell=hex&size=1000&output=all&permutations=999&seed=4")));
        double[] P(List<JsonElement> features) => [.. features.Select(f => Property(f, "p")).Where(p => p.ValueKind == JsonValueKind.Number).Select(p => p.GetDouble())];

        Assert.All(P(drawn), p => Assert.Equal(Math.Round(1000 * p), 1000 * p, 1e-9));
        Assert.InRange(P(drawn).Min(), 0.001, 0.005);
        Assert.InRange(P(drawn).Max(), 0.3, 0.5);
        Assert.Equal(P(drawn), P(again));
        Assert.NotEqual(P(drawn), P(other));
        Assert.Equal(normal.Select(f => Property(f, "z").GetRawText()), drawn.Select(f => Property(f, "z").GetRawText()));
        Assert.Equal("conditional permutation, one-sided", answer.GetProperty("explain").GetProperty("p").GetString());
    }

    [Fact]
    public async Task Cells_can_be_wards_with_the_counts_that_PostGIS_gives()
    {
        var answer = await GetAsync("gi-star?cell=ward&level=community");
        var features = Features(answer);
        Assert.Equal(25, features.Count);
        foreach (var feature in features)
        {
            var code = Property(feature, "cell").GetString();
            Assert.Equal(await _server.Data.ScalarAsync<long>($"""
                SELECT count(*) FROM geosan.issue AS i JOIN geosan.ward AS w ON ST_Covers(w.geom, i.geom) WHERE w.code = '{code}' AND i.location_quality = 'ok'
                """), Property(feature, "count").GetInt32());
        }
        // A corner has three neighbors and itself, the middle eight.
        Assert.Equal((4, 9), (Neighbors("c00"), Neighbors("c11")));
        Assert.Equal("community", answer.GetProperty("explain").GetProperty("parameters").GetProperty("level").GetProperty("value").GetString());
        Assert.Equal("most-wards", (await GetAsync("gi-star?cell=ward")).GetProperty("explain").GetProperty("parameters").GetProperty("level").GetProperty("chosen_by").GetString());

        int Neighbors(string code) => Property(features.Single(f => Property(f, "cell").GetString() == code), "neighbors").GetInt32();
    }

    [Fact]
    public async Task A_ward_of_the_filter_is_the_study_area()
    {
        var all = (await GetAsync("gi-star?size=500")).GetProperty("explain");
        var one = (await GetAsync("gi-star?size=500&ward=c11")).GetProperty("explain");
        Assert.Equal(25, all.GetProperty("study_area_km2").GetDouble() / one.GetProperty("study_area_km2").GetDouble(), 0.1);
        Assert.InRange(all.GetProperty("cells").GetDouble() / one.GetProperty("cells").GetDouble(), 22, 28);
    }

    [Fact]
    public async Task Only_significant_cells_are_sent_when_asked()
    {
        var all = await GetAsync("gi-star?size=500&distance=800&alpha=0.05");
        var some = await GetAsync("gi-star?size=500&distance=800&alpha=0.05&output=significant");
        Assert.Equal(Features(all).Where(f => Property(f, "q").GetDouble() <= 0.05).Select(f => f.GetRawText()), Features(some).Select(f => f.GetRawText()));
        Assert.NotEmpty(Features(some));
        var uncorrected = await GetAsync("gi-star?size=500&distance=800&alpha=0.05&output=significant&correction=none");
        Assert.True(Features(uncorrected).Count >= Features(some).Count);
    }

    [Fact]
    public async Task Where_nothing_varies_z_is_null_with_a_reason()
    {
        var answer = await GetAsync("gi-star?size=2000&distance=2000&q=nothing-has-this");
        Assert.All(Features(answer), f =>
        {
            Assert.Equal(JsonValueKind.Null, Property(f, "z").ValueKind);
            Assert.Equal(JsonValueKind.Null, Property(f, "q").ValueKind);
            Assert.Equal(0, Property(f, "class").GetInt32());
            Assert.Equal("all cells have the same value", Property(f, "reason").GetString());
        });
        Assert.NotEmpty(Features(answer));
        Assert.Contains(answer.GetProperty("explain").GetProperty("warnings").EnumerateArray(), w => w.GetString()!.StartsWith("Only 0 issues", StringComparison.Ordinal));
        Assert.Empty(Features(await GetAsync("density?q=nothing-has-this")));
        Assert.Empty(Features(await GetAsync("clusters?q=nothing-has-this")));
    }

    [Theory]
    [InlineData("gaussian", 800)]
    [InlineData("quartic", 2500)]
    public async Task Density_adds_up_to_the_issues(string kernel, double bandwidth)
    {
        var levels = string.Join(',', Enumerable.Range(0, 20).Select(k => Math.Round(0.05 * Math.Pow(1.42, k), 6)));
        var answer = await GetAsync($"density?kernel={kernel}&bandwidth={bandwidth}&levels={levels}&crs=EPSG:32651");
        Assert.InRange(answer.GetProperty("explain").GetProperty("raster").GetProperty("total").GetDouble(), HotspotServer.Usable * 0.999, HotspotServer.Usable * 1.001);
        // Each band's area times the middle of its bounds.
        var total = 0.0;
        foreach (var feature in Features(answer))
        {
            var (lower, upper) = (Property(feature, "lower").GetDouble(), Property(feature, "upper").GetDouble());
            Assert.True(lower < upper);
            total += AreaKm2(feature.GetProperty("geometry")) * Math.Sqrt(lower * upper);
        }
        Assert.InRange(total, HotspotServer.Usable * 0.9, HotspotServer.Usable * 1.05);
    }

    [Fact]
    public async Task The_filter_applies_and_weights_count()
    {
        var sewage = HotspotServer.Issues.Count(i => i is { Category: "sewage", DefaultPoint: false });
        Assert.Equal(sewage, (await GetAsync("clusters?category=sewage")).GetProperty("explain").GetProperty("issues").GetInt32());
        var weighted = Features(await GetAsync("clusters?eps=80&min_points=10&weight=severity"))[0];
        Assert.Equal((60, 240.0), (Property(weighted, "count").GetInt32(), Property(weighted, "weight").GetDouble()));
    }

    [Fact]
    public async Task Coordinates_come_in_the_system_asked_for()
    {
        var plane = Ring(Features(await GetAsync("clusters?eps=80&min_points=10&crs=EPSG:32651"))[0]);
        Assert.All(plane, p => Assert.True(p.X is > 200_000 and < 230_000 && p.Y is > 3_340_000 and < 3_370_000, $"{p}"));
        Assert.Equal(Property(Features(await GetAsync("clusters?eps=80&min_points=10"))[0], "area_m2").GetDouble(),
            ConvexHull.SignedArea([.. plane.SelectMany(p => (double[])[p.X, p.Y])]), 0.2);
        var shifted = Ring(Features(await GetAsync("clusters?eps=80&min_points=10&crs=GCJ02"))[0])[0];
        var straight = Ring(Features(await GetAsync("clusters?eps=80&min_points=10"))[0])[0];
        Assert.InRange(double.Hypot(shifted.X - straight.X, shifted.Y - straight.Y) * 111_000, 200, 800);
    }

    [Theory]
    [InlineData("clusters?eps=0", "eps")]
    [InlineData("clusters?eps=-5", "eps")]
    [InlineData("clusters?eps=NaN", "eps")]
    [InlineData("clusters?eps=1e9", "eps")]
    [InlineData("clusters?min_points=0", "min_points")]
    [InlineData("clusters?min_points=2.5", "min_points")]
    [InlineData("clusters?method=magic", "method")]
    [InlineData("clusters?output=map", "output")]
    [InlineData("clusters?weight=age", "weight")]
    [InlineData("clusters?include_default_points=1", "include_default_points")]
    [InlineData("clusters?crs=EPSG:1", "crs")]
    [InlineData("clusters?severity=7", "severity")]
    [InlineData("clusters?eps=5&eps=6", "eps")]
    [InlineData("gi-star?cell=triangle", "cell")]
    [InlineData("gi-star?size=0.5", "size")]
    [InlineData("gi-star?size=Infinity", "size")]
    [InlineData("gi-star?neighbors=near", "neighbors")]
    [InlineData("gi-star?neighbors=queen&distance=500", "distance")]
    [InlineData("gi-star?neighbors=band&k=5", "k")]
    [InlineData("gi-star?distance=500&k=5", "k")]
    [InlineData("gi-star?k=0", "k")]
    [InlineData("gi-star?k=101", "k")]
    [InlineData("gi-star?eps=5", "eps")]
    [InlineData("local-moran?size=100&distance=90000", "distance")]
    [InlineData("local-moran?size=70&k=100&neighbors=rook", "k")]
    [InlineData("local-moran?alpha=0.6", "alpha")]
    [InlineData("local-moran?output=none", "output")]
    [InlineData("clusters?method=st-dbscan&eps_days=-1", "eps_days")]
    [InlineData("clusters?method=st-dbscan&min_points=1e3", "min_points")]
    [InlineData("clusters?method=dbscan&eps_days=3", "eps_days")]
    [InlineData("emerging?step=year", "step")]
    [InlineData("emerging?step=P0D", "step")]
    [InlineData("emerging?step=P4000D", "step")]
    [InlineData("emerging?steps=1", "steps")]
    [InlineData("emerging?steps=1001", "steps")]
    [InlineData("emerging?time_lag=-1", "time_lag")]
    [InlineData("emerging?trend_alpha=0", "trend_alpha")]
    [InlineData("emerging?size=60&step=day&datetime=2024-01-01/2025-03-31", "steps")]
    [InlineData("gi-star?cell=ward&size=100", "size")]
    [InlineData("gi-star?cell=hex&level=town", "level")]
    [InlineData("gi-star?cell=ward&level=galaxy", "level")]
    [InlineData("gi-star?alpha=0", "alpha")]
    [InlineData("gi-star?alpha=1", "alpha")]
    [InlineData("gi-star?correction=bonferroni", "correction")]
    [InlineData("gi-star?permutations=100000", "permutations")]
    [InlineData("gi-star?size=100&permutations=99999", "permutations")]
    [InlineData("local-moran?permutations=-1", "permutations")]
    [InlineData("local-moran?seed=1", "seed")]
    [InlineData("density?bandwidth=-1", "bandwidth")]
    [InlineData("density?bandwidth=1", "bandwidth")]
    [InlineData("density?kernel=flat", "kernel")]
    [InlineData("density?levels=0", "levels")]
    [InlineData("density?levels=5,3", "levels")]
    [InlineData("density?levels=1,NaN", "levels")]
    public Task A_bad_parameter_is_a_problem_that_names_it(string path, string parameter) => _server.AssertRefusedAsync(path, parameter);

    [Fact]
    public async Task A_grid_of_too_many_cells_is_refused_with_the_limit()
    {
        using var response = await _server.Client.GetAsync("/api/hotspots/gi-star?size=1");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains("at most 250000", problem.GetProperty("allowed").GetString(), StringComparison.Ordinal);
        // The size that it names is allowed.
        var least = int.Parse(problem.GetProperty("allowed").GetString()!.Split(' ')[2]);
        Assert.Equal("significant", (await GetAsync($"gi-star?size={least}&distance={2 * least}")).GetProperty("explain").GetProperty("parameters").GetProperty("output").GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("clusters?eps=100&min_points=5")]
    [InlineData("gi-star?cell=hex")]
    [InlineData("density?levels=4")]
    public async Task Another_server_on_the_same_data_gives_the_same_bytes(string path)
    {
        await using var other = await _server.StartBesideAsync();
        // The version counts transactions of the whole test cluster: it alone may differ.
        Assert.Equal(await TextAsync(_server.Client), await TextAsync(other.Client));

        async Task<string> TextAsync(HttpClient from)
        {
            using var response = await from.GetAsync("/api/hotspots/" + path);
            Assert.Equal("application/geo+json", response.Content.Headers.ContentType!.MediaType);
            Assert.NotNull(response.Headers.ETag);
            var text = await response.Content.ReadAsStringAsync();
            return text.Replace(JsonSerializer.Serialize(response.Headers.GetValues("X-Data-Version").Single()), "version", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_wards_the_hull_of_the_issues_is_the_study_area_and_a_warning_says_so()
    {
        await using var server = await TestServer.StartAsync();
        await server.Data.PlantAsync(HotspotServer.Issues.Select(i => i with { Ward = null, RelapseOf = null }));
        var answer = await server.Client.GetFromJsonAsync<JsonElement>("/api/hotspots/gi-star?size=1000");
        Assert.Equal("hull of the issues", answer.GetProperty("explain").GetProperty("study_area").GetString());
        Assert.Contains(answer.GetProperty("explain").GetProperty("warnings").EnumerateArray(), w => w.GetString()!.StartsWith("There are no wards", StringComparison.Ordinal));
        Assert.Equal(HotspotServer.Usable, Features(answer).Sum(f => Property(f, "count").GetInt32()));
        await server.Data.ExecuteAsync("DELETE FROM geosan.issue");
        foreach (var path in (string[])["clusters", "gi-star", "gi-star?cell=ward", "density"])
        {
            Assert.Empty(Features(await server.Client.GetFromJsonAsync<JsonElement>("/api/hotspots/" + path)));
        }
    }

    [Theory]
    [InlineData("gi-star?size=500", "size", "at most 100")]
    [InlineData("gi-star?cell=ward&level=community", "level", "at most 10")]
    [InlineData("local-moran?size=3000&neighbors=knn&k=90", "k", "50 pairs")]
    [InlineData("emerging?size=3000&step=day", "steps", "200 bins")]
    [InlineData("gi-star?size=3000&permutations=999", "permutations", "at most")]
    [InlineData("scan?size=3000", "size", "at most 20")]
    [InlineData("density?bandwidth=100", "bandwidth", "300 cells")]
    public async Task Limits_are_settings(string path, string parameter, string allowed)
    {
        var limits = new AnalysisLimits { MaxCells = 100, MaxWards = 10, MaxNeighborPairs = 50, MaxBins = 200, MaxPermutedCells = 300, MaxRasterCells = 300, MaxScanCells = 20 };
        await using var small = await _server.StartBesideAsync(new Settings { Analysis = new AnalysisSettings { Limits = limits } });
        using var response = await small.Client.GetAsync("/api/hotspots/" + path);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((HttpStatusCode.BadRequest, parameter), (response.StatusCode, problem.GetProperty("parameter").GetString()));
        Assert.Contains(allowed, problem.GetProperty("allowed").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("density?levels=3")]
    [InlineData("clusters?eps=80&min_points=10")]
    public async Task A_client_may_name_the_form_that_there_is(string path)
    {
        Assert.Equal((await GetAsync(path)).GetRawText(), (await GetAsync(path + "&f=geojson")).GetRawText());
        await _server.AssertRefusedAsync(path + "&f=kml", "f");
    }

    [Fact]
    public void A_setting_that_is_no_metric_system_is_refused_at_the_start()
    {
        foreach (var crs in (string[])["EPSG:4326", "EPSG:3857", "EPSG:1"])
        {
            Assert.Contains("analysis.crs", Assert.Throws<InvalidOperationException>(() =>
                ServerHost.Build(_server.Data.Database, new Settings { Analysis = new AnalysisSettings { Crs = crs } }, "http://127.0.0.1:0")).Message, StringComparison.Ordinal);
        }
    }

    [ProgramFact("ogrinfo")]
    public async Task GDAL_reads_the_answers()
    {
        foreach (var (path, features) in ((string, int)[])[("clusters?eps=80&min_points=10", 3), ("gi-star?cell=ward&level=community", 25)])
        {
            var file = Path.GetTempFileName();
            try
            {
                await File.WriteAllBytesAsync(file, await _server.Client.GetByteArrayAsync("/api/hotspots/" + path));
                using var process = Process.Start(new ProcessStartInfo(SystemPrograms.PathOf("ogrinfo")!, ["-ro", "-so", "-al", "GeoJSON:" + file]) { RedirectStandardOutput = true })!;
                var output = await process.StandardOutput.ReadToEndAsync();
                Assert.Contains($"Feature Count: {features}\n", output, StringComparison.Ordinal);
                Assert.Contains("Polygon", output, StringComparison.Ordinal);
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    private Task<JsonElement> GetAsync(string path) => _server.AnalyzeAsync(path);

    private static double AreaKm2(JsonElement geometry)
    {
        var coordinates = geometry.GetProperty("coordinates");
        var polygons = geometry.GetProperty("type").GetString() == "Polygon" ? [coordinates] : coordinates.EnumerateArray().ToArray();
        return polygons.SelectMany(p => p.EnumerateArray()).Sum(ring => ConvexHull.SignedArea([.. Positions(ring).SelectMany(p => (double[])[p.X, p.Y])])) / 1e6;
    }
}
