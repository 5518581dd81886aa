using System.Text.Json.Nodes;
using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Tests.Imports;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Imports;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Exports;

/// <summary>What is taken away in a form and imported into another database is there what it was here, but for what the form cannot hold, which is told here.</summary>
public sealed class RoundTripTests(RoundTripTests.TwoCounties counties) : IClassFixture<RoundTripTests.TwoCounties>
{
    private const int Issues = 5_000;

    // What a database says of its own rows, and does not take from files. What it works out from all of a file (relapse, location_quality) must come out the same.
    private static readonly string[] Own = ["id", "relapse_of", "version", "created_at", "updated_at", "input_crs"];

    [Theory]
    [InlineData("geojson")]
    [InlineData("geojsonl")]
    [InlineData("csv")]
    [InlineData("fgb")]
    [InlineData("parquet")]
    // The standard wants times of milliseconds.
    [InlineData("gpkg", "accepted_at")]
    // Texts of at most 254 bytes, in a table that has only so much room for each.
    [InlineData("shp.zip", "description", "address")]
    public async Task Issues_come_back_as_they_were(string extension, params string[] lost)
    {
        var (here, there) = (counties.Here, counties.There);
        using var client = await here.ClientAsync(Roles.Inspector);
        using var file = new TemporaryFile(await client.GetByteArrayAsync($"/api/exports/issues.{extension}?filter=id<={counties.LastId}"));
        await there.Data.ExecuteAsync("TRUNCATE geosan.issue CASCADE");

        var result = await Importing.IssuesAsync(there.Data, new IssueImportOptions { Path = file.Path, Actor = "test" });

        Assert.Equal(new ImportCounts(Issues, 0, 0, 0), result.Counts);
        var expected = await FeaturesAsync(here, $"?filter=id<={counties.LastId}");
        var actual = await FeaturesAsync(there, "");
        Assert.Equal(Issues, actual.Count);
        var different = new SortedDictionary<string, string>();
        foreach (var (key, issue) in expected)
        {
            foreach (var (name, value) in issue["properties"]!.AsObject().Append(new("geometry", issue["geometry"])))
            {
                var came = name == "geometry" ? actual[key]["geometry"] : actual[key]["properties"]![name];
                if (!Own.Contains(name) && !JsonNode.DeepEquals(value, came))
                {
                    different.TryAdd(name, $"{key}: {value?.ToJsonString()} became {came?.ToJsonString()}");
                }
            }
        }
        Assert.True(lost.Order().SequenceEqual(different.Keys), string.Join("\n", different.Values));
    }

    [Theory]
    [InlineData("geojson")]
    [InlineData("geojsonl")]
    [InlineData("fgb")]
    [InlineData("parquet")]
    [InlineData("gpkg")]
    [InlineData("shp.zip")]
    public async Task Wards_come_back_as_they_were(string extension)
    {
        var (here, there) = (counties.Here, counties.There);
        using var file = new TemporaryFile(await here.Client.GetByteArrayAsync($"/api/exports/wards.{extension}"));
        await there.Data.ExecuteAsync("TRUNCATE geosan.issue, geosan.ward CASCADE");

        await Importing.WardsAsync(there.Data, file.Path);

        const string said = """
            SELECT md5(string_agg(concat_ws('|', w.code, w.name, w.name_en, w.level, w.responsible, w.population, geosan.ward_codes(w.path), ST_AsText(ST_ReducePrecision(w.geom, 1e-6))), ',' ORDER BY w.code))
            FROM geosan.ward AS w WHERE valid_to IS NULL
            """;
        Assert.Equal(await here.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward"), await there.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward"));
        Assert.Equal(await here.Data.ScalarAsync<string>(said), await there.Data.ScalarAsync<string>(said));
    }

    [Theory]
    [InlineData("geojson", "EPSG:4490")]
    [InlineData("geojsonl", "GCJ02")]
    [InlineData("fgb", "EPSG:4547")]
    [InlineData("gpkg", "EPSG:4547")]
    [InlineData("gpkg", "EPSG:4490")]
    [InlineData("shp.zip", "EPSG:4547")]
    [InlineData("shp.zip", "EPSG:3857")]
    public async Task The_system_that_a_file_names_is_honoured(string extension, string crs)
    {
        var (here, there) = (counties.Here, counties.There);
        using var file = new TemporaryFile(await here.Client.GetByteArrayAsync($"/api/exports/issues.{extension}?severity=5&crs={crs}"));
        await there.Data.ExecuteAsync("TRUNCATE geosan.issue CASCADE");

        await Importing.IssuesAsync(there.Data, new IssueImportOptions { Path = file.Path, Actor = "test" });

        const string places = "SELECT string_agg(external_id || ' ' || round(ST_X(geom)::numeric, 6) || ' ' || round(ST_Y(geom)::numeric, 6), ',' ORDER BY external_id) FROM geosan.issue WHERE severity = 5";
        Assert.Equal(await here.Data.ScalarAsync<string>(places), await there.Data.ScalarAsync<string>(places));
    }

    private static async Task<Dictionary<string, JsonNode>> FeaturesAsync(TestServer server, string query)
    {
        using var client = await server.ClientAsync(Roles.Inspector);
        var features = JsonNode.Parse(await client.GetStringAsync("/api/exports/issues.geojson" + query))!["features"]!.AsArray();
        return features.ToDictionary(f => $"{f!["properties"]!["source"]} {f["properties"]!["external_id"]}", f => f!);
    }

    /// <summary>The sample county twice: here with texts, times and numbers that are hard to keep.</summary>
    public sealed class TwoCounties : IAsyncLifetime
    {
        public TestServer Here { get; private set; } = null!;

        public TestServer There { get; private set; } = null!;

        /// <summary>The last id of the issues that are taken.</summary>
        public long LastId { get; private set; }

        public async Task InitializeAsync()
        {
            Here = await TestServer.StartWithSampleCountyAsync();
            There = await TestServer.StartWithSampleCountyAsync();
            LastId = await Here.Data.ScalarAsync<long>($"SELECT id FROM geosan.issue ORDER BY id OFFSET {Issues - 1} LIMIT 1");
            // Relapses and default points are told by the whole file: here too it is one of these issues alone.
            using (var part = new TemporaryFile(await Here.Client.GetByteArrayAsync($"/api/exports/issues.csv?filter=id<={LastId}")))
            {
                await Here.Data.ExecuteAsync("TRUNCATE geosan.issue CASCADE");
                await Importing.IssuesAsync(Here.Data, new IssueImportOptions { Path = part.Path, Actor = "test" });
            }
            LastId = await Here.Data.ScalarAsync<long>("SELECT max(id) FROM geosan.issue");
            await Here.Data.ExecuteAsync($$"""
                UPDATE geosan.issue SET description = 'quotes " and '', commas, semicolons; tabs	and
                lines; 北京路口 🚮 ünïcödé', reporter_name = '王, 小明', reporter_phone = '+86 010-1234', reporter_email = 'a@b.cn' WHERE id % 7 = 0;
                UPDATE geosan.issue SET description = repeat('垃圾满溢', 200), address = repeat('北京路', 100) WHERE id % 101 = 0;
                UPDATE geosan.issue SET external_id = '00' || id WHERE id % 11 = 0;
                UPDATE geosan.issue SET external_id = id || 'e5' WHERE id % 11 = 1;
                UPDATE geosan.issue SET accuracy_meters = 12.3 WHERE id % 5 = 0;
                UPDATE geosan.issue SET accepted_at = accepted_at + interval '1.234567 seconds' WHERE accepted_at IS NOT NULL AND dispatched_at > accepted_at + interval '1 minute' AND id % 3 = 0;
                UPDATE geosan.issue SET due_at = due_at + interval '1 hour' WHERE id % 13 = 0;
                """);
        }

        public async Task DisposeAsync()
        {
            await Here.DisposeAsync();
            await There.DisposeAsync();
        }
    }
}
