using GeoSanitation.Store.Checks;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Store.Tests.Checks;

public sealed class DatabaseChecksTests
{
    private const string County = """
        INSERT INTO geosan.ward (code, name, level, parent_id, path, responsible, geom)
        SELECT 'county', 'County', 'county', NULL, 'county', NULL, ST_Multi(ST_MakeEnvelope(114, 30, 114.1, 30.1, 4326));
        INSERT INTO geosan.ward (code, name, level, parent_id, path, responsible, geom)
        SELECT v.code, v.code, 'town', w.id, ('county.' || v.code)::ltree, v.responsible, ST_Multi(ST_MakeEnvelope(v.west, 30, v.west + 0.05, 30.1, 4326))
        FROM geosan.ward AS w, (VALUES ('west', 114.0, NULL), ('east', 114.06, 'East Town')) AS v(code, west, responsible);
        INSERT INTO geosan.category (code, parent_code, name) VALUES ('waste', NULL, 'Waste'), ('bins', 'waste', 'Bins'), ('litter', 'waste', 'Litter');
        """;

    [Fact]
    public async Task A_ward_that_reaches_out_of_its_parent_is_found()
    {
        await using var data = await TestDatabase.CreateAsync();
        await data.ExecuteAsync(County);

        var outside = Assert.Single(await new DatabaseChecks(data.Database).WardsOutsideParentAsync(CancellationToken.None));
        Assert.Equal(("east", "county"), (outside.WardCode, outside.ParentCode));
        // A hundredth by a tenth of a degree at 30 degrees north: 0.964 km by 11.085 km.
        Assert.InRange(outside.OutsideSquareMeters, 10.6e6, 10.8e6);
    }

    [Fact]
    public async Task A_category_that_nobody_answers_for_is_found_per_ward()
    {
        await using var data = await TestDatabase.CreateAsync();
        await data.ExecuteAsync(County);
        var checks = new DatabaseChecks(data.Database);
        Assert.Equal([new ResponsibilityGap("west", "west", 2)], await checks.ResponsibilityGapsAsync(CancellationToken.None));

        await data.ExecuteAsync("INSERT INTO geosan.responsibility (ward_code, category_code, body) VALUES ('county', 'bins', 'Cleaning office'), ('east', NULL, 'East Town')");
        Assert.Equal([new ResponsibilityGap("west", "west", 1)], await checks.ResponsibilityGapsAsync(CancellationToken.None));

        await data.ExecuteAsync("INSERT INTO geosan.responsibility (category_code, body, valid_to) VALUES ('waste', 'Last year''s office', '2020-01-01')");
        Assert.Single(await checks.ResponsibilityGapsAsync(CancellationToken.None));

        await data.ExecuteAsync("INSERT INTO geosan.responsibility (category_code, body) VALUES ('waste', 'Cleaning office')");
        Assert.Empty(await checks.ResponsibilityGapsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Two_bodies_for_the_same_ward_category_and_time_are_found()
    {
        await using var data = await TestDatabase.CreateAsync();
        await data.ExecuteAsync(County);
        await data.ExecuteAsync("""
            INSERT INTO geosan.responsibility (ward_code, category_code, body, valid_from, valid_to) VALUES
                ('west', 'bins', 'A', '2024-01-01', '2025-01-01'),
                ('west', 'bins', 'B', '2025-01-01', NULL),
                (NULL, 'litter', 'A', '2024-01-01', NULL),
                (NULL, 'litter', 'C', '2024-06-01', NULL)
            """);

        Assert.Equal([new ResponsibilityOverlap(null, "litter", "A", "C")], await new DatabaseChecks(data.Database).ResponsibilityOverlapsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Counts_are_of_what_is_valid_now()
    {
        await using var data = await TestDatabase.CreateAsync();
        await data.ExecuteAsync(County);
        await data.ExecuteAsync("UPDATE geosan.ward SET valid_from = '2020-01-01', valid_to = '2021-01-01' WHERE code = 'west'");

        Assert.Equal(new DataCounts(2, 0, 0, 3), await new DatabaseChecks(data.Database).CountsAsync(CancellationToken.None));
    }
}
