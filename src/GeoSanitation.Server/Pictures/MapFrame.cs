using GeoSanitation.Server.FeatureForms;
using SkiaSharp;

namespace GeoSanitation.Server.Pictures;

/// <summary>Where places of a metric plane lie on a picture; north is up.</summary>
/// <param name="Box">The map's part of the picture, pixels.</param>
/// <param name="MiddleX">East of the middle, meters.</param>
/// <param name="MiddleY">North of the middle, meters.</param>
/// <param name="MetersPerPixel">Scale.</param>
internal readonly record struct MapFrame(SKRect Box, double MiddleX, double MiddleY, double MetersPerPixel)
{
    private const double Margin = 1.06;
    private const double LeastMeters = 200;

    /// <summary>A frame that shows all of an area.</summary>
    /// <param name="box">The map's part of the picture.</param>
    /// <param name="bounds">Least x, least y, greatest x, greatest y, meters.</param>
    internal static MapFrame Around(SKRect box, double[] bounds)
    {
        var (width, height) = (Math.Max(bounds[2] - bounds[0], LeastMeters), Math.Max(bounds[3] - bounds[1], LeastMeters));
        return new MapFrame(box, (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, Margin * Math.Max(width / box.Width, height / box.Height));
    }

    internal SKPoint At(double x, double y) => new((float)(Box.MidX + (x - MiddleX) / MetersPerPixel), (float)(Box.MidY - (y - MiddleY) / MetersPerPixel));

    /// <summary>Polygons as one path, holes left out of it.</summary>
    internal SKPath PathOf(Rings shape)
    {
        using var path = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        foreach (var ring in shape.Polygons.SelectMany(p => p))
        {
            path.MoveTo(At(ring[0], ring[1]));
            for (var i = 2; i < ring.Length - 2; i += 2)
            {
                path.LineTo(At(ring[i], ring[i + 1]));
            }
            path.Close();
        }
        return path.Detach();
    }

    /// <summary>A round length whose bar is a part of the map: 1, 2 or 5 times a power of ten, meters.</summary>
    internal double BarMeters()
    {
        var most = Box.Width * MetersPerPixel / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return power * (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1);
    }
}
