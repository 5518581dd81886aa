using GeoSanitation.Store.Tiles;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Store.Tests.Tiles;

public sealed class WardOutlineStoreTests
{
    [Fact]
    public async Task Wards_are_read_again_only_when_one_of_them_has_changed()
    {
        await using var data = await TestDatabase.CreateAsync();
        await data.ExecuteAsync("""
            INSERT INTO geosan.ward (code, name, level, path, valid_from, geom)
            VALUES ('b', '乙', 'town', 'b', '2020-01-01', ST_Multi(ST_MakeEnvelope(0, 0, 1, 1, 4326))), ('a', '甲', 'town', 'a', '2020-01-01', ST_Multi(ST_MakeEnvelope(1, 0, 2, 1, 4326)))
            """);
        var store = new WardOutlineStore(data.Database);
        var first = await store.ReadAsync(null, default);
        Assert.Equal(["a", "b"], first.Wards.Select(w => w.Code));
        Assert.All(first.Wards, w => Assert.Equal(1, w.Geometry!.Area, 1e-9));

        await data.ExecuteAsync("INSERT INTO geosan.category (code, name) VALUES ('c', 'c')");
        Assert.Same(first, await store.ReadAsync(first, default));

        await data.ExecuteAsync("UPDATE geosan.ward SET name = '丙' WHERE code = 'b'");
        var renamed = await store.ReadAsync(first, default);
        Assert.Equal("丙", renamed.Wards[1].Name);

        await data.ExecuteAsync("UPDATE geosan.ward SET valid_to = now() WHERE code = 'a'");
        var closed = await store.ReadAsync(renamed, default);
        Assert.Null(closed.Wards[0].Geometry);
        Assert.NotNull(closed.Wards[1].Geometry);
    }
}
