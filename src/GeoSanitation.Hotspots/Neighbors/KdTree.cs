using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>Points in a complete binary tree of halves, each node with its bounding box.</summary>
/// <remarks>Nodes are numbered as in a heap: the root is 1, the children of node i are 2i and 2i + 1, and the leaves are the last <see cref="LeafCount"/> nodes. The
/// points of a leaf stand side by side in tree order, at most <see cref="LeafSize"/> of them, so that nothing but the boxes has to be stored.</remarks>
internal sealed class KdTree
{
    public const int LeafSize = 16;

    // A node of this many points is worth a thread of its own.
    private const int WorthAThread = 20_000;

    // Points looked at to tell which side of a node is longer.
    private const int Sample = 64;

    // (min x, min y, -max x, -max y): less (x, y, -x, -y) of a place this is how far the box lies off it to either side.
    private readonly Vector256<double>[] _boxes;

    /// <param name="x">Eastings.</param>
    /// <param name="y">Northings, same length.</param>
    /// <param name="maxThreads">Threads to build with; the tree is the same with any number.</param>
    public KdTree(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int maxThreads = 1)
    {
        X = x.ToArray();
        Y = y.ToArray();
        Order = new int[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            Order[i] = i;
        }
        while (x.Length > (long)LeafSize << Depth)
        {
            Depth++;
        }
        _boxes = new Vector256<double>[2 * LeafCount];
        Build(1, 0, x.Length, maxThreads);
    }

    /// <summary>Eastings in tree order.</summary>
    public double[] X { get; }

    /// <summary>Northings in tree order.</summary>
    public double[] Y { get; }

    /// <summary>Position in the input of the k-th point in tree order.</summary>
    public int[] Order { get; }

    /// <summary>Number of levels below the root.</summary>
    public int Depth { get; }

    /// <summary>Number of leaves, a power of two; also the first leaf's number as a node.</summary>
    public int LeafCount => 1 << Depth;

    /// <summary>First point, in tree order, of a leaf counted from 0; n for the one after the last.</summary>
    public int StartOf(int leaf) => (int)((long)X.Length * leaf >> Depth);

    /// <summary>A place as <see cref="SquaredGap"/> wants it.</summary>
    public static Vector256<double> At(double x, double y) => Vector256.Create(x, y, -x, -y);

    /// <summary>The box of a node as <see cref="SquaredGap"/> wants it.</summary>
    public Vector256<double> At(int node)
    {
        var box = -_boxes[node];
        return Vector256.Create(box.GetUpper(), box.GetLower());
    }

    /// <summary>The square of the distance from a place, or a box, to the box of a node: no two of their points are nearer, rounding included, as rounding is monotone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double SquaredGap(int node, Vector256<double> at)
    {
        var gaps = _boxes[node] - at;
        var gap = Vector128.Max(Vector128.Max(gaps.GetLower(), gaps.GetUpper()), Vector128<double>.Zero);
        return Vector128.Sum(gap * gap);
    }

    /// <summary>The k nearest points to a place, nearest first, equally near ones by position in the input; fewer when there are fewer points.</summary>
    /// <param name="x">Easting.</param>
    /// <param name="y">Northing.</param>
    /// <param name="squaredDistances">Output, length k.</param>
    /// <param name="indices">Output, length k: positions in the input.</param>
    /// <param name="except">A point to leave out, or -1.</param>
    /// <returns>How many were found.</returns>
    public int Nearest(double x, double y, Span<double> squaredDistances, Span<int> indices, int except = -1)
    {
        var found = 0;
        Search(1, At(x, y), squaredDistances, indices, except, ref found);
        return found;
    }

    private void Build(int node, int from, int to, int maxThreads)
    {
        if (node >= LeafCount)
        {
            var box = Vector256.Create(double.PositiveInfinity);
            for (var k = from; k < to; k++)
            {
                box = Vector256.Min(box, At(X[k], Y[k]));
            }
            _boxes[node] = box;
            return;
        }
        var level = BitOperations.Log2((uint)node);
        var middle = (int)((long)X.Length * (2 * node + 1 - (2 << level)) >> (level + 1));
        SelectMiddle(IsWiderThanHigh(from, to) ? X : Y, from, to - 1, middle);
        if (maxThreads > 1 && to - from > WorthAThread)
        {
            Parallel.Invoke(() => Build(2 * node, from, middle, maxThreads / 2), () => Build(2 * node + 1, middle, to, maxThreads - maxThreads / 2));
        }
        else
        {
            Build(2 * node, from, middle, 1);
            Build(2 * node + 1, middle, to, 1);
        }
        _boxes[node] = Vector256.Min(_boxes[2 * node], _boxes[2 * node + 1]);
    }

    private bool IsWiderThanHigh(int from, int to)
    {
        var box = Vector256.Create(double.PositiveInfinity);
        var step = Math.Max((to - from) / Sample, 1);
        for (var k = from; k < to; k += step)
        {
            box = Vector256.Min(box, At(X[k], Y[k]));
        }
        return -(box[0] + box[2]) >= -(box[1] + box[3]);
    }

    /// <summary>Moves the points so that none before the middle has a larger key and none after it a smaller one (Floyd and Rivest 1975).</summary>
    private void SelectMiddle(double[] key, int low, int high, int middle)
    {
        while (high > low)
        {
            if (high - low > 600)
            {
                // The middle of a sample, taken a little to the far side, leaves little to do.
                var n = high - low + 1.0;
                var i = middle - low + 1;
                var z = Math.Log(n);
                var s = 0.5 * Math.Exp(2 * z / 3);
                var shift = 0.5 * Math.Sqrt(z * s * (n - s) / n) * Math.Sign(i - n / 2);
                SelectMiddle(key, Math.Max(low, (int)(middle - i * s / n + shift)), Math.Min(high, (int)(middle + (n - i) * s / n + shift)), middle);
            }
            var pivot = key[middle];
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (key[left] < pivot)
                {
                    left++;
                }
                while (key[right] > pivot)
                {
                    right--;
                }
                if (left <= right)
                {
                    Swap(left++, right--);
                }
            }
            if (middle <= right)
            {
                high = right;
            }
            else if (middle >= left)
            {
                low = left;
            }
            else
            {
                return;
            }
        }
    }

    private void Swap(int i, int j)
    {
        (X[i], X[j]) = (X[j], X[i]);
        (Y[i], Y[j]) = (Y[j], Y[i]);
        (Order[i], Order[j]) = (Order[j], Order[i]);
    }

    private void Search(int node, Vector256<double> at, Span<double> distances, Span<int> indices, int except, ref int found)
    {
        if (node >= LeafCount)
        {
            var end = StartOf(node - LeafCount + 1);
            for (var k = StartOf(node - LeafCount); k < end; k++)
            {
                Offer(k, at[0], at[1], distances, indices, except, ref found);
            }
            return;
        }
        var (near, far) = (2 * node, 2 * node + 1);
        var (nearGap, farGap) = (SquaredGap(near, at), SquaredGap(far, at));
        if (farGap < nearGap)
        {
            (near, far, nearGap, farGap) = (far, near, farGap, nearGap);
        }
        if (found < distances.Length || nearGap <= distances[^1])
        {
            Search(near, at, distances, indices, except, ref found);
        }
        if (found < distances.Length || farGap <= distances[^1])
        {
            Search(far, at, distances, indices, except, ref found);
        }
    }

    /// <summary>Insertion into the short sorted list of the nearest so far.</summary>
    private void Offer(int k, double x, double y, Span<double> distances, Span<int> indices, int except, ref int found)
    {
        var index = Order[k];
        if (index == except)
        {
            return;
        }
        var dx = X[k] - x;
        var dy = Y[k] - y;
        var distance = dx * dx + dy * dy;
        var at = found;
        if (at == distances.Length)
        {
            if (distance > distances[at - 1] || (distance == distances[at - 1] && index > indices[at - 1]))
            {
                return;
            }
            at--;
        }
        else
        {
            found++;
        }
        for (; at > 0 && (distances[at - 1] > distance || (distances[at - 1] == distance && indices[at - 1] > index)); at--)
        {
            distances[at] = distances[at - 1];
            indices[at] = indices[at - 1];
        }
        distances[at] = distance;
        indices[at] = index;
    }
}
