using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using SkiaSharp;

namespace GeoSanitation.Server.Wms;

/// <summary>The heatmap on a map of any box: the density and the colors of the tiles of the nearest zoom.</summary>
internal static class HeatmapLayer
{
    private const int LastZoom = 22;

    // Finer than this the surface needs none: it is smooth, and drawn with straight lines between.
    private const double MostCells = 1 << 21;

    internal static void Draw(SKCanvas canvas, MapView view, PointSnapshot points, HeatmapParameters parameters, HeatmapSurfaces surfaces)
    {
        var degrees = view.Degrees;
        var (left, top) = WebMercator.FromLonLat(degrees.MinX, degrees.MaxY);
        var (right, bottom) = WebMercator.FromLonLat(degrees.MaxX, degrees.MinY);
        if (!(left < right && top < bottom))
        {
            return;
        }
        var pixelsOfWorld = Math.Sqrt(view.Width / (right - left) * (view.Height / (bottom - top)));
        var zoom = (int)Math.Clamp(Math.Round(Math.Log2(pixelsOfWorld / Heatmap.TilePixels)), 0, LastZoom);
        var style = parameters.At(zoom, points.MiddleLatDegrees);
        var surface = surfaces.Of(points, zoom, style);
        var world = Math.ScaleB(Heatmap.TilePixels, zoom);
        var (width, height) = ((right - left) * world, (bottom - top) * world);
        var cell = Math.Max(Math.Sqrt(width * height / MostCells), 1);
        var frame = new RasterFrame(0, 0, cell, (int)Math.Ceiling(width / cell), (int)Math.Ceiling(height / cell));
        var near = Heatmap.Near([surface.Cells.All], world, left * world, bottom * world, width, height, KernelDensity.CutDeviations * style.SdPixels);
        if (near.Count == 0)
        {
            return;
        }
        // The library speaks of meters and km2, here pixels and their millions.
        var density = KernelDensity.Gaussian(near, frame, style.SdPixels);
        using var picture = new SKBitmap(new SKImageInfo(view.Width, view.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        picture.Pixels = Colors(view, density, 1e-6 / surface.Peak, HeatRamp.Of(parameters.Palette, parameters.OnDark), (left, bottom), world);
        canvas.DrawBitmap(picture, 0, 0, new SKSamplingOptions(SKFilterMode.Nearest));
    }

    /// <summary>The color of every pixel. A column of any of the systems is a column of the web map, a row a row.</summary>
    private static SKColor[] Colors(MapView view, Raster density, double scale, (byte Red, byte Green, byte Blue, byte Alpha)[] ramp, (double X, double Y) corner, double world)
    {
        var palette = Array.ConvertAll(ramp, c => new SKColor(c.Red, c.Green, c.Blue, c.Alpha));
        var (columns, rows) = (new double[view.Width], new double[view.Height]);
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = (WebMercator.FromLonLat(view.PlaceOf(i, view.Height / 2.0).LonDegrees, 0).X - corner.X) * world / density.Frame.CellMeters - 0.5;
        }
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (corner.Y - WebMercator.FromLonLat(0, view.PlaceOf(view.Width / 2.0, i).LatDegrees).Y) * world / density.Frame.CellMeters - 0.5;
        }
        var colors = new SKColor[view.Width * view.Height];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < columns.Length; column++)
            {
                colors[row * view.Width + column] = palette[HeatRamp.IndexOf(Between(density, columns[column], rows[row]) * scale)];
            }
        }
        return colors;
    }

    /// <summary>The value between the middles of four cells; 0 where there is no place on earth.</summary>
    private static double Between(Raster raster, double column, double row)
    {
        if (!(column > -1 && column < raster.Frame.Columns && row > -1 && row < raster.Frame.Rows))
        {
            return 0;
        }
        var (c, r) = ((int)Math.Floor(column), (int)Math.Floor(row));
        var (dc, dr) = (column - c, row - r);
        double At(int x, int y) => raster[Math.Clamp(x, 0, raster.Frame.Columns - 1), Math.Clamp(y, 0, raster.Frame.Rows - 1)];
        return (At(c, r) * (1 - dc) + At(c + 1, r) * dc) * (1 - dr) + (At(c, r + 1) * (1 - dc) + At(c + 1, r + 1) * dc) * dr;
    }
}
