using System.Text.Json.Nodes;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Security;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>What the service says of a layer: only what works is said to.</summary>
internal static class LayerDocument
{
    private static readonly OutputShapes Degrees = new(SpatialReferences.LonLat, 0, 8, null);

    /// <summary>The document.</summary>
    internal static JsonObject Of(EsriLayer layer, LayerExtent extent, EsriRequest request)
    {
        var mayEdit = layer.IsEditable && request.Context.User.Is(Roles.Inspector);
        var columns = EsriFields.ColumnsFor(layer.Layer, request.SeesReporters);
        var label = layer.Layer.Label?.Name ?? EsriFields.ObjectId;
        var document = new JsonObject
        {
            ["currentVersion"] = ServiceDocuments.Version,
            ["id"] = layer.Number,
            ["name"] = layer.Layer.Title,
            ["type"] = "Feature Layer",
            ["description"] = layer.Layer.Description,
            ["copyrightText"] = "",
            ["parentLayer"] = null,
            ["subLayers"] = new JsonArray(),
            ["minScale"] = 0,
            ["maxScale"] = 0,
            ["defaultVisibility"] = true,
            ["geometryType"] = FeatureServer.GeometryTypeOf(layer.HasPoints),
            ["hasZ"] = false,
            ["hasM"] = false,
            ["extent"] = ExtentOf(extent.Box, Degrees),
            ["sourceSpatialReference"] = SpatialReferences.Write(SpatialReferences.LonLat),
            ["drawingInfo"] = Renderers.Of(layer),
            ["objectIdField"] = EsriFields.ObjectId,
            ["uniqueIdField"] = new JsonObject { ["name"] = EsriFields.ObjectId, ["isSystemMaintained"] = true },
            ["globalIdField"] = "",
            ["displayField"] = label,
            ["typeIdField"] = "",
            ["fields"] = new JsonArray([EsriFields.Describe(EsriFields.Oid), .. columns.Select(c => EsriFields.Describe(EsriFields.Of(c), mayEdit && IssueBody.NewNames.Contains(c.Name)))]),
            ["indexes"] = new JsonArray(),
            ["types"] = new JsonArray(),
            ["templates"] = new JsonArray(mayEdit ? [NewIssue] : []),
            ["relationships"] = new JsonArray(),
            ["hasAttachments"] = false,
            ["htmlPopupType"] = "esriServerHTMLPopupTypeNone",
            ["maxRecordCount"] = FeatureServer.MostFeatures,
            ["standardMaxRecordCount"] = FeatureServer.MostFeatures,
            ["tileMaxRecordCount"] = FeatureServer.MostFeatures,
            ["supportedQueryFormats"] = ServiceDocuments.QueryFormats,
            ["capabilities"] = ServiceDocuments.CapabilitiesFor(request, layer.IsEditable),
            ["allowGeometryUpdates"] = mayEdit,
            ["supportsStatistics"] = true,
            ["supportsAdvancedQueries"] = true,
            ["supportsCoordinatesQuantization"] = true,
            ["supportsRollbackOnFailureParameter"] = true,
            ["supportsApplyEditsWithGlobalIds"] = false,
            ["supportsAttachmentsByUploadId"] = false,
            ["useStandardizedQueries"] = true,
            ["isDataVersioned"] = false,
            ["advancedQueryCapabilities"] = new JsonObject
            {
                ["useStandardizedQueries"] = true,
                ["supportsPagination"] = true,
                ["supportsPaginationOnAggregatedQueries"] = true,
                ["supportsOrderBy"] = true,
                ["supportsStatistics"] = true,
                ["supportsPercentileStatistics"] = true,
                ["supportsHavingClause"] = true,
                ["supportsDistinct"] = true,
                ["supportsCountDistinct"] = true,
                ["supportsReturningQueryExtent"] = true,
                ["supportsQueryWithDistance"] = true,
                ["supportsSqlExpression"] = false,
                ["supportsQueryWithResultType"] = true,
                ["supportsMaxRecordCountFactor"] = true,
                ["supportsReturningGeometryCentroid"] = false,
                ["supportsAdvancedQueryRelated"] = false,
                ["supportsQueryWithHistoricMoment"] = false,
            },
        };
        if (extent.LastEdit is { } edited)
        {
            // Clients that refresh a layer read it again only where this has moved.
            document["editingInfo"] = new JsonObject { ["lastEditDate"] = EsriFields.Milliseconds(edited), ["dataLastEditDate"] = EsriFields.Milliseconds(edited) };
        }
        if (layer.Layer.Time is { } time)
        {
            document["timeInfo"] = new JsonObject
            {
                ["startTimeField"] = time.Name,
                ["endTimeField"] = null,
                ["trackIdField"] = null,
                ["timeExtent"] = extent.Times is { } times ? new JsonArray(EsriFields.Milliseconds(times.First), EsriFields.Milliseconds(times.Last)) : null,
                ["timeReference"] = new JsonObject { ["timeZone"] = "UTC", ["respectsDaylightSaving"] = false },
                ["timeInterval"] = 0,
                ["timeIntervalUnits"] = "esriTimeUnitsUnknown",
            };
        }
        return document;
    }

    /// <summary>A box as Esri writes it; null where there is none.</summary>
    internal static JsonObject? ExtentOf(Envelope lonLat, OutputShapes shapes)
    {
        if (shapes.Of(lonLat) is not { } box)
        {
            return null;
        }
        double Rounded(double value) => Math.Round(value, shapes.Digits);
        return new JsonObject
        {
            ["xmin"] = Rounded(box.MinX),
            ["ymin"] = Rounded(box.MinY),
            ["xmax"] = Rounded(box.MaxX),
            ["ymax"] = Rounded(box.MaxY),
            ["spatialReference"] = SpatialReferences.Write(shapes.Crs),
        };
    }

    private static JsonObject NewIssue => new()
    {
        ["name"] = "Issue",
        ["description"] = "A new issue; category and source must be given",
        ["drawingTool"] = "esriFeatureEditToolPoint",
        ["prototype"] = new JsonObject { ["attributes"] = new JsonObject { ["category"] = null, ["source"] = "patrol" } },
    };
}
