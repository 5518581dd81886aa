using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>What a heatmap shows of the points.</summary>
/// <param name="SdPixels">Standard deviation of the Gaussian kernel, pixels of a tile that is 256 pixels wide.</param>
/// <param name="BySeverity">Whether an issue weighs its severity, or 1.</param>
/// <param name="DefaultPoints">Whether issues on a geocoder's default point are shown.</param>
internal readonly record struct HeatmapStyle(double SdPixels, bool BySeverity, bool DefaultPoints)
{
    internal bool Shows(in PlacedIssue issue) => DefaultPoints || !issue.Has(IssueTraits.DefaultPoint);

    internal double WeightOf(in PlacedIssue issue) => BySeverity ? issue.Severity : 1;
}

/// <summary>Pictures of the density of issues. Coordinates are pixels of the whole zoom, 256 a tile, y upwards.</summary>
internal static class Heatmap
{
    internal const int TilePixels = 256;

    /// <summary>The whole zoom is searched for its peak on a lattice of so many nodes to the standard deviation ...</summary>
    private const int NodesPerDeviation = 4;

    /// <summary>... around the blocks of one deviation with most weight in and next to them.</summary>
    private const int PeakBlocks = 12;

    /// <summary>A rim of smaller squares has too many of them.</summary>
    private const int MostFiner = 3;

    /// <summary>Highest density over all issues at a zoom: one scale of colors for all its tiles.</summary>
    /// <returns>Weight per square pixel; 0 without issues.</returns>
    /// <remarks>Points are moved to the nearest node, which lowers a peak by about half a percent: of no matter to a scale of colors, and the same for every tile.</remarks>
    internal static double Peak(PointSnapshot points, int zoom, HeatmapStyle style)
    {
        var nodesPerWorld = Math.ScaleB(TilePixels, zoom) * NodesPerDeviation / style.SdPixels;
        var nodes = new Dictionary<(long X, long Y), double>();
        var blocks = new Dictionary<(long X, long Y), double>();
        foreach (ref readonly var issue in points.InSquare(0, 0, 0))
        {
            if (style.Shows(issue))
            {
                var (x, y) = ((long)(issue.X * nodesPerWorld), (long)(issue.Y * nodesPerWorld));
                var weight = style.WeightOf(issue);
                Add(nodes, (x, y), weight);
                Add(blocks, (x / NodesPerDeviation, y / NodesPerDeviation), weight);
            }
        }
        var crowded = blocks.Keys.OrderByDescending(b => Around(blocks, b, 1, (_, _) => 1)).ThenBy(b => b).Take(PeakBlocks);
        var kernel = new double[4 * NodesPerDeviation + 1];
        for (var k = 0; k < kernel.Length; k++)
        {
            kernel[k] = Math.Exp(-0.5 * k * k / (NodesPerDeviation * NodesPerDeviation));
        }
        var candidates = from block in crowded
                         from x in Enumerable.Range(0, NodesPerDeviation)
                         from y in Enumerable.Range(0, NodesPerDeviation)
                         select (block.X * NodesPerDeviation + x, block.Y * NodesPerDeviation + y);
        var peak = candidates.Max(node => (double?)Around(nodes, node, kernel.Length - 1, (x, y) => kernel[Math.Abs(x)] * kernel[Math.Abs(y)])) ?? 0;
        return peak / (2 * Math.PI * style.SdPixels * style.SdPixels);
    }

    /// <summary>One tile as a PNG file.</summary>
    /// <param name="points">The issues.</param>
    /// <param name="tile">Which tile.</param>
    /// <param name="style">What to show.</param>
    /// <param name="peak">From <see cref="Peak"/>.</param>
    /// <param name="pixels">Pixels of the picture in a row: 256, or 512 for sharp screens.</param>
    /// <param name="ramp">256 colors, by <see cref="HeatRamp.IndexOf"/>.</param>
    internal static byte[] Draw(
        PointSnapshot points, TileAddress tile, HeatmapStyle style, double peak, int pixels, ReadOnlySpan<(byte Red, byte Green, byte Blue, byte Alpha)> ramp)
    {
        var colors = new byte[pixels * pixels];
        var near = Near(points, tile, style);
        if (near.Count > 0)
        {
            var cell = (double)TilePixels / pixels;
            var frame = new RasterFrame(0, 0, cell, pixels, pixels);
            var density = KernelDensity.Gaussian(near, frame, style.SdPixels);
            // The library speaks of meters and km2, here pixels and their millions.
            var scale = 1e-6 / peak;
            for (var row = 0; row < pixels; row++)
            {
                for (var column = 0; column < pixels; column++)
                {
                    colors[(pixels - 1 - row) * pixels + column] = HeatRamp.IndexOf(density[column, row] * scale);
                }
            }
        }
        return PalettePng.Encode(ramp, colors, pixels);
    }

    /// <summary>The points whose kernels reach into a tile; x and y are pixels from its lower left corner.</summary>
    private static Points Near(PointSnapshot points, TileAddress tile, HeatmapStyle style)
    {
        var reach = KernelDensity.CutDeviations * style.SdPixels;
        // Squares at least as large as the reach: the tile's own, or the one that it lies in, and those around it hold everything near.
        var finer = Math.Min((int)Math.Floor(Math.Log2(TilePixels / reach)), MostFiner);
        var coarser = Math.Min(tile.Zoom, Math.Max(0, -finer));
        var middle = new TileAddress(tile.Zoom - coarser, tile.X >> coarser, tile.Y >> coarser);
        var world = Math.ScaleB(TilePixels, tile.Zoom);
        var (west, south) = ((double)tile.X * TilePixels, (tile.Y + 1.0) * TilePixels);
        var (x, y, weight) = (new List<double>(), new List<double>(), new List<double>());
        Add(points.InSquare(middle.Zoom, middle.X, middle.Y));
        foreach (var (column, row) in middle.Rim(Math.Max(0, finer)))
        {
            Add(points.InSquare(middle.Zoom + Math.Max(0, finer), column, row));
        }
        return new Points([.. x], [.. y], style.BySeverity ? [.. weight] : null);

        void Add(ReadOnlySpan<PlacedIssue> issues)
        {
            foreach (ref readonly var issue in issues)
            {
                var (px, py) = (issue.X * world - west, south - issue.Y * world);
                if (px > -reach && px < TilePixels + reach && py > -reach && py < TilePixels + reach && style.Shows(issue))
                {
                    x.Add(px);
                    y.Add(py);
                    weight.Add(style.WeightOf(issue));
                }
            }
        }
    }

    private static void Add(Dictionary<(long X, long Y), double> sums, (long X, long Y) key, double weight)
        => System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _) += weight;

    private static double Around(Dictionary<(long X, long Y), double> sums, (long X, long Y) middle, int reach, Func<int, int, double> factor)
    {
        var sum = 0.0;
        for (var dy = -reach; dy <= reach; dy++)
        {
            for (var dx = -reach; dx <= reach; dx++)
            {
                sum += sums.TryGetValue((middle.X + dx, middle.Y + dy), out var weight) ? weight * factor(dx, dy) : 0;
            }
        }
        return sum;
    }
}
