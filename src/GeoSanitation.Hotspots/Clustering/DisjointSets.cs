namespace GeoSanitation.Hotspots.Clustering;

/// <summary>Which of n things have been joined (union-find by size, with path halving).</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parent;

    /// <param name="count">Things, each alone at first.</param>
    public DisjointSets(int count)
    {
        _parent = new int[count];
        // A root holds minus the size of its set.
        Array.Fill(_parent, -1);
    }

    /// <summary>The thing that stands for the set of i.</summary>
    public int Find(int i)
    {
        while (_parent[i] >= 0)
        {
            var up = _parent[i];
            if (_parent[up] < 0)
            {
                return up;
            }
            i = _parent[i] = _parent[up];
        }
        return i;
    }

    /// <summary>Joins the sets of a and b; false when they were one already.</summary>
    public bool Unite(int a, int b)
    {
        var (larger, smaller) = (Find(a), Find(b));
        if (larger == smaller)
        {
            return false;
        }
        if (_parent[larger] > _parent[smaller])
        {
            (larger, smaller) = (smaller, larger);
        }
        _parent[larger] += _parent[smaller];
        _parent[smaller] = larger;
        return true;
    }
}
