using GeoSanitation.Hotspots;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>Whether two clusterings are the same, whatever the numbers of their clusters.</summary>
internal static class Partitions
{
    /// <summary>For each point whether it is in the same cluster in both, noise (below 0) being one with noise. Clusters match one to one, those with most points in common first.</summary>
    /// <param name="ours">Cluster of each point.</param>
    /// <param name="theirs">The same by another program.</param>
    public static bool[] Same(int[] ours, int[] theirs)
    {
        var (there, taken) = (new Dictionary<int, int>(), new HashSet<int>());
        var common = Enumerable.Range(0, ours.Length).Where(i => ours[i] >= 0 && theirs[i] >= 0).CountBy(i => (Ours: ours[i], Theirs: theirs[i]));
        foreach (var ((a, b), _) in common.OrderByDescending(pair => pair.Value))
        {
            if (!there.ContainsKey(a) && taken.Add(b))
            {
                there.Add(a, b);
            }
        }
        return [.. ours.Zip(theirs, (a, b) => a < 0 || b < 0 ? a < 0 && b < 0 : there.GetValueOrDefault(a, -1) == b)];
    }

    /// <summary>How many points of a cluster have no core point of the same cluster within eps.</summary>
    public static int NotAdjoining(Points points, double epsMeters, bool[] isCore, int[] labels)
    {
        var cells = new Dictionary<(int, int), List<int>>();
        (int Column, int Row) Cell(int i) => ((int)Math.Floor(points.XMeters[i] / epsMeters), (int)Math.Floor(points.YMeters[i] / epsMeters));
        for (var i = 0; i < points.Count; i++)
        {
            if (isCore[i])
            {
                if (!cells.TryGetValue(Cell(i), out var cell))
                {
                    cells.Add(Cell(i), cell = []);
                }
                cell.Add(i);
            }
        }
        bool Adjoins(int i)
        {
            var (column, row) = Cell(i);
            for (var c = column - 1; c <= column + 1; c++)
            {
                for (var r = row - 1; r <= row + 1; r++)
                {
                    foreach (var j in cells.GetValueOrDefault((c, r)) ?? [])
                    {
                        var (dx, dy) = (points.XMeters[i] - points.XMeters[j], points.YMeters[i] - points.YMeters[j]);
                        if (labels[j] == labels[i] && dx * dx + dy * dy <= epsMeters * epsMeters)
                        {
                            return true;
                        }
                    }
                }
            }
            return false;
        }
        return Enumerable.Range(0, points.Count).Count(i => !isCore[i] && labels[i] >= 0 && !Adjoins(i));
    }
}
