using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tests.Tiles;

/// <summary>Issues in memory, for tiles without a database.</summary>
internal static class PlacedIssues
{
    /// <summary>Issues scattered over a square of degrees, every tenth in one of three places.</summary>
    internal static PointSnapshot Scattered(int count, double west, double south, double degrees)
    {
        var random = new Random(4);
        var places = Enumerable.Range(1, count).Select(i => i % 10 == 0
            ? (Lon: west + degrees * (0.3 + 0.05 * (i % 3)), Lat: south + degrees * 0.6)
            : (Lon: west + degrees * random.NextDouble(), Lat: south + degrees * random.NextDouble())).ToArray();
        return At([.. places.Select(p => p.Lon)], [.. places.Select(p => p.Lat)]);
    }

    /// <summary>Issues at places; ids from 1, attributes by turns.</summary>
    internal static PointSnapshot At(double[] lon, double[] lat)
    {
        var n = lon.Length;
        return new PointSnapshot(new IssuePoints
        {
            DataVersion = "1",
            Categories = [new NamedCode("litter", "Litter", null), new NamedCode("sewage", "Sewage", null)],
            Ids = [.. Enumerable.Range(1, n).Select(i => (long)i)],
            LonDegrees = lon,
            LatDegrees = lat,
            Category = [.. Enumerable.Range(0, n).Select(i => i % 2)],
            Severity = [.. Enumerable.Range(0, n).Select(i => (byte)(1 + i % 5))],
            Status = [.. Enumerable.Range(0, n).Select(i => (byte)(i % 6))],
            ReportedAt = [.. Enumerable.Range(0, n).Select(i => 1_700_000_000L + 60 * i)],
            Ward = new int[n],
            Traits = [.. Enumerable.Range(0, n).Select(i => i % 4 == 0 ? IssueTraits.Overdue : i % 7 == 0 ? IssueTraits.Relapse : IssueTraits.None)],
        });
    }

    /// <summary>The tile of a zoom that holds an issue.</summary>
    internal static TileAddress TileOf(PlacedIssue issue, int zoom) => new(zoom, (int)Math.ScaleB(issue.X, zoom), (int)Math.ScaleB(issue.Y, zoom));

    /// <summary>All tiles of a zoom that hold issues, and those around them.</summary>
    internal static IReadOnlyList<TileAddress> TilesAround(PointSnapshot points, int zoom)
    {
        var last = (1 << zoom) - 1;
        return
        [
            .. points.InSquare(0, 0, 0).ToArray().Select(i => TileOf(i, zoom)).Distinct()
                .SelectMany(t => from x in Enumerable.Range(t.X - 1, 3) from y in Enumerable.Range(t.Y - 1, 3) select new TileAddress(zoom, x, y))
                .Where(t => t.X >= 0 && t.Y >= 0 && t.X <= last && t.Y <= last).Distinct(),
        ];
    }
}
