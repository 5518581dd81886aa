using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store.Tiles;
using SkiaSharp;

namespace GeoSanitation.Server.Pictures;

/// <summary>How large a picture is.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Dpi">Pixels to the inch: letters and lines grow with it.</param>
internal readonly record struct PictureSize(int Width, int Height, int Dpi);

/// <summary>An analysis as a map to print or to paste into a report: wards, features, legend, scale bar, north, and what it stands on.</summary>
internal sealed class MapPicture : IDisposable
{
    private const int MostWardNames = 40;
    private const float LeastWardPixels = 60;
    private const byte QuietAlpha = 110;

    private static readonly SKColor Land = SKColor.Parse("#f6f5f1");
    private static readonly SKColor WardLine = SKColor.Parse("#6b7280");

    private readonly AnalysisRequest _request;
    private readonly FeatureTable _table;
    private readonly JsonObject _explain;
    private readonly WardSnapshot _wards;
    private readonly PictureSize _size;
    private readonly float _unit;
    private readonly PictureText _text = new();
    private readonly SKSurface _surface;

    private MapPicture(AnalysisRequest request, FeatureTable table, JsonObject explain, WardSnapshot wards, PictureSize size)
    {
        (_request, _table, _explain, _wards, _size) = (request, table, explain, wards, size);
        // One CSS pixel: 1/96 inch.
        _unit = size.Dpi / 96f;
        _surface = SKSurface.Create(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
    }

    /// <summary>Draws one.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="table">The features.</param>
    /// <param name="explain">How they came about.</param>
    /// <param name="wards">The wards, drawn behind them.</param>
    /// <param name="size">Its size.</param>
    /// <param name="title">Its title; null names the method.</param>
    /// <param name="day">The day that it is made.</param>
    /// <returns>A PNG file.</returns>
    internal static byte[] Draw(AnalysisRequest request, FeatureTable table, JsonObject explain, WardSnapshot wards, PictureSize size, string? title, DateOnly day)
    {
        using var picture = new MapPicture(request, table, explain, wards, size);
        picture.DrawAll(title ?? request.Method.Summary.Split(':')[0], day);
        using var image = picture._surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return WithDensity(data.ToArray(), size.Dpi);
    }

    public void Dispose()
    {
        _text.Dispose();
        _surface.Dispose();
    }

    private void DrawAll(string title, DateOnly day)
    {
        var canvas = _surface.Canvas;
        canvas.Clear(SKColors.White);
        var margin = 24 * _unit;
        var panel = Math.Clamp(0.26f * _size.Width, 190 * _unit, 300 * _unit);
        _text.Draw(canvas, title, margin, margin + 20 * _unit, 22 * _unit, PicturePanel.Ink);
        _text.Draw(canvas, Subtitle(), margin, margin + 42 * _unit, 13 * _unit, PicturePanel.QuietInk);
        var frame = MapFrame.Around(new SKRect(margin, margin + 58 * _unit, _size.Width - panel - 1.6f * margin, _size.Height - margin - 30 * _unit), Bounds());
        var style = FeatureStyle.Of(_table);
        DrawMap(frame, style);
        DrawNorth(frame);
        DrawBar(frame);
        new PicturePanel(canvas, _text, _unit, frame.Box.Right + 0.8f * margin, panel - 0.2f * margin).Draw(style, _request, _explain, frame.Box.Top, frame.Box.Bottom);
        _text.Draw(canvas, string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} · data version {_explain["data_version"]} · {_explain["crs"]} {_explain["crs_title"]}"), margin, _size.Height - margin, 11 * _unit, PicturePanel.QuietInk);
    }

    /// <summary>How many issues, and which: the filter as it was given.</summary>
    private string Subtitle()
    {
        var filter = _request.Given.Where(g => IssueFilterQuery.Parameters.Any(p => p.Name == g.Key)).Select(g => $"{g.Key} {string.Join(", ", g.Value)}");
        return string.Join(" · ", [string.Create(CultureInfo.InvariantCulture, $"{(int?)_explain["issues"]:#,0} issues"), .. filter]);
    }

    /// <summary>All features; the wards too where the filter names no place.</summary>
    private double[] Bounds()
    {
        var shapes = _table.Rows.Select(row => Rings.Of(_table, _table.Plane, row));
        var filter = _request.Filter;
        var everywhere = _table.Rows.Count == 0 || (filter.Wards.Count == 0 && filter.Boxes.Count == 0 && filter.Near is null);
        var bounds = Rings.BoundsOf(everywhere ? shapes.Concat(_wards.Current.Select(WardShape)) : shapes);
        return double.IsFinite(bounds[0]) ? bounds : [0, 0, 0, 0];
    }

    private Rings WardShape(WardOutline ward) => new(StudyArea.Nested(ward.Geometry!, _table.Plane), false);

    private void DrawMap(MapFrame frame, FeatureStyle style)
    {
        var canvas = _surface.Canvas;
        canvas.Save();
        canvas.ClipRect(frame.Box);
        using var fill = new SKPaint { Style = SKPaintStyle.Fill, IsAntialias = true };
        using var line = new SKPaint { Style = SKPaintStyle.Stroke, IsAntialias = true, StrokeJoin = SKStrokeJoin.Round };
        var wards = DrawnWards(frame).Select(ward => (Ward: ward, Path: frame.PathOf(WardShape(ward)), Depth: _wards.Chain(ward.Id).Count())).ToList();
        fill.Color = Land;
        foreach (var (_, path, _) in wards.Where(w => w.Depth == 1))
        {
            canvas.DrawPath(path, fill);
        }
        foreach (var row in _table.Rows)
        {
            if (style.LookOf(row) is { } look)
            {
                DrawFeature(frame, Rings.Of(_table, _table.Plane, row), look, fill, line);
            }
        }
        foreach (var (_, path, depth) in wards.OrderByDescending(w => w.Depth))
        {
            line.Color = WardLine.WithAlpha(depth > 2 ? QuietAlpha : byte.MaxValue);
            line.StrokeWidth = _unit * Math.Max(0.4f, 1.6f - 0.5f * (depth - 1));
            canvas.DrawPath(path, line);
            path.Dispose();
        }
        DrawLabels(frame, style);
        canvas.Restore();
        (line.Color, line.StrokeWidth) = (PicturePanel.Ink, _unit);
        canvas.DrawRect(frame.Box, line);
    }

    /// <summary>Wards of the levels whose wards are large enough on the picture to be more than a mesh over what it shows.</summary>
    private IEnumerable<WardOutline> DrawnWards(MapFrame frame)
        => _wards.Current.GroupBy(w => w.Level).Where(level => level.Average(w => WidthOf(frame, w)) >= LeastWardPixels * _unit).SelectMany(level => level);

    private float WidthOf(MapFrame frame, WardOutline ward)
    {
        var box = ward.Geometry!.EnvelopeInternal;
        double[] x = [box.MinX, box.MaxX], y = [box.Centre.Y, box.Centre.Y];
        AnalysisCrs.ToMeters(_table.Plane, x, y);
        return (float)(Math.Abs(x[1] - x[0]) / frame.MetersPerPixel);
    }

    private void DrawFeature(MapFrame frame, Rings shape, Look look, SKPaint fill, SKPaint line)
    {
        fill.Color = look.Fill;
        (line.Color, line.StrokeWidth) = (look.Line, look.LineWidth * _unit);
        if (_table.Places is not null)
        {
            var at = frame.At(shape.Polygons[0][0][0], shape.Polygons[0][0][1]);
            _surface.Canvas.DrawCircle(at, 2.2f * _unit, fill);
            return;
        }
        using var path = frame.PathOf(shape);
        _surface.Canvas.DrawPath(path, fill);
        if (look.LineWidth > 0)
        {
            _surface.Canvas.DrawPath(path, line);
        }
    }

    /// <summary>What is written on features, the longest labels, which are the largest numbers, first, then names of wards; one that would cover another is left out.</summary>
    private void DrawLabels(MapFrame frame, FeatureStyle style)
    {
        var taken = new List<SKRect>();
        foreach (var row in _table.Rows.Where(row => style.LabelOf(row) is not null).OrderByDescending(row => style.LabelOf(row)!.Length).ThenByDescending(row => style.LabelOf(row), StringComparer.Ordinal))
        {
            var bounds = Rings.BoundsOf([Rings.Of(_table, _table.Plane, row)]);
            DrawWhereFree(style.LabelOf(row)!, frame.At((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2), 12 * _unit, style.LookOf(row)!.Value.Line, taken);
        }
        DrawWardNames(frame, taken);
    }

    /// <summary>Names of the deepest level that is not too many.</summary>
    private void DrawWardNames(MapFrame frame, List<SKRect> taken)
    {
        var level = _wards.Current.GroupBy(w => w.Level).Where(l => l.Count() is > 1 and <= MostWardNames).MaxBy(l => l.Count());
        foreach (var ward in level ?? Enumerable.Empty<WardOutline>())
        {
            var place = _wards.LabelPoint(ward);
            double[] x = [place.X], y = [place.Y];
            AnalysisCrs.ToMeters(_table.Plane, x, y);
            DrawWhereFree(ward.Name, frame.At(x[0], y[0]), 11 * _unit, PicturePanel.Ink, taken);
        }
    }

    private void DrawWhereFree(string text, SKPoint at, float size, SKColor color, List<SKRect> taken)
    {
        var box = SKRect.Create(at.X - _text.Measure(text, size) / 2, at.Y - size / 2, _text.Measure(text, size), size);
        if (!taken.Any(box.IntersectsWith))
        {
            taken.Add(box);
            DrawCentered(text, at, size, color);
        }
    }

    private void DrawCentered(string text, SKPoint at, float size, SKColor color)
        => _text.Draw(_surface.Canvas, text, at.X - _text.Measure(text, size) / 2, at.Y + 0.35f * size, size, color, SKColors.White.WithAlpha(220));

    private void DrawNorth(MapFrame frame)
    {
        var (x, y) = (frame.Box.Right - 22 * _unit, frame.Box.Top + 18 * _unit);
        using var builder = new SKPathBuilder();
        builder.MoveTo(x, y);
        builder.LineTo(x + 8 * _unit, y + 24 * _unit);
        builder.LineTo(x, y + 18 * _unit);
        builder.LineTo(x - 8 * _unit, y + 24 * _unit);
        builder.Close();
        using var arrow = builder.Detach();
        using var paint = new SKPaint { Color = PicturePanel.Ink, IsAntialias = true };
        _surface.Canvas.DrawPath(arrow, paint);
        DrawCentered("N", new SKPoint(x, y + 34 * _unit), 13 * _unit, PicturePanel.Ink);
    }

    private void DrawBar(MapFrame frame)
    {
        var meters = frame.BarMeters();
        var length = (float)(meters / frame.MetersPerPixel);
        var (x, y, height) = (frame.Box.Left + 16 * _unit, frame.Box.Bottom - 18 * _unit, 5 * _unit);
        using var white = new SKPaint { Color = SKColors.White };
        using var dark = new SKPaint { Color = PicturePanel.Ink };
        using var line = new SKPaint { Color = PicturePanel.Ink, Style = SKPaintStyle.Stroke, StrokeWidth = _unit, IsAntialias = true };
        _surface.Canvas.DrawRect(x, y, length, height, white);
        _surface.Canvas.DrawRect(x, y, length / 2, height, dark);
        _surface.Canvas.DrawRect(x, y, length, height, line);
        DrawCentered("0", new SKPoint(x, y - 9 * _unit), 11 * _unit, PicturePanel.Ink);
        DrawCentered(meters >= 1000 ? string.Create(CultureInfo.InvariantCulture, $"{meters / 1000:0.#} km") : string.Create(CultureInfo.InvariantCulture, $"{meters:0.#} m"),
            new SKPoint(x + length, y - 9 * _unit), 11 * _unit, PicturePanel.Ink);
    }

    /// <summary>Says in the file how many pixels go to the inch, after its first chunk.</summary>
    private static byte[] WithDensity(byte[] png, int dpi)
    {
        const int afterHeader = 33;
        Span<byte> density = stackalloc byte[9];
        var perMeter = (int)Math.Round(dpi / 0.0254);
        BinaryPrimitives.WriteInt32BigEndian(density, perMeter);
        BinaryPrimitives.WriteInt32BigEndian(density[4..], perMeter);
        density[8] = 1; // meters
        using var file = new MemoryStream(png.Length + 21);
        file.Write(png.AsSpan(0, afterHeader));
        PalettePng.Chunk(file, "pHYs"u8, density);
        file.Write(png.AsSpan(afterHeader));
        return file.ToArray();
    }
}
