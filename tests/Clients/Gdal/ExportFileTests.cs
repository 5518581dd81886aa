using System.Text.Json.Nodes;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Clients.Gdal;

/// <summary>What GDAL reads of a downloaded file is what the GeoJSON of the same layer says.</summary>
public sealed class ExportFileTests(SampleCounty county) : IClassFixture<SampleCounty>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("geosan-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramTheory("ogr2ogr")]
    [InlineData("issues.geojsonl?severity=4..5")]
    [InlineData("issues.csv?severity=4..5")]
    [InlineData("issues.fgb?severity=4..5")]
    [InlineData("issues.gpkg?severity=4..5")]
    [InlineData("issues.shp.zip?severity=4..5")]
    [InlineData("wards.fgb")]
    [InlineData("wards.gpkg")]
    [InlineData("wards.shp.zip")]
    public async Task Features_are_those_of_the_GeoJSON(string path)
    {
        var (name, query) = (path.Split('?')[0], path.Contains('?', StringComparison.Ordinal) ? "?" + path.Split('?')[1] : "");
        var layer = name.Split('.')[0];
        var file = Path.Combine(_folder, name.Replace(".geojsonl", ".geojsonseq", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(file, await county.Server.Client.GetByteArrayAsync("/api/exports/" + path));
        var read = Path.Combine(_folder, "read.geojson");

        await SampleCounty.RunAsync("ogr2ogr", ["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", read, .. name.EndsWith("csv", StringComparison.Ordinal) ? new[] { "-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude" } : [], file.EndsWith(".zip", StringComparison.Ordinal) ? "/vsizip/" + file : file]);

        var written = JsonNode.Parse(await county.Server.Client.GetStringAsync($"/api/exports/{layer}.geojson{query}"))!["features"]!.AsArray();
        var back = JsonNode.Parse(await File.ReadAllTextAsync(read))!["features"]!.AsArray();
        Assert.Equal(written.Count, back.Count);
        foreach (var (ours, theirs) in written.Zip(back))
        {
            Assert.Equal(Numbers(ours!["geometry"]!["coordinates"]!).ToHashSet().Count, Numbers(theirs!["geometry"]!["coordinates"]!).ToHashSet().Count);
            Assert.Equal(Numbers(ours["geometry"]!["coordinates"]!).Min(), Numbers(theirs["geometry"]!["coordinates"]!).Min(), 2e-7);
            foreach (var attribute in layer == "issues" ? (string[])["status", "severity", "title"] : ["code", "name", "level"])
            {
                Assert.Equal(ours["properties"]![attribute]?.ToString(), theirs["properties"]![attribute]?.ToString());
            }
        }
    }

    private static IEnumerable<double> Numbers(JsonNode node) => node is JsonArray array ? array.SelectMany(n => Numbers(n!)) : [Math.Round((double)node, 7)];
}
