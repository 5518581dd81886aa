using System.Globalization;
using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Benchmarks;

/// <summary>40 wards with ragged borders that tile the square of <see cref="SyntheticCity"/>: 8,640 vertices. Two neighbors have the very same vertices along their border, so there is no gap.</summary>
internal static class SyntheticWards
{
    private const int Columns = 8;
    private const int Rows = 5;
    private const int StepsASide = 54;

    // How far from a straight line a border strays, as a part of its length, and how much less each half of it does.
    private const double Ragged = 0.1;
    private const double Smoother = 0.75;

    /// <summary>The rings, each x0, y0, x1, y1 ..., without the first vertex again at the end.</summary>
    public static double[][] Rings()
    {
        var random = new Random(40);
        var corners = new (double X, double Y)[Columns + 1, Rows + 1];
        for (var c = 0; c <= Columns; c++)
        {
            for (var r = 0; r <= Rows; r++)
            {
                // Those on the outer border stay on it.
                corners[c, r] = (
                    SyntheticCity.West + SyntheticCity.Size / Columns * (c + (c is 0 or Columns ? 0 : 0.4 * random.NextDouble() - 0.2)),
                    SyntheticCity.South + SyntheticCity.Size / Rows * (r + (r is 0 or Rows ? 0 : 0.4 * random.NextDouble() - 0.2)));
            }
        }
        var (across, up) = (new (double X, double Y)[Columns, Rows + 1][], new (double X, double Y)[Columns + 1, Rows][]);
        for (var c = 0; c <= Columns; c++)
        {
            for (var r = 0; r <= Rows; r++)
            {
                if (c < Columns)
                {
                    across[c, r] = Side(random, corners[c, r], corners[c + 1, r], r is 0 or Rows ? 0 : Ragged);
                }
                if (r < Rows)
                {
                    up[c, r] = Side(random, corners[c, r], corners[c, r + 1], c is 0 or Columns ? 0 : Ragged);
                }
            }
        }
        var rings = new double[Columns * Rows][];
        for (var w = 0; w < rings.Length; w++)
        {
            var (c, r) = (w % Columns, w / Columns);
            rings[w] = [.. across[c, r].SkipLast(1).Concat(up[c + 1, r].SkipLast(1)).Concat(across[c, r + 1].Reverse().SkipLast(1)).Concat(up[c, r].Reverse().SkipLast(1))
                .SelectMany(p => new[] { p.X, p.Y })];
        }
        return rings;
    }

    /// <summary>Makes the table that finds them.</summary>
    /// <param name="rings">The rings.</param>
    public static PolygonLocator Locator(double[][] rings) => new([.. rings.Select(ring => new PolygonRings([ring]))]);

    /// <summary>A ring as a polygon in well-known text, every digit kept.</summary>
    /// <param name="ring">One of <see cref="Rings"/>.</param>
    public static string WellKnownText(double[] ring)
        => $"POLYGON(({string.Join(',', ring.Concat(ring[..2]).Chunk(2).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p[0]:R} {p[1]:R}")))}))";

    private static (double X, double Y)[] Side(Random random, (double X, double Y) from, (double X, double Y) to, double ragged)
    {
        var side = new (double X, double Y)[StepsASide + 1];
        (side[0], side[^1]) = (from, to);
        Bend(0, StepsASide, ragged);
        return side;

        void Bend(int first, int last, double part)
        {
            if (last - first < 2)
            {
                return;
            }
            var (middle, stray) = ((first + last) / 2, part * (2 * random.NextDouble() - 1));
            var (a, b) = (side[first], side[last]);
            var at = (double)(middle - first) / (last - first);
            side[middle] = (a.X + at * (b.X - a.X) - stray * (b.Y - a.Y), a.Y + at * (b.Y - a.Y) + stray * (b.X - a.X));
            Bend(first, middle, part * Smoother);
            Bend(middle, last, part * Smoother);
        }
    }
}
