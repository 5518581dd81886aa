using System.Buffers;
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
    internal bool Shows(IssueChunk chunk, int i) => DefaultPoints || (chunk.Traits[i] & IssueTraits.DefaultPoint) == 0;

    internal double WeightOf(IssueChunk chunk, int i) => BySeverity ? chunk.Severity(i) : 1;
}

/// <summary>Pictures of the density of issues. Coordinates are pixels of the whole zoom, 256 a tile, y upwards.</summary>
internal static class Heatmap
{
    internal const int TilePixels = 256;

    /// <summary>The whole zoom is searched for its peak on a lattice of so many nodes to the standard deviation ...</summary>
    private const int NodesPerDeviation = 4;

    /// <summary>... around the blocks of one deviation with most weight in and next to them.</summary>
    private const int PeakBlocks = 12;

    /// <summary>Blocks around one that hold everything within four deviations of its nodes.</summary>
    private const int Reach = 5;

    /// <summary>A rim of smaller squares has too many of them.</summary>
    private const int MostFiner = 3;

    /// <summary>Highest density over all issues at a zoom: one scale of colors for all its tiles.</summary>
    /// <returns>Weight per square pixel; 0 without issues.</returns>
    /// <remarks>Points are moved to the nearest node, which lowers a peak by about half a percent: of no matter to a scale of colors, and the same for every tile.</remarks>
    internal static double Peak(HeatmapCells cells, int zoom, double sdPixels)
    {
        var nodesPerUnit = Math.ScaleB(TilePixels, zoom) * NodesPerDeviation / sdPixels / HeatmapCell.World;
        var blocks = new Dictionary<(long X, long Y), double>();
        foreach (ref readonly var cell in cells.All.Span)
        {
            Add(blocks, BlockOf(NodeOf(cell)), cell.Weight);
        }
        var crowded = blocks.Keys.OrderByDescending(b => Around(blocks, b)).ThenBy(b => b).Take(PeakBlocks).ToList();
        var near = (from block in crowded from dx in Enumerable.Range(-Reach, 2 * Reach + 1) from dy in Enumerable.Range(-Reach, 2 * Reach + 1) select (block.X + dx, block.Y + dy)).ToHashSet();
        var nodes = new Dictionary<(long X, long Y), double>();
        foreach (ref readonly var cell in cells.All.Span)
        {
            var node = NodeOf(cell);
            if (near.Contains(BlockOf(node)))
            {
                Add(nodes, node, cell.Weight);
            }
        }
        var kernel = new double[(Reach - 1) * NodesPerDeviation + 1];
        for (var k = 0; k < kernel.Length; k++)
        {
            kernel[k] = Math.Exp(-0.5 * k * k / (NodesPerDeviation * NodesPerDeviation));
        }
        var peak = crowded.Select(block => HighestIn(block, nodes, kernel)).DefaultIfEmpty(0).Max();
        return peak / (2 * Math.PI * sdPixels * sdPixels);

        (long X, long Y) NodeOf(in HeatmapCell cell) => ((long)(cell.X * nodesPerUnit), (long)(cell.Y * nodesPerUnit));

        static (long X, long Y) BlockOf((long X, long Y) node) => (node.X / NodesPerDeviation, node.Y / NodesPerDeviation);
    }

    /// <summary>One tile as a PNG file.</summary>
    /// <param name="surface">What it is drawn from.</param>
    /// <param name="x">Column of the tile.</param>
    /// <param name="y">Row of the tile.</param>
    /// <param name="pixels">Pixels of the picture in a row: 256, or 512 for sharp screens.</param>
    /// <param name="ramp">256 colors, by <see cref="HeatRamp.IndexOf"/>.</param>
    internal static byte[] Draw(HeatmapSurface surface, int x, int y, int pixels, ReadOnlySpan<(byte Red, byte Green, byte Blue, byte Alpha)> ramp)
    {
        var colors = new byte[pixels * pixels];
        using var near = Near(surface, new TileAddress(surface.Zoom, x, y));
        if (near.Count > 0)
        {
            var rented = ArrayPool<double>.Shared.Rent(colors.Length);
            var density = rented.AsSpan(0, colors.Length);
            KernelDensity.Gaussian(near.Lent, new RasterFrame(0, 0, (double)TilePixels / pixels, pixels, pixels), surface.SdPixels, density);
            // The library speaks of meters and km2, here pixels and their millions.
            var scale = 1e-6 / surface.Peak;
            for (var row = 0; row < pixels; row++)
            {
                HeatRamp.IndexesOf(density.Slice(row * pixels, pixels), scale, colors.AsSpan((pixels - 1 - row) * pixels, pixels));
            }
            ArrayPool<double>.Shared.Return(rented);
        }
        return PalettePng.Encode(ramp, colors, pixels);
    }

    /// <summary>The points of some cells whose kernels reach into a box; parameters as of <see cref="NearPoints"/>.</summary>
    internal static Points Near(IReadOnlyList<ReadOnlyMemory<HeatmapCell>> cells, double world, double west, double south, double width, double height, double reach)
    {
        using var near = new NearPoints(cells, world, west, south, width, height, reach);
        return near.ToPoints();
    }

    private static NearPoints Near(HeatmapSurface surface, TileAddress tile)
    {
        var reach = KernelDensity.CutDeviations * surface.SdPixels;
        // Squares at least as large as the reach: the tile's own, or the one that it lies in, and those around it hold everything near.
        var finer = Math.Min((int)Math.Floor(Math.Log2(TilePixels / reach)), MostFiner);
        var coarser = Math.Min(tile.Zoom, Math.Max(0, -finer));
        var middle = new TileAddress(tile.Zoom - coarser, tile.X >> coarser, tile.Y >> coarser);
        var cells = new List<ReadOnlyMemory<HeatmapCell>> { surface.Cells.InSquare(middle.Zoom, middle.X, middle.Y) };
        foreach (var (column, row) in middle.Rim(Math.Max(0, finer)))
        {
            cells.Add(surface.Cells.InSquare(middle.Zoom + Math.Max(0, finer), column, row));
        }
        return new NearPoints(cells, Math.ScaleB(TilePixels, tile.Zoom), (double)tile.X * TilePixels, (tile.Y + 1.0) * TilePixels, TilePixels, TilePixels, reach);
    }

    private static void Add(Dictionary<(long X, long Y), double> sums, (long X, long Y) key, double weight)
        => System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _) += weight;

    /// <summary>The weight in and next to a block.</summary>
    private static double Around(Dictionary<(long X, long Y), double> blocks, (long X, long Y) block)
    {
        var sum = 0.0;
        for (var dy = -1; dy <= 1; dy++)
        {
            for (var dx = -1; dx <= 1; dx++)
            {
                sum += blocks.GetValueOrDefault((block.X + dx, block.Y + dy));
            }
        }
        return sum;
    }

    /// <summary>The highest sum of weights times the kernel around the nodes of a block.</summary>
    private static double HighestIn((long X, long Y) block, Dictionary<(long X, long Y), double> nodes, double[] kernel)
    {
        var reach = kernel.Length - 1;
        var side = NodesPerDeviation + 2 * reach;
        var window = new double[side * side];
        for (var i = 0; i < window.Length; i++)
        {
            window[i] = nodes.GetValueOrDefault((block.X * NodesPerDeviation - reach + i % side, block.Y * NodesPerDeviation - reach + i / side));
        }
        var highest = 0.0;
        for (var node = 0; node < NodesPerDeviation * NodesPerDeviation; node++)
        {
            var (left, top, sum) = (node % NodesPerDeviation, node / NodesPerDeviation, 0.0);
            for (var dy = -reach; dy <= reach; dy++)
            {
                var row = window.AsSpan((top + reach + dy) * side + left, 2 * reach + 1);
                for (var dx = -reach; dx <= reach; dx++)
                {
                    sum += row[reach + dx] * kernel[Math.Abs(dx)] * kernel[Math.Abs(dy)];
                }
            }
            highest = Math.Max(highest, sum);
        }
        return highest;
    }
}
