using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Clustering;

/// <summary>Density-based clustering in space and time (ST-DBSCAN), exact.</summary>
/// <remarks>Source: Birant and Kut (2007), doi 10.1016/j.datak.2006.01.013, without its third threshold on a non-spatial value, which makes the result
/// depend on the order of the points. Two points are neighbors when they are near in space and near in time, each by its own limit: this is not a scaled
/// distance in three dimensions. Takes O(n log n) and a step for each pair near in time within neighboring cells of side eps; memory O(n).</remarks>
public static class StDbscan
{
    /// <summary>Label of a point that belongs to no cluster.</summary>
    public const int Noise = Dbscan.Noise;

    /// <summary>Labels every point with its cluster.</summary>
    /// <param name="points">n points, meters, with times; weights play no part.</param>
    /// <param name="epsMeters">Neighborhood radius, meters, &gt; 0; a point exactly that far is a neighbor.</param>
    /// <param name="epsDays">Greatest difference in time, days, &gt;= 0; a point exactly that far is a neighbor.</param>
    /// <param name="minPoints">Points, itself included, that make a core point, &gt;= 1.</param>
    /// <param name="labels">Output, length n: cluster number from 0, or <see cref="Noise"/> (-1).</param>
    /// <returns>Number of clusters; numbering and border points as in <see cref="Dbscan"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">epsMeters is not a positive number or less than a billionth of the points' extent, epsDays is negative or not finite, or minPoints &lt; 1.</exception>
    /// <exception cref="ArgumentException">labels is not of length n, or the points have no times.</exception>
    public static int Label(Points points, double epsMeters, double epsDays, int minPoints, Span<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minPoints, 1);
        if (!(epsDays >= 0 && double.IsFinite(epsDays)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsDays), epsDays, "epsDays must be a number >= 0.");
        }
        Dbscan.Check(points, epsMeters, labels);
        if (!points.HasTime)
        {
            throw new ArgumentException("The points have no times.", nameof(points));
        }
        var search = new Search(points, epsMeters, epsDays);
        var n = points.Count;

        var neighbors = new int[n];
        search.ForEachPair((k, _) => neighbors[k]++);
        var isCore = Array.ConvertAll(neighbors, count => count >= minPoints);

        // The smallest input position stands for a cluster, so roots come in the order of the clusters' numbers.
        var parent = new int[n];
        for (var i = 0; i < n; i++)
        {
            parent[i] = i;
        }
        search.ForEachPair((k, j) =>
        {
            if (isCore[k] && isCore[j])
            {
                var (a, b) = (Root(parent, k), Root(parent, j));
                parent[Math.Max(a, b)] = Math.Min(a, b);
            }
        });
        var clusters = 0;
        labels.Fill(Noise);
        for (var i = 0; i < n; i++)
        {
            if (isCore[i])
            {
                var root = Root(parent, i);
                labels[i] = root == i ? clusters++ : labels[root];
            }
        }
        var result = labels.ToArray();
        search.ForEachPair((k, j) =>
        {
            if (!isCore[k] && isCore[j] && (result[k] == Noise || result[j] < result[k]))
            {
                result[k] = result[j];
            }
        });
        result.CopyTo(labels);
        return clusters;
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i)
        {
            i = parent[i] = parent[parent[i]];
        }
        return i;
    }

    /// <summary>Points in cells of side eps, within a cell by time: the window of near times only moves forward.</summary>
    private sealed class Search
    {
        private readonly GridIndex _grid;
        private readonly int[] _input;
        private readonly double[] _days;
        private readonly double _epsSquared;
        private readonly double _epsDays;

        public Search(Points points, double epsMeters, double epsDays)
        {
            var n = points.Count;
            var byTime = new int[n];
            for (var i = 0; i < n; i++)
            {
                byTime[i] = i;
            }
            Array.Sort(points.TimeDays.ToArray(), byTime);
            var x = Array.ConvertAll(byTime, i => points.XMeters[i]);
            var y = Array.ConvertAll(byTime, i => points.YMeters[i]);
            // A hair wider than eps, so that rounding never puts a neighbor two cells away; the grid keeps the order of time within a cell.
            _grid = new GridIndex(x, y, epsMeters * (1 + 1e-6), reach: 1);
            _input = Array.ConvertAll(_grid.Order, k => byTime[k]);
            _days = Array.ConvertAll(_input, i => points.TimeDays[i]);
            (_epsSquared, _epsDays) = (epsMeters * epsMeters, epsDays);
        }

        /// <summary>Calls back with the input positions of every ordered pair of neighbors, each point and itself included.</summary>
        public void ForEachPair(Action<int, int> found)
        {
            Span<int> rows = stackalloc int[3];
            rows.Clear();
            Span<int> windows = stackalloc int[9];
            Span<int> ends = stackalloc int[9];
            for (var cell = 0; cell < _grid.CellCount; cell++)
            {
                var around = 0;
                for (var r = 0; r < 3; r++)
                {
                    var lowest = _grid.Keys[cell] + (r - 1) * _grid.Stride - 1;
                    while (rows[r] < _grid.CellCount && _grid.Keys[rows[r]] < lowest)
                    {
                        rows[r]++;
                    }
                    for (var other = rows[r]; other < _grid.CellCount && _grid.Keys[other] <= lowest + 2; other++)
                    {
                        windows[around] = _grid.Starts[other];
                        ends[around++] = _grid.Starts[other + 1];
                    }
                }
                for (var k = _grid.Starts[cell]; k < _grid.Starts[cell + 1]; k++)
                {
                    for (var c = 0; c < around; c++)
                    {
                        while (windows[c] < ends[c] && _days[k] - _days[windows[c]] > _epsDays)
                        {
                            windows[c]++;
                        }
                        for (var j = windows[c]; j < ends[c] && _days[j] - _days[k] <= _epsDays; j++)
                        {
                            var dx = _grid.X[j] - _grid.X[k];
                            var dy = _grid.Y[j] - _grid.Y[k];
                            if (dx * dx + dy * dy <= _epsSquared)
                            {
                                found(_input[k], _input[j]);
                            }
                        }
                    }
                }
            }
        }
    }
}
