using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>
/// Issues near each other put together, zoom by zoom from the deepest up: supercluster's rule (github.com/mapbox/supercluster 9.1.0). At each zoom the nodes of the zoom
/// below are taken in their order; one that is not taken yet takes all others within a radius that are not, and the cluster stands at the mean place of its issues.
/// </summary>
/// <remarks>Nearly the nodes of supercluster, places rounded to single precision as there; on a million points they differ a little (tests/Benchmarks, <c>compare supercluster</c>). A node is a number: that of its issue or, of a cluster, the complement of the
/// cluster's. Never changed once it is built.</remarks>
internal sealed class ClusterPyramid
{
    /// <summary>Deepest zoom with clusters.</summary>
    internal const int LastZoom = 16;

    private const double RadiusPixels = 40;
    private const double TilePixels = 512;

    private readonly IssuePoints _issues;
    private readonly List<MapCluster> _clusters = [];
    private readonly (int[] Nodes, ClusterGrid Grid)[] _levels = new (int[], ClusterGrid)[LastZoom + 1];

    internal ClusterPyramid(IssuePoints issues)
    {
        _issues = issues;
        var nodes = new Nodes(issues.Count);
        for (var i = 0; i < issues.Count; i++)
        {
            var (x, y) = WebMercator.FromLonLat(issues.LonDegrees[i], issues.LatDegrees[i]);
            nodes.Add(i, (float)x, (float)y);
        }
        var grid = nodes.Grid(RadiusAt(LastZoom));
        for (var zoom = LastZoom; zoom >= 0; zoom--)
        {
            nodes = Gather(nodes, grid, zoom);
            grid = nodes.Grid(RadiusAt(zoom - 1));
            _levels[zoom] = (nodes.Numbers[..nodes.Count], grid);
        }
        _clusters.TrimExcess();
    }

    /// <summary>How many nodes there are at a zoom: clusters, and issues by themselves.</summary>
    internal int CountAt(int zoom) => _levels[zoom].Nodes.Length;

    /// <summary>The cluster of a node; null for an issue by itself.</summary>
    internal MapCluster? ClusterOf(int node) => node < 0 ? _clusters[~node] : null;

    /// <summary>Where a node stands, fractions of the web map's square.</summary>
    internal (double X, double Y) PlaceOf(int node)
        => node < 0 ? (_clusters[~node].X, _clusters[~node].Y) : WebMercator.FromLonLat(_issues.LonDegrees[node], _issues.LatDegrees[node]);

    /// <summary>The nodes in a tile and a little around it.</summary>
    /// <param name="tile">Which tile; its zoom at most <see cref="LastZoom"/>.</param>
    internal IEnumerable<int> Near(TileAddress tile)
    {
        // Of single precision there is one part in 2^24 at most.
        var (nodes, grid) = _levels[tile.Zoom];
        var side = Math.ScaleB(1, -tile.Zoom);
        var margin = side / 1024 + Math.ScaleB(1, -23);
        for (var row = grid.Cell(tile.Y * side - margin); row <= grid.Cell((tile.Y + 1) * side + margin); row++)
        {
            for (var column = grid.Cell(tile.X * side - margin); column <= grid.Cell((tile.X + 1) * side + margin); column++)
            {
                var (from, end) = grid.InCell(column, row);
                for (var k = from; k < end; k++)
                {
                    var node = nodes[grid.Order[k]];
                    var (x, y) = PlaceOf(node);
                    // Others of the bucket have their turn in their own cells.
                    if (grid.Cell((float)x) == column && grid.Cell((float)y) == row)
                    {
                        yield return node;
                    }
                }
            }
        }
    }

    private static double RadiusAt(int zoom) => RadiusPixels / (TilePixels * Math.ScaleB(1, zoom));

    private Nodes Gather(Nodes from, ClusterGrid grid, int zoom)
    {
        var radius = RadiusAt(zoom);
        var (x, y) = from.PlacesBy(grid);
        var taken = new bool[from.Count];
        var nodes = new Nodes(from.Count);
        for (var i = 0; i < from.Count; i++)
        {
            if (taken[i])
            {
                continue;
            }
            taken[i] = true;
            var (atX, atY) = (from.X[i], from.Y[i]);
            var cluster = default(MapCluster);
            for (var row = grid.Cell(atY - radius); row <= grid.Cell(atY + radius); row++)
            {
                for (var column = grid.Cell(atX - radius); column <= grid.Cell(atX + radius); column++)
                {
                    var (first, end) = grid.InCell(column, row);
                    for (var k = first; k < end; k++)
                    {
                        double dx = x[k] - atX, dy = y[k] - atY;
                        if (dx * dx + dy * dy <= radius * radius && !taken[grid.Order[k]])
                        {
                            var j = grid.Order[k];
                            taken[j] = true;
                            if (cluster.Count == 0)
                            {
                                Add(ref cluster, from, i);
                            }
                            Add(ref cluster, from, j);
                        }
                    }
                }
            }
            if (cluster.Count == 0)
            {
                nodes.Add(from.Numbers[i], atX, atY);
                continue;
            }
            (cluster.X, cluster.Y, cluster.Zoom) = (cluster.X / cluster.Count, cluster.Y / cluster.Count, (byte)zoom);
            nodes.Add(~_clusters.Count, cluster.X, cluster.Y);
            _clusters.Add(cluster);
        }
        return nodes;
    }

    /// <summary>Counts a node in, its place weighed by its issues.</summary>
    private void Add(ref MapCluster cluster, Nodes nodes, int i)
    {
        var (node, before) = (nodes.Numbers[i], cluster.Count);
        if (node < 0)
        {
            cluster.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_clusters)[~node]);
        }
        else
        {
            cluster.Add(_issues.Status[node], _issues.Traits[node], _issues.Severity[node]);
        }
        cluster.X += nodes.X[i] * (cluster.Count - before);
        cluster.Y += nodes.Y[i] * (cluster.Count - before);
    }

    /// <summary>Nodes in the order in which they were made.</summary>
    private sealed class Nodes(int capacity)
    {
        internal int Count { get; private set; }

        internal int[] Numbers { get; } = new int[capacity];

        internal double[] X { get; } = new double[capacity];

        internal double[] Y { get; } = new double[capacity];

        internal void Add(int number, double x, double y)
        {
            (Numbers[Count], X[Count], Y[Count]) = (number, x, y);
            Count++;
        }

        internal ClusterGrid Grid(double side) => new(Single(X), Single(Y), side);

        /// <summary>The places in the order of a grid, in single precision.</summary>
        internal (float[] X, float[] Y) PlacesBy(ClusterGrid grid)
        {
            var (x, y) = (new float[Count], new float[Count]);
            for (var k = 0; k < x.Length; k++)
            {
                (x[k], y[k]) = ((float)X[grid.Order[k]], (float)Y[grid.Order[k]]);
            }
            return (x, y);
        }

        private float[] Single(double[] values) => Array.ConvertAll(values[..Count], v => (float)v);
    }
}
