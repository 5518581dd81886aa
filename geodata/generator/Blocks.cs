namespace GeoSanitation.CountyGenerator;

/// <summary>Which label each block of the lattice carries: kept in one piece each, and without two blocks of a label that only touch at a corner.</summary>
internal sealed class Blocks
{
    /// <summary>Outside.</summary>
    internal const int None = -1;

    private const int Size = Terrain.Size;

    private readonly int[,] _labels = new int[Size, Size];

    internal Blocks(Func<int, int, int> labelOf)
    {
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                _labels[i, j] = labelOf(i, j);
            }
        }
    }

    /// <summary>Label of a block; outside of the lattice, none.</summary>
    internal int this[int i, int j] => i is >= 0 and < Size && j is >= 0 and < Size ? _labels[i, j] : None;

    /// <summary>Every block with a label that fits, column by column.</summary>
    internal IEnumerable<(int I, int J)> Where(Func<int, bool> fits)
    {
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                if (_labels[i, j] != None && fits(_labels[i, j]))
                {
                    yield return (i, j);
                }
            }
        }
    }

    /// <summary>Gives scattered pieces to their neighbors and fills corners, for the labels and for the groups that they form.</summary>
    /// <param name="groupOf">The larger area that a label belongs to.</param>
    internal void Tidy(Func<int, int> groupOf)
    {
        for (var round = 0; round < 20; round++)
        {
            Unite();
            if (!FillCorners(label => label) & !FillCorners(groupOf) & !FillCorners(label => label == None ? None : 0))
            {
                return;
            }
        }
        throw new InvalidOperationException("the areas cannot be tidied; choose another seed");
    }

    // The largest piece of a label stays; every other piece takes the label around it.
    private void Unite()
    {
        var seen = new bool[Size, Size];
        var pieces = new Dictionary<int, List<List<(int I, int J)>>>();
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                if (!seen[i, j])
                {
                    var label = _labels[i, j];
                    (pieces.TryGetValue(label, out var list) ? list : pieces[label] = []).Add(Piece(i, j, seen));
                }
            }
        }
        foreach (var (label, list) in pieces.OrderBy(p => p.Key))
        {
            foreach (var piece in list.OrderByDescending(p => p.Count).Skip(1))
            {
                var around = piece.SelectMany(Sides).Select(side => this[side.I, side.J]).Where(other => other != label).GroupBy(other => other);
                var winner = around.OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key;
                foreach (var (i, j) in piece)
                {
                    _labels[i, j] = winner;
                }
            }
        }
    }

    private List<(int I, int J)> Piece(int i, int j, bool[,] seen)
    {
        var label = _labels[i, j];
        var piece = new List<(int I, int J)> { (i, j) };
        seen[i, j] = true;
        for (var next = 0; next < piece.Count; next++)
        {
            foreach (var (a, b) in Sides(piece[next]))
            {
                if (a is >= 0 and < Size && b is >= 0 and < Size && !seen[a, b] && _labels[a, b] == label)
                {
                    seen[a, b] = true;
                    piece.Add((a, b));
                }
            }
        }
        return piece;
    }

    // Two blocks that are alike and only touch at a corner get the one between them.
    private bool FillCorners(Func<int, int> groupOf)
    {
        var changed = false;
        for (var i = 0; i + 1 < Size; i++)
        {
            for (var j = 0; j + 1 < Size; j++)
            {
                var (a, b, c, d) = (groupOf(_labels[i, j]), groupOf(_labels[i + 1, j]), groupOf(_labels[i, j + 1]), groupOf(_labels[i + 1, j + 1]));
                if (a == d && b != a && c != a)
                {
                    (_labels[i + 1, j], changed) = (_labels[i, j], true);
                }
                else if (b == c && a != b && d != b)
                {
                    (_labels[i, j], changed) = (_labels[i + 1, j], true);
                }
            }
        }
        return changed;
    }

    private static (int I, int J)[] Sides((int I, int J) block)
        => [(block.I - 1, block.J), (block.I + 1, block.J), (block.I, block.J - 1), (block.I, block.J + 1)];
}
