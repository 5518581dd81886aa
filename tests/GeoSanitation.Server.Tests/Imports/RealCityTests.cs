using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Imports;
using GeoSanitation.Store.Imports;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

/// <summary>Boston's and Chicago's own files, row by row.</summary>
public sealed class RealCityTests
{
    // Numbers measured by reading the files with another program (../shared/data/README.md).
    private const int BostonRows = 121_145;
    private const int BostonClosedBeforeOpened = 197;
    private const int ChicagoRows = 74_401;
    private const int ChicagoRepeatedIds = 375;
    private const int ChicagoWithoutPlace = 24;

    [SharedFact("data/boston_311_2015.csv.gz")]
    public async Task Boston_reconciles_row_by_row_and_a_second_run_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var data = server.Data;
        await Importing.WardsAsync(data, SharedData.Path("data/boston_wards.geojson.gz"));
        var options = new IssueImportOptions { Path = SharedData.Path("data/boston_311_2015.csv.gz"), Actor = "test", TimeZone = "America/New_York" };

        var first = await Importing.IssuesAsync(data, options);

        Assert.Equal(new ImportCounts(BostonRows - BostonClosedBeforeOpened, 0, 0, BostonClosedBeforeOpened), first.Counts);
        Assert.Equal(BostonRows - BostonClosedBeforeOpened, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
        Assert.Equal(BostonClosedBeforeOpened, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.import_reject WHERE reason = 'closed before it was reported' AND column_name = 'CLOSED_DT'"));
        // 12:20:09 AM of January 1 in New York.
        Assert.Equal(new DateTime(2015, 1, 1, 5, 20, 9), await data.ScalarAsync<DateTime>("SELECT reported_at AT TIME ZONE 'UTC' FROM geosan.issue WHERE external_id = '101001240734'"));
        await AssertWardsAsPostgisAsync(data);
        Assert.Equal(22, await AssertCountsAsPostgisAsync(server));
        await AssertRelapsesAsSqlAsync(data, sample: 5_000);

        // One coordinate, and only it, is the geocoder's stand-in; six of its rows were refused for their times.
        Assert.Equal(17_064, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE location_quality = 'default_point'"));
        Assert.Equal(17_064, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE geom = ST_SetSRID(ST_MakePoint(-71.0587, 42.3594), 4326)"));
        Assert.Single(first.Warnings, w => w.Contains("17064 rows stand on -71.0587, 42.3594"));
        Assert.Equal(0, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE location_quality = 'default_point' AND relapse_of IS NOT NULL"));

        var versions = await data.ScalarAsync<string>("SELECT md5(string_agg(id || ':' || version || ':' || xmin, ',' ORDER BY id)) FROM geosan.issue");
        var second = await Importing.IssuesAsync(data, options);

        Assert.Equal(new ImportCounts(0, BostonRows - BostonClosedBeforeOpened, 0, BostonClosedBeforeOpened), second.Counts);
        Assert.Equal(versions, await data.ScalarAsync<string>("SELECT md5(string_agg(id || ':' || version || ':' || xmin, ',' ORDER BY id)) FROM geosan.issue"));
        Assert.Equal(0, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue_event"));
    }

    [SharedFact("data/chicago_sanitation_2010_2014.csv.gz")]
    public async Task Chicago_reconciles_row_by_row_and_its_busy_addresses_are_places()
    {
        await using var data = await TestDatabase.CreateAsync();
        await Importing.WardsAsync(data, SharedData.Path("data/chicago_community_areas_epsg3435_shp.zip"));
        var options = new IssueImportOptions { Path = SharedData.Path("data/chicago_sanitation_2010_2014.csv.gz"), Actor = "test", Source = "chicago", TimeZone = "America/Chicago" };

        var first = await Importing.IssuesAsync(data, options);

        const int refused = ChicagoRepeatedIds + ChicagoWithoutPlace;
        Assert.Equal(new ImportCounts(ChicagoRows - refused, 0, 0, refused), first.Counts);
        Assert.Equal(ChicagoRepeatedIds, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.import_reject WHERE reason LIKE 'the same id as in line %'"));
        Assert.Equal(ChicagoWithoutPlace, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.import_reject WHERE reason = 'the coordinate is missing'"));
        Assert.Equal(0, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE location_quality <> 'ok'"));
        await AssertWardsAsPostgisAsync(data);

        var second = await Importing.IssuesAsync(data, options);
        Assert.Equal(new ImportCounts(0, ChicagoRows - refused, 0, refused), second.Counts);
    }

    [SharedFact("data/chicago_sanitation_2010_2014.csv.gz")]
    public async Task Chicago_in_feet_lands_on_the_same_places_as_in_degrees()
    {
        await using var data = await TestDatabase.CreateAsync();
        var degrees = new IssueImportOptions { Path = SharedData.Path("data/chicago_sanitation_2010_2014.csv.gz"), Actor = "test", Source = "degrees", TimeZone = "America/Chicago" };

        await Importing.IssuesAsync(data, degrees);
        await Importing.IssuesAsync(data, degrees with { Source = "feet", Crs = "EPSG:3435" });

        Assert.Equal("EPSG:3435", await data.ScalarAsync<string>("SELECT DISTINCT input_crs FROM geosan.issue WHERE source = 'feet'"));
        var worstMeters = await data.ScalarAsync<double>("""
            SELECT max(ST_Distance(a.geom::geography, b.geom::geography)) FROM geosan.issue AS a JOIN geosan.issue AS b USING (external_id)
            WHERE a.source = 'degrees' AND b.source = 'feet'
            """);
        Assert.InRange(worstMeters, 0, 0.001);
    }

    [SharedFact("data/boston_precincts_epsg2249.geojson.gz")]
    public async Task Precincts_in_feet_are_refused_until_told_and_then_nest_in_the_wards()
    {
        await using var data = await TestDatabase.CreateAsync();
        await Importing.WardsAsync(data, SharedData.Path("data/boston_wards.geojson.gz"), o => o with { Level = "ward" });
        var precincts = SharedData.Path("data/boston_precincts_epsg2249.geojson.gz");

        var refusal = await Assert.ThrowsAsync<ImportFileException>(() => Importing.WardsAsync(data, precincts));
        Assert.Contains("not degrees", refusal.Message);
        Assert.Contains("--crs", refusal.Message);
        Assert.Equal(22, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward"));

        var result = await Importing.WardsAsync(data, precincts, o => o with { Level = "precinct", Crs = "EPSG:2249" });

        Assert.Equal(new ImportCounts(255, 0, 0, 0), result.Counts);
        // The first two digits of a precinct's code are its ward's number, for all but the one that is mostly harbour.
        Assert.Equal(254, await data.ScalarAsync<long>("""
            SELECT count(*) FROM geosan.ward AS w JOIN geosan.ward AS p ON p.id = w.parent_id
            WHERE w.level = 'precinct' AND p.level = 'ward' AND p.code = left(w.code, 2)::integer::text AND w.path <@ p.path AND nlevel(w.path) = 2
            """));
        Assert.Equal(new ImportCounts(0, 255, 0, 0), (await Importing.WardsAsync(data, precincts, o => o with { Level = "precinct", Crs = "EPSG:2249" })).Counts);
    }

    [SharedTheory("data/hangzhou_yuhang_streets.geojson.gz")]
    [InlineData("hangzhou_yuhang_streets.geojson.gz", 12, "百丈镇", 944.7)]
    [InlineData("renshou_townships.geojson.gz", 60, "禾加镇", 2_610.7)]
    public async Task Chinese_boundaries_keep_their_names_and_their_area(string file, int polygons, string name, double squareKilometers)
    {
        await using var data = await TestDatabase.CreateAsync();
        var path = SharedData.Path("data/" + file);

        var first = await Importing.WardsAsync(data, path, o => o with { Level = "乡镇" });

        Assert.Equal(new ImportCounts(polygons, 0, 0, 0), first.Counts);
        Assert.Equal(1, await data.ScalarAsync<long>($"SELECT count(*) FROM geosan.ward WHERE name = '{name}' AND level = '乡镇'"));
        Assert.Equal(0, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward WHERE NOT ST_IsValid(geom)"));
        Assert.Equal(squareKilometers, await data.ScalarAsync<double>("SELECT sum(ST_Area(geom::geography)) / 1e6 FROM geosan.ward"), 0.1);
        Assert.Equal(new ImportCounts(0, polygons, 0, 0), (await Importing.WardsAsync(data, path, o => o with { Level = "乡镇" })).Counts);
    }

    [SharedFact("data/renshou_townships.geojson.gz")]
    public async Task A_polygon_without_a_name_gets_one_and_a_warning()
    {
        await using var data = await TestDatabase.CreateAsync();

        var result = await Importing.WardsAsync(data, SharedData.Path("data/renshou_townships.geojson.gz"));

        Assert.Contains(result.Warnings, w => w.StartsWith("1 polygons have no name"));
        Assert.Equal(1, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward WHERE name LIKE 'renshou_townships-%'"));
    }

    [SharedFact("data/boston_wards.geojson.gz")]
    public async Task Two_cities_that_both_number_their_wards_from_one_do_not_mix()
    {
        await using var data = await TestDatabase.CreateAsync();
        await Importing.WardsAsync(data, SharedData.Path("data/boston_wards.geojson.gz"), o => o with { Level = "ward" });

        var chicago = await Importing.WardsAsync(data, SharedData.Path("data/chicago_wards_2014.geojson.gz"), o => o with { Level = "ward" });

        Assert.Equal(new ImportCounts(50, 0, 0, 0), chicago.Counts);
        Assert.Equal(72, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL"));
        Assert.Contains(chicago.Warnings, w => w.Contains("chicago_wards_2014-1"));
    }

    /// <summary>Every issue has the ward that PostGIS says: of those that cover it the deepest, then the one with the lowest code.</summary>
    private static async Task AssertWardsAsPostgisAsync(TestDatabase data)
        => Assert.Equal(0, await data.ScalarAsync<long>("""
            SELECT count(*) FROM geosan.issue AS i
            WHERE i.ward_id IS DISTINCT FROM (
                SELECT w.id FROM geosan.ward AS w WHERE w.valid_to IS NULL AND ST_Covers(w.geom, i.geom) ORDER BY nlevel(w.path) DESC, w.code COLLATE "C" LIMIT 1)
            """));

    /// <summary>The issues of each ward are as many over HTTP as lie in it. No two wards of Boston share the border that an issue is on.</summary>
    /// <returns>How many wards there are.</returns>
    private static async Task<int> AssertCountsAsPostgisAsync(TestServer server)
    {
        var codes = (await server.Data.ScalarAsync<string>("SELECT string_agg(code, ' ') FROM geosan.ward")).Split(' ');
        foreach (var code in codes)
        {
            var covered = await server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue AS i JOIN geosan.ward AS w ON ST_Covers(w.geom, i.geom) WHERE w.code = '{code}'");
            var page = await server.Client.GetFromJsonAsync<JsonElement>($"/api/wards/{code}/issues?limit=1&count=true");
            Assert.Equal(covered, page.GetProperty("numberMatched").GetInt64());
        }
        return codes.Length;
    }

    private static async Task AssertRelapsesAsSqlAsync(TestDatabase data, int sample)
    {
        Assert.Equal(0, await data.ScalarAsync<long>($"""
            SELECT count(*) FROM (SELECT * FROM geosan.issue WHERE location_quality = 'ok' ORDER BY md5(external_id) LIMIT {sample}) AS i
            WHERE i.relapse_of IS DISTINCT FROM geosan.find_relapse(i.geom, i.category_code, i.reported_at, 30, 90)
            """));
        Assert.InRange(await data.ScalarAsync<long>("SELECT count(relapse_of) FROM geosan.issue"), 1_000, 60_000);
    }
}
