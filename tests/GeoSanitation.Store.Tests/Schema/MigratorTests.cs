using GeoSanitation.Store.Schema;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Store.Tests.Schema;

public sealed class MigratorTests
{
    [Fact]
    public async Task An_empty_database_gets_every_migration_once()
    {
        await using var empty = await TestDatabase.CreateEmptyAsync();
        var pending = await Migrator.PendingAsync(empty.Database, CancellationToken.None);

        var applied = await Migrator.MigrateAsync(empty.Database, CancellationToken.None);
        var again = await Migrator.MigrateAsync(empty.Database, CancellationToken.None);

        Assert.Equal("0001_wards.sql", applied[0]);
        Assert.Equal(pending, applied);
        Assert.Empty(again);
        Assert.Equal(applied.Count, await empty.ScalarAsync<long>("SELECT count(*) FROM geosan.migration"));
    }

    [Fact]
    public async Task Servers_that_start_together_migrate_one_after_the_other()
    {
        await using var empty = await TestDatabase.CreateEmptyAsync();
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrator.MigrateAsync(empty.Database, CancellationToken.None)));

        Assert.Single(runs, applied => applied.Count > 0);
        Assert.Equal(3, runs.Count(applied => applied.Count == 0));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("INSERT INTO geosan.migration (name) VALUES ('9999_from_the_future.sql')");

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => Migrator.MigrateAsync(database.Database, CancellationToken.None));

        Assert.Contains("9999_from_the_future.sql", refusal.Message);
    }
}
