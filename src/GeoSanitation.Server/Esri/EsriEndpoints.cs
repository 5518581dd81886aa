using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Styles;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Esri;

/// <summary>The data as an Esri FeatureServer (GeoServices REST). Every address answers GET and POST alike, as Esri's clients use both.</summary>
internal static class EsriEndpoints
{
    private const string Root = "/arcgis/rest";
    private const string Form = "application/x-www-form-urlencoded";
    private const string Service = "/services/" + FeatureServer.Name + "/FeatureServer";
    private const string Tiles = "/services/" + FeatureServer.Name + "/VectorTileServer";

    /// <summary>What is below these refuses by the status: OGC's documents, tiles and markers.</summary>
    private static readonly string[] Others = ["/services/" + FeatureServer.Name + "/OGCFeatureServer", Tiles + "/"];

    private static readonly Parameter Anything = Parameter.OfText("path", "What is asked for and not there", "services/Streets/FeatureServer");

    internal static void AddEsri(this IServiceCollection services) => services.AddSingleton<FeatureServer>().AddSingleton<QueryEndpoint>().AddSingleton<EditEndpoint>().AddSingleton<ChangesEndpoint>();

    internal static void MapEsri(this IEndpointRouteBuilder routes)
    {
        var rest = routes.MapGroup(Root).WithTags("GeoServices").TakesAnything().RefusesBy(Root, EsriErrors.WriteAsync).TakesKeyAs(QueryParameters.Token.Name);
        Parameter[] document = [QueryParameters.DocumentFormat, QueryParameters.Token];
        rest.MapGroup("").OpenToAll().Map("/info", "EsriInfo", "Version of the protocol, and how callers show who they are", document, async (context, _) => await (await EsriRequest.ReadAsync(context)).WriteAsync(ServiceDocuments.Info(Links.Root(context.Request))));
        rest.Map("/services", "EsriServices", "The services there are", document, (EsriHandler)(async (context, _) => await (await EsriRequest.ReadAsync(context)).WriteAsync(ServiceDocuments.Catalog)));
        rest.Map("/services/" + FeatureServer.Name, "EsriFolder", "The services of this name", document, (EsriHandler)(async (context, _) => await (await EsriRequest.ReadAsync(context)).WriteAsync(ServiceDocuments.Catalog)));
        rest.Map(Service, "EsriFeatureServer", "The service: its layers, extent and abilities", document, WriteService);
        rest.Map(Service + "/layers", "EsriLayers", "All layers with their fields", document, WriteLayers);
        rest.Map(Service + "/extractChanges", "EsriChanges", "Issues that were added, changed or deleted since the caller asked last", ChangeQuery.Parameters, (context, _) => context.RequestServices.GetRequiredService<ChangesEndpoint>().RespondAsync(context));
        rest.Map(Service + "/{layer}", "EsriLayer", "A layer: fields, extent, time, look and abilities", [QueryParameters.LayerNumber, .. document], WriteLayer);
        rest.Map(Service + "/{layer}/query", "EsriQuery", "Features of a layer, their numbers, count, extent, different values or statistics",
            [QueryParameters.LayerNumber, .. QueryParameters.OfQuery, .. IssueFilterQuery.Parameters], (context, _) => context.RequestServices.GetRequiredService<QueryEndpoint>().RespondAsync(context, Layer(context)));
        rest.Map(Service + "/{layer}/{objectId}", "EsriFeature", "A feature with all its attributes", [QueryParameters.LayerNumber, QueryParameters.FeatureNumber, .. document, QueryParameters.OutReference],
            (context, _) => context.RequestServices.GetRequiredService<QueryEndpoint>().RespondAsync(context, Layer(context), (string)context.GetRouteValue("objectId")!));
        rest.MapPost(Service + "/applyEdits", (HttpContext context, EditEndpoint edits) => edits.RespondAsync(context)).WithName("PostEsriServiceEdits").RequireRole(Roles.Inspector)
            .Takes(document).TakesForm([QueryParameters.Edits, QueryParameters.Rollback]).WithSummary("The same as applyEdits of a layer, asked of the service").Produces(200, contentType: EsriJson.MediaType).ProducesProblem(400);
        rest.MapPost(Service + "/{layer}/applyEdits", (HttpContext context, EditEndpoint edits) => edits.RespondAsync(context, Layer(context), EditParameters.All)).WithName("PostEsriEdits").RequireRole(Roles.Inspector)
            .Takes([QueryParameters.LayerNumber, .. document]).TakesForm(QueryParameters.OfEdits).WithSummary("Add, change or delete issues, all or none, or each for itself")
            .WithDescription("Follows the rules of POST, PATCH and DELETE of /api/issues. Deleting takes a key of an administrator.").Produces(200, contentType: EsriJson.MediaType).ProducesProblem(400);
        foreach (var (address, asked) in EditParameters.ByAddress)
        {
            rest.MapPost($"{Service}/{{layer}}/{address}", (HttpContext context, EditEndpoint edits) => edits.RespondAsync(context, Layer(context), asked)).WithName("PostEsri" + char.ToUpperInvariant(address[0]) + address[1..])
                .RequireRole(Roles.Inspector).Takes([QueryParameters.LayerNumber, .. document]).TakesForm([asked.Only!, QueryParameters.Rollback]).WithSummary($"The same as applyEdits, of one kind alone: {asked.Only!.Description}")
                .Produces(200, contentType: EsriJson.MediaType).ProducesProblem(400);
        }
        rest.MapVectorTiles(routes);
        routes.MapTokens();
        rest.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Post], (string? path) => Others.Any($"/{path}".StartsWith) ? Results.NotFound() : throw new NotFoundException("service or resource", path ?? "/"))
            .Takes(Anything).WithMetadata(new OnlyReads()).ExcludeFromDescription();
    }

    /// <summary>
    /// The same data as an Esri VectorTileServer. Its documents refuse as all of Esri's do; tiles, markers and letters by the status, as their readers take every body of status 200 for one.
    /// </summary>
    private static void MapVectorTiles(this RouteGroupBuilder rest, IEndpointRouteBuilder routes)
    {
        Parameter[] document = [QueryParameters.DocumentFormat, QueryParameters.Token];
        rest.Map(Tiles, "EsriVectorTileServer", "The vector tiles: their grid, extent and style", document, WriteTileService);
        foreach (var (path, name) in (ReadOnlySpan<(string, string)>)[("/resources/styles", "EsriStyles"), ("/resources/styles/root.json", "EsriStyle")])
        {
            rest.Map(Tiles + path, name, "How the tiles are drawn: a style of Mapbox's form, whose addresses are relative to its own", document,
                async (context, _) => await (await EsriRequest.ReadAsync(context)).WriteAsync(VectorTileServer.Style));
        }
        var files = routes.MapGroup(Root + Tiles).WithTags("GeoServices").TakesAnything().RefusesBy(Root + Tiles, Problem.WriteAsync).TakesKeyAs(QueryParameters.Token.Name);
        files.MapGet("/tile/{z}/{y}/{x}.pbf", (string z, string y, string x, HttpContext context) => TileEndpoints.RespondAsync(VectorTileServer.Layers, z, x, y, context)).WithName("GetEsriVectorTile")
            .Takes([.. TileAddress.Parameters, .. VectorTileServer.Layers.SelectMany(TileEndpoints.ParametersOf).Distinct(), QueryParameters.Token])
            .WithSummary("A vector tile of issues, wards and published hotspots; the issue filter applies").Produces(200, contentType: TileEndpoints.MvtType).Produces(204).Produces(304).ProducesProblem(400);
        foreach (var ratio in (ReadOnlySpan<int>)[1, 2])
        {
            var (end, word) = ratio == 1 ? ("", "") : ("@2x", "Sharp");
            files.MapGet($"/resources/sprites/sprite{end}.json", (HttpContext context, CancellationToken _) => StyleEndpoints.RespondWithSpriteAsync(context, ratio, index: true)).WithName($"GetEsri{word}SpriteIndex")
                .Takes(QueryParameters.Token).WithSummary("Where each marker of the style is in their picture").Produces<Dictionary<string, SpriteMarker>>().Produces(304).ProducesProblem(400);
            files.MapGet($"/resources/sprites/sprite{end}.png", (HttpContext context, CancellationToken _) => StyleEndpoints.RespondWithSpriteAsync(context, ratio, index: false)).WithName($"GetEsri{word}Sprite")
                .Takes(QueryParameters.Token).WithSummary("Picture of the markers of the style").Produces(200, contentType: "image/png").Produces(304).ProducesProblem(400);
        }
        files.MapGet("/resources/fonts/{fontstack}/{range}.pbf", (string fontstack, string range, HttpContext context) => StyleEndpoints.RespondWithGlyphsAsync(context, fontstack, range)).WithName("GetEsriGlyphs")
            .Takes([.. StyleEndpoints.GlyphParameters, QueryParameters.Token]).WithSummary("256 letters as signed distance fields").Produces(200, contentType: "application/x-protobuf").Produces(304).ProducesProblem(400);
    }

    private delegate Task EsriHandler(HttpContext context, FeatureServer server);

    /// <summary>Maps GET and POST, of which the latter has its parameters in a form.</summary>
    private static void Map(this RouteGroupBuilder routes, string path, string name, string summary, IReadOnlyList<Parameter> parameters, EsriHandler handler)
    {
        Parameter[] inPath = [.. parameters.Where(p => path.Contains($"{{{p.Name}}}", StringComparison.Ordinal))];
        routes.MapGet(path, (HttpContext context, FeatureServer server) => handler(context, server)).WithName("Get" + name).Takes(parameters).WithSummary(summary).Produces(200, contentType: EsriJson.MediaType).ProducesProblem(400);
        routes.MapPost(path, (HttpContext context, FeatureServer server) => handler(context, server)).WithName("Post" + name).WithMetadata(new OnlyReads()).Takes(inPath).TakesForm(parameters.Except(inPath))
            .WithSummary(summary + ": what GET answers, for long questions").Produces(200, contentType: EsriJson.MediaType).ProducesProblem(400);
    }

    internal static RouteHandlerBuilder TakesForm(this RouteHandlerBuilder route, IEnumerable<Parameter> parameters) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        var form = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema>() };
        foreach (var parameter in parameters)
        {
            var schema = (OpenApiSchema)parameter.Schema.CreateShallowCopy();
            schema.Description = parameter.Description;
            form.Properties[parameter.Name] = schema;
        }
        operation.RequestBody = new OpenApiRequestBody { Description = "The same parameters as of a query, in a form.", Content = new Dictionary<string, OpenApiMediaType> { [Form] = new() { Schema = form } } };
        return Task.CompletedTask;
    });

    private static string Layer(HttpContext context) => (string)context.GetRouteValue("layer")!;

    private static async Task WriteService(HttpContext context, FeatureServer server)
    {
        var (request, layers) = (await EsriRequest.ReadAsync(context), await LayersAsync(context, server));
        context.Response.DependsOnCaller();
        await request.WriteAsync(ServiceDocuments.Service(layers, request, await context.RequestServices.GetRequiredService<ChangesEndpoint>().GenerationsAsync(context.RequestAborted)));
    }

    private static async Task WriteTileService(HttpContext context, FeatureServer server)
        => await (await EsriRequest.ReadAsync(context)).WriteAsync(VectorTileServer.Document(ServiceDocuments.BoxOf(await LayersAsync(context, server))));

    private static async Task<IReadOnlyList<(EsriLayer Layer, LayerExtent Extent)>> LayersAsync(HttpContext context, FeatureServer server)
    {
        var layers = new List<(EsriLayer, LayerExtent)>();
        foreach (var layer in await server.AllAsync(context.RequestAborted))
        {
            layers.Add((layer, await server.ExtentOfAsync(layer, context.RequestAborted)));
        }
        return layers;
    }

    private static async Task WriteLayers(HttpContext context, FeatureServer server)
    {
        var (request, layers) = (await EsriRequest.ReadAsync(context), new System.Text.Json.Nodes.JsonArray());
        foreach (var layer in await server.AllAsync(context.RequestAborted))
        {
            layers.Add(LayerDocument.Of(layer, await server.ExtentOfAsync(layer, context.RequestAborted), request));
        }
        context.Response.DependsOnCaller();
        await request.WriteAsync(new System.Text.Json.Nodes.JsonObject { ["layers"] = layers, ["tables"] = new System.Text.Json.Nodes.JsonArray() });
    }

    private static async Task WriteLayer(HttpContext context, FeatureServer server)
    {
        var (request, layer) = (await EsriRequest.ReadAsync(context), await server.FindAsync(Layer(context), context.RequestAborted));
        var extent = await server.ExtentOfAsync(layer, context.RequestAborted);
        context.Response.DependsOnCaller();
        await request.WriteAsync(LayerDocument.Of(layer, extent, request));
    }
}
