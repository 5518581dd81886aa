using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Testing;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Clients.OwsLib;

/// <summary>Maps by WMS and features by OGC API, asked for by GDAL and by OWSLib, which many programs in Python stand on.</summary>
public sealed class MapAndFeatureTests : IAsyncLifetime
{
    // Debian's place for it: another Python of the same machine does not have it.
    private const string OwsLib = "/usr/lib/python3/dist-packages/owslib/__init__.py";

    private readonly string _folder = Directory.CreateTempSubdirectory("geosan-maps-").FullName;

    private TestServer _server = null!;

    private string Root => _server.Address.GetLeftPart(UriPartial.Authority);

    public async Task InitializeAsync() => _server = await TestServer.StartWithSampleCountyAsync();

    public async Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await _server.DisposeAsync();
    }

    [ProgramFact("gdal_translate")]
    public async Task GDAL_draws_the_same_map_by_both_versions()
    {
        var newer = await MapAsync("<Version>1.3.0</Version><CRS>EPSG:4326</CRS><BBoxOrder>yxYX</BBoxOrder>");
        var older = await MapAsync("<Version>1.1.1</Version><SRS>EPSG:4326</SRS>");
        Assert.True(newer.Distinct().Count() > 20);
        Assert.Equal(newer, older);
    }

    [ProgramFact(OwsLib)]
    public async Task OWSLib_reads_what_there_is_and_gets_maps_and_features()
    {
        var told = JsonDocument.Parse(await RunAsync("/usr/bin/python3", Path.Combine(SharedData.RepositoryRoot, "tests", "Clients", "OwsLib", "client.py"), Root)).RootElement;
        foreach (var (name, version) in ((string, string)[])[("older", "1.1.1"), ("newer", "1.3.0")])
        {
            var maps = told.GetProperty(name);
            Assert.Equal(version, maps.GetProperty("version").GetString());
            Assert.Superset(new HashSet<string?> { "heatmap", "hotspots", "issues", "wards" }, Texts(maps.GetProperty("layers")).ToHashSet());
            Assert.True(maps.GetProperty("time").GetBoolean());
            Assert.Contains("county", Texts(maps.GetProperty("wards")));
            using var picture = SKBitmap.Decode(Convert.FromHexString(maps.GetProperty("picture").GetString()!));
            Assert.Equal((320, 240), (picture.Width, picture.Height));
            Assert.True(picture.Pixels.Distinct().Count() > 20);
        }
        Assert.Equal(told.GetProperty("older").GetProperty("picture").GetString(), told.GetProperty("newer").GetProperty("picture").GetString());

        var features = told.GetProperty("features");
        Assert.Superset(new HashSet<string?> { "conformance", "data", "service-desc" }, Texts(features.GetProperty("landing")).ToHashSet());
        Assert.Contains("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", Texts(features.GetProperty("conformance")));
        Assert.Superset(new HashSet<string?> { "issues", "wards" }, Texts(features.GetProperty("collections")).ToHashSet());
        Assert.Contains("severity", Texts(features.GetProperty("queryables")));
        var summary = await _server.Client.GetFromJsonAsync<JsonElement>("/api/issues/summary?bbox=112.6,32.3,112.8,32.5");
        Assert.Equal(summary.GetProperty("total").GetInt32(), features.GetProperty("matched").GetInt32());
        var places = features.GetProperty("coordinates").EnumerateArray().ToList();
        Assert.Equal(7, places.Count);
        var records = told.GetProperty("records");
        Assert.Equal(["all", "dataset", "download"], Texts(records.GetProperty("collections")));
        Assert.Contains("/api/search/v1/collections/{collectionId}/items", Texts(records.GetProperty("operations")));
        Assert.Contains("keywords", Texts(records.GetProperty("queryables")));
        var found = Texts(records.GetProperty("found")).ToList();
        Assert.Equal(records.GetProperty("matched").GetInt32(), found.Count);
        Assert.Superset(new HashSet<string?> { "wards", "wards.geojson", "wards.csv" }, found.ToHashSet());
        Assert.DoesNotContain("issues", found);
        Assert.Equal("Wards", records.GetProperty("title").GetString());
        Assert.All(places, at => Assert.True(at[0].GetDouble() is >= 112.6 and <= 112.8 && at[1].GetDouble() is >= 32.3 and <= 32.5, at.ToString()));
    }

    [Fact]
    public async Task Catalogs_name_both_protocols()
    {
        var catalog = await _server.Client.GetStringAsync("/data.json");
        Assert.Contains("/ogc/collections/issues\"", catalog);
        Assert.Contains("/wms?service=WMS", catalog);
    }

    private static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(t => t.GetString());

    /// <summary>The pixels of a map that GDAL got by a description of the service.</summary>
    private async Task<SKColor[]> MapAsync(string protocol)
    {
        var (description, file) = (Path.Combine(_folder, "wms.xml"), Path.Combine(_folder, "map.png"));
        await File.WriteAllTextAsync(description, $"""
            <GDAL_WMS>
              <Service name="WMS">{protocol}<ServerUrl>{Root}/wms?</ServerUrl><ImageFormat>image/png</ImageFormat><Transparent>TRUE</Transparent><Layers>heatmap,issues</Layers><Styles></Styles></Service>
              <DataWindow><UpperLeftX>112.6</UpperLeftX><UpperLeftY>32.5</UpperLeftY><LowerRightX>112.8</LowerRightX><LowerRightY>32.3</LowerRightY><SizeX>300</SizeX><SizeY>300</SizeY></DataWindow>
              <Projection>EPSG:4326</Projection><BandsCount>4</BandsCount>
            </GDAL_WMS>
            """);
        await RunAsync("gdal_translate", "-q", "-of", "PNG", description, file);
        using var picture = SKBitmap.Decode(file);
        Assert.Equal((300, 300), (picture.Width, picture.Height));
        return picture.Pixels;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }
}
