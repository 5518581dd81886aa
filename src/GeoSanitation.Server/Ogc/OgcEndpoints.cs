using System.Text.Json.Nodes;
using GeoSanitation.Server.Documents;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Ogc.Features;
using GeoSanitation.Server.Ogc.Processes;
using GeoSanitation.Server.Ogc.Tiles;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Server.Webhooks;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Ogc;

/// <summary>OGC API: Features with filters, changes and schemas. The same at an address that Esri's clients look for.</summary>
internal static class OgcEndpoints
{
    private const string Face = "/ogc";

    /// <summary>Esri's clients insist on the last part of it.</summary>
    private const string Alias = "/arcgis/rest/services/GeoSanitation/OGCFeatureServer";

    private static readonly Parameter Process = new("processId", "Name of the process", new OpenApiSchema { Type = JsonSchemaType.String }, "gi-star");
    private static readonly Parameter Job = new("jobId", "Id of the job", new OpenApiSchema { Type = JsonSchemaType.String }, "17");
    private static readonly Parameter Id = new("featureId", "Id of the feature", new OpenApiSchema { Type = JsonSchemaType.String }, "1");

    internal static void AddOgc(this IServiceCollection services)
    {
        services.AddSingleton<MethodItems>().AddHostedService<ProcessCallbacks>().AddOpenApi(OgcOpenApi.DocumentName, document =>
        {
            document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
            document.ShouldInclude = endpoint => endpoint.GroupName == OgcOpenApi.DocumentName && endpoint.HttpMethod != HttpMethods.Head && endpoint.HttpMethod != HttpMethods.Options;
            document.AddDocumentTransformer<DocumentHeader>();
            document.AddOperationTransformer<OperationDetails>();
            document.AddSchemaTransformer(ProblemSchema.TransformAsync);
            document.AddDocumentTransformer(OgcOpenApi.TransformAsync);
        });
        services.AddOpenApiText(OgcOpenApi.DocumentName, OpenApiSpecVersion.OpenApi3_0);
    }

    internal static void MapOgc(this IEndpointRouteBuilder routes)
    {
        Map(routes, Face, isAlias: false);
        Map(routes, Alias, isAlias: true);
    }

    private static void Map(IEndpointRouteBuilder routes, string prefix, bool isAlias)
    {
        var group = routes.MapGroup(prefix).WithTags("OGC API").RefusesBy(prefix, OgcAnswer.RefuseAsync).TakesAnything();
        // The alias is the same thing; one description is enough.
        if (isAlias)
        {
            group.ExcludeFromDescription();
        }
        else
        {
            group.WithGroupName(OgcOpenApi.DocumentName);
        }
        string Root(HttpRequest request) => Links.Root(request) + prefix;

        var landing = Document("", "OGC API: features with filters, for QGIS, GDAL, ArcGIS", (context, root) => Task.FromResult((OgcDocuments.Landing(context.Request, root, context.RequestServices.GetRequiredService<CallbackHosts>().Any), "GeoSanitation: OGC API")));
        if (!isAlias)
        {
            landing.WithName("GetOgc");
        }
        Document("/conformance", "What it conforms to", (context, _) => Task.FromResult((OgcDocuments.Conformance(context.Request, context.RequestServices.GetRequiredService<CallbackHosts>().Any), "Conformance")));
        group.MapGet("/api", (HttpContext context, CancellationToken _) => OgcOpenApi.RespondAsync(context, Root(context.Request))).Takes(OgcAnswer.Form).OpenToAll().WithSummary("Description of this API").ExcludeFromDescription();
        Document("/collections", "The collections", async (context, root) =>
        {
            var extents = await ExtentsAsync(context);
            var collections = await Collection.AllAsync(context.RequestServices.GetRequiredService<Database>(), context.RequestAborted);
            // Esri's clients do not load a collection that is empty; what a method makes comes of the issues, which are the first.
            var shown = collections.Where(c => !isAlias || extents(c.Method is null ? c : collections[0]).Count > 0);
            return (OgcDocuments.Collections(context.Request, root, shown.Select(c => OgcDocuments.Describe(c, root, extents(c)))), "Collections");
        });
        foreach (var name in Collection.Fixed.Select(c => c.Name))
        {
            var path = $"/collections/{name}";
            Document(path, $"The collection {name}", async (context, root) =>
            {
                var collection = await FindAsync(context, name);
                var document = OgcDocuments.Describe(collection, root, (await ExtentsAsync(context))(collection));
                return (document, collection.Title);
            });
            Document(path + "/queryables", $"What filters of {name} may name", async (context, root) =>
                (OgcSchemas.Queryables(await FindAsync(context, name), $"{root}{path}/queryables"), $"Queryables of {name}"), OgcAnswer.SchemaJson);
            Document(path + "/sortables", $"What {name} may be sorted by", async (context, root) =>
                (OgcSchemas.Sortables(await FindAsync(context, name), $"{root}{path}/sortables"), $"Sortables of {name}"), OgcAnswer.SchemaJson);
            SchemaDocument("schema", $"What a feature of {name} has", OgcSchemas.Schema);
            SchemaDocument("feature-schema", $"What a feature of {name} in GeoJSON looks like", OgcSchemas.Feature);

            void SchemaDocument(string last, string summary, Func<Collection, string, IEnumerable<LayerColumn>, JsonObject> make) => Document($"{path}/{last}", summary, async (context, root) =>
            {
                var collection = await FindAsync(context, name);
                return (make(collection, $"{root}{path}/{last}", ItemEndpoints.Visible(context, collection)), $"Schema of {name}");
            }, OgcAnswer.SchemaJson);

            MapItems(group, path, name, Root);
        }
        MapTiles(group, Document);
        MapProcesses(group, Root, Document);

        RouteHandlerBuilder Document(string path, string summary, Func<HttpContext, string, Task<(JsonObject Document, string Title)>> make, string mediaType = OgcAnswer.Json, params Parameter[] parameters)
            => group.MapGet(path, async (HttpContext context, CancellationToken _) =>
            {
                OgcAnswer.RefuseUnknown(context.Request, parameters.Append(OgcAnswer.Form).Select(p => p.Name));
                OgcAnswer.Form.Read(context.Request.Query);
                var (document, title) = await make(context, Root(context.Request));
                await OgcAnswer.WriteAsync(context, document, title, mediaType);
            }).WithSummary(summary).Takes([OgcAnswer.Form, .. parameters]).Produces(200, contentType: mediaType, additionalContentTypes: OgcAnswer.Html).Produces(304).ProducesProblem(400);
    }

    private static void MapTiles(RouteGroupBuilder group, DocumentRoute document)
    {
        document("/tileMatrixSets", "Grids of tiles", (_, root) => Task.FromResult((TileDocuments.Grids(root), "Grids of tiles")));
        document($"/tileMatrixSets/{TileDocuments.Grid}", "The grid of web maps", (_, _) => Task.FromResult((TileDocuments.WebMercatorQuad(), TileDocuments.Grid)));
        document("/tiles", "Tilesets of all collections", async (context, root) => (TileDocuments.Tilesets($"{root}/tiles", "all collections", await TilesetAsync(context, root)), "Tilesets of all collections"));
        document($"/tiles/{TileDocuments.Grid}", "The tileset of all collections, or of some", async (context, root)
            => (await TilesetAsync(context, root), "Vector tiles of collections"), parameters: TileDocuments.Selection);
        MapTile("", TileDocuments.Collections, TileDocuments.Selection).WithSummary("A vector tile of all collections, or of some");
        foreach (var name in Collection.Fixed.Select(c => c.Name))
        {
            var path = $"/collections/{name}/tiles";
            document(path, $"Tilesets of {name}", async (context, root) =>
            {
                var (title, tileset) = await TilesetOfAsync(context, root);
                return (TileDocuments.Tilesets(root + path, title, tileset), $"Tilesets of {title}");
            });
            document($"{path}/{TileDocuments.Grid}", $"The tileset of {name}", async (context, root) =>
            {
                var (title, tileset) = await TilesetOfAsync(context, root);
                return (tileset, $"Vector tiles of {title}");
            });
            if (CollectionOf(name) is { Method: { } method } made)
            {
                MapTileOfMethod(method, made);
            }
            else
            {
                MapTile($"/collections/{name}", [name]).WithSummary($"A vector tile of {name}");
            }

            async Task<(string Title, JsonObject Tileset)> TilesetOfAsync(HttpContext context, string root)
            {
                var collection = await FindAsync(context, name);
                return (collection.Title, TileDocuments.Tileset(root + path, root, collection.Title, [collection], (await ExtentsAsync(context))(collection)));
            }
        }

        RouteHandlerBuilder MapTile(string of, IReadOnlyList<string> layers, params Parameter[] own)
        {
            return MapTiles(of, ParametersOf(layers), (matrix, row, column, context) =>
            {
                var chosen = own.Length > 0 ? TileDocuments.Selection.Read(context.Request.Query) : layers;
                OgcAnswer.RefuseUnknown(context.Request, ParametersOf(chosen).Select(p => p.Name));
                TileDocuments.Form.Read(context.Request.Query);
                // The row comes before the column here.
                return TileEndpoints.RespondAsync(chosen, matrix, column, row, context);
            });

            IEnumerable<Parameter> ParametersOf(IReadOnlyList<string> chosen) => [.. own, TileDocuments.Form, .. chosen.SelectMany(TileEndpoints.ParametersOf).Distinct()];
        }

        // Tiles of hotspots, of one method, that are never of a run.
        void MapTileOfMethod(HotspotMethod method, Collection made)
        {
            var layer = TileDocuments.LayerOf(made);
            Parameter[] taken = [TileDocuments.Form, .. TileEndpoints.ParametersOf(layer).Where(p => p.Name is not ("run" or "method"))];
            MapTiles($"/collections/{made.Name}", taken, (matrix, row, column, context) =>
            {
                OgcAnswer.RefuseUnknown(context.Request, taken.Select(p => p.Name));
                TileDocuments.Form.Read(context.Request.Query);
                var query = context.Request.Query.ToDictionary();
                query["method"] = method.Name;
                // A filter that takes all issues: without one, tiles are of runs.
                query.TryAdd("datetime", "../..");
                context.Request.Query = new QueryCollection(query);
                return TileEndpoints.RespondAsync([layer], matrix, column, row, context);
            }).WithSummary($"A vector tile of {made.Name}");
        }

        RouteHandlerBuilder MapTiles(string of, IEnumerable<Parameter> taken, Func<string, string, string, HttpContext, Task> respond)
            => group.MapGet($"{of}/tiles/{TileDocuments.Grid}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", (string tileMatrix, string tileRow, string tileCol, HttpContext context) => respond(tileMatrix, tileRow, tileCol, context))
                .Takes([.. TileDocuments.PathParameters, .. taken]).Produces(200, contentType: TileDocuments.Mvt).Produces(204).Produces(304).ProducesProblem(400);
    }

    /// <summary>The tileset of the collections that a request names, or of all.</summary>
    private static async Task<JsonObject> TilesetAsync(HttpContext context, string root)
    {
        var (names, query) = (TileDocuments.Selection.Read(context.Request.Query), context.Request.Query[TileDocuments.Selection.Name].ToString());
        var collections = await Collection.AllAsync(context.RequestServices.GetRequiredService<Database>(), context.RequestAborted);
        Collection[] chosen = [.. names.Select(name => collections.First(c => c.Name == name))];
        var extents = await ExtentsAsync(context);
        var box = chosen.Aggregate(new Envelope(), (all, collection) => all.ExpandedBy(extents(collection).Box));
        return TileDocuments.Tileset($"{root}/tiles", root, string.Join(", ", chosen.Select(c => c.Title)), chosen, new Extent(box, null, null, null), query.Length == 0 ? "" : $"?{TileDocuments.Selection.Name}={Uri.EscapeDataString(query)}");
    }

    private static void MapProcesses(RouteGroupBuilder group, Func<HttpRequest, string> root, DocumentRoute document)
    {
        document("/processes", "Hotspot methods as processes", (context, address) => Task.FromResult((ProcessDocuments.Processes(context.Request, address), "Processes")), parameters: [ProcessDocuments.Limit, ProcessDocuments.Offset]);
        document("/processes/{processId}", "A process", async (context, address) =>
        {
            var method = ProcessEndpoints.MethodOf((string)context.Request.RouteValues["processId"]!);
            return (await ProcessDocuments.DescribeAsync(method, address, context.RequestAborted), method.Summary);
        }).Takes(Process).ProducesProblem(404);
        group.MapPost("/processes/{processId}/execution", (string processId, HttpContext context) => ProcessEndpoints.PostExecution(context, processId, root(context.Request)))
            .WithSummary("Execute a process").WithMetadata(new OnlyReads()).Takes(Process).TakesBody("Inputs by their names, the form of the response, and whom to call back", OgcAnswer.Json).Produces(200, contentType: OgcDocuments.GeoJson, additionalContentTypes: OgcAnswer.Json).Produces(201, contentType: OgcAnswer.Json)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(415);
        document("/jobs", "Jobs, the latest first", async (context, address) => (await ProcessEndpoints.JobsAsync(context, address), "Jobs"), parameters: JobQuery.Parameters);
        document("/jobs/{jobId}", "A job", async (context, address) =>
        {
            var job = (string)context.Request.RouteValues["jobId"]!;
            return (await ProcessEndpoints.JobAsync(context, job, address), $"Job {job}");
        }).Takes(Job).ProducesProblem(404);
        group.MapGet("/jobs/{jobId}/results", (string jobId, HttpContext context) => ProcessEndpoints.GetResults(context, jobId, root(context.Request)))
            .WithSummary("The result of a job").Takes(Job, OgcAnswer.Form).Produces(200, contentType: OgcDocuments.GeoJson, additionalContentTypes: [OgcAnswer.Json, OgcAnswer.Html]).Produces(304)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(410);
        group.MapDelete("/jobs/{jobId}", (string jobId, HttpContext context) => ProcessEndpoints.DeleteJob(context, jobId, root(context.Request)))
            .WithSummary("Stop a job, or remove one that has ended").RequireRole(Roles.Inspector).Takes(Job).Produces(200, contentType: OgcAnswer.Json).ProducesProblem(404).ProducesProblem(409);
    }

    /// <summary>Maps a document: its path, what it is, how it is made, its media type, and what it takes beside its form.</summary>
    private delegate RouteHandlerBuilder DocumentRoute(
        string path, string summary, Func<HttpContext, string, Task<(JsonObject Document, string Title)>> make, string mediaType = OgcAnswer.Json, params Parameter[] parameters);

    private static void MapItems(RouteGroupBuilder group, string path, string name, Func<HttpRequest, string> root)
    {
        var parameters = name == "hotspots" ? ItemParameters.OfList : ItemQuery.ParametersOf(CollectionOf(name)).ToList();
        group.MapGet(path + "/items", (HttpContext context, CancellationToken _) => ItemEndpoints.GetItems(context, name, root(context.Request)))
            .WithSummary($"Features of {name}, page by page").Takes(parameters).Produces(200, contentType: OgcDocuments.GeoJson, additionalContentTypes: ItemForm.MediaTypes(one: false)).Produces(304).ProducesProblem(400);
        group.MapGet(path + "/items/{featureId}", (HttpContext context, string featureId) => ItemEndpoints.GetItem(context, name, featureId, root(context.Request)))
            .WithSummary($"One feature of {name}").Takes([Id, .. ItemParameters.OfOne]).Produces(200, contentType: OgcDocuments.GeoJson, additionalContentTypes: ItemForm.MediaTypes(one: true)).Produces(304).ProducesProblem(400).ProducesProblem(404);
        Options("/items", one: false);
        Options("/items/{featureId}", one: true);
        if (!CollectionOf(name).IsEditable)
        {
            return;
        }
        group.MapPost(path + "/items", (HttpContext context, CancellationToken _) => ItemChanges.PostItem(context, root(context.Request)))
            .WithSummary("Report an issue").RequireRole(Roles.Inspector).TakesBody("The issue as a feature", OgcDocuments.GeoJson, OgcAnswer.Json).Produces(201).ProducesProblem(400).ProducesProblem(409).ProducesProblem(415);
        group.MapPut(path + "/items/{featureId}", (HttpContext context, string featureId) => ItemChanges.PutItem(context, featureId))
            .WithSummary("Replace what can be edited of an issue").RequireRole(Roles.Inspector).Takes(Id).TakesBody("The whole feature", OgcDocuments.GeoJson, OgcAnswer.Json).Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(412).ProducesProblem(415);
        group.MapPatch(path + "/items/{featureId}", (HttpContext context, string featureId) => ItemChanges.PatchItem(context, featureId))
            .WithSummary("Edit an issue by a merge patch").RequireRole(Roles.Inspector).Takes(Id).TakesBody("A merge patch (RFC 7396) of the feature", IssueBody.MergePatch, OgcDocuments.GeoJson, OgcAnswer.Json).Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(412).ProducesProblem(415);
        group.MapDelete(path + "/items/{featureId}", (HttpContext context, string featureId) => ItemChanges.DeleteItem(context, featureId))
            .WithSummary("Delete an issue").RequireRole(Roles.Administrator).Takes(Id).Produces(204).ProducesProblem(404).ProducesProblem(412);

        void Options(string end, bool one) => group.MapMethods(path + end, [HttpMethods.Options], (HttpContext context, CancellationToken _) =>
        {
            context.Response.Headers.Allow = ItemChanges.AllowOf(context, CollectionOf(name), one);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }).OpenToAll().Takes(one ? [Id] : Array.Empty<Parameter>()).ExcludeFromDescription();
    }

    /// <summary>Describes a body. Its media type is looked at where it is read: the router would take one that is wrong, at Esri's address, for what is not there.</summary>
    private static RouteHandlerBuilder TakesBody(this RouteHandlerBuilder route, string description, params string[] mediaTypes) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = description,
            Content = mediaTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } }),
        };
        return Task.CompletedTask;
    });

    private static Collection CollectionOf(string name) => Collection.Fixed.First(c => c.Name == name);

    private static Task<Collection> FindAsync(HttpContext context, string name) => Collection.FindAsync(name, context.RequestServices.GetRequiredService<Database>(), context.RequestAborted);

    private static Task<Func<Collection, Extent>> ExtentsAsync(HttpContext context)
        => Extent.OfAsync(context.RequestServices.GetRequiredService<DataSnapshots>(), context.RequestServices.GetRequiredService<WardSnapshots>(), context.RequestAborted);
}
