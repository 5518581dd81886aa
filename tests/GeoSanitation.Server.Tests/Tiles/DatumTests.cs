using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Tiles;

/// <summary>Tiles that lie on domestic base maps of mainland China.</summary>
public sealed class DatumTests(TileServer shared) : IClassFixture<TileServer>
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task An_issue_stands_where_GCJ02_has_it()
    {
        var (lon, lat) = Gcj02.FromWgs84(new LonLat(120.123456, 30.301234));
        var (x, y) = WebMercator.FromLonLat(lon, lat);
        var (column, row) = ((int)(x * (1 << 16)), (int)(y * (1 << 16)));
        var tile = MvtReader.Read(await _server.Client.GetByteArrayAsync($"/tiles/issues/16/{column}/{row}.mvt?crs=GCJ02")).Single();
        var issue = tile.Features.Single(f => f.Id == 300);
        Assert.Equal(((int)Math.Round(x * (1 << 28)) - 4096 * column, (int)Math.Round(y * (1 << 28)) - 4096 * row), issue.Point);
        // 500 m away, in another tile.
        var (plainX, plainY) = WebMercator.FromLonLat(120.123456, 30.301234);
        Assert.NotEqual(((int)(plainX * (1 << 16)), (int)(plainY * (1 << 16))), (column, row));
    }

    [Fact]
    public async Task A_ward_is_shifted_corner_by_corner()
    {
        var (x, y) = WebMercator.FromLonLat(120.1, 30.3);
        var (column, row) = ((int)(x * 1024), (int)(y * 1024));
        var path = $"/tiles/wards/10/{column}/{row}.mvt";
        var plain = Corner(await _server.Client.GetByteArrayAsync(path));
        var shifted = Corner(await _server.Client.GetByteArrayAsync(path + "?crs=GCJ02"));
        var (lon, lat) = Gcj02.FromWgs84(new LonLat(120.0, 30.4));
        var (westX, northY) = WebMercator.FromLonLat(lon, lat);
        // The grid of a low zoom has steps of 4 units.
        Assert.Equal(westX * 1024 * 4096 - 4096.0 * column, shifted.X, 4.0);
        Assert.Equal(northY * 1024 * 4096 - 4096.0 * row, shifted.Y, 4.0);
        Assert.NotEqual(plain, shifted);

        static (int X, int Y) Corner(byte[] tile)
        {
            var ring = MvtReader.Read(tile)[0].Features.Single(f => (string)f.Tags["code"] == "west").Parts[0];
            return (ring.Min(p => p.X), ring.Min(p => p.Y));
        }
    }

    [Fact]
    public async Task TileJson_passes_it_on_with_the_box_it_belongs_to()
    {
        var plain = await _server.Client.GetFromJsonAsync<JsonElement>("/tiles/heatmap.json?palette=viridis");
        var shifted = await _server.Client.GetFromJsonAsync<JsonElement>("/tiles/heatmap.json?palette=viridis&crs=GCJ02");
        Assert.EndsWith(".png?palette=viridis&crs=GCJ02", shifted.GetProperty("tiles")[0].GetString());
        var (before, after) = (plain.GetProperty("bounds")[0].GetDouble(), shifted.GetProperty("bounds")[0].GetDouble());
        // About half a hundredth of a degree to the east here.
        Assert.InRange(after - before, 0.003, 0.007);
        var wards = await _server.Client.GetFromJsonAsync<JsonElement>("/tiles/wards.json?crs=GCJ02");
        Assert.InRange(wards.GetProperty("bounds")[0].GetDouble() - 120, 0.003, 0.007);
    }
}
