using System.Text.Json.Nodes;
using GeoSanitation.Server.Security;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>What the service says of itself.</summary>
internal static class ServiceDocuments
{
    /// <summary>Version of Esri's protocol.</summary>
    internal const double Version = 10.91;

    internal const string QueryFormats = "JSON, geoJSON, PBF";

    /// <summary>The server, before anything of it is known.</summary>
    /// <param name="root">Scheme, host and base path of this server.</param>
    internal static JsonObject Info(string root) => new()
    {
        ["currentVersion"] = Version,
        ["fullVersion"] = "10.9.1",
        ["authInfo"] = new JsonObject { ["isTokenBasedSecurity"] = true, ["tokenServicesUrl"] = root + TokenEndpoint.Path },
    };

    /// <summary>The services in a folder, which is the root or <see cref="FeatureServer.Name"/>.</summary>
    internal static JsonObject Catalog => new()
    {
        ["currentVersion"] = Version,
        ["folders"] = new JsonArray(),
        ["services"] = new JsonArray([.. ((string[])["FeatureServer", "VectorTileServer"]).Select(type => new JsonObject { ["name"] = FeatureServer.Name, ["type"] = type })]),
    };

    /// <summary>Lon/lat box of all layers.</summary>
    internal static Envelope BoxOf(IEnumerable<(EsriLayer Layer, LayerExtent Extent)> layers)
    {
        var all = new Envelope();
        foreach (var (_, extent) in layers)
        {
            all.ExpandToInclude(extent.Box);
        }
        return all;
    }

    /// <summary>The service.</summary>
    internal static JsonObject Service(IReadOnlyList<(EsriLayer Layer, LayerExtent Extent)> layers, EsriRequest request, Generations generations)
    {
        var all = BoxOf(layers);
        var shapes = new OutputShapes(SpatialReferences.LonLat, 0, 8, null);
        return new JsonObject
        {
            ["currentVersion"] = Version,
            ["serviceDescription"] = "Sanitation issues, the wards that answer for them, and the hotspots of the analysis published last",
            ["description"] = "",
            ["copyrightText"] = "",
            ["hasVersionedData"] = false,
            ["supportsDisconnectedEditing"] = false,
            ["hasStaticData"] = false,
            ["maxRecordCount"] = FeatureServer.MostFeatures,
            ["supportedQueryFormats"] = QueryFormats,
            ["capabilities"] = CapabilitiesFor(request, isEditable: true),
            ["spatialReference"] = SpatialReferences.Write(SpatialReferences.LonLat),
            ["initialExtent"] = LayerDocument.ExtentOf(all, shapes),
            ["fullExtent"] = LayerDocument.ExtentOf(all, shapes),
            ["allowGeometryUpdates"] = request.Context.User.Is(Roles.Inspector),
            ["units"] = "esriDecimalDegrees",
            ["syncEnabled"] = false,
            ["extractChangesCapabilities"] = new JsonObject
            {
                ["supportsReturnIdsOnly"] = true,
                ["supportsReturnExtentOnly"] = false,
                ["supportsReturnAttachments"] = false,
                ["supportsLayerQueries"] = false,
                ["supportsGeometry"] = false,
                ["supportsReturnFeature"] = true,
                ["supportsReturnDeletedFeatures"] = true,
                ["supportsReturnHasGeometryUpdates"] = false,
                ["supportsFieldsToCompare"] = false,
                ["supportsServerGens"] = true,
            },
            ["changeTrackingInfo"] = new JsonObject
            {
                ["lastSyncDate"] = null,
                ["layerServerGens"] = new JsonArray(new JsonObject { ["id"] = ChangesEndpoint.TrackedLayer, ["minServerGen"] = generations.Least, ["serverGen"] = generations.Now }),
            },
            ["enableZDefaults"] = false,
            ["layers"] = new JsonArray([.. layers.Select(l => new JsonObject
            {
                ["id"] = l.Layer.Number,
                ["name"] = l.Layer.Layer.Title,
                ["parentLayerId"] = -1,
                ["defaultVisibility"] = true,
                ["subLayerIds"] = null,
                ["minScale"] = 0,
                ["maxScale"] = 0,
                ["type"] = "Feature Layer",
                ["geometryType"] = FeatureServer.GeometryTypeOf(l.Layer.HasPoints),
            })]),
            ["tables"] = new JsonArray(),
        };
    }

    /// <summary>What a caller may do: everybody reads, and follows changes of issues; inspectors add and change them, administrators delete them too.</summary>
    internal static string CapabilitiesFor(EsriRequest request, bool isEditable)
        => !isEditable ? "Query" : !request.Context.User.Is(Roles.Inspector) ? "Query,ChangeTracking"
            : request.Context.User.Is() ? "Query,Create,Update,Delete,Editing,ChangeTracking" : "Query,Create,Update,Editing,ChangeTracking";
}
