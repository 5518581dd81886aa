using System.Globalization;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Tiles;

/// <summary>What a heatmap is asked to show.</summary>
/// <param name="RadiusPixels">Distance at which an issue hardly counts any more (three standard deviations), pixels; when no bandwidth is given.</param>
/// <param name="BandwidthMeters">Standard deviation of the kernel, meters.</param>
/// <param name="BySeverity">Whether an issue weighs its severity.</param>
/// <param name="DefaultPoints">Whether issues on a geocoder's default point are shown.</param>
/// <param name="OnDark">Whether it is laid on a dark map.</param>
/// <param name="Palette">One of <see cref="HeatRamp.Palettes"/>.</param>
internal sealed record HeatmapParameters(double RadiusPixels, double? BandwidthMeters, bool BySeverity, bool DefaultPoints, bool OnDark, string Palette)
{
    private const double DefaultRadiusPixels = 30;

    /// <summary>Narrower, and single issues would fall between the pixels.</summary>
    private const double MinSdPixels = 1;

    private static readonly Parameter<double?> Radius = Parameter.Number(
        "radius_px", 3, 300, "pixels of a tile 256 pixels wide", "Distance at which an issue hardly counts any more, the same at every zoom; 30 when left out, not beside bandwidth", 30);

    private static readonly Parameter<double?> Bandwidth = Parameter.Number("bandwidth", 1, 100_000, "meters", "Standard deviation of the kernel, the same on the ground at every zoom", 200);

    private static readonly Parameter<string> Background = Parameter.Word("background", "What it is laid on: the densest place is the darkest on a light map, the lightest on a dark one", "light", "dark");

    private static readonly Parameter<string> PaletteName = Parameter.Word("palette", "Colors; all can be told apart by color-blind eyes and in print", HeatRamp.Palettes);

    /// <summary>What it takes beside the issue filter.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } = [Radius, Bandwidth, CommonParameters.Weight, CommonParameters.IncludeDefaultPoints, Background, PaletteName];

    /// <summary>256 colors, by <see cref="HeatRamp.IndexOf"/>.</summary>
    internal (byte Red, byte Green, byte Blue, byte Alpha)[] Ramp => HeatRamp.Of(Palette, OnDark);

    /// <summary>Reads <c>radius_px</c> or <c>bandwidth</c> (meters), <c>weight</c>, <c>include_default_points</c>, <c>background</c> and <c>palette</c>.</summary>
    /// <exception cref="BadParameterException">One of them is not what it must be, or both sizes are given.</exception>
    internal static HeatmapParameters Parse(IQueryCollection query)
    {
        var radius = Radius.Read(query);
        var bandwidth = Bandwidth.Read(query);
        if (radius is not null && bandwidth is not null)
        {
            throw new BadParameterException(Radius.Name, query[Radius.Name], "left out when bandwidth is given");
        }
        return new HeatmapParameters(
            radius ?? DefaultRadiusPixels, bandwidth, CommonParameters.Weight.Read(query) == "severity", CommonParameters.IncludeDefaultPoints.Read(query),
            Background.Read(query) == "dark",
            PaletteName.Read(query));
    }

    /// <summary>Meters to a pixel of a tile, 256 pixels wide.</summary>
    internal static double MetersPerPixel(int zoom, double latDegrees)
        => WebMercator.WorldMeters * Math.Cos(latDegrees * Math.PI / 180) / Math.ScaleB(Heatmap.TilePixels, zoom);

    /// <summary>The same at a zoom.</summary>
    /// <param name="zoom">Zoom of the tiles.</param>
    /// <param name="latDegrees">Where meters are turned into pixels: one latitude for all tiles, so that they fit together.</param>
    internal HeatmapStyle At(int zoom, double latDegrees)
    {
        var sd = BandwidthMeters is { } meters ? meters / MetersPerPixel(zoom, latDegrees) : RadiusPixels / 3;
        return new HeatmapStyle(Math.Max(sd, MinSdPixels), BySeverity, DefaultPoints);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RadiusPixels} {BandwidthMeters} {BySeverity} {DefaultPoints} {OnDark} {Palette}");
}
