using System.Diagnostics;
using System.Text.Json.Nodes;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Clients.Qgis;

/// <summary>QGIS without a window loads the layers, counts them, filters them and draws the heatmap.</summary>
public sealed class LayerTests(SampleCounty county) : IClassFixture<SampleCounty>
{
    // A file of the package: there is no program of this name.
    private const string Qgis = "/usr/lib/python3/dist-packages/qgis/core/__init__.py";

    [ProgramFact(Qgis)]
    public async Task Layers_open_with_all_their_features()
    {
        var folder = Directory.CreateTempSubdirectory("geosan-qgis-");
        try
        {
            var told = await RunAsync(folder.FullName);
            var issues = await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue");
            var wards = await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL");
            Assert.True((bool)told["issues_valid"]! && (bool)told["esri_valid"]! && (bool)told["tiles_valid"]! && (bool)told["heat_valid"]!, told.ToJsonString());
            Assert.Equal((issues, wards, wards), ((long)told["issues_count"]!, (long)told["wards_count"]!, (long)told["esri_count"]!));
            Assert.Contains("reported_at", told["issues_fields"]!.AsArray().Select(f => (string?)f));
            Assert.True((bool)told["subset_taken"]!);
            Assert.Equal(await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE severity = 5 AND status = 'dispatched'"), (long)told["subset_count"]!);
            Assert.True((int)told["heat_colors"]! > 20, $"the heatmap has {told["heat_colors"]} colors");
            Assert.True(new FileInfo(Path.Combine(folder.FullName, "heat.png")).Length > 5_000);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<JsonNode> RunAsync(string folder)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Qgis", "layers.py"), county.Server.Address.ToString(), Path.Combine(folder, "heat.png")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (start.Environment["QT_QPA_PLATFORM"], start.Environment["XDG_RUNTIME_DIR"], start.Environment["HOME"]) = ("offscreen", folder, folder);
        using var process = Process.Start(start)!;
        var (told, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var line = (await told).Split('\n').LastOrDefault(l => l.StartsWith('{'));
        Assert.True(line is not null, await errors);
        return JsonNode.Parse(line!)!;
    }
}
