using System.Numerics;
using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Hotspots.Clustering;

/// <summary>How far each place has to reach until a given weight, its own included, lies within: small where points are dense.</summary>
internal static class CoreDistances
{
    // Leaves handed to a thread at a time.
    private const int LeavesAtOnce = 64;

    /// <summary>Squares of the core distances, in tree order; never below the square of a floor.</summary>
    /// <param name="tree">The places, each once.</param>
    /// <param name="weight">Weight of each place in tree order, &gt;= 0.</param>
    /// <param name="neededWeight">Weight to be reached, at most the sum of the weights.</param>
    /// <param name="floorSquared">Smallest result.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static double[] Squared(KdTree tree, double[] weight, double neededWeight, double floorSquared, ParallelOptions parallel)
    {
        var squared = new double[tree.X.Length];
        var parts = (tree.LeafCount + LeavesAtOnce - 1) / LeavesAtOnce;
        Parallel.For(0, parts, parallel, () => new LeafSearch(tree, weight, neededWeight), (part, _, search) =>
        {
            for (var leaf = part * LeavesAtOnce; leaf < Math.Min((part + 1) * LeavesAtOnce, tree.LeafCount); leaf++)
            {
                search.Reach(leaf, floorSquared, squared);
            }
            return search;
        }, _ => { });
        return squared;
    }

    /// <summary>Searches for all places of a leaf together: they share the walk to the leaves around.</summary>
    private sealed class LeafSearch
    {
        private readonly KdTree _tree;
        private readonly double[] _weight;
        private readonly NearLeaves _leaves;
        private readonly Nearest[] _nearest = new Nearest[KdTree.LeafSize];

        public LeafSearch(KdTree tree, double[] weight, double neededWeight)
        {
            _tree = tree;
            _weight = weight;
            _leaves = new NearLeaves(tree);
            for (var i = 0; i < _nearest.Length; i++)
            {
                _nearest[i] = new Nearest(neededWeight);
            }
        }

        public void Reach(int leaf, double floorSquared, double[] squared)
        {
            var (start, end) = (_tree.StartOf(leaf), _tree.StartOf(leaf + 1));
            for (var k = start; k < end; k++)
            {
                _nearest[k - start].Start(_weight[k]);
                Offer(_nearest[k - start], k, start, k);
                Offer(_nearest[k - start], k, k + 1, end);
            }
            _leaves.Start(_tree.LeafCount + leaf);
            for (int other; (other = _leaves.Next(LargestReach(end - start))) >= 0;)
            {
                var (otherStart, otherEnd) = (_tree.StartOf(other), _tree.StartOf(other + 1));
                for (var k = start; k < end; k++)
                {
                    if (_tree.SquaredGap(_tree.LeafCount + other, KdTree.At(_tree.X[k], _tree.Y[k])) < _nearest[k - start].Reach)
                    {
                        Offer(_nearest[k - start], k, otherStart, otherEnd);
                    }
                }
            }
            for (var k = start; k < end; k++)
            {
                squared[k] = Math.Max(_nearest[k - start].Result, floorSquared);
            }
        }

        private double LargestReach(int count)
        {
            var largest = 0.0;
            for (var i = 0; i < count; i++)
            {
                largest = Math.Max(largest, _nearest[i].Reach);
            }
            return largest;
        }

        private void Offer(Nearest nearest, int k, int from, int to)
        {
            var (x, y) = (_tree.X[k], _tree.Y[k]);
            for (var j = from; j < to; j++)
            {
                var dx = _tree.X[j] - x;
                var dy = _tree.Y[j] - y;
                var distance = dx * dx + dy * dy;
                if (distance < nearest.Reach)
                {
                    nearest.Insert(distance, _weight[j]);
                }
            }
        }
    }

    /// <summary>The nearest places so far whose weights just reach what is needed.</summary>
    private sealed class Nearest(double neededWeight)
    {
        private double[] _distances = new double[16];
        private double[] _weights = new double[16];
        private int _count;
        private double _sum;

        /// <summary>Beyond this nothing counts any more.</summary>
        public double Reach { get; private set; }

        /// <summary>The reach, once everybody in question was offered.</summary>
        public double Result => _count == 0 ? 0 : _distances[_count - 1];

        public void Start(double ownWeight)
        {
            _count = 0;
            _sum = ownWeight;
            Reach = ownWeight >= neededWeight ? 0 : double.PositiveInfinity;
        }

        public void Insert(double distance, double weight)
        {
            if (_count == _distances.Length)
            {
                Array.Resize(ref _distances, 2 * _count);
                Array.Resize(ref _weights, 2 * _count);
            }
            var at = _count++;
            for (; at > 0 && _distances[at - 1] > distance; at--)
            {
                _distances[at] = _distances[at - 1];
                _weights[at] = _weights[at - 1];
            }
            (_distances[at], _weights[at]) = (distance, weight);
            _sum += weight;
            while (_sum - _weights[_count - 1] >= neededWeight)
            {
                _sum -= _weights[--_count];
            }
            if (_sum >= neededWeight)
            {
                Reach = _distances[_count - 1];
            }
        }
    }
}
