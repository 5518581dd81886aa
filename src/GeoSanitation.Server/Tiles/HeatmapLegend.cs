namespace GeoSanitation.Server.Tiles;

/// <summary>What the colors of the heatmap mean at a zoom.</summary>
/// <param name="Zoom">Zoom of the tiles.</param>
/// <param name="BandwidthM">Standard deviation of the Gaussian kernel, meters.</param>
/// <param name="Weight"><c>none</c> or <c>severity</c>: what an issue counts.</param>
/// <param name="PeakPerKm2">Highest density, issues (or their severity) per km2; 0 without issues.</param>
/// <param name="Stops">Colors from nothing to the peak, at even steps along the scale.</param>
internal sealed record HeatmapLegend(int Zoom, double BandwidthM, string Weight, double PeakPerKm2, IReadOnlyList<HeatmapLegend.Stop> Stops)
{
    private const int Steps = 16;

    /// <summary>Describes the tiles of a zoom.</summary>
    /// <param name="zoom">Zoom of the tiles.</param>
    /// <param name="parameters">What the heatmap shows.</param>
    /// <param name="style">The same at this zoom.</param>
    /// <param name="peak">From <see cref="Heatmap.Peak"/>, per square pixel.</param>
    /// <param name="latDegrees">Where pixels are turned into meters.</param>
    internal static HeatmapLegend Of(int zoom, HeatmapParameters parameters, HeatmapStyle style, double peak, double latDegrees)
    {
        var meters = HeatmapParameters.MetersPerPixel(zoom, latDegrees);
        var peakPerKm2 = peak / (meters * meters) * 1e6;
        var stops = Enumerable.Range(0, Steps + 1).Select(step => 255 * step / Steps).Select(index =>
        {
            var (red, green, blue, alpha) = parameters.Ramp[index];
            return new Stop(peakPerKm2 * HeatRamp.ShareOf(index), $"#{red:x2}{green:x2}{blue:x2}", Math.Round(alpha / 255.0, 3));
        });
        return new HeatmapLegend(zoom, style.SdPixels * meters, style.BySeverity ? "severity" : "none", peakPerKm2, [.. stops]);
    }

    /// <summary>A color.</summary>
    /// <param name="PerKm2">The density that it stands for.</param>
    /// <param name="Color">Red, green and blue, as in CSS.</param>
    /// <param name="Opacity">0 (clear) to 1.</param>
    internal sealed record Stop(double PerKm2, string Color, double Opacity);
}
