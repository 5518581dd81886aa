namespace GeoSanitation.CountyGenerator;

/// <summary>The edge of a set of blocks.</summary>
internal static class Outline
{
    /// <summary>The rings around a set of blocks without touching corners: the outer one first, counter-clockwise, then holes, clockwise; each closed.</summary>
    /// <returns>Corners, column and row.</returns>
    internal static List<List<(int I, int J)>> Of(IReadOnlySet<(int I, int J)> blocks)
    {
        // Every edge between inside and outside, with the inside on its left.
        var next = new Dictionary<(int I, int J), (int I, int J)>();
        foreach (var (i, j) in blocks)
        {
            Edge((i, j - 1), (i, j), (i + 1, j));
            Edge((i + 1, j), (i + 1, j), (i + 1, j + 1));
            Edge((i, j + 1), (i + 1, j + 1), (i, j + 1));
            Edge((i - 1, j), (i, j + 1), (i, j));
        }
        var rings = new List<List<(int I, int J)>>();
        while (next.Count > 0)
        {
            var start = next.Keys.Min();
            var ring = new List<(int I, int J)> { start };
            for (var at = start; next.Remove(at, out var to); at = to)
            {
                ring.Add(to);
            }
            rings.Add(ring);
        }
        return [.. rings.OrderByDescending(Area)];

        void Edge((int I, int J) beyond, (int I, int J) from, (int I, int J) to)
        {
            if (!blocks.Contains(beyond))
            {
                next.Add(from, to);
            }
        }
    }

    private static double Area(List<(int I, int J)> ring)
    {
        var twice = 0.0;
        for (var k = 1; k < ring.Count; k++)
        {
            twice += (double)ring[k - 1].I * ring[k].J - (double)ring[k].I * ring[k - 1].J;
        }
        return twice / 2;
    }
}
