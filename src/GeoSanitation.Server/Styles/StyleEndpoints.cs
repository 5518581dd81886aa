using System.Globalization;
using System.Text.Json;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Styles;

/// <summary>Ready map styles, with the letters and markers that they need: a map program takes one address and draws.</summary>
internal static class StyleEndpoints
{
    private const string PbfType = "application/x-protobuf";
    private const string PngType = "image/png";
    private const string JsonType = "application/json";
    private const int LongestStack = 200;
    private const int LastRange = 0xFFFF / GlyphRange.Size;

    private static readonly Parameter<string?> Name = Parameter.Choice("name", "Name of the style", [.. StyleDocument.All.Select(s => s.Name)]);
    private static readonly Parameter<string?> Stack = Parameter.OfText("fontstack", "Names of fonts; any are taken, as the letters come from the fonts of the server", "GeoSanitation", LongestStack);

    private static readonly Parameter<int> Range = new(
        "range", "First and last code point: 0-255, 256-511, ... 65280-65535", Parameter.Pattern("^[0-9]+-[0-9]+$"), "0-255", FirstOf);

    /// <summary>The parts of a path to letters.</summary>
    internal static IReadOnlyList<Parameter> GlyphParameters { get; } = [Stack, Range];

    /// <summary>What the sources of a style take.</summary>
    private static readonly IReadOnlyList<Parameter> StyleParameters = [.. StyleDocument.All[0].Sources.SelectMany(TileEndpoints.ParametersOf).Except(IssueTileParameters.Parameters).Distinct()];

    internal static void MapStyles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/styles").WithTags("Tiles");
        group.MapGet("", GetStyles).WithName("GetStyles").WithSummary("The map styles that there are").Produces<StyleIndex>().HasTag();
        group.MapGet("/{name}.json", GetStyle).WithName("GetStyle").Takes(Name, CommonParameters.Json).Takes(StyleParameters)
            .WithSummary("A map style for MapLibre and Mapbox GL; its sources carry the parameters on").Produces<StyleDocument>().HasTag().ProducesProblem(400).ProducesProblem(404);
        foreach (var ratio in (ReadOnlySpan<int>)[1, 2])
        {
            var (end, word) = ratio == 1 ? ("", "") : ("@2x", "Sharp");
            group.MapGet($"/sprite{end}.json", (HttpContext context, CancellationToken _) => RespondWithSpriteAsync(context, ratio, index: true))
                .WithName($"Get{word}SpriteIndex").WithSummary("Where each marker of the styles is in their picture").Produces<Dictionary<string, SpriteMarker>>().Produces(304);
            group.MapGet($"/sprite{end}.png", (HttpContext context, CancellationToken _) => RespondWithSpriteAsync(context, ratio, index: false))
                .WithName($"Get{word}Sprite").WithSummary("Picture of the markers of the styles: statuses and categories").Produces(200, contentType: PngType).Produces(304);
        }
        group.MapGet("/fonts/{fontstack}/{range}.pbf", (string fontstack, string range, HttpContext context) => RespondWithGlyphsAsync(context, fontstack, range)).WithName("GetGlyphs").Takes(GlyphParameters)
            .WithSummary("256 letters as signed distance fields, for the labels of maps").Produces(200, contentType: PbfType).Produces(304).ProducesProblem(400);
    }

    private static Ok<StyleIndex> GetStyles(HttpContext context)
    {
        var address = Links.Root(context.Request);
        return TypedResults.Ok(new StyleIndex([.. StyleDocument.All.Select(s => new StyleIndex.Style(s.Name, s.Title, $"{address}/styles/{s.Name}.json"))]));
    }

    private static Ok<StyleDocument> GetStyle(string name, HttpContext context)
    {
        var style = StyleDocument.All.FirstOrDefault(s => s.Name == name);
        if (style.Name is null)
        {
            throw new NotFoundException("style", name);
        }
        // What the tiles would refuse is refused here already.
        CommonParameters.Json.Read(context.Request.Query);
        IssueFilterQuery.Parse(context.Request.Query);
        HeatmapParameters.Parse(context.Request.Query);
        TileEndpoints.CheckDatumAndRuns(context.Request.Query);
        return TypedResults.Ok(StyleDocument.Of(style.Title, style.Sources, Links.Root(context.Request), context.Request.Query));
    }

    /// <summary>Answers with the markers, for faces that have addresses of their own.</summary>
    /// <param name="context">The request.</param>
    /// <param name="ratio">Pixels of the picture to a pixel of the map: 1 or 2.</param>
    /// <param name="index">Whether it is where each marker is that is wanted, and not their picture.</param>
    internal static Task RespondWithSpriteAsync(HttpContext context, int ratio, bool index)
    {
        var (data, answers) = (context.RequestServices.GetRequiredService<DataSnapshots>(), context.RequestServices.GetRequiredService<VersionedAnswers>());
        return answers.RespondAsync(context, index ? JsonType : PngType, $"sprite {ratio} {index}", async (_, cancellation) =>
        {
            var view = data.Latest ?? await data.CurrentAsync(cancellation);
            var sprite = new Sprite(Sprite.MarkersOf(view.Tables), ratio);
            return new VersionedBody(index ? JsonSerializer.SerializeToUtf8Bytes(sprite.Index(), JsonForm.Options) : sprite.Draw(), view.Version);
        });
    }

    /// <summary>Answers with letters, for faces that have addresses of their own.</summary>
    /// <param name="context">The request.</param>
    /// <param name="fontstack">Names of fonts, as they stand in the path.</param>
    /// <param name="range">First and last code point, as they stand in the path.</param>
    internal static Task RespondWithGlyphsAsync(HttpContext context, string fontstack, string range)
    {
        var answers = context.RequestServices.GetRequiredService<VersionedAnswers>();
        var (stack, first) = (Stack.Read(PathText.Decoded(fontstack))!, Range.Read(range));
        // Fonts do not change while the server is at work; after that they may.
        var version = EntityTags.HashOf([.. MachineFonts.All.Select(f => $"{f.FamilyName} {f.GlyphCount}")]);
        return answers.RespondAsync(context, PbfType, $"glyphs {JsonSerializer.Serialize(stack)} {first}", version, (_, _)
            => Task.FromResult<VersionedBody?>(new VersionedBody(GlyphRange.Encode(stack, first), version)));
    }

    private static int FirstOf(string? text)
    {
        if (text?.Split('-') is [var from, var to] && int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first % GlyphRange.Size == 0
            && first / GlyphRange.Size <= LastRange && to == (first + GlyphRange.Size - 1).ToString(CultureInfo.InvariantCulture))
        {
            return first;
        }
        throw new BadParameterException("range", text, "256 code points from a multiple of 256, such as 0-255, up to 65280-65535");
    }
}
