namespace GeoSanitation.Hotspots.Weights;

/// <summary>Which units are neighbors of which, and with what weight: a sparse n x n matrix without diagonal.</summary>
/// <remarks>A unit is never its own neighbor here; statistics that include the unit itself ("star") add it with weight 1.</remarks>
public sealed class SpatialWeights
{
    private readonly int[] _starts;
    private readonly int[] _neighbors;
    private readonly double[]? _weights;

    /// <summary>Takes the compressed rows of the matrix.</summary>
    /// <param name="starts">Length n + 1: the neighbors of unit i stand in [starts[i], starts[i + 1]).</param>
    /// <param name="neighbors">Neighbors, ascending within a unit, the unit itself not among them; kept, not copied.</param>
    /// <param name="weights">Weight of each neighbor, finite; null means binary, every weight 1.</param>
    /// <exception cref="ArgumentException">The arrays do not make such a matrix.</exception>
    public SpatialWeights(int[] starts, int[] neighbors, double[]? weights = null)
    {
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(neighbors);
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != neighbors.Length)
        {
            throw new ArgumentException("starts must begin with 0 and end with the number of neighbors.", nameof(starts));
        }
        var n = starts.Length - 1;
        for (var i = 0; i < n; i++)
        {
            if (starts[i] > starts[i + 1])
            {
                throw new ArgumentException($"starts[{i + 1}] is less than starts[{i}].", nameof(starts));
            }
            for (var k = starts[i]; k < starts[i + 1]; k++)
            {
                var j = neighbors[k];
                if (j < 0 || j >= n || j == i || (k > starts[i] && j <= neighbors[k - 1]))
                {
                    throw new ArgumentException($"Unit {i} has neighbor {j}; neighbors must be other units, ascending, each once.", nameof(neighbors));
                }
            }
        }
        if (weights is not null)
        {
            if (weights.Length != neighbors.Length)
            {
                throw new ArgumentException($"weights has length {weights.Length}; there are {neighbors.Length} neighbors.", nameof(weights));
            }
            foreach (var weight in weights)
            {
                if (!double.IsFinite(weight))
                {
                    throw new ArgumentException($"weights holds {weight}; weights must be finite.", nameof(weights));
                }
            }
        }
        (_starts, _neighbors, _weights) = (starts, neighbors, weights);
    }

    /// <summary>Number of units, n.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Number of pairs (i, j) with j a neighbor of i; both directions count.</summary>
    public int LinkCount => _neighbors.Length;

    /// <summary>Number of units without a neighbor.</summary>
    public int IsolatedCount
    {
        get
        {
            var isolated = 0;
            for (var i = 0; i < Count; i++)
            {
                isolated += _starts[i] == _starts[i + 1] ? 1 : 0;
            }
            return isolated;
        }
    }

    /// <summary>Whether every weight is 1.</summary>
    public bool IsBinary => _weights is null;

    /// <summary>Neighbors of unit i, ascending.</summary>
    public ReadOnlySpan<int> NeighborsOf(int i) => _neighbors.AsSpan(_starts[i], _starts[i + 1] - _starts[i]);

    /// <summary>Weights of the neighbors of unit i, in the same order; empty when binary.</summary>
    public ReadOnlySpan<double> WeightsOf(int i) => _weights is null ? [] : _weights.AsSpan(_starts[i], _starts[i + 1] - _starts[i]);

    /// <summary>Adds up, for each unit, what is in the unit and its neighbors; the weights play no part.</summary>
    /// <param name="values">Values of each unit, at unit * width.</param>
    /// <param name="width">Values a unit has; each has its own sum.</param>
    /// <param name="offset">Taken off each value first: near their mean, sums lose the fewest digits.</param>
    /// <param name="sums">Output, as long as the values.</param>
    internal void SumAround(ReadOnlySpan<double> values, int width, double offset, Span<double> sums)
    {
        for (var i = 0; i < Count; i++)
        {
            var own = sums.Slice(i * width, width);
            own.Clear();
            Rows.RunOn(own, own, values.Slice(i * width, width), offset);
            foreach (var j in NeighborsOf(i))
            {
                Rows.RunOn(own, own, values.Slice(j * width, width), offset);
            }
        }
    }

    /// <summary>The same neighbors with weights divided so that each unit's sum to 1; a unit without neighbors keeps none.</summary>
    public SpatialWeights RowStandardized()
    {
        var weights = new double[_neighbors.Length];
        for (var i = 0; i < Count; i++)
        {
            var sum = 0.0;
            for (var k = _starts[i]; k < _starts[i + 1]; k++)
            {
                sum += _weights is null ? 1 : _weights[k];
            }
            for (var k = _starts[i]; k < _starts[i + 1]; k++)
            {
                weights[k] = sum == 0 ? 0 : (_weights is null ? 1 : _weights[k]) / sum;
            }
        }
        return new SpatialWeights(_starts, _neighbors, weights);
    }

    /// <summary>Binary weights from a list of neighbors for each unit, in any order.</summary>
    /// <param name="neighborsOfUnit">For each unit its neighbors; the unit itself and repetitions are dropped.</param>
    /// <exception cref="ArgumentException">A neighbor is not one of the units.</exception>
    public static SpatialWeights FromNeighborLists(IReadOnlyList<IReadOnlyList<int>> neighborsOfUnit)
    {
        ArgumentNullException.ThrowIfNull(neighborsOfUnit);
        var starts = new int[neighborsOfUnit.Count + 1];
        var neighbors = new List<int>();
        for (var i = 0; i < neighborsOfUnit.Count; i++)
        {
            var row = neighborsOfUnit[i].ToArray();
            Array.Sort(row);
            for (var k = 0; k < row.Length; k++)
            {
                if (row[k] != i && (k == 0 || row[k] != row[k - 1]))
                {
                    neighbors.Add(row[k]);
                }
            }
            starts[i + 1] = neighbors.Count;
        }
        return new SpatialWeights(starts, [.. neighbors]);
    }
}
