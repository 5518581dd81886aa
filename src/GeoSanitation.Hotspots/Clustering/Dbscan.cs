using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Clustering;

/// <summary>Density-based clustering of points (DBSCAN), exact.</summary>
/// <remarks>Source: Ester, Kriegel, Sander, Xu (1996), KDD-96, pp. 226-231. Points are put on a grid whose cells are so small that all points
/// of one cell are neighbors (Gunawan 2013; Gan and Tao 2015), so a cell with minPoints points is core without a distance test. Memory O(n):
/// neighborhoods are queried, never stored.</remarks>
public static class Dbscan
{
    /// <summary>Label of a point that belongs to no cluster.</summary>
    public const int Noise = -1;

    // Cells within eps of a cell whose diagonal is eps: two to every side.
    private const int Reach = 2;

    /// <summary>Labels every point with its cluster; each point counts as one.</summary>
    /// <param name="points">n points, meters; weights and times play no part.</param>
    /// <param name="epsMeters">Neighborhood radius, meters, &gt; 0; a point exactly eps away is a neighbor.</param>
    /// <param name="minPoints">Points, itself included, that make a core point, &gt;= 1 (MinPts in the paper).</param>
    /// <param name="labels">Output, length n: cluster number from 0, or <see cref="Noise"/> (-1).</param>
    /// <returns>Number of clusters.</returns>
    /// <remarks>Clusters are numbered by their first core point in input order. A border point within eps of several clusters joins the
    /// one with the lowest number, as in scikit-learn; PostGIS leaves the choice open.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">epsMeters is not a positive number or less than a billionth of the points' extent, or minPoints &lt; 1.</exception>
    /// <exception cref="ArgumentException">labels is not of length n.</exception>
    public static int Label(Points points, double epsMeters, int minPoints, Span<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minPoints, 1);
        Check(points, epsMeters, labels);
        return new Search(points, [], epsMeters, minPoints).Label(labels);
    }

    /// <summary>Labels every point with its cluster; a point is core when the weights within eps, its own included, reach a sum.</summary>
    /// <param name="points">n points, meters; without weights of their own each weighs 1.</param>
    /// <param name="epsMeters">Neighborhood radius, meters, &gt; 0; a point exactly eps away is a neighbor.</param>
    /// <param name="minWeight">Sum of weights that makes a core point, &gt; 0. Whole-number weights give what as many copies of the point would.</param>
    /// <param name="labels">Output, length n: cluster number from 0, or <see cref="Noise"/> (-1).</param>
    /// <returns>Number of clusters, numbered as in <see cref="Label(Points, double, int, Span{int})"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">epsMeters is not a positive number or less than a billionth of the points' extent, or minWeight is not a positive number.</exception>
    /// <exception cref="ArgumentException">labels is not of length n.</exception>
    public static int LabelWeighted(Points points, double epsMeters, double minWeight, Span<int> labels)
    {
        if (!(minWeight > 0 && double.IsFinite(minWeight)))
        {
            throw new ArgumentOutOfRangeException(nameof(minWeight), minWeight, "minWeight must be a positive number.");
        }
        Check(points, epsMeters, labels);
        return new Search(points, points.Weight, epsMeters, minWeight).Label(labels);
    }

    internal static void Check(Points points, double epsMeters, Span<int> labels)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (!(epsMeters > 0 && double.IsFinite(epsMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsMeters), epsMeters, "epsMeters must be a positive number.");
        }
        var (minX, minY, maxX, maxY) = points.Bounds();
        if (epsMeters < 1e-9 * Math.Max(maxX - minX, maxY - minY))
        {
            throw new ArgumentOutOfRangeException(nameof(epsMeters), epsMeters, "epsMeters must be at least a billionth of the points' extent.");
        }
        if (labels.Length != points.Count)
        {
            throw new ArgumentException($"labels has length {labels.Length}; there are {points.Count} points.", nameof(labels));
        }
    }

    private sealed class Search
    {
        private readonly GridIndex _grid;
        private readonly double[]? _weight;
        private readonly double _needed;
        private readonly double _epsSquared;
        private readonly bool[] _isCore;
        private readonly int[] _coresInCell;
        private readonly int[] _parent;

        public Search(Points points, ReadOnlySpan<double> weight, double eps, double needed)
        {
            // A hair under eps / sqrt 2, so that rounding never puts two points more than eps apart into one cell.
            var side = eps * Math.Sqrt(0.5);
            var (minX, minY, maxX, maxY) = points.Bounds();
            var cells = Math.Max(maxX - minX, maxY - minY) / side;
            _grid = new GridIndex(points.XMeters, points.YMeters, side * (1 - 1e-9 - 1e-14 * cells), Reach);
            _needed = needed;
            _epsSquared = eps * eps;
            _isCore = new bool[points.Count];
            _coresInCell = new int[_grid.CellCount];
            _parent = new int[_grid.CellCount];
            if (!weight.IsEmpty)
            {
                _weight = new double[points.Count];
                for (var k = 0; k < _weight.Length; k++)
                {
                    _weight[k] = weight[_grid.Order[k]];
                }
            }
        }

        public int Label(Span<int> labels)
        {
            FindCores();
            ConnectCores();
            var (clusterOfCell, clusters) = NumberClusters();
            LabelPoints(clusterOfCell, labels);
            return clusters;
        }

        private void FindCores()
        {
            Span<int> from = stackalloc int[2 * Reach + 1];
            Span<int> to = stackalloc int[2 * Reach + 1];
            var starts = _grid.Starts;
            for (var cell = 0; cell < _grid.CellCount; cell++)
            {
                var (first, end) = (starts[cell], starts[cell + 1]);
                if (MassOf(first, end) >= _needed)
                {
                    _isCore.AsSpan(first, end - first).Fill(true);
                    _coresInCell[cell] = end - first;
                    continue;
                }
                _grid.Around(cell, from, to);
                var around = 0.0;
                for (var r = 0; r < from.Length; r++)
                {
                    (from[r], to[r]) = (starts[from[r]], starts[to[r]]);
                    around += MassOf(from[r], to[r]);
                }
                for (var k = first; k < end && around >= _needed; k++)
                {
                    if (IsCore(k, from, to))
                    {
                        _isCore[k] = true;
                        _coresInCell[cell]++;
                    }
                }
            }
        }

        private double MassOf(int first, int end)
        {
            if (_weight is null)
            {
                return end - first;
            }
            var sum = 0.0;
            for (var k = first; k < end; k++)
            {
                sum += _weight[k];
            }
            return sum;
        }

        /// <summary>Whether the points [from[r], to[r]) of the rows around point k hold enough mass near it.</summary>
        private bool IsCore(int k, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
        {
            var (x, y) = (_grid.X, _grid.Y);
            var (atX, atY) = (x[k], y[k]);
            var mass = 0.0;
            // The nearest rows first: most cores are found there.
            ReadOnlySpan<int> rows = [2, 1, 3, 0, 4];
            foreach (var r in rows)
            {
                var (first, count) = (from[r], to[r] - from[r]);
                if (_weight is null)
                {
                    mass += Within.Count(x.AsSpan(first, count), y.AsSpan(first, count), atX, atY, _epsSquared);
                }
                else
                {
                    for (var j = first; j < first + count; j++)
                    {
                        var dx = x[j] - atX;
                        var dy = y[j] - atY;
                        mass += dx * dx + dy * dy <= _epsSquared ? _weight[j] : 0;
                    }
                }
                if (mass >= _needed)
                {
                    return true;
                }
            }
            return false;
        }

        private void ConnectCores()
        {
            for (var cell = 0; cell < _parent.Length; cell++)
            {
                _parent[cell] = cell;
            }
            // Adjoining cells first: they nearly always touch, and then most of the farther pairs are connected already.
            for (var reach = 1; reach <= Reach; reach++)
            {
                ConnectCores(reach);
            }
        }

        private void ConnectCores(int reach)
        {
            Span<int> from = stackalloc int[2 * reach + 1];
            Span<int> to = stackalloc int[2 * reach + 1];
            for (var cell = 0; cell < _parent.Length; cell++)
            {
                if (_coresInCell[cell] == 0)
                {
                    continue;
                }
                _grid.Around(cell, from, to);
                var root = Root(cell);
                // Each pair once: the cells after this one.
                for (var r = reach; r < from.Length; r++)
                {
                    for (var other = Math.Max(from[r], cell + 1); other < to[r]; other++)
                    {
                        if (_coresInCell[other] > 0 && Root(other) is var otherRoot && otherRoot != root && CoresTouch(cell, other))
                        {
                            _parent[Math.Max(root, otherRoot)] = root = Math.Min(root, otherRoot);
                        }
                    }
                }
            }
        }

        private int Root(int cell)
        {
            while (_parent[cell] != cell)
            {
                cell = _parent[cell] = _parent[_parent[cell]];
            }
            return cell;
        }

        private bool CoresTouch(int cell, int other)
        {
            const int FewCores = 16;
            var (x, y) = (_grid.X, _grid.Y);
            var (first, end) = (_grid.Starts[other], _grid.Starts[other + 1]);
            var allCore = _coresInCell[other] == end - first;
            var tried = 0;
            for (var k = _grid.Starts[cell]; tried < FewCores && k < _grid.Starts[cell + 1]; k++)
            {
                if (_isCore[k])
                {
                    if (allCore ? Within.Any(x.AsSpan(first, end - first), y.AsSpan(first, end - first), x[k], y[k], _epsSquared) : NearCoreOf(other, k))
                    {
                        return true;
                    }
                    tried++;
                }
            }
            if (tried == _coresInCell[cell])
            {
                return false;
            }
            var (ax, ay) = Cores(cell);
            var (bx, by) = Cores(other);
            return Proximity.AnyPairWithin(ax, ay, bx, by, _epsSquared);
        }

        private (double[] X, double[] Y) Cores(int cell)
        {
            var x = new double[_coresInCell[cell]];
            var y = new double[_coresInCell[cell]];
            var at = 0;
            for (var k = _grid.Starts[cell]; k < _grid.Starts[cell + 1]; k++)
            {
                if (_isCore[k])
                {
                    (x[at], y[at++]) = (_grid.X[k], _grid.Y[k]);
                }
            }
            return (x, y);
        }

        private (int[] ClusterOfCell, int Clusters) NumberClusters()
        {
            var firstCore = new int[_parent.Length];
            Array.Fill(firstCore, int.MaxValue);
            for (var cell = 0; cell < _parent.Length; cell++)
            {
                for (var k = _grid.Starts[cell]; k < _grid.Starts[cell + 1] && _coresInCell[cell] > 0; k++)
                {
                    if (_isCore[k])
                    {
                        var root = Root(cell);
                        firstCore[root] = Math.Min(firstCore[root], _grid.Order[k]);
                        break; // points of a cell stand in input order
                    }
                }
            }
            var roots = new List<int>();
            for (var cell = 0; cell < _parent.Length; cell++)
            {
                if (_coresInCell[cell] > 0 && _parent[cell] == cell)
                {
                    roots.Add(cell);
                }
            }
            roots.Sort((a, b) => firstCore[a].CompareTo(firstCore[b]));
            var clusterOfCell = new int[_parent.Length];
            Array.Fill(clusterOfCell, Noise);
            for (var cluster = 0; cluster < roots.Count; cluster++)
            {
                clusterOfCell[roots[cluster]] = cluster;
            }
            for (var cell = 0; cell < _parent.Length; cell++)
            {
                if (_coresInCell[cell] > 0)
                {
                    clusterOfCell[cell] = clusterOfCell[Root(cell)];
                }
            }
            return (clusterOfCell, roots.Count);
        }

        private void LabelPoints(int[] clusterOfCell, Span<int> labels)
        {
            Span<int> from = stackalloc int[2 * Reach + 1];
            Span<int> to = stackalloc int[2 * Reach + 1];
            Span<int> candidates = stackalloc int[(2 * Reach + 1) * (2 * Reach + 1) + 1];
            for (var cell = 0; cell < clusterOfCell.Length; cell++)
            {
                var (first, end) = (_grid.Starts[cell], _grid.Starts[cell + 1]);
                if (_coresInCell[cell] == end - first)
                {
                    foreach (var i in _grid.Order.AsSpan(first, end - first))
                    {
                        labels[i] = clusterOfCell[cell];
                    }
                    continue;
                }
                _grid.Around(cell, from, to);
                var count = CellsOfClusters(from, to, clusterOfCell, candidates);
                for (var k = first; k < end; k++)
                {
                    labels[_grid.Order[k]] = _isCore[k] ? clusterOfCell[cell] : BorderLabel(k, clusterOfCell, candidates[..count]);
                }
            }
        }

        /// <summary>The cells in the rows that belong to a cluster.</summary>
        private static int CellsOfClusters(ReadOnlySpan<int> from, ReadOnlySpan<int> to, int[] clusterOfCell, Span<int> cells)
        {
            var count = 0;
            for (var r = 0; r < from.Length; r++)
            {
                for (var other = from[r]; other < to[r]; other++)
                {
                    cells[count] = other;
                    count += clusterOfCell[other] != Noise ? 1 : 0;
                }
            }
            return count;
        }

        /// <summary>The lowest number among the clusters that have a core near point k, which is no core itself.</summary>
        private int BorderLabel(int k, int[] clusterOfCell, ReadOnlySpan<int> candidates)
        {
            var label = Noise;
            foreach (var cell in candidates)
            {
                // Noise, as an unsigned number, is above all others.
                if ((uint)clusterOfCell[cell] < (uint)label && NearCoreOf(cell, k))
                {
                    label = clusterOfCell[cell];
                }
            }
            return label;
        }

        private bool NearCoreOf(int cell, int k)
        {
            var (x, y) = (_grid.X, _grid.Y);
            for (var j = _grid.Starts[cell]; j < _grid.Starts[cell + 1]; j++)
            {
                var dx = x[j] - x[k];
                var dy = y[j] - y[k];
                if (dx * dx + dy * dy <= _epsSquared && _isCore[j])
                {
                    return true;
                }
            }
            return false;
        }
    }
}
