using System.Globalization;
using System.Text.Json;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Tiles;

/// <summary>Tiles for web maps and desktop programs (XYZ, web mercator), and the documents that describe them (TileJSON 3.0.0).</summary>
internal static class TileEndpoints
{
    /// <summary>Media type of vector tiles.</summary>
    internal const string MvtType = "application/vnd.mapbox-vector-tile";
    private const string PngType = "image/png";
    private const string TwiceAsSharp = "@2x";

    // The map square is the same; what moves is where a place is seen in it.
    private static readonly Parameter<string> Datum = Parameter.Word(
        "crs", "Whose coordinates the tiles are in: WGS 84 seen in web mercator, or GCJ-02 seen so, to lie on domestic base maps of mainland China", "EPSG:3857", "GCJ02");

    private static readonly Parameter<(DateTimeOffset? From, DateTimeOffset? Before)> ScaleDatetime = IssueFilterQuery.Interval(
        "scale_datetime", "Another period beside datetime, which the scale of colors holds for too: it ends at the greater of both highest densities, so that pictures of both can be compared");

    private static readonly Parameter<long?> Run = new(
        "run", "Id of a run that is done, whose issues the filter does not change; the last published run of each method when left out", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" }, 17,
        text => text is null ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new BadParameterException("run", text, "the id of a run"));

    private static readonly Parameter<string?> Method = Parameter.Choice(
        "method", "Only of this method, beside published runs; with the issue filter, the method that is worked out, " + HotspotMethod.Usual + " when left out", [.. HotspotMethod.All.Select(m => m.Name)]);

    private static readonly IReadOnlyList<Parameter> IssueParameters = [.. IssueFilterQuery.Parameters, .. IssueTileParameters.Parameters, Datum];
    private static readonly IReadOnlyList<Parameter> HeatmapTileParameters = [.. IssueFilterQuery.Parameters, .. HeatmapParameters.Parameters, ScaleDatetime, Datum];
    private static readonly IReadOnlyList<Parameter> RunParameters = [.. IssueFilterQuery.Parameters, Run, Method, Datum];
    private static readonly IReadOnlyList<Parameter> WardParameters = [.. IssueFilterQuery.Parameters, Datum];

    /// <summary>What the tiles of a layer take, and the TileJSON of it.</summary>
    internal static IReadOnlyList<Parameter> ParametersOf(string layer) => layer switch
    {
        "issues" => IssueParameters,
        "heatmap" => HeatmapTileParameters,
        "hotspots" => RunParameters,
        _ => WardParameters,
    };

    /// <summary>Refuses what <c>crs</c>, <c>scale_datetime</c>, <c>run</c> and <c>method</c> may not be.</summary>
    /// <exception cref="BadParameterException">One of them is so.</exception>
    internal static void CheckDatumAndRuns(IQueryCollection query)
    {
        Datum.Read(query);
        ScaleDatetime.Read(query);
        RunOf(query);
    }

    internal static void AddTiles(this IServiceCollection services)
        => services.AddSingleton<HeatmapSurfaces>().AddSingleton<ClusterPyramids>().AddSingleton<RunShapes>().AddSingleton<WardFigures>();

    internal static void MapTiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/tiles").WithTags("Tiles");
        group.MapGet("/issues/{z}/{x}/{y}.mvt", (string z, string x, string y, HttpContext context) => RespondAsync(["issues"], z, x, y, context)).WithName("GetIssueTile").Takes(TileAddress.Parameters).Takes(IssueParameters)
            .WithSummary("Vector tile of issues: clusters up to zoom 13 and single issues, or cells with counts; the issue filter applies")
            .Produces(200, contentType: MvtType).Produces(204).Produces(304).ProducesProblem(400);
        group.MapGet("/wards/{z}/{x}/{y}.mvt", (string z, string x, string y, HttpContext context) => RespondAsync(["wards"], z, x, y, context)).WithName("GetWardTile").Takes(TileAddress.Parameters).Takes(WardParameters)
            .WithSummary("Vector tile of the wards in force; with the issue filter, the figures of their scorecards too")
            .Produces(200, contentType: MvtType).Produces(204).Produces(304).ProducesProblem(400);
        group.MapGet("/hotspots/{z}/{x}/{y}.mvt", (string z, string x, string y, HttpContext context) => RespondAsync(["hotspots"], z, x, y, context)).WithName("GetHotspotTile").Takes(TileAddress.Parameters).Takes(RunParameters)
            .WithSummary("Vector tile of the features of published runs, of one run, or of what a method with its usual parameters makes of the issues of the filter")
            .Produces(200, contentType: MvtType).Produces(204).Produces(304).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapGet("/heatmap/{z}/{x}/{y}.png", GetHeatmapTile).WithName("GetHeatmapTile").Takes(TileAddress.Parameters).Takes(HeatmapTileParameters)
            .WithSummary("Picture of the density of issues, one color scale for all tiles of a zoom; the issue filter applies, y@2x.png is twice as sharp")
            .Produces(200, contentType: PngType).Produces(304).ProducesProblem(400);
        group.MapGet("/heatmap/{z}/legend.json", GetHeatmapLegend).WithName("GetHeatmapLegend").Takes(TileAddress.Parameters[0]).Takes(HeatmapTileParameters)
            .WithSummary("What the colors of the heatmap mean at a zoom, in issues per km2; the issue filter applies").Produces<HeatmapLegend>().Produces(304).ProducesProblem(400);
        group.MapGet("/issues.json", GetIssueTileJson).WithName("GetIssuesTileJson").Takes(IssueParameters).Describes("issues");
        group.MapGet("/wards.json", GetWardTileJson).WithName("GetWardsTileJson").Takes(WardParameters).Describes("wards");
        group.MapGet("/hotspots.json", GetHotspotTileJson).WithName("GetHotspotsTileJson").Takes(RunParameters).Describes("hotspots").ProducesProblem(404).ProducesProblem(409);
        group.MapGet("/heatmap.json", GetHeatmapTileJson).WithName("GetHeatmapTileJson").Takes(HeatmapTileParameters).Describes("heatmap");
    }

    /// <summary>Answers with a vector tile of some layers, the first of them first in it.</summary>
    /// <param name="layers">Any of issues, wards and hotspots, each once.</param>
    /// <param name="z">Zoom, as it stands in the path.</param>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="context">The request, whose query says what the layers take.</param>
    internal static async Task RespondAsync(IReadOnlyList<string> layers, string z, string x, string y, HttpContext context)
    {
        var tile = TileAddress.Parse(z, x, y);
        var parts = new List<LayerTile>(layers.Count);
        foreach (var layer in layers)
        {
            parts.Add(layer switch
            {
                "issues" => IssueTileOf(tile, context),
                "wards" => WardTileOf(tile, context),
                _ => await HotspotTileOfAsync(tile, context),
            });
        }
        var (answers, asked) = (context.RequestServices.GetRequiredService<VersionedAnswers>(), string.Join('\n', parts.Select(part => $"{part.Asked} {part.Runs}")));
        await (parts is [{ Runs: { } runs }] ? answers.RespondAsync(context, MvtType, asked, runs, MakeAsync) : answers.RespondAsync(context, MvtType, asked, MakeAsync));

        async Task<VersionedBody?> MakeAsync(string version, CancellationToken cancellation)
        {
            var made = new TileBytes[parts.Count];
            // The issues may be of a newer version than was asked for; what is beside them is then of theirs.
            foreach (var i in Enumerable.Range(0, parts.Count).OrderBy(i => layers[i] != "issues"))
            {
                (made[i], version) = await parts[i].MakeAsync(version, cancellation);
            }
            return made is [var only] ? new VersionedBody(only.Bytes, version, only.Lent) : new VersionedBody(Joined(made), version);
        }
    }

    private static RouteHandlerBuilder Describes(this RouteHandlerBuilder route, string layer)
        => route.Takes(CommonParameters.Json).WithSummary($"TileJSON of {layer}; its links carry the parameters on").Produces<TileJson>().ProducesProblem(400).HasTag();

    /// <summary>A tile is its layers one after the other.</summary>
    private static byte[] Joined(TileBytes[] layers)
    {
        var tile = GC.AllocateUninitializedArray<byte>(layers.Sum(layer => layer.Bytes.Length));
        var at = 0;
        foreach (var (bytes, lent) in layers)
        {
            bytes.CopyTo(tile.AsMemory(at));
            at += bytes.Length;
            lent?.Dispose();
        }
        return tile;
    }

    private static LayerTile IssueTileOf(TileAddress tile, HttpContext context)
    {
        var (query, services) = (context.Request.Query, context.RequestServices);
        var (snapshots, pyramids, most) = (services.GetRequiredService<PointSnapshots>(), services.GetRequiredService<ClusterPyramids>(), services.GetRequiredService<Settings>().Tiles.MaxIssues);
        var (filter, parameters, datum) = (IssueFilterQuery.Parse(query), IssueTileParameters.Parse(query), Datum.Read(query));
        return new LayerTile($"issues {tile} {datum} {parameters} {IssuePointStore.KeyOf(filter)}", async (version, cancellation) =>
        {
            var points = await PointsAsync(snapshots, filter, datum, version, cancellation);
            TileBytes bytes = parameters switch
            {
                { Aggregate: "hex" } => BinTile.Encode(points, BinCells.Hexagons, tile),
                { Aggregate: "square" } => BinTile.Encode(points, BinCells.Squares, tile),
                { HasClusters: true } when tile.Zoom <= parameters.ClusterZoom => ClusterTile.Encode(points, pyramids.Of(points), tile, parameters.Attributes),
                _ => SingleIssues(),
            };
            return (bytes, points.DataVersion);

            TileBytes SingleIssues()
            {
                parameters.RequireFewEnough(points.Chosen.InSquare(tile.Zoom, tile.X, tile.Y).Sum(stretch => stretch.Count), most, tile.Zoom);
                var lent = IssueTile.Encode(points, tile, parameters.Attributes);
                return new TileBytes(lent.Memory, lent);
            }
        });
    }

    private static LayerTile WardTileOf(TileAddress tile, HttpContext context)
    {
        var (query, services) = (context.Request.Query, context.RequestServices);
        var (snapshots, datum) = (services.GetRequiredService<WardSnapshots>(), Datum.Read(query));
        if (!IssueFilterQuery.IsGiven(query))
        {
            return new LayerTile($"wards {tile} {datum}", async (version, cancellation) => (WardTile.Encode(await WardsAsync(snapshots, datum, version, cancellation), tile, figures: null), version));
        }
        var (filter, figures) = (IssueFilterQuery.Parse(query), services.GetRequiredService<WardFigures>());
        return new LayerTile($"wards {tile} {datum} {IssuePointStore.KeyOf(filter)}", async (version, cancellation) =>
        {
            var (ofRow, of) = await figures.GetAsync(filter, version, cancellation);
            return (WardTile.Encode(await WardsAsync(snapshots, datum, of, cancellation), tile, ofRow), of);
        });
    }

    private static async Task<LayerTile> HotspotTileOfAsync(TileAddress tile, HttpContext context)
    {
        var (query, shapes) = (context.Request.Query, context.RequestServices.GetRequiredService<RunShapes>());
        var datum = Datum.Read(query);
        if (AnalysisOf(query) is { } analysis)
        {
            var tables = context.RequestServices.GetRequiredService<KeptTables>();
            return new LayerTile($"hotspots {tile} {datum} {analysis.Key}", async (version, cancellation) =>
            {
                var (table, of) = await tables.GetAsync(analysis, version, cancellation);
                return (HotspotTile.Encode([Seen(shapes.Of(analysis.Method, table), datum)], tile), of);
            });
        }
        var runs = await ChooseAsync(query, shapes, context.RequestAborted);
        return new LayerTile($"hotspots {tile} {datum}", async (version, cancellation) => (HotspotTile.Encode(await ShapesAsync(runs, shapes, datum, cancellation), tile), version))
        {
            Runs = "runs " + string.Join(' ', runs.Select(r => $"{r.Id}/{r.DataVersion}")),
        };
    }

    private static Task GetHeatmapTile(string z, string x, string y, HttpContext context, PointSnapshots snapshots, HeatmapSurfaces surfaces, VersionedAnswers answers)
    {
        var sharp = y.EndsWith(TwiceAsSharp, StringComparison.Ordinal);
        var tile = TileAddress.Parse(z, x, sharp ? y[..^TwiceAsSharp.Length] : y);
        var query = context.Request.Query;
        var (filter, other, parameters, datum) = (IssueFilterQuery.Parse(query), InScale(query), HeatmapParameters.Parse(query), Datum.Read(query));
        return answers.RespondAsync(context, PngType, $"heatmap {tile} {sharp} {datum} {parameters} {IssuePointStore.KeyOf(filter)} {KeyOf(other)}", async (version, cancellation) =>
        {
            var points = await PointsAsync(snapshots, filter, datum, version, cancellation);
            var style = parameters.At(tile.Zoom, points.MiddleLatDegrees);
            var surface = await SurfaceAsync(surfaces, snapshots, points, other, tile.Zoom, style, datum, version, cancellation);
            var picture = Heatmap.Draw(surface, tile.X, tile.Y, sharp ? 2 * Heatmap.TilePixels : Heatmap.TilePixels, parameters.Ramp);
            return new VersionedBody(picture, points.DataVersion);
        });
    }

    private static Task GetHeatmapLegend(string z, HttpContext context, PointSnapshots snapshots, HeatmapSurfaces surfaces, VersionedAnswers answers)
    {
        var zoom = TileAddress.Parse(z, "0", "0").Zoom;
        var query = context.Request.Query;
        var (filter, other, parameters, datum) = (IssueFilterQuery.Parse(query), InScale(query), HeatmapParameters.Parse(query), Datum.Read(query));
        return answers.RespondAsync(context, "application/json", $"legend {zoom} {datum} {parameters} {IssuePointStore.KeyOf(filter)} {KeyOf(other)}", async (version, cancellation) =>
        {
            var points = await PointsAsync(snapshots, filter, datum, version, cancellation);
            var style = parameters.At(zoom, points.MiddleLatDegrees);
            var surface = await SurfaceAsync(surfaces, snapshots, points, other, zoom, style, datum, version, cancellation);
            var legend = HeatmapLegend.Of(zoom, parameters, style, surface.Peak, points.MiddleLatDegrees);
            return new VersionedBody(JsonSerializer.SerializeToUtf8Bytes(legend, JsonForm.Options), points.DataVersion);
        });
    }

    /// <summary>What is drawn; its scale of colors ends at the highest density of other issues too, where they are given.</summary>
    private static async Task<HeatmapSurface> SurfaceAsync(
        HeatmapSurfaces surfaces, PointSnapshots snapshots, PointSnapshot points, IssueFilter? other, int zoom, HeatmapStyle style, string datum, string version, CancellationToken cancellation)
    {
        var surface = surfaces.Of(points, zoom, style);
        return other is null ? surface : surface with { Peak = Math.Max(surface.Peak, surfaces.Of(await PointsAsync(snapshots, other, datum, version, cancellation), zoom, style).Peak) };
    }

    /// <summary>The issues that the scale of colors holds for too; null without <c>scale_datetime</c>.</summary>
    private static IssueFilter? InScale(IQueryCollection query)
    {
        var (from, before) = ScaleDatetime.Read(query);
        return query.ContainsKey(ScaleDatetime.Name) ? IssueFilterQuery.Parse(query) with { ReportedFrom = from, ReportedBefore = before } : null;
    }

    private static string KeyOf(IssueFilter? filter) => filter is null ? "" : IssuePointStore.KeyOf(filter);

    // What the tiles would refuse is refused here already.

    private static async Task<IResult> GetIssueTileJson(HttpContext context, PointSnapshots snapshots, DataSnapshots data)
    {
        var content = TileContent.Issues(IssueTileParameters.Parse(context.Request.Query));
        return Described(context, "issues", content, await BoundsAsync(context, snapshots, data));
    }

    private static async Task<IResult> GetHeatmapTileJson(HttpContext context, PointSnapshots snapshots, DataSnapshots data)
    {
        HeatmapParameters.Parse(context.Request.Query);
        ScaleDatetime.Read(context.Request.Query);
        return Described(context, "heatmap", TileContent.Heatmap, await BoundsAsync(context, snapshots, data));
    }

    private static async Task<IResult> GetWardTileJson(HttpContext context, WardSnapshots snapshots, DataSnapshots data)
    {
        var version = (await data.CurrentAsync(context.RequestAborted)).Version;
        IssueFilterQuery.Parse(context.Request.Query);
        return Described(context, "wards", TileContent.Wards(IssueFilterQuery.IsGiven(context.Request.Query)), (await WardsAsync(snapshots, Datum.Read(context.Request.Query), version, context.RequestAborted)).Bounds);
    }

    private static async Task<IResult> GetHotspotTileJson(HttpContext context, RunShapes shapes, PointSnapshots snapshots, DataSnapshots data, Settings settings)
    {
        var query = context.Request.Query;
        if (AnalysisOf(query) is { } analysis)
        {
            // What it comes to lies about where the issues do; nothing is worked out to be described.
            var names = ResultShape.Of(analysis.Method, settings).Columns.Select(c => c.Name);
            return Described(context, "hotspots", TileContent.Hotspots([(analysis.Method.Name, names)], kept: false), await BoundsAsync(context, snapshots, data));
        }
        var runs = await ShapesAsync(await ChooseAsync(query, shapes, context.RequestAborted), shapes, Datum.Read(query), context.RequestAborted);
        var bounds = new Envelope();
        foreach (var run in runs)
        {
            bounds.ExpandToInclude(run.Bounds);
        }
        return Described(context, "hotspots", TileContent.Hotspots(runs.Select(run => (run.Method, run.Columns.AsEnumerable())), kept: true), bounds);
    }

    private static Ok<TileJson> Described(HttpContext context, string layer, TileContent content, Envelope bounds)
    {
        var (query, form) = (context.Request.Query, CommonParameters.Json);
        form.Read(query);
        // It is of the description, not of the tiles.
        var carried = QueryString.Create(query.Where(p => !p.Key.Equals(form.Name, StringComparison.OrdinalIgnoreCase)));
        return TypedResults.Ok(TileJson.Of(layer, content, Links.Root(context.Request), carried.ToUriComponent(), bounds));
    }

    private static async Task<Envelope> BoundsAsync(HttpContext context, PointSnapshots snapshots, DataSnapshots data)
    {
        var version = (await data.CurrentAsync(context.RequestAborted)).Version;
        return (await PointsAsync(snapshots, IssueFilterQuery.Parse(context.Request.Query), Datum.Read(context.Request.Query), version, context.RequestAborted)).Bounds;
    }

    private static async Task<PointSnapshot> PointsAsync(PointSnapshots snapshots, IssueFilter filter, string datum, string version, CancellationToken cancellation)
    {
        var points = await snapshots.GetAsync(filter, version, cancellation);
        return datum == "GCJ02" ? points.InGcj02 : points;
    }

    private static async Task<WardSnapshot> WardsAsync(WardSnapshots snapshots, string datum, string version, CancellationToken cancellation)
    {
        var wards = await snapshots.GetAsync(version, cancellation);
        return datum == "GCJ02" ? wards.InGcj02 : wards;
    }

    /// <summary>A tile, or one layer of it.</summary>
    /// <param name="Bytes">The bytes.</param>
    /// <param name="Lent">What gives their memory back; null where it is theirs.</param>
    private readonly record struct TileBytes(ReadOnlyMemory<byte> Bytes, IDisposable? Lent)
    {
        public static implicit operator TileBytes(byte[] bytes) => new(bytes, null);
    }

    /// <summary>A vector tile of a layer, as a request asks for it.</summary>
    /// <param name="Asked">A text that is equal only for what has the same tile at the same version.</param>
    /// <param name="MakeAsync">Makes it of a data version or a newer one, and says which.</param>
    private sealed record LayerTile(string Asked, Func<string, CancellationToken, Task<(TileBytes Bytes, string DataVersion)>> MakeAsync)
    {
        /// <summary>The runs that it is made of; null for one of the data.</summary>
        internal string? Runs { get; init; }
    }

    private static Task<IReadOnlyList<RunRecord>> ChooseAsync(IQueryCollection query, RunShapes shapes, CancellationToken cancellation)
    {
        var (run, method) = RunOf(query);
        return shapes.ChooseAsync(run, method, cancellation);
    }

    private static (long? Id, string? Method) RunOf(IQueryCollection query)
    {
        var (run, method) = (Run.Read(query), Method.Read(query));
        return run is null || method is null ? (run, method) : throw new BadParameterException(Method.Name, method, "left out beside run");
    }

    /// <summary>What is worked out for the issues of the filter; null without one, and where a run is named, which has issues of its own.</summary>
    private static AnalysisRequest? AnalysisOf(IQueryCollection query)
    {
        var (run, method) = RunOf(query);
        return run is not null || !IssueFilterQuery.IsGiven(query) ? null
            : AnalysisRequest.OfFilter(method, query);
    }

    private static RunShape Seen(RunShape shape, string datum) => datum == "GCJ02" ? shape.InGcj02 : shape;

    private static async Task<IReadOnlyList<RunShape>> ShapesAsync(IReadOnlyList<RunRecord> runs, RunShapes shapes, string datum, CancellationToken cancellation)
    {
        var read = await Task.WhenAll(runs.Select(run => shapes.GetAsync(run, cancellation)));
        return [.. read.Select(shape => Seen(shape, datum))];
    }
}
