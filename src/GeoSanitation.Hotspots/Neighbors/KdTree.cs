namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>Points in a balanced tree of halves, for nearest neighbors.</summary>
internal sealed class KdTree
{
    private const int LeafSize = 16;

    private readonly double[] _x;
    private readonly double[] _y;
    private readonly int[] _order;

    public KdTree(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        _x = x.ToArray();
        _y = y.ToArray();
        _order = new int[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            _order[i] = i;
        }
        Build(0, x.Length);
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
        Search(0, _x.Length, x, y, squaredDistances, indices, except, ref found);
        return found;
    }

    private void Build(int from, int to)
    {
        if (to - from <= LeafSize)
        {
            return;
        }
        var middle = (from + to) / 2;
        SelectMiddle(SplitsByX(from, to) ? _x : _y, from, to, middle);
        Build(from, middle);
        Build(middle + 1, to);
    }

    // The split direction is read off the depth-free range, so that no node has to be stored.
    private static bool SplitsByX(int from, int to) => (System.Numerics.BitOperations.Log2((uint)(to - from)) & 1) == 0;

    /// <summary>Quickselect: everything before the middle is not larger, everything after not smaller.</summary>
    private void SelectMiddle(double[] key, int from, int to, int middle)
    {
        var (low, high) = (from, to - 1);
        while (low < high)
        {
            var pivot = Median(key[low], key[low + (high - low) / 2], key[high]);
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (key[i] < pivot)
                {
                    i++;
                }
                while (key[j] > pivot)
                {
                    j--;
                }
                if (i <= j)
                {
                    Swap(i++, j--);
                }
            }
            if (middle <= j)
            {
                high = j;
            }
            else if (middle >= i)
            {
                low = i;
            }
            else
            {
                return;
            }
        }
    }

    private static double Median(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    private void Swap(int i, int j)
    {
        (_x[i], _x[j]) = (_x[j], _x[i]);
        (_y[i], _y[j]) = (_y[j], _y[i]);
        (_order[i], _order[j]) = (_order[j], _order[i]);
    }

    private void Search(int from, int to, double x, double y, Span<double> distances, Span<int> indices, int except, ref int found)
    {
        if (to - from <= LeafSize)
        {
            for (var i = from; i < to; i++)
            {
                Offer(i, x, y, distances, indices, except, ref found);
            }
            return;
        }
        var middle = (from + to) / 2;
        var gap = SplitsByX(from, to) ? x - _x[middle] : y - _y[middle];
        Offer(middle, x, y, distances, indices, except, ref found);
        if (gap < 0)
        {
            Search(from, middle, x, y, distances, indices, except, ref found);
        }
        else
        {
            Search(middle + 1, to, x, y, distances, indices, except, ref found);
        }
        if (found < distances.Length || gap * gap <= distances[found - 1])
        {
            if (gap < 0)
            {
                Search(middle + 1, to, x, y, distances, indices, except, ref found);
            }
            else
            {
                Search(from, middle, x, y, distances, indices, except, ref found);
            }
        }
    }

    /// <summary>Insertion into the short sorted list of the nearest so far.</summary>
    private void Offer(int i, double x, double y, Span<double> distances, Span<int> indices, int except, ref int found)
    {
        var index = _order[i];
        if (index == except)
        {
            return;
        }
        var dx = _x[i] - x;
        var dy = _y[i] - y;
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
