using System.Text.Json.Nodes;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Clients.Gdal;

/// <summary>Files that GDAL writes come in whole: indexed, in other encodings and other systems than our own files are.</summary>
public sealed class ImportFileTests(SampleCounty county) : IClassFixture<SampleCounty>, IDisposable
{
    // The other files of these tests are in the database too.
    private const string Query = "?severity=5&status=open";
    private const string Own = Query + "&filter=source NOT LIKE 'made%'";

    private readonly string _folder = Directory.CreateTempSubdirectory("geosan-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramTheory("ogr2ogr")]
    [InlineData("fgb", "-f", "FlatGeobuf", "-t_srs", "EPSG:4547", "-mapFieldType", "StringList=String")]
    [InlineData("gpkg", "-f", "GPKG", "-t_srs", "EPSG:4490")]
    [InlineData("geojsonl", "-f", "GeoJSONSeq", "-lco", "RS=YES")]
    [InlineData("shp.zip", "-f", "ESRI Shapefile", "-t_srs", "EPSG:4547", "-lco", "ENCODING=GBK")]
    [InlineData("xlsx", "-f", "XLSX", "-oo", "FLATTEN_NESTED_ATTRIBUTES=NO", "-sql", "SELECT *, ST_X(geometry) AS longitude, ST_Y(geometry) AS latitude FROM issues", "-dialect", "SQLite")]
    public async Task Issues_of_a_file_are_those_it_was_made_of(string extension, params string[] arguments)
    {
        var (source, made) = (Path.Combine(_folder, "issues.geojson"), Path.Combine(_folder, "made." + extension));
        await File.WriteAllBytesAsync(source, await county.Server.Client.GetByteArrayAsync("/api/exports/issues.geojson" + Own));
        await SampleCounty.RunAsync("ogr2ogr", [.. arguments, made, source]);
        using var client = await county.Server.ClientAsync(Roles.Administrator);
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(made));
        body.Headers.ContentType = new("application/octet-stream");

        using var answer = await client.PostAsync($"/api/imports?kind=issues&time_zone=UTC&source=made-{extension}", body);

        var job = await JobEnd.OfAsync(client, answer.Headers.Location!);
        Assert.True(job.GetProperty("state").GetString() == "done", job.ToString());
        Assert.Equal(0, job.GetProperty("counts").GetProperty("refused").GetInt32());
        // GDAL writes times into a Shapefile as dates.
        var hasTimes = extension != "shp.zip";
        var (before, after) = (await SaidAsync(Own, hasTimes), await SaidAsync(Query + $"&source=made-{extension}", hasTimes));
        Assert.NotEmpty(before);
        Assert.Equal(before, after);
    }

    private async Task<List<string>> SaidAsync(string query, bool hasTimes)
    {
        var features = JsonNode.Parse(await county.Server.Client.GetStringAsync("/api/exports/issues.geojson" + query))!["features"]!.AsArray();
        return [.. features.Select(f => string.Join('|', f!["properties"]!["external_id"], f["properties"]!["title"], f["properties"]!["category"], (string?)f["properties"]!["reported_at"] is { } time ? time[..(hasTimes ? 19 : 10)] : "",
            f["properties"]!["address"], Math.Round((double)f["geometry"]!["coordinates"]![0]!, 6), Math.Round((double)f["geometry"]!["coordinates"]![1]!, 6))).Order(StringComparer.Ordinal)];
    }
}
