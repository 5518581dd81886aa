using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Testing;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Cli.Tests.Commands;

/// <summary>The sample county on a server.</summary>
public sealed class CountyServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await TestServer.StartWithSampleCountyAsync();

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();
}

public sealed class HotspotsCommandTests(CountyServer county) : IClassFixture<CountyServer>
{
    private static readonly string[] Files = ["--issues", InProgram("seeds/issues.csv.gz"), "--wards", InProgram("geodata/wards.geojson")];

    [Theory]
    [InlineData("gi-star?size=300", "gi-star", "--size", "300")]
    [InlineData("gi-star?cell=ward&level=community&weight=severity", "gi-star", "--cell", "ward", "--level", "community", "--weight", "severity")]
    [InlineData("gi-star?cell=ward&level=community&rate=population", "gi-star", "--cell", "ward", "--level", "community", "--rate", "population")]
    [InlineData("local-moran?size=500&datetime=2026-01-01/..", "local-moran", "--size", "500", "--datetime", "2026-01-01/..")]
    [InlineData("emerging?size=500&crs=EPSG:4547", "emerging", "--size", "500", "--output-crs", "EPSG:4547")]
    [InlineData("density?severity=3..5", "density", "--severity", "3..5")]
    [InlineData("clusters?status=open&eps=60&min_points=5", "dbscan", "--status", "open", "--eps", "60", "--min-points", "5")]
    [InlineData("clusters?method=st-dbscan&relapse=true&include_default_points=true", "st-dbscan", "--relapse", "--include_default_points", "true")]
    [InlineData("clusters?bbox=112.66,32.40,112.70,32.44&relapse=false", "dbscan", "--bbox", "112.66,32.40,112.70,32.44", "--relapse", "false")]
    [InlineData("clusters?overdue=true", "dbscan", "--overdue", "true")]
    [InlineData("clusters?ward=990121001&ward=990121002&category=sanitation", "dbscan", "--ward", "990121001", "--ward", "990121002", "--category", "sanitation")]
    [InlineData("clusters?near=112.68,32.43&radius=800&q=路", "dbscan", "--near", "112.68,32.43", "--radius", "800", "--q", "路")]
    [InlineData("clusters?round=2025-covert-1&min_points=3", "dbscan", "--round", "2025-covert-1", "--min-points", "3")]
    [InlineData("clusters?method=hdbscan&min_cluster_size=15&status=open", "clusters", "--method", "hdbscan", "--min-cluster-size", "15", "--status", "open")]
    [InlineData("clusters?source=covert&department=市场监督管理局", "dbscan", "--source", "covert", "--department", "市场监督管理局")]
    public async Task The_county_from_its_files_and_from_the_database_gives_what_it_gives_over_HTTP(string path, params string[] arguments)
    {
        using var geosan = new Geosan();
        var online = JsonNode.Parse(await county.Server.Client.GetStringAsync(new Uri("/api/hotspots/" + path, UriKind.Relative)))!.AsObject();
        Assert.NotEmpty(online["features"]!.AsArray());

        foreach (var source in (string[][])[Files, ["--database", county.Server.Data.ConnectionString]])
        {
            var result = await geosan.RunAsync(["hotspots", .. arguments, .. source, "-o", "f.geojson"]);
            Assert.True(result.ExitCode == 0, result.Errors);
            Assert.EndsWith($"wrote {online["features"]!.AsArray().Count} features to f.geojson\n", result.Output);
            var offline = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(geosan.Home, "f.geojson")))!.AsObject();
            Assert.True(JsonNode.DeepEquals(online["features"], offline["features"]));
            Assert.Equal(Explained(online), Explained(offline));
        }
    }

    [Fact]
    public async Task Help_lists_the_methods_and_of_each_its_parameters_with_an_example()
    {
        using var geosan = new Geosan();

        var methods = await geosan.RunAsync("hotspots", "--help");
        var parameters = await geosan.RunAsync("hotspots", "dbscan", "--help");

        Assert.Equal((0, 0), (methods.ExitCode, parameters.ExitCode));
        Assert.All((string[])["clusters", "dbscan", "st-dbscan", "gi-star", "local-moran", "emerging", "density"], method => Assert.Contains($"\n  {method} ", methods.Output));
        Assert.All((string[])["--eps <eps>", "--min-points, --min_points", "--ward <ward>", "--status <open|", "(meters)", "--output-crs"], text => Assert.Contains(text, parameters.Output));
        Assert.Contains("Example:\n  geosan hotspots dbscan --eps 80 --min-points 10 --status open -o dbscan.gpkg\n", parameters.Output);
    }

    [Theory]
    [InlineData("--out was f.shp; it must end with one of .geojson", "dbscan", "-o", "f.shp")]
    [InlineData("eps was -5; it must be a number", "dbscan", "--eps", "-5", "-o", "f.gpkg")]
    [InlineData("eps was 9; it must be left out: beside the issue filter, hdbscan takes min_cluster_size", "clusters", "--method", "hdbscan", "--eps", "9", "-o", "f.gpkg")]
    [InlineData("method was kriging; it must be one of dbscan, hdbscan, st-dbscan", "clusters", "--method", "kriging", "-o", "f.gpkg")]
    [InlineData("--wards was w.geojson; it must be a file that is there", "gi-star", "--issues", "f.csv", "--wards", "w.geojson", "-o", "f.gpkg")]
    [InlineData("size was 9; it must be left out with cell=ward", "gi-star", "--cell", "ward", "--size", "9", "-o", "f.gpkg")]
    [InlineData("--width is about pictures", "gi-star", "--width", "900", "-o", "f.gpkg")]
    [InlineData("--dpi was 7; it must be a whole number from 48 to 600", "gi-star", "--dpi", "7", "-o", "f.png")]
    [InlineData("--crs says something about files; it must stand beside --issues FILE (for the system of the result: --output-crs)", "gi-star", "--crs", "GCJ02", "-o", "f.png")]
    [InlineData("--ward names wards; beside --issues it needs --wards FILE", "dbscan", "--issues", "f.csv", "--ward", "1", "-o", "f.png")]
    [InlineData("no column for the time of the report", "dbscan", "--issues", "g.csv", "-o", "f.png")]
    [InlineData("'kriging'; it must be one of clusters, dbscan, hdbscan, st-dbscan, gi-star, local-moran, emerging, scan, density", "kriging", "-o", "f.png")]
    public async Task Bad_use_is_one_line_exit_code_1_and_no_file(string says, params string[] arguments)
    {
        using var geosan = new Geosan();
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "f.csv"), "lon,lat,date\n114,30,2026-01-01\n");
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "g.csv"), "lon,lat\n114,30\n");

        var result = await geosan.RunAsync(["hotspots", .. arguments]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("geosan: ", result.Errors);
        Assert.Contains(says, result.Errors);
        Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
        Assert.Equal(["f.csv", "g.csv"], Directory.EnumerateFileSystemEntries(geosan.Home).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Without_wards_and_database_rows_that_are_no_issues_are_counted_and_the_file_is_replaced_as_a_whole()
    {
        using var geosan = new Geosan();
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "f.csv"), "id,lon,lat,date\n" + string.Concat(Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{i},{114 + i % 5 * 1e-5},{30 + i / 5 * 1e-5},2026-01-{1 + i % 20:00}\n"))) + "7,114,30,2026-01-01\nx,,30,2026-01-01\n");
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "c.json"), "what was there before");

        var result = await geosan.RunAsync("hotspots", "dbscan", "--eps", "50", "--issues", "f.csv", "--source", "hotline", "--time-zone", "UTC", "-o", "c.json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("read 40 issues, refused 2 rows", result.Output);
        var cluster = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(geosan.Home, "c.json")))!["features"]!.AsArray().Single()!["properties"]!;
        Assert.Equal((40, "2026-01-01T00:00:00Z", "2026-01-20T00:00:00Z"), ((int)cluster["count"]!, (string)cluster["first_reported"]!, (string)cluster["last_reported"]!));
        Assert.False(Directory.Exists(geosan.Data));
    }

    [Fact]
    public async Task A_picture_has_the_size_asked_for_and_shows_hot_cells_in_the_color_of_their_class()
    {
        using var geosan = new Geosan();

        var result = await geosan.RunAsync(["hotspots", "gi-star", "--size", "300", .. Files, "--title", "城岭县", "--width", "900", "--height", "700", "--dpi", "72", "-o", "f.png"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        var bytes = await File.ReadAllBytesAsync(Path.Combine(geosan.Home, "f.png"));
        using var picture = SKBitmap.Decode(bytes);
        Assert.Equal((900, 700), (picture.Width, picture.Height));
        Assert.Equal("pHYs"u8.ToArray(), bytes[37..41]);
        // 99 % hot at 78 % over the wards' ground; white paper.
        var hot = picture.Pixels.Count(p => Math.Abs(p.Red - 173) < 6 && Math.Abs(p.Green - 65) < 6 && Math.Abs(p.Blue - 77) < 6);
        Assert.InRange(hot, 1_000, 20_000);
        Assert.Equal(SKColors.White, picture.GetPixel(1, 1));
    }

    [Fact]
    public async Task Interrupted_nothing_is_left_behind()
    {
        using var geosan = new Geosan();
        await File.WriteAllTextAsync(Path.Combine(geosan.Home, "f.csv"), "id,lon,lat,date\n" + string.Concat(Enumerable.Range(0, 600_000).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{i},{114 + i % 1000 / 1e4},{30 + i / 1000 / 1e4},2026-01-01\n"))));
        using var process = geosan.Begin("hotspots", "st-dbscan", "--issues", "f.csv", "-o", "c.gpkg");
        while (Directory.GetFiles(geosan.Home, ".c.gpkg.*").Length == 0)
        {
            Assert.False(process.HasExited);
            await Task.Delay(20);
        }

        System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, process.ExitCode);
        Assert.Equal(["f.csv"], Directory.EnumerateFileSystemEntries(geosan.Home).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_system_failure()
    {
        using var geosan = new Geosan();

        var result = await geosan.RunAsync(["hotspots", "dbscan", .. Files, "-o", "nowhere/f.gpkg"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("nowhere", result.Errors);
    }

    private static string Explained(JsonObject answer)
    {
        var explain = answer["explain"]!.DeepClone().AsObject();
        explain.Remove("data_version");
        return explain.ToJsonString();
    }

    private static string InProgram(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
