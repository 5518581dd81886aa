using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GeoSanitation.Server.Hotspots;
using SkiaSharp;

namespace GeoSanitation.Server.Pictures;

/// <summary>What stands beside the map of a picture: legend, parameters, and what to be careful about.</summary>
/// <param name="canvas">Where on.</param>
/// <param name="text">Writes text.</param>
/// <param name="unit">Pixels to 1/96 inch.</param>
/// <param name="x">Left end, pixels.</param>
/// <param name="width">Pixels.</param>
internal sealed partial class PicturePanel(SKCanvas canvas, PictureText text, float unit, float x, float width)
{
    private static readonly SKColor KeyLine = SKColor.Parse("#6b7280").WithAlpha(120);

    /// <summary>Color of what is read first.</summary>
    internal static SKColor Ink { get; } = SKColor.Parse("#1f2937");

    /// <summary>Color of the rest.</summary>
    internal static SKColor QuietInk { get; } = SKColor.Parse("#5b6472");

    /// <summary>Draws it from the top; warnings only as far as there is room.</summary>
    internal void Draw(FeatureStyle style, AnalysisRequest request, JsonObject explain, float top, float bottom)
    {
        var y = Heading(style.Heading, top + 13 * unit);
        foreach (var key in style.Keys)
        {
            Draw(key, y);
            y += 19 * unit;
        }
        if (style.Keys.Count == 0)
        {
            y = text.DrawWrapped(canvas, "Nothing was found.", x, y, width, 12 * unit, Ink);
        }
        y = Heading("Parameters", y + 14 * unit);
        foreach (var parameter in Parameters(request, explain))
        {
            y = text.DrawWrapped(canvas, parameter, x, y, width, 11 * unit, QuietInk);
        }
        var warnings = explain["warnings"]!.AsArray();
        if (warnings.Count > 0)
        {
            y = Heading("To be careful about", y + 14 * unit);
        }
        foreach (var warning in warnings.TakeWhile(_ => y < bottom - 40 * unit))
        {
            y = text.DrawWrapped(canvas, (string)warning!, x, y, width, 11 * unit, QuietInk) + 3 * unit;
        }
    }

    private float Heading(string words, float y) => text.DrawWrapped(canvas, words, x, y, width, 14 * unit, Ink) + 3 * unit;

    private void Draw(Key key, float y)
    {
        var lined = key.Look.LineWidth > 0;
        using var fill = new SKPaint { Color = key.Look.Fill, IsAntialias = true };
        using var line = new SKPaint { Color = lined ? key.Look.Line : KeyLine, StrokeWidth = unit * Math.Max(key.Look.LineWidth, 0.6f), Style = SKPaintStyle.Stroke, IsAntialias = true };
        var box = SKRect.Create(x, y - 11 * unit, 20 * unit, 13 * unit);
        canvas.DrawRect(box, fill);
        canvas.DrawRect(box, line);
        text.Draw(canvas, key.Words, x + 28 * unit, y, 12 * unit, Ink);
        var count = key.Count?.ToString("#,0", CultureInfo.InvariantCulture) ?? "";
        text.Draw(canvas, count, x + width - text.Measure(count, 12 * unit), y, 12 * unit, QuietInk);
    }

    /// <summary>What the analysis was done with, in numbers and units, and who chose it.</summary>
    private static IEnumerable<string> Parameters(AnalysisRequest request, JsonObject explain)
    {
        foreach (var (name, node) in explain["parameters"]!.AsObject())
        {
            var unit = AnalysisRequest.Taken(request.Method.Parameters).FirstOrDefault(p => p.Name == name) is { } parameter && Unit().Match(parameter.Description) is { Success: true } match ? $" {match.Groups[1].Value}" : "";
            var value = node!["value"] is JsonValue number && number.TryGetValue<double>(out var amount) ? FeatureStyle.Amount(amount) : node["value"]?.ToJsonString().Trim('"') ?? "none";
            var chosen = (string)node["chosen_by"]! is "caller" or "default" ? "" : " (from the data)";
            yield return $"{name}: {value}{unit}{chosen}";
        }
    }

    [GeneratedRegex(@"\((\w+)\)$")]
    private static partial Regex Unit();
}
