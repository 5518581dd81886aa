using System.Text.Json.Nodes;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Exports;

/// <summary>Layers as files to download.</summary>
internal static class ExportEndpoints
{
    private static readonly Parameter<FileForm> Extension = new(
        "extension", "Form of the file", new() { Type = JsonSchemaType.String, Enum = [.. FileForm.All.Select(f => (JsonNode)f.Extension)] }, "csv",
        text => FileForm.All.FirstOrDefault(f => f.Extension == text) ?? throw new NotFoundException("form", $"{text}; there are {string.Join(", ", FileForm.All.Select(f => f.Extension))}"));

    internal static void MapExports(this IEndpointRouteBuilder routes)
    {
        foreach (var layer in LayerExport.Names)
        {
            routes.MapGet($"/api/exports/{layer}.{{extension}}", (string extension, HttpContext context, Database database, DataSnapshots data) => GetExport(layer, Extension.Read(extension), context, database, data))
                .WithName("Export" + char.ToUpperInvariant(layer[0]) + layer[1..]).WithTags("Exports").Takes(LayerExport.ParametersOf(layer).Prepend(Extension))
                .WithSummary($"All {layer} that are meant, as a file")
                .WithDescription("Written while it is read, as GeoJSON, GeoJSON lines, CSV, FlatGeobuf, GeoPackage, zipped Shapefile or GeoParquet. Who reported an issue is in it for keys of inspectors, handlers and administrators only.")
                .Produces(200).Produces(304).ProducesProblem(400).ProducesProblem(404);
        }
    }

    private static async Task GetExport(string layer, FileForm form, HttpContext context, Database database, DataSnapshots data)
    {
        var (request, response, cancellation) = (context.Request, context.Response, context.RequestAborted);
        var crs = CommonParameters.Crs.Read(request.Query);
        var query = await LayerExport.QueryOf(layer, request.Query, database, context.User.MaySeeReporters(), cancellation);
        if (form.Extension == "parquet" && crs != Coordinates.CrsRegistry.Crs84)
        {
            throw new BadParameterException(CommonParameters.Crs.Name, crs.Name, "left out: GeoParquet is written in longitude and latitude (CRS84)");
        }
        var representation = $"{request.Path}{request.QueryString} {query.Columns.Count} {query.Layer.Edition}";
        response.DependsOnCaller();
        if (request.Headers.IfNoneMatch.Count > 0 && (await data.CurrentAsync(cancellation)).Version is var current && EntityTags.IsKnown(context, TagOf(current)))
        {
            return;
        }
        await using var reading = await FeatureReading.OpenAsync(database, query, cancellation);
        EntityTags.Set(context, TagOf(reading.DataVersion));
        response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        response.Headers["OGC-NumberMatched"] = $"{reading.Matched}";
        response.ContentType = form.MediaType;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{layer}.{form.Extension}" }.ToString();
        if (HttpMethods.IsHead(request.Method))
        {
            return;
        }
        await LayerExport.WriteAsync(reading, query, form, crs, response.Body, cancellation);

        string TagOf(string dataVersion)
        {
            response.Headers["X-Data-Version"] = dataVersion;
            var tag = EntityTags.Of(dataVersion, representation);
            return form.HoldsTimes ? EntityTags.Weak(tag) : tag;
        }
    }
}
