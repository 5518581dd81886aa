using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Clients.Qgis;

/// <summary>QGIS without a window loads the layers, counts them, filters them and draws the heatmap.</summary>
public sealed class LayerTests(SampleCounty county) : IClassFixture<SampleCounty>
{
    [ProgramFact(QgisPython.OfSystem)]
    public Task Layers_open_with_all_their_features() => OpenLayersAsync(QgisPython.OfSystem);

    [ProgramFact(QgisPython.OfDebian13)]
    public Task Layers_open_with_all_their_features_in_a_newer_QGIS() => OpenLayersAsync(QgisPython.OfDebian13);

    private async Task OpenLayersAsync(string qgis)
    {
        var folder = Directory.CreateTempSubdirectory("geosan-qgis-");
        try
        {
            var told = await QgisPython.RunAsync(qgis, "layers.py", folder.FullName, county.Server.Address.ToString(), Path.Combine(folder.FullName, "heat.png"));
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
}
