using GeoSanitation.Coordinates;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;
using Xunit;

namespace GeoSanitation.Server.Snapshot;

public sealed class IssueColumnsTests
{
    [Theory]
    [InlineData(1, 40, 400)]
    [InlineData(2, 3, 90_000)]
    [InlineData(3, 12, 30_000)]
    public async Task After_any_changes_the_columns_are_those_of_all_rows_read_at_once(int seed, int steps, int mostRows)
    {
        var chance = new Random(seed);
        var (columns, known) = (IssueColumns.Empty(), new SortedDictionary<long, IssueRow>());
        for (var step = 0; step < steps; step++)
        {
            var (first, count) = (chance.NextInt64(3 * mostRows), chance.Next(1, mostRows));
            IdRange[] changed = step % 5 == 4
                ? [.. IdRange.Merge(Enumerable.Range(0, 30).Select(_ => chance.NextInt64(3 * mostRows)).Select(id => new IdRange(id, id + chance.Next(20))))]
                : [new IdRange(first, first + count)];
            foreach (var range in changed)
            {
                for (var id = range.From; id <= range.To; id++)
                {
                    known.Remove(id);
                    if (chance.Next(4) > 0)
                    {
                        known.Add(id, RandomRow(id, chance));
                    }
                }
            }
            columns = await columns.ReplaceAsync(changed, Within(changed).ToAsyncEnumerable());

            var whole = await IssueColumns.Empty().ReplaceAsync([IdRange.All], known.Values.ToAsyncEnumerable());
            Assert.Equal(known.Count, columns.Count);
            var all = AllOf(columns);
            Assert.True(AllOf(whole).SequenceEqual(all));
            Assert.True(all.OrderBy(i => i.Key).ThenBy(i => i.Row.Id).SequenceEqual(all));
            Assert.True(all.Select(i => i.Row).OrderBy(row => row.Id).SequenceEqual(known.Values));
            Assert.All(columns.Chunks, chunk => Assert.InRange(chunk.Count, 1, IssueChunk.Capacity));
            // A chunk that is split has half of its room left.
            Assert.True(columns.Chunks.Count <= 2 + 4 * known.Count / IssueChunk.Capacity, $"{columns.Chunks.Count} chunks of {known.Count} issues");
        }

        IEnumerable<IssueRow> Within(IdRange[] ranges)
            => ranges.SelectMany(range => Enumerable.Range(0, (int)(range.To - range.From) + 1).Select(n => range.From + n)).Where(known.ContainsKey).Select(id => known[id]);
    }

    [Fact]
    public async Task More_than_are_sorted_at_once_are_merged()
    {
        var chance = new Random(5);
        var rows = Enumerable.Range(1, 1_200_000).Select(id => RandomRow(id, chance));
        var columns = await IssueColumns.Empty().ReplaceAsync([IdRange.All], rows.ToAsyncEnumerable());

        Assert.Equal(1_200_000, columns.Count);
        Assert.Equal((1_200_000 + IssueChunk.Capacity - 1) / IssueChunk.Capacity, columns.Chunks.Count);
        var (before, sum) = ((Key: -1L, Id: 0L), 0L);
        foreach (var chunk in columns.Chunks)
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                var place = chunk.PlaceAt(i);
                Assert.True(before.CompareTo(place) < 0);
                (before, sum) = (place, sum + place.Id);
            }
        }
        Assert.Equal(1_200_000L * 1_200_001 / 2, sum);
    }

    [Fact]
    public async Task Issues_are_found_by_id_and_come_in_the_order_of_their_ids()
    {
        var chance = new Random(9);
        long[] ids = [-7, 0, 3, .. Enumerable.Range(100, 60_000).Where(_ => chance.Next(3) > 0).Select(id => (long)id), 1L << 40, long.MaxValue];
        var columns = await IssueColumns.Empty().ReplaceAsync([IdRange.All], ids.Select(id => RandomRow(id, chance)).ToAsyncEnumerable());

        Assert.True(columns.Chunks.Count > 1);
        foreach (var id in (long[])[-7, 0, 3, ids[10], ids[20_000], 1L << 40, long.MaxValue])
        {
            var (chunk, row) = columns.Find(id)!.Value;
            Assert.Equal(id, chunk.Ids[row]);
        }
        Assert.All((long[])[-8, 1, 99, 200_000, long.MinValue], id => Assert.Null(columns.Find(id)));
        foreach (var after in (long[])[long.MinValue, -7, ids[500], ids[^3], long.MaxValue])
        {
            foreach (var (skipped, most) in (ReadOnlySpan<(int, int)>)[(0, 1), (0, 1_000), (3, 7), (30_000, 100), (0, ids.Length)])
            {
                Assert.Equal(ids.Where(id => id > after).Skip(skipped).Take(most), IdsOf(columns.ById(after, skipped, most, (_, _) => true)));
                Assert.Equal(ids.Where(id => id > after && id % 7 == 0).Skip(skipped).Take(most), IdsOf(columns.ById(after, skipped, most, (chunk, i) => chunk.Ids[i] % 7 == 0)));
            }
        }

        static List<long> IdsOf(IssuesById page)
        {
            var read = new long[page.Parts.Sum(part => part.Count)];
            page.Read([IssueValues.Of((chunk, i) => chunk.Ids[i])], read);
            Assert.Equal(page.Ids, page.Order.Select(place => read[place]));
            return page.Ids;
        }
    }

    [Fact]
    public async Task Issues_moved_to_GCJ_02_are_in_the_order_of_where_they_are_then()
    {
        var chance = new Random(11);
        var columns = await IssueColumns.Empty().ReplaceAsync([IdRange.All], Enumerable.Range(1, 5_000).Select(id => RandomRow(id, chance) with { LonDegrees = 112 + chance.NextDouble() / 50, LatDegrees = 32 + chance.NextDouble() / 50 }).ToAsyncEnumerable());
        var chosen = new DataSnapshot(new FeedPosition("test", 1, ""), columns, new FilterTables([], [], []), []).At(DateTime.UnixEpoch).Choose(new IssueFilter { SeverityFrom = 2 })!;
        var moved = new PointSnapshot(chosen).InGcj02;

        Assert.Equal(chosen.Count, moved.Count);
        var points = chosen.Gather();
        var places = moved.Gather();
        Assert.Equal(points.Ids, places.Ids);
        Assert.Equal(Enumerable.Range(0, points.Count).Select(i => Gcj02.FromWgs84(new LonLat(points.LonDegrees[i], points.LatDegrees[i]))), places.LonDegrees.Zip(places.LatDegrees, (lon, lat) => new LonLat(lon, lat)));
        Assert.True(moved.Chosen.Parts.All(part => part.Rows.ToArray().Select(part.Chunk.KeyAt).Order().SequenceEqual(part.Rows.ToArray().Select(part.Chunk.KeyAt))));
    }

    /// <summary>Every row with how far along the curve it is.</summary>
    private static List<(long Key, IssueRow Row)> AllOf(IssueColumns columns)
    {
        var (categories, sources, charges) = (columns.Categories.Values(), columns.Sources.Values(), columns.Charges.Values());
        return [.. columns.Chunks.SelectMany(chunk => Enumerable.Range(0, chunk.Count).Select(i => (chunk.KeyAt(i), new IssueRow(
            chunk.Ids[i], chunk.LonDegrees[i], chunk.LatDegrees[i], chunk.ReportedAt[i], chunk.DueAt[i] == IssueChunk.NeverDue ? null : chunk.DueAt[i], chunk.Ward[i],
            categories[chunk.Category[i]]!, sources[chunk.Source[i]]!, charges[chunk.Charge[i]]?.Department, chunk.Round[i], chunk.Status(i), chunk.Severity(i), chunk.Traits[i],
            chunk.Done(i) switch { Punctuality.InTime => chunk.DueAt[i], Punctuality.Late => chunk.DueAt[i] + 1, _ => null },
            chunk.SecondsToClose[i] == IssueChunk.NotClosed ? null : chunk.ReportedAt[i] + chunk.SecondsToClose[i] * TimeSpan.MicrosecondsPerSecond, charges[chunk.Charge[i]]?.Responsible))))];
    }

    /// <summary>An issue somewhere, every third at one of few places.</summary>
    private static IssueRow RandomRow(long id, Random chance)
    {
        var reported = chance.NextInt64(2_000_000_000_000_000);
        long? due = chance.Next(3) == 0 ? null : reported + chance.NextInt64(1_000_000_000_000);
        return new IssueRow(
            id, chance.Next(3) == 0 ? chance.Next(4) : -180 + 360 * chance.NextDouble(), chance.Next(3) == 0 ? 10 : -90 + 180 * chance.NextDouble(), reported, due, chance.Next(300), $"c{chance.Next(12)}", $"s{chance.Next(3)}",
            chance.Next(3) == 0 ? null : $"d{chance.Next(5)}", chance.Next(4), (byte)chance.Next(6), (byte)chance.Next(1, 6), (IssueTraits)(2 * chance.Next(4)),
            due is { } && chance.Next(2) == 0 ? due + chance.Next(2) : null, chance.Next(2) == 0 ? null : reported + TimeSpan.MicrosecondsPerSecond * chance.Next(10_000_000), chance.Next(3) == 0 ? null : $"r{chance.Next(5)}");
    }
}
