using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Ogc.Features;
using GeoSanitation.Server.Ogc.Processes;
using GeoSanitation.Server.Ogc.Tiles;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Webhooks;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Ogc;

/// <summary>What OGC API says of itself: the landing page, what it conforms to, its collections.</summary>
internal static class OgcDocuments
{
    internal const string OpenApi = "application/vnd.oai.openapi+json;version=3.0";
    internal const string GeoJson = "application/geo+json";
    internal const string Queryables = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
    internal const string Sortables = "http://www.opengis.net/def/rel/ogc/1.0/sortables";
    internal const string Schema = "http://www.opengis.net/def/rel/ogc/1.0/schema";

    /// <summary>Systems that every collection is answered in; CRS84 comes first.</summary>
    internal static IReadOnlyList<Crs> Systems { get; } = [.. CrsRegistry.All.Where(c => c == CrsRegistry.Crs84 || c.EpsgCode is not null)];

    /// <summary>Conformance classes; only what is there.</summary>
    internal static IReadOnlyList<string> Classes { get; } =
    [
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
        .. Of("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/", "core", "oas30", "html", "geojson"),
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
        .. Of("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/", "queryables", "queryables-query-parameters", "filter", "features-filter"),
        .. FilterLanguage.Classes,
        .. Of("http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/", "create-replace-delete", "update", "features", "optimistic-locking-etags"),
        .. Of("http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/", "schemas", "core-roles-features", "sortables", "queryables"),
        .. Of("http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/", "sortables", "sorting", "features-sorting"),
        .. ItemWriter.JsonFgClasses,
        .. Of("http://www.opengis.net/spec/json-fg-1/1.0/conf/", "profiles", "api"),
        // One class: Part 5 of Features became Part 3 of Common.
        "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/profile-parameter",
        "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/profile-parameter",
        .. Of("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/", "core", "tileset", "tilesets-list", "geodata-tilesets", "dataset-tilesets", "collections-selection", "mvt", "datetime", "oas30"),
        .. Of("http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/", "core", "ogc-process-description", "json", "html", "oas30", "job-list", "dismiss"),
    ];

    /// <summary>The landing page.</summary>
    /// <param name="request">The request.</param>
    /// <param name="root">Its address.</param>
    /// <param name="callsBack">Whether the server may call anybody.</param>
    internal static JsonObject Landing(HttpRequest request, string root, bool callsBack) => new()
    {
        ["title"] = "GeoSanitation",
        ["description"] = "Sanitation issues of a city, its wards, and where problems concentrate",
        ["links"] = new JsonArray([
            .. OgcAnswer.SelfAndPage(request),
            Links.Of("service-desc", root + "/api", OpenApi, "Description of this API (OpenAPI 3.0)"),
            Links.Of("service-doc", root + "/api?f=html", OgcAnswer.Html, "Description of this API for people"),
            // QGIS and others look for the first description.
            Links.Of("service-desc", Links.Root(request) + AsyncApiEndpoint.Path, AsyncApi.MediaType, "Description of the events (AsyncAPI 3.0)"),
            Links.Of("hub", Links.Root(request) + "/api/live?f=cloudevents", "text/event-stream", "Changes as they happen"),
            .. callsBack ? [Links.Of("hub", Links.Root(request) + WebhookEndpoints.Path, OgcAnswer.Json, "Subscriptions of addresses that are told of changes")] : Array.Empty<JsonNode>(),
            Links.Of("conformance", root + "/conformance", OgcAnswer.Json, "What it conforms to"),
            Links.Of("data", root + "/collections", OgcAnswer.Json, "The collections"),
            Links.Of("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", root + "/tileMatrixSets", OgcAnswer.Json, "Grids of tiles"),
            Links.Of(TileDocuments.TilesetsVector, root + "/tiles", OgcAnswer.Json, "Vector tiles of all collections"),
            Links.Of(ProcessDocuments.Relations + "processes", root + "/processes", OgcAnswer.Json, "Hotspot methods as processes"),
            Links.Of(ProcessDocuments.Relations + "job-list", root + "/jobs", OgcAnswer.Json, "Jobs"),
        ]),
    };

    /// <summary>What it conforms to.</summary>
    /// <param name="request">The request.</param>
    /// <param name="callsBack">Whether the server may call anybody.</param>
    internal static JsonObject Conformance(HttpRequest request, bool callsBack) => new()
    {
        ["conformsTo"] = new JsonArray([.. (callsBack ? Classes.Append(ProcessDocuments.CallbackClass) : Classes).Select(c => (JsonNode)c)]),
        ["links"] = new JsonArray([.. OgcAnswer.SelfAndPage(request)]),
    };

    /// <summary>The list of collections.</summary>
    internal static JsonObject Collections(HttpRequest request, string root, IEnumerable<JsonObject> collections) => new()
    {
        ["links"] = new JsonArray([.. OgcAnswer.SelfAndPage(request), Links.Of("root", root, OgcAnswer.Json, "The landing page")]),
        ["crs"] = new JsonArray([.. Systems.Select(c => (JsonNode)c.Uri)]),
        ["collections"] = new JsonArray([.. collections]),
    };

    /// <summary>A collection, as it stands in the list and alone.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="root">Address of the landing page.</param>
    /// <param name="extent">What is known of its features.</param>
    internal static JsonObject Describe(Collection collection, string root, Extent extent)
    {
        var self = $"{root}/collections/{collection.Name}";
        var spatial = new JsonObject
        {
            ["bbox"] = new JsonArray(new JsonArray([.. (extent.Box.IsNull ? [-180, -90, 180, 90] : (double[])[extent.Box.MinX, extent.Box.MinY, extent.Box.MaxX, extent.Box.MaxY]).Select(n => (JsonNode)n)])),
            ["crs"] = CrsRegistry.Crs84.Uri,
        };
        var document = new JsonObject
        {
            ["id"] = collection.Name,
            ["title"] = collection.Title,
            ["description"] = collection.Description,
            ["itemType"] = "feature",
            ["extent"] = new JsonObject { ["spatial"] = spatial },
            ["crs"] = new JsonArray([.. Systems.Select(c => (JsonNode)c.Uri)]),
            ["storageCrs"] = CrsRegistry.Crs84.Uri,
            ["links"] = new JsonArray(
                Links.Of("self", self, OgcAnswer.Json, collection.Title),
                Links.Of("alternate", self + "?f=html", OgcAnswer.Html, "This collection as a page"),
                Links.Of("items", self + "/items", GeoJson, "The features"),
                Links.Of("items", self + "/items?f=jsonfg", "application/vnd.ogc.fg+json", "The features as JSON-FG"),
                Links.Of("items", self + "/items?f=csv", "text/csv", "The features as CSV"),
                Links.Of("items", self + "/items?f=fgb", "application/flatgeobuf", "The features as FlatGeobuf"),
                Links.Of("items", self + "/items?f=html", OgcAnswer.Html, "The features as a page"),
                Links.Of("describedby", self + "/feature-schema", OgcAnswer.SchemaJson, "What a feature in GeoJSON looks like"),
                // GDAL 3.6 knows the relation by this spelling only.
                Links.Of("describedBy", self + "/feature-schema", OgcAnswer.SchemaJson, "What a feature in GeoJSON looks like"),
                Links.Of(Schema, self + "/schema", OgcAnswer.SchemaJson, "What a feature has"),
                Links.Of(Queryables, self + "/queryables", OgcAnswer.SchemaJson, "What filters may name"),
                Links.Of(Sortables, self + "/sortables", OgcAnswer.SchemaJson, "What features may be sorted by"),
                Links.Of(TileDocuments.TilesetsVector, self + "/tiles", OgcAnswer.Json, "Its vector tiles")),
        };
        if (extent.First is { } first)
        {
            document["extent"]!["temporal"] = new JsonObject
            {
                ["interval"] = new JsonArray(new JsonArray(JsonForm.Time(first), JsonForm.Time(extent.Last!.Value))),
                ["trs"] = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            };
        }
        if (extent.Count is { } count)
        {
            document["itemCount"] = count;
        }
        return document;
    }

    private static IEnumerable<string> Of(string prefix, params string[] classes) => classes.Select(c => prefix + c);
}

/// <summary>What is known of the features of a collection.</summary>
/// <param name="Box">Lon/lat box around them.</param>
/// <param name="First">The earliest report; null where there is none.</param>
/// <param name="Last">The latest.</param>
/// <param name="Count">How many there are; null where nobody counted.</param>
internal sealed record Extent(Envelope Box, DateTime? First, DateTime? Last, long? Count)
{
    // Worked out once for a snapshot, and forgotten with it.
    private static readonly ConditionalWeakTable<DataSnapshot, Ends> Known = [];

    /// <summary>Extents of all collections from the snapshot; of hotspots and methods, that of the issues and wards they are of.</summary>
    internal static async Task<Func<Collection, Extent>> OfAsync(DataSnapshots data, WardSnapshots wards, CancellationToken cancellation)
    {
        var view = await data.CurrentAsync(cancellation);
        var outlines = await wards.GetAsync(view.Version, cancellation);
        var (box, first, last) = Known.GetValue(view.Data, Ends.Of);
        var all = box.ExpandedBy(outlines.Bounds);
        return collection => collection switch
        {
            { Method: not null } => new Extent(all, TimeOf(first), TimeOf(last), null),
            { Name: "issues" } => new Extent(box, TimeOf(first), TimeOf(last), view.Columns.Count),
            { Name: "wards" } => new Extent(outlines.Bounds, null, null, outlines.Current.Count),
            _ => new Extent(all, null, null, collection.Count),
        };

        static DateTime? TimeOf(long microseconds) => microseconds is long.MaxValue or long.MinValue ? null : DateTime.UnixEpoch.AddMicroseconds(microseconds);
    }

    /// <summary>Where and when all issues are, microseconds since 1970; the first report after the last where there are none.</summary>
    private sealed record Ends(Envelope Box, long First, long Last)
    {
        internal static Ends Of(DataSnapshot data)
        {
            var (box, first, last) = (new Envelope(), long.MaxValue, long.MinValue);
            foreach (var chunk in data.Columns.Chunks)
            {
                for (var i = 0; i < chunk.Count; i++)
                {
                    box.ExpandToInclude(chunk.LonDegrees[i], chunk.LatDegrees[i]);
                    (first, last) = (Math.Min(first, chunk.ReportedAt[i]), Math.Max(last, chunk.ReportedAt[i]));
                }
            }
            return new Ends(box, first, last);
        }
    }
}

/// <summary>Envelopes as values.</summary>
internal static class Envelopes
{
    /// <summary>The box around two.</summary>
    internal static Envelope ExpandedBy(this Envelope box, Envelope other)
    {
        var both = box.Copy();
        both.ExpandToInclude(other);
        return both;
    }
}
