namespace GeoSanitation.Hotspots.Scan;

/// <summary>The circles around every location: its neighbors by distance, and where a circle ends. Those at the same distance come in together.</summary>
internal sealed class Circles
{
    // Distances on a lattice differ by rounding.
    private const double RelativeTolerance = 1e-12;

    private Circles(int[] centers, int[] starts, int[] members, bool[] isEnd, float[] radii) => (Centers, Starts, Members, IsEnd, RadiiMeters) = (centers, starts, members, isEnd, radii);

    /// <summary>Locations with circles; of several at one place the first.</summary>
    internal int[] Centers { get; }

    /// <summary>Length centers + 1: the members around center c stand in [starts[c], starts[c + 1]).</summary>
    internal int[] Starts { get; }

    /// <summary>Locations, from the center outwards.</summary>
    internal int[] Members { get; }

    /// <summary>Whether a circle ends with a member.</summary>
    internal bool[] IsEnd { get; }

    /// <summary>Distance of each member from its center.</summary>
    internal float[] RadiiMeters { get; }

    internal static Circles Around(Points locations, ScanData data, ScanOptions options, CancellationToken cancellation)
    {
        var n = locations.Count;
        var x = locations.XMeters;
        var y = locations.YMeters;
        var sizes = new double[n];
        for (var i = 0; i < n; i++)
        {
            sizes[i] = data.SizeOf(i);
        }
        var most = options.MaxShare * sizes.Sum() * (1 + RelativeTolerance);
        var (centers, starts, members, isEnd, radii) = (new List<int>(), new List<int> { 0 }, new List<int>(), new List<bool>(), new List<float>());
        var (squares, order) = (new double[n], new int[n]);
        var seen = new HashSet<(double, double)>();
        for (var center = 0; center < n; center++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!seen.Add((x[center], y[center])))
            {
                continue;
            }
            for (var i = 0; i < n; i++)
            {
                (squares[i], order[i]) = ((x[i] - x[center]) * (x[i] - x[center]) + (y[i] - y[center]) * (y[i] - y[center]), i);
            }
            Array.Sort(squares, order);
            double size = 0;
            for (var from = 0; from < n;)
            {
                var end = from + 1;
                size += sizes[order[from]];
                while (end < n && squares[end] <= squares[from] * (1 + RelativeTolerance))
                {
                    size += sizes[order[end++]];
                }
                var radius = Math.Sqrt(squares[end - 1]);
                if (size > most || radius > options.MaxRadiusMeters)
                {
                    break;
                }
                for (var k = from; k < end; k++)
                {
                    members.Add(order[k]);
                    isEnd.Add(k == end - 1);
                    radii.Add((float)radius);
                }
                from = end;
            }
            centers.Add(center);
            starts.Add(members.Count);
        }
        return new Circles([.. centers], [.. starts], [.. members], [.. isEnd], [.. radii]);
    }
}
