using System.Text.Json.Nodes;
using GeoSanitation.Server.Pictures;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;
using SkiaSharp;

namespace GeoSanitation.Server.Styles;

/// <summary>The markers of map styles in one picture, and where each is in it: <c>status-...</c> and <c>category-...</c>, 24 pixels each.</summary>
/// <param name="markers">Names, colors and letters.</param>
/// <param name="ratio">Pixels of the picture to a pixel of the map: 1, or 2 for sharp screens.</param>
internal sealed class Sprite(IReadOnlyList<Sprite.Marker> markers, int ratio)
{
    private const int MarkerPixels = 24;

    // So that a marker does not show a line of its neighbor where it is drawn between two pixels.
    private const int GapPixels = 2;
    private const int Columns = 16;

    // Okabe and Ito's set: they can be told apart with any common color blindness.
    private static readonly string[] Colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7b828d", "#33475b"];

    private static readonly Dictionary<string, string> StatusColors = new()
    {
        ["reported"] = "#0072b2",
        ["accepted"] = "#0072b2",
        ["dispatched"] = "#0072b2",
        ["resolved"] = "#009e73",
        ["closed"] = "#7b828d",
        ["rejected"] = "#7b828d",
    };

    /// <summary>A marker of every status and category. Categories of one kind have one color, and the first letter of their name.</summary>
    internal static IReadOnlyList<Marker> MarkersOf(FilterTables tables)
    {
        var kinds = tables.Categories.Select(c => c.ParentCode ?? c.Name.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        return
        [
            .. IssuePoints.Statuses.Select(status => new Marker("status-" + status, StatusColors[status], "")),
            .. tables.Categories.OrderBy(c => c.Name.Code, StringComparer.Ordinal)
                .Select(c => new Marker("category-" + c.Name.Code, Colors[kinds.IndexOf(c.ParentCode ?? c.Name.Code) % Colors.Length], c.Name.Name.EnumerateRunes().FirstOrDefault().ToString())),
        ];
    }

    /// <summary>Where each marker is: the JSON beside the picture.</summary>
    internal JsonObject Index()
    {
        var index = new JsonObject();
        for (var i = 0; i < markers.Count; i++)
        {
            var (x, y) = CornerOf(i);
            index[markers[i].Name] = new JsonObject { ["x"] = x, ["y"] = y, ["width"] = ratio * MarkerPixels, ["height"] = ratio * MarkerPixels, ["pixelRatio"] = ratio };
        }
        return index;
    }

    /// <summary>The picture as a PNG file.</summary>
    internal byte[] Draw()
    {
        var step = ratio * (MarkerPixels + GapPixels);
        using var bitmap = new SKBitmap(step * Math.Min(Columns, markers.Count), step * ((markers.Count + Columns - 1) / Columns), SKColorType.Rgba8888, SKAlphaType.Premul);
        using var canvas = new SKCanvas(bitmap);
        using var text = new PictureText();
        canvas.Clear(SKColors.Transparent);
        for (var i = 0; i < markers.Count; i++)
        {
            var (x, y) = CornerOf(i);
            var middle = new SKPoint(x + ratio * MarkerPixels / 2f, y + ratio * MarkerPixels / 2f);
            using var rim = new SKPaint { Color = SKColors.White, IsAntialias = true };
            using var disc = new SKPaint { Color = SKColor.Parse(markers[i].Color), IsAntialias = true };
            canvas.DrawCircle(middle, ratio * 11.5f, rim);
            canvas.DrawCircle(middle, ratio * 10f, disc);
            var size = ratio * 12f;
            text.Draw(canvas, markers[i].Letter, middle.X - text.Measure(markers[i].Letter, size) / 2, middle.Y + 0.36f * size, size, SKColors.White);
        }
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private (int X, int Y) CornerOf(int i) => (ratio * (MarkerPixels + GapPixels) * (i % Columns), ratio * (MarkerPixels + GapPixels) * (i / Columns));

    /// <summary>A marker.</summary>
    /// <param name="Name">What styles call it.</param>
    /// <param name="Color">Red, green and blue, as in CSS.</param>
    /// <param name="Letter">Written on it; or empty.</param>
    internal sealed record Marker(string Name, string Color, string Letter);
}
