using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>Vector tiles of issues. Every issue is in exactly one tile of a zoom: by itself from <see cref="DetailZoom"/> on, before that also as part of an aggregate.</summary>
internal static class IssueTile
{
    /// <summary>First zoom at which issues are not put together.</summary>
    internal const int DetailZoom = 14;

    /// <summary>Aggregates stand in squares of which a tile has 2^4 x 2^4: 32 pixels each where a tile is drawn 512 pixels wide.</summary>
    private const int SquaresZoom = 4;

    private const int SquareUnits = MvtLayer.Extent >> SquaresZoom;

    /// <summary>Around a tile lies a rim of squares of which a side has 2^5: rounding to the grid moves a place by much less.</summary>
    private const int RimZoom = 5;

    /// <summary>Ids of aggregates begin here, above those of issues.</summary>
    private const long FirstAggregateId = 1L << 48;

    /// <summary>A tile before <see cref="DetailZoom"/>: of each square the issue in it, or one aggregate at the mean place of those in it.</summary>
    /// <param name="points">The issues.</param>
    /// <param name="tile">Which tile.</param>
    internal static byte[] Aggregated(PointSnapshot points, TileAddress tile)
    {
        var layer = new MvtLayer("issues");
        for (var row = 0; row < 1 << SquaresZoom; row++)
        {
            for (var column = 0; column < 1 << SquaresZoom; column++)
            {
                var (x, y) = ((tile.X << SquaresZoom) + column, (tile.Y << SquaresZoom) + row);
                var inside = points.InSquare(tile.Zoom + SquaresZoom, x, y);
                if (inside.Length > 0)
                {
                    AddSquare(layer, points, tile, inside, column * SquareUnits, row * SquareUnits, FirstAggregateId + ((long)tile.Zoom << 40) + ((long)y << 20) + x);
                }
            }
        }
        return layer.ToTile();
    }

    /// <summary>A tile from <see cref="DetailZoom"/> on: each issue by itself.</summary>
    /// <param name="points">The issues.</param>
    /// <param name="tile">Which tile.</param>
    /// <remarks>Places are rounded to the grid of the whole zoom, halves to the even side as ST_AsMVTGeom does, and the rounded place decides on the tile.</remarks>
    internal static byte[] Detailed(PointSnapshot points, TileAddress tile)
    {
        var issues = points.Issues;
        var layer = new MvtLayer("issues");
        var units = Math.ScaleB(MvtLayer.Extent, tile.Zoom);
        var (west, north) = ((double)tile.X * MvtLayer.Extent, (double)tile.Y * MvtLayer.Extent);
        foreach (var i in NearTile(points, tile))
        {
            // What would be rounded out of the world stays in it.
            var x = Math.Min(Math.Round(points.MercatorX[i] * units), units - 1) - west;
            var y = Math.Min(Math.Round(points.MercatorY[i] * units), units - 1) - north;
            if (x is >= 0 and < MvtLayer.Extent && y is >= 0 and < MvtLayer.Extent)
            {
                AddIssue(layer, issues, i, (int)x, (int)y);
            }
        }
        return layer.ToTile();
    }

    /// <summary>The issues in a tile and a little around it, by id.</summary>
    private static int[] NearTile(PointSnapshot points, TileAddress tile)
    {
        var near = new List<int>();
        near.AddRange(points.InSquare(tile.Zoom, tile.X, tile.Y));
        var (zoom, side, last) = (tile.Zoom + RimZoom, 1L << RimZoom, (1L << (tile.Zoom + RimZoom)) - 1);
        var (west, north) = (tile.X * side - 1, tile.Y * side - 1);
        for (long step = 0; step <= side; step++)
        {
            // The four sides, each with the corner that it begins at.
            Add(west + step, north);
            Add(west + side + 1, north + step);
            Add(west + side + 1 - step, north + side + 1);
            Add(west, north + side + 1 - step);
        }
        near.Sort();
        return [.. near];

        void Add(long x, long y)
        {
            if (x >= 0 && y >= 0 && x <= last && y <= last)
            {
                near.AddRange(points.InSquare(zoom, (int)x, (int)y));
            }
        }
    }

    private static void AddSquare(MvtLayer layer, PointSnapshot points, TileAddress tile, ReadOnlySpan<int> inside, int west, int north, long id)
    {
        var issues = points.Issues;
        var issueCount = inside.Length;
        double sumX = 0, sumY = 0;
        int overdue = 0, relapses = 0, severity = 0;
        foreach (var i in inside)
        {
            sumX += points.MercatorX[i];
            sumY += points.MercatorY[i];
            overdue += issues.Has(i, IssueTraits.Overdue) ? 1 : 0;
            relapses += issues.Has(i, IssueTraits.Relapse) ? 1 : 0;
            severity = Math.Max(severity, issues.Severity[i]);
        }
        var units = Math.ScaleB(MvtLayer.Extent, tile.Zoom);
        var x = Place(sumX, (long)tile.X * MvtLayer.Extent, west);
        var y = Place(sumY, (long)tile.Y * MvtLayer.Extent, north);
        if (issueCount == 1)
        {
            AddIssue(layer, issues, inside[0], x, y);
            return;
        }
        layer.Begin(id);
        layer.Tag("count", issueCount);
        layer.Tag("severity", severity);
        layer.Tag("overdue_count", overdue);
        layer.Tag("relapse_count", relapses);
        layer.EndPoint(x, y);

        // The mean, rounded, within the square.
        int Place(double sum, long origin, int edge)
            => (int)Math.Clamp(Math.Round(sum / issueCount * units) - origin, edge, edge + SquareUnits - 1);
    }

    private static void AddIssue(MvtLayer layer, IssuePoints issues, int i, int x, int y)
    {
        layer.Begin(issues.Ids[i]);
        layer.Tag("count", 1);
        layer.Tag("category", issues.Categories[issues.Category[i]].Code);
        layer.Tag("severity", issues.Severity[i]);
        layer.Tag("status", IssuePoints.Statuses[issues.Status[i]]);
        layer.Tag("overdue", issues.Has(i, IssueTraits.Overdue));
        layer.Tag("relapse", issues.Has(i, IssueTraits.Relapse));
        layer.Tag("default_point", issues.Has(i, IssueTraits.DefaultPoint));
        layer.Tag("reported_at", issues.ReportedAt[i]);
        layer.EndPoint(x, y);
    }
}
