using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Weights;

/// <summary>Neighbors are polygons that touch.</summary>
public static class Contiguity
{
    /// <summary>Binary weights of polygons that share a border, or only a point of it.</summary>
    /// <param name="polygons">n polygons, meters.</param>
    /// <param name="snapMeters">Borders at most this far apart count as shared, meters, &gt;= 0: real boundaries seldom meet exactly.</param>
    /// <param name="corners">Queen: one shared point is enough. Otherwise rook: the shared stretch must be longer than twice the tolerance.</param>
    /// <exception cref="ArgumentOutOfRangeException">snapMeters is negative or not finite.</exception>
    /// <remarks>Borders are compared as lines, not as lists of corners, so a corner in the middle of a neighbor's edge counts.
    /// Polygons that overlap without their borders meeting are no neighbors.</remarks>
    public static SpatialWeights Build(IReadOnlyList<PolygonRings> polygons, double snapMeters, bool corners = true)
    {
        ArgumentNullException.ThrowIfNull(polygons);
        if (!(snapMeters >= 0 && double.IsFinite(snapMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(snapMeters), snapMeters, "snapMeters must be a number >= 0.");
        }
        var edges = EdgesOf(polygons);
        var largest = edges.Select(edge => Math.Max(Math.Max(Math.Abs(edge.X1), Math.Abs(edge.X2)), Math.Max(Math.Abs(edge.Y1), Math.Abs(edge.Y2)))).DefaultIfEmpty().Max();
        // A tolerance of exactly zero would not survive the rounding of dropping a corner onto an edge.
        var tolerance = snapMeters + 1e-14 * largest;
        var sharedLengths = new Dictionary<(int, int), double>();
        foreach (var (i, j) in PairsThatMeet(edges, tolerance))
        {
            var (a, b) = (edges[i], edges[j]);
            if (a.Polygon != b.Polygon && a.Distance(b) <= tolerance)
            {
                var pair = (Math.Min(a.Polygon, b.Polygon), Math.Max(a.Polygon, b.Polygon));
                sharedLengths[pair] = sharedLengths.GetValueOrDefault(pair) + a.SharedLength(b, tolerance);
            }
        }
        var neighbors = new List<int>[polygons.Count];
        for (var p = 0; p < neighbors.Length; p++)
        {
            neighbors[p] = [];
        }
        foreach (var ((p, q), length) in sharedLengths)
        {
            if (corners || length > 2 * tolerance)
            {
                neighbors[p].Add(q);
                neighbors[q].Add(p);
            }
        }
        return SpatialWeights.FromNeighborLists(neighbors);
    }

    private static List<Edge> EdgesOf(IReadOnlyList<PolygonRings> polygons)
    {
        var edges = new List<Edge>();
        for (var p = 0; p < polygons.Count; p++)
        {
            foreach (var ring in polygons[p].Rings)
            {
                var previous = ring.Length - 2;
                for (var i = 0; i < ring.Length; previous = i, i += 2)
                {
                    if (ring[previous] != ring[i] || ring[previous + 1] != ring[i + 1])
                    {
                        edges.Add(new Edge(p, ring[previous], ring[previous + 1], ring[i], ring[i + 1]));
                    }
                }
            }
        }
        return edges;
    }

    /// <summary>Pairs of edges whose bounds come within the tolerance, each once: a sweep from west to east over the edges' bounds.</summary>
    private static IEnumerable<(int, int)> PairsThatMeet(List<Edge> edges, double tolerance)
    {
        edges.Sort((a, b) => a.West.CompareTo(b.West));
        var open = new List<int>();
        for (var i = 0; i < edges.Count; i++)
        {
            var kept = 0;
            for (var k = 0; k < open.Count; k++)
            {
                var other = edges[open[k]];
                if (other.East < edges[i].West - tolerance)
                {
                    continue; // the sweep has passed it
                }
                open[kept++] = open[k];
                if (other.South <= edges[i].North + tolerance && other.North >= edges[i].South - tolerance)
                {
                    yield return (open[kept - 1], i);
                }
            }
            open.RemoveRange(kept, open.Count - kept);
            open.Add(i);
        }
    }

    private readonly record struct Edge(int Polygon, double X1, double Y1, double X2, double Y2)
    {
        public double West => Math.Min(X1, X2);

        public double East => Math.Max(X1, X2);

        public double South => Math.Min(Y1, Y2);

        public double North => Math.Max(Y1, Y2);

        public double Distance(Edge other)
        {
            if (Crosses(other))
            {
                return 0;
            }
            return Math.Min(
                Math.Min(DistanceTo(other.X1, other.Y1), DistanceTo(other.X2, other.Y2)),
                Math.Min(other.DistanceTo(X1, Y1), other.DistanceTo(X2, Y2)));
        }

        /// <summary>Length of the stretch of this edge along which the other runs within the tolerance; 0 when one end of that stretch is farther off.</summary>
        public double SharedLength(Edge other, double tolerance)
        {
            var from = Math.Max(0, Math.Min(PlaceOf(other.X1, other.Y1), PlaceOf(other.X2, other.Y2)));
            var to = Math.Min(1, Math.Max(PlaceOf(other.X1, other.Y1), PlaceOf(other.X2, other.Y2)));
            if (from >= to
                || other.DistanceTo(X1 + from * (X2 - X1), Y1 + from * (Y2 - Y1)) > tolerance
                || other.DistanceTo(X1 + to * (X2 - X1), Y1 + to * (Y2 - Y1)) > tolerance)
            {
                return 0;
            }
            return (to - from) * double.Hypot(X2 - X1, Y2 - Y1);
        }

        private bool Crosses(Edge other)
            => Orientation.Sign(X1, Y1, X2, Y2, other.X1, other.Y1) * Orientation.Sign(X1, Y1, X2, Y2, other.X2, other.Y2) < 0
            && Orientation.Sign(other.X1, other.Y1, other.X2, other.Y2, X1, Y1) * Orientation.Sign(other.X1, other.Y1, other.X2, other.Y2, X2, Y2) < 0;

        private double DistanceTo(double x, double y)
        {
            var place = Math.Clamp(PlaceOf(x, y), 0, 1);
            return double.Hypot(X1 + place * (X2 - X1) - x, Y1 + place * (Y2 - Y1) - y);
        }

        /// <summary>Where a point falls when dropped onto the line: 0 at the first end, 1 at the second.</summary>
        private double PlaceOf(double x, double y)
        {
            var (dx, dy) = (X2 - X1, Y2 - Y1);
            return ((x - X1) * dx + (y - Y1) * dy) / (dx * dx + dy * dy);
        }
    }
}
