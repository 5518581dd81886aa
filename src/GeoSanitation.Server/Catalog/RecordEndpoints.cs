using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Documents;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Catalog;

/// <summary>The catalog to be searched: OGC API Records (20-004) at the addresses where ArcGIS Hub has it.</summary>
internal static class RecordEndpoints
{
    internal const string Root = "/api/search";

    private const string Api = Root + "/v1";
    private const string Definition = Root + "/definition";
    private const string DocumentName = "records";
    private const string Json = "application/json";
    private const string GeoJson = "application/geo+json";
    private const string SchemaJson = "application/schema+json";
    private const string OpenApiJson = "application/vnd.oai.openapi+json;version=3.0";
    private const string Relations = "http://www.opengis.net/def/rel/ogc/1.0/";

    private static readonly Parameter<string> Form = Parameter.Word("f", "Form of the answer", "json");

    /// <summary>The collections: all records, or those of a type.</summary>
    private static readonly (string Id, string? Type, string Title, string Description)[] Collections =
    [
        ("all", null, "Everything", "All that is published: data sets, analyses, files"),
        ("dataset", CatalogRecord.DataSetType, "Data sets", "The layers, and the analyses that are published, each with the ways to get it"),
        ("download", CatalogRecord.DownloadType, "Files", "The layers as files to take away"),
    ];

    private static readonly Parameter<string?> Name = Parameter.Choice("collectionId", "Id of the collection", [.. Collections.Select(c => c.Id)]);
    private static readonly Parameter Id = new("recordId", "Id of the record", new OpenApiSchema { Type = JsonSchemaType.String }, "issues");

    private static readonly string[] Classes =
    [
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
        .. Of("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/", "core", "geojson", "oas30"),
        .. Of("http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/", "record-core", "record-collection", "record-core-query-parameters", "records-api", "searchable-catalog", "sorting", "filtering", "json", "oas30"),
        .. Of("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/", "queryables", "filter", "features-filter"),
        .. FilterLanguage.Classes,
    ];

    internal static void AddRecords(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, document =>
        {
            document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
            document.ShouldInclude = endpoint => endpoint.HttpMethod == HttpMethods.Get && ("/" + endpoint.RelativePath).StartsWith(Api, StringComparison.Ordinal);
            document.AddDocumentTransformer<DocumentHeader>();
            document.AddOperationTransformer<OperationDetails>();
            document.AddSchemaTransformer(ProblemSchema.TransformAsync);
        });
        services.AddOpenApiText(DocumentName, OpenApiSpecVersion.OpenApi3_0);
    }

    internal static void MapRecords(this RouteGroupBuilder group)
    {
        group.MapGet(Definition, async (HttpContext context, [Microsoft.Extensions.DependencyInjection.FromKeyedServices(DocumentName)] OpenApiText text)
            =>
            {
                Form.Read(context.Request.Query);
                await SmallAnswers.SendAsync(context, OpenApiJson, Encoding.UTF8.GetBytes(await text.ForAsync(Links.Root(context.Request), context.RequestAborted)));
            })
            .WithName("GetSearchDefinition").Takes(Form).WithSummary("Description of the search of the catalog (OpenAPI 3.0)").Produces<JsonObject>(200, OpenApiJson).Produces(304).ProducesProblem(400);
        Document("", "GetSearch", "The catalog to be searched: OGC API Records, where ArcGIS Hub has it", Landing);
        Document("/conformance", "GetSearchConformance", "What the search conforms to", (_, _) => new JsonObject { ["conformsTo"] = new JsonArray([.. Classes.Select(c => (JsonNode)c)]) });
        Document("/collections", "GetSearchCollections", "The collections of records", (_, root) => new JsonObject
        {
            ["collections"] = new JsonArray([.. Collections.Select(c => CollectionOf(c.Id, root))]),
            ["links"] = new JsonArray(Links.Of("self", $"{root}{Api}/collections", Json, "The collections of records")),
        });
        Document("/collections/{collectionId}", "GetSearchCollection", "A collection of records", (context, root) => CollectionOf(NameOf(context), root), Json, Name).ProducesProblem(404);
        Document("/collections/{collectionId}/queryables", "GetSearchQueryables", "What records may be asked for by", (context, root) => Queryables(context, root), SchemaJson, Name).ProducesProblem(404);
        Document("/collections/{collectionId}/sortables", "GetSearchSortables", "What records may be sorted by", (context, root) => Schema(context, root, "sortables", RecordQuery.Sortables), SchemaJson, Name).ProducesProblem(404);
        group.MapGet(Api + "/collections/{collectionId}/items", GetRecords).WithName("GetRecords").Takes(Name).Takes(RecordQuery.Parameters).TakesAnything()
            .WithSummary("Records of the catalog: by text, type, place, time and conditions in CQL2; in the language that the client accepts, English or Chinese")
            .Produces<JsonObject>(200, GeoJson).Produces(304).ProducesProblem(400).ProducesProblem(404);
        group.MapGet(Api + "/collections/{collectionId}/items/{recordId}", GetRecord).WithName("GetRecord").Takes(Name, Id, RecordQuery.Form)
            .WithSummary("A record of the catalog, in the language that the client accepts").Produces<JsonObject>(200, GeoJson).Produces(304).ProducesProblem(400).ProducesProblem(404);

        RouteHandlerBuilder Document(string path, string name, string summary, Func<HttpContext, string, JsonObject> make, string mediaType = Json, params Parameter[] inPath)
            => group.MapGet(Api + path, (HttpContext context, CancellationToken _) =>
            {
                Form.Read(context.Request.Query);
                return SmallAnswers.SendAsync(context, mediaType, Bytes(make(context, Links.Root(context.Request))));
            }).WithName(name).Takes([.. inPath, Form]).WithSummary(summary).Produces<JsonObject>(200, mediaType).Produces(304).ProducesProblem(400);
    }

    private static async Task GetRecords(HttpContext context, CatalogServices services)
    {
        var (request, root, collection) = (context.Request, Links.Root(context.Request), NameOf(context));
        var (language, written) = (LanguageOf(context), DateTime.UtcNow);
        var query = RecordQuery.Of(request.Query, new RecordAttributes(language, services.Settings.Publisher.Name));
        var all = query.Choose(await ListAsync(services, collection, context.RequestAborted));
        var page = all.Skip(query.First - 1).Take(query.Most).ToList();
        var address = $"{root}{Api}/collections/{collection}";
        var links = new JsonArray(Links.Of("self", root + request.Path.ToUriComponent() + request.QueryString.ToUriComponent(), GeoJson, "This page"), Links.Of("collection", address, Json, "The collection"));
        if (query.First - 1 + page.Count < all.Count)
        {
            links.Add(Links.Of("next", AddressFrom(query.First + page.Count), GeoJson, "The next page"));
        }
        if (query.First > 1)
        {
            links.Add(Links.Of("prev", AddressFrom(Math.Max(1, query.First - query.Most)), GeoJson, "The page before"));
        }
        var document = new JsonObject
        {
            ["type"] = "FeatureCollection",
            ["features"] = new JsonArray([.. page.Select(record => record.Write(address, root, language, services.Settings.Publisher))]),
            ["numberMatched"] = all.Count,
            ["numberReturned"] = page.Count,
            ["links"] = links,
        };
        context.Response.Headers.CacheControl = "no-cache";
        var tag = EntityTags.Of(Bytes(document));
        if (EntityTags.IsKnown(context, tag))
        {
            return;
        }
        EntityTags.Set(context, EntityTags.At(tag, written));
        document["timeStamp"] = JsonForm.Time(written);
        var body = Bytes(document);
        (context.Response.ContentType, context.Response.ContentLength) = (GeoJson, body.Length);
        if (!HttpMethods.IsHead(request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }

        string AddressFrom(int first)
            => root + request.Path.ToUriComponent() + new QueryBuilder(request.Query.Where(p => p.Key != RecordQuery.StartName)) { { RecordQuery.StartName, $"{first}" } };
    }

    private static async Task GetRecord(string recordId, HttpContext context, CatalogServices services)
    {
        var (root, collection, id) = (Links.Root(context.Request), NameOf(context), PathText.Decoded(recordId));
        RecordQuery.Form.Read(context.Request.Query);
        var record = (await ListAsync(services, collection, context.RequestAborted)).FirstOrDefault(r => r.Id == id) ?? throw new NotFoundException("record", id);
        await SmallAnswers.SendAsync(context, GeoJson, Bytes(record.Write($"{root}{Api}/collections/{collection}", root, LanguageOf(context), services.Settings.Publisher)));
    }

    private static async Task<IEnumerable<CatalogRecord>> ListAsync(CatalogServices services, string collection, CancellationToken cancellation)
    {
        var wards = await services.Wards.GetAsync((await services.Data.CurrentAsync(cancellation)).Version, cancellation);
        IReadOnlyList<DataSet> sets = [.. await DataSet.ListAsync(services.Database, wards, services.Addresses, cancellation), .. await DataSet.RunsAsync(services.Database, wards, cancellation)];
        var type = Collections.First(c => c.Id == collection).Type;
        return CatalogRecord.ListOf(sets).Where(record => type is null || record.Type == type);
    }

    /// <summary>The language of the catalog that a client wants more; English when it wants none of them.</summary>
    private static string LanguageOf(HttpContext context)
    {
        var wanted = StringWithQualityHeaderValue.TryParseList(context.Request.Headers.AcceptLanguage, out var given)
            ? given.Where(l => l.Quality is not 0).OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.Value!.Split('-')[0].ToLowerInvariant()).FirstOrDefault(l => l is CatalogRecord.English or CatalogRecord.Chinese)
            : null;
        var language = wanted ?? CatalogRecord.English;
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        context.Response.Headers.ContentLanguage = language;
        return language;
    }

    private static string NameOf(HttpContext context)
    {
        var name = PathText.Decoded((string)context.GetRouteValue(Name.Name)!);
        return Collections.Any(c => c.Id == name) ? name : throw new NotFoundException("collection", name);
    }

    private static JsonObject Landing(HttpContext context, string root) => new()
    {
        ["title"] = context.RequestServices.GetRequiredService<CatalogServices>().Settings.Publisher.Title,
        ["description"] = "What is published of the sanitation of a city: its issues, its wards, and where problems concentrate",
        ["links"] = new JsonArray(
            Links.Of("self", root + Api, Json, "This document"),
            Links.Of("service-desc", root + Definition, OpenApiJson, "Description of this API (OpenAPI 3.0)"),
            Links.Of("service-doc", root + "/docs", "text/html", "Description of this server for people"),
            Links.Of("conformance", $"{root}{Api}/conformance", Json, "What it conforms to"),
            Links.Of("data", $"{root}{Api}/collections", Json, "The collections of records"),
            Links.Of("search", $"{root}{Api}/collections/all/items", GeoJson, "All records")),
    };

    private static JsonObject CollectionOf(string name, string root)
    {
        var (id, _, title, description) = Collections.First(c => c.Id == name);
        var self = $"{root}{Api}/collections/{id}";
        return new JsonObject
        {
            ["id"] = id,
            ["type"] = "Collection",
            ["itemType"] = "record",
            ["title"] = title,
            ["description"] = description,
            ["crs"] = new JsonArray("http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
            ["links"] = new JsonArray(
                Links.Of("self", self, Json, title),
                Links.Of("items", self + "/items", GeoJson, "The records"),
                Links.Of(Relations + "queryables", self + "/queryables", SchemaJson, "What records may be asked for by"),
                Links.Of(Relations + "sortables", self + "/sortables", SchemaJson, "What records may be sorted by")),
        };
    }

    private static JsonObject Queryables(HttpContext context, string root)
    {
        var schema = Schema(context, root, "queryables", RecordAttributes.Layer.Columns.Select(c => c.Name));
        schema["properties"]!["geometry"] = new JsonObject { ["title"] = "geometry", ["description"] = "The box around it, in longitude and latitude", ["format"] = "geometry-polygon" };
        return schema;
    }

    private static JsonObject Schema(HttpContext context, string root, string kind, IEnumerable<string> names) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["$id"] = $"{root}{Api}/collections/{NameOf(context)}/{kind}",
        ["type"] = "object",
        ["title"] = "Records",
        ["properties"] = new JsonObject(names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, ColumnSchema.Of(RecordAttributes.Layer.Find(name)!)))),
        ["additionalProperties"] = false,
    };

    private static byte[] Bytes(JsonObject document) => JsonSerializer.SerializeToUtf8Bytes(document, JsonForm.Options);

    private static IEnumerable<string> Of(string prefix, params string[] classes) => classes.Select(c => prefix + c);
}
