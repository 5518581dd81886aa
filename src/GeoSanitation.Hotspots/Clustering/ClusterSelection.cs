namespace GeoSanitation.Hotspots.Clustering;

/// <summary>Chooses clusters from a condensed tree so that no one lies inside another, and tells what they are made of.</summary>
internal sealed class ClusterSelection
{
    // A parent is kept when its stability equals its children's but for rounding.
    private const double Rounding = 1e-12;

    private readonly CondensedTree _tree;
    private readonly double[] _stability;
    private readonly bool[] _selected;

    // Where the last part of a cluster leaves it: by itself, and with the clusters inside it.
    private readonly double[] _end;
    private readonly double[] _deepest;

    /// <param name="tree">The hierarchy.</param>
    /// <param name="weight">Weight of each place, in the order of the tree's places.</param>
    /// <param name="options">How to choose.</param>
    public ClusterSelection(CondensedTree tree, double[] weight, HdbscanOptions options)
    {
        var clusters = tree.Clusters;
        _tree = tree;
        _stability = new double[clusters.Count];
        _end = new double[clusters.Count];
        _deepest = new double[clusters.Count];
        for (var k = 0; k < weight.Length; k++)
        {
            var (c, lambda) = (tree.ClusterOfPlace[k], tree.LambdaOfPlace[k]);
            _stability[c] += weight[k] * (tree.CountedUntil[k] - clusters[c].Birth);
            _end[c] = Math.Max(_end[c], lambda);
            _deepest[c] = _end[c];
        }
        for (var c = clusters.Count - 1; c > 0; c--)
        {
            var (parent, birth, itsWeight) = clusters[c];
            _stability[parent] += itsWeight * (birth - clusters[parent].Birth);
            _end[parent] = Math.Max(_end[parent], birth);
            _deepest[parent] = Math.Max(_deepest[parent], Math.Max(_end[parent], _deepest[c]));
        }
        _selected = options.Selection == ClusterSelectionMethod.Leaf ? Leaves() : MostMass(options.AllowSingleCluster);
        MergeBelow(options.EpsilonMeters, options.AllowSingleCluster);
        KeepOutermost();
    }

    /// <summary>Labels, probabilities, scores and clusters of points.</summary>
    /// <param name="placeOfPoint">For each point its place, in the order of the tree's places.</param>
    public HdbscanResult Describe(int[] placeOfPoint)
    {
        var clusters = _tree.Clusters;
        var chosen = new int[clusters.Count];
        for (var c = 0; c < clusters.Count; c++)
        {
            chosen[c] = _selected[c] ? c : c == 0 ? Hdbscan.Noise : chosen[clusters[c].Parent];
        }
        var labelOfCluster = new int[clusters.Count];
        Array.Fill(labelOfCluster, Hdbscan.Noise);
        var found = new List<HdbscanCluster>();
        var labels = new int[placeOfPoint.Length];
        var probabilities = new double[labels.Length];
        var scores = new double[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var lambda = _tree.LambdaOfPlace[placeOfPoint[i]];
            var smallest = _tree.ClusterOfPlace[placeOfPoint[i]];
            scores[i] = 1 - lambda / _deepest[smallest];
            var c = chosen[smallest];
            labels[i] = Hdbscan.Noise;
            if (c >= 0)
            {
                if (labelOfCluster[c] < 0)
                {
                    labelOfCluster[c] = found.Count;
                    found.Add(new HdbscanCluster(clusters[c].Weight, 1 / clusters[c].Birth, _stability[c]));
                }
                labels[i] = labelOfCluster[c];
                probabilities[i] = Math.Min(lambda, _end[c]) / _end[c];
            }
        }
        return new HdbscanResult(labels, probabilities, scores, [.. found]);
    }

    private bool[] Leaves()
    {
        var selected = new bool[_stability.Length];
        Array.Fill(selected, true);
        for (var c = 1; c < selected.Length; c++)
        {
            selected[_tree.Clusters[c].Parent] = false;
        }
        return selected;
    }

    /// <summary>Every cluster at least as stable as the best choice inside it.</summary>
    private bool[] MostMass(bool allowSingle)
    {
        var selected = new bool[_stability.Length];
        var inside = new double[_stability.Length];
        for (var c = _stability.Length - 1; c >= 0; c--)
        {
            selected[c] = _stability[c] >= inside[c] * (1 - Rounding) && (c > 0 || allowSingle);
            if (c > 0)
            {
                inside[_tree.Clusters[c].Parent] += selected[c] ? _stability[c] : inside[c];
            }
        }
        return selected;
    }

    /// <summary>Instead of a cluster born at too small a distance takes the nearest one around it that was not; below the root the topmost when none is.</summary>
    private void MergeBelow(double epsilonMeters, bool allowSingle)
    {
        var clusters = _tree.Clusters;
        for (var c = clusters.Count - 1; c > 0; c--)
        {
            var around = c;
            while (around > 0 && 1 / clusters[around].Birth < epsilonMeters && (clusters[around].Parent > 0 || allowSingle))
            {
                around = clusters[around].Parent;
            }
            _selected[around] |= _selected[c];
        }
        _selected[0] &= allowSingle;
    }

    private void KeepOutermost()
    {
        var taken = new bool[_selected.Length];
        for (var c = 0; c < _selected.Length; c++)
        {
            taken[c] = c > 0 && (taken[_tree.Clusters[c].Parent] || _selected[_tree.Clusters[c].Parent]);
        }
        for (var c = 0; c < _selected.Length; c++)
        {
            _selected[c] &= !taken[c];
        }
    }
}
