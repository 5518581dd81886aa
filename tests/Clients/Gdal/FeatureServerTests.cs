using System.Diagnostics;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Clients.Gdal;

/// <summary>GDAL reads the sample county from the Esri face, page after page.</summary>
public sealed class FeatureServerTests : IAsyncLifetime
{
    private TestServer? _server;

    public async Task InitializeAsync()
    {
        // The tests are skipped, or fail, by their own attribute.
        if (SystemPrograms.PathOf("ogrinfo") is not null)
        {
            _server = await TestServer.StartWithSampleCountyAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [ProgramFact("ogrinfo")]
    public async Task All_issues_are_read_past_the_limit_of_a_page()
    {
        var issues = await _server!.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue");
        Assert.True(issues > 2000);
        var told = await InfoAsync("0/query?where=1%3D1&outFields=*&f=json&orderByFields=OBJECTID");
        Assert.Contains($"Feature Count: {issues}\n", told);
        Assert.Contains("Geometry: Point\n", told);
        Assert.Contains("ID[\"EPSG\",4326]", told);
        Assert.Contains("severity: Integer", told);
        // GDAL before 3.7 reads the milliseconds of a date as they are.
        Assert.Matches("reported_at: (String|DateTime)", told);
        var box = await _server.Data.ScalarAsync<string>("SELECT format('Extent: (%s, %s) - (%s, %s)', round(ST_XMin(b)::numeric, 6), round(ST_YMin(b)::numeric, 6), round(ST_XMax(b)::numeric, 6), round(ST_YMax(b)::numeric, 6)) FROM (SELECT ST_Extent(geom)::box3d AS b FROM geosan.issue) AS e");
        Assert.Contains(box, told);
    }

    [ProgramFact("ogrinfo")]
    public async Task Wards_come_with_their_outlines_in_the_system_asked_for()
    {
        var wards = await _server!.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL AND level = 'community'");
        var told = await InfoAsync("1/query?where=level%3D%27community%27&outFields=code,name&outSR=4547&f=json");
        Assert.Contains($"Feature Count: {wards}\n", told);
        Assert.Contains("Polygon", told);
        Assert.Contains("ID[\"EPSG\",4547]", told);
    }

    private async Task<string> InfoAsync(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("ogrinfo", ["-ro", "-so", "-al", $"ESRIJSON:{_server!.Address}arcgis/rest/services/GeoSanitation/FeatureServer/{path}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return await output + await errors;
    }
}
