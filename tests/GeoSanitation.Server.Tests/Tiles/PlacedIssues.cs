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

    /// <summary>All issues, in the order of the map.</summary>
    internal static IReadOnlyList<PlacedIssue> AlongTheCurve(this PointSnapshot points)
    {
        var found = new List<PlacedIssue>();
        foreach (var (chunk, rows) in points.Chosen.InSquare(0, 0, 0))
        {
            foreach (var i in rows.Span)
            {
                var (x, y) = WebMercator.FromLonLat(chunk.LonDegrees[i], chunk.LatDegrees[i]);
                found.Add(new PlacedIssue(
                    x, y, chunk.Ids[i], DataView.Seconds(chunk.ReportedAt[i]), points.Chosen.CategoryCodes[chunk.Category[i]]!, chunk.Severity(i), chunk.Status(i),
                    chunk.TraitsAt(i, points.Chosen.LastDeadline)));
            }
        }
        return found;
    }

    /// <summary>The tile of a zoom that holds an issue.</summary>
    internal static TileAddress TileOf(PlacedIssue issue, int zoom) => new(zoom, (int)Math.ScaleB(issue.X, zoom), (int)Math.ScaleB(issue.Y, zoom));

    /// <summary>All tiles of a zoom that hold issues, and those around them.</summary>
    internal static IReadOnlyList<TileAddress> TilesAround(PointSnapshot points, int zoom)
    {
        var last = (1 << zoom) - 1;
        return
        [
            .. points.AlongTheCurve().Select(i => TileOf(i, zoom)).Distinct()
                .SelectMany(t => from x in Enumerable.Range(t.X - 1, 3) from y in Enumerable.Range(t.Y - 1, 3) select new TileAddress(zoom, x, y))
                .Where(t => t.X >= 0 && t.Y >= 0 && t.X <= last && t.Y <= last).Distinct(),
        ];
    }
}

/// <summary>What tiles say of an issue.</summary>
/// <param name="X">Fraction of the web map's square, from the west.</param>
/// <param name="Y">The same from the north.</param>
/// <param name="Id">Its number.</param>
/// <param name="ReportedAt">Seconds since 1970.</param>
/// <param name="Category">Code of its category.</param>
/// <param name="Severity">1 to 5.</param>
/// <param name="Status">Position in the statuses.</param>
/// <param name="Traits">What is so of it.</param>
internal readonly record struct PlacedIssue(double X, double Y, long Id, long ReportedAt, string Category, byte Severity, byte Status, IssueTraits Traits)
{
    internal bool Has(IssueTraits trait) => (Traits & trait) != 0;
}
