using GeoSanitation.Store.Issues;
using GeoSanitation.Testing;
using NetTopologySuite.Geometries;
using Xunit;

namespace GeoSanitation.Store.Tests.Issues;

public sealed class IssuePointStoreTests : IAsyncLifetime
{
    private TestDatabase _data = null!;

    public async Task InitializeAsync()
    {
        _data = await TestDatabase.CreateAsync();
        await _data.ExecuteAsync("""
            INSERT INTO geosan.category (code, name, name_en) VALUES ('b', '乙', 'B'), ('a', '甲', NULL);
            INSERT INTO geosan.ward (code, name, level, path, geom) VALUES ('w', 'w', 'town', 'w', ST_Multi(ST_MakeEnvelope(120, 30, 121, 31, 4326)));
            INSERT INTO geosan.issue (id, source, external_id, category_code, severity, status, reported_at, due_at, ward_id, location_quality, geom)
            VALUES (7, 's', '7', 'b', 5, 'dispatched', '2025-01-01T00:00:00.9Z', '2025-01-02', (SELECT id FROM geosan.ward), 'ok', ST_SetSRID(ST_MakePoint(120.5, 30.25), 4326)),
                   (3, 's', '3', 'a', 1, 'reported', '1969-12-31T23:59:59.5Z', NULL, NULL, 'default_point', ST_SetSRID(ST_MakePoint(-71, 42), 4326));
            UPDATE geosan.issue SET relapse_of = 3 WHERE id = 7;
            """);
    }

    public async Task DisposeAsync() => await _data.DisposeAsync();

    [Fact]
    public async Task Columns_hold_every_issue_by_id()
    {
        var points = await new IssuePointStore(_data.Database).ReadAsync(IssueFilter.All, default);
        Assert.Equal([3, 7], points.Ids);
        Assert.Equal([-71, 120.5], points.LonDegrees);
        Assert.Equal([42, 30.25], points.LatDegrees);
        Assert.Equal(["a", "b"], points.Category.Select(c => points.Categories[c].Code));
        Assert.Equal(new NamedCode("b", "乙", "B"), points.Categories[1]);
        Assert.Equal([1, 5], points.Severity.Select(s => (int)s));
        Assert.Equal(["reported", "dispatched"], points.Status.Select(s => IssuePoints.Statuses[s]));
        Assert.Equal([-1, 1735689600], points.ReportedAt);
        Assert.Equal([0, await _data.ScalarAsync<int>("SELECT id FROM geosan.ward")], points.Ward);
        Assert.Equal([IssueTraits.DefaultPoint, IssueTraits.Overdue | IssueTraits.Relapse], points.Traits);
        Assert.NotEqual("", points.DataVersion);
    }

    [Fact]
    public async Task More_rows_than_the_first_arrays_hold_are_all_read()
    {
        await _data.ExecuteAsync("""
            INSERT INTO geosan.issue (id, source, external_id, category_code, severity, status, reported_at, geom)
            SELECT 100 + n, 'many', n::text, 'a', 1 + n % 5, 'reported', '2025-01-01', ST_SetSRID(ST_MakePoint(n / 1000.0, 1), 4326) FROM generate_series(1, 10000) AS n
            """);
        var points = await new IssuePointStore(_data.Database).ReadAsync(new IssueFilter { Sources = ["many"] }, default);
        Assert.Equal(10000, points.Count);
        Assert.Equal(Enumerable.Range(1, 10000).Select(n => n / 1000.0), points.LonDegrees);
        var box = await new IssuePointStore(_data.Database).ReadAsync(new IssueFilter { Sources = ["many"], Boxes = [new Envelope(2, 2.5, 0, 2)] }, default);
        Assert.Equal(501, box.Count);
    }

    [Fact]
    public void Filters_that_differ_in_any_member_have_different_keys()
    {
        var time = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        IssueFilter[] filters =
        [
            IssueFilter.All, new() { Boxes = [new(1, 2, 3, 4)] }, new() { Boxes = [new(1, 2, 3, 5)] }, new() { ReportedFrom = time }, new() { ReportedBefore = time }, new() { ReportedFrom = time.AddMicroseconds(1) },
            new() { Wards = ["a"] }, new() { Wards = ["a", "b"] }, new() { Wards = ["ab"] }, new() { Wards = ["a\tb"] }, new() { Wards = ["a\n1 1:b"] }, new() { Categories = ["a"] }, new() { Statuses = ["closed"] }, new() { SeverityFrom = 3 }, new() { SeverityTo = 3 },
            new() { Overdue = true }, new() { Overdue = false }, new() { Relapse = true }, new() { Relapse = false }, new() { Rounds = ["a"] }, new() { Sources = ["a"] }, new() { Departments = ["a"] },
            new() { Near = (1, 2, 3) }, new() { Text = "a" }, new() { IncludeDefaultPoints = false },
        ];
        Assert.Equal(filters.Length, filters.Select(IssuePointStore.KeyOf).Distinct().Count());
        Assert.Equal(IssuePointStore.KeyOf(new IssueFilter { Wards = ["a"], Text = "b" }), IssuePointStore.KeyOf(new IssueFilter { Text = "b", Wards = ["a"] }));
    }
}
