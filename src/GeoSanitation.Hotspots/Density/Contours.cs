using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Density;

/// <summary>The area where a raster's value lies between two levels.</summary>
/// <param name="Lower">Lower level, included.</param>
/// <param name="Upper">Upper level, excluded; positive infinity in the topmost band.</param>
/// <param name="Polygons">Polygons, none overlapping another: first ring the shell, counter-clockwise, then the holes, clockwise; every ring
/// x0, y0, x1, y1, ... in meters, closed.</param>
public sealed record ContourBand(double Lower, double Upper, IReadOnlyList<IReadOnlyList<double[]>> Polygons);

/// <summary>Bands between levels of a raster as polygons that neither overlap nor leave gaps.</summary>
/// <remarks>Marching squares between the cell centers, linear along the edges; where the four corners are ambiguous their mean decides. Lines of
/// two levels never cross: on every edge they keep their order, and no line passes exactly through a center.
/// Outside the raster the value is taken to be zero, one cell beyond the outermost centers.</remarks>
public static class Contours
{
    // Keeps every crossing strictly between two centers, so that no two lines of a level meet in a point. A millionth of a cell.
    private const double Inset = 1e-6;

    /// <summary>Bands between consecutive levels, the last one open upwards.</summary>
    /// <param name="raster">Values &gt;= 0.</param>
    /// <param name="levels">Levels, &gt; 0, strictly ascending; at least one.</param>
    /// <returns>One band a level, in their order; a band that holds no area has no polygons.</returns>
    /// <exception cref="ArgumentException">The levels are not positive and strictly ascending, or there is none.</exception>
    public static IReadOnlyList<ContourBand> Bands(Raster raster, ReadOnlySpan<double> levels)
    {
        ArgumentNullException.ThrowIfNull(raster);
        if (levels.IsEmpty || !(levels[0] > 0))
        {
            throw new ArgumentException("There must be at least one level, and the first must be > 0.", nameof(levels));
        }
        for (var k = 1; k < levels.Length; k++)
        {
            if (!(levels[k] > levels[k - 1]))
            {
                throw new ArgumentException($"Levels must ascend strictly; {levels[k]} follows {levels[k - 1]}.", nameof(levels));
            }
        }
        var bands = new ContourBand[levels.Length];
        var above = new List<double[]>();
        for (var k = levels.Length - 1; k >= 0; k--)
        {
            var rings = new LineTracer(raster, levels[k]).Trace();
            var borders = new List<double[]>(rings);
            foreach (var ring in above)
            {
                borders.Add(Reversed(ring));
            }
            var upper = k + 1 < levels.Length ? levels[k + 1] : double.PositiveInfinity;
            bands[k] = new ContourBand(levels[k], upper, Assemble(borders));
            above = rings;
        }
        return bands;
    }

    /// <summary>Levels at equal steps between zero and the peak, both left out.</summary>
    /// <param name="raster">Values &gt;= 0.</param>
    /// <param name="count">Number of levels, &gt;= 1.</param>
    /// <returns>peak k / (count + 1) for k = 1..count; nothing when the raster is zero everywhere.</returns>
    /// <exception cref="ArgumentOutOfRangeException">count &lt; 1.</exception>
    public static double[] EqualLevels(Raster raster, int count)
    {
        ArgumentNullException.ThrowIfNull(raster);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var peak = raster.Max;
        if (!(peak > 0))
        {
            return [];
        }
        var levels = new double[count];
        for (var k = 0; k < count; k++)
        {
            levels[k] = peak * (k + 1) / (count + 1);
        }
        return levels;
    }

    private static double[] Reversed(double[] ring)
    {
        var reversed = new double[ring.Length];
        for (var i = 0; i < ring.Length; i += 2)
        {
            reversed[i] = ring[ring.Length - 2 - i];
            reversed[i + 1] = ring[ring.Length - 1 - i];
        }
        return reversed;
    }

    /// <summary>Gives every clockwise ring, a hole, to the smallest counter-clockwise ring around it.</summary>
    private static List<IReadOnlyList<double[]>> Assemble(List<double[]> rings)
    {
        var shells = new List<(double Area, PolygonLocator Inside, List<double[]> Rings)>();
        var holes = new List<double[]>();
        foreach (var ring in rings)
        {
            var area = ConvexHull.SignedArea(ring);
            if (area > 0)
            {
                shells.Add((area, new PolygonLocator([new PolygonRings([ring])]), [ring]));
            }
            else
            {
                holes.Add(ring);
            }
        }
        var bySize = shells.OrderBy(shell => shell.Area).ToList();
        foreach (var hole in holes)
        {
            var area = -ConvexHull.SignedArea(hole);
            bySize.First(shell => shell.Area > area && shell.Inside.Locate(hole[0], hole[1]) == 0).Rings.Add(hole);
        }
        return shells.ConvertAll(shell => (IReadOnlyList<double[]>)shell.Rings);
    }

    /// <summary>Closed lines around the area at or above one level, that area on their left.</summary>
    private sealed class LineTracer(Raster raster, double level)
    {
        // Nodes are the cell centers with a frame of zeros around them. An edge between two nodes is named by its lower or left node: 2 node for
        // the edge to the right, 2 node + 1 for the edge upwards. A line leaves each edge that it enters: next[edge] is where it goes.
        private readonly int _width = raster.Frame.Columns + 2;
        private readonly int _height = raster.Frame.Rows + 2;

        public List<double[]> Trace()
        {
            var next = new Dictionary<int, int>();
            for (var row = 0; row < _height - 1; row++)
            {
                for (var column = 0; column < _width - 1; column++)
                {
                    AddLines(column, row, next);
                }
            }
            var rings = new List<double[]>();
            var starts = next.Keys.ToArray();
            Array.Sort(starts);
            var positions = new List<double>();
            foreach (var start in starts)
            {
                positions.Clear();
                for (var edge = start; next.Remove(edge, out var following); edge = following)
                {
                    var (x, y) = Crossing(edge);
                    positions.Add(x);
                    positions.Add(y);
                }
                if (positions.Count > 0)
                {
                    positions.Add(positions[0]);
                    positions.Add(positions[1]);
                    rings.Add([.. positions]);
                }
            }
            return rings;
        }

        private double Value(int column, int row)
            => column == 0 || row == 0 || column == _width - 1 || row == _height - 1 ? 0 : raster[column - 1, row - 1];

        private void AddLines(int column, int row, Dictionary<int, int> next)
        {
            var a = Value(column, row);
            var b = Value(column + 1, row);
            var c = Value(column + 1, row + 1);
            var d = Value(column, row + 1);
            var corners = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
            if (corners is 0 or 15)
            {
                return;
            }
            var bottom = 2 * (row * _width + column);
            var top = bottom + 2 * _width;
            var left = bottom + 1;
            var right = left + 2;
            var joined = (a + b + c + d) / 4 >= level;
            // High corners on the left of the way.
            switch (corners)
            {
                case 1: next.Add(bottom, left); break;
                case 2: next.Add(right, bottom); break;
                case 3: next.Add(right, left); break;
                case 4: next.Add(top, right); break;
                case 6: next.Add(top, bottom); break;
                case 7: next.Add(top, left); break;
                case 8: next.Add(left, top); break;
                case 9: next.Add(bottom, top); break;
                case 11: next.Add(right, top); break;
                case 12: next.Add(left, right); break;
                case 13: next.Add(bottom, right); break;
                case 14: next.Add(left, bottom); break;
                case 5 when joined: next.Add(bottom, right); next.Add(top, left); break;
                case 5: next.Add(bottom, left); next.Add(top, right); break;
                case 10 when joined: next.Add(left, bottom); next.Add(right, top); break;
                default: next.Add(right, bottom); next.Add(left, top); break;
            }
        }

        private (double X, double Y) Crossing(int edge)
        {
            var (row, column) = Math.DivRem(edge / 2, _width);
            var upwards = (edge & 1) != 0;
            var from = Value(column, row);
            var to = upwards ? Value(column, row + 1) : Value(column + 1, row);
            var part = Inset + (1 - 2 * Inset) * ((level - from) / (to - from));
            var (x, y) = raster.Frame.Center(column - 1, row - 1);
            return upwards ? (x, y + part * raster.Frame.CellMeters) : (x + part * raster.Frame.CellMeters, y);
        }
    }
}
