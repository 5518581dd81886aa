using System.IO.Compression;
using System.Text.Json;
using GeoSanitation.CountyGenerator;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Emerging;
using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Server.Imports;
using GeoSanitation.Store.Imports;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

/// <summary>The county that comes with the program: it comes in whole, its wards fit, and its issues show what they were made to show.</summary>
public sealed class ShippedCountyTests(ShippedCountyTests.County county) : IClassFixture<ShippedCountyTests.County>
{
    [Fact]
    public async Task It_comes_in_whole_and_its_wards_fit()
    {
        Assert.Equal(new ImportCounts(20_103, 0, 0, 0), county.Loaded.Counts);
        Assert.Contains("320 rows", Assert.Single(county.Loaded.Warnings));
        Assert.Equal("community 41,county 1,grid 2204,subdistrict 3,town 2",
            await ScalarAsync<string>("SELECT string_agg(level || ' ' || n, ',' ORDER BY level) FROM (SELECT level, count(*) AS n FROM geosan.ward GROUP BY level) AS l"));
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM geosan.ward WHERE NOT ST_IsValid(geom)"));
        // Parts fill their parent to the square meter; grids cover only what is built up.
        Assert.Equal(0, await ScalarAsync<long>("""
            SELECT count(*) FROM geosan.ward AS parent JOIN LATERAL (SELECT sum(ST_Area(part.geom::geography)) AS area, ST_Area(ST_Union(part.geom)::geography) AS united
                FROM geosan.ward AS part WHERE part.parent_id = parent.id AND part.level <> 'grid') AS parts ON parts.area IS NOT NULL
            WHERE abs(ST_Area(parent.geom::geography) - parts.area) > 1 OR abs(parts.united - parts.area) > 1
            """));
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM geosan.issue AS i LEFT JOIN geosan.ward AS w ON w.id = i.ward_id WHERE w.level IS NULL OR w.level NOT IN ('grid', 'community')"));
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE responsible IS NULL OR department IS NULL"));
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM geosan.category WHERE code = 'imported'"));
    }

    [Fact]
    public async Task The_campaign_clears_the_review_month_and_what_it_cleared_returns()
    {
        Task<long> Reports(string month) => ScalarAsync<long>($"SELECT count(*) FROM geosan.issue WHERE date_trunc('month', reported_at AT TIME ZONE 'Asia/Shanghai') = '{month}-01'");
        Assert.InRange(await Reports("2026-06"), 0, await Reports("2026-04") / 3);
        Assert.InRange(await Reports("2026-08"), await Reports("2026-04"), 3 * await Reports("2026-04"));
        const string share = "SELECT avg((relapse_of IS NOT NULL)::int)::float8 FROM geosan.issue WHERE reported_at";
        Assert.True(await ScalarAsync<double>($"{share} BETWEEN '2026-07-10' AND '2026-09-15'") > 1.15 * await ScalarAsync<double>($"{share} BETWEEN '2026-02-01' AND '2026-05-01'"));
    }

    [Fact]
    public async Task Markets_urban_villages_and_old_estates_are_hot()
    {
        using var answer = JsonDocument.Parse(await county.Server.Client.GetStringAsync("/api/hotspots/gi-star?cell=hex&size=150&output=significant"));
        var hot = answer.RootElement.GetProperty("features").EnumerateArray().Where(f => f.GetProperty("properties").GetProperty("class").GetInt32() == 3)
            .Select(f => f.GetProperty("geometry").GetRawText()).ToList();
        Assert.NotEmpty(hot);
        await county.Server.Data.ExecuteAsync("CREATE TABLE hot (geom geometry)");
        await county.Server.Data.ExecuteAsync("INSERT INTO hot VALUES " + string.Join(", ", hot.Select(geometry => $"(ST_GeomFromGeoJSON('{geometry}'))")));
        foreach (var file in (string[])["markets", "urban_villages", "old_estates"])
        {
            var places = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "geodata", $"{file}.geojson"));
            var share = await ScalarAsync<double>($"""
                SELECT avg(EXISTS (SELECT FROM hot WHERE ST_Intersects(hot.geom, ST_GeomFromGeoJSON(place -> 'geometry')))::int)::float8
                FROM jsonb_array_elements('{places}'::jsonb -> 'features') AS place
                """);
            Assert.InRange(share, 0.75, 1);
        }
    }

    [Fact]
    public async Task The_night_market_emerges()
    {
        Task<double[]> Column(string value) => ScalarAsync<double[]>($"""
            SELECT array_agg(({value})::float8 ORDER BY id) FROM geosan.issue CROSS JOIN LATERAL ST_Transform(geom, 32649) AS m
            WHERE location_quality = 'ok' AND reported_at < '2026-10-31'
            """);
        var points = new Points(await Column("ST_X(m)"), await Column("ST_Y(m)"), timeDays: await Column("extract(epoch FROM reported_at) / 86400"));
        var isMarket = await Column("(address = '学府路夜市')::int");
        double[] box = [points.XMeters.ToArray().Min() - 1, points.YMeters.ToArray().Min() - 1, points.XMeters.ToArray().Max() + 1, points.YMeters.ToArray().Max() + 1];
        var area = new PolygonLocator([new PolygonRings([[box[0], box[1], box[2], box[1], box[2], box[3], box[0], box[3], box[0], box[1]]])]);
        var cells = StudyCells.Cover(new SquareGrid(300), area, points, maxCells: 100_000);
        // 24 steps of 30 days to the end of October 2026.
        var end = new DateTime(2026, 10, 31, 0, 0, 0, DateTimeKind.Utc).Subtract(DateTime.UnixEpoch).TotalDays;
        var cube = SpaceTimeCube.Count(points, cells.CellOfPoint, cells.Count, [.. Enumerable.Range(0, 25).Select(k => end - 720 + 30 * k)]);
        var places = EmergingHotspots.Analyze(cube, DistanceBand.Build(cells.Centers(), 300)).Places;

        var busiest = Enumerable.Range(0, points.Count).Where(i => isMarket[i] == 1).GroupBy(i => cells.CellOfPoint[i]).MaxBy(g => g.Count())!.Key;
        Assert.Contains(places[busiest].Pattern, new[] { Pattern.NewHot, Pattern.ConsecutiveHot, Pattern.SporadicHot, Pattern.IntensifyingHot });
        Assert.Equal(1, places[busiest].ValueTrend.Trend(0.05));
    }

    [Fact]
    public async Task The_housing_bureau_is_slow()
    {
        const string days = "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - dispatched_at) / 3600)::float8 FROM geosan.issue WHERE department";
        Assert.True(await ScalarAsync<double>($"{days} = '住房和城乡建设局'") > 3 * await ScalarAsync<double>($"{days} <> '住房和城乡建设局'"));
    }

    [Fact]
    public void The_generator_makes_the_very_files_that_are_shipped()
    {
        var folder = Directory.CreateTempSubdirectory("geosan-test-");
        try
        {
            SampleFiles.Write(folder.FullName);
            foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
            {
                var shipped = Path.Combine(SharedData.RepositoryRoot, Path.GetRelativePath(folder.FullName, file.FullName));
                Assert.True(Unpacked(file.FullName).SequenceEqual(Unpacked(shipped)), $"{file.Name} is not what the generator makes");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        // Another version of the compressor may pack the same text into other bytes.
        static byte[] Unpacked(string path)
        {
            using var file = File.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }

    private Task<T> ScalarAsync<T>(string sql) => county.Server.Data.ScalarAsync<T>(sql);

    /// <summary>A server with the county in it; the tests only read.</summary>
    public sealed class County : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        internal ImportResult Loaded { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = await TestServer.StartAsync();
            Loaded = (await SampleCounty.LoadAsync(Server.Data.Database, new Settings(), SharedData.RepositoryRoot, default))!;
        }

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
