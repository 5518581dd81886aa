using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Backdrop;

/// <summary>The quiet background of the planners' map: GeoJSON files that come with the program. Where there are none, the map does without.</summary>
internal static class BackdropEndpoint
{
    private const string GeoJson = "application/geo+json";
    private const string Nothing = """{"type":"FeatureCollection","features":[]}""";

    private const string All = "backdrop";

    /// <summary>Names of the layers; each may have a file of its name.</summary>
    internal static IReadOnlyList<string> Layers { get; } = ["built_up", "water", "parks", "urban_villages", "old_estates", "markets", "roads"];

    private static readonly Parameter<string?> Layer = Parameter.Choice("layer", "Layer of the background, or backdrop for all of them, each feature with its layer", [.. Layers, All]);

    /// <summary>The files do not change while the program runs.</summary>
    private static readonly Lazy<WholeBackdrop> Whole = new(() => WholeBackdrop.Of(Layers.Select(FileOf).Where(file => file.Exists)));

    internal static void MapBackdrop(this IEndpointRouteBuilder routes)
        => routes.MapGet("/geodata/{layer}.geojson", GetBackdrop).WithName("GetBackdrop").WithTags("Map").Takes(Layer)
            .WithSummary("A layer of the map's background: built_up, water, parks, urban_villages, old_estates, markets or roads, or all in one: backdrop; empty when the program comes without it")
            .Produces<BackdropLayer>(200, GeoJson).Produces(304).ProducesProblem(404);

    private static IResult GetBackdrop(string layer, HttpContext context)
    {
        if (layer != All && !Layers.Contains(layer))
        {
            throw new NotFoundException("backdrop layer", layer);
        }
        context.Response.Headers.CacheControl = "no-cache";
        if (layer == All)
        {
            return TypedResults.Bytes(Whole.Value.Json, GeoJson, entityTag: Whole.Value.Tag);
        }
        var file = FileOf(layer);
        return file.Exists
            ? TypedResults.PhysicalFile(file.FullName, GeoJson, lastModified: file.LastWriteTimeUtc, entityTag: new EntityTagHeaderValue($"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\"", isWeak: true))
            : TypedResults.Text(Nothing, GeoJson);
    }

    private static FileInfo FileOf(string layer) => new(Path.Combine(AppContext.BaseDirectory, "geodata", layer + ".geojson"));
}
