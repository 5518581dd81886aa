using System.Text.Json;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Tiles;

/// <summary>Tiles for web maps and desktop programs (XYZ, web mercator), and the documents that describe them (TileJSON 3.0.0).</summary>
internal static class TileEndpoints
{
    private const string MvtType = "application/vnd.mapbox-vector-tile";
    private const string PngType = "image/png";
    private const string TwiceAsSharp = "@2x";

    internal static void AddTiles(this IServiceCollection services)
        => services.AddSingleton<HeatmapPeaks>();

    internal static void MapTiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/tiles").WithTags("Tiles");
        group.MapGet("/issues/{z}/{x}/{y}.mvt", GetIssueTile).WithName("GetIssueTile").Takes(TileAddress.Parameters).Takes(IssueFilterQuery.Parameters)
            .WithSummary("Vector tile of issues: aggregates with a count before zoom 14, then each issue; the issue filter applies")
            .Produces(200, contentType: MvtType).Produces(204).Produces(304).ProducesProblem(400);
        group.MapGet("/wards/{z}/{x}/{y}.mvt", GetWardTile).WithName("GetWardTile").Takes(TileAddress.Parameters).WithSummary("Vector tile of the wards in force")
            .Produces(200, contentType: MvtType).Produces(204).Produces(304).ProducesProblem(400);
        group.MapGet("/heatmap/{z}/{x}/{y}.png", GetHeatmapTile).WithName("GetHeatmapTile")
            .Takes(TileAddress.Parameters).Takes(IssueFilterQuery.Parameters).Takes(HeatmapParameters.Parameters)
            .WithSummary("Picture of the density of issues, one color scale for all tiles of a zoom; the issue filter applies, y@2x.png is twice as sharp")
            .Produces(200, contentType: PngType).Produces(304).ProducesProblem(400);
        group.MapGet("/heatmap/{z}/legend.json", GetHeatmapLegend).WithName("GetHeatmapLegend")
            .Takes(TileAddress.Parameters[0]).Takes(IssueFilterQuery.Parameters).Takes(HeatmapParameters.Parameters)
            .WithSummary("What the colors of the heatmap mean at a zoom, in issues per km2; the issue filter applies").Produces<HeatmapLegend>().Produces(304).ProducesProblem(400);
        foreach (var (layer, parameters) in (ReadOnlySpan<(string, IEnumerable<Parameter>)>)[
            ("issues", IssueFilterQuery.Parameters), ("wards", []), ("heatmap", [.. IssueFilterQuery.Parameters, .. HeatmapParameters.Parameters])])
        {
            group.MapGet($"/{layer}.json", (HttpContext context, PointSnapshots snapshots, WardSnapshots wards, DataSnapshots data) => GetTileJson(layer, context, snapshots, wards, data))
                .WithName($"Get{char.ToUpperInvariant(layer[0])}{layer[1..]}TileJson").WithSummary($"TileJSON of {layer}; its links carry the parameters on").Takes(parameters)
                .Produces<TileJson>().ProducesProblem(400);
        }
    }

    private static Task GetIssueTile(string z, string x, string y, HttpContext context, PointSnapshots snapshots, VersionedAnswers answers)
    {
        var tile = TileAddress.Parse(z, x, y);
        var filter = IssueFilterQuery.Parse(context.Request.Query);
        return answers.RespondAsync(context, MvtType, $"issues {tile} {IssuePointStore.KeyOf(filter)}", async (version, cancellation) =>
        {
            var points = await snapshots.GetAsync(filter, version, cancellation);
            return new VersionedBody(tile.Zoom < IssueTile.DetailZoom ? IssueTile.Aggregated(points, tile) : IssueTile.Detailed(points, tile), points.Issues.DataVersion);
        });
    }

    private static Task GetWardTile(string z, string x, string y, HttpContext context, WardSnapshots snapshots, VersionedAnswers answers)
    {
        var tile = TileAddress.Parse(z, x, y);
        return answers.RespondAsync(context, MvtType, $"wards {tile}", async (version, cancellation)
            => new VersionedBody(WardTile.Encode(await snapshots.GetAsync(version, cancellation), tile), version));
    }

    private static Task GetHeatmapTile(string z, string x, string y, HttpContext context, PointSnapshots snapshots, HeatmapPeaks peaks, VersionedAnswers answers)
    {
        var sharp = y.EndsWith(TwiceAsSharp, StringComparison.Ordinal);
        var tile = TileAddress.Parse(z, x, sharp ? y[..^TwiceAsSharp.Length] : y);
        var filter = IssueFilterQuery.Parse(context.Request.Query);
        var parameters = HeatmapParameters.Parse(context.Request.Query);
        return answers.RespondAsync(context, PngType, $"heatmap {tile} {sharp} {parameters} {IssuePointStore.KeyOf(filter)}", async (version, cancellation) =>
        {
            var points = await snapshots.GetAsync(filter, version, cancellation);
            var style = parameters.At(tile.Zoom, points.MiddleLatDegrees);
            var picture = Heatmap.Draw(points, tile, style, peaks.Of(points, tile.Zoom, style), sharp ? 2 * Heatmap.TilePixels : Heatmap.TilePixels, parameters.Ramp);
            return new VersionedBody(picture, points.Issues.DataVersion);
        });
    }

    private static Task GetHeatmapLegend(string z, HttpContext context, PointSnapshots snapshots, HeatmapPeaks peaks, VersionedAnswers answers)
    {
        var zoom = TileAddress.Parse(z, "0", "0").Zoom;
        var filter = IssueFilterQuery.Parse(context.Request.Query);
        var parameters = HeatmapParameters.Parse(context.Request.Query);
        return answers.RespondAsync(context, "application/json", $"legend {zoom} {parameters} {IssuePointStore.KeyOf(filter)}", async (version, cancellation) =>
        {
            var points = await snapshots.GetAsync(filter, version, cancellation);
            var style = parameters.At(zoom, points.MiddleLatDegrees);
            var legend = HeatmapLegend.Of(zoom, parameters, style, peaks.Of(points, zoom, style), points.MiddleLatDegrees);
            return new VersionedBody(JsonSerializer.SerializeToUtf8Bytes(legend, JsonForm.Options), points.Issues.DataVersion);
        });
    }

    private static async Task<IResult> GetTileJson(string layer, HttpContext context, PointSnapshots snapshots, WardSnapshots wardSnapshots, DataSnapshots data)
    {
        var cancellation = context.RequestAborted;
        var filter = IssueFilterQuery.Parse(context.Request.Query);
        // What the tiles would refuse is refused here already.
        HeatmapParameters.Parse(context.Request.Query);
        var version = (await data.CurrentAsync(cancellation)).Version;
        var bounds = layer == "wards" ? (await wardSnapshots.GetAsync(version, cancellation)).Bounds : (await snapshots.GetAsync(filter, version, cancellation)).Bounds;
        return TypedResults.Ok(TileJson.Of(layer, Links.Root(context.Request), context.Request.QueryString.Value ?? "", bounds));
    }
}
