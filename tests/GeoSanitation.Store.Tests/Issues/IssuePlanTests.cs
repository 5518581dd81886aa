using System.Text;
using System.Text.RegularExpressions;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using GeoSanitation.Testing;
using NetTopologySuite.Geometries;
using Npgsql;
using Xunit;

namespace GeoSanitation.Store.Tests.Issues;

/// <summary>How PostgreSQL goes about the lists: by an index, whatever is asked.</summary>
public sealed partial class IssuePlanTests : IClassFixture<IssuePlanTests.City>
{
    private static readonly RowOrder LatestFirst = new(LayerCatalog.Issues, new SortKey(LayerCatalog.Issues.Find("reported_at")!, true));
    private static readonly RowOrder ById = new(LayerCatalog.Issues, new SortKey(LayerCatalog.Issues.Find("id")!, false));

    private readonly TestDatabase _data;

    public IssuePlanTests(City city) => _data = city.Data;

    /// <summary>50,000 issues in 40 wards and 12 categories over two years.</summary>
    public sealed class City : IAsyncLifetime
    {
        public TestDatabase Data { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Data = await TestDatabase.CreateAsync();
            await Data.ExecuteAsync("""
                INSERT INTO geosan.category (code, name) SELECT 'c' || n, 'c' || n FROM generate_series(0, 11) AS n;
                INSERT INTO geosan.ward (code, name, level, path, geom)
                SELECT 'w' || n, 'w' || n, 'town', ('w' || n)::ltree, ST_Multi(ST_MakeEnvelope(112 + n % 8 * 0.1, 32 + n / 8 * 0.1, 112.1 + n % 8 * 0.1, 32.1 + n / 8 * 0.1, 4326)) FROM generate_series(0, 39) AS n;
                SELECT setseed(0.5);
                INSERT INTO geosan.issue (source, external_id, category_code, severity, status, reported_at, closed_at, due_at, ward_id, geom)
                SELECT 's', n::text, 'c' || (random() * 11.99)::int % 12, 1 + n % 5, CASE WHEN n % 20 = 0 THEN 'dispatched' ELSE 'closed' END, at, CASE WHEN n % 20 > 0 THEN at + interval '9 days' END,
                    CASE WHEN n % 100 = 0 THEN at + interval '1 day' ELSE '2099-01-01'::timestamptz END, (SELECT min(id) FROM geosan.ward) + n % 40,
                    ST_SetSRID(ST_MakePoint(112 + random() * 0.8, 32 + random() * 0.5), 4326)
                FROM (SELECT n, '2024-01-01'::timestamptz + random() * interval '730 days' AS at FROM generate_series(1, 50000) AS n) AS made;
                UPDATE geosan.issue SET relapse_of = id - 1 WHERE id % 200 = 0;
                ANALYZE geosan.ward;
                ANALYZE geosan.category;
                """);
            await Data.ExecuteAsync("VACUUM ANALYZE geosan.issue");
        }

        public async Task DisposeAsync() => await Data.DisposeAsync();
    }

    public static TheoryData<string, string> Asked() => new()
    {
        { "bbox", "issue_geom" },
        { "ward and time", "issue_ward|issue_reported" },
        { "category and time", "issue_category|issue_reported" },
        { "overdue", "issue_due" },
        { "relapse", "issue_relapse" },
        { "near", "issue_geom" },
        { "time", "issue_reported" },
        { "nothing", "issue_reported" },
        { "behind a report", "issue_reported" },
        { "behind an id", "issue_pkey" },
    };

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task A_list_is_read_by_an_index(string asked, string index)
    {
        var from = new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var few = new IssueFilter { ReportedFrom = from, ReportedBefore = from.AddDays(20) };
        var request = asked switch
        {
            "bbox" => Page(new IssueFilter { Boxes = [new Envelope(112.30, 112.31, 32.30, 32.31)] }),
            "ward and time" => Page(few with { Wards = ["w7"] }),
            "category and time" => Page(few with { Categories = ["c3"] }),
            "overdue" => Page(new IssueFilter { Overdue = true }),
            "relapse" => Page(new IssueFilter { Relapse = true }),
            "near" => Page(new IssueFilter { Near = (112.4, 32.2, 300) }),
            "time" => Page(few),
            "behind a report" => Page(IssueFilter.All) with { After = [from.UtcDateTime, 20_000L] },
            "behind an id" => Page(IssueFilter.All) with { Order = ById, After = [20_000L] },
            _ => Page(IssueFilter.All),
        };
        var plan = await PlanAsync(request);
        Assert.DoesNotMatch(SequentialScan(), plan);
        Assert.Matches(index, plan);
        Assert.Contains("issue_pkey", plan);
    }

    [Fact]
    public async Task A_full_page_too_is_read_by_ids()
        => Assert.DoesNotMatch(SequentialScan(), await PlanAsync(Page(new IssueFilter { ReportedFrom = new DateTimeOffset(2025, 11, 1, 0, 0, 0, TimeSpan.Zero) }) with { Limit = 3_000 }));

    private static IssuePageRequest Page(IssueFilter filter) => new(filter, LatestFirst, null, 100, false);

    private async Task<string> PlanAsync(IssuePageRequest request)
    {
        var statement = IssuePage.Statement(request);
        await using var source = _data.OpenSource();
        await using var command = source.CreateCommand("EXPLAIN " + statement.CommandText);
        foreach (NpgsqlParameter parameter in statement.Parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }
        var plan = new StringBuilder();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan.AppendLine(reader.GetString(0));
        }
        return plan.ToString();
    }

    [GeneratedRegex(@"Seq Scan on issue\b")]
    private static partial Regex SequentialScan();
}
