using GeoSanitation.Server.Http;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Runs;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Catalog;

/// <summary>A way to get a data set.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Format">Its name among people.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Path">Where it is, from the server's root.</param>
/// <param name="IsFile">True for a file to be loaded as a whole, false for an interface.</param>
internal sealed record Distribution(string Title, string Format, string MediaType, string Path, bool IsFile);

/// <summary>What the server publishes, as catalogs name it.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Title">Its name among people.</param>
/// <param name="Description">What is in it.</param>
/// <param name="InChinese">Name and description in Chinese.</param>
/// <param name="Page">Where it is read, from the server's root.</param>
/// <param name="Keywords">Words that it is to be found by.</param>
/// <param name="Modified">When it was changed last, UTC; null when there is nothing in it.</param>
/// <param name="Period">First and last report; null where that says nothing.</param>
/// <param name="Box">Longitude and latitude around it; null when nobody knows.</param>
/// <param name="IsContinuous">Whether it changes all the time.</param>
/// <param name="Distributions">The ways to get it.</param>
internal sealed record DataSet(
    string Name, string Title, string Description, (string Title, string Description) InChinese, string Page, IReadOnlyList<string> Keywords, DateTime? Modified, (DateTime First, DateTime Last)? Period, Envelope? Box, bool IsContinuous,
    IReadOnlyList<Distribution> Distributions)
{
    private const int MostRuns = 1000;

    private static readonly (string Extension, string Format, string MediaType)[] Files =
    [
        ("geojson", "GeoJSON", "application/geo+json"), ("geojsonl", "GeoJSON text sequence", "application/geo+json-seq"), ("csv", "CSV", "text/csv"), ("fgb", "FlatGeobuf", "application/flatgeobuf"),
        ("gpkg", "GeoPackage", "application/geopackage+sqlite3"), ("shp.zip", "Shapefile", "application/zip"), ("parquet", "GeoParquet", "application/vnd.apache.parquet"),
    ];

    /// <summary>The kept analyses that are published, the latest first.</summary>
    /// <param name="database">The database.</param>
    /// <param name="wards">The wards.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static async Task<IReadOnlyList<DataSet>> RunsAsync(Database database, WardSnapshot wards, CancellationToken cancellation)
    {
        var runs = await new RunStore(database).ListAsync(null, null, "done", published: true, MostRuns, cancellation);
        return [.. runs.Select(run => OfRun(
            run, $"run-{run.Id}", run.Name ?? $"Hotspots of run {run.Id} ({run.Method})", run.Name ?? $"第 {run.Id} 次分析的热点（{run.Method}）", wards.Bounds.IsNull ? null : wards.Bounds,
            [
                new("Features of the published analysis", "GeoJSON", "application/geo+json", $"/api/runs/{run.Id}/result", true),
                new("Vector tiles of the analysis", "TileJSON", "application/json", $"/tiles/hotspots.json?run={run.Id}", false),
            ]))];
    }

    private static DataSet OfRun(RunRecord run, string name, string title, string chineseTitle, Envelope? box, IReadOnlyList<Distribution> distributions) => new(
        name, title, $"Where sanitation issues concentrate more than chance would have it: the published analysis, {run.Name ?? run.Method}.",
        (chineseTitle, $"环境卫生问题的聚集超出偶然的地方：已发布的分析，{run.Name ?? run.Method}。"), $"/api/runs/{run.Id}/result",
        ["hotspots", "spatial statistics", run.Method, "热点", "空间统计"], run.PublishedAt, null, box, false, distributions);

    /// <summary>All that there is now; of each only the ways that this server has.</summary>
    /// <param name="database">The database.</param>
    /// <param name="wards">The wards.</param>
    /// <param name="addresses">The server's own addresses.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static async Task<IReadOnlyList<DataSet>> ListAsync(Database database, WardSnapshot wards, OwnAddresses addresses, CancellationToken cancellation)
    {
        var extent = await new IssueStore(database).ExtentAsync(cancellation);
        var box = wards.Bounds.IsNull ? null : wards.Bounds;
        var sets = new List<DataSet>
        {
            new(
                "issues", "Sanitation issues", "Sanitation problems, one point each: where, what, how bad, since when, whose, in which state, and whether they came back.",
                ("市容环境卫生问题", "每个问题一个点：在哪里、是什么、多严重、何时发现、由谁负责、处于什么状态、是否反复出现。"), "/api/issues",
                ["sanitation", "waste", "city management", "311", "市容环境卫生", "问题点"], extent?.LastChange, extent is { } e ? (e.FirstReport, e.LastReport) : null, box, true,
                Reachable("issues", 0, [
                    new("Issues page by page, with filters", "GeoJSON", "application/geo+json", "/api/issues", false),
                    new("Vector tiles of issues", "TileJSON", "application/json", "/tiles/issues.json", false),
                    new("Heatmap of issues", "TileJSON", "application/json", "/tiles/heatmap.json", false),
                    new("Emergencies", "Atom with CAP 1.2", "application/atom+xml", "/api/alerts/feed.atom", false),
                    new("Service requests", "Open311 GeoReport v2", "text/xml", "/open311/v2/requests.xml", false)])),
            new(
                "wards", "Wards", "Areas that somebody answers for, in a tree from the county to the unit grid.",
                ("责任区", "有单位负责的区域，从县到单元网格逐级相属。"), "/api/wards", ["wards", "boundaries", "administrative units", "责任区", "网格"],
                wards.Current.Count > 0 ? await new Store.Wards.WardStore(database).LastChangeAsync(cancellation) : null, null, box, false,
                Reachable("wards", 1, [
                    new("Wards page by page", "GeoJSON", "application/geo+json", "/api/wards", false),
                    new("Vector tiles of wards", "TileJSON", "application/json", "/tiles/wards.json", false)])),
        };
        if (await new RunStore(database).LastPublishedAsync(cancellation) is { } run)
        {
            sets.Add(OfRun(run, "hotspots", "Hotspots", "热点", box,
                Reachable("hotspots", 2, [
                    new("Features of the published analysis", "GeoJSON", "application/geo+json", $"/api/runs/{run.Id}/result", true),
                    new("Vector tiles of hotspots", "TileJSON", "application/json", "/tiles/hotspots.json", false),
                    new("Feed of changes of hotspots", "Atom with GeoRSS", "application/atom+xml", "/api/hotspots/feed.atom", false)])));
        }
        return sets;

        IReadOnlyList<Distribution> Reachable(string name, int number, Distribution[] own) => [.. own
            .Append(new("OGC API Features", "OGC API", "application/json", $"/ogc/collections/{name}", false))
            .Append(new("Esri feature layer", "Esri REST", "application/json", $"/arcgis/rest/services/GeoSanitation/FeatureServer/{number}", false))
            .Append(new("Map pictures", "WMS", "text/xml", "/wms?service=WMS&request=GetCapabilities", false))
            .Concat(Files.Select(f => new Distribution($"All of it as {f.Format}", f.Format, f.MediaType, $"/api/exports/{name}.{f.Extension}", true)))
            .Where(d => addresses.Has(d.Path))];
    }
}
