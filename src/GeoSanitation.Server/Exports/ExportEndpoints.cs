using System.Text.Json.Nodes;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store;
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

    private static readonly string[] MediaTypes = [.. FileForm.All.Select(f => f.MediaType.Split(';')[0])];

    internal static void AddExports(this IServiceCollection services) => services.AddSingleton(provider => new ExportSources(
        provider.GetRequiredService<DataSnapshots>(), provider.GetRequiredService<WardFigures>(), provider.GetRequiredService<KeptTables>().GetAsync));

    internal static void MapExports(this IEndpointRouteBuilder routes)
    {
        foreach (var layer in LayerExport.Names)
        {
            routes.MapGet($"/api/exports/{layer}.{{extension}}", (string extension, HttpContext context, Database database, ExportSources sources) => GetExport(layer, Extension.Read(extension), context, database, sources))
                .WithName("Export" + char.ToUpperInvariant(layer[0]) + layer[1..]).WithTags("Exports").Takes(LayerExport.ParametersOf(layer).Prepend(Extension))
                .WithSummary(layer switch
                {
                    "issues" => "All issues that are meant, as a file",
                    "wards" => "The wards in force, as a file; with the issue filter, those that it names or whose area its box touches, with the figures of their scorecards",
                    _ => "The hotspots published last, as a file; with the issue filter, what a method with its usual parameters makes of its issues",
                })
                .WithDescription("Written while it is read, as GeoJSON, GeoJSON lines, CSV, FlatGeobuf, GeoPackage, zipped Shapefile or GeoParquet. Who reported an issue is in it for keys of inspectors, handlers and administrators only.")
                .Produces(200, contentType: MediaTypes[0], additionalContentTypes: MediaTypes[1..]).Produces(304).ProducesProblem(400).ProducesProblem(404);
        }
    }

    private static async Task GetExport(string layer, FileForm form, HttpContext context, Database database, ExportSources sources)
    {
        var (request, response, cancellation) = (context.Request, context.Response, context.RequestAborted);
        var crs = CommonParameters.Crs.Read(request.Query);
        var export = await LayerExport.ParseAsync(layer, request.Query, database, context.User.MaySeeReporters(), cancellation);
        if (form.Extension == "parquet" && crs != Coordinates.CrsRegistry.Crs84)
        {
            throw new BadParameterException(CommonParameters.Crs.Name, crs.Name, "left out: GeoParquet is written in longitude and latitude (CRS84)");
        }
        var representation = $"{request.Path}{request.QueryString} {export.Edition}";
        response.DependsOnCaller();
        if (request.Headers.IfNoneMatch.Count > 0 && EntityTags.IsKnown(context, TagOf(await sources.VersionAsync(cancellation))))
        {
            return;
        }
        await using var reading = await export.OpenAsync(database, sources, cancellation);
        // What is of two versions is sent again to whoever asks next.
        EntityTags.Set(context, TagOf(reading.DataVersion, reading.IsOfOneVersion ? "" : " changed meanwhile"));
        response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        response.Headers["OGC-NumberMatched"] = $"{reading.Matched}";
        response.ContentType = form.MediaType;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{layer}.{form.Extension}" }.ToString();
        if (!HttpMethods.IsHead(request.Method))
        {
            await form.WriteAsync(reading.Features, crs, response.Body, cancellation);
        }

        string TagOf(string dataVersion, string state = "")
        {
            response.Headers["X-Data-Version"] = dataVersion;
            var tag = EntityTags.Of(dataVersion, representation + state);
            return form.HoldsTimes ? EntityTags.Weak(tag) : tag;
        }
    }
}
