using System.Runtime.InteropServices;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>
/// Issues near each other put together, zoom by zoom from the deepest up: supercluster's rule (github.com/mapbox/supercluster 9.1.0). At each zoom the nodes of the zoom
/// below are taken in their order, issues in that of the map; one that is not taken yet takes all others within a radius that are not, and the cluster stands at the mean place of its issues.
/// </summary>
/// <remarks>Places are whole units, 2^30 to the web map's square and 0 in its middle, cut off towards the middle as there: so the nodes are the same. A node is a number: that of
/// its issue or, of a cluster, the complement of the cluster's. Never changed once it is built.</remarks>
internal sealed class ClusterPyramid
{
    /// <summary>Deepest zoom with clusters.</summary>
    internal const int LastZoom = 16;

    private const int RadiusPixels = 40;
    private const int TilePixels = 512;
    private const int World = 1 << 30;

    private readonly ChosenIssues _issues;

    // Number of the first issue of each part.
    private readonly int[] _firsts;
    private readonly List<MapCluster> _clusters = [];
    private readonly (int[] Nodes, ClusterGrid Grid)[] _levels = new (int[], ClusterGrid)[LastZoom + 1];

    internal ClusterPyramid(ChosenIssues issues)
    {
        (_issues, _firsts) = (issues, new int[issues.Parts.Count]);
        var nodes = IssuesByThemselves();
        for (var zoom = LastZoom; zoom >= 0; zoom--)
        {
            nodes = Gather(nodes, zoom);
            _levels[zoom] = (NumbersOf(nodes.InGrid), nodes.Grid);
        }
        _clusters.TrimExcess();
    }

    /// <summary>How many nodes there are at a zoom: clusters, and issues by themselves.</summary>
    internal int CountAt(int zoom) => _levels[zoom].Nodes.Length;

    /// <summary>The cluster of a node; null for an issue by itself.</summary>
    internal MapCluster? ClusterOf(int node) => node < 0 ? _clusters[~node] : null;

    /// <summary>Where a node stands, fractions of the web map's square.</summary>
    internal (double X, double Y) PlaceOf(int node)
    {
        if (node < 0)
        {
            return ((double)_clusters[~node].X / World + 0.5, (double)_clusters[~node].Y / World + 0.5);
        }
        var (chunk, rows) = IssueAt(node);
        return (chunk.MercatorX(rows.Span[0]), chunk.MercatorY[rows.Span[0]]);
    }

    /// <summary>The issue of a node.</summary>
    internal IssueStretch IssueAt(int node)
    {
        var found = Array.BinarySearch(_firsts, node);
        var part = _issues.Parts[found = found >= 0 ? found : ~found - 1];
        return part with { Rows = part.Rows.Slice(node - _firsts[found], 1) };
    }

    /// <summary>The nodes in a tile and a little around it.</summary>
    /// <param name="tile">Which tile; its zoom at most <see cref="LastZoom"/>.</param>
    internal IEnumerable<int> Near(TileAddress tile)
    {
        var (nodes, grid) = _levels[tile.Zoom];
        var side = World >> tile.Zoom;
        var (west, north, margin) = (tile.X * side - World / 2, tile.Y * side - World / 2, side >> 10);
        for (var row = grid.Cell(north - margin); row <= grid.Cell(north + side + margin); row++)
        {
            for (var column = grid.Cell(west - margin); column <= grid.Cell(west + side + margin); column++)
            {
                var bucket = grid.InRow(column, column, row).Stretch;
                for (var k = bucket.Start.Value; k < bucket.End.Value; k++)
                {
                    // Others of the bucket have their turn in their own cells.
                    var (x, y) = PlaceOf(nodes[k]);
                    if (grid.Cell(Units(x)) == column && grid.Cell(Units(y)) == row)
                    {
                        yield return nodes[k];
                    }
                }
            }
        }
    }

    // The cells of zoom 0 have the radius of zoom -1.
    private static int RadiusAt(int zoom) => (2 * (World / TilePixels) * RadiusPixels) >> (zoom + 1);

    private static int Units(double fraction) => (int)((fraction - 0.5) * World);

    private static int[] NumbersOf(ReadOnlySpan<ClusterNode> nodes)
    {
        var numbers = new int[nodes.Length];
        for (var k = 0; k < numbers.Length; k++)
        {
            numbers[k] = nodes[k].Number;
        }
        return numbers;
    }

    private ClusterNodes IssuesByThemselves()
    {
        var (nodes, n) = (new ClusterNode[_issues.Count], 0);
        for (var part = 0; part < _firsts.Length; part++)
        {
            _firsts[part] = n;
            var (chunk, rows) = _issues.Parts[part];
            foreach (var i in rows.Span)
            {
                nodes[n] = ClusterNode.Of(n, chunk, i, _issues.LastDeadline, Units(chunk.MercatorX(i)), Units(chunk.MercatorY[i]));
                n++;
            }
        }
        return new ClusterNodes(nodes, RadiusAt(LastZoom));
    }

    /// <summary>The nodes of a zoom from those of the next.</summary>
    private ClusterNodes Gather(ClusterNodes from, int zoom)
    {
        var nodes = new List<ClusterNode>();
        from.Gather(RadiusAt(zoom), (in node, others) =>
        {
            if (others.Length == 0)
            {
                nodes.Add(node);
                return;
            }
            var cluster = Sum(node, others);
            cluster.Zoom = (byte)zoom;
            nodes.Add(new ClusterNode(~_clusters.Count, cluster.X, cluster.Y, 0));
            _clusters.Add(cluster);
        });
        return new ClusterNodes(CollectionsMarshal.AsSpan(nodes), RadiusAt(zoom - 1));
    }

    private MapCluster Sum(in ClusterNode first, ReadOnlySpan<ClusterNode> others)
    {
        var clusters = CollectionsMarshal.AsSpan(_clusters);
        var sum = default(MapCluster);
        var (x, y) = (0L, 0L);
        Add(first, clusters);
        foreach (ref readonly var node in others)
        {
            Add(node, clusters);
        }
        (sum.X, sum.Y) = ((int)(x / sum.Count), (int)(y / sum.Count));
        return sum;

        void Add(in ClusterNode node, ReadOnlySpan<MapCluster> clusters)
        {
            var before = sum.Count;
            if (node.Number < 0)
            {
                sum.Add(clusters[~node.Number]);
            }
            else
            {
                sum.Add(node);
            }
            x += (long)node.X * (sum.Count - before);
            y += (long)node.Y * (sum.Count - before);
        }
    }
}
