using System.Globalization;
using System.Text;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

/// <summary>The sweep of the import and the SQL function of a single new issue are one rule.</summary>
public sealed class RelapseImportTests
{
    [Theory]
    [InlineData(1, 30.0, 25_000, 1)]
    [InlineData(2, -70.0, 4_000, 1)]
    [InlineData(3, 30.0, 6_000, 5)]
    [InlineData(4, 0.0005, 4_000, 2)]
    public async Task Both_find_the_same_pairs_whether_the_data_comes_in_one_file_or_in_several(int seed, double latitude, int rows, int files)
    {
        await using var data = await TestDatabase.CreateAsync();
        var random = new Random(seed);
        var spreadDegrees = 0.002 * Math.Sqrt(rows / 4_000.0);
        var lines = Enumerable.Range(0, rows).Select(i =>
        {
            // Whole hours, so that the same moments come back.
            var reported = new DateTime(2025, 1, 1).AddHours(random.Next(24 * 400));
            var closed = random.NextDouble() < 0.7 ? $"{reported.AddHours(random.Next(24 * 120)):yyyy-MM-dd HH:mm}" : "";
            return string.Create(CultureInfo.InvariantCulture,
                $"{i},kind {random.Next(3)},{103 + spreadDegrees * random.NextDouble():R},{latitude + spreadDegrees * random.NextDouble():R},{reported:yyyy-MM-dd HH:mm},{closed}\n");
        }).ToList();

        foreach (var part in lines.Chunk((rows + files - 1) / files))
        {
            var text = new StringBuilder("id,category,lon,lat,reported_at,closed_at\n").AppendJoin("", part);
            await Importing.IssuesAsync(data, text.ToString());
        }

        Assert.Equal(0, await data.ScalarAsync<long>("""
            SELECT count(*) FROM geosan.issue WHERE relapse_of IS DISTINCT FROM geosan.find_relapse(geom, category_code, reported_at, 30, 90)
            """));
        Assert.InRange(await data.ScalarAsync<long>("SELECT count(relapse_of) FROM geosan.issue"), rows / 10, rows);
        if (files == 1)
        {
            Assert.Equal(0, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue_event"));
        }
    }

    [Fact]
    public async Task Of_several_the_one_closed_last_counts_and_then_the_lowest_id()
    {
        await using var data = await TestDatabase.CreateAsync();

        await Importing.IssuesAsync(data, """
            id,category,lon,lat,reported_at,closed_at
            early,c,103,30,2026-01-01,2026-01-05
            late b,c,103,30,2026-01-02,2026-01-09
            late a,c,103,30,2026-01-01,2026-01-09
            far,c,103.0004,30,2026-01-01,2026-01-09
            other,d,103,30,2026-01-01,2026-01-10
            same moment,c,103,30,2026-01-01,2026-01-20
            new,c,103,30,2026-01-20,
            too late,c,103,30,2026-04-21,
            """);

        Assert.Equal("late b", await data.ScalarAsync<string>("SELECT e.external_id FROM geosan.issue AS i JOIN geosan.issue AS e ON e.id = i.relapse_of WHERE i.external_id = 'new'"));
        Assert.Equal(2, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE external_id IN ('too late', 'early') AND relapse_of IS NULL"));
    }
}
