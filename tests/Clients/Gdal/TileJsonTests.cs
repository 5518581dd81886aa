using System.Text.Json.Nodes;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Clients.Gdal;

/// <summary>GDAL finds vector tiles by their TileJSON, and what it puts together of them is what the database has.</summary>
public sealed class TileJsonTests(SampleCounty county) : IClassFixture<SampleCounty>, IDisposable
{
    private const int Zoom = 14;

    // A tile of this zoom has 4096 units a side.
    private const double UnitMeters = 2 * 20_037_508.342789244 / (1 << Zoom) / 4096;

    private readonly string _folder = Directory.CreateTempSubdirectory("geosan-mvt-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("ogr2ogr")]
    public async Task Every_issue_is_there_once_at_its_place()
    {
        var issues = await ReadAsync("issues");

        var there = (await county.Server.Data.ScalarAsync<string>("SELECT string_agg(concat_ws(' ', id, ST_X(p), ST_Y(p), category_code, severity, status), '|' ORDER BY id) FROM geosan.issue, ST_Transform(geom, 3857) AS p")).Split('|');
        Assert.Equal(there.Length, issues.Count);
        foreach (var (expected, feature) in there.Select(t => t.Split(' ')).Zip(issues.OrderBy(f => (long)f["properties"]!["mvt_id"]!)))
        {
            var (properties, place) = (feature["properties"]!, feature["geometry"]!["coordinates"]!);
            Assert.Equal((expected[0], expected[3], expected[4], expected[5]), ($"{properties["mvt_id"]}", $"{properties["category"]}", $"{properties["severity"]}", $"{properties["status"]}"));
            Assert.Equal(double.Parse(expected[1]), (double)place[0]!, UnitMeters);
            Assert.Equal(double.Parse(expected[2]), (double)place[1]!, UnitMeters);
        }
    }

    [ProgramFact("ogr2ogr")]
    public async Task Every_ward_is_there_with_its_area()
    {
        var areas = (await ReadAsync("wards")).GroupBy(f => (string)f["properties"]!["code"]!).ToDictionary(g => g.Key, g => g.Sum(f => AreaOf(f["geometry"]!)));

        var there = (await county.Server.Data.ScalarAsync<string>("SELECT string_agg(concat_ws(' ', code, ST_Area(g), ST_Perimeter(g)), '|') FROM geosan.ward, ST_Transform(geom, 3857) AS g WHERE valid_to IS NULL")).Split('|');
        Assert.Equal(there.Length, areas.Count);
        // A border that lies a unit off on either side changes the area by its length at most.
        Assert.All(there.Select(t => t.Split(' ')), ward => Assert.Equal(double.Parse(ward[1]), areas[ward[0]], double.Parse(ward[2]) * UnitMeters));
    }

    private async Task<List<JsonNode>> ReadAsync(string layer)
    {
        var path = Path.Combine(_folder, "read.geojson");
        await SampleCounty.RunAsync("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=3", path, $"MVT:{county.Server.Address}tiles/{layer}/{Zoom}", layer,
            "-oo", $"METADATA_FILE={county.Server.Address}tiles/{layer}.json", "-oo", "TILE_EXTENSION=mvt");
        return [.. JsonNode.Parse(await File.ReadAllTextAsync(path))!["features"]!.AsArray().Select(f => f!)];
    }

    private static double AreaOf(JsonNode geometry) => (string?)geometry["type"] == "MultiPolygon"
        ? geometry["coordinates"]!.AsArray().Sum(polygon => AreaOf(polygon!.AsArray()))
        : AreaOf(geometry["coordinates"]!.AsArray());

    // The first ring less the others.
    private static double AreaOf(JsonArray rings) => 2 * AreaOfRing(rings[0]!.AsArray()) - rings.Sum(ring => AreaOfRing(ring!.AsArray()));

    private static double AreaOfRing(JsonArray ring)
    {
        var (x0, y0) = ((double)ring[0]![0]!, (double)ring[0]![1]!);
        return Math.Abs(ring.Zip(ring.Skip(1), (a, b) => ((double)a![0]! - x0) * ((double)b![1]! - y0) - ((double)b[0]! - x0) * ((double)a[1]! - y0)).Sum()) / 2;
    }
}
