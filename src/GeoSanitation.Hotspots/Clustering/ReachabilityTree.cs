using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Clustering;

/// <summary>A minimum spanning tree of places under the mutual reachability distance, max(core of a, core of b, distance).</summary>
/// <remarks>Boruvka's rounds over a kd-tree (March, Ram, Gray 2010, doi 10.1145/1835804.1835882): every component looks for its nearest place outside, and
/// all of them are joined at once. What a search showed holds in later rounds, for what lies outside a component only becomes less. Equally long edges
/// come by their place with the lower number, then by the other, so there is one tree only.</remarks>
internal sealed class ReachabilityTree
{
    // Parts of the tree that are searched as one piece of work each: 2 to this power.
    private const int PartLevel = 8;
    private const int Mixed = -1;
    private const int None = -1;

    private readonly KdTree _tree;
    private readonly DisjointSets _sets;
    private readonly double[] _core;
    private readonly double[] _leastCore;
    private readonly int[] _component;
    private readonly int[] _componentOfNode;

    // For each place the end of its first edge to the outside of its component, if known, with the length _reach; else no such edge is shorter than _reach.
    private readonly int[] _nearest;
    private readonly double[] _reach;
    private readonly double[] _reachOfNode;

    // For each component the length of the shortest edge that is known to leave it.
    private readonly double[] _bound;

    private ReachabilityTree(KdTree tree, double[] coreSquared)
    {
        var n = coreSquared.Length;
        _tree = tree;
        _sets = new DisjointSets(n);
        _core = coreSquared;
        _leastCore = new double[2 * tree.LeafCount];
        _component = new int[n];
        _componentOfNode = new int[2 * tree.LeafCount];
        _nearest = new int[n];
        _reach = new double[n];
        _reachOfNode = new double[2 * tree.LeafCount];
        _bound = new double[n];
        Array.Fill(_nearest, None);
        for (var k = 0; k < n; k++)
        {
            _component[k] = k;
        }
        for (var leaf = 0; leaf < tree.LeafCount; leaf++)
        {
            var least = double.PositiveInfinity;
            for (var k = tree.StartOf(leaf); k < tree.StartOf(leaf + 1); k++)
            {
                least = Math.Min(least, _core[k]);
            }
            _leastCore[tree.LeafCount + leaf] = least;
        }
        for (var node = tree.LeafCount - 1; node > 0; node--)
        {
            _leastCore[node] = Math.Min(_leastCore[2 * node], _leastCore[2 * node + 1]);
        }
    }

    /// <summary>Finds the tree.</summary>
    /// <param name="tree">n places, each once.</param>
    /// <param name="coreSquared">Squares of their core distances, in tree order, finite.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    /// <returns>n - 1 edges between places in tree order, with the squares of their lengths, in no order.</returns>
    public static Edges Find(KdTree tree, double[] coreSquared, ParallelOptions parallel)
        => new ReachabilityTree(tree, coreSquared).Find(parallel);

    private Edges Find(ParallelOptions parallel)
    {
        var n = _core.Length;
        var edges = new Edges(new int[Math.Max(n - 1, 0)], new int[Math.Max(n - 1, 0)], new double[Math.Max(n - 1, 0)]);
        var level = Math.Min(PartLevel, _tree.Depth);
        for (var found = 0; found < n - 1;)
        {
            LabelNodes();
            BoundByWhatIsKnown();
            // Where components meet they find short edges, which spare most of the search inside them.
            foreach (var inside in (ReadOnlySpan<bool>)[false, true])
            {
                Parallel.For(1 << level, 2 << level, parallel, () => new Search(this, inside), (node, _, search) =>
                {
                    search.Run(node);
                    return search;
                }, _ => { });
            }
            found = Join(edges, found);
        }
        return edges;
    }

    private void LabelNodes()
    {
        for (var leaf = 0; leaf < _tree.LeafCount; leaf++)
        {
            var (start, end) = (_tree.StartOf(leaf), _tree.StartOf(leaf + 1));
            var component = _component[start];
            for (var k = start + 1; k < end && component != Mixed; k++)
            {
                component = _component[k] == component ? component : Mixed;
            }
            _componentOfNode[_tree.LeafCount + leaf] = component;
        }
        for (var node = _tree.LeafCount - 1; node > 0; node--)
        {
            _componentOfNode[node] = _componentOfNode[2 * node] == _componentOfNode[2 * node + 1] ? _componentOfNode[2 * node] : Mixed;
        }
    }

    private void BoundByWhatIsKnown()
    {
        Array.Fill(_bound, double.PositiveInfinity);
        for (var k = 0; k < _core.Length; k++)
        {
            var component = _component[k];
            if (_nearest[k] != None && _component[_nearest[k]] == component)
            {
                _nearest[k] = None;
            }
            if (_nearest[k] != None && _reach[k] < _bound[component])
            {
                _bound[component] = _reach[k];
            }
        }
    }

    /// <summary>Joins every component with the nearest one it found; returns how many edges there are now.</summary>
    private int Join(Edges edges, int count)
    {
        // The place from which each component's shortest edge begins.
        var from = new int[_core.Length];
        Array.Fill(from, None);
        for (var k = 0; k < from.Length; k++)
        {
            ref var first = ref from[_component[k]];
            if (_nearest[k] != None && (first == None || Comes(_reach[k], k, _nearest[k], _reach[first], first, _nearest[first])))
            {
                first = k;
            }
        }
        foreach (var k in from)
        {
            // Two components can have found the same edge.
            if (k != None && _sets.Unite(k, _nearest[k]))
            {
                (edges.A[count], edges.B[count], edges.SquaredLength[count]) = (k, _nearest[k], _reach[k]);
                count++;
            }
        }
        for (var k = 0; k < from.Length; k++)
        {
            _component[k] = _sets.Find(k);
        }
        return count;
    }

    /// <summary>Whether the edge from a to b comes before the one from c to d.</summary>
    private bool Comes(double length, int a, int b, double otherLength, int c, int d)
        => length < otherLength || (length == otherLength && KeyOf(a, b) < KeyOf(c, d));

    private long KeyOf(int a, int b)
    {
        var (first, second) = (_tree.Order[a], _tree.Order[b]);
        return (long)Math.Min(first, second) << 32 | (uint)Math.Max(first, second);
    }

    /// <summary>Looks from the places below a node for nearer ones outside their components than the components know.</summary>
    /// <remarks>Other threads may lower a component's bound at the same time; whichever value is read is the length of an edge that was found.</remarks>
    private sealed class Search
    {
        private readonly ReachabilityTree _all;
        private readonly KdTree _tree;
        private readonly bool _inside;
        private readonly NearLeaves _leaves;
        private readonly int[] _places = new int[KdTree.LeafSize];
        private readonly double[] _best = new double[KdTree.LeafSize];
        private readonly int[] _nearest = new int[KdTree.LeafSize];
        private int _count;

        // The component from which is searched, or Mixed, and the length from which on edges are too long to matter.
        private int _component;
        private double _bound;

        /// <param name="all">What is known.</param>
        /// <param name="inside">Whether to search from nodes of one component only, or from leaves with several.</param>
        public Search(ReachabilityTree all, bool inside)
        {
            _all = all;
            _tree = all._tree;
            _inside = inside;
            _leaves = new NearLeaves(_tree, node => all._leastCore[node] <= _bound && (_component == Mixed || all._componentOfNode[node] != _component));
        }

        public void Run(int node)
        {
            var component = _all._componentOfNode[node];
            if (component != Mixed && (!_inside || NothingIsNear(node, component)))
            {
                return;
            }
            if (node < _tree.LeafCount)
            {
                Run(2 * node);
                Run(2 * node + 1);
            }
            else if (_inside == (component != Mixed))
            {
                SearchLeaf(node);
            }
        }

        /// <summary>Whether all places below a node, which are of one component, are too far from all others to matter; one walk tells.</summary>
        private bool NothingIsNear(int node, int component)
        {
            (_component, _bound) = (component, _all._bound[component]);
            var reach = Math.Max(_all._leastCore[node], _all._reachOfNode[node]);
            if (reach <= _bound && node < _tree.LeafCount)
            {
                _leaves.Start(node);
                reach = _leaves.Next(_bound) < 0 ? Math.BitIncrement(_bound) : reach;
            }
            if (reach <= _bound)
            {
                return false;
            }
            _all._reachOfNode[node] = reach;
            return true;
        }

        private void SearchLeaf(int node)
        {
            Start(node - _tree.LeafCount);
            if (_count == 0)
            {
                return;
            }
            Scan(node);
            _leaves.Start(node);
            UpdateBound();
            for (int leaf; (leaf = _leaves.Next(_bound)) >= 0; UpdateBound())
            {
                Scan(_tree.LeafCount + leaf);
            }
            for (var i = 0; i < _count; i++)
            {
                var k = _places[i];
                var known = _all._bound[_all._component[k]];
                // What was left out is longer than what is known now.
                _all._nearest[k] = _best[i] <= known ? _nearest[i] : None;
                _all._reach[k] = _best[i] <= known ? _best[i] : Math.BitIncrement(known);
            }
        }

        private void Start(int leaf)
        {
            _count = 0;
            for (var k = _tree.StartOf(leaf); k < _tree.StartOf(leaf + 1); k++)
            {
                var component = _all._component[k];
                if (_all._nearest[k] == None && Math.Max(_all._reach[k], _all._core[k]) <= _all._bound[component])
                {
                    _component = _count == 0 || _component == component ? component : Mixed;
                    (_places[_count], _best[_count], _nearest[_count]) = (k, double.PositiveInfinity, None);
                    _count++;
                }
            }
        }

        private void UpdateBound()
        {
            _bound = 0;
            for (var i = 0; i < _count; i++)
            {
                _bound = Math.Max(_bound, Math.Min(_best[i], _all._bound[_all._component[_places[i]]]));
            }
        }

        private void Scan(int node)
        {
            var (start, end) = (_tree.StartOf(node - _tree.LeafCount), _tree.StartOf(node - _tree.LeafCount + 1));
            for (var i = 0; i < _count; i++)
            {
                var k = _places[i];
                var (x, y, core, component) = (_tree.X[k], _tree.Y[k], _all._core[k], _all._component[k]);
                var bound = Math.Min(_best[i], _all._bound[component]);
                if (core > bound || _tree.SquaredGap(node, KdTree.At(x, y)) > bound)
                {
                    continue;
                }
                for (var j = start; j < end; j++)
                {
                    var dx = _tree.X[j] - x;
                    var dy = _tree.Y[j] - y;
                    var length = Math.Max(Math.Max(dx * dx + dy * dy, core), _all._core[j]);
                    if (length <= bound && _all._component[j] != component
                        && (_nearest[i] == None || _all.Comes(length, k, j, _best[i], k, _nearest[i])))
                    {
                        bound = length;
                        (_best[i], _nearest[i]) = (length, j);
                    }
                }
                if (bound < _all._bound[component])
                {
                    _all._bound[component] = bound;
                }
            }
        }
    }

    /// <summary>Edges as parallel arrays.</summary>
    internal sealed record Edges(int[] A, int[] B, double[] SquaredLength);
}
