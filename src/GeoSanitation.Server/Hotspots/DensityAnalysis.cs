using System.Text.Json.Nodes;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What density is asked for; null means chosen from the data.</summary>
/// <param name="BandwidthMeters">Standard deviation of the Gaussian, radius of the quartic kernel.</param>
/// <param name="Quartic">Which kernel.</param>
/// <param name="LevelCount">Number of levels at equal steps below the peak.</param>
/// <param name="Levels">Or the levels themselves, issues per km2.</param>
internal sealed record DensityParameters(double? BandwidthMeters, bool Quartic, int LevelCount, IReadOnlyList<double>? Levels);

/// <summary>Density of issues as contour polygons.</summary>
internal static class DensityAnalysis
{
    internal const int MaxLevels = 20;

    private const int MaxCells = 1_000_000;
    private const double FloorMeters = 30;

    // Cells of a raster to the kernel's standard deviation: as many as binning without loss needs, fewer where the area is large.
    private const double FineCells = 5;
    private const double CoarseCells = 2;

    internal static byte[] Run(AnalysisInput input, DensityParameters parameters, AnalysisOptions options, Explain explain, CancellationToken cancellation)
    {
        var points = input.Points;
        var quartic = parameters.Quartic;
        explain.Parameter("kernel", quartic ? "quartic" : "gaussian");
        var bandwidth = explain.Parameter("bandwidth", parameters.BandwidthMeters, () => quartic
            ? BandwidthRule.ChooseRadius(points, FloorMeters * Math.Sqrt(8)) : BandwidthRule.ChooseDeviation(points, FloorMeters));
        explain.Root["bandwidth_is"] = quartic ? "search radius of the quartic kernel, meters" : "standard deviation of the Gaussian kernel, meters";
        using var writer = new FeatureCollectionWriter(input.Crs, options.Output);
        if (points.Count == 0)
        {
            explain.Root["levels"] = new JsonArray();
            return writer.Finish(explain.Finish());
        }
        var frame = Frame(input, bandwidth, quartic, parameters.BandwidthMeters is null);
        var raster = quartic ? KernelDensity.Quartic(points, frame, bandwidth) : KernelDensity.Gaussian(points, frame, bandwidth);
        cancellation.ThrowIfCancellationRequested();
        var cellKm2 = frame.CellMeters * frame.CellMeters / 1e6;
        var levels = parameters.Levels?.ToArray() ?? Contours.EqualLevels(raster, parameters.LevelCount);
        explain.Parameter("levels", parameters.Levels is null ? parameters.LevelCount : new JsonArray([.. levels.Select(l => JsonValue.Create(l))]));
        explain.Root["levels"] = new JsonArray([.. levels.Select(l => JsonValue.Create(l))]);
        explain.Root["peak_per_km2"] = raster.Max;
        explain.Root["raster"] = new JsonObject
        {
            ["cell_m"] = frame.CellMeters,
            ["columns"] = frame.Columns,
            ["rows"] = frame.Rows,
            ["total"] = Math.Round(raster.Values.Sum() * cellKm2, 6),
        };
        if (levels.Length == 0)
        {
            return writer.Finish(explain.Finish());
        }
        foreach (var band in Contours.Bands(raster, levels))
        {
            cancellation.ThrowIfCancellationRequested();
            if (band.Polygons.Count > 0)
            {
                writer.BeginPolygons($"{band.Lower:R}", band.Polygons);
                writer.Number("lower", band.Lower);
                // The topmost band is open; it ends at the peak.
                writer.Number("upper", double.IsFinite(band.Upper) ? band.Upper : Math.Max(raster.Max, band.Lower));
                writer.EndFeature();
            }
        }
        return writer.Finish(explain.Finish());
    }

    private static RasterFrame Frame(AnalysisInput input, double bandwidth, bool quartic, bool chosen)
    {
        var sd = quartic ? bandwidth / Math.Sqrt(8) : bandwidth;
        var margin = quartic ? bandwidth : KernelDensity.CutDeviations * bandwidth;
        var (width, height) = Extent(input);
        // One cell more to each side than the frame may take.
        var fitting = Math.Sqrt((width + 2 * margin) * (height + 2 * margin) / (0.9 * MaxCells));
        var cell = Math.Max(sd / FineCells, fitting);
        return cell <= sd / CoarseCells
            ? RasterFrame.Around(input.Points, cell, margin, MaxCells)
            : throw new BadParameterException(
                "bandwidth", chosen ? null : $"{bandwidth}", $"at least {Math.Ceiling(fitting * CoarseCells * (quartic ? Math.Sqrt(8) : 1))} meters here: a finer raster would need more than {MaxCells} cells");
    }

    private static (double Width, double Height) Extent(AnalysisInput input)
    {
        var (minX, minY, maxX, maxY) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var i = 0; i < input.Points.Count; i++)
        {
            (minX, maxX) = (Math.Min(minX, input.Points.XMeters[i]), Math.Max(maxX, input.Points.XMeters[i]));
            (minY, maxY) = (Math.Min(minY, input.Points.YMeters[i]), Math.Max(maxY, input.Points.YMeters[i]));
        }
        return (maxX - minX, maxY - minY);
    }
}
