using GeoSanitation.Coordinates;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Benchmarks;

/// <summary>The points of the synthetic city as the server holds issues; ids from 1.</summary>
internal static class SyntheticIssues
{
    private const long Start = 1_704_067_200; // 2024-01-01T00:00Z

    public static IssuePoints Of(SyntheticCity city)
    {
        var (lon, lat) = (new double[city.Count], new double[city.Count]);
        CrsRegistry.Find("EPSG:32643").ToLonLat(city.X, city.Y, lon, lat);
        T[] Each<T>(Func<int, T> of) => [.. Enumerable.Range(0, city.Count).Select(of)];
        return new IssuePoints
        {
            DataVersion = "1",
            Categories = [.. Enumerable.Range(0, SyntheticCity.Categories).Select(c => new NamedCode($"category_{c}", $"Category {c}", null))],
            Ids = Each(i => i + 1L),
            LonDegrees = lon,
            LatDegrees = lat,
            Category = Each(i => (int)city.Category[i]),
            Severity = Each(i => (byte)(1 + i % 5)),
            Status = Each(i => (byte)(i % 7 == 0 ? 0 : 4)),
            ReportedAt = Each(i => Start + (long)(city.TimeDays[i] * 86_400)),
            Ward = new int[city.Count],
            Traits = Each(i => i % 10 == 0 ? IssueTraits.Relapse : IssueTraits.None),
        };
    }
}
