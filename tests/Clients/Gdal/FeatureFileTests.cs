using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Server;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Imports;
using GeoSanitation.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace GeoSanitation.Clients.Gdal;

/// <summary>What GDAL reads from the files that analyses are written to is what their GeoJSON says.</summary>
public sealed class FeatureFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("geosan-gdal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramTheory("ogr2ogr")]
    [InlineData("fgb", "gi-star", "size", "500")]
    [InlineData("gpkg", "gi-star", "size", "500")]
    [InlineData("fgb", "gi-star", "crs", "EPSG:4547")]
    [InlineData("gpkg", "gi-star", "crs", "EPSG:4547")]
    // Columns of JSON and times.
    [InlineData("fgb", "dbscan", "status", "open")]
    [InlineData("gpkg", "dbscan", "status", "open")]
    [InlineData("fgb", "dbscan", "output", "points")]
    [InlineData("gpkg", "dbscan", "output", "points")]
    // Several parts, with holes.
    [InlineData("fgb", "density", "bandwidth", "200")]
    [InlineData("gpkg", "density", "bandwidth", "200")]
    public async Task Features_columns_and_shapes_are_those_of_the_GeoJSON(string extension, string method, string name, string value)
    {
        var (request, table, explain) = Analyse(method, name, value);
        var path = Path.Combine(_folder, "f." + extension);
        await WriteAsync(extension, request, table, explain, path);

        var read = await ReadAsync(path);

        var written = JsonNode.Parse(GeoJsonForm.Write(table, request.Output, explain))!["features"]!.AsArray();
        Assert.NotEmpty(written);
        Assert.Equal(written.Count, read.Count);
        foreach (var (ours, theirs) in written.Zip(read))
        {
            var (expected, actual) = (ours!["properties"]!.AsObject(), theirs!["properties"]!.AsObject());
            Assert.Equal(expected.Select(p => p.Key), actual.Select(p => p.Key));
            Assert.All(expected, p => Assert.True(Same(p.Value, actual[p.Key]), $"{p.Key}: {p.Value} became {actual[p.Key]}"));
            // GeoJSON has the axes in the order of the system's definition and fewer digits; files have x first.
            var swapped = request.Output.Name == "EPSG:4547";
            Assert.Equal(Numbers(ours["geometry"]!["coordinates"]!, swapped), Numbers(theirs["geometry"]!["coordinates"]!, false), (a, b) => Math.Abs(a - b) <= (swapped ? 1e-3 : 6e-8));
        }
    }

    [ProgramTheory("ogrinfo")]
    [InlineData("fgb")]
    [InlineData("gpkg")]
    public async Task The_layer_has_its_name_count_extent_and_system(string extension)
    {
        var (request, table, explain) = Analyse("gi-star", "crs", "EPSG:4547");
        var path = Path.Combine(_folder, "f." + extension);
        await WriteAsync(extension, request, table, explain, path);

        var told = await RunAsync("ogrinfo", "-so", "-al", path);

        Assert.DoesNotContain("Warning", told);
        Assert.Contains("Layer name: gi-star\n", told);
        Assert.Contains("Geometry: Polygon\n", told);
        Assert.Contains($"Feature Count: {table.Rows.Count}\n", told);
        Assert.Contains("ID[\"EPSG\",4547]", told);
        var bounds = Rings.BoundsOf(table.Rows.Select(row => Rings.Of(table, request.Output, row)));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Extent: ({bounds[0]:F6}, {bounds[1]:F6}) - ({bounds[2]:F6}, {bounds[3]:F6})\n"), told);
        foreach (var column in (string[])["cell: String", "count: Integer64", "z: Real", "q: Real", "class: Integer64"])
        {
            Assert.Contains(column, told);
        }
    }

    [ProgramFact("ogrinfo")]
    public async Task A_GeoPackage_finds_by_its_index_what_lies_in_a_box()
    {
        var (request, table, explain) = Analyse("gi-star", "size", "500");
        var path = Path.Combine(_folder, "f.gpkg");
        await WriteAsync("gpkg", request, table, explain, path);
        var inside = table.Rows.Count(row => Rings.BoundsOf([Rings.Of(table, request.Output, row)]) is var b && b[0] <= 112.7 && b[2] >= 112.68 && b[1] <= 32.44 && b[3] >= 32.42);

        var told = await RunAsync("ogrinfo", "-sql", """SELECT count(*) AS n FROM "rtree_gi-star_geom" WHERE minx <= 112.7 AND maxx >= 112.68 AND miny <= 32.44 AND maxy >= 32.42""", path);

        Assert.Contains($"n (Integer) = {inside}\n", told);
    }

    private static (AnalysisRequest Request, FeatureTable Table, JsonObject Explain) Analyse(string method, string name, string value)
    {
        var request = AnalysisRequest.Parse(HotspotMethod.Find("method", method), new QueryCollection(new Dictionary<string, StringValues> { [name] = value }));
        var issues = new IssueImportOptions { Path = Path.Combine(AppContext.BaseDirectory, "seeds", "issues.csv.gz"), Actor = "test" };
        var wards = new WardImportOptions { Path = Path.Combine(AppContext.BaseDirectory, "geodata", "wards.geojson"), FileName = "wards.geojson", Actor = "test" };
        var read = FileSnapshot.Read(issues, wards, request.Filter, new Settings(), AppContext.BaseDirectory, new ImportProgress(), default);
        var (table, explain) = request.Run(read.Points, read.Wards, new Settings(), new AnalysisWork(1, new Progress<double>(), default));
        return (request, table, explain);
    }

    private static async Task WriteAsync(string extension, AnalysisRequest request, FeatureTable table, JsonObject explain, string path)
    {
        var features = FeatureSet.Of(table, request.Method.Name, explain.ToJsonString());
        if (extension == "gpkg")
        {
            await GeoPackageForm.WriteAsync(features, request.Output, path, default);
            return;
        }
        await using var file = File.Create(path);
        await FlatGeobufForm.WriteAsync(features, request.Output, file, default);
    }

    private static bool Same(JsonNode? written, JsonNode? read) => (written, read) switch
    {
        (null, null) => true,
        (JsonValue a, JsonValue b) when a.TryGetValue<double>(out var x) && b.TryGetValue<double>(out var y) => Math.Abs(x - y) <= 1e-12 * Math.Abs(x),
        (JsonValue a, JsonValue b) when a.TryGetValue<string>(out var x) && b.TryGetValue<string>(out var y)
            => x == y || (DateTimeOffset.TryParse(x, CultureInfo.InvariantCulture, out var at) && DateTimeOffset.TryParse(y, CultureInfo.InvariantCulture, out var then) && at == then),
        (JsonArray or JsonObject, JsonValue text) => JsonNode.DeepEquals(written, JsonNode.Parse((string)text!)),
        _ => JsonNode.DeepEquals(written, read),
    };

    private static List<double> Numbers(JsonNode node, bool swapped)
    {
        if (node is not JsonArray items)
        {
            return [(double)node];
        }
        var parts = items.Select(item => Numbers(item!, swapped)).ToList();
        if (swapped && items[0] is JsonValue)
        {
            parts.Reverse();
        }
        return [.. parts.SelectMany(p => p)];
    }

    private async Task<JsonArray> ReadAsync(string path)
    {
        var json = Path.Combine(_folder, "read.geojson");
        await RunAsync("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=12", "-lco", "SIGNIFICANT_FIGURES=17", json, path);
        return JsonNode.Parse(await File.ReadAllTextAsync(json))!["features"]!.AsArray();
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return await output + await errors;
    }
}
