using System.Text.Json.Nodes;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Clients.Gdal;

/// <summary>GDAL's driver for OGC API Features reads what the database has.</summary>
public sealed class OgcApiTests(SampleCounty county) : IClassFixture<SampleCounty>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("geosan-oapif-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramTheory("ogr2ogr")]
    [InlineData("issues", "SELECT count(*) FROM geosan.issue", 5_000)]
    [InlineData("wards", "SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL", 500)]
    public async Task Every_feature_is_read_page_by_page(string collection, string count, int pageSize)
    {
        var path = Path.Combine(_folder, "all.geojson");
        await SampleCounty.RunAsync("ogr2ogr", "-f", "GeoJSON", path, $"OAPIF:{county.Server.Address}ogc", collection, "-oo", $"PAGE_SIZE={pageSize}");
        var read = JsonNode.Parse(await File.ReadAllTextAsync(path))!["features"]!.AsArray();
        Assert.Equal(await county.Server.Data.ScalarAsync<long>(count), read.Count);
        Assert.Contains(county.Asked, a => a.StartsWith($"/ogc/collections/{collection}/items", StringComparison.Ordinal) && a.Contains("cursor=", StringComparison.Ordinal));
        // The shapes are those of the database.
        var first = read[0]!;
        var (table, column) = collection == "issues" ? ("issue", "id::text") : ("ward", "code");
        var key = collection == "issues" ? first["properties"]!["id"]!.ToJsonString() : (string)first["properties"]!["code"]!;
        var distance = await county.Server.Data.ScalarAsync<double>($"SELECT ST_HausdorffDistance(geom, ST_SetSRID(ST_GeomFromGeoJSON('{first["geometry"]!.ToJsonString()}'), 4326)) FROM geosan.{table} WHERE {column} = '{key}'");
        Assert.True(distance < 2e-7, $"{key} lies {distance} degrees off");
    }

    [ProgramFact("ogrinfo")]
    public async Task Every_collection_opens_with_its_fields_and_count()
    {
        var list = await SampleCounty.RunAsync("ogrinfo", "-ro", $"OAPIF:{county.Server.Address}ogc");
        foreach (var name in (string[])["issues", "wards", "hotspots", "clusters", "gi-star", "local-moran", "emerging", "density"])
        {
            Assert.Contains($": {name}", list);
            var told = await SampleCounty.RunAsync("ogrinfo", "-ro", "-so", $"OAPIF:{county.Server.Address}ogc", name);
            Assert.DoesNotContain("ERROR", told);
            Assert.Contains("Feature Count:", told);
        }
        var issues = await SampleCounty.RunAsync("ogrinfo", "-ro", "-so", $"OAPIF:{county.Server.Address}ogc", "issues");
        Assert.Contains($"Feature Count: {await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue")}\n", issues);
        foreach (var field in (string[])["severity: Integer", "reported_at: DateTime", "overdue: Integer(Boolean)", "title: String"])
        {
            Assert.Contains(field, issues);
        }
    }

    /// <summary>What no feature of the first page has would be taken for text, or not be seen at all.</summary>
    [ProgramFact("ogrinfo")]
    public async Task The_types_of_fields_are_those_of_the_schema_whatever_the_first_page_holds()
    {
        var issues = await SampleCounty.RunAsync("ogrinfo", "-ro", "-so", "-oo", "PAGE_SIZE=1", $"OAPIF:{county.Server.Address}ogc", "issues");
        foreach (var field in (string[])["accuracy_meters: Real", "relapse_of: Integer", "closed_at: DateTime", "overdue: Integer(Boolean)", "ward_path: StringList", "description: String"])
        {
            Assert.Contains(field, issues);
        }
        Assert.Equal(2, issues.Split("\nid: ").Length);
        Assert.Contains("/ogc/collections/issues/feature-schema", county.Asked);
    }

    [ProgramFact("ogr2ogr")]
    public async Task A_box_reaches_the_server()
    {
        var path = Path.Combine(_folder, "box.geojson");
        await SampleCounty.RunAsync("ogr2ogr", "-f", "GeoJSON", path, $"OAPIF:{county.Server.Address}ogc", "issues", "-spat", "112.62", "32.42", "112.68", "32.48");
        var read = JsonNode.Parse(await File.ReadAllTextAsync(path))!["features"]!.AsArray();
        Assert.Equal(await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE ST_X(geom) BETWEEN 112.62 AND 112.68 AND ST_Y(geom) BETWEEN 32.42 AND 32.48"), read.Count);
        Assert.Contains(county.Asked, a => a.Contains("bbox=112.62", StringComparison.Ordinal));
    }

    [ProgramFact("ogr2ogr")]
    public async Task A_condition_reaches_the_server()
    {
        var path = Path.Combine(_folder, "where.geojson");
        await SampleCounty.RunAsync("ogr2ogr", "-f", "GeoJSON", path, $"OAPIF:{county.Server.Address}ogc", "issues", "-where", "status = 'dispatched' AND severity >= 4");
        var read = JsonNode.Parse(await File.ReadAllTextAsync(path))!["features"]!.AsArray();
        Assert.Equal(await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE status = 'dispatched' AND severity >= 4"), read.Count);
        Assert.Contains(county.Asked, a => a.Contains("status=dispatched", StringComparison.Ordinal) || a.Contains("filter=", StringComparison.Ordinal));
    }
}
