using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Density of issues, or risk, as contour polygons.</summary>
internal static class DensityAnalysis
{
    private const int MaxLevels = 20;
    private const int DefaultLevels = 6;
    private const double FloorMeters = 30;

    // Cells of a raster to the kernel's standard deviation: as many as binning without loss needs, fewer where the area is large.
    private const double FineCells = 5;
    private const double CoarseCells = 2;

    private static readonly Parameter<double?> Bandwidth = HotspotParameters.Meters(
        "bandwidth", "Standard deviation of a Gaussian kernel, or radius of a quartic one; from the data when left out", 200);

    private static readonly Parameter<string> Kernel = Parameter.Word("kernel", "Shape of the kernel", "gaussian", "quartic");
    private static readonly Parameter<(int Count, double[]? Levels)> Levels = new(
        "levels", "A number of levels, or the levels themselves in ascending order with commas between (issues per km2, or the unit of the rate)",
        Parameter.Pattern(@"^\d+(\.\d+)?(,\d+(\.\d+)?)*$"), "5,10,20", LevelsOf);

    internal static HotspotMethod Method { get; } = new("density", 1, "Density of issues per km2, or of issues to people or visits (risk), as contour polygons", [Bandwidth, Kernel, Levels, RateParameters.OfSurface], Parse);

    private static Analysis Parse(IQueryCollection values)
    {
        var bandwidth = Bandwidth.Read(values);
        var quartic = Kernel.Read(values) == "quartic";
        var (count, levels) = Levels.Read(values);
        var rate = RateParameters.ReadOfSurface(values);
        return (input, explain, work) => Run(input, bandwidth, quartic, count, levels, rate, explain, work);
    }

    private static FeatureTable Run(AnalysisInput input, double? givenBandwidth, bool quartic, int levelCount, double[]? givenLevels, RateParameters rate, Explain explain, AnalysisWork work)
    {
        var exposure = ExposureSurface.Of(input, rate, explain);
        var points = exposure?.Known(input.Points, explain) ?? input.Points;
        explain.Parameter("kernel", quartic ? "quartic" : "gaussian");
        var bandwidth = explain.Parameter("bandwidth", givenBandwidth, () => quartic
            ? BandwidthRule.ChooseRadius(points, FloorMeters * Math.Sqrt(8)) : BandwidthRule.ChooseDeviation(points, FloorMeters));
        explain.Root["bandwidth_is"] = quartic ? "search radius of the quartic kernel, meters" : "standard deviation of the Gaussian kernel, meters";
        if (points.Count == 0)
        {
            explain.Root["levels"] = new JsonArray();
            return TableOf(input, [], 0);
        }
        Raster Smooth(Points of, RasterFrame within) => quartic ? KernelDensity.Quartic(of, within, bandwidth) : KernelDensity.Gaussian(of, within, bandwidth);
        var frame = Frame(input, points, bandwidth, quartic, givenBandwidth is null);
        var raster = Smooth(points, frame);
        work.ThrowIfCancelled();
        var total = raster.Values.Sum();
        if (exposure is not null)
        {
            raster = exposure.Divide(raster, Smooth);
            work.ThrowIfCancelled();
        }
        var cellKm2 = frame.CellMeters * frame.CellMeters / 1e6;
        var levels = givenLevels ?? Contours.EqualLevels(raster, levelCount);
        explain.Parameter("levels", givenLevels is null ? levelCount : new JsonArray([.. levels.Select(l => JsonValue.Create(l))]));
        explain.Root["levels"] = new JsonArray([.. levels.Select(l => JsonValue.Create(l))]);
        explain.Root[exposure is null ? "peak_per_km2" : "peak"] = raster.Max;
        explain.Root["raster"] = new JsonObject
        {
            ["cell_m"] = frame.CellMeters,
            ["columns"] = frame.Columns,
            ["rows"] = frame.Rows,
            ["total"] = Math.Round(total * cellKm2, 6),
        };
        return TableOf(input, levels.Length == 0 ? [] : Contours.Bands(raster, levels), raster.Max);
    }

    private static FeatureTable TableOf(AnalysisInput input, IReadOnlyList<ContourBand> bands, double peak) => new()
    {
        Plane = input.Crs,
        Rows = [.. Enumerable.Range(0, bands.Count).Where(b => bands[b].Polygons.Count > 0)],
        OutlineOf = b => bands[b].Polygons,
        Id = Column.Text("id", b => bands[b].Lower.ToString("R", CultureInfo.InvariantCulture)),
        Columns =
        [
            Column.Number("lower", b => bands[b].Lower),
            // The topmost band is open; it ends at the peak.
            Column.Number("upper", b => double.IsFinite(bands[b].Upper) ? bands[b].Upper : Math.Max(peak, bands[b].Lower)),
        ],
    };

    private static RasterFrame Frame(AnalysisInput input, Points points, double bandwidth, bool quartic, bool chosen)
    {
        var sd = quartic ? bandwidth / Math.Sqrt(8) : bandwidth;
        var margin = quartic ? bandwidth : KernelDensity.CutDeviations * bandwidth;
        var (width, height) = Extent(points);
        // One cell more to each side than the frame may take.
        var fitting = Math.Sqrt((width + 2 * margin) * (height + 2 * margin) / (0.9 * input.Limits.MaxRasterCells));
        var cell = Math.Max(sd / FineCells, fitting);
        return cell <= sd / CoarseCells
            ? RasterFrame.Around(points, cell, margin, input.Limits.MaxRasterCells)
            : throw new BadParameterException(
                "bandwidth", chosen ? null : $"{bandwidth}", $"at least {Math.Ceiling(fitting * CoarseCells * (quartic ? Math.Sqrt(8) : 1))} meters here: a finer raster would need more than {input.Limits.MaxRasterCells} cells");
    }

    private static (double Width, double Height) Extent(Points points)
    {
        var (minX, minY, maxX, maxY) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var i = 0; i < points.Count; i++)
        {
            (minX, maxX) = (Math.Min(minX, points.XMeters[i]), Math.Max(maxX, points.XMeters[i]));
            (minY, maxY) = (Math.Min(minY, points.YMeters[i]), Math.Max(maxY, points.YMeters[i]));
        }
        return (maxX - minX, maxY - minY);
    }

    /// <summary>A number of levels, or the levels themselves with commas between.</summary>
    private static (int Count, double[]? Levels) LevelsOf(string? text)
    {
        if (text is null)
        {
            return (DefaultLevels, null);
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MaxLevels)
        {
            return (count, null);
        }
        var levels = text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN).ToArray();
        return levels.Length is > 1 and <= MaxLevels && levels[0] > 0 && double.IsFinite(levels[^1]) && levels.Zip(levels.Skip(1)).All(pair => pair.Second > pair.First)
            ? (0, levels)
            : throw new BadParameterException("levels", text, $"a number of levels from 1 to {MaxLevels}, or as many levels > 0 in ascending order (issues per km2), such as 5,10,20");
    }
}
