using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare wards</c>: which ward holds each of a million points, beside a join by ST_Contains.</summary>
internal static class WardsComparison
{
    private const int Rounds = 9;
    private const int PeerRounds = 5;

    public static async Task RunAsync(Report report, string folder)
    {
        var city = SyntheticCity.Make(1_000_000);
        var points = city.First(city.Count);
        var rings = SyntheticWards.Rings();
        report.Note($"{points.Count:N0} points of the synthetic city, {rings.Length} wards of {rings.Sum(r => r.Length / 2):N0} vertices that tile it. A point on a border is in the first ward that covers it; ST_Contains leaves points on a border out.");
        var locator = SyntheticWards.Locator(rings);
        var wards = new int[points.Count];
        await using var postgis = await PostgisPeer.StartAsync(folder);
        await postgis.LoadAsync(points);
        await LoadWardsAsync(postgis, rings);
        report.Check("the wards are valid, and their areas add up to that of the square",
            await postgis.ScalarAsync<bool>($"select bool_and(ST_IsValid(g)) and abs(sum(ST_Area(g)) - {SyntheticCity.Size} * {SyntheticCity.Size}) < 0.01 from ward"));

        var (ours, sql) = await Timing.AroundAsync(Rounds, () => locator.Locate(points.XMeters, points.YMeters, wards), () => postgis.MeasureAsync("wards.sql", PeerRounds));
        report.Row("ours, in memory", ours);
        report.Row("ours, making the table first", Timing.Measure(Rounds, () => SyntheticWards.Locator(rings)));
        report.Row($"{await postgis.VersionAsync()}: join by ST_Contains", sql, ours);
        report.Faster("PostGIS, in memory", sql, ours, 100);
        var fromSql = postgis.MeasureReading(Rounds, () =>
        {
            var read = postgis.ReadPoints(points.Count);
            SyntheticWards.Locator(rings).Locate(read.XMeters, read.YMeters, wards);
        });
        report.Row("ours, rows read from PostGIS (its CPU too), table made", fromSql);
        report.Faster("PostGIS, rows read first", sql, fromSql, 3);
        await CheckAsync(report, postgis, wards);
    }

    private static async Task LoadWardsAsync(PostgisPeer postgis, double[][] rings)
    {
        await postgis.ExecuteAsync("drop table if exists ward; create table ward (id integer primary key, g geometry(polygon))");
        for (var w = 0; w < rings.Length; w++)
        {
            await postgis.ExecuteAsync($"insert into ward values ({w}, ST_GeomFromText('{SyntheticWards.WellKnownText(rings[w])}'))");
        }
        await postgis.ExecuteAsync("create index on ward using gist (g); create index on point using gist (g)");
        await postgis.ExecuteAsync("analyze ward");
    }

    private static async Task CheckAsync(Report report, PostgisPeer postgis, int[] wards)
    {
        var theirs = await postgis.FoundAsync("ward", wards.Length);
        var (differing, onBorder) = (0, 0);
        for (var i = 0; i < wards.Length; i++)
        {
            if (wards[i] != theirs[i])
            {
                differing++;
                onBorder += await postgis.ScalarAsync<bool>(
                    $"select exists (select 1 from ward, point where ward.id = {wards[i]} and point.id = {i} and ST_Covers(ward.g, point.g) and not ST_Contains(ward.g, point.g))") ? 1 : 0;
            }
        }
        report.Check($"the same ward as PostGIS, but for points on a border ({differing} differ, {onBorder} of them on a border that their ward covers)", differing == onBorder);
    }
}
