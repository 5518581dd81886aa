using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SkiaSharp;

namespace GeoSanitation.Server.Wms;

/// <summary>GetMap: layers over each other, as a picture.</summary>
internal sealed class MapEndpoint(PointSnapshots points, WardSnapshots wards, HeatmapSurfaces surfaces, HotspotLayer hotspots, VersionedAnswers answers)
{
    private const int JpegQuality = 88;

    /// <summary>Media types of pictures, the usual one first.</summary>
    internal static IReadOnlyList<string> Formats { get; } = ["image/png", "image/jpeg"];

    /// <summary>Answers a request.</summary>
    /// <exception cref="BadParameterException">Something is missing, or not what it must be.</exception>
    internal async Task RespondAsync(HttpContext context, WmsQuery query)
    {
        var layers = WmsLayer.Read(query);
        var view = MapView.Read(query);
        var format = FormatOf(query);
        var background = BackgroundOf(query, format);
        var heatmap = HeatmapParameters.Parse(query.HeatmapValues);
        var filter = query.Filter;
        var hot = layers.Any(l => l.Layer.Name == WmsLayer.Hotspots) ? (await hotspots.FindAsync(query, context.RequestAborted)).Key : "";
        var asked = $"wms {view.Crs.Name} {view.Box} {view.Width} {view.Height} {background} {string.Join(',', layers.Select(l => $"{l.Layer.Name} {l.Style}"))} {heatmap} {hot} {IssuePointStore.KeyOf(filter)}";
        await answers.RespondAsync(context, format, $"{format} {asked}", async (version, cancellation) =>
        {
            using var surface = SKSurface.Create(new SKImageInfo(view.Width, view.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
            surface.Canvas.Clear(background);
            foreach (var (layer, style) in layers)
            {
                switch (layer.Name)
                {
                    case WmsLayer.Heatmap:
                        HeatmapLayer.Draw(surface.Canvas, view, await points.GetAsync(filter, version, cancellation), style == "dark" ? heatmap with { OnDark = true } : heatmap, surfaces);
                        break;
                    case WmsLayer.Hotspots:
                        HotspotLayer.Draw(surface.Canvas, view, await hotspots.GetAsync(query, version, cancellation));
                        break;
                    case WmsLayer.Issues:
                        IssueLayer.Draw(surface.Canvas, view, await points.GetAsync(filter, version, cancellation));
                        break;
                    default:
                        WardLayer.Draw(surface.Canvas, view, await wards.GetAsync(version, cancellation), style == WardLayer.Named);
                        break;
                }
            }
            return new VersionedBody(Encode(surface, format), version);
        });
    }

    /// <summary>A picture as a file.</summary>
    internal static byte[] Encode(SKSurface surface, string format)
    {
        using var image = surface.Snapshot();
        using var file = image.Encode(format == "image/jpeg" ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, JpegQuality);
        return file.ToArray();
    }

    private static string FormatOf(WmsQuery query)
    {
        var allowed = "one of " + string.Join(", ", Formats);
        var format = query.Required("format", allowed);
        // "image/png; mode=8bit" and its like.
        return Formats.FirstOrDefault(f => f.Equals(format.Split(';')[0].Trim(), StringComparison.OrdinalIgnoreCase)) ?? throw new BadParameterException("format", format, allowed);
    }

    /// <summary>The color behind all: clear where that is asked for and possible, else white or BGCOLOR.</summary>
    private static SKColor BackgroundOf(WmsQuery query, string format)
    {
        var isClear = query.Text("transparent")?.ToUpperInvariant() switch
        {
            null or "FALSE" => false,
            "TRUE" => true,
            _ => throw new BadParameterException("transparent", query.Text("transparent"), "TRUE or FALSE"),
        };
        var color = query.Text("bgcolor") ?? "0xFFFFFF";
        var isColor = color.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && color.Length == 8 && color.AsSpan(2).ToString().All(char.IsAsciiHexDigit);
        return !isColor ? throw new BadParameterException("bgcolor", color, "0x and six hexadecimal digits: red, green, blue")
            : isClear && format == "image/png" ? SKColors.Transparent
            : SKColor.Parse("#" + color[2..]);
    }
}
