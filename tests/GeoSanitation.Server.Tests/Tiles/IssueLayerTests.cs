using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store.Issues;
using Xunit;

namespace GeoSanitation.Server.Tests.Tiles;

public class IssueLayerTests
{
    public static TheoryData<int> AttributeSets => [0, 2, 4, 8, 26, 112, 127, 128, 130, 229, 255];

    [Theory]
    [MemberData(nameof(AttributeSets))]
    public void The_fast_form_writes_the_same_bytes_as_the_layer_for_any_feature(int attributes)
    {
        foreach (var (count, longestId) in (ReadOnlySpan<(int, int)>)[(1, 7), (300, 14), (3_000, 21), (20_000, 62)])
        {
            var points = RandomIssues(count, longestId);
            using var tile = IssueTile.Encode(points, new TileAddress(0, 0, 0), (IssueAttributes)attributes);
            Assert.Equal(InAnyForm(points, (IssueAttributes)attributes), tile.Written.ToArray());
        }
    }

    /// <summary>The tile of the whole world, each attribute and place by itself.</summary>
    private static byte[] InAnyForm(PointSnapshot points, IssueAttributes attributes)
    {
        var layer = new MvtLayer("issues");
        foreach (var issue in points.AlongTheCurve())
        {
            layer.Begin(issue.Id);
            var tags = new (IssueAttributes Attribute, Action Write)[]
            {
                (IssueAttributes.Count, () => layer.Tag("count", 1L)),
                (IssueAttributes.Category, () => layer.Tag("category", issue.Category)),
                (IssueAttributes.Severity, () => layer.Tag("severity", (long)issue.Severity)),
                (IssueAttributes.Status, () => layer.Tag("status", IssuePoints.Statuses[issue.Status])),
                (IssueAttributes.Overdue, () => layer.Tag("overdue", issue.Has(IssueTraits.Overdue))),
                (IssueAttributes.Relapse, () => layer.Tag("relapse", issue.Has(IssueTraits.Relapse))),
                (IssueAttributes.DefaultPoint, () => layer.Tag("default_point", issue.Has(IssueTraits.DefaultPoint))),
                (IssueAttributes.ReportedAt, () => layer.Tag("reported_at", issue.ReportedAt)),
            };
            foreach (var (_, write) in tags.Where(t => attributes.HasFlag(t.Attribute)))
            {
                write();
            }
            layer.EndPoint(UnitsOf(issue.X), UnitsOf(issue.Y));
        }
        return layer.ToTile();

        static int UnitsOf(double mercator) => (int)Math.Min(Math.Round(mercator * MvtLayer.Extent), MvtLayer.Extent - 1);
    }

    /// <summary>Issues of more kinds than there are bytes, a third near the world's western or northern edge, at times that are all different.</summary>
    private static PointSnapshot RandomIssues(int count, int longestId)
    {
        var random = new Random(count);
        T[] Each<T>(Func<int, T> of) => [.. Enumerable.Range(0, count).Select(of)];
        var places = Each(i => WebMercator.ToLonLat(
            (i % 6 == 0 ? 0.02 : 1) * random.NextDouble(), (i % 6 == 1 ? 0.02 : 1) * random.NextDouble()));
        return new PointSnapshot(new IssuePoints
        {
            DataVersion = "1",
            Categories = [.. Enumerable.Range(0, 150).Select(c => new NamedCode($"category_{c}", $"Category {c}", null))],
            Ids = Each(_ => random.NextInt64(1L << random.Next(longestId + 1))),
            LonDegrees = [.. places.Select(p => p.LonDegrees)],
            LatDegrees = [.. places.Select(p => p.LatDegrees)],
            Category = Each(_ => random.Next(150)),
            Severity = Each(_ => (byte)random.Next(1, 6)),
            Status = Each(_ => (byte)random.Next(IssuePoints.Statuses.Count)),
            ReportedAt = Each(i => i % 20 == 0 ? 1_000_000L + i : i % 20 == 1 ? (1L << 35) + i : 1_600_000_000L + 1_000L * i),
            Ward = new int[count],
            Traits = Each(_ => (IssueTraits)random.Next(8)),
        });
    }
}
