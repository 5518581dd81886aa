using System.Globalization;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Server.Tiles;

/// <summary>Vector tiles of clusters, and of the issues that are in none at the tile's zoom. Each stands in one tile of a zoom.</summary>
internal static class ClusterTile
{
    /// <summary>Ids of clusters begin here, above those of issues.</summary>
    private const long FirstId = 1L << 48;

    /// <summary>One tile.</summary>
    /// <param name="points">The issues.</param>
    /// <param name="pyramid">Their clusters.</param>
    /// <param name="tile">Which tile; its zoom at most <see cref="ClusterPyramid.LastZoom"/>.</param>
    /// <param name="attributes">What is said of an issue.</param>
    internal static byte[] Encode(PointSnapshot points, ClusterPyramid pyramid, TileAddress tile, IssueAttributes attributes = IssueAttributes.All)
    {
        var clusters = new MvtLayer("clusters");
        var issues = new IssueLayer(points.Chosen, attributes);
        var units = new TileUnits(tile);
        foreach (var node in pyramid.Near(tile))
        {
            var (mercatorX, mercatorY) = pyramid.PlaceOf(node);
            if (!units.Has(mercatorX, mercatorY, out var x, out var y))
            {
                continue;
            }
            if (pyramid.ClusterOf(node) is not { } cluster)
            {
                issues.Add(pyramid.IssueAt(node), units);
                continue;
            }
            clusters.Begin(FirstId + ~node);
            clusters.Tag("point_count", cluster.Count);
            clusters.Tag("point_count_abbreviated", Abbreviated(cluster.Count));
            cluster.TagSums(clusters);
            clusters.Tag("expansion_zoom", cluster.Zoom + 1);
            clusters.EndPoint(x, y);
        }
        // A tile is its layers one after the other.
        using var single = issues.ToTile();
        return [.. clusters.ToTile(), .. single.Written];
    }

    /// <summary>950, 1.2k, 34k: what fits into a circle.</summary>
    internal static string Abbreviated(int count) => count switch
    {
        < 1_000 => count.ToString(CultureInfo.InvariantCulture),
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(count / 100.0, MidpointRounding.AwayFromZero) / 10}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(count / 1000.0, MidpointRounding.AwayFromZero)}k"),
    };
}
