using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using GeoSanitation.Server.Tests.Tiles;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;
using GeoSanitation.Testing;
using Microsoft.Extensions.DependencyInjection;
using NetTopologySuite.Geometries;
using Npgsql;
using Xunit;

namespace GeoSanitation.Server.Snapshot;

public sealed class DataSnapshotsTests : IAsyncLifetime
{
    private static readonly string[] Categories = ["a", "a1", "a2", "b"];
    private static readonly string[] Wards = ["county", "west", "east", "west1"];

    private TestDatabase _data = null!;

    public async Task InitializeAsync()
    {
        _data = await TestDatabase.CreateAsync();
        await _data.ExecuteAsync("""
            INSERT INTO geosan.category (code, parent_code, name) VALUES ('b', NULL, 'B'), ('a', NULL, 'A'), ('a2', 'a', 'A2'), ('a1', 'a', 'A1');
            INSERT INTO geosan.round (code, name, kind, starts_at, ends_at) VALUES ('r1', 'R', 'covert', '2025-01-01', '2025-01-09'), ('r2', 'R', 'covert', '2025-02-01', '2025-02-09');
            INSERT INTO geosan.ward (code, name, level, path, geom, valid_from, valid_to)
            SELECT code, code, 'l', path::ltree, ST_Multi(ST_MakeEnvelope(0, 0, 1, 1, 4326)), valid_from, valid_to
            FROM (VALUES ('county', 'county', '2020-01-01'::timestamptz, NULL::timestamptz), ('west', 'county.west', '2020-01-01', NULL), ('east', 'county.east', '2020-01-01', '2021-01-01'),
                ('east', 'east', '2021-01-01', NULL), ('west1', 'county.west.west1', '2020-01-01', NULL), ('westend', 'county.westend', '2020-01-01', NULL)) AS w (code, path, valid_from, valid_to)
            """);
    }

    public async Task DisposeAsync() => await _data.DisposeAsync();

    private DataSnapshots NewSnapshots(int maxAgeMilliseconds = 0) => new(_data.Database, new Settings { Snapshot = new() { MaxAgeMilliseconds = maxAgeMilliseconds } });

    [Fact]
    public async Task An_answer_may_lack_for_a_moment_what_others_wrote_but_not_what_the_server_wrote_itself()
    {
        await PlantAsync(new Random(1), 10);
        var snapshots = NewSnapshots(maxAgeMilliseconds: 3_600_000);
        var before = await snapshots.CurrentAsync(default);
        await _data.ExecuteAsync("DELETE FROM geosan.issue WHERE id = 1");
        Assert.Equal(before.Version, (await snapshots.CurrentAsync(default)).Version);

        using (snapshots.Writing())
        {
            await _data.ExecuteAsync("DELETE FROM geosan.issue WHERE id = 2");
            Assert.Equal(8, (await snapshots.CurrentAsync(default)).Columns.Count);
            await _data.ExecuteAsync("DELETE FROM geosan.issue WHERE id = 3");
        }
        Assert.Equal(7, (await snapshots.CurrentAsync(default)).Columns.Count);
        await _data.ExecuteAsync("DELETE FROM geosan.issue WHERE id = 4");
        Assert.Equal(7, (await snapshots.CurrentAsync(default)).Columns.Count);
        Assert.Equal(6, (await snapshots.RefreshAsync(default)).Columns.Count);
        Assert.Equal(6, (await snapshots.CurrentAsync(default)).Columns.Count);
    }

    [Fact]
    public async Task A_filter_over_columns_chooses_what_its_SQL_chooses()
    {
        var chance = new Random(20261128);
        await PlantAsync(chance, 4_000);
        var snapshots = NewSnapshots();
        var store = new IssuePointStore(_data.Database);
        var taken = 0;
        for (var n = 0; n < 300; n++)
        {
            var filter = RandomFilter(chance);
            var view = await snapshots.CurrentAsync(default);
            AssertSame(await store.ReadAsync(filter, default), view.Choose(filter)!.Gather());
            taken += view.Choose(filter)!.Count;
        }
        Assert.InRange(taken, 1_000, int.MaxValue);
        Assert.Equal(4_000, (await snapshots.CurrentAsync(default)).Columns.Count);
        Assert.Null((await snapshots.CurrentAsync(default)).Choose(new IssueFilter { Text = "x" }));
    }

    [Fact]
    public async Task A_filter_that_leaves_nothing_out_shares_what_is_known_of_all()
    {
        await PlantAsync(new Random(1), 10);
        var snapshots = NewSnapshots();
        var points = new PointSnapshots(_data.Database, snapshots);
        var view = await snapshots.CurrentAsync(default);

        var all = await points.GetAsync(new IssueFilter(), view.Version, default);
        Assert.Same(all, await points.GetAsync(new IssueFilter { SeverityFrom = 1 }, view.Version, default));
        Assert.NotSame(all, await points.GetAsync(new IssueFilter { Ids = [1] }, view.Version, default));
    }

    [Fact]
    public async Task Issues_of_a_filter_are_the_same_where_they_stand_and_in_columns_of_their_own()
    {
        var chance = new Random(7);
        await PlantAsync(chance, 3_000);
        var view = await NewSnapshots().CurrentAsync(default);
        for (var n = 0; n < 50; n++)
        {
            var chosen = view.Choose(RandomFilter(chance))!;
            var (there, apart) = (new PointSnapshot(chosen), new PointSnapshot(chosen.Gather()));
            Assert.Equal((apart.DataVersion, apart.Count, apart.Bounds), (there.DataVersion, there.Count, there.Bounds));
            Assert.Equal(apart.AlongTheCurve(), there.AlongTheCurve());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Transactions_that_commit_in_any_order_leave_every_server_with_the_same_rows(int seed)
    {
        var chance = new Random(seed);
        await PlantAsync(chance, 50);
        await using var source = _data.OpenSource();
        var (one, other) = (NewSnapshots(), NewSnapshots());
        var open = new List<(NpgsqlConnection Connection, NpgsqlTransaction Transaction)>();
        var id = 1_000;
        for (var step = 0; step < 120; step++)
        {
            if (open.Count < 5 && chance.Next(2) == 0)
            {
                var connection = await source.OpenConnectionAsync();
                var transaction = await connection.BeginTransactionAsync();
                await ExecuteAsync(connection, Insert(id++, chance));
                // A row of its own: no transaction waits for another.
                await ExecuteAsync(connection, $"UPDATE geosan.issue SET severity = 1 + severity % 5 WHERE id = (SELECT id FROM geosan.issue WHERE id <= 50 ORDER BY md5(id::text || {step}) LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)");
                open.Add((connection, transaction));
            }
            else if (open.Count > 0)
            {
                var (connection, transaction) = open[chance.Next(open.Count)];
                open.RemoveAll(o => o.Connection == connection);
                await (chance.Next(5) == 0 ? transaction.RollbackAsync() : transaction.CommitAsync());
                await connection.DisposeAsync();
            }
            await AssertIsCurrentAsync(one);
            if (step % 7 == 0)
            {
                await AssertIsCurrentAsync(other);
            }
        }
        foreach (var (connection, transaction) in Enumerable.Reverse(open))
        {
            await transaction.CommitAsync();
            await connection.DisposeAsync();
        }
        await _data.ExecuteAsync("DELETE FROM geosan.issue WHERE id % 3 = 0");
        await AssertIsCurrentAsync(one);
        await AssertIsCurrentAsync(other);
        Assert.Equal((await one.CurrentAsync(default)).Version, (await other.CurrentAsync(default)).Version);
    }

    [Fact]
    public async Task A_transaction_that_commits_late_is_taken_late()
    {
        var snapshots = NewSnapshots();
        await using var source = _data.OpenSource();
        await using var early = await source.OpenConnectionAsync();
        await using var transaction = await early.BeginTransactionAsync();
        await ExecuteAsync(early, Insert(1, new Random(1)));
        await _data.ExecuteAsync(Insert(2, new Random(2)));

        var before = await snapshots.CurrentAsync(default);
        await transaction.CommitAsync();
        var after = await snapshots.CurrentAsync(default);

        Assert.Equal([2L], before.Choose(IssueFilter.All)!.Gather().Ids);
        Assert.Equal([1L, 2L], after.Choose(IssueFilter.All)!.Gather().Ids);
        Assert.NotEqual(before.Version, after.Version);
    }

    [Fact]
    public async Task Rows_go_into_the_middle_of_many_and_out_of_it_and_other_chunks_stay_as_they_are()
    {
        await _data.ExecuteAsync($"""
            INSERT INTO geosan.issue (id, source, external_id, category_code, severity, status, reported_at, geom)
            SELECT 2 * n, 's', n::text, 'a', 3, 'reported', '2025-01-01', ST_SetSRID(ST_MakePoint(1, 1), 4326) FROM generate_series(1, {3 * IssueChunk.Capacity}) AS n
            """);
        var snapshots = NewSnapshots();
        var before = await snapshots.CurrentAsync(default);
        var middle = 3 * IssueChunk.Capacity;
        await _data.ExecuteAsync($"UPDATE geosan.issue SET severity = 5 WHERE id = {middle}; DELETE FROM geosan.issue WHERE id = {middle + 2}");
        var edited = await snapshots.CurrentAsync(default);
        for (var n = 0; n < 10; n++)
        {
            await _data.ExecuteAsync(Insert(middle + 11 + 2 * n, new Random(n)));
        }
        await _data.ExecuteAsync(Insert(-5, new Random(1)));
        await _data.ExecuteAsync(Insert(10_000_000, new Random(1)));

        var after = await snapshots.CurrentAsync(default);

        await AssertIsCurrentAsync(snapshots);
        Assert.Equal(3 * IssueChunk.Capacity - 1 + 12, after.Columns.Count);
        Assert.True(after.Choose(IssueFilter.All)!.Gather().Ids.SequenceEqual(after.Choose(IssueFilter.All)!.Gather().Ids.Order()));
        Assert.Equal(3, before.Columns.Chunks.Count);
        Assert.Equal(2, edited.Columns.Chunks.Intersect(before.Columns.Chunks).Count());
        Assert.Equal(3 * IssueChunk.Capacity, before.Columns.Count);
    }

    [Fact]
    public async Task An_issue_takes_at_most_64_bytes()
    {
        await PlantAsync(new Random(5), 5_000);
        var columns = (await NewSnapshots().CurrentAsync(default)).Columns;
        var bytes = columns.Chunks.SelectMany(chunk => typeof(IssueChunk).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic).Select(p => p.GetValue(chunk)))
            .Sum(column => column is CodeColumn codes ? codes.Bytes : column is IdColumn ids ? ids.Bytes : column is Array array ? (long)array.Length * Marshal.SizeOf(ElementOf(array)) : 0);

        Assert.InRange(bytes / (double)columns.Count, 55, 64);

        static Type ElementOf(Array array) => array.GetType().GetElementType() is { IsEnum: true } named ? Enum.GetUnderlyingType(named) : array.GetType().GetElementType()!;
    }

    [Fact]
    public async Task Who_was_away_until_changes_were_forgotten_reads_everything()
    {
        await PlantAsync(new Random(5), 20);
        var (steady, away) = (NewSnapshots(), NewSnapshots());
        await AssertIsCurrentAsync(away);
        await _data.ExecuteAsync("UPDATE geosan.issue SET severity = 1 + severity % 5; DELETE FROM geosan.issue WHERE id = 7");
        await AssertIsCurrentAsync(steady);
        await _data.ExecuteAsync("UPDATE geosan.change SET at = now() - interval '1 hour'");
        // What a transaction that is still open might not have seen is kept; those of other tests end at some time.
        var deadline = DateTime.UtcNow.AddMinutes(1);
        while (await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.change") > 0)
        {
            Assert.True(DateTime.UtcNow < deadline, "the changes were not forgotten");
            await new ChangeFeed(_data.Database).ForgetAsync(default);
        }
        await AssertIsCurrentAsync(away);
        await AssertIsCurrentAsync(steady);
        Assert.Equal((await steady.CurrentAsync(default)).Version, (await away.CurrentAsync(default)).Version);
    }

    [Fact]
    public async Task A_statement_that_tells_of_all_at_once_is_read_too()
    {
        await PlantAsync(new Random(5), 200);
        var snapshots = NewSnapshots();
        await AssertIsCurrentAsync(snapshots);
        var noted = await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.change");
        await _data.ExecuteAsync("BEGIN; SET LOCAL geosan.bulk = 'on'; SELECT geosan.note_bulk_change(); UPDATE geosan.issue SET severity = 1 + severity % 5; COMMIT");

        await AssertIsCurrentAsync(snapshots);
        Assert.Equal(noted + 1, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.change"));
        await _data.ExecuteAsync("TRUNCATE geosan.issue CASCADE");
        await AssertIsCurrentAsync(snapshots);
    }

    [Fact]
    public async Task The_version_stays_while_nothing_changes_and_moves_with_deadlines()
    {
        await PlantAsync(new Random(5), 20);
        await _data.ExecuteAsync("UPDATE geosan.issue SET status = 'dispatched', closed_at = NULL, due_at = NULL; UPDATE geosan.issue SET due_at = now() - interval '2 days' WHERE id = 1; UPDATE geosan.issue SET due_at = now() + interval '2 days' WHERE id = 2");
        var snapshots = NewSnapshots();

        var first = await snapshots.CurrentAsync(default);
        await _data.ExecuteAsync("CREATE TABLE elsewhere (x int); INSERT INTO elsewhere VALUES (1)");
        var second = await snapshots.CurrentAsync(default);
        var later = second.Data.At(DateTime.UtcNow.AddDays(3));

        Assert.Equal(first.Version, second.Version);
        Assert.NotEqual(second.Version, later.Version);
        Assert.Equal([1L], second.Choose(new IssueFilter { Overdue = true })!.Gather().Ids);
        Assert.Equal([1L, 2L], later.Choose(new IssueFilter { Overdue = true })!.Gather().Ids);
    }

    [Fact]
    public async Task A_server_takes_up_what_is_committed_without_being_asked()
    {
        await using var server = await TestServer.StartAsync();
        await server.Data.ExecuteAsync("INSERT INTO geosan.category (code, name) SELECT code, code FROM unnest(ARRAY['a', 'a1', 'a2', 'b']) AS code");
        await server.Data.ExecuteAsync(Insert(1, new Random(1)));
        var snapshots = server.Services.GetRequiredService<DataSnapshots>();
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (snapshots.Latest?.Columns.Count != 1)
        {
            Assert.True(DateTime.UtcNow < deadline, "the commit was not noticed");
            await Task.Delay(10);
        }
    }

    private async Task AssertIsCurrentAsync(DataSnapshots snapshots)
        => AssertSame(await new IssuePointStore(_data.Database).ReadAsync(IssueFilter.All, default), (await snapshots.CurrentAsync(default)).Choose(IssueFilter.All)!.Gather());

    private static void AssertSame(IssuePoints expected, IssuePoints actual)
    {
        Assert.Equal(expected.DataVersion, actual.DataVersion);
        Assert.Equal(expected.Categories, actual.Categories);
        Assert.Equal(expected.Ids, actual.Ids);
        Assert.Equal(expected.LonDegrees, actual.LonDegrees);
        Assert.Equal(expected.LatDegrees, actual.LatDegrees);
        Assert.Equal(expected.Category, actual.Category);
        Assert.Equal(expected.Severity, actual.Severity);
        Assert.Equal(expected.Status, actual.Status);
        Assert.Equal(expected.ReportedAt, actual.ReportedAt);
        Assert.Equal(expected.Ward, actual.Ward);
        Assert.Equal(expected.Traits, actual.Traits);
    }

    private async Task PlantAsync(Random chance, int count)
    {
        await _data.ExecuteAsync(string.Join(';', Enumerable.Range(1, count).Select(id => Insert(id, chance))));
        await _data.ExecuteAsync("UPDATE geosan.issue SET ward_id = (SELECT id FROM geosan.ward AS w WHERE issue.id > 0 ORDER BY md5(w.id::text || issue.id::text) LIMIT 1) WHERE id % 5 > 0");
    }

    private static string Insert(int id, Random chance)
    {
        var status = IssuePoints.Statuses[chance.Next(6)];
        var reported = new DateTime(1960 + chance.Next(70), 1 + chance.Next(12), 1 + chance.Next(28), chance.Next(24), 0, 0, DateTimeKind.Utc).AddMicroseconds(chance.Next(3) * 250_001);
        var relapse = id > 5 && chance.Next(4) == 0 ? "(SELECT min(id) FROM geosan.issue)" : "NULL";
        return string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO geosan.issue (id, source, external_id, category_code, severity, status, reported_at, closed_at, due_at, department, relapse_of, location_quality, round_id, geom)
            VALUES ({id}, 's{chance.Next(3)}', 'x{id}', '{Categories[chance.Next(4)]}', {1 + chance.Next(5)}, '{status}', '{reported:O}', {(status == "closed" ? $"'{reported.AddDays(1):O}'" : "NULL")},
                {(chance.Next(3) == 0 ? "NULL" : $"now() + interval '{(chance.Next(2) == 0 ? -1 : 1) * (1 + chance.Next(100))} days {chance.Next(1_000_000)} microseconds'")}, {(chance.Next(3) == 0 ? "NULL" : $"'d{chance.Next(3)}'")},
                {relapse}, '{(chance.Next(6) == 0 ? "default_point" : "ok")}', {(chance.Next(2) == 0 ? "NULL" : "(SELECT min(id) FROM geosan.round)")}, ST_SetSRID(ST_MakePoint({Math.Round(chance.NextDouble() * 10, 6)}, {Math.Round(chance.NextDouble() * 10, 6)}), 4326))
            """);
    }

    private static IssueFilter RandomFilter(Random chance)
    {
        bool Is() => chance.Next(5) == 0;
        bool? Maybe() => Is() ? chance.Next(2) == 0 : null;
        DateTimeOffset? Time() => Is() ? new DateTimeOffset(1960 + chance.Next(70), 1 + chance.Next(12), 1, 0, 0, 0, TimeSpan.Zero).AddTicks(chance.Next(3) * 5) : null;
        Envelope Box()
        {
            var (x, y) = (Math.Round(chance.NextDouble() * 10, 6), Math.Round(chance.NextDouble() * 10, 6));
            return new Envelope(x, x + 3, y, y + 4);
        }
        return new IssueFilter
        {
            Boxes = Is() ? [Box()] : Is() ? [Box(), Box()] : [],
            ReportedFrom = Time(),
            ReportedBefore = Time(),
            Wards = Is() ? [Wards[chance.Next(4)]] : Is() ? [Wards[chance.Next(4)], "nowhere"] : [],
            Categories = Is() ? [Categories[chance.Next(4)]] : [],
            Statuses = Is() ? [IssuePoints.Statuses[chance.Next(6)], IssuePoints.Statuses[chance.Next(6)]] : [],
            SeverityFrom = Is() ? 2 : null,
            SeverityTo = Is() ? 4 : null,
            Overdue = Maybe(),
            Relapse = Maybe(),
            Rounds = Is() ? ["r1"] : [],
            Sources = Is() ? ["s1", "s7"] : [],
            Departments = Is() ? ["d1"] : [],
            IncludeDefaultPoints = !Is(),
        };
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
